"""Who could be whom, and which merges stand."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from qingmiao.registry.models import Merge, Person, Phone

MOST = 20


def alike(person: Person, people: QuerySet[Person]) -> list[Person]:
    """Among `people`, up to 20 others with this person's name, or with one of their phones and the same birth date."""
    phones = Phone.objects.filter(person=person).values("lookup")
    sharing = Phone.objects.filter(lookup__in=phones).exclude(person=person).values("person")
    same = Q(name=person.name) & ~Q(name="")
    if person.birth_date is not None:
        same |= Q(pk__in=sharing, birth_date=person.birth_date)
    found = people.filter(same, merged_into=None).exclude(pk=person.pk).distinct().order_by("pk")
    return list(found.prefetch_related("identifiers", "phones", "guardians", "memberships__unit")[:MOST])


def standing_merges(person: Person) -> list[tuple[Merge, Person]]:
    """Merges into this person that were not undone, latest first, with the record that was absorbed."""
    merges = list(Merge.objects.filter(survivor_pk=person.pk, undone_at=None).order_by("-merged_at", "-pk"))
    absorbed = Person.objects.in_bulk([merge.absorbed_pk for merge in merges])
    return [(merge, absorbed[merge.absorbed_pk]) for merge in merges if merge.absorbed_pk in absorbed]
