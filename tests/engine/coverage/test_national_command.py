"""`qingmiao coverage national`: files in, answers out, bad lines named, nothing lost."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest
import typer

from qingmiao.cli import exits
from qingmiao.cli.coverage_national import national

PEOPLE = """person_id,name,sex,birth_date,managing_unit,state
ai,艾,2,2025-01-05,A,active
bo,波,1,2025-01-06,A,active
"""
DOSES = """record_id,person_id,code,date,giving_unit,entering_unit,entered_at
R1,ai,0303,2025-03-05,A,A,2025-03-05
R2,bo,0303,2025-04-08,A,A,2025-04-08
"""
ASK = """report,unit,from_month,to_month,census_date,age_group,vaccine,dose
period,A,2025-03,2025-04,,,Polio,1
period,A,2025-03,2025-03,,,DTP,5DT
cohort,A,,,2026-12-31,1,Polio,1
"""
TEXTS = {"people": PEOPLE, "doses": DOSES, "units": "unit,name,role\nA,clinic,nip\n", "ask": ASK}


class Folder:
    """A folder of input files, and the command run on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name, text in TEXTS.items():
            self.write(name, text)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        (self.path / f"{name}.csv").write_text(text, encoding=encoding)

    def run(self, *more: str, suffix: str = ".csv") -> int:
        app = typer.Typer(pretty_exceptions_enable=False)
        app.command()(national)
        files = [
            word for name in ("people", "doses", "units") for word in (f"--{name}", str(self.path / (name + suffix)))
        ]
        out = ["--ask", str(self.path / "ask.csv"), "-o", str(self.path / "out.csv")]
        return exits.guarded(lambda: app([*files, *out, *more]))

    def answers(self, name: str = "out.csv") -> list[dict[str, str]]:
        with (self.path / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def figures(self) -> list[list[str]]:
        return [[line[name] for name in ("due", "done_nip", "done_sub", "done", "rate_pct")] for line in self.answers()]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


ANSWERS = [["2", "2", "0", "2", "100.00"], ["NA", "0", "0", "0", ""], ["2", "", "", "2", "100.00"]]


def test_every_row_is_answered_in_order_with_its_rules(folder: Folder) -> None:
    assert folder.run() == 0
    assert folder.figures() == ANSWERS
    first = folder.answers()[0]
    assert (first["report"], first["dose"], first["ruleset"]) == ("period", "1", "cn.coverage.46-2024")
    assert "own_province_unit_unknown=not_counted" in first["readings"]


def test_parquet_gives_the_same_answers(folder: Folder) -> None:
    for name in ("people", "doses", "units"):
        table = pyarrow.csv.read_csv(folder.path / f"{name}.csv")
        pyarrow.parquet.write_table(table, folder.path / f"{name}.parquet")
    assert folder.run(suffix=".parquet") == 3  # Arrow took 0303 for a number: no code of four digits
    words = pyarrow.csv.ConvertOptions(column_types={"code": "string"})
    table = pyarrow.csv.read_csv(folder.path / "doses.csv", convert_options=words)
    pyarrow.parquet.write_table(table, folder.path / "doses.parquet")
    assert folder.run(suffix=".parquet") == 0
    assert folder.figures() == ANSWERS


def test_a_mark_before_the_first_letter_and_quoted_cells_do_no_harm(folder: Folder) -> None:
    folder.write("people", "\ufeff" + PEOPLE.replace("bo,波", '"bo","波"'))
    assert folder.run() == 0
    assert folder.figures() == ANSWERS


def test_a_unit_that_no_file_mentions_is_zero_and_said(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.write("ask", ASK.splitlines()[0] + "\nperiod,Z,2025-03,2025-03,,,Polio,1\n")
    assert folder.run() == 0
    assert folder.figures() == [["0", "0", "0", "0", ""]]
    assert "Z: 没有文件提到此单位" in capsys.readouterr().err


def test_files_in_gb18030_are_read(folder: Folder) -> None:
    folder.write("people", PEOPLE, encoding="gb18030")
    assert folder.run() == 0
    assert folder.figures() == ANSWERS


def test_bad_lines_are_named_and_the_rest_is_counted(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "R3,nobody,0303,2025-03-05,A,A,\nR4,ai,0303\nR5,ai,0303,2025-13-05,A,A,\n\nR6,ai,3,2025-05-05,A,A,\n"
    folder.write("doses", DOSES + bad + "R7,bo,0303,2024-12-31,A,A,\n")
    assert folder.run() == 3
    assert folder.figures() == ANSWERS
    found = [(line["file"], line["line"], line["reason"]) for line in folder.answers("out.csv.problems.csv")]
    assert found == [
        ("doses", "4", "person_unknown"),
        ("doses", "5", "columns_wrong"),
        ("doses", "6", "date_unreadable"),
        ("doses", "8", "code_unreadable"),
        ("doses", "9", "before_birth"),
    ]
    assert "doses:4: person_id: 个案表中没有此人" in capsys.readouterr().err


def test_a_dose_before_birth_is_told_and_is_no_bad_line(folder: Folder) -> None:
    folder.write("doses", DOSES + "R7,bo,0303,2024-12-31,A,A,\n")
    assert folder.run() == 0
    assert folder.figures() == ANSWERS
    assert [line["reason"] for line in folder.answers("out.csv.problems.csv")] == ["before_birth"]


def test_a_question_that_no_table_answers_stays_empty(folder: Folder) -> None:
    folder.write("ask", ASK + "period,A,2024-12,2025-01,,,Polio,1\nperiod,A,2025-01,2025-01,,,Polio,9\n")
    assert folder.run() == 3
    assert folder.figures() == [*ANSWERS, [""] * 5, [""] * 5]
    found = [(line["line"], line["reason"]) for line in folder.answers("out.csv.problems.csv")]
    assert found == [("5", "months_cross_year"), ("6", "row_unknown")]


def test_a_reading_that_is_not_offered_is_refused(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.run("--reading", "hepb3_after_dose_2=2m") == 2
    assert "5m, 1m" in capsys.readouterr().err
    assert folder.run("--reading", "hepb3_after_dose_2=1m") == 0


def test_a_file_without_a_needed_column_is_refused(folder: Folder) -> None:
    folder.write("doses", DOSES.replace("giving_unit", "gave"))
    assert folder.run() == 4


def test_no_doses_at_all_is_an_answer(folder: Folder) -> None:
    folder.write("doses", DOSES.splitlines()[0] + "\n")
    assert folder.run() == 0
    assert folder.figures()[0] == ["2", "0", "0", "0", "0.00"]


def test_the_people_and_doses_behind_a_figure(folder: Folder) -> None:
    assert folder.run("--behind", str(folder.path / "behind.csv")) == 0
    behind = [line for line in folder.answers("behind.csv") if line["row"] == "2"]
    assert [(line["person_id"], line["record_id"]) for line in behind if line["figure"] == "done_nip"] == [
        ("ai", "R1"),
        ("bo", "R2"),
    ]
    assert len([line for line in behind if line["figure"] == "due"]) == 2
