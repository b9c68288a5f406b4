"""From tables of words (people, doses, units, moves) to a `Population`. Bad lines are left out and named."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qingmiao.engine.coverage import texts
from qingmiao.engine.coverage.days import NEVER, NEVER_MONTH, Days, Index, Mask, Months, day_of_month, months_of
from qingmiao.engine.coverage.dose_columns import in_programme, latest_entry, read_lines, sort, unit_number
from qingmiao.engine.coverage.merging import rank_of
from qingmiao.engine.coverage.people_columns import Files, merge, read_people
from qingmiao.engine.coverage.population import NIP, ROLES, Population, Stays, Units
from qingmiao.engine.coverage.problems import Problem, lines_where
from qingmiao.engine.coverage.rules import Rules
from qingmiao.engine.coverage.texts import column

CUT_OFF_DAY = 10
"""数据上传截止日: the unit on the 10th of the next month manages a child for the month."""


def population(people: pa.Table, doses: pa.Table, units: pa.Table, moves: pa.Table | None, rules: Rules) -> Population:
    """Columns ready for the rules.

    `people`: person_id, birth_date; optional name, sex, birth_time, birth_weight_g, mother_hbsag, id_no, guardian,
    managing_unit, state, state_date. `doses`: person_id, code, date, giving_unit; optional record_id, time,
    entering_unit, entered_at. `units`: unit, role. `moves`: person_id, managing_unit, from_date; who is in it was
    managed by nobody before the first move. Text or typed columns, any order of lines.
    """
    numbers, roles, problems = _units(units)
    files, of_people = read_people(people)
    lines, of_doses = read_lines(doses, files, numbers, rules)
    children = merge(files, latest_entry(lines, files), in_programme(lines, files.children))
    stays, of_moves = _stays(files, children.file, moves, numbers, rules)
    role = np.full(len(numbers), NIP, np.int8)
    role[: len(roles)] = roles
    return Population(
        children=children,
        units=Units(list(numbers), role),
        stays=stays,
        doses=sort(lines, files.children),
        person_ids=files.ids,
        child_of_file=files.child,
        record_ids=lines.ids,
        problems=(*problems, *of_people, *of_doses, *of_moves),
    )


def _units(table: pa.Table) -> tuple[dict[str, int], list[int], list[Problem]]:
    """Codes by number, their roles, and what is wrong with the units file."""
    numbers: dict[str, int] = {}
    roles: list[int] = []
    problems = []
    for at, (code, role) in enumerate(zip(_words(table, "unit"), _words(table, "role"), strict=True)):
        if code in numbers:
            problems.append(Problem("units", at + 2, "unit", "unit_twice"))
            continue
        if role not in ROLES:
            problems.append(Problem("units", at + 2, "role", "role_unknown"))
        numbers[code] = len(numbers)
        roles.append(ROLES.get(role, NIP))
    return numbers, roles, problems


def _words(table: pa.Table, name: str) -> list[str]:
    position, spelled = texts.distinct(column(table, name))
    return [spelled[at] for at in position]


def _stays(
    files: Files, speaks: Index, moves: pa.Table | None, units: dict[str, int], rules: Rules
) -> tuple[Stays, list[Problem]]:
    """Who manages whom in which months: by the moves, else by the people file for all time."""
    position, spelled = files.unit_words
    managing = np.array([unit_number(word, units, rules) for word in spelled], np.int64)[position][speaks]
    child, day, unit, problems = _moves(files, moves, units, rules)
    settled = np.ones(files.children, np.bool_)
    settled[child] = False
    at_home = settled.nonzero()[0]
    child, unit = np.concatenate([at_home, child]), np.concatenate([managing[at_home], unit])
    moved_on = np.concatenate([np.zeros(len(at_home), np.int32), day])
    return _in_order(child, moved_on, unit, files.children), problems


def first_month(moved_on: Days) -> Months:
    """The first month for which a move on this day decides: the month before, when it lies up to the cut-off day."""
    return (months_of(moved_on) - (day_of_month(moved_on) <= CUT_OFF_DAY)).astype(np.int32)


def _moves(
    files: Files, moves: pa.Table | None, units: dict[str, int], rules: Rules
) -> tuple[Index, Days, Index, list[Problem]]:
    """Child, day and unit of every usable move, each child's moves in order of the day."""
    if moves is None:
        return np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int64), []
    day, bad = texts.days(column(moves, "from_date"))
    file = texts.positions(column(moves, "person_id"), files.ids)
    child = np.append(files.child, -1)[file]
    position, spelled = texts.distinct(column(moves, "managing_unit"))
    unit = np.array([unit_number(word, units, rules) for word in spelled], np.int64)[position]
    problems = [
        *lines_where(bad, "moves", "from_date", "date_unreadable"),
        *lines_where((day == NEVER) & ~bad, "moves", "from_date", "date_missing"),
        *lines_where(file < 0, "moves", "person_id", "person_unknown"),
    ]
    usable = (~bad & (day < NEVER) & (child >= 0)).nonzero()[0]
    order = usable[np.lexsort((_code_rank(units)[unit[usable]], day[usable], child[usable]))]
    return child[order], day[order], unit[order], problems


def _code_rank(units: dict[str, int]) -> Index:
    """Units in the order of their codes; decides only between two moves of one child on one day."""
    return np.append(rank_of(pa.chunked_array([list(units)], pa.string())), [0] * 3)


def _in_order(child: Index, moved_on: Days, unit: Index, children: int) -> Stays:
    """Stretches of months sorted by child; each ends where the child's next one begins."""
    order = np.argsort(child, kind="stable")
    child, moved_on, unit = child[order], moved_on[order], unit[order]
    first = first_month(moved_on)
    end = np.full(len(child), NEVER_MONTH, np.int32)
    followed: Mask = child[1:] == child[:-1]
    end[:-1][followed] = first[1:][followed]
    offset = np.searchsorted(child, np.arange(children + 1))
    return Stays(child=child, unit=unit, moved_on=moved_on, first=first, end=end, offset=offset)
