"""People, doses, units and moves as columns: what the rules are applied to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from qingmiao.engine.coverage.days import Days, Index, Mask, Months
from qingmiao.engine.coverage.problems import Problem
from qingmiao.engine.coverage.rules import Span

NOWHERE = -1
OWN_PROVINCE, ELSEWHERE = -2, -3
NIP, MATERNITY, NON_NIP = 0, 1, 2
ROLES = {"nip": NIP, "maternity": MATERNITY, "non_nip": NON_NIP}
MOTHER_NEGATIVE = 2


@dataclass(frozen=True)
class Units:
    """Vaccinating units, in order of first mention."""

    codes: list[str]
    role: npt.NDArray[np.int8]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Code → position."""
        return {code: at for at, code in enumerate(self.codes)}

    def in_provinces(self, prefixes: frozenset[str]) -> Mask:
        """Which units lie in the provinces whose first two digits are given."""
        return np.array([code[:2] in prefixes for code in self.codes], np.bool_)


@dataclass(frozen=True)
class Children:
    """One entry per child (files of one child already merged)."""

    file: Index  # the line of the people file that speaks for the child
    born: Days
    sex: npt.NDArray[np.int32]  # 1 male, 2 female, -1 unknown
    died: Days  # NEVER while alive; 0 where the day of death is unknown
    birth_minute: npt.NDArray[np.int32]  # since midnight, -1 unknown
    birth_weight_g: npt.NDArray[np.int32]  # -1 unknown
    mother: npt.NDArray[np.int32]  # 1 HBsAg positive, 2 negative, 3 not tested, -1 unknown
    in_programme: Mask  # false for files with nothing but rabies, tetanus, influenza or COVID-19 vaccine

    def __len__(self) -> int:
        return len(self.born)

    def at_age(self, age: Span) -> Days:
        """The day on which each child reaches `age`."""
        if age not in self._birthdays:
            self._birthdays[age] = age.after(self.born)
        return self._birthdays[age]

    @cached_property
    def _birthdays(self) -> dict[Span, Days]:
        return {}


@dataclass(frozen=True)
class Stays:
    """Who manages whom: stretches of months (`first`..before `end`), sorted by child; `offset[child]` is its first."""

    child: Index
    unit: Index
    moved_on: Days  # 0 where the people file alone says who manages the child
    first: Months
    end: Months
    offset: Index  # one more entry than children

    def managing_unit(self, on: int) -> Index:
        """The unit that manages each child on a day; `NOWHERE` for nobody."""
        unit = np.full(len(self.offset) - 1, NOWHERE, np.int64)
        begun = self.moved_on <= on
        unit[self.child[begun]] = self.unit[begun]  # in order of days: the last one stays
        return unit

    def of(self, children: Index) -> tuple[Index, Index]:
        """All stretches of `children`: the position in `children`, and the stretch."""
        count = self.offset[children + 1] - self.offset[children]
        repeated = np.repeat(np.arange(len(children)), count)
        within = np.arange(len(repeated)) - np.repeat(np.cumsum(count) - count, count)
        return repeated, self.offset[children][repeated] + within


@dataclass(frozen=True)
class Records:
    """Columns of the doses file, in its own order."""

    giving: npt.NDArray[np.int32]  # position in `Units`; OWN_PROVINCE, ELSEWHERE or NOWHERE
    entering: npt.NDArray[np.int32]
    minute: npt.NDArray[np.int32]  # since midnight, -1 unknown


@dataclass(frozen=True)
class Doses:
    """Doses of the programme's vaccines, sorted by child, date and code; no two of the same child, date and code.

    `child`, `day`, `code` and `record` have one entry more, for position -1, "no dose": its day is `NEVER`.
    """

    child: npt.NDArray[np.int32]
    day: Days
    code: npt.NDArray[np.uint8]  # position in `Rules.codes`
    record: Index  # position in the doses file
    records: Records

    def __len__(self) -> int:
        return len(self.day) - 1

    def giving(self, rows: Index) -> npt.NDArray[np.int32]:
        """The giving unit of some doses."""
        return self.records.giving[self.record[rows]]

    def entering(self, rows: Index) -> npt.NDArray[np.int32]:
        """The entering unit of some doses."""
        return self.records.entering[self.record[rows]]

    def minute(self, rows: Index) -> npt.NDArray[np.int32]:
        """The time of day of some doses."""
        return self.records.minute[self.record[rows]]


@dataclass(frozen=True)
class Population:
    """Everything that the figures are made from, and the lines that were left out."""

    children: Children
    units: Units
    stays: Stays
    doses: Doses
    person_ids: Any  # Arrow column of the people file
    child_of_file: Index  # per line of the people file; -1 for a line left out
    record_ids: Any  # Arrow column of the doses file
    problems: tuple[Problem, ...]


def age_reached(doses: Doses, children: Children, rows: Index, age: Span) -> Mask:
    """Which of `rows` (doses) were given at `age` or later."""
    return doses.day[rows] >= age.after(children.born[doses.child[rows]])
