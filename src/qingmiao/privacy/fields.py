"""The model field of a sealed number."""

from __future__ import annotations

from typing import Any

from django.db import models

from qingmiao.privacy.sealing import Sealed


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Stored encrypted; in Python a `Sealed`. Give it text or a `Sealed`; it never gives text back by itself."""

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def to_python(self, value: Any) -> Any:
        return Sealed.of(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = Sealed.of(value)
        return value.content if isinstance(value, Sealed) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared)
