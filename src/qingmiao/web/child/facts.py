"""What is known of a child's health: the form that asks for it, and the words in which the page says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qingmiao.web.child.forms import SentForm, day_field
from qingmiao.web.child.words import series_order, series_title

HBSAG = {"neg": gettext_lazy("negative"), "pos": gettext_lazy("positive"), "unknown": gettext_lazy("not known")}
PPD = {"neg": gettext_lazy("negative"), "pos": gettext_lazy("positive"), "none": gettext_lazy("not done")}
HIV = {
    "uninfected": gettext_lazy("mother infected, child not infected"),
    "unknown": gettext_lazy("mother infected, child not known"),
    "infected_asymptomatic": gettext_lazy("infected, no symptoms"),
    "infected_symptomatic": gettext_lazy("infected, with symptoms"),
}
RESPONSE = {
    "responder": gettext_lazy("antibodies formed"),
    "non_responder": gettext_lazy("no antibodies (anti-HBs below 10 mIU/mL)"),
}
REGIMEN = {"5-dose": gettext_lazy("five doses"), "2-1-1": "2-1-1"}
EARLIER_COURSE = {
    "none": pgettext_lazy("course", "none"),
    "within_3_months": gettext_lazy("within three months"),
    "longer_ago": gettext_lazy("three months ago or longer"),
}
WOUND = {
    "clean": pgettext_lazy("wound", "clean"),
    "unclean": pgettext_lazy("wound", "unclean"),
    "contaminated": pgettext_lazy("wound", "contaminated"),
}
KEY_GROUPS = {
    "HFRS": gettext_lazy("haemorrhagic fever with renal syndrome"),
    "Anthrax": gettext_lazy("anthrax"),
    "Leptospirosis": gettext_lazy("leptospirosis"),
}


IN_RED = ("allergies", "anaphylaxis_after")
ALWAYS = ("allergies", "conditions", "mother_hbsag", "birth_weight_g", "gestation_weeks")
FOLDED = (
    (gettext_lazy("Severe allergic reaction after"), ("anaphylaxis_after",)),
    (
        gettext_lazy("Immunity and pregnancy"),
        ("immunodeficient", "hiv", "hiv_evaluated", "pregnant", "ig_date", "ppd", "bcg_scar", "hepb_response"),
    ),
    (gettext_lazy("Residence, travel, key groups"), ("province", "je_travel", "key_groups")),
    (
        gettext_lazy("Bites and wounds"),
        ("rabies_exposure_date", "rabies_regimen", "rabies_earlier_course", "wound_date", "wound_class"),
    ),
    (gettext_lazy("COVID-19"), ("covid_infection_date", "covid_high_risk")),
)
"""What is asked seldom, by subject; a subject of which something is known stands open."""


class WordsField(forms.CharField):
    """Words with commas between them; None without any."""

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in re.split("[，、,]", value or "")]
        return [word for word in words if word] or None

    def prepare_value(self, value: Any) -> Any:
        return "，".join(value) if isinstance(value, list) else value


def _one_of(label: Any, words: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *words.items()])


def _some_of(label: Any, words: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, choices=words, widget=forms.CheckboxSelectMultiple)


def _flag(label: Any) -> forms.NullBooleanField:
    return forms.NullBooleanField(label=label, required=False)


def _series() -> list[tuple[str, str]]:
    return [(series, series_title(series)) for series in series_order()]


class FactsForm(SentForm):
    """What is known of a child's health, as far as vaccines hang on it. An empty field says nothing."""

    allergies = WordsField(
        label=gettext_lazy("Allergies"),
        required=False,
        help_text=gettext_lazy("Several: put a comma between them. Shown in red wherever the child is shown."),
    )
    conditions = WordsField(label=gettext_lazy("Illnesses and notes"), required=False)
    mother_hbsag = _one_of(gettext_lazy("Mother's HBsAg"), HBSAG)
    birth_weight_g = forms.IntegerField(
        label=gettext_lazy("Birth weight (g)"), min_value=200, max_value=9000, required=False
    )
    gestation_weeks = forms.IntegerField(
        label=gettext_lazy("Weeks of gestation"), min_value=20, max_value=45, required=False
    )
    ppd = _one_of("PPD", PPD)
    bcg_scar = _flag(gettext_lazy("BCG scar"))
    ig_date = day_field(gettext_lazy("Immunoglobulin or blood product on"), required=False)
    immunodeficient = _flag(gettext_lazy("Immunodeficiency"))
    hiv = _one_of("HIV", HIV)
    hiv_evaluated = _flag(gettext_lazy("Evaluated by a doctor because of HIV exposure"))
    pregnant = _flag(gettext_lazy("Pregnant"))
    hepb_response = _one_of(gettext_lazy("Antibodies after hepatitis B vaccine"), RESPONSE)
    province = forms.CharField(label=gettext_lazy("Province of residence"), required=False)
    je_travel = _flag(gettext_lazy("Moves or travels to where Japanese encephalitis occurs"))
    covid_infection_date = day_field(gettext_lazy("COVID-19 infection on"), required=False)
    covid_high_risk = _flag(gettext_lazy("High risk of COVID-19"))
    rabies_exposure_date = day_field(gettext_lazy("Bitten or scratched (rabies) on"), required=False)
    rabies_regimen = _one_of(gettext_lazy("Rabies regimen"), REGIMEN)
    rabies_earlier_course = _one_of(gettext_lazy("Earlier full course of rabies vaccine"), EARLIER_COURSE)
    wound_date = day_field(gettext_lazy("Wound on"), required=False)
    wound_class = _one_of(gettext_lazy("The wound is"), WOUND)
    anaphylaxis_after = _some_of(gettext_lazy("Severe allergic reaction after"), _series)
    key_groups = _some_of(gettext_lazy("Key group for"), list(KEY_GROUPS.items()))

    def __init__(self, request: HttpRequest, known: dict[str, Any]) -> None:
        fields = self.base_fields
        super().__init__(request, **{code: _typed(fields[code], known[code]) for code in known if code in fields})
        for code, field in self.fields.items():
            if isinstance(field, forms.MultipleChoiceField):  # a word of another system is kept
                unlisted = {word: word for word in known.get(code, ())}
                field.choices = list((unlisted | _choices(field)).items())

    def always(self) -> list[forms.BoundField]:
        """What is asked of every child."""
        return [self[code] for code in ALWAYS]

    def folded(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """Title and questions of what is asked seldom, and whether it stands open."""
        parts = [(title, [self[code] for code in codes]) for title, codes in FOLDED]
        return [(title, fields, any(_is_known(one) or one.errors for one in fields)) for title, fields in parts]

    def stated(self) -> dict[str, Any]:
        """The facts that were changed, as the registry keeps them. What was emptied is left as it was, but for ticks:
        without any the list is empty."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name != "request_id"}
        return {code: _kept(value) for code, value in changed.items() if value not in ("", None)}


def _is_known(question: forms.BoundField) -> bool:
    return question.value() not in (None, "", [])


def _choices(field: Any) -> dict[str, str]:
    """What may be chosen, in words; nothing for a field that is typed."""
    return dict(getattr(field, "choices", ()))


def _typed(field: forms.Field, value: Any) -> Any:
    """A fact as its field compares it with what is sent."""
    return date.fromisoformat(value) if isinstance(field, forms.DateField) else value


def _kept(value: Any) -> Any:
    """What was sent as the registry keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def facts_shown(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is written down about a child in words; allergies apart, which stand in red above."""
    asked = {code: field for code, field in FactsForm.base_fields.items() if code not in IN_RED}
    return [(str(field.label), _said(field, facts[code])) for code, field in asked.items() if code in facts]


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = _choices(field)
    values = value if isinstance(value, list) else [value]
    return "、".join(str(words.get(one, one)) for one in values)
