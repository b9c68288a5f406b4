"""The figures that a summary may use: each says where it comes from, and using it enters it into the annex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qingmiao.reports.bulletin import Bulletin, Line, bulletin_of
from qingmiao.reports.language import sentences
from qingmiao.reports.models import Snapshot, SnapshotMember
from qingmiao.reports.queries.frozen import first_doses_by_day, share_of_position

OWNERS = ("业主", "负责人", "法人", "owner")  # positions, as ledgers write them
State = SnapshotMember.State


@dataclass(frozen=True)
class Figure:
    """A value as printed (or the rows of a table), what it is, and by which query it was taken."""

    value: Any
    title: str | Promise
    query: str

    @property
    def printed(self) -> str:
        return self.value if isinstance(self.value, str) else _("table of {rows} rows").format(rows=len(self.value))


class Figures(Mapping[str, Any]):
    """Figures of one snapshot by name. `cited` are the names that were used, in the order of their first use."""

    def __init__(self, snapshot: Snapshot, figures: Mapping[str, Figure]) -> None:
        self.snapshot, self._figures = snapshot, figures
        self.cited: list[str] = []

    def __getitem__(self, name: str) -> Any:
        value = self._figures[name].value
        if name not in self.cited:
            self.cited.append(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def annex(self) -> Iterator[dict[str, Any]]:
        """A row for each figure used so far."""
        for number, name in enumerate(self.cited, 1):
            figure = self._figures[name]
            yield {
                "number": number,
                "field": name,
                "title": str(figure.title),
                "value": figure.printed,
                "rule": figure.query,
                "range": f"{self.snapshot.organisation_name}\n{self.snapshot.on.isoformat()}",
                "snapshot": self.snapshot.pk,
                "moment": timezone.localtime(self.snapshot.taken_at).strftime("%Y-%m-%d %H:%M"),
            }


def long_day(day: date) -> str:
    """2021年4月9日."""
    return str(date_format(day, "DATE_FORMAT"))


def long_moment(moment: datetime) -> str:
    """2021年4月9日18:00."""
    local = timezone.localtime(moment)
    return sentences([long_day(local.date()), f"{local:%H:%M}"])


def figures_of(snapshot: Snapshot, bulletin: Bulletin | None = None) -> Figures:
    """All figures that a summary made from `snapshot` may use."""
    bulletin = bulletin or bulletin_of(snapshot)
    rule, total = snapshot.rule, bulletin.total
    # Not inside the braces of an f-string: the search for strings to translate does not look there.
    denominator, numerator = _("denominator"), _("numerator")
    below, above = f"{rule} {denominator}", f"{rule} {numerator}"
    owners_are = _("owners")
    units = [line for line in bulletin.lines if line.part is not None]
    days = [row.day for row in first_doses_by_day(snapshot)]
    owners = share_of_position(snapshot, OWNERS)
    site, count, lists = "clinic.batches-1", "campaign.head_count-1", "registry.checked_lists-1"
    found = {
        "of": Figure(str(total.now.of), _("People on the ledger"), below),
        "done": Figure(str(total.now.done), _("Vaccinated"), above),
        "open": Figure(str(total.now.open), _("Still open"), rule),
        "rate": Figure(total.rate, _("Vaccination rate"), rule),
        "added": Figure(total.added, _("More than the day before"), rule),
        "several": Figure(str(bulletin.in_several_units), _("People of several units"), below),
        "units_with_people": Figure(str(sum(1 for line in units if line.now.of)), _("Units with people"), below),
        "units": Figure(str(len(units)), _("Units that were to declare"), count),
        "units_declared": Figure(
            str(sum(1 for line in units if line.declared is not None)), _("Units that declared"), count
        ),
        "declared": Figure("—" if total.declared is None else str(total.declared), _("People declared"), count),
        "owners": Figure(str(owners.of), _("Owners on the ledger"), f"{below} · {owners_are}"),
        "owners_done": Figure(str(owners.done), _("Owners vaccinated"), f"{above} · {owners_are}"),
        "owners_rate": Figure(owners.text(), _("Rate of owners"), f"{rule} · {owners_are}"),
        "days": Figure(str((snapshot.on - days[0]).days + 1 if days else 0), _("Days since the first dose"), above),
        "deferred": Figure(str(bulletin.obstacles_in(State.DEFERRED)), _("Deferred"), "clinic.last_visit-1"),
        "contraindicated": Figure(
            str(bulletin.obstacles_in(State.CONTRAINDICATED)), _("Contraindicated"), "clinic.last_visit-1"
        ),
        "refused": Figure(str(bulletin.obstacles_in(State.REFUSED)), _("Refused"), "clinic.last_visit-1"),
        "batches": Figure(str(snapshot.also.get("batches", 0)), _("Batches led to the site"), site),
        "batch_people": Figure(str(snapshot.also.get("batch_people", 0)), _("People who came in batches"), site),
        "bulletins": Figure(str(bulletin.number), _("Days with frozen figures"), "reports.snapshots-1"),
        "listed": Figure(str(bulletin.check.listed), _("Rows on lists of the vaccinated"), lists),
        "matched": Figure(str(bulletin.check.matched), _("Rows that agree with the ledger"), lists),
        "differences": Figure(str(sum(bulletin.check.counts.values())), _("Rows on the difference list"), lists),
        "register": Figure([_register_row(n, line) for n, line in _by_size(units)], _("Head-count by unit"), count),
        "progress": Figure([_progress_row(line) for line in units if line.now.of], _("Progress by unit"), rule),
    }
    return Figures(snapshot, found)


def _by_size(lines: list[Line]) -> Iterator[tuple[int, Line]]:
    return enumerate(sorted(lines, key=lambda line: -line.now.of), 1)


def _register_row(number: int, line: Line) -> dict[str, str]:
    part = line.part
    asked = part is not None and part.snapshot.also.get("head_count")
    said = (
        part.declared_on.isoformat() if part is not None and part.declared_on else _("not declared") if asked else "—"
    )
    return {
        "number": str(number),
        "name": line.name,
        "declared": "—" if line.declared is None else str(line.declared),
        "of": str(line.now.of),
        "difference": "—" if line.difference is None else f"{line.difference:+}" if line.difference else "0",
        "declared_on": said,
    }


def _progress_row(line: Line) -> dict[str, str]:
    return {
        "place": "—" if line.placed.place is None else str(line.placed.place),
        "name": line.name,
        "of": str(line.now.of),
        "done": str(line.now.done),
        "open": str(line.now.open),
        "rate": line.rate,
        "added": line.added,
    }
