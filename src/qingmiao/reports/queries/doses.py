"""How many doses were given: by vaccine, day and site, or by vaccine, month and home. Held, void and corrected rows
are not counted.

Each answer is one statement over the kept sums and the notes not yet carried into them, so it is of one moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from django.db import connection
from django.db.models import Q, QuerySet

from qingmiao.law.months import next_month
from qingmiao.registry.models import Dose
from qingmiao.staff.models import Organisation

By = Literal["site_id", "product_code", "day", "month"]
_DAILY = (
    "SELECT site_id, product_code, day, doses FROM reports_sitedoses WHERE day >= %s AND day <= %s"
    " UNION ALL SELECT site_id, product_code, day, doses FROM reports_doselog WHERE day >= %s AND day <= %s"
)
_HOMES = (
    "SELECT home_id, product_code, month, doses FROM reports_homedoses WHERE month >= %s AND month <= %s"
    " UNION ALL SELECT home_id, product_code, {month} AS month, doses FROM reports_doselog"
    " WHERE day >= %s AND day < %s"
)
_MONTH = {"sqlite": "substr(day, 1, 7) || '-01'", "postgresql": "date_trunc('month', day)::date"}
_DAYS = ("day", "month")


def doses_given(
    sites: Iterable[int] | None, since: date, until: date, by: tuple[By, ...] = ("product_code",)
) -> Mapping[tuple[Any, ...], int]:
    """Counted doses given at `sites` (None: anywhere) from `since` to `until`, both included, by the columns of `by`.

    The key has one entry for each of `by`; "month" is its first day. Zero is left out.
    """
    columns = ", ".join(_MONTH[connection.vendor] if column == "month" else column for column in by)
    chosen, parameters = _places("site_id", sites)
    places = ", ".join(str(number + 1) for number in range(len(by)))
    statement = f"SELECT {columns}, SUM(doses) FROM ({_DAILY}) daily WHERE {chosen} GROUP BY {places}"  # noqa: S608 (our columns)
    return _asked(statement, [since, until, since, until, *parameters], by)


def doses_of_homes(
    homes: Iterable[int] | None, since: date, until: date, by: tuple[str, ...] = ("home_id",)
) -> Mapping[tuple[Any, ...], int]:
    """Counted doses, wherever given, that residents of `homes` had in the months from `since` to `until`."""
    first, last = since.replace(day=1), until.replace(day=1)
    chosen, parameters = _places("home_id", homes)
    places = ", ".join(str(number + 1) for number in range(len(by)))
    inner = _HOMES.format(month=_MONTH[connection.vendor])
    statement = f"SELECT {', '.join(by)}, SUM(doses) FROM ({inner}) monthly WHERE {chosen} GROUP BY {places}"  # noqa: S608 (our columns)
    return _asked(statement, [first, last, first, next_month(last), *parameters], by)


def _places(column: str, places: Iterable[int] | None) -> tuple[str, list[int]]:
    if places is None:
        return "1 = 1", []
    ids = list(places)
    return (f"{column} IN ({', '.join(['%s'] * len(ids))})", ids) if ids else ("1 = 0", [])


def _asked(statement: str, parameters: list[Any], by: tuple[str, ...]) -> dict[tuple[Any, ...], int]:
    is_day = [column in _DAYS for column in by]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {
            tuple(_as_day(value) if day else value for value, day in zip(key, is_day, strict=True)): int(doses)
            for *key, doses in cursor.fetchall()
            if doses
        }


def _as_day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def sites_below(organisation: Organisation) -> list[int]:
    """Ids of `organisation` and everything below it: where doses of its sites are booked."""
    below = Organisation.objects.filter(path__begins=organisation.path)
    return list(below.values_list("pk", flat=True))


def doses_behind(sites: Iterable[int] | None, since: date, until: date, codes: Iterable[str] = ()) -> QuerySet[Dose]:
    """The rows that `doses_given` counts, oldest first; `codes` are beginnings of codes; none: every vaccine."""
    rows = Dose.objects.filter(held=Dose.Held.NO, is_void=False, superseded_by=None, given_on__range=(since, until))
    if sites is not None:
        rows = rows.filter(site_id__in=list(sites))
    if chosen := list(codes):
        vaccine = Q(pk__in=[])
        for code in chosen:
            vaccine |= Q(product_code__begins=code)
        rows = rows.filter(vaccine)
    return rows.order_by("given_on", "pk").select_related("person", "site", "lot")
