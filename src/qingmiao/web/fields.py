"""Form fields of ours: a signature drawn with finger, pen or mouse, or typed where a hand cannot draw."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_POINT = re.compile(r"([ML])(\d{1,3}) (\d{1,3})")
_PATH = re.compile(rf"(?:{_POINT.pattern})+")
LONGEST_PATH = 60_000  # characters; a long signature has about 6,000
FEWEST_POINTS = 8
WIDTH, HEIGHT = 600, 200


@dataclass(frozen=True)
class Signature:
    """A signature as kept: `path` draws it as an SVG path in a 600 × 200 space; else `typed` is the full name."""

    path: str = ""
    typed: str = ""


class SignatureWidget(forms.Widget):
    """The signature pad of components/sign.html; the page also loads js/sign.js."""

    template_name = "components/sign.html"

    def __init__(self, signer: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.signer = signer

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Signature:
        return Signature(path=data.get(name, "").strip(), typed=data.get(f"{name}_typed", "").strip())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_typed" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        signed = value if isinstance(value, Signature) else Signature()
        uid = (attrs or {}).get("id", name)
        return {"name": name, "signer": self.signer, "uid": uid, "value": signed.path, "typed": signed.typed}


class SignatureField(forms.Field):
    """Cleans to a `Signature`; refuses a dot, a scribble over the size limit, and anything that is not a path."""

    widget = SignatureWidget
    default_error_messages = {
        "required": _("Not signed yet: sign above the line, or type the full name below."),
        "short": _("This is only a dot. Please sign once more."),
        "path": _("The drawing could not be read. Please sign once more."),
    }

    def clean(self, value: Any) -> Signature:
        signed = value if isinstance(value, Signature) else Signature()
        if signed.path:
            return Signature(path=self._checked(signed.path))
        if not signed.typed and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return Signature(typed=signed.typed[:60])

    def _checked(self, path: str) -> str:
        if len(path) > LONGEST_PATH or not _PATH.fullmatch(path):
            raise ValidationError(self.error_messages["path"], code="path")
        points = [(int(x), int(y)) for _kind, x, y in _POINT.findall(path)]
        if any(x > WIDTH or y > HEIGHT for x, y in points):
            raise ValidationError(self.error_messages["path"], code="path")
        if len(points) < FEWEST_POINTS:
            raise ValidationError(self.error_messages["short"], code="short")
        return path
