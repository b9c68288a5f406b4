"""Who is who: an index of people that costs some hundred bytes each, and the rules that join a row to one.

People met in the files and people already known to the registry stand in the same index. Rules: equal number
is one person unless the names say otherwise; two different numbers are never one person; a record without a
number joins on name and phone; children join on code, certificate, or name, sex, birth and guardian.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..identity import CHECK_CHARACTERS
from .doses import Finding
from .understanding import Understood

NOBODY = -1
MOST_ALIKE = 64  # people with one name and one phone beyond this are no longer compared
SHORTEST_TYPO = 3
_MIX = 0x9E3779B97F4A7C15
_SMALLEST = 1 << 10


@dataclass(frozen=True)
class KnownPerson:
    """A person the registry already has, as far as matching needs it. `birth` is an ordinal, 0: unknown."""

    id: int
    name: str | None = None
    number: str | None = None
    phones: tuple[str, ...] = ()
    sex: str | None = None
    birth: int = 0
    guardian: str | None = None
    child_code: str | None = None
    birth_cert: str | None = None
    doses: tuple[tuple[str, int], ...] = ()
    is_on_roster: bool = True


class Answer(StrEnum):
    """What a person decided about a row that raised a question."""

    ONE = "one"  # the same person as the one it was compared with
    TWO = "two"  # somebody else


class Question(StrEnum):
    """What only a person can decide about a row; until then the rule's proposal stands."""

    SAME_NUMBER = "same_number"  # one number under two names
    NAMESAKE = "namesake"  # one name, and nothing that tells the two apart
    TWINS = "twins"  # same guardian and birth day, other name


class _Table:
    """A multi-map from 63-bit keys to small integers: open addressing in flat arrays."""

    def __init__(self) -> None:
        self._keys, self._values = array("q"), array("i")
        self._slots = array("i", [NOBODY]) * _SMALLEST
        self._mask = _SMALLEST - 1

    def first(self, key: int) -> int:
        """The value first put under a key, or NOBODY."""
        slots, keys, mask = self._slots, self._keys, self._mask
        at = (key * _MIX >> 20) & mask
        while (entry := slots[at]) >= 0:
            if keys[entry] == key:
                return self._values[entry]
            at = (at + 1) & mask
        return NOBODY

    def all(self, key: int) -> list[int]:
        """Every value under a key, `MOST_ALIKE` at most."""
        slots, keys, mask = self._slots, self._keys, self._mask
        at = (key * _MIX >> 20) & mask
        found: list[int] = []
        while (entry := slots[at]) >= 0 and len(found) < MOST_ALIKE:
            if keys[entry] == key:
                found.append(self._values[entry])
            at = (at + 1) & mask
        return found

    def add(self, key: int, value: int) -> None:
        """Put a value under a key, after those already there."""
        if len(self._keys) * 2 >= len(self._slots):
            self._grow()
        slots, keys, mask = self._slots, self._keys, self._mask
        at = (key * _MIX >> 20) & mask
        alike = 0
        while (entry := slots[at]) >= 0:
            if keys[entry] == key and (alike := alike + 1) >= MOST_ALIKE:
                return
            at = (at + 1) & mask
        slots[at] = len(keys)
        keys.append(key)
        self._values.append(value)

    def _grow(self) -> None:
        size = len(self._slots) * 4
        slots, mask = array("i", [NOBODY]) * size, size - 1
        for entry, key in enumerate(self._keys):
            at = (key * _MIX >> 20) & mask
            while slots[at] >= 0:
                at = (at + 1) & mask
            slots[at] = entry
        self._slots, self._mask = slots, mask


class Match:
    """Where a row belongs: a person's index, whether the row created them, and what is said about it."""

    __slots__ = ("compared", "created", "findings", "is_withheld", "person", "question", "was_in_file")

    def __init__(self, person: int, *, created: bool, was_in_file: bool = False) -> None:
        self.person = person
        self.created = created
        self.was_in_file = was_in_file
        self.is_withheld = False  # the row's number belongs to somebody else and is not written
        self.question: Question | None = None
        self.compared = NOBODY  # with whom, when there is a question
        self.findings: list[Finding] = []


class People:
    """The people of one import group, met so far or known before."""

    def __init__(self) -> None:
        self.known_ids = array("q")  # the registry's id, NOBODY for people met in the files
        self.on_roster = bytearray()
        self._last_file = array("H")  # the file a person was last seen in, 0: none of this import
        self._codes = array("q")  # 18-character numbers as integers, 0: none
        self._sexes, self._births = bytearray(), array("i")  # as stated
        self._name_ends, self._name_bytes = array("I", [0]), bytearray()
        self._later_names: dict[int, str] = {}
        self._surviving: dict[int, str] = {}
        self._other_keys: dict[int, str] = {}
        self._certificates: dict[int, str] = {}
        self._by_number, self._by_name = _Table(), _Table()
        self._names_on_record: set[int] = set()
        self._by_contact, self._by_child, self._by_family = _Table(), _Table(), _Table()
        self._by_other: dict[str, int] = {}
        self._doses = _DoseLog()

    def __len__(self) -> int:
        return len(self._codes)

    def add_known(self, known: KnownPerson) -> int:
        """Take in a person of the registry; the same one twice is taken in once."""
        person = self._new(known.name, known.id, on_roster=known.is_on_roster)
        self._set_number(person, known.number)
        self._sexes[person] = int(known.sex or 0)
        self._births[person] = known.birth
        for phone in known.phones:
            self._add_contact(known.name, phone, person)
        self._add_child_keys(person, known.child_code, known.birth_cert)
        self._add_child(person, known.name, known.sex, known.birth, known.guardian)
        for series, day in known.doses:
            self._doses.add(person, series, day)
        return person

    def add_name(self, name: str) -> None:
        """Somebody in the registry has this name, and nothing else about them matters here."""
        self._names_on_record.add(hash(name))

    def place(self, row: Understood, file: int, *, is_child: bool, answer: Answer | None = None) -> Match:
        """Join a row to a person or create one; the row must be identifiable.

        `answer` is what a person decided about a question this row raised before: it stands above
        the rule, but never joins two different numbers.
        """
        held = self._holder_of_key(row)
        if held != NOBODY:
            return self._place_under_number(held, row, file, is_child=is_child, answer=answer)
        person = self._alike(row, row.number.key, is_child=is_child)
        if person == NOBODY and answer is Answer.ONE:
            person = self._namesake(row)
            if person == NOBODY and is_child:
                person = self._bare_sibling(row)
        if person != NOBODY and answer is not Answer.TWO:
            return self._join(person, row, file, is_child=is_child)
        return self._create(row, row.number.key, file, is_child=is_child)

    def owns(self, person: int, prefix: str, value: str) -> bool:
        """Whether a child code (`code`) or certificate (`cert`) is this person's and nobody's before."""
        return self._by_other.get(f"{prefix} {value}") == person

    def _place_under_number(
        self, held: int, row: Understood, file: int, *, is_child: bool, answer: Answer | None
    ) -> Match:
        finding = self._compare_names(held, row)
        is_one = finding is None or (finding.detail == "merged" if answer is None else answer is Answer.ONE)
        if is_one:
            match = self._join(held, row, file, is_child=is_child)
        else:
            match = self._place_without_number(row, file, is_child=is_child)
            match.is_withheld = True
        if finding:
            match.findings.append(finding)
            match.question, match.compared = Question.SAME_NUMBER, held
        return match

    def _namesake(self, row: Understood) -> int:
        """The first person of this name, unless each has a number of their own."""
        person = NOBODY if row.name is None else self._by_name.first(hash(row.name))
        if person == NOBODY or self._name_of(person) != row.name:
            return NOBODY
        return person if self._numbers_fit(person, row.number.key, row.number.surviving) else NOBODY

    def add_dose(self, person: int, series: str, day: int) -> bool:
        """Note a counted dose; False if the person already has one of this series on this day."""
        return self._doses.add(person, series, day)

    def days_of(self, person: int, series: str) -> list[int]:
        """Days of a person's noted doses in a series, latest noted first."""
        return self._doses.days(person, series)

    # Finding

    def _holder_of_key(self, row: Understood) -> int:
        """The person with the row's number, child code or birth certificate; a number that differs vetoes."""
        key = row.number.key
        if key is not None:
            person = self._holder_of_number(key)
            if person != NOBODY:
                return person
        for prefix, value in (("code", row.child_code), ("cert", row.birth_cert)):
            if value is None:
                continue
            person = self._by_other.get(f"{prefix} {value}", NOBODY)
            if person != NOBODY and not self._has_other_number(person, key):
                return person
        return NOBODY

    def _holder_of_number(self, key: str) -> int:
        code = _as_code(key)
        return self._by_number.first(code) if code else self._by_other.get(key, NOBODY)

    def _has_other_number(self, person: int, key: str | None) -> bool:
        held = self._number_of(person)
        return key is not None and held is not None and held != key

    def _alike(self, row: Understood, key: str | None, *, is_child: bool) -> int:
        if is_child:
            return self._same_child(row, key)
        if row.name is None or row.phone is None:
            return NOBODY
        fitting = [
            person
            for person in dict.fromkeys(self._by_contact.all(hash((row.name, row.phone))))
            if self._numbers_fit(person, key, row.number.surviving)
        ]
        return fitting[0] if len(fitting) == 1 else NOBODY

    def _numbers_fit(self, person: int, key: str | None, surviving: str) -> bool:
        """One of the two lacks a number, and the digits that survive begin the other's."""
        held = self._number_of(person)
        left = self._surviving.get(person, "")
        if key is not None:
            return held is None and key.startswith(left)
        if held is not None:
            return held.startswith(surviving)
        return left.startswith(surviving) or surviving.startswith(left)

    def _same_child(self, row: Understood, key: str | None) -> int:
        if not (row.name and row.sex and row.birth and row.guardian):
            return NOBODY
        bare = key is None and row.birth_cert is None
        fitting = [
            person
            for person in self._by_child.all(hash((row.name, int(row.sex), row.birth, row.guardian)))
            if (bare or self._is_bare(person)) and self._numbers_fit(person, key, row.number.surviving)
        ]
        return fitting[0] if len(fitting) == 1 else NOBODY

    def _is_bare(self, person: int) -> bool:
        return self._number_of(person) is None and person not in self._certificates

    def _compare_names(self, person: int, row: Understood) -> Finding | None:
        """Same number, other name: a slip of one character, or somebody else who was given this number."""
        held = self._name_of(person)
        if held is None or row.name is None or held == row.name:
            return None
        merged = _one_character_apart(held, row.name) and not self._contradicts(person, row)
        return Finding(NAME, "same_id_different_name", "merged" if merged else "apart")

    def _contradicts(self, person: int, row: Understood) -> bool:
        sex, birth = self._sexes[person], self._births[person]
        return bool(
            (sex and row.stated_sex and sex != int(row.stated_sex))
            or (birth and row.stated_birth and birth != row.stated_birth)
        )

    def _is_borne(self, name: str) -> bool:
        """Whether somebody here or on record has this name."""
        return self._by_name.first(hash(name)) != NOBODY or hash(name) in self._names_on_record

    def _may_be_one(self, person: int, row: Understood) -> bool:
        """Same name, numbers that fit, and a birth day that agrees or is missing on one side."""
        if person == NOBODY:
            return False
        birth = self._births[person]
        return not birth or not row.birth or birth == row.birth

    def _bare_sibling(self, row: Understood) -> int:
        """A child of the same guardian born the same day, when papers do not tell the two apart."""
        sibling = self._by_family.first(hash((row.guardian, row.birth)))
        is_bare = row.number.key is None and row.birth_cert is None
        return sibling if sibling != NOBODY and (is_bare or self._is_bare(sibling)) else NOBODY

    # Placing

    def _join(self, person: int, row: Understood, file: int, *, is_child: bool) -> Match:
        match = Match(person, created=False, was_in_file=self._last_file[person] == file)
        self._last_file[person] = file
        self._complete(person, row, is_child=is_child)
        return match

    def _create(self, row: Understood, key: str | None, file: int, *, is_child: bool) -> Match:
        match = Match(NOBODY, created=True)
        if row.name is not None and self._is_borne(row.name):
            match.findings.append(Finding(NAME, "same_name_different_id"))
            if self._may_be_one(namesake := self._namesake(row), row):
                match.question, match.compared = Question.NAMESAKE, namesake
        if is_child and row.guardian and row.birth:
            if (sibling := self._bare_sibling(row)) != NOBODY and match.question is None:
                match.question, match.compared = Question.TWINS, sibling
            self._by_family.add(hash((row.guardian, row.birth)), len(self))
        match.person = person = self._new(row.name, NOBODY)
        self._last_file[person] = file
        self._sexes[person] = int(row.stated_sex or 0)
        self._births[person] = row.stated_birth
        self._set_number(person, key)
        if key is None and row.number.surviving:
            self._surviving[person] = row.number.surviving
        self._add_contact(row.name, row.phone, person)
        if is_child:
            self._add_child_keys(person, row.child_code, row.birth_cert)
            self._add_child(person, row.name, row.sex, row.birth, row.guardian)
        return match

    def _place_without_number(self, row: Understood, file: int, *, is_child: bool) -> Match:
        """A row whose number belongs to somebody else: it may join a record without number, else is a second person."""
        if not is_child and row.name and row.phone:
            fitting = [
                person
                for person in dict.fromkeys(self._by_contact.all(hash((row.name, row.phone))))
                if self._number_of(person) is None
            ]
            if len(fitting) == 1:
                return self._join_without_key(fitting[0], file)
        bare = row.number._replace(key=None)
        kept, row.number = row.number, bare
        code, cert, row.child_code, row.birth_cert = row.child_code, row.birth_cert, None, None
        try:
            return self._create(row, None, file, is_child=is_child)
        finally:
            row.number, row.child_code, row.birth_cert = kept, code, cert

    def _join_without_key(self, person: int, file: int) -> Match:
        match = Match(person, created=False, was_in_file=self._last_file[person] == file)
        self._last_file[person] = file
        return match

    def _complete(self, person: int, row: Understood, *, is_child: bool) -> None:
        """Fill what the person lacks; a blank never overwrites, a different value is left for a person to decide."""
        if row.number.key is not None and self._number_of(person) is None:
            self._set_number(person, row.number.key)
            self._surviving.pop(person, None)
        name = self._name_of(person)
        if name is None and row.name is not None:
            self._later_names[person] = name = row.name
            self._by_name.add(hash(name), person)
        if row.phone is not None and name is not None:
            key = hash((name, row.phone))
            if person not in self._by_contact.all(key):
                self._by_contact.add(key, person)
        if not self._sexes[person] and row.stated_sex:
            self._sexes[person] = int(row.stated_sex)
        if not self._births[person]:
            self._births[person] = row.stated_birth
        if is_child:
            self._add_child_keys(person, row.child_code, row.birth_cert)

    # Keeping

    def _new(self, name: str | None, known_id: int, *, on_roster: bool = True) -> int:
        person = len(self._codes)
        self._codes.append(0)
        self.known_ids.append(known_id)
        self.on_roster.append(on_roster)
        self._last_file.append(0)
        self._sexes.append(0)
        self._births.append(0)
        if name is not None:
            self._name_bytes += name.encode("utf-8", "surrogatepass")
            self._by_name.add(hash(name), person)
        self._name_ends.append(len(self._name_bytes))
        self._doses.new_person()
        return person

    def _name_of(self, person: int) -> str | None:
        start, end = self._name_ends[person], self._name_ends[person + 1]
        if start == end:
            return self._later_names.get(person)
        return self._name_bytes[start:end].decode("utf-8", "surrogatepass")

    def _set_number(self, person: int, key: str | None) -> None:
        if key is None:
            return
        if code := _as_code(key):
            self._codes[person] = code
            self._by_number.add(code, person)
        else:
            self._other_keys[person] = key
            self._by_other[key] = person

    def _number_of(self, person: int) -> str | None:
        code = self._codes[person]
        return _from_code(code) if code else self._other_keys.get(person)

    def _add_contact(self, name: str | None, phone: str | None, person: int) -> None:
        if name is not None and phone is not None:
            self._by_contact.add(hash((name, phone)), person)

    def _add_child_keys(self, person: int, code: str | None, cert: str | None) -> None:
        if code is not None:
            self._by_other.setdefault(f"code {code}", person)
        if cert is not None:
            self._by_other.setdefault(f"cert {cert}", person)
            self._certificates.setdefault(person, cert)

    def _add_child(self, person: int, name: str | None, sex: Any, birth: int, guardian: str | None) -> None:
        if name and sex and birth and guardian:
            self._by_child.add(hash((name, int(sex), birth, guardian)), person)


# Stands in a finding for "the column of the name", which only the sheet knows.
NAME = -2


class _DoseLog:
    """Days of doses per person and series, in chained flat arrays."""

    def __init__(self) -> None:
        self._heads = array("i")
        self._series: dict[str, int] = {}
        self._days, self._of, self._next = array("i"), array("H"), array("i")

    def new_person(self) -> None:
        self._heads.append(NOBODY)

    def add(self, person: int, series: str, day: int) -> bool:
        """Note a dose; False if this person already has one of this series on this day."""
        number = self._series.setdefault(series, len(self._series))
        entry = self._heads[person]
        while entry >= 0:
            if self._days[entry] == day and self._of[entry] == number:
                return False
            entry = self._next[entry]
        self._next.append(self._heads[person])
        self._heads[person] = len(self._days)
        self._days.append(day)
        self._of.append(number)
        return True

    def days(self, person: int, series: str) -> list[int]:
        number = self._series.get(series)
        return [day for day, of in self._entries(person) if of == number]

    def _entries(self, person: int) -> Iterator[tuple[int, int]]:
        entry = self._heads[person]
        while entry >= 0:
            yield self._days[entry], self._of[entry]
            entry = self._next[entry]


def _as_code(key: str) -> int:
    """An 18-character number as a positive integer, exactly; 0 for any other key."""
    if len(key) != 18 or not key[:17].isdigit():
        return 0
    return int(key[:17]) * 11 + CHECK_CHARACTERS.index(key[17]) + 1


def _from_code(code: int) -> str:
    digits, check = divmod(code - 1, 11)
    return f"{digits:017d}{CHECK_CHARACTERS[check]}"


def _one_character_apart(held: str, given: str) -> bool:
    if len(held) != len(given) or len(given) < SHORTEST_TYPO:
        return False
    return sum(a != b for a, b in zip(held, given, strict=True)) == 1
