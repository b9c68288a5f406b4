"""Writes of a clinic's own day book (接种日志): the doses it gave on a day and kept on paper or in another system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from qingmiao.audit.door import action, note
from qingmiao.registry.actions.back_entry import PERMISSION, DayCannotBe
from qingmiao.registry.models import Dose, Person
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


@dataclass(frozen=True)
class BookLine:
    """A line of the day book: who had which vaccine. What is not written there stays empty."""

    person: Person
    product_code: str
    vaccine: str
    dose_number: int | None = None
    lot_number: str = ""
    manufacturer: str = ""


@action("registry.enter_day_book")
def enter_day_book(
    *,
    by: Actor,
    site: Organisation,
    day: date,
    lines: Sequence[BookLine],
    at: datetime,
    request_id: UUID | None = None,
) -> Organisation:
    """Write down everything a clinic gave on one day before it was on record here; the clinic is the giving unit.

    Who has the same vaccine of that day on record already is passed over, so that a page entered twice counts once.
    No stock moves: it was used long ago. Raises DayCannotBe for a day before birth or in the future.
    """
    by.must(PERMISSION, site)
    today = timezone.localdate(at)
    for line in lines:
        born = line.person.birth_date
        if day > today or (born is not None and day < born):
            raise DayCannotBe(day, born, today)
    known = set(
        Dose.objects.filter(given_on=day, is_void=False, superseded_by=None, held=Dose.Held.NO)
        .filter(person__in=[line.person.pk for line in lines])
        .values_list("person_id", "product_code")
    )
    new = [line for line in lines if (line.person.pk, line.product_code) not in known]
    Dose.objects.bulk_create(
        (
            Dose(
                person=line.person,
                product_code=line.product_code,
                vaccine=line.vaccine,
                dose_number=line.dose_number,
                given_on=day,
                lot_number=line.lot_number,
                manufacturer=line.manufacturer,
                site=site,
                site_name=site.name,
                source=Dose.Source.PAPER,
            )
            for line in new
        ),
        batch_size=500,
    )
    note(day=day.isoformat(), doses=len(new), known=len(lines) - len(new))
    return site
