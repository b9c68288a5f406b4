"""The words, details and tones of every state a screen can show: wording changes here and in the catalogue only.

A state is shown as word + detail + tone, never as colour alone. Codes are `<what>.<state>`, the words the
domain uses. Details name what they need; a detail whose value is missing is left out, never half filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


class Tone(StrEnum):
    """The five tones; the value is the class that colours a part."""

    GO = "is-go"  # done, may go on
    DUE = "is-due"  # information, due now
    WAIT = "is-wait"  # deferred, warning, nearly over
    STOP = "is-stop"  # stop, overdue, alarm
    LATER = "is-later"  # later, not applicable


class UnknownStatus(LookupError):
    """A screen asked for a state that this file does not list."""


@dataclass(frozen=True)
class Status:
    """One state: its word, its tone, and how its reason is worded (`%(name)s` places)."""

    word: Words
    tone: Tone
    detail: Words = ""


STATUSES: Mapping[str, Status] = {
    # a person on the way through the site
    "visit.expected": Status(_("Expected"), Tone.DUE, _("dose %(dose)s")),
    "visit.early": Status(_("Early"), Tone.LATER, _("%(minutes)s minutes before the batch")),
    "visit.late": Status(_("Late"), Tone.WAIT, _("batch %(batch)s")),
    "visit.not_arrived": Status(_("Not arrived"), Tone.LATER),
    "visit.walk_in": Status(_("Walk-in"), Tone.LATER, _("not on today's list")),
    "visit.named": Status(_("Named"), Tone.LATER, _("list not accepted yet")),
    "visit.cancelled": Status(_("Taken off the list"), Tone.LATER),
    "visit.referred": Status(_("Referred"), Tone.STOP),
    "visit.left_unobserved": Status(_("Left early, not brought back"), Tone.STOP),
    "visit.absent": Status(_("Did not come"), Tone.LATER),
    "visit.transferred": Status(_("Sent on"), Tone.WAIT, _("to %(to)s · %(reason)s")),
    "visit.arrived": Status(_("Arrived"), Tone.GO, _("at %(time)s")),
    "visit.informed": Status(_("Informed"), Tone.GO, _("at %(time)s")),
    "visit.signed": Status(_("Signed"), Tone.GO, _("at %(time)s")),
    "visit.waiting": Status(_("Waiting"), Tone.DUE, _("since %(time)s")),
    "visit.called": Status(_("Called"), Tone.DUE, _("to %(desk)s")),
    "visit.passed": Status(_("Passed over"), Tone.WAIT, _("did not come when called")),
    "visit.vaccinated": Status(_("Vaccinated"), Tone.GO, _("at %(time)s")),
    "visit.observing": Status(_("Under observation"), Tone.LATER, _("until %(time)s")),
    "visit.released": Status(_("Released"), Tone.GO, _("at %(time)s")),
    "visit.left": Status(_("Left without the dose"), Tone.WAIT, "%(reason)s"),
    "visit.declined": Status(_("Declined on site"), Tone.STOP, "%(reason)s"),
    # screening
    "screening.clear": Status(_("May be given"), Tone.GO, _("%(celsius)s ℃")),
    "screening.deferred": Status(_("Deferred"), Tone.WAIT, _("until %(until)s · %(reason)s")),
    "screening.deferred_until": Status(_("Deferred"), Tone.WAIT, _("until %(until)s")),
    "screening.contraindicated": Status(_("Contraindicated"), Tone.STOP, "%(reason)s"),
    "screening.declined": Status(_("Declined"), Tone.STOP, "%(reason)s"),
    "screening.ask_doctor": Status(_("Doctor decides"), Tone.WAIT, "%(reason)s"),
    "screening.open": Status(_("Not screened yet"), Tone.LATER),
    # observation
    "observation.running": Status(_("Under observation"), Tone.LATER, _("seat %(seat)s")),
    "observation.soon": Status(_("Nearly over"), Tone.WAIT, _("seat %(seat)s")),
    "observation.free": Status(_("Free to go"), Tone.GO, _("seat %(seat)s")),
    "observation.left_early": Status(_("Left early"), Tone.STOP, _("%(minutes)s minutes short")),
    "observation.unwell": Status(_("Unwell"), Tone.STOP, "%(reason)s"),
    "observation.released": Status(_("Released"), Tone.GO, _("at %(time)s")),
    # what a person on a ledger still needs
    "ledger.bookable": Status(_("Can be booked"), Tone.DUE, _("dose %(dose)s")),
    "ledger.willing": Status(_("Willing"), Tone.GO),
    "ledger.booked": Status(_("Booked"), Tone.DUE, _("batch %(batch)s")),
    "ledger.not_reached": Status(_("Not reached"), Tone.WAIT, _("%(times)s tries")),
    "ledger.refused": Status(_("Refused"), Tone.STOP, "%(reason)s"),
    "ledger.moved": Status(_("Moved away"), Tone.LATER),
    "ledger.left_unit": Status(_("Left the unit"), Tone.LATER),
    "ledger.first_dose": Status(_("First dose given"), Tone.GO, _("on %(day)s")),
    "ledger.complete": Status(_("Complete"), Tone.GO, _("%(doses)s doses")),
    "ledger.unknown": Status(_("Not known"), Tone.WAIT, _("please ask")),
    # a dose against the schedule
    "dose.valid": Status(_("Valid"), Tone.GO),
    "dose.late": Status(_("Valid"), Tone.WAIT, _("%(by)s late")),
    "dose.invalid": Status(_("Invalid"), Tone.STOP, "%(reason)s"),
    "dose.unknown": Status(_("Not known"), Tone.WAIT, "%(reason)s"),
    "dose.unverified": Status(_("To be verified"), Tone.WAIT, "%(reason)s"),
    "dose.due": Status(_("Due"), Tone.DUE, _("dose %(dose)s")),
    "dose.overdue": Status(_("Overdue"), Tone.STOP, _("was due by %(day)s")),
    "dose.later": Status(_("Later"), Tone.LATER, _("from %(day)s")),
    "dose.not_needed": Status(_("Not needed"), Tone.LATER, "%(reason)s"),
    # rows and files of an import
    "row.new": Status(_("New"), Tone.GO),
    "row.known": Status(_("Already known"), Tone.LATER, _("unchanged")),
    "row.changed": Status(_("Changes"), Tone.DUE, "%(what)s"),
    "row.ask": Status(_("Please decide"), Tone.WAIT, "%(reason)s"),
    "row.problem": Status(_("Problem"), Tone.STOP, "%(reason)s"),
    "row.decided": Status(_("Decided"), Tone.GO, "%(answer)s"),
    "row.twice": Status(_("Same person twice"), Tone.LATER, _("rows %(rows)s")),
    "import.review": Status(_("To be reviewed"), Tone.WAIT, _("%(open)s rows open")),
    "import.written": Status(_("Written"), Tone.GO, _("%(rows)s rows")),
    "import.undone": Status(_("Undone"), Tone.LATER, _("at %(time)s")),
    "import.refused": Status(_("File refused"), Tone.STOP, "%(reason)s"),
    "import.reading": Status(_("Being read"), Tone.DUE),
    # rosters and batches
    "roster.draft": Status(_("Draft"), Tone.LATER, _("cut-off %(time)s")),
    "roster.submitted": Status(_("Submitted"), Tone.DUE, _("at %(time)s")),
    "roster.accepted": Status(_("Accepted"), Tone.GO, _("batch %(batch)s")),
    "roster.returned": Status(_("Sent back"), Tone.STOP, "%(reason)s"),
    "roster.late": Status(_("Late entry"), Tone.WAIT, _("after the cut-off")),
    "batch.on_list": Status(_("On a list"), Tone.DUE, _("for %(day)s")),
    "batch.planned": Status(_("Not called yet"), Tone.LATER),
    "batch.called": Status(_("Called"), Tone.DUE, _("at %(time)s")),
    "batch.complete": Status(_("All here"), Tone.GO),
    "batch.missing": Status(_("Missing"), Tone.WAIT, _("%(people)s people")),
    # next-day check of those vaccinated
    "check.matched": Status(_("Matched"), Tone.GO),
    "check.not_on_ledger": Status(_("Not on the ledger"), Tone.STOP),
    "check.other_number": Status(_("Same name, other number"), Tone.WAIT),
    "check.twice": Status(_("Listed twice"), Tone.WAIT),
    "check.missing": Status(_("Recorded, not on the list"), Tone.WAIT),
    # units and their head-count
    "unit.reported": Status(_("Reported"), Tone.GO, _("at %(time)s")),
    "unit.silent": Status(_("Not reported"), Tone.STOP, _("cut-off %(time)s")),
    "unit.reported_late": Status(_("Reported late"), Tone.WAIT, _("at %(time)s")),
    "unit.differs": Status(_("Differs"), Tone.WAIT, _("declared %(declared)s, found %(found)s")),
    "unit.agrees": Status(_("Agrees"), Tone.GO, _("%(found)s people")),
    # a campaign, its tasks
    "campaign.running": Status(_("Running"), Tone.GO),
    "campaign.closed": Status(pgettext_lazy("campaign", "Closed"), Tone.LATER, _("on %(day)s")),
    "task.open": Status(pgettext_lazy("task", "Open"), Tone.DUE, _("due %(time)s")),
    "task.late": Status(pgettext_lazy("task", "Late"), Tone.STOP, "%(reason)s"),
    "task.reported": Status(_("Reported as done"), Tone.WAIT, _("waits to be accepted")),
    "task.closed": Status(pgettext_lazy("task", "Done"), Tone.GO),
    "task.dropped": Status(_("Dropped"), Tone.LATER),
    # meetings, supervision, publicity, supplies
    "meeting.open": Status(pgettext_lazy("meeting", "Going on"), Tone.DUE, _("since %(time)s")),
    "meeting.closed": Status(pgettext_lazy("meeting", "Closed"), Tone.LATER, _("at %(time)s")),
    "finding.open": Status(pgettext_lazy("finding", "To be put right"), Tone.WAIT, _("due %(time)s")),
    "finding.late": Status(pgettext_lazy("task", "Late"), Tone.STOP, _("due %(time)s")),
    "finding.corrected": Status(_("Put right, to be looked at"), Tone.DUE),
    "finding.closed": Status(pgettext_lazy("finding", "Closed"), Tone.GO),
    "material.waits": Status(_("To be approved"), Tone.WAIT),
    "material.usable": Status(_("Approved"), Tone.GO, _("until %(day)s")),
    "material.expired": Status(_("Expired"), Tone.STOP, _("on %(day)s")),
    "material.withdrawn": Status(pgettext_lazy("material", "Withdrawn"), Tone.LATER),
    "rumour.seen": Status(pgettext_lazy("rumour", "To be answered"), Tone.WAIT, _("until %(time)s")),
    "rumour.late": Status(_("Not answered in time"), Tone.STOP, _("until %(time)s")),
    "rumour.drafted": Status(pgettext_lazy("rumour", "Answer waits for approval"), Tone.DUE, _("until %(time)s")),
    "rumour.answered": Status(pgettext_lazy("rumour", "Answered"), Tone.GO),
    "rumour.closed": Status(pgettext_lazy("rumour", "Closed"), Tone.LATER),
    "need.open": Status(pgettext_lazy("supplies", "Asked for"), Tone.DUE),
    "need.part": Status(_("Partly brought"), Tone.WAIT),
    "need.late": Status(pgettext_lazy("task", "Late"), Tone.STOP),
    "need.brought": Status(_("Brought"), Tone.GO),
    "need.cancelled": Status(_("Taken back"), Tone.LATER),
    # at the door
    "door.done": Status(_("Vaccinated"), Tone.GO),
    "door.not_yet": Status(_("Not yet"), Tone.WAIT),
    "door.elsewhere": Status(_("Says elsewhere"), Tone.WAIT, _("to be verified")),
    "door.moved": Status(_("Moved away"), Tone.LATER),
    "door.contraindicated": Status(_("Contraindicated"), Tone.LATER),
    "door.deferred": Status(_("Deferred"), Tone.WAIT, _("until %(day)s")),
    "door.booked": Status(_("Booked"), Tone.DUE),
    "door.refused": Status(_("Refused"), Tone.STOP, "%(reason)s"),
    "door.willing": Status(_("Willing"), Tone.DUE),
    "door.not_reached": Status(_("Not reached"), Tone.WAIT),
    "door.not_asked": Status(_("Not asked yet"), Tone.WAIT),
    # lots
    "lot.usable": Status(_("Usable"), Tone.GO, _("until %(day)s")),
    "lot.soon": Status(_("Expires soon"), Tone.WAIT, _("on %(day)s")),
    "lot.expired": Status(_("Expired"), Tone.STOP, _("on %(day)s")),
    "lot.quarantined": Status(_("Quarantined"), Tone.STOP, "%(reason)s"),
    "lot.empty": Status(_("Used up"), Tone.LATER),
    # training
    "training.missing": Status(_("No certificate"), Tone.STOP),
    "training.ended": Status(_("Certificate ended"), Tone.STOP, _("on %(until)s")),
    "training.ending": Status(_("Certificate ends soon"), Tone.WAIT, _("on %(until)s")),
    "training.valid": Status(_("Certificate valid"), Tone.GO, _("until %(until)s")),
    # figures
    "figure.live": Status(_("Live"), Tone.DUE, _("at %(time)s")),
    "figure.frozen": Status(pgettext_lazy("figure", "Frozen"), Tone.GO, _("at %(time)s")),
}


def status_of(code: str) -> Status:
    """The status listed under `code`; UnknownStatus when nobody has worded it yet."""
    try:
        return STATUSES[code]
    except KeyError:
        raise UnknownStatus(f"No status {code!r} in web/status.py: word it there first.") from None


def detail_of(status: Status, values: Mapping[str, object]) -> str:
    """The reason in words, or "" when a value it names is missing."""
    text = str(status.detail)
    present = {name: value for name, value in values.items() if value not in (None, "")}
    try:
        return text % present if text else ""
    except KeyError:
        return ""
