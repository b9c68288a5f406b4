"""A recall among millions of doses: from the lot to every recipient with phone and guardian.

    python -m benchmarks.recall [--doses N] [--smoke]

A real SQLite file with the product's tables and indexes; doses are written by SQL. The floor is reading the same rows
of doses by the index of their lot, bare. Prints a table; writes var/bench/recall.json. Exit code 1 over the goal.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

GOAL_SECONDS = 1.0
OF_ONE_LOT = 2_000  # doses of a lot at one district; 252,600 was the largest recall on record, of a whole province
ROUNDS = 7


def build(doses: int) -> Any:
    """People with phones, and doses of lots of `OF_ONE_LOT`; gives the lot in the middle."""
    from django.db import connection
    from django.utils import timezone

    from qingmiao.privacy.sealing import Sealed, lookup_hash
    from qingmiao.registry.models import Dose, Person, Phone
    from qingmiao.staff.access import system
    from qingmiao.staff.actions import found_organisation
    from qingmiao.stock.models import Lot, Product

    now = timezone.now()
    site = found_organisation(by=system("bench"), kind="site", name="接种点")
    product = Product.objects.create(code="1201", name="麻腮风疫苗", manufacturer="测")
    lots = Lot.objects.bulk_create(
        [Lot(product=product, number=f"L{n:06d}", expires_on=now.date()) for n in range(max(1, doses // OF_ONE_LOT))],
        batch_size=500,
    )
    people = max(1, doses // 10)
    person = Person(name="测", sex="1", brought_by=site)
    columns = [field for field in Person._meta.concrete_fields if not field.primary_key]
    write_many(
        connection,
        Person,
        {field.column: field.get_db_prep_save(field.pre_save(person, True), connection) for field in columns},
        people,
    )
    sample = Dose(
        person_id=1, product_code="1201", vaccine="麻腮风疫苗", given_on=now.date(), given_at=now, lot_id=lots[0].pk,
        lot_number="L", site=site, site_name="接种点", given_by_id=1, source="here",
    )  # fmt: skip
    values = {
        field.column: field.get_db_prep_save(field.pre_save(sample, True), connection)
        for field in Dose._meta.concrete_fields
        if not field.primary_key
    }
    own = {
        "person_id": f"1 + (n * 7919) % {people}",
        "lot_id": f"{lots[0].pk} + n / {OF_ONE_LOT} % {len(lots)}",
        "lot_number": f"printf('L%06d', n / {OF_ONE_LOT} % {len(lots)})",
    }
    write_many(connection, Dose, values, doses, own)
    chosen = lots[len(lots) // 2]
    ids = list(Dose.objects.filter(lot=chosen).values_list("person_id", flat=True))
    Phone.objects.bulk_create(
        [
            Phone(person_id=pk, number=Sealed.of(f"154{pk:08d}"), lookup=lookup_hash("phone", str(pk)))
            for pk in sorted(set(ids))
        ],
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return chosen


def write_many(
    connection: Any, model: Any, values: dict[str, Any], count: int, own: dict[str, str] | None = None
) -> None:
    """`count` rows of a model by one statement; `own` are SQL expressions over n, from 0."""
    own = own or {}
    columns = [*own, *(column for column in values if column not in own)]
    expressions = [*own.values(), *("%s" for column in values if column not in own)]
    statement = (
        f"WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {count - 1}) "
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(expressions)} FROM c"
    )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -524288")
        cursor.execute(statement, [values[column] for column in values if column not in own])


def timed(run: Any) -> tuple[float, Any]:
    """Seconds at the middle of several rounds, and the last result."""
    taken = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        found = run()
        taken.append(time.perf_counter() - started)
    return median(taken), found


def measured(doses: int) -> int:
    """Build, ask, print, write."""
    from qingmiao.cli.django_ready import ready
    from qingmiao.cli.installation import prepare_database

    ready()
    from django.db import connection

    from qingmiao.registry.queries.recalls import recipients
    from qingmiao.staff.access import system

    prepare_database()
    started = time.perf_counter()
    lot = build(doses)
    built = time.perf_counter() - started

    def floor() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM registry_dose WHERE lot_id = %s", [lot.pk])
            return len(cursor.fetchall())

    def whole() -> int:
        found = recipients(system("bench"), lot)
        return sum(len([number.reveal() for number in one.phones]) > 0 for one in found)

    floor_seconds, rows = timed(floor)
    seconds, reached = timed(whole)
    print(f"{doses:,} doses (built in {built:.0f} s); one lot: {rows:,} doses, {reached:,} people with a phone")
    print(f"{'every recipient with contact':34}{seconds:8.3f} s   (goal {GOAL_SECONDS:.0f} s)")
    print(f"{'floor: the rows of the lot, bare':34}{floor_seconds:8.3f} s")
    figures = {
        "doses": doses, "of_lot": rows, "reached": reached, "seconds": round(seconds, 4),
        "floor_seconds": round(floor_seconds, 4), "cores": os.cpu_count(), "machine": platform.platform(),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    target = Path("var/bench/recall.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return int(seconds > GOAL_SECONDS)


def main() -> int:
    """Measure in a data folder that is thrown away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--doses", type=int, default=10_000_000)
    parser.add_argument("--smoke", action="store_true", help="Few doses, to see that it runs.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-recall-") as home:
        os.environ["QINGMIAO_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        return measured(20_000 if options.smoke else options.doses)


if __name__ == "__main__":
    sys.exit(main())
