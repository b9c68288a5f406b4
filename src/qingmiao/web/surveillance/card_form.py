"""The report card as a form: choices from the rule files, faults from the same rules that the action asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qingmiao.staff.models import Organisation
from qingmiao.surveillance.card import FIELDS, Fault, card_rules, codes_of, supplement_fields
from qingmiao.surveillance.diseases import Disease, diseases
from qingmiao.surveillance.words import language, said

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "parent_name": gettext_lazy("Name of a parent"),
    "number": gettext_lazy("Identity number"),
    "no_number_because": gettext_lazy("Why there is no number"),
    "sex": gettext_lazy("Sex"),
    "birth_date": gettext_lazy("Birth date"),
    "age": gettext_lazy("Age, if the birth date is not known"),
    "age_unit": gettext_lazy("Unit of the age"),
    "workplace": gettext_lazy("Work place, or school and class"),
    "phone": gettext_lazy("Phone"),
    "belongs_to": gettext_lazy("The patient belongs to"),
    "area": gettext_lazy("Street, township or village"),
    "address": gettext_lazy("Address down to the door"),
    "occupation": gettext_lazy("Group of people"),
    "disease": gettext_lazy("Disease"),
    "case_kind": gettext_lazy("Kind of case"),
    "acute_kind": gettext_lazy("Acute or chronic"),
    "onset_on": gettext_lazy("Onset (for a carrier: first test or visit)"),
    "diagnosed_at": gettext_lazy("Diagnosed at"),
    "died_on": gettext_lazy("Died on"),
    "department": gettext_lazy("Department"),
    "doctor": gettext_lazy("Doctor"),
    "remark": pgettext_lazy("surveillance", "Remark"),
}
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("The illness"), ("disease", "case_kind", "acute_kind", "onset_on", "diagnosed_at", "died_on")),
    (
        gettext_lazy("The person"),
        ("name", "number", "no_number_because", "sex", "birth_date", "age", "age_unit", "parent_name", "phone"),
    ),
    (gettext_lazy("Where the person lives and works"), ("belongs_to", "area", "address", "occupation", "workplace")),
    (gettext_lazy("Who reports"), ("department", "doctor", "remark")),
)
# What may stay empty, unless the rules ask for it in this case.
OPTIONAL = (
    "no_number_because", "age", "age_unit", "died_on", "department", "remark", "workplace", "parent_name", "acute_kind",
)  # fmt: skip
DAYS = ("birth_date", "onset_on", "died_on")
RADIOS = ("sex", "case_kind", "acute_kind")
CLASSES = {"A": gettext_lazy("Class A"), "B": gettext_lazy("Class B"), "C": gettext_lazy("Class C")}


def places_to_live() -> list[tuple[str, str]]:
    """Streets, townships and villages of this installation, as choices."""
    kinds = (Organisation.Kind.SUBDISTRICT, Organisation.Kind.COMMUNITY)
    rows = Organisation.objects.filter(kind__in=kinds, closed_on=None).order_by("path")
    return [(str(row.pk), row.name) for row in rows]


def _name(disease: Disease) -> str:
    name = disease.name if language() == "zh" else f"{disease.name_en} {disease.name}"
    return f"　{name}" if disease.parent else name


def disease_choices() -> list[tuple[str, Any]]:
    """All diseases and subtypes under their class of the newest list, subtypes behind their disease."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for disease in diseases().values():
        if "event" in disease.classes.values():
            continue
        newest = disease.classes[max(disease.classes)]
        title = str(CLASSES.get(newest, _("Others")))
        if disease.name in card_rules()["needs_subtype"]:
            title_group = groups.setdefault(title, [])
            title_group.append((disease.name, _name(disease) + _(" (choose the subtype)")))
            continue
        groups.setdefault(title, []).append((disease.name, _name(disease)))
    return [("", "—"), *groups.items()]


def _choices(name: str, words: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    said_as = language()
    shown = [
        (code, f"{code} {word[said_as]}" if name == "occupation" else word[said_as]) for code, word in words.items()
    ]
    return shown if name in RADIOS else [("", "—"), *shown]


class CardForm(forms.Form):
    """A card being written. It never refuses: faults are shown at their fields, everything typed is kept."""

    use_required_attribute = False

    def __init__(self, content: Mapping[str, str], faults: Sequence[Fault] = (), *, is_shown: bool = True) -> None:
        super().__init__(data=dict(content), label_suffix="")
        self._faults = faults if is_shown else ()
        asked = {fault.field for fault in faults if fault.code.endswith("missing")}
        for name in FIELDS:
            self.fields[name] = _field(name)
            self.fields[name].required = name not in OPTIONAL or name in asked
        for name, entry in supplement_fields(content).items():
            self.fields[name] = _supplement_field(entry)

    def full_clean(self) -> None:
        """The faults of the rules, and nothing else, are the errors of this form."""
        self._errors = ErrorDict()
        for fault in self._faults:
            if fault.field in self.fields:
                self._errors.setdefault(fault.field, self.error_class(field_id=f"id_{fault.field}")).append(said(fault))

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Titles with their bound fields, the supplement last but one."""
        shown = [(str(title), [self[name] for name in names]) for title, names in PARTS]
        extra = [self[name] for name in self.fields if name.startswith("s_")]
        if extra:
            shown.insert(1, (_("Supplement"), extra))
        return shown


def _field(name: str) -> forms.Field:
    required = name in card_rules()["mandatory"]
    label = LABELS[name]
    if name == "disease":
        return forms.ChoiceField(label=label, required=required, choices=disease_choices())
    if name == "area":
        return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *places_to_live()])
    if name in card_rules()["codes"]:
        choices = _choices(name, codes_of(name))
        widget = forms.RadioSelect if name in RADIOS else forms.Select
        return forms.ChoiceField(label=label, required=required, choices=choices, widget=widget)
    return forms.CharField(label=label, required=required, max_length=200, widget=_input(name))


def _input(name: str) -> forms.Widget:
    if name in DAYS:
        return forms.DateInput(attrs={"type": "date"})
    if name == "diagnosed_at":
        return forms.DateTimeInput(attrs={"type": "datetime-local"})
    if name in ("phone", "age"):
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.TextInput(attrs={"autocomplete": "off"})


def _supplement_field(entry: Mapping[str, Any]) -> forms.Field:
    label = entry[language()]
    if "codes" in entry:
        return forms.ChoiceField(label=label, choices=_choices("", entry["codes"]))
    return forms.CharField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


def typed(post: Mapping[str, str]) -> dict[str, str]:
    """What a sent form says about the card."""
    return {name: value for name, value in post.items() if name in FIELDS or name.startswith("s_")}
