"""What is said at the correction desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qingmiao.clinic.models import Correction, FindingDecision
from qingmiao.clinic.queries.corrections import Why
from qingmiao.clinic.rules import Found
from qingmiao.clinic.words import FINDINGS
from qingmiao.engine.reasons import EVALUATION_REASON

WHY_ALIKE: Mapping[Why, str | Promise] = {
    Why.SAME_NAME: _("same name"),
    Why.BORN_TOGETHER: _("same surname and birth date"),
    Why.SAME_PHONE: _("same phone"),
}

# kind -> (what is wrong, what the second person will look at)
KINDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    Correction.Kind.LOT: (_("Wrong lot"), _("Another lot of the same vaccine was given: the vial or box shows it.")),
    Correction.Kind.PRODUCT: (_("Wrong vaccine"), _("Another vaccine was given than the one recorded.")),
    Correction.Kind.DATE: (_("Wrong time"), _("The dose was given at another time or on another day.")),
    Correction.Kind.PERSON: (_("Wrong person"), _("Somebody else had the dose: brother, sister, namesake.")),
    Correction.Kind.VOID: (_("Not given at all"), _("The record was made by mistake; no needle went in.")),
}

FOLLOWS: Mapping[str, tuple[str | Promise, ...]] = {
    Correction.Kind.LOT: (
        _("One dose goes back to the old lot, one leaves the new one."),
        _("The slip says the new lot."),
    ),
    Correction.Kind.PRODUCT: (
        _("One dose goes back to the old lot, one leaves the new one."),
        _("The schedule judges the dose again; a running observation is timed by the new vaccine."),
    ),
    Correction.Kind.DATE: (_("The day's figures and the schedule follow; the slip says the new time."),),
    Correction.Kind.PERSON: (
        _("The dose, its slip and its observation move to the right person."),
        _("The other person stands as here without a dose, and may be vaccinated."),
    ),
    Correction.Kind.VOID: (
        _("The dose goes back to stock and no longer counts anywhere."),
        _("The person stands as here without a dose, and may be vaccinated."),
    ),
}

DECISIONS: Mapping[str, str | Promise] = dict(FindingDecision.Decision.choices)


def finding_word(code: str) -> str:
    """What a finding means: one of the desk's own, or a reason of the schedule."""
    if code in set(Found):
        return str(FINDINGS[Found(code)])
    words = next((words for words in EVALUATION_REASON.values() if words.code == code), None)
    if words is None:
        return str(_("The schedule does not count this dose"))
    return words.zh if (get_language() or "zh").startswith("zh") else words.en


def dose_line(dose: Any) -> str:
    """Vaccine, lot and time of a dose in one line."""
    return " · ".join(part for part in (dose.vaccine, dose.lot_number) if part)
