"""What other apps make and the archive lists by itself: where it belongs, its day, and the row it is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from qingmiao.campaign.models import Meeting
from qingmiao.law.months import last_of_month
from qingmiao.reports.models import Compilation, Form, Snapshot
from qingmiao.reports.queries.forms import definition_of
from qingmiao.staff.access import Actor, below
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.models import DeathList, MissedAudit, VillagePaper
from qingmiao.surveillance.papers import forms as village_forms
from qingmiao.training.models import Certificate, TrainingSession

# A statutory form's kind, as in rules/forms, and what the archive calls it.
FORMS = {
    "routine_month": "routine_form",
    "class2_month": "class2_form",
    "stock_month": "stock_form",
    "cold_chain_month": "cold_chain_log",
    "aefi_month": "aefi_table",
}


@dataclass(frozen=True)
class Made:
    """A document that Qingmiao makes whenever it is opened. `is_whole`: all that its period owes is there."""

    kind: str
    organisation: Organisation
    day: date
    title: str
    pk: int
    is_whole: bool = True


def _year(field: str, year: int) -> Q:
    return Q(**{f"{field}__gte": date(year, 1, 1), f"{field}__lt": date(year + 1, 1, 1)})


def _meetings(paths: list[str], year: int) -> Iterator[Made]:
    found = Meeting.objects.filter(below("campaign__organisation__path", paths), _year("day", year))
    for one in found.exclude(closed_at=None).select_related("campaign__organisation"):
        place = one.campaign.organisation
        yield Made("minutes", place, one.day, str(one), one.pk)


def _bulletins(paths: list[str], year: int) -> Iterator[Made]:
    found = Snapshot.objects.filter(below("organisation__path", paths), _year("on", year))
    for one in found.select_related("organisation"):
        title = _("Bulletin of {day}").format(day=one.on)
        yield Made("bulletin", one.organisation, one.on, title, one.pk)


def _trainings(paths: list[str], year: int) -> Iterator[Made]:
    found = TrainingSession.objects.filter(below("organisation__path", paths), _year("held_on", year))
    for one in found.select_related("organisation"):
        yield Made("training", one.organisation, one.held_on, one.topic, one.pk)


def _certificates(paths: list[str], year: int) -> Iterator[Made]:
    found = Certificate.objects.filter(below("organisation__path", paths), _year("issued_on", year))
    for one in found.select_related("organisation", "user"):
        title = f"{one.number} {one.user.display_name}"
        yield Made("certificate", one.organisation, one.issued_on, title, one.pk)


def _forms(paths: list[str], year: int) -> Iterator[Made]:
    """Forms that were sent, on the last day of their month; a draft is not a document yet."""
    found = Form.objects.filter(below("unit__path", paths), _year("period", year), kind__in=FORMS)
    for one in found.exclude(state=Form.State.DRAFT).select_related("unit").defer("content"):
        title = f"{definition_of(one).title} {one.period:%Y-%m}"
        yield Made(FORMS[one.kind], one.unit, last_of_month(one.period), title, one.pk)


def _audits(paths: list[str], year: int) -> Iterator[Made]:
    found = MissedAudit.objects.filter(below("place__path", paths), _year("until", year))
    for one in found.exclude(examined_at=None).select_related("place"):
        yield Made("card_audit", one.place, one.until, one.title, one.pk)


def _death_lists(paths: list[str], year: int) -> Iterator[Made]:
    found = DeathList.objects.filter(below("place__path", paths), _year("until", year))
    for one in found.select_related("place").defer("rows"):
        title = f"{one.source} {one.since} – {one.until}"
        yield Made("death_list", one.place, one.until, title, one.pk)


def _village_papers(paths: list[str], year: int) -> Iterator[Made]:
    """A month of a village, whole once every form is there; the row is the village."""
    found = VillagePaper.objects.filter(below("village__path", paths), _year("month", year))
    handed_in = Counter(found.values_list("village_id", "month"))
    villages = Organisation.objects.in_bulk({village for village, _month in handed_in})
    for (village, month), count in handed_in.items():
        title = _("Papers of {month}: {count} of {of}").format(
            month=f"{month:%Y-%m}", count=count, of=len(village_forms())
        )
        day, is_whole = last_of_month(month), count >= len(village_forms())
        yield Made("village_papers", villages[village], day, title, village, is_whole)


def _summaries(paths: list[str], year: int) -> Iterator[Made]:
    """The latest facts of each written report; a year's summary reaches from its first day to its last."""
    found = Compilation.objects.filter(below("organisation__path", paths), _year("until", year))
    seen: set[tuple[int, str, date, date]] = set()
    for one in found.order_by("-taken_at", "-pk").select_related("organisation").defer("facts"):
        if (key := (one.organisation_id, one.kind, one.since, one.until)) in seen:
            continue
        seen.add(key)
        is_whole = one.since <= date(year, 1, 1) and one.until == date(year, 12, 31)
        title = f"{one.get_kind_display()} {one.since} – {one.until}"
        yield Made("summary", one.organisation, one.until, title, one.pk, is_whole)


MAKERS: tuple[Callable[[list[str], int], Iterator[Made]], ...] = (
    _meetings,
    _bulletins,
    _trainings,
    _certificates,
    _forms,
    _audits,
    _death_lists,
    _village_papers,
    _summaries,
)


def made(actor: Actor, year: int) -> list[Made]:
    """What Qingmiao made in a year within the actor's reach, the latest first."""
    paths = actor.paths_for("archive.see")
    found = [one for maker in MAKERS for one in maker(paths, year)]
    return sorted(found, key=lambda one: (one.day, one.pk), reverse=True)
