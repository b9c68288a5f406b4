"""Writes of whether a person lives."""

from __future__ import annotations

from datetime import date

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor, NotAllowed

PERMISSION = "registry.edit_person"


@action("registry.record_death")
def record_death(*, by: Actor, person: Person, died_on: date) -> Person:
    """The person died on that day: reminders and due lists end at once, doses and other facts stay.

    Asks for the permission anywhere, not for this person: somebody may die where nobody reaches the record, or be on
    record without a place.
    """
    if not by.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    person = Person.objects.select_for_update().get(pk=person.pk)
    change(person, status=Person.Status.DEAD, status_on=died_on)
    note(person=person.pk)
    return person
