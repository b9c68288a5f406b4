"""Writes of key groups: which there are, and who belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from qingmiao.audit.door import action, note
from qingmiao.registry.models import KeyGroup, KeyGroupMembership, Person
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

PERMISSION = "registry.edit_person"


@action("registry.found_key_group")
def found_key_group(
    *, by: Actor, place: Organisation, code: str, name: str, name_en: str = "", request_id: UUID | None = None
) -> KeyGroup:
    """Open a key group for the whole installation, on behalf of `place`; one of that code is returned as it stands."""
    by.must("registry.import_ledger", place)
    group, _new = KeyGroup.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en})
    return group


@action("registry.join_key_group")
def join_key_group(
    *,
    by: Actor,
    place: Organisation,
    group: KeyGroup,
    people: Sequence[Person],
    since: date | None = None,
    request_id: UUID | None = None,
) -> KeyGroup:
    """Put people of the ledger of `place` into a key group; who is in it already stays."""
    by.must("registry.import_ledger", place)
    there = set(KeyGroupMembership.objects.filter(group=group).values_list("person", flat=True))
    new = [person for person in people if person.pk not in there]
    KeyGroupMembership.objects.bulk_create(
        (KeyGroupMembership(person=person, group=group, since=since) for person in new), batch_size=2000
    )
    note(group=group.pk, people=len(new))
    return group
