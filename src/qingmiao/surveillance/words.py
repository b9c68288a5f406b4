"""What stands against a card or certificate, said to whoever fills it in: the fault, and what is allowed."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qingmiao.surveillance.card import Fault

FAULTS: dict[str, str | Promise] = {
    "missing": _("Still missing."),
    "number_missing": _("Type the number of the identity document, or say below why there is none."),
    "age_missing": _("Give the birth date, or else the age."),
    "guardian_missing": _("Up to {age} years the card needs the name of a parent."),
    "school_missing": _("For a child in a nursery or a pupil: which school, which class."),
    "area_missing": _("For somebody of this county: the street or township, or the village."),
    "no_such_code": _("There is no such code: choose one of the list."),
    "phone_format": _("Not a phone number: 11 digits beginning with 1, or area code and number, as 0451-5551234."),
    "day_wrong": _("Not a day up to today, as 2026-11-22."),
    "moment_wrong": _("Not a moment up to now: day and hour are needed."),
    "age_wrong": _("The age is a whole number."),
    "occupation_age": _("At {age} years? This group is for {from} to {to} years."),
    "id_format": _("Not an identity number: 18 characters, the last may be X; or a permit or passport number."),
    "id_checksum": _("One character of the number is wrong: its check character does not fit."),
    "id_precision_lost": _("The last digits of the number are lost. Type it again from the document."),
    "number_other_birth": _("The number says {day}."),
    "number_other_sex": _("The number says the other sex."),
    "no_such_disease": _("There is no such disease on the card: choose one of the list."),
    "not_listed_then": _("On {day} the law did not list this disease."),
    "choose_subtype": _("Choose the subtype: {allowed}"),
    "kind_for_disease": _("For {disease} the card allows: {allowed}"),
    "no_carrier": _("Carriers are not reported for {disease}."),
    "acute_missing": _("For {disease}: acute, chronic or not typed."),
    "before_birth": _("This lies before the birth."),
    "onset_after_diagnosis": _("The onset cannot lie after the diagnosis."),
    "issued_before_death": _("A certificate is not issued before the death."),
    "no_icd10": _("Not a code of ICD-10: a letter and two digits, as I25 or I25.1."),
    "line_skipped": _("A line is left out: fill (a), then (b), (c), (d) without gaps."),
    "interval_order": _(
        "({lower}) {cause} lasted shorter than ({upper}) {effect}. What came first stands lower: is the order right?"
    ),
    "chain_reversed": _(
        "({lower}) {cause} stands as the origin of ({upper}) {effect}. It is a way of dying, not an origin: is the "
        "chain in the wrong order?"
    ),
    "other_sex": _("{cause} ({code}) does not occur in this sex."),
    "other_age": _("{cause} at {age} years? Check cause and age."),
    "external_missing": _("An injury or poisoning needs its external cause: fall, traffic, drowning, self-harm …"),
    "mechanism_only": _("{cause} is only how one dies. Which disease or injury led to it?"),
    "ill_defined": _("{cause} is ill-defined (R). Is a disease known, or an inquiry possible?"),
    "death_wrong": _("The death cannot lie before the onset or after today."),
}


def said(fault: Fault) -> str:
    """The sentence of a fault, in the reader's language."""
    return str(FAULTS[fault.code]).format(**fault.values)


def language() -> str:
    """`zh` or `en`: under which the words of rule files stand."""
    return "en" if (get_language() or "").startswith("en") else "zh"
