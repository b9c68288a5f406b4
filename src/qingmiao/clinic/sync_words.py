"""What a nurse reads about an event that was not carried out: why, and what to do now."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REASONS: dict[str, str | Promise] = {
    "form": _("It cannot be read. Ask what was done, and enter it at its desk."),
    "visit": _("The person is not on the list of this site. Look at another site, or admit them as a walk-in."),
    "not_allowed": _("Whoever sent it has no right to this step. Somebody of that desk signs in on the tablet."),
    "dose_on_record": _("A dose of today is on record already. The same injection, or a second one?"),
    "went_on": _("The person has gone on since, at another desk. Usually nothing is to be done."),
    "too_early": _("The observation was not over at that moment."),
    "too_late": _("The minutes for taking a dose back were over: propose a correction."),
    "not_changeable": _("This was carried out and cannot be changed from the tablet: correct it at its desk."),
    "id_reused": _("The same number came with other content: the first one stands. Tell the technician."),
    "refused": _("It does not fit what is on record now. Look at the person's steps of today."),
    "vaccine": _("No rules are in force for this vaccine here. Tell the head; then it is recorded by hand."),
    "lot": _("The lot is not known here. Receive it first, then record the dose."),
    "desk": _("The desk does not exist any more. Enter it at another desk."),
}

KINDS: dict[str, str | Promise] = {
    "arrive": pgettext_lazy("step", "Reception"),
    "consent": pgettext_lazy("step", "Signature"),
    "screen": pgettext_lazy("step", "Screening"),
    "dose": pgettext_lazy("step", "Injection"),
    "away": _("Went without the dose"),
    "release": pgettext_lazy("step", "Release"),
    "": _("Unreadable"),
}

OUTCOMES: dict[str, str | Promise] = {
    "new": _("carried out"),
    "identical": _("came twice"),
    "updated": _("changed later"),
    "old": _("outdated"),
    "discarded": _("put aside"),
    "invalid": _("unreadable"),
}


def words_of_reason(code: str) -> str | Promise:
    """The sentence for a reason; a part of the content that was wrong says only that."""
    return REASONS.get(code, _("A part of it is missing or wrong. Ask what was done, and enter it at its desk."))
