"""Every model field is classed: it may leave the clinic, or is replaced in any copy that does."""

from __future__ import annotations

import yaml
from django.apps import apps
from django.db import models
from tests.architecture.code import PACKAGE

from qingmiao.privacy.fields import SealedField

CLASSES: dict[str, dict[str, list[str]]] = yaml.safe_load((PACKAGE / "privacy" / "classes.yaml").read_text())


def fields() -> dict[str, list[models.Field]]:
    """The columns of our models, automatic keys left out."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("qingmiao.")]
    return {
        model._meta.label: [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
        for config in ours
        for model in config.get_models()
    }


def test_every_field_has_exactly_one_class():
    classed = sorted(
        f"{label}.{name}" for label, classes in CLASSES.items() for names in classes.values() for name in names
    )
    assert classed == sorted(f"{label}.{field.name}" for label, columns in fields().items() for field in columns)


def test_sealed_numbers_names_and_birth_dates_never_leave():
    may_leave = {f"{label}.{name}" for label, classes in CLASSES.items() for name in classes["may_leave"]}
    sealed = {
        f"{label}.{field.name}"
        for label, columns in fields().items()
        for field in columns
        if isinstance(field, SealedField)
    }
    assert sealed
    assert (
        may_leave & (sealed | {"registry.Person.name", "registry.Person.birth_date", "registry.Person.address"})
        == set()
    )
