"""Small populations drawn as tables of text, and rows of the national tables asked of them."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from qingmiao.engine.coverage.answering import Answer, Coverage
from qingmiao.engine.coverage.asking import read
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.loading import load

UNITS = {"A": "370199000101", "B": "370199000102", "H": "370199000201", "N": "370199000301", "X": "650199000101"}
ROLES = {"A": "nip", "B": "nip", "H": "maternity", "N": "non_nip", "X": "nip"}
UNITS_FILE = pa.table({"unit": list(UNITS.values()), "role": [ROLES[name] for name in UNITS]})
PERSON = {"sex": "2", "mother": "02", "unit": "A", "name": "", "id_no": "", "guardian": "", "grams": "", "time": ""}
PEOPLE = {
    "id": "person_id",
    "born": "birth_date",
    "sex": "sex",
    "mother": "mother_hbsag",
    "name": "name",
    "id_no": "id_no",
    "guardian": "guardian",
    "grams": "birth_weight_g",
    "time": "birth_time",
    "unit": "managing_unit",
    "state": "state",
    "died": "state_date",
}
DOSES = {
    "who": "person_id",
    "code": "code",
    "date": "date",
    "at": "giving_unit",
    "by": "entering_unit",
    "entered": "entered_at",
    "time": "time",
    "record": "record_id",
}


def lines(text: str) -> list[dict[str, str]]:
    """The lines of a drawn table: a heading, then cells between bars."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def people_file(text: str) -> pa.Table:
    """People; the letters of units stand for their codes."""
    rows = [{**PERSON, "state": "active", "died": "", **line} for line in lines(text)]
    return table(PEOPLE, [{**row, "unit": UNITS.get(row["unit"], row["unit"])} for row in rows])


def doses_file(text: str) -> pa.Table:
    """Doses; several letters under `who` are as many people with the same dose."""
    rows = []
    for line in lines(text):
        at = UNITS.get(line["at"], line["at"])
        by = UNITS.get(line.get("by", ""), "") or at
        together = line["who"].isalpha() and line["who"].islower()
        for who in line["who"] if together else [line["who"]]:
            entered = line.get("entered") or line["date"]
            row = {"time": "", **line, "who": who, "at": at, "by": by, "entered": entered}
            rows.append({**row, "record": line.get("record") or f"R{len(rows):03d}"})
    return table(DOSES, rows)


def table(names: dict[str, str], rows: list[dict[str, str]]) -> pa.Table:
    """Rows of text as a table with the official names of columns."""
    return pa.table({name: pa.array([row[ours] for row in rows], pa.string()) for ours, name in names.items()})


@dataclass(frozen=True)
class Drawn:
    """A drawn population that can be asked."""

    people: str
    doses: str

    def coverage(self, **readings: str) -> Coverage:
        """The population under the rules with these readings."""
        rules = load(**readings)
        found = population(people_file(self.people), doses_file(self.doses), UNITS_FILE, None, rules)
        assert found.problems == ()
        return Coverage(found, rules)

    def answer(self, row: str, unit: str, when: str) -> Answer:
        """A row such as `HepB 3`, perhaps with readings, at A or A+B; months, or a census day @ an age group."""
        words = row.split()
        vaccine, dose = [*(word for word in words if "=" not in word), ""][:2]
        coverage = self.coverage(**dict(word.split("=") for word in words if "=" in word))
        return coverage.answer(read(question(vaccine, dose, unit, when), coverage.rules))


def question(vaccine: str, dose: str, unit: str, when: str) -> dict[str, str]:
    """A line of a file of questions."""
    asked = {"unit": "+".join(UNITS[name] for name in unit.split("+")), "vaccine": vaccine, "dose": dose}
    if "@" in when:
        census, group = when.split("@")
        return {**asked, "report": "cohort", "census_date": census.strip(), "age_group": group.strip()}
    first, _, last = when.partition("..")
    return {**asked, "report": "period", "from_month": first, "to_month": last or first}
