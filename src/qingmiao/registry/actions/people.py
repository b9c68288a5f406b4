"""Writes of single people: register, correct, show a number in clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, look, note
from qingmiao.audit.models import change
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import (
    Guardian,
    Identifier,
    KeyGroup,
    KeyGroupMembership,
    Person,
    Phone,
    UnitMembership,
)
from qingmiao.registry.numbers import comparable, identifier_lookup, phone_lookup
from qingmiao.registry.spelling import spelling
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation


class NumberTaken(Exception):
    """Another person already has this number: this is the same person, or one of the two numbers is wrong."""

    def __init__(self, holder: Person) -> None:
        self.holder = holder
        super().__init__(
            _(
                "This number already belongs to somebody on record (no. {pk}). If it is the same person, open that "
                "record; if not, one of the two numbers is wrong: check the document."
            ).format(pk=holder.pk)
        )


@dataclass(frozen=True)
class Number:
    """A number from a document, as it is registered."""

    kind: Identifier.Kind
    number: str
    is_checked: bool = True


@dataclass(frozen=True)
class Parent:
    """A guardian as registered; `phone` is empty if not known."""

    name: str
    relation: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Particulars:
    """What is known of a person besides numbers. Empty means not known, never 'no'."""

    name: str
    sex: str = Person.Sex.UNKNOWN
    birth_date: date | None = None
    birth_time: time | None = None
    residence: str = Person.Residence.UNKNOWN
    home: Organisation | None = None
    address: str = ""


@action("registry.register_person")
def register_person(
    *,
    by: Actor,
    particulars: Particulars,
    numbers: Sequence[Number] = (),
    phones: Sequence[str] = (),
    guardians: Sequence[Parent] = (),
    units: Sequence[Organisation] = (),
    key_groups: Sequence[KeyGroup] = (),
    brought_by: Organisation | None = None,
    request_id: UUID | None = None,
) -> Person:
    """Write down a person who was not on record, on behalf of `brought_by`.

    Raises NumberTaken when a number is somebody's already.
    """
    if not by.paths_for("registry.edit_person"):
        raise NotAllowed("registry.edit_person")
    lookups = [identifier_lookup(number.number) for number in numbers]
    taken = Identifier.objects.filter(lookup__in=lookups).select_related("person").first()
    if taken is not None:
        raise NumberTaken(taken.person)
    person = Person.objects.create(**_columns(vars(particulars)), brought_by=brought_by)
    for number in numbers:
        Identifier.objects.create(
            person=person,
            kind=number.kind,
            number=Sealed.of(comparable(number.number)),
            lookup=identifier_lookup(number.number),
            is_checked=number.is_checked,
        )
    Phone.objects.bulk_create(
        Phone(person=person, number=Sealed.of(phone), lookup=phone_lookup(phone)) for phone in phones
    )
    Guardian.objects.bulk_create(_guardian(person, parent) for parent in guardians)
    UnitMembership.objects.bulk_create(UnitMembership(person=person, unit=unit) for unit in units)
    KeyGroupMembership.objects.bulk_create(KeyGroupMembership(person=person, group=group) for group in key_groups)
    return person


def _guardian(child: Person, parent: Parent) -> Guardian:
    phone = parent.phone or None
    return Guardian(
        child=child,
        name=parent.name,
        relation=parent.relation,
        phone=Sealed.of(phone) if phone else None,
        phone_lookup=phone_lookup(phone) if phone else None,
    )


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """`values` with the spellings that a name brings with it."""
    if "name" not in values:
        return values
    spelled = spelling(values["name"])
    return values | {"name_spelled": spelled.full, "name_initials": spelled.initials}


@action("registry.correct_person")
def correct_person(
    *, by: Actor, person: Person, version: int, changes: dict[str, Any], request_id: UUID | None = None
) -> Person:
    """Correct particulars of a person. `version` is the one that was shown: raises ChangedMeanwhile if it is older."""
    by.must("registry.edit_person", person)
    unknown = set(changes) - {field.name for field in Person._meta.fields} | {"merged_into", "version"} & set(changes)
    if unknown:
        raise TypeError(f"not a particular of a person: {sorted(unknown)}")
    person.version = version
    change(person, **_columns(changes))
    note(changed=sorted(changes))
    return person


def reveal_number(*, by: Actor, identifier: Identifier, at: datetime) -> str:
    """The number in clear; that it was looked at stays in the trail."""
    by.must("registry.unmask_number", identifier.person)
    look("registry.unmask_number", by=by, at=at, people=[identifier.person])
    number: Sealed = identifier.number
    return number.reveal()
