"""Reads of the archive: what is there, wherever it was made; what is missing; where a word stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from qingmiao.archive.kinds import Kind, Period, ended, kinds, periods
from qingmiao.archive.made import made
from qingmiao.archive.models import Document
from qingmiao.staff.access import Actor, below
from qingmiao.staff.models import Organisation

MOST = 200


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
        if one.is_whole:
            days[one.kind, one.organisation.pk].append(one.day)
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
