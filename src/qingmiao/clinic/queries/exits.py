"""Why people went without the dose, and where a doctor decided otherwise than the rules."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet

from qingmiao.clinic.models import Screening, Visit
from qingmiao.clinic.rules import WITHOUT_DOSE, State
from qingmiao.staff.models import Organisation


def exits_between(
    first: date, last: date, *, site: Organisation | None = None, unit: Organisation | None = None
) -> dict[tuple[State, str], int]:
    """How many people went without the dose from `first` to `last`, by state and code of the reason.

    A code is one of rules/clinic/reasons.yaml, the id of a screening or schedule rule, or "doctor". Of one site, and
    of the people whom a unit (or one below it) had named, if given.
    """
    visits = Visit.objects.filter(session__day__range=(first, last), state__in=WITHOUT_DOSE)
    if site is not None:
        visits = visits.filter(session__site__path__begins=site.path)
    if unit is not None:
        visits = visits.filter(batch__unit__path__begins=unit.path)
    rows = visits.values_list("state", "exit_code").annotate(people=Count("pk")).order_by("state", "exit_code")
    return {(State(state), code): people for state, code, people in rows}


def overrides(screenings: QuerySet[Screening], first: date, last: date) -> QuerySet[Screening]:
    """Of `screenings`, those from `first` to `last` in which a doctor wrote a reason of their own, newest first."""
    chosen = screenings.exclude(override_reason="").filter(visit__session__day__range=(first, last))
    return chosen.select_related("visit__person", "visit__product", "visit__session__site").order_by("-at", "-pk")
