"""`qingmiao schedule` and `qingmiao rules import-cdsi`, as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from qingmiao.engine.compiled import kernel_functions
from qingmiao.engine.trace import _QUESTIONS

GOOD = {
    "id": "one",
    "birth_date": "2026-07-15",
    "sex": "F",
    "on": "2026-10-13",
    "doses": [{"date": "2026-07-15", "vaccine": "0202"}],
}
LINES = [
    json.dumps(GOOD),
    "this is not JSON",
    '{"id": "no-day", "birth_date": "2026-07-15"}',
    '{"id": "odd-day", "birth_date": "2026-02-30", "on": "2026-10-13"}',
    '{"id": "no-code", "birth_date": "2026-02-03", "on": "2026-10-13", "doses": [{"date": "2026-03-03"}]}',
    '["a", "list"]',
    json.dumps(GOOD | {"id": "two", "doses": [{"date": "2026-07-15", "vaccine": "0000"}]}),
]
UNREADABLE = {
    b'{"id": "torn", "birth_date": ': "not JSON: Expecting value",
    '{"id": "张三", "on": "2026-10-13"}'.encode("gb18030"): "not UTF-8 at byte 9",
    b'{"id": "half", "name": "\\ud83d"}': "not JSON that can be read",
    b'{"id": "deep", "doses": ' + b"[" * 100_000: "not JSON that can be read",
    b'{"id": "wide", "n": ' + b"9" * 5000 + b"}": "not JSON that can be read",
    b'{"id": "sex", "on": "2026-10-13", "sex": 2}': "sex is not a text: 2",
    b'{"id": "sex", "on": "2026-10-13", "sex": "X"}': "sex is not F, M or U: 'X'",
    b'{"id": "facts", "on": "2026-10-13", "facts": ["hiv"]}': "facts is not an object",
    b'{"id": "fact", "on": "2026-10-13", "facts": {"birth_weight_g": "1,9"}}': "fact birth_weight_g cannot be read",
    b'{"id": "fact", "on": "2026-10-13", "facts": {"ig_date": "2026-02-30"}}': "fact ig_date cannot be read",
    b'{"id": "hour", "on": "2026-10-13", "facts": {"birth_time": "24:30"}}': "birth_time is not HH:MM: '24:30'",
    b'{"id": "no date", "on": "2026-10-13", "birth_date": "9999-12-31"}': "birth_date lies outside 1850 to 2149",
    b'{"id": "dose", "on": "2026-10-13", "doses": [7]}': "doses: number 1 is not an object",
    b'{"id": "dose", "on": "2026-10-13", "doses": [{"vaccine": "0202"}]}': "dose 1: no date",
    b'{"id": "maker", "on": "2026-10-13", "doses": [{"date": "2026-10-01", "vaccine": "0202", "mvx": 1}]}': (
        "dose 1: mvx is not a text: 1"
    ),
}


def qingmiao(group: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"qingmiao.cli.{group}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_bad_lines_are_reported_answered_and_counted(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    done = qingmiao("schedule", "assess", "--rules", "cn", str(source), "-o", str(target))
    assert done.returncode == 3
    answers = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["one", None, "no-day", "odd-day", "no-code", None, "two"]
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, True, True]
    assert "line 2: not JSON" in done.stderr
    assert "line 4: birth_date is not a date: '2026-02-30'" in done.stderr
    assert "line 7: dose 1: vaccine 0000 is not known to these rules" in done.stderr
    assert answers[6]["not_judged"] == [{"n": 1, "vaccine": "0000", "why": "unknown_vaccine"}]
    assert answers[6]["series"][0]["status"] == "overdue"


@pytest.mark.slow
def test_no_line_stops_the_others(tmp_path: Path) -> None:
    """Byte order mark, Windows' line ends, empty lines; each line that cannot be read is named and answered."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = json.dumps(GOOD).encode()
    source.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([good, b"", *UNREADABLE, b"  ", good]))
    done = qingmiao("schedule", "assess", "--rules", "cn", str(source), "-o", str(target))
    assert done.returncode == 3, done.stderr
    first, *bad, last = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert first == last
    assert "error" not in first
    for number, (answer, (line, why)) in enumerate(zip(bad, UNREADABLE.items(), strict=True), 3):
        assert answer["line"] == number
        assert answer["error"].startswith(why), line[:80]
        assert f"line {number}: {why}" in done.stderr
        assert answer["id"] in line.decode(errors="replace")


@pytest.mark.slow
def test_every_dose_stands_in_the_answer_whether_judged_or_not(tmp_path: Path) -> None:
    """Influenza vaccine counts for no series of the programme; without a birth date nothing can be judged."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    doses = [{"date": "2026-07-15", "vaccine": "0202"}, {"date": "2026-10-01", "vaccine": "2101"}]
    lines = [GOOD | {"id": 1, "doses": doses}, GOOD | {"id": 2, "doses": doses, "birth_date": None}]
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = qingmiao("schedule", "assess", "--rules", "cn", str(source), "-o", str(target))
    assert done.returncode == 0, done.stderr
    known, unknown = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert (known["id"], unknown["id"]) == (1, 2)
    assert [dose["n"] for dose in known["doses"]] == [1]
    assert known["not_judged"] == [{"n": 2, "vaccine": "2101", "why": "no_series"}]
    assert [dose["why"] for dose in unknown["not_judged"]] == ["no_birth_date"] * 2


@pytest.mark.slow
def test_a_file_may_be_answered_into_itself_and_a_refused_run_leaves_it_alone(tmp_path: Path) -> None:
    both = tmp_path / "both.jsonl"
    both.write_text(LINES[0], encoding="utf-8")
    assert qingmiao("schedule", "assess", "--rules", "cn@1985-12-31", str(both), "-o", str(both)).returncode == 7
    assert both.read_text(encoding="utf-8") == LINES[0]
    assert qingmiao("schedule", "assess", "--rules", "cn", str(both), "-o", str(both)).returncode == 0
    assert json.loads(both.read_text(encoding="utf-8"))["id"] == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["both.jsonl"]


@pytest.mark.slow
def test_a_ruleset_nobody_knows_is_refused_whole(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(LINES[0], encoding="utf-8")
    done = qingmiao("schedule", "assess", "--rules", "atlantis", str(source), "-o", str(tmp_path / "out"))
    assert done.returncode == 4
    assert "atlantis" in done.stderr


@pytest.mark.slow
def test_the_trace_names_the_questions_their_answers_and_rules(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(LINES[0] + "\n", encoding="utf-8")
    done = qingmiao("schedule", "assess", "--rules", "cn", "--trace", str(source), "-o", str(target))
    assert done.returncode == 0, done.stderr
    said = [line.strip() for line in done.stdout.splitlines()]
    asked = [
        "PERSON one",
        "SERIES cn.hepb.standard: not_complete  [cn.hepb.standard]",
        "has observation hepb_four_doses: no  [cn.hepb.standard]",
        "DOSE 0202 on 2026-07-15: valid  [cn.hepb.dose_1]",
        "evaluate age: nothing against it  [cn.hepb.dose_1]",
        "birth + 0 days: 2026-07-15  [cn.hepb.dose_1]",
        "day 2026-07-15 + 28 days: 2026-08-12  [cn.hepb.dose_2.gap]",
        "SERIES cn.hepb.under_2000g: not_relevant  [cn.hepb.under_2000g]",
    ]
    assert [line for line in said if line in asked][: len(asked)] == asked
    plain = tmp_path / "plain.jsonl"
    qingmiao("schedule", "assess", "--rules", "cn", str(source), "-o", str(plain))
    assert plain.read_text(encoding="utf-8") == target.read_text(encoding="utf-8")


def test_what_the_trace_can_word_is_what_the_kernel_asks() -> None:
    """A question of the kernel that is renamed would fall out of the trace without a word."""
    assert set(_QUESTIONS) <= {function.__name__ for function in kernel_functions()}


@pytest.mark.slow
def test_the_first_verdict_at_a_desk_loads_no_compiler(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(LINES[0] + "\n", encoding="utf-8")
    code = (
        "import sys; from qingmiao.engine import Ruleset, verdicts as v; rules = Ruleset.named('cn');"
        f"people = [v.read_line(open({str(source)!r}).read(), v.facts_reader(rules))];"
        "assert v.verdicts(rules, people); assert 'numba' not in sys.modules; assert 'django' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_compiled_code_is_kept_under_the_data_folder_not_beside_the_sources(tmp_path: Path) -> None:
    """An installed package may be read-only."""
    code = "from qingmiao.engine.compiled import cache_folder; print(cache_folder())"
    environment = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**environment, "QINGMIAO_HOME": str(tmp_path)},
    )
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


@pytest.mark.slow
def test_import_reports_what_it_read_and_normalised(cdsi_folder: Path) -> None:
    done = qingmiao("rules", "import-cdsi", str(cdsi_folder), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["read"]["series doses"] == 484
    assert report["normalised"]["spelling of the dose count logic"] == 12


@pytest.mark.slow
def test_a_folder_that_is_not_cdcs_is_refused(tmp_path: Path) -> None:
    assert qingmiao("rules", "import-cdsi", str(tmp_path)).returncode == 4


def forecast(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Due doses of one child, whose one dose is on file, into due.parquet."""
    people, doses = folder / "people.parquet", folder / "doses.parquet"
    born = pa.array([date(2026, 7, 15)])
    parquet.write_table(pa.table({"person_id": [1], "born_on": born}), people)
    parquet.write_table(pa.table({"person_id": [1], "given_on": born, "vaccine": ["0202"]}), doses)
    files = (str(people), str(doses), "-o", str(folder / "due.parquet"))
    return qingmiao("schedule", "forecast", "--rules", "cn", *files, "--on", "2026-10-13", *arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["--until", "2026-10-12"], 2, "--until 2026-10-12: before --on 2026-10-13"),
        (["--until", "2026-02-30"], 2, "--until: '2026-02-30' is not a day"),
        (["--engine", "abacus"], 2, "say local or spark"),
        (["--rules", "cn@1985-12-31"], 7, "No rule in force"),
        (["-o", "nowhere/due.parquet"], 2, "there is no folder nowhere"),
        (["-o", "."], 2, "a folder is written by --engine spark only"),
        (["--engine", "spark", "-o", "."], 4, "was not written by Spark"),
        (["--observations", __file__], 4, "Parquet magic bytes not found"),
    ],
)
def test_a_forecast_that_cannot_be_made_is_refused_in_a_sentence(
    tmp_path: Path, arguments: list[str], code: int, why: str
) -> None:
    done = forecast(tmp_path, *arguments)
    assert done.returncode == code, done.stderr
    assert why in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "due.parquet").exists()


@pytest.mark.slow
def test_without_pyspark_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['pyspark'] = None", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    done = forecast(tmp_path, "--engine", "spark")
    assert done.returncode == 8, done.stderr
    assert "pip install 'qingmiao[spark]'" in done.stderr
