"""Finding people."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from qingmiao.registry.models import Dose, Identifier, KeyGroup, Person, Phone
from qingmiao.registry.numbers import comparable, identifier_lookup, phone_lookup

MOST = 20


def matching(text: str) -> Q:
    """The filter for people whom `text` may mean: a number or phone exactly, else the start of a name, of its pinyin
    or of its initials. Text that says nothing matches nobody."""
    text = text.strip()
    if not text:
        return Q(pk__in=[])
    number = comparable(text)
    if len(number) >= 7 and any(character.isdigit() for character in number):
        return Q(pk__in=Identifier.objects.filter(lookup=identifier_lookup(number)).values("person")) | Q(
            pk__in=Phone.objects.filter(lookup=phone_lookup(number)).values("person")
        )
    if text.isascii():
        letters = "".join(text.lower().split())
        return Q(name_initials__begins=letters) | Q(name_spelled__begins=letters)
    return Q(name__begins=text)


def find_people(people: QuerySet[Person], text: str) -> list[Person]:
    """Up to 20 of `people` whom `text` may mean, by name; merged people are not found."""
    found = people.filter(matching(text), merged_into=None).order_by("name_spelled", "pk")
    return list(found.prefetch_related("identifiers", "phones", "memberships__unit")[:MOST])


def doses_on_record(person: Person) -> list[Dose]:
    """Every dose on record for `person` that was not superseded, latest first; those without a day at the end."""
    doses = Dose.objects.filter(person=person, superseded_by=None, is_void=False).select_related("site", "lot")
    return list(doses.order_by(F("given_on").desc(nulls_last=True), "pk"))


def key_group(pk: int) -> KeyGroup | None:
    """The key group of that number, or None."""
    return KeyGroup.objects.filter(pk=pk).first()
