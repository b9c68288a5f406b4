"""Writes of old doses that were given before they came on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.registry.models import BackEntry, Dose, Person
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

PERMISSION = "registry.enter_old_dose"


class DoseOnRecord(Exception):
    """The same vaccine on the same day is on record already."""

    def __init__(self, dose: Dose) -> None:
        self.dose = dose
        super().__init__(
            _("{vaccine} on {day} is on record already. Nothing was written; look at the table of doses.").format(
                vaccine=dose.vaccine or dose.product_code, day=dose.given_on
            )
        )


class DayCannotBe(Exception):
    """An old dose before birth or in the future."""

    def __init__(self, day: date, born_on: date | None, today: date) -> None:
        self.day = day
        super().__init__(
            _("{day} cannot be: born {born}, today {today}. Read the day on the booklet again.").format(
                day=day, born=born_on or "—", today=today
            )
        )


@dataclass(frozen=True)
class OldDose:
    """A dose as it stands on the booklet. Empty means that it is not written there; `given_at` is for birth doses,
    where hours count."""

    product_code: str
    vaccine: str
    given_on: date
    given_at: datetime | None = None
    dose_number: int | None = None
    lot_number: str = ""
    manufacturer: str = ""
    site_name: str = ""


@action("registry.enter_old_dose")
def enter_old_dose(
    *,
    by: Actor,
    person: Person,
    dose: OldDose,
    kind: str,
    proof: str,
    unit: Organisation,
    at: datetime,
    request_id: UUID | None = None,
) -> Dose:
    """Write down a dose that was given elsewhere or before. It moves no stock and is judged like any other.

    Raises DoseOnRecord for the same vaccine on the same day, DayCannotBe for a day before birth or in the future.
    """
    by.must(PERMISSION, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    _day_can_be(person, dose.given_on, timezone.localdate(at))
    standing = Dose.objects.filter(person=person, is_void=False, superseded_by=None, held=Dose.Held.NO)
    if same := standing.filter(product_code=dose.product_code, given_on=dose.given_on).first():
        raise DoseOnRecord(same)
    is_local = kind == BackEntry.Kind.HERE
    row = Dose.objects.create(
        person=person, source=Dose.Source.PAPER if is_local else Dose.Source.ELSEWHERE, **vars(dose)
    )
    BackEntry.objects.create(
        dose=row, kind=kind, proof=proof, entered_by_unit=unit, entered_at=at, entered_by_id=by.user_id
    )
    note(person=person.pk, kind=kind)
    return row


def _day_can_be(person: Person, day: date, today: date) -> None:
    if day > today or (person.birth_date is not None and day < person.birth_date):
        raise DayCannotBe(day, person.birth_date, today)
