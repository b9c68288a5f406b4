"""Which forms there are, which are due, and what changed since one was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qingmiao.law.months import month_before
from qingmiao.registry.models import Management
from qingmiao.reports.forms.definitions import Definition, definition, definitions
from qingmiao.reports.models import Form
from qingmiao.staff.models import Organisation


@dataclass(frozen=True)
class Expected:
    """A form that a unit owes for a month: with the form itself once it was opened."""

    unit: Organisation
    definition: Definition
    period: date
    form: Form | None

    @property
    def due_on(self) -> date:
        return self.definition.due_on(self.period)

    @property
    def is_sent(self) -> bool:
        return self.form is not None and self.form.state != Form.State.DRAFT

    def is_late(self, today: date) -> bool:
        """Whether the day has passed and nothing was sent."""
        return not self.is_sent and today > self.due_on


def clinics_below(path: str) -> list[Organisation]:
    """Units that owe forms: those that manage children's records."""
    managing = Management.objects.order_by().values("unit").distinct()
    return list(Organisation.objects.filter(pk__in=managing, path__begins=path, closed_on=None).order_by("path"))


def villages_of(clinic: Organisation) -> list[Organisation]:
    """Where the children live whom the clinic manages or managed."""
    homes = Management.objects.filter(unit__path__begins=clinic.path, person__home__isnull=False)
    return list(Organisation.objects.filter(pk__in=homes.values("person__home")).order_by("path"))


def expected(units: Iterable[Organisation], periods: Iterable[date]) -> list[Expected]:
    """Every form of `units` for `periods`, in the order of units, forms and months."""
    units, periods = list(units), list(periods)
    known = {
        (form.unit_id, form.kind, form.period): form for form in Form.objects.filter(unit__in=units, period__in=periods)
    }
    return [
        Expected(unit, one, period, known.get((unit.pk, one.id, period)))
        for unit in units
        for one in definitions().values()
        for period in periods
    ]


def late_forms(path: str, today: date) -> list[Expected]:
    """Forms of the last month that are overdue, of all units below `path`."""
    return [one for one in expected(clinics_below(path), [month_before(today)]) if one.is_late(today)]


def changed_cells(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[dict[str, Any], str, Any, Any]]:
    """Cells that differ between two contents of a form: row, column, before, now."""
    old = {row["key"]: row for row in before["rows"]}
    new = {row["key"]: row for row in now["rows"]}
    return [
        (new.get(key) or old[key], column, _cell(old, key, column), _cell(new, key, column))
        for key in dict.fromkeys([*old, *new])
        for column in dict.fromkeys([*_cells(old, key), *_cells(new, key)])
        if _cell(old, key, column) != _cell(new, key, column)
    ]


def _cells(rows: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    cells: Mapping[str, Any] = rows[key]["cells"] if key in rows else {}
    return cells


def _cell(rows: Mapping[str, Any], key: str, column: str) -> Any:
    return _cells(rows, key).get(column)


def definition_of(form: Form) -> Definition:
    """What the form looks like."""
    return definition(form.kind)
