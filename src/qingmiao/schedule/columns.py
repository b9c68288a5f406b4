"""Everybody as columns: people, doses and facts read straight from the database into Arrow, without rows in between.

Only for the nightly recomputation; pages ask `schedule.queries`. A day is a number of days since 1970-01-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute
from django.db import connection

from qingmiao.engine.china import observations
from qingmiao.registry.models import Fact
from qingmiao.registry.queries.facts import facts_of
from qingmiao.schedule.arrow import read_table
from qingmiao.schedule.major_codes import judged_as

compute: Any = pyarrow.compute
PEOPLE_AT_ONCE = 1 << 15
_DAYS = {
    "sqlite": "CAST(julianday({0}) - 2440587.5 AS INTEGER)",
    "postgresql": "({0} - DATE '1970-01-01')",
}
_MINUTES = {
    "sqlite": "COALESCE(substr({0}, 1, 2) * 60 + substr({0}, 4, 2), -1)",
    "postgresql": "COALESCE((EXTRACT(HOUR FROM {0}) * 60 + EXTRACT(MINUTE FROM {0}))::int, -1)",
}
# Children on record who are here, born between two days.
_WHO = "status = 'present' AND merged_into_id IS NULL AND birth_date > %s AND birth_date <= %s"
# A class of vaccines (two digits) carries the dose number along: what it is judged as may hang on it.
_CODE = (
    "CASE WHEN length(d.product_code) = 2 THEN d.product_code || '#' || COALESCE(d.dose_number, 0)"
    " ELSE d.product_code END"
)
_DOSE: dict[str, Any] = {
    "person_id": pa.int64(),
    "given_on": pa.date32(),
    "vaccine": pa.dictionary(pa.int32(), pa.string()),
}
_STANDING = """d.held = '' AND NOT d.is_void AND d.given_on IS NOT NULL AND d.product_code <> ''
    AND d.id NOT IN (SELECT supersedes_id FROM registry_dose WHERE supersedes_id IS NOT NULL)"""


@dataclass(frozen=True)
class Share:
    """Some people with their doses and facts, as `engine.population.due_table` reads them."""

    people: pa.Table
    doses: pa.Table
    observations: pa.Table


def shares(born_after: date, born_by: date) -> Iterator[Share]:
    """Everybody born in that time, a share at a time, by id."""
    rows = _people(born_after, born_by)
    with_facts = set(Fact.objects.values_list("person_id", flat=True).distinct())
    for start in range(0, len(rows), PEOPLE_AT_ONCE):
        share = rows[start : start + PEOPLE_AT_ONCE]
        ids = [row[0] for row in share]
        doses = _doses(ids[0], ids[-1], born_after, born_by)
        yield Share(_people_table(share), doses, _observations(ids, with_facts))


def _people(born_after: date, born_by: date) -> list[tuple[Any, ...]]:
    columns = f"id, {_sql(_DAYS, 'birth_date')}, {_sql(_MINUTES, 'birth_time')}, sex"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM registry_person WHERE {_WHO} ORDER BY id", [born_after, born_by])  # noqa: S608
        return list(cursor.fetchall())


def _people_table(rows: list[tuple[Any, ...]]) -> pa.Table:
    ids, born, minutes, sexes = zip(*rows, strict=True)
    words = [{"1": "M", "2": "F"}.get(sex, "U") for sex in sexes]
    return pa.table(
        {
            "person_id": pa.array(ids, pa.int64()),
            "born_on": pa.array(born, pa.int32()).cast(pa.date32()),
            "born_minute": pa.array(minutes, pa.int32()),
            "sex": pa.array(words, pa.string()),
        }
    )


def _doses(first: int, last: int, born_after: date, born_by: date) -> pa.Table:
    """Doses that stand of the people with ids from `first` to `last`."""
    rows = (
        f"FROM registry_dose d WHERE d.person_id BETWEEN %s AND %s AND {_STANDING}"  # noqa: S608
        f" AND d.person_id IN (SELECT id FROM registry_person WHERE id BETWEEN %s AND %s AND {_WHO})"
    )
    values = ("d.person_id", "CAST(d.given_on AS text)", _CODE)
    doses: pa.Table = read_table(_DOSE, values, rows, [first, last, first, last, born_after, born_by])
    if not any("#" in str(code) for code in compute.unique(doses["vaccine"]).to_pylist()):
        return doses
    codes: list[Any] = doses["vaccine"].to_pylist()
    days: list[Any] = doses["given_on"].to_pylist()
    products = [code if "#" not in code else _of_class(code, day) for code, day in zip(codes, days, strict=True)]
    return doses.set_column(2, "vaccine", pa.array(products, pa.string()))


@cache
def _of_class(code: str, day: date) -> str:
    """What a dose of a class is judged as on a day."""
    name, _hash, number = code.partition("#")
    return judged_as(name, int(number), day)


def _observations(people: list[int], with_facts: set[int]) -> pa.Table:
    """What is stated of those of whom anything is written down; what to assume of the others the rules know."""
    found = facts_of([pk for pk in people if pk in with_facts])
    stated = [(pk, *one) for pk, facts in found.items() if facts for one in observations(facts)]
    ids, codes, days, values = zip(*stated, strict=True) if stated else ((), (), (), ())
    return pa.table(
        {
            "person_id": pa.array(ids, pa.int64()),
            "code": pa.array(codes, pa.string()),
            "on": pa.array(days, pa.date32()),
            "value": pa.array(values, pa.string()),
        }
    )


def _sql(by_vendor: dict[str, str], column: str) -> str:
    return by_vendor[connection.vendor].format(column)
