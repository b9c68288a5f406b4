"""A recall among millions of doses: from the lot to every recipient with phone and guardian.

A real SQLite file with the product's tables and indexes; doses are written by SQL. The floor is reading the same rows
of doses by the index of their lot, bare.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

from benchmarks.clinic.figures import Figure, timed
from benchmarks.clinic.rows import large_cache, without_counts, write_many

GOAL_SECONDS = 1.0
OF_ONE_LOT = 2_000  # doses of a lot at one district; 252,600 was the largest recall on record, of a whole province


def build(doses: int) -> Any:
    """People with phones, and doses of lots of `OF_ONE_LOT`; gives the lot in the middle."""
    from django.db import connection, transaction
    from django.utils import timezone

    from qingmiao.registry.models import Dose, Person
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
    sample = Dose(
        product_code="1201", vaccine="麻腮风疫苗", given_on=now.date(), given_at=now, site=site, site_name="接种点",
        given_by_id=1, source=Dose.Source.HERE,
    )  # fmt: skip
    without_counts()
    with transaction.atomic(), large_cache():
        write_many(Person(name="测", sex="1", brought_by=site), people, {})
        own = {
            "person_id": f"1 + (n * 7919) % {people}",
            "lot_id": f"{lots[0].pk} + n / {OF_ONE_LOT} % {len(lots)}",
            "lot_number": f"printf('L%06d', n / {OF_ONE_LOT} % {len(lots)})",
        }
        write_many(sample, doses, own)
        chosen = lots[len(lots) // 2]
        _give_phones(chosen)
        connection.cursor().execute("ANALYZE")
    return chosen


def _give_phones(lot: Any) -> None:
    """A phone of their own for everybody who was given the lot."""
    from qingmiao.privacy.sealing import Sealed, lookup_hash
    from qingmiao.registry.models import Dose, Phone

    people = sorted(set(Dose.objects.filter(lot=lot).values_list("person_id", flat=True)))
    Phone.objects.bulk_create(
        [Phone(person_id=pk, number=Sealed.of(f"154{pk:08d}"), lookup=lookup_hash("phone", str(pk))) for pk in people],
        batch_size=500,
    )


def measure(doses: int) -> list[Figure]:
    """Build and ask, in a data folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-recall-") as home:
        os.environ["QINGMIAO_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        from qingmiao.cli.django_ready import ready
        from qingmiao.cli.installation import prepare_database

        ready()
        prepare_database()
        built, lot = timed("doses of the recall, written", lambda: build(doses), count=doses)
        return [built, *_asked(lot)]


def _asked(lot: Any) -> list[Figure]:
    from django.db import connection

    from qingmiao.registry.queries.recalls import recipients
    from qingmiao.staff.access import system

    def rows_alone() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM registry_dose WHERE lot_id = %s", [lot.pk])
            return len(cursor.fetchall())

    def with_contact() -> int:
        found = recipients(system("bench"), lot)
        return sum(len([number.reveal() for number in one.phones]) > 0 for one in found)

    first, _people = timed("recall, every recipient with contact, first", with_contact, goal=GOAL_SECONDS)
    again, _people = timed("recall, every recipient with contact, again", with_contact, goal=GOAL_SECONDS)
    floor, _rows = timed("floor of it: the rows of the lot, bare", rows_alone)
    return [first, again, floor]
