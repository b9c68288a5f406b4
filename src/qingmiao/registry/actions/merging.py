"""Two records of one person become one, and can become two again: rows move, nothing is copied or lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.registry.models import Dose, Identifier, Merge, Person
from qingmiao.staff.access import Actor

PERMISSION = "registry.edit_person"
# Documents of which a person has one: two different numbers of them are two people.
_CARDS = (Identifier.Kind.ID_CARD, Identifier.Kind.BIRTH_CERTIFICATE)
_BLANKS = ("name", "sex", "birth_date", "address", "home_id")


class NumbersDiffer(Exception):
    """Two different numbers of one kind of document are never one person."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The two records have different numbers of the same kind of document: that is never one person. "
                "If one number is wrong, correct it first."
            )
        )


class AlreadyMerged(Exception):
    """One of the two is merged into another record already."""

    def __init__(self) -> None:
        super().__init__(_("One of the two records was merged already. Open the record it was merged into."))


class CannotSplit(Exception):
    """The merge was undone already, or one of the two was merged again since."""

    def __init__(self) -> None:
        super().__init__(_("This merge was undone already, or one of the two was merged again since: undo that first."))


@action("registry.merge_people")
def merge_people(
    *, by: Actor, survivor: Person, absorbed: Person, reason: str, at: datetime, request_id: UUID | None = None
) -> Merge:
    """Make two records one. All of `absorbed` moves to `survivor`; its own record stays, empty, and points there.

    Doses of one vaccine on one day are one dose: the moved one is held, never deleted. A dose of an unknown vaccine
    equals no other. Blanks of the survivor are filled; nothing is overwritten.
    """
    for person in (survivor, absorbed):
        by.must(PERMISSION, person)
    locked = Person.objects.select_for_update().in_bulk([survivor.pk, absorbed.pk])
    survivor, absorbed = locked[survivor.pk], locked[absorbed.pk]
    if survivor.merged_into_id or absorbed.merged_into_id or survivor.pk == absorbed.pk:
        raise AlreadyMerged
    _same_papers(survivor, absorbed)
    held = _doses_twice(survivor, absorbed)
    everything = {_key(relation): _move(relation, absorbed, survivor) for relation in _relations()}
    moved = {name: pks for name, pks in everything.items() if pks}
    Dose.objects.filter(pk__in=held).update(held=Dose.Held.TWICE)
    filled = _fill_blanks(survivor, absorbed)
    change(absorbed, merged_into=survivor)
    merge = Merge.objects.create(
        survivor_pk=survivor.pk,
        absorbed_pk=absorbed.pk,
        moved={**moved, "held": held},
        filled=filled,
        merged_at=at,
        merged_by_id=by.user_id,
        reason=reason[:200],
    )
    note(survivor=survivor.pk, absorbed=absorbed.pk, rows=sum(map(len, moved.values())))
    return merge


@action("registry.split_people")
def split_people(*, by: Actor, merge: Merge, at: datetime, request_id: UUID | None = None) -> Merge:
    """Undo a merge: exactly what moved goes back; what was added to the survivor since stays there."""
    people = Person.objects.select_for_update().in_bulk([merge.survivor_pk, merge.absorbed_pk])
    survivor, absorbed = people.get(merge.survivor_pk), people.get(merge.absorbed_pk)
    if survivor is None or absorbed is None:
        raise CannotSplit
    by.must(PERMISSION, survivor)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None or absorbed.merged_into_id != survivor.pk or survivor.merged_into_id:
        raise CannotSplit
    moved: dict[str, list[int]] = merge.moved
    Dose.objects.filter(pk__in=moved.get("held", ()), held=Dose.Held.TWICE).update(held=Dose.Held.NO)
    for name, pks in moved.items():
        if name != "held":
            _move_back(name, pks, absorbed)
    _empty_again(survivor, merge.filled)
    change(absorbed, merged_into=None)
    Merge.objects.filter(pk=merge.pk).update(undone_at=at, undone_by_id=by.user_id)
    merge.undone_at, merge.undone_by_id = at, by.user_id
    note(survivor=survivor.pk, absorbed=absorbed.pk)
    return merge


def _same_papers(survivor: Person, absorbed: Person) -> None:
    kinds = Identifier.objects.filter(person__in=(survivor, absorbed), kind__in=_CARDS).values_list("kind", flat=True)
    if len(set(kinds)) < len(list(kinds)):
        raise NumbersDiffer


def _doses_twice(survivor: Person, absorbed: Person) -> list[int]:
    """Doses of the absorbed that the survivor has too: same vaccine, same day, both counting."""
    counting = Dose.objects.filter(held="", is_void=False, superseded_by=None, given_on__isnull=False).exclude(
        vaccine=""
    )
    has = set(counting.filter(person=survivor).values_list("vaccine", "given_on"))
    offered = counting.filter(person=absorbed).values_list("pk", "vaccine", "given_on")
    return [pk for pk, vaccine, day in offered if (vaccine, day) in has]


def _relations() -> Iterable[Any]:
    """Everything that points at a person, in every app; the pointer of merged records itself does not move."""
    return [
        relation
        for relation in Person._meta.related_objects
        if relation.related_model is not Person and relation.field.concrete
    ]


def _key(relation: Any) -> str:
    return f"{relation.related_model._meta.label}.{relation.field.name}"


def _move(relation: Any, absorbed: Person, survivor: Person) -> list[int]:
    """Point the rows of one relation at the survivor; a row that the survivor has already stays where it is."""
    model: type[models.Model] = relation.related_model
    moved = []
    for pk in model._base_manager.filter(**{relation.field.name: absorbed}).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=pk).update(**{relation.field.name: survivor})
            moved.append(pk)
        except IntegrityError:
            continue  # once per person, and the survivor has it; or a table whose rows never change
    return moved


def _move_back(name: str, pks: list[int], absorbed: Person) -> None:
    label, _dot, field = name.rpartition(".")
    apps.get_model(label)._base_manager.filter(pk__in=pks).update(**{field: absorbed})


def _fill_blanks(survivor: Person, absorbed: Person) -> dict[str, Any]:
    blank = {"", None, Person.Sex.UNKNOWN}
    filled = {
        name: getattr(absorbed, name)
        for name in _BLANKS
        if getattr(survivor, name) in blank and getattr(absorbed, name) not in blank
    }
    if "name" in filled:
        filled |= {"name_spelled": absorbed.name_spelled, "name_initials": absorbed.name_initials}
    if filled:
        change(survivor, **filled)
    return {name: None if name in {"birth_date", "home_id"} else "0" if name == "sex" else "" for name in filled}


def _empty_again(survivor: Person, filled: dict[str, Any]) -> None:
    if filled:
        change(survivor, **filled)
