"""Which rows and cards are about one person: by number, else by name and birth date, name and phone, or name and age.

Pure. Two different numbers are two people, whatever else agrees. A bare name joins nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """What one row or card says of a person, empty where nothing. `birth_year` may come from an age."""

    name: str = ""
    number: str = ""
    birth_date: str = ""
    phone: str = ""
    sex: str = ""
    birth_year: int | None = None


def people(everybody: Sequence[Who]) -> list[int]:
    """For each entry the index of the first entry about the same person."""
    chief = list(range(len(everybody)))
    numbers = [who.number for who in everybody]

    def found(place: int) -> int:
        while chief[place] != place:
            chief[place] = chief[chief[place]]
            place = chief[place]
        return place

    def join(one: int, other: int) -> None:
        first, second = sorted((found(one), found(other)))
        if first == second or (numbers[first] and numbers[second] and numbers[first] != numbers[second]):
            return
        chief[second] = first
        numbers[first] = numbers[first] or numbers[second]

    for keys in ([_by_number], [_by_birth, _by_phone], [_by_year]):
        for key in keys:
            seen: dict[tuple[object, ...], list[int]] = {}
            for place, who in enumerate(everybody):
                for one in key(who):
                    for other in seen.setdefault(one, []):
                        join(other, place)
                    seen[one].append(place)
    return [found(place) for place in range(len(everybody))]


def _by_number(who: Who) -> list[tuple[object, ...]]:
    return [(who.number,)] if who.number else []


def _by_birth(who: Who) -> list[tuple[object, ...]]:
    return [(who.name, who.birth_date)] if who.name and who.birth_date else []


def _by_phone(who: Who) -> list[tuple[object, ...]]:
    return [(who.name, "phone", who.phone)] if who.name and who.phone else []


def _by_year(who: Who) -> list[tuple[object, ...]]:
    """Name, sex and a birth year that an age in whole years leaves open by one."""
    if not (who.name and who.sex and who.birth_year):
        return []
    return [(who.name, who.sex, year) for year in (who.birth_year, who.birth_year + 1)]
