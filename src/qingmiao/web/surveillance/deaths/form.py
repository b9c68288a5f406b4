"""The death certificate as a form: choices from the rule file, faults and questions at their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.surveillance.card import Fault
from qingmiao.surveillance.death import FIELDS, INQUIRY, LINES, rules
from qingmiao.surveillance.words import language, said

LABELS: dict[str, Any] = {
    "name": _("Name"),
    "sex": _("Sex"),
    "ethnicity": _("Ethnic group"),
    "nationality": _("Nationality"),
    "document": _("Kind of document"),
    "number": _("Identity number"),
    "birth_date": _("Birth date"),
    "age": _("Age, if the birth date is not known"),
    "marriage": _("Marital status"),
    "education": _("Education"),
    "status": _("Occupation"),
    "work_unit": _("Last work place"),
    "registered_place": _("Registered at"),
    "living_place": _("Lived at"),
    "family_name": _("Next of kin"),
    "family_phone": _("Phone of the next of kin"),
    "family_address": _("Address of the next of kin"),
    "died_at": _("Died at"),
    "died_where": _("Place of death"),
    "pregnant": _("Pregnant, or within 42 days after"),
    "diagnosed_by": _("Highest unit that diagnosed"),
    "evidence": _("Evidence for the diagnosis"),
    "part2": _("II Other conditions that contributed"),
    "doctor": _("Doctor"),
    "issued_on": pgettext_lazy("surveillance", "Issued on"),
    "underlying_code": _("Underlying cause (ICD-10), if another than proposed"),
    "questions_answered": _("If the chain is right as it stands: why"),
    "inquiry_symptoms": _("Symptoms and signs before death"),
    "inquiry_of": _("Who was asked"),
    "inquiry_relation": _("Relation to the dead"),
    "inquiry_phone": _("Phone of the one asked"),
    "inquirer": pgettext_lazy("surveillance", "Asked by"),
    "inquiry_on": _("Asked on"),
}
PERSON = (
    "name", "sex", "number", "document", "birth_date", "age", "ethnicity", "marriage", "education", "status",
    "work_unit", "registered_place", "living_place", "family_name", "family_phone", "family_address",
)  # fmt: skip
DEATH = ("died_at", "died_where", "pregnant", "diagnosed_by", "evidence", "doctor", "issued_on")


class CertificateForm(forms.Form):
    """A certificate being written: nothing is refused, everything is said."""

    use_required_attribute = False

    def __init__(self, content: Mapping[str, str], faults: Sequence[Fault] = ()) -> None:
        super().__init__(data=dict(content), label_suffix="")
        self._faults = faults
        for name in FIELDS:
            self.fields[name] = _field(name)

    def full_clean(self) -> None:
        """The faults and questions of the rules are the errors of this form."""
        self._errors = ErrorDict()
        for fault in self._faults:
            found = self._errors.setdefault(fault.field, self.error_class(field_id=f"id_{fault.field}"))
            found.append(said(fault))

    def person(self) -> list[Any]:
        return [self[name] for name in PERSON]

    def death(self) -> list[Any]:
        return [self[name] for name in DEATH]

    def inquiry(self) -> list[Any]:
        return [self[name] for name in INQUIRY]

    def chain(self) -> list[dict[str, Any]]:
        """The four lines of part I with their fields."""
        return [
            {"line": line} | {part: self[f"{line}_{part}"] for part in ("text", "code", "interval", "unit")}
            for line in LINES
        ]


def _field(name: str) -> forms.Field:
    line, _underscore, part = name.partition("_")
    if line in LINES and part:
        return _chain_field(line, part)
    label, required = LABELS[name], name in rules()["mandatory"]
    if name in rules()["codes"]:
        choices = [("", "—"), *((code, word[language()]) for code, word in rules()["codes"][name].items())]
        return forms.ChoiceField(label=label, required=required, choices=choices)
    kinds = {"birth_date": "date", "issued_on": "date", "inquiry_on": "date", "died_at": "datetime-local"}
    attributes = {"autocomplete": "off"} | ({"type": kinds[name]} if name in kinds else {})
    return forms.CharField(label=label, required=required, max_length=300, widget=forms.TextInput(attrs=attributes))


def _chain_field(line: str, part: str) -> forms.Field:
    if part == "unit":
        words = rules()["codes"]["interval_unit"]
        choices = [("", "—"), *((code, word[language()]) for code, word in words.items())]
        return forms.ChoiceField(label=_("Unit"), required=False, choices=choices)
    labels: dict[str, Any] = {"text": f"({line})", "code": "ICD-10", "interval": _("How long")}
    sizes = {"text": 28, "code": 7, "interval": 5}
    return forms.CharField(
        label=labels[part], required=(line, part) == ("a", "text"), max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": sizes[part], "list": "causes"} if part == "text"
                              else {"autocomplete": "off", "size": sizes[part]}),
    )  # fmt: skip


def typed(post: Mapping[str, str]) -> dict[str, str]:
    """What a sent form says about the certificate."""
    return {name: value for name, value in post.items() if name in FIELDS}
