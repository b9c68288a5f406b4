"""以乡镇为单位接种率大于90%的比例: which townships, after merging the small ones, are above 90 per cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qingmiao.engine.coverage import texts
from qingmiao.engine.coverage.asking import CannotAsk
from qingmiao.engine.coverage.days import Index, Mask
from qingmiao.engine.coverage.population import Population
from qingmiao.engine.coverage.problems import Problem, lines_where
from qingmiao.engine.coverage.rules import Townships
from qingmiao.engine.coverage.texts import column


@dataclass(frozen=True)
class Township:
    """A township as its county lists it."""

    key: str
    code: str
    residents: int
    neighbour: str


@dataclass(frozen=True)
class Places:
    """The townships and where each child of the population lives (-1: not known)."""

    townships: list[Township]
    lives_in: Index

    def members(self, keys: Sequence[str]) -> Mask:
        """Children who live in one of the townships; raises `CannotAsk` for one that is not listed."""
        number = {one.key: at for at, one in enumerate(self.townships)}
        if not number.keys() >= set(keys):
            raise CannotAsk("unit", "township_unknown")
        return np.isin(self.lives_in, [number[key] for key in keys])

    def merged(self, rule: Townships, county: str = "") -> list[list[str]]:
        """Townships below the limit joined with their neighbours; `county` keeps those whose code begins with it."""
        mine = {one.key: one for one in self.townships if one.code.startswith(county)}
        group = {key: [key] for key in mine}
        for one in mine.values():
            small = one.residents < rule.merge_below_residents
            if small and one.neighbour in mine and group[one.neighbour] is not group[one.key]:
                group[one.neighbour].extend(group[one.key])
                for key in group[one.key]:
                    group[key] = group[one.neighbour]
        return list({id(keys): sorted(keys) for keys in group.values()}.values())


def read_places(townships: pa.Table, people: pa.Table, population: Population) -> tuple[Places, list[Problem]]:
    """`townships`: township, code, residents, merge_with. `people`: person_id, township."""
    listed = [_township(line) for line in townships.cast(_as_text(townships)).to_pylist()]
    number = {one.key: at for at, one in enumerate(listed)}
    file = texts.positions(column(people, "person_id"), population.person_ids)
    position, spelled = texts.distinct(column(people, "township"))
    township = np.array([number.get(word, -1) for word in spelled])[position]
    child = np.append(population.child_of_file, -1)[file]
    known = (child >= 0) & (township >= 0)
    lives_in = np.full(len(population.children), -1, np.int64)
    lives_in[child[known]] = township[known]
    problems = [
        *lines_where(file < 0, "people_township", "person_id", "person_unknown"),
        *lines_where(township < 0, "people_township", "township", "township_unknown"),
    ]
    return Places(listed, lives_in), problems


def _as_text(table: pa.Table) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in table.column_names])


def _township(line: dict[str, str | None]) -> Township:
    word = {key: (value or "").strip() for key, value in line.items()}
    residents = texts.parse_number(word.get("residents", ""))
    # Residents not known: too many to merge, so that no township disappears by mistake.
    return Township(
        key=word["township"],
        code=word.get("code", ""),
        residents=residents if residents >= 0 else 10**9,
        neighbour=word.get("merge_with", ""),
    )
