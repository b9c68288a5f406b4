"""Who is owed what: every child of a clinic's database recomputed, and one child after a dose.

Children of all ages below 18 with the doses of a working clinic (nine in ten on time, some late, some missing) on a
real SQLite file.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.clinic.figures import Figure, timed
from benchmarks.clinic.rows import large_cache, without_counts, write_rows

GOAL_SECONDS = 10.0
KERNEL = Path(__file__).resolve().parents[2] / "var" / "bench" / "numba"
ON = date(2026, 11, 22)
# code, age in months, of the programme as most of these children lived through it
PLAN = (
    ("0202", 0), ("0101", 0), ("0202", 1), ("0303", 2), ("0303", 3), ("0402", 3), ("0311", 4), ("0402", 4),
    ("0402", 5), ("0202", 6), ("1601", 6), ("1201", 8), ("1801", 8), ("1601", 9), ("0402", 18), ("1201", 18),
    ("1901", 18), ("1801", 24), ("1701", 36), ("0311", 48), ("1701", 72), ("0601", 72),
)  # fmt: skip


def draw(children: int) -> Iterator[tuple[date, list[tuple[str, date]]]]:
    """Birth dates and doses, the same ones in every run."""
    chance = random.Random(20261122)
    for _number in range(children):
        born = ON - timedelta(days=chance.randint(0, 18 * 365))
        plan = ((code, born + timedelta(days=round(months * 30.44) + _late(chance))) for code, months in PLAN)
        yield born, [(code, day) for code, day in plan if day < ON and chance.random() < 0.97]


def _late(chance: random.Random) -> int:
    return chance.randint(0, 20) if chance.random() < 0.9 else chance.randint(30, 300)


def fill(children: int) -> int:
    """Write them as rows; how many doses."""
    from django.db import transaction

    from qingmiao.registry.models import Dose, Person

    without_counts()
    drawn = list(enumerate(draw(children), 1))
    with transaction.atomic(), large_cache():
        write_rows(
            Person(name="儿"),
            ("id", "sex", "birth_date"),
            ((pk, str(1 + pk % 2), born.isoformat()) for pk, (born, _doses) in drawn),
        )
        write_rows(
            Dose(source=Dose.Source.IMPORTED),
            ("person_id", "product_code", "given_on"),
            ((pk, code, day.isoformat()) for pk, (_born, given) in drawn for code, day in given),
        )
    return sum(len(given) for _pk, (_born, given) in drawn)


def measure(children: int) -> list[Figure]:
    """Fill, recompute on two nights, and ask for one child, in a data folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-due-") as home:
        os.environ |= {"QINGMIAO_HOME": home, "NUMBA_CACHE_DIR": str(KERNEL)}
        os.environ.pop("DATABASE_URL", None)
        from qingmiao.cli.django_ready import ready
        from qingmiao.cli.installation import prepare_database

        ready()
        prepare_database()
        filled, _doses = timed("doses of the children, written", lambda: fill(children))
        return [filled, *_recomputed(children)]


def _recomputed(children: int) -> list[Figure]:
    from django.utils import timezone

    from qingmiao.engine import Ruleset
    from qingmiao.engine.verdicts import read_line, verdicts
    from qingmiao.registry.models import Person
    from qingmiao.schedule.actions import recompute_due
    from qingmiao.schedule.keeping import refresh_due
    from qingmiao.staff.access import system

    def night(day: date) -> int:
        return recompute_due(by=system("bench"), on=day, at=timezone.now()).people

    newborn = read_line('{"birth_date": "2026-01-01", "on": "2026-02-01"}', lambda _line: ())
    somebody = Person.objects.order_by("-birth_date")[children // 2]
    kernel, _verdicts = timed(
        "kernel compiled or read, once a process",
        lambda: verdicts(Ruleset.china(), [newborn], compiled=True),
        count=1,
    )
    first, _people = timed("due lists, first night", lambda: night(ON), goal=GOAL_SECONDS)
    second, _people = timed("due lists, next night", lambda: night(ON + timedelta(days=1)), goal=GOAL_SECONDS)
    refresh_due(somebody, on=ON)
    one, _nothing = timed("due list of one child, after a dose", lambda: refresh_due(somebody, on=ON), count=1)
    return [kernel, first, second, one]
