"""The registry as the import asks it: who could these rows be?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Max

from qingmiao.registry.ledger.doses import CAMPAIGN_SERIES
from qingmiao.registry.ledger.people import KnownPerson
from qingmiao.registry.ledger.understanding import Understood
from qingmiao.registry.models import Dose, Guardian, Identifier, Person, Phone
from qingmiao.registry.numbers import identifier_lookup, phone_lookup

CARDS = {Identifier.Kind.ID_CARD, Identifier.Kind.PASSPORT, Identifier.Kind.HK_MACAO_PERMIT}
CARDS |= {Identifier.Kind.TAIWAN_PERMIT}


class Registry:
    """People on record when an import began; those it writes itself are not asked for."""

    def __init__(self) -> None:
        self._last = Person.objects.aggregate(last=Max("pk"))["last"] or 0
        self._given: set[int] = set()

    def like(self, rows: Sequence[Understood]) -> Iterable[KnownPerson]:
        """Everyone with a number, a phone, or a name and birth day of one of `rows`; nobody twice."""
        if not self._last:
            return ()
        found = self._by_number(rows) | self._by_phone(rows) | self._by_birth(rows)
        new = {pk for pk in found - self._given if pk <= self._last}
        self._given |= new
        return self._people(sorted(new))

    def names(self, rows: Sequence[Understood]) -> Iterable[str]:
        """Names of `rows` that somebody on record has."""
        if not self._last:
            return ()
        names = {row.name for row in rows if row.name}
        people = Person.objects.filter(name__in=names, merged_into=None, pk__lte=self._last)
        return people.values_list("name", flat=True).distinct()

    def _by_number(self, rows: Sequence[Understood]) -> set[int]:
        numbers = {
            number for row in rows for number in (row.number.key, row.child_code, row.birth_cert) if number is not None
        }
        lookups = [identifier_lookup(number) for number in numbers]
        return set(Identifier.objects.filter(lookup__in=lookups).values_list("person_id", flat=True))

    def _by_phone(self, rows: Sequence[Understood]) -> set[int]:
        lookups = [phone_lookup(phone) for phone in {row.phone for row in rows if row.phone and row.name}]
        names = {row.name for row in rows if row.name}
        holders = Phone.objects.filter(lookup__in=lookups, person__name__in=names)
        return set(holders.values_list("person_id", flat=True))

    def _by_birth(self, rows: Sequence[Understood]) -> set[int]:
        facts = {(row.name, row.birth) for row in rows if row.name and row.birth and row.guardian}
        names, days = {name for name, _ in facts}, {date.fromordinal(birth) for _, birth in facts}
        return set(Person.objects.filter(name__in=names, birth_date__in=days).values_list("pk", flat=True))

    def _people(self, pks: list[int]) -> Iterator[KnownPerson]:
        numbers, phones, guardians, doses = _numbers(pks), _phones(pks), _guardians(pks), _doses(pks)
        for person in Person.objects.filter(pk__in=pks, merged_into=None):
            own = numbers[person.pk]
            yield KnownPerson(
                id=person.pk,
                name=person.name or None,
                number=next((own[kind] for kind in Identifier.Kind if kind in CARDS and kind in own), None),
                phones=tuple(phones[person.pk]),
                sex=person.sex if person.sex in {"1", "2"} else None,
                birth=_ordinal(person.birth_date),
                guardian=guardians.get(person.pk),
                child_code=own.get(Identifier.Kind.CHILD_CODE),
                birth_cert=own.get(Identifier.Kind.BIRTH_CERTIFICATE),
                doses=tuple(doses[person.pk]),
            )


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _numbers(pks: list[int]) -> defaultdict[int, dict[str, str]]:
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for identifier in Identifier.objects.filter(person__in=pks):
        found[identifier.person_id][identifier.kind] = identifier.number.reveal()
    return found


def _phones(pks: list[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for phone in Phone.objects.filter(person__in=pks):
        found[phone.person_id].append(phone.number.reveal())
    return found


def _guardians(pks: list[int]) -> dict[int, str]:
    return dict(Guardian.objects.filter(child__in=pks).order_by("-pk").values_list("child_id", "name"))


def _doses(pks: list[int]) -> defaultdict[int, list[tuple[str, int]]]:
    """Days of doses that count, under every name the import compares them by."""
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    counting = Dose.objects.filter(person__in=pks, held="", is_void=False, superseded_by=None, given_on__isnull=False)
    for pk, vaccine, number, day in counting.values_list("person_id", "vaccine", "dose_number", "given_on"):
        ordinal = _ordinal(day)
        found[pk].append((f"dose {number}", ordinal))
        found[pk].append((CAMPAIGN_SERIES if vaccine.startswith(CAMPAIGN_SERIES) else vaccine, ordinal))
    return found
