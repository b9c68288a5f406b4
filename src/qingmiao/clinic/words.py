"""The words for states, events and findings of the vaccination site."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.clinic.rules import Found, State, Step

STATES: Mapping[State, str | Promise] = {
    State.NAMED: _("Named, not accepted yet"),
    State.BOOKED: _("Booked"),
    State.ARRIVED: _("Arrived"),
    State.INFORMED: _("Informed"),
    State.CONSENTED: _("Signed"),
    State.WITH_DOCTOR: _("Doctor decides"),
    State.SCREENED: _("May be given"),
    State.VACCINATED: _("Vaccinated"),
    State.OBSERVING: _("Under observation"),
    State.LEFT_EARLY: _("Left early"),
    State.REACTION: _("Unwell"),
    State.RELEASED: _("Released"),
    State.DEFERRED: _("Deferred"),
    State.CONTRAINDICATED: _("Contraindicated"),
    State.DECLINED: _("Declined"),
    State.LEFT: _("Left without the dose"),
    State.LEFT_UNOBSERVED: _("Left early, not brought back"),
    State.REFERRED: _("Referred"),
    State.CANCELLED: _("Taken off the list"),
    State.TRANSFERRED: _("Sent on to another place"),
    State.ABSENT: _("Did not come"),
}

STEPS: Mapping[Step, str | Promise] = {
    Step.CONSENT: _("Consent"),
    Step.SCREENING: _("Screening"),
    Step.INJECTION: pgettext_lazy("desk", "Injection"),
}

FINDINGS: Mapping[Found, str | Promise] = {
    Found.NOT_CONSENTED: _("Given without a signed consent"),
    Found.NOT_SCREENED: _("Given without having been cleared by screening"),
    Found.LOT_EXPIRED: _("The lot had expired"),
    Found.LOT_QUARANTINED: _("The lot was quarantined"),
    Found.LOT_RECALLED: _("The lot was recalled"),
    Found.OTHER_PRODUCT: _("Not the vaccine that was ordered"),
    Found.INTERVAL_TOO_SHORT: _("Given too soon after the dose before"),
    Found.COURSE_COMPLETE: _("The course was complete already"),
    Found.SECOND_TODAY: _("Second dose on one day"),
}

SIGNS: Mapping[str, str | Promise] = {
    "dizzy": _("Dizzy, faint"),
    "rash": _("Rash, itching"),
    "swelling": _("Swelling of face or throat"),
    "breathing": _("Trouble breathing"),
    "chest": _("Chest tightness, palpitations"),
    "vomiting": _("Nausea, vomiting"),
    "fever": _("Fever"),
    "pain": _("Pain or swelling of the arm"),
    "other": _("Something else"),
}

BODY_SITES: Mapping[str, str | Promise] = {
    "left_deltoid": _("Left upper arm, deltoid"),
    "right_deltoid": _("Right upper arm, deltoid"),
    "left_thigh": _("Left thigh"),
    "right_thigh": _("Right thigh"),
    "mouth": _("By mouth"),
}
