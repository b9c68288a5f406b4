"""What a clinic's year asks of the machine: who is owed what, for everybody, over a night's database.

    python -m benchmarks.clinic [--children N] [--smoke]

Children of all ages below 18 with the doses of a working clinic (nine in ten on time, some late, some missing) on a
real SQLite file. Prints a table; writes var/bench/clinic.json. Exit code 1 when a figure misses its goal.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

GOAL_SECONDS = 10.0
VAR = Path(__file__).resolve().parent.parent / "var" / "bench"
ON = date(2026, 11, 22)
# code, age in months, of the programme as most of these children lived through it
PLAN = (
    ("0202", 0), ("0101", 0), ("0202", 1), ("0303", 2), ("0303", 3), ("0402", 3), ("0311", 4), ("0402", 4),
    ("0402", 5), ("0202", 6), ("1601", 6), ("1201", 8), ("1801", 8), ("1601", 9), ("0402", 18), ("1201", 18),
    ("1901", 18), ("1801", 24), ("1701", 36), ("0311", 48), ("1701", 72), ("0601", 72),
)  # fmt: skip


@dataclass(frozen=True)
class Timed:
    """One figure: what, how many, seconds by the clock and of processor time."""

    what: str
    count: int
    seconds: float
    worked_seconds: float
    goal_seconds: float | None = None


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
    """Write them as rows, past the actions: only the measurement's own database; how many doses."""
    from qingmiao.registry.models import Dose, Person

    doses: list[Dose] = []
    drawn = list(draw(children))
    for start in range(0, children, 5000):
        part = drawn[start : start + 5000]
        people = Person.objects.bulk_create(
            Person(name=f"儿{start + n}", sex=str(1 + n % 2), birth_date=born) for n, (born, _doses) in enumerate(part)
        )
        rows = [
            Dose(person=person, product_code=code, given_on=day, source=Dose.Source.IMPORTED)
            for person, (_born, given) in zip(people, part, strict=True)
            for code, day in given
        ]
        Dose.objects.bulk_create(rows, batch_size=2000)
        doses += rows
    return len(doses)


def measure(children: int) -> list[Timed]:
    """Fill, recompute, and ask for one person."""
    from django.utils import timezone

    from qingmiao.registry.models import Person
    from qingmiao.schedule.actions import recompute_due
    from qingmiao.schedule.keeping import refresh_due
    from qingmiao.staff.access import system

    by, few = system("bench"), 500
    fill(few)
    clock, worked = time.perf_counter(), time.process_time()
    recompute_due(by=by, on=ON, at=timezone.now())
    figures = [Timed("kernel made ready, once", few, time.perf_counter() - clock, time.process_time() - worked)]
    figures.append(Timed("doses on record", fill(children - few), 0, 0))
    for what in ("recompute, first night", "recompute, next night"):
        clock, worked = time.perf_counter(), time.process_time()
        run = recompute_due(by=by, on=ON, at=timezone.now())
        figures.append(Timed(what, run.people, time.perf_counter() - clock, time.process_time() - worked, GOAL_SECONDS))
    figures.append(Timed("doses owed", run.owed, 0, 0))
    somebody = Person.objects.order_by("-birth_date")[children // 2]
    refresh_due(somebody, on=ON)
    clock, worked = time.perf_counter(), time.process_time()
    refresh_due(somebody, on=ON)
    figures.append(Timed("one child, after a dose", 1, time.perf_counter() - clock, time.process_time() - worked, 0.1))
    return figures


def main() -> int:
    """Run on a database of its own and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=100_000)
    parser.add_argument("--smoke", action="store_true")
    arguments = parser.parse_args()
    children = 1000 if arguments.smoke else arguments.children
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-") as home:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(VAR / "numba"))
        os.environ |= {"QINGMIAO_HOME": home, "DJANGO_SETTINGS_MODULE": "qingmiao.config.settings"}
        import django

        django.setup()
        from qingmiao.cli.installation import prepare_database

        prepare_database()
        figures = measure(children)
    for row in figures:
        goal = f"  goal {row.goal_seconds} s" if row.goal_seconds else ""
        print(f"{row.what:28} {row.count:>10,}  {row.seconds:8.3f} s  worked {row.worked_seconds:8.3f} s{goal}")
    if not arguments.smoke:
        write(figures, children)
    return int(any(row.goal_seconds and row.seconds > row.goal_seconds for row in figures))


def write(figures: list[Timed], children: int) -> None:
    """Keep the figures with the machine they were measured on."""
    VAR.mkdir(parents=True, exist_ok=True)
    path = VAR / "clinic.json"
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    found = {"children": children, **machine, "figures": [asdict(row) for row in figures]}
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
