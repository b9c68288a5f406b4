"""The doses file as columns, sorted by child, date and code, each dose once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from qingmiao.engine.coverage import texts
from qingmiao.engine.coverage.days import NEVER, Days, Index, Mask
from qingmiao.engine.coverage.merging import rank_of, repeated, twins
from qingmiao.engine.coverage.people_columns import Files
from qingmiao.engine.coverage.population import ELSEWHERE, NOWHERE, OWN_PROVINCE, Doses, Records
from qingmiao.engine.coverage.problems import Problem, lines_where
from qingmiao.engine.coverage.rules import Rules
from qingmiao.engine.coverage.sorting import in_order
from qingmiao.engine.coverage.texts import Numbers, Words, column

_FILE = "doses"
_CODE_BITS = 7
_THREADS = 2
_NOT_PROGRAMME, _OTHER = 250, 251


@dataclass(frozen=True)
class Lines:
    """One entry per line of the doses file; `usable` is false for a line left out."""

    file: Numbers  # the person's line in the people file
    child: Numbers
    day: Days
    code: Numbers  # position in `Rules.codes`, or `_NOT_PROGRAMME`, or `_OTHER`
    entered_on: Words
    ids: Words
    records: Records
    usable: Mask


def read_lines(table: pa.Table, files: Files, units: dict[str, int], rules: Rules) -> tuple[Lines, list[Problem]]:
    """The doses file. Left out: unreadable dates and codes, persons not in the people file, doses before birth."""
    with ThreadPoolExecutor(_THREADS) as pool:
        persons = pool.submit(texts.positions, column(table, "person_id"), files.ids)
        days = pool.submit(texts.days, column(table, "date"))
        codes = pool.submit(texts.numbers, column(table, "code"), _code_reader(rules))
        minutes = pool.submit(texts.numbers, column(table, "time"), texts.parse_minute)
        # One task for both, so that units not listed before are numbered in the same order every time.
        both_units = pool.submit(_giving_and_entering, table, units, rules)
    file, (day, bad_day), (code, bad_code) = persons.result(), days.result(), codes.result()
    (minute, bad_minute), (giving, entering) = minutes.result(), both_units.result()
    unknown = file < 0
    child = file if files.each_a_child else np.append(files.child, -1).astype(np.int32)[file]
    before_birth = day < np.append(files.born, 0)[file]
    problems = [
        *lines_where(bad_day, _FILE, "date", "date_unreadable"),
        *lines_where((day == NEVER) & ~bad_day, _FILE, "date", "date_missing"),
        *lines_where(bad_code, _FILE, "code", "code_unreadable"),
        *lines_where(bad_minute, _FILE, "time", "time_unreadable"),
        *lines_where(unknown, _FILE, "person_id", "person_unknown"),
        *lines_where(before_birth & ~bad_day, _FILE, "date", "before_birth"),
        *lines_where(giving == NOWHERE, _FILE, "giving_unit", "unit_missing"),
    ]
    usable = ~(bad_day | (day == NEVER) | bad_code | before_birth) & (child >= 0)
    records = Records(giving, entering, np.where(bad_minute, -1, minute))
    entered_on, ids = column(table, "entered_at"), column(table, "record_id")
    return Lines(file, child, day, code, entered_on, ids, records, usable), problems


def _code_reader(rules: Rules) -> Callable[[str], int]:
    known = {code: at for at, code in enumerate(rules.codes)}

    def read(word: str) -> int:
        if not (len(word) == 4 and word.isdigit()):
            raise ValueError(word)
        return known.get(word, _NOT_PROGRAMME if word[:2] in rules.not_programme_majors else _OTHER)

    return read


def _giving_and_entering(table: pa.Table, units: dict[str, int], rules: Rules) -> tuple[Numbers, Numbers]:
    return _units(table, "giving_unit", units, rules), _units(table, "entering_unit", units, rules)


def _units(table: pa.Table, field: str, units: dict[str, int], rules: Rules) -> Numbers:
    """Giving or entering unit by number; units not listed before are added to `units`."""
    position, spelled = texts.distinct(column(table, field))
    return np.array([unit_number(word, units, rules) for word in spelled], np.int32)[position]


def unit_number(word: str, units: dict[str, int], rules: Rules) -> int:
    """The number of a unit code; 补录 codes and a missing unit have numbers below zero."""
    if not word:
        return NOWHERE
    if place := rules.giving_unit_codes.get(word):
        return OWN_PROVINCE if place == "own_province" else ELSEWHERE
    return units.setdefault(word, len(units))


def in_programme(lines: Lines, children: int) -> Mask:
    """False for children whose files hold nothing but rabies, tetanus, influenza or COVID-19 vaccine."""
    known = lines.child >= 0
    any_dose, other = (np.zeros(children, np.bool_) for _ in range(2))
    any_dose[lines.child[known]] = True
    other[lines.child[known & (lines.code != _NOT_PROGRAMME)]] = True
    return other | ~any_dose


def latest_entry(lines: Lines, files: Files) -> Days:
    """The last day on which something was entered into each file; read only where files were merged."""
    latest = np.zeros(len(files.child), np.int32)
    if files.children < int((files.child >= 0).sum()):
        entered, _ = texts.days(lines.entered_on)
        known = (lines.file >= 0) & (entered < NEVER)
        np.maximum.at(latest, lines.file[known], entered[known])
    return latest


def sort(lines: Lines, children: int) -> Doses:
    """按日期重新排序: the doses of the programme by child, date and code, each once."""
    when = (lines.day << _CODE_BITS) | lines.code
    record = in_order(lines.child, when, lines.usable & (lines.code < _NOT_PROGRAMME), children)
    child, when = lines.child[record], when[record]
    if len(dropped := _dropped(lines, child, when, record)):
        kept = np.ones(len(record), np.bool_)
        kept[dropped] = False
        child, when, record = child[kept], when[kept], record[kept]
    return Doses(
        child=np.append(child, np.int32(-1)),
        day=np.append(when >> _CODE_BITS, np.int32(NEVER)),
        code=np.append((when & ((1 << _CODE_BITS) - 1)).astype(np.uint8), np.uint8(255)),
        record=np.append(record, -1),
        records=lines.records,
    )


def _dropped(lines: Lines, child: Numbers, when: Numbers, record: Index) -> Index:
    """剔除重复: of the same child, date and code all records but the one that counts."""
    among = twins((child[1:] == child[:-1]) & (when[1:] == when[:-1]))
    same = record[among]
    own = lines.records.giving[same] == lines.records.entering[same]
    entered, _ = texts.days(lines.entered_on.take(same))
    return among[repeated(child[among], when[among], own, entered, rank_of(lines.ids.take(same)))]
