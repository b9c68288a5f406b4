"""The people file as columns: one entry per line that can be placed, each with the child it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from qingmiao.engine.coverage import texts
from qingmiao.engine.coverage.days import NEVER, Days, Index, Mask
from qingmiao.engine.coverage.merging import last_file, rank_of, same_child
from qingmiao.engine.coverage.population import Children
from qingmiao.engine.coverage.problems import Problem, lines_where
from qingmiao.engine.coverage.texts import Numbers, Words, column

_FILE = "people"


@dataclass(frozen=True)
class Files:
    """One entry per line of the people file; `child` is -1 for a line left out."""

    ids: Words
    child: Index
    born: Days
    sex: Numbers
    died: Days
    birth_minute: Numbers
    birth_weight_g: Numbers
    mother: Numbers
    unit_words: tuple[Numbers, list[str]]

    @cached_property
    def each_a_child(self) -> bool:
        """Whether every line is a child of its own, so that their numbers agree."""
        return bool((self.child == np.arange(len(self.child))).all())

    @cached_property
    def children(self) -> int:
        """How many children the files belong to."""
        return int(self.child.max(initial=-1)) + 1


def read_people(table: pa.Table) -> tuple[Files, list[Problem]]:
    """The people file. A line without a readable birth date, or with an id seen before, is left out."""
    born, bad_birth = texts.days(column(table, "birth_date"))
    died, bad_death = _deaths(table)
    sex, bad_sex = texts.numbers(column(table, "sex"), _sex)
    minute, bad_minute = texts.numbers(column(table, "birth_time"), texts.parse_minute)
    weight, bad_weight = texts.numbers(column(table, "birth_weight_g"), texts.parse_number)
    mother, bad_mother = texts.numbers(column(table, "mother_hbsag"), texts.parse_number)
    ids = column(table, "person_id")
    nameless, twice = _unusable_ids(ids)
    problems = [
        *lines_where(nameless, _FILE, "person_id", "person_id_missing"),
        *lines_where(twice, _FILE, "person_id", "person_twice"),
        *lines_where(bad_birth, _FILE, "birth_date", "date_unreadable"),
        *lines_where((born == NEVER) & ~bad_birth, _FILE, "birth_date", "date_missing"),
        *lines_where(bad_death, _FILE, "state_date", "date_unreadable"),
        *lines_where(bad_sex, _FILE, "sex", "sex_unknown"),
        *lines_where(bad_minute, _FILE, "birth_time", "time_unreadable"),
        *lines_where(bad_weight, _FILE, "birth_weight_g", "number_unreadable"),
        *lines_where(bad_mother, _FILE, "mother_hbsag", "number_unreadable"),
    ]
    usable = ~(nameless | twice | bad_birth | (born == NEVER))
    files = Files(
        ids=ids,
        child=_children(table, born, sex, usable),
        born=born,
        sex=np.where(bad_sex, -1, sex),
        died=np.where(bad_death, 0, died),
        birth_minute=np.where(bad_minute, -1, minute),
        birth_weight_g=np.where(bad_weight, -1, weight),
        mother=np.where(bad_mother, -1, mother),
        unit_words=texts.distinct(column(table, "managing_unit")),
    )
    return files, problems


def _sex(word: str) -> int:
    known = {"": -1, "1": 1, "2": 2, "男": 1, "女": 2}
    if word not in known:
        raise ValueError(word)
    return known[word]


def _deaths(table: pa.Table) -> tuple[Days, Mask]:
    """Day of death; `NEVER` for the living, 0 where the day is not known."""
    on, bad = texts.days(column(table, "state_date"))
    dead, _ = texts.numbers(column(table, "state"), lambda word: word in ("dead", "死亡"))
    died = np.where(dead == 0, NEVER, np.where(on == NEVER, 0, on)).astype(np.int32)
    return died, bad & (dead == 1)


def _unusable_ids(ids: Words) -> tuple[Mask, Mask]:
    """Lines without an id, and lines whose id stands on an earlier line."""
    number, known = texts.labels(ids)
    highest = np.maximum.accumulate(number)
    twice = np.zeros(len(number), np.bool_)
    twice[1:] = number[1:] <= highest[:-1]
    return ~known, twice & known


def _children(table: pa.Table, born: Days, sex: Numbers, usable: Mask) -> Index:
    """个案合并 on 姓名+证件号, or 姓名+性别+出生日期+监护人."""
    (name, has_name), (number, has_number), (guardian, has_guardian) = (
        texts.labels(column(table, field)) for field in ("name", "id_no", "guardian")
    )
    keys = [
        ((name, number), usable & has_name & has_number),
        ((name, sex, born, guardian), usable & has_name & has_guardian & (sex > 0)),
    ]
    child = np.full(len(born), -1, np.int64)
    among = [(tuple(one[usable] for one in columns), known[usable]) for columns, known in keys]
    child[usable] = same_child(int(usable.sum()), among)
    return child


def merge(files: Files, latest_entry: Days, in_programme: Mask) -> Children:
    """One entry per child: its latest file speaks for it, what that file leaves open is taken from the others."""
    usable = (files.child >= 0).nonzero()[0]
    speaks = usable
    if len(usable) > files.children:
        rank = rank_of(files.ids)[usable]
        speaks = usable[last_file(files.child[usable], latest_entry[usable], rank, files.children)]
    died = np.full(files.children, NEVER, np.int32)
    np.minimum.at(died, files.child[usable], files.died[usable])
    return Children(
        file=speaks,
        born=files.born[speaks],
        sex=_filled(files, files.sex, speaks),
        died=died,
        birth_minute=_filled(files, files.birth_minute, speaks),
        birth_weight_g=_filled(files, files.birth_weight_g, speaks),
        mother=_filled(files, files.mother, speaks),
        in_programme=in_programme,
    )


def _filled(files: Files, values: Numbers, speaks: Index) -> Numbers:
    """The value of the speaking file or, where unknown (-1), the largest known one among the child's other files."""
    if files.children == len(files.child):
        return values[speaks]
    usable = files.child >= 0
    known = np.full(files.children, -1, np.int32)
    np.maximum.at(known, files.child[usable], values[usable])
    return np.where(values[speaks] >= 0, values[speaks], known)
