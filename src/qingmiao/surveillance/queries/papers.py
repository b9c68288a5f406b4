"""Reads of village doctors' papers: expected against received, and the year's archive of a village."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qingmiao.law.months import month_before
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.models import PaperReminder, VillagePaper
from qingmiao.surveillance.papers import Standing, forms, standing


@dataclass(frozen=True)
class Cell:
    """One form of one village for one month."""

    form: str
    month: date
    standing: Standing
    paper: VillagePaper | None


@dataclass(frozen=True)
class Row:
    """A village, or a form of its year, with its cells."""

    village: Organisation
    cells: tuple[Cell, ...]
    reminders: tuple[PaperReminder, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The forms that should be here and are not."""
        return [cell.form for cell in self.cells if cell.standing is Standing.MISSING]


def villages_of(by: Actor, permission: str = "surveillance.see_papers") -> list[Organisation]:
    """The villages whose papers `by` sees."""
    kinds = (Organisation.Kind.COMMUNITY,)
    return list(by.visible(permission, Organisation).filter(kind__in=kinds, closed_on=None).order_by("path"))


def month_of(villages: list[Organisation], month: date, now: datetime) -> list[Row]:
    """Each village with every form of that month."""
    papers = VillagePaper.objects.filter(village__in=villages, month=month)
    found = {(paper.village_id, paper.form): paper for paper in papers}
    reminded: dict[int, list[PaperReminder]] = {}
    for reminder in PaperReminder.objects.filter(village__in=villages, month=month).order_by("at"):
        reminded.setdefault(reminder.village_id, []).append(reminder)
    return [
        Row(
            village,
            tuple(_cell(form, month, found.get((village.pk, form)), now) for form in forms()),
            tuple(reminded.get(village.pk, ())),
        )
        for village in villages
    ]


def year_of(village: Organisation, year: int, now: datetime) -> dict[str, list[Cell]]:
    """Every form of a village with the twelve months of a year."""
    papers = VillagePaper.objects.filter(village=village, month__year=year)
    found = {(paper.form, paper.month): paper for paper in papers}
    months = [date(year, month, 1) for month in range(1, 13)]
    return {form: [_cell(form, month, found.get((form, month)), now) for month in months] for form in forms()}


def _cell(form: str, month: date, paper: VillagePaper | None, now: datetime) -> Cell:
    return Cell(form, month, standing(month, paper.received_at if paper else None, now), paper)


def villages_behind(by: Actor, now: datetime, today: date) -> int:
    """How many villages lack a paper of the last month after its day, for whoever reminds them."""
    villages = villages_of(by, "surveillance.remind_village")
    return sum(bool(row.missing) for row in month_of(villages, month_before(today), now))
