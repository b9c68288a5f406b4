"""Reads of the archive: what is there, wherever it was made; what is missing; where a word stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qingmiao.archive.kinds import Kind, Period, ended, kinds, periods
from qingmiao.archive.models import Document
from qingmiao.campaign.models import Meeting
from qingmiao.law.months import last_of_month
from qingmiao.reports.models import Form, Snapshot
from qingmiao.reports.queries.forms import definition_of
from qingmiao.staff.access import Actor, below
from qingmiao.staff.models import Organisation
from qingmiao.training.models import Certificate, TrainingSession

MOST = 200
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
    """A document that Qingmiao makes whenever it is opened: where it belongs, and the row it is made from."""

    kind: str
    organisation_id: int
    organisation_name: str
    day: date
    title: str
    pk: int


def _year(field: str, year: int) -> Q:
    return Q(**{f"{field}__gte": date(year, 1, 1), f"{field}__lt": date(year + 1, 1, 1)})


def _meetings(paths: list[str], year: int) -> Iterator[Made]:
    found = Meeting.objects.filter(below("campaign__organisation__path", paths), _year("day", year))
    for one in found.exclude(closed_at=None).select_related("campaign__organisation"):
        place = one.campaign.organisation
        yield Made("minutes", place.pk, place.name, one.day, str(one), one.pk)


def _bulletins(paths: list[str], year: int) -> Iterator[Made]:
    found = Snapshot.objects.filter(below("organisation__path", paths), _year("on", year))
    for one in found.select_related("organisation"):
        title = _("Bulletin of {day}").format(day=one.on)
        yield Made("bulletin", one.organisation_id, one.organisation.name, one.on, title, one.pk)


def _trainings(paths: list[str], year: int) -> Iterator[Made]:
    found = TrainingSession.objects.filter(below("organisation__path", paths), _year("held_on", year))
    for one in found.select_related("organisation"):
        yield Made("training", one.organisation_id, one.organisation.name, one.held_on, one.topic, one.pk)


def _certificates(paths: list[str], year: int) -> Iterator[Made]:
    found = Certificate.objects.filter(below("organisation__path", paths), _year("issued_on", year))
    for one in found.select_related("organisation", "user"):
        title = f"{one.number} {one.user.display_name}"
        yield Made("certificate", one.organisation_id, one.organisation.name, one.issued_on, title, one.pk)


def _forms(paths: list[str], year: int) -> Iterator[Made]:
    """Forms that were sent, on the last day of their month; a draft is not a document yet."""
    found = Form.objects.filter(below("unit__path", paths), _year("period", year), kind__in=FORMS)
    for one in found.exclude(state=Form.State.DRAFT).select_related("unit").defer("content"):
        title = f"{definition_of(one).title} {one.period:%Y-%m}"
        yield Made(FORMS[one.kind], one.unit_id, one.unit.name, last_of_month(one.period), title, one.pk)


MAKERS: tuple[Callable[[list[str], int], Iterator[Made]], ...] = (
    _meetings,
    _bulletins,
    _trainings,
    _certificates,
    _forms,
)


def made(actor: Actor, year: int) -> list[Made]:
    """What Qingmiao made in a year within the actor's reach, the latest first."""
    paths = actor.paths_for("archive.see")
    found = [one for maker in MAKERS for one in maker(paths, year)]
    return sorted(found, key=lambda one: (one.day, one.pk), reverse=True)


def documents(actor: Actor, *, kind: str = "", year: int | None = None) -> QuerySet[Document]:
    """The documents put in that stand (not replaced), within the actor's reach, the latest period first."""
    found = actor.visible("archive.see", Document).filter(replaced_by=None).select_related("organisation")
    if kind:
        found = found.filter(kind=kind)
    if year:
        found = found.filter(first_day__lt=date(year + 1, 1, 1), last_day__gte=date(year, 1, 1))
    return found.defer("text")


def search(actor: Actor, words: str) -> list[Document]:
    """Documents in whose title, note or text every word stands (Chinese needs no blanks), at most `MOST`."""
    found = actor.visible("archive.see", Document).filter(replaced_by=None).select_related("organisation")
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(note__icontains=word) | Q(text__icontains=word))
    return list(found[:MOST]) if words.split() else []


@dataclass(frozen=True)
class Cell:
    """A period of a kind at a unit: how many documents are there, and whether one is missing."""

    period: Period
    count: int
    is_missing: bool


@dataclass(frozen=True)
class Line:
    """What one unit owes of one kind in a year."""

    kind: Kind
    organisation: Organisation
    cells: tuple[Cell, ...]

    @property
    def missing(self) -> int:
        """How many periods that are over have no document."""
        return sum(cell.is_missing for cell in self.cells)


def owed(actor: Actor, year: int, *, today: date) -> list[Line]:
    """What is expected of the units within the actor's reach in a year, with what is there and what is missing."""
    places = Organisation.objects.filter(below("path", actor.paths_for("archive.see"))).exclude(
        closed_on__lt=date(year, 1, 1)
    )
    by_kind: dict[str, list[Organisation]] = defaultdict(list)
    for place in places.order_by("path"):
        by_kind[place.kind].append(place)
    days: dict[tuple[str, int], list[date]] = defaultdict(list)
    for document in documents(actor, year=year).only("kind", "organisation_id", "first_day"):
        days[document.kind, document.organisation_id].append(document.first_day)
    for one in made(actor, year):
        days[one.kind, one.organisation_id].append(one.day)
    return [
        Line(kind, place, tuple(_cells(kind, days[kind.code, place.pk], year, today)))
        for kind in kinds().values()
        for place_kind in kind.of
        for place in by_kind[place_kind]
    ]


def _cells(kind: Kind, days: list[date], year: int, today: date) -> Iterator[Cell]:
    for period in periods(kind.every, year):
        count = sum(period.first <= day <= period.last for day in days)
        yield Cell(period, count, is_missing=not count and ended(period, today))
