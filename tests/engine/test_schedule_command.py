"""`qingmiao schedule` and `qingmiao rules import-cdsi`, as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, True, False]
    assert "line 2: not JSON" in done.stderr
    assert "line 4: birth_date is not a date: '2026-02-30'" in done.stderr
    assert answers[6]["doses"] == [{"n": 1, "series": None, "error": "vaccine 0000 is not known to these rules"}]


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
    assert "PERSON one" in done.stdout
    assert "DOSE 0202 on 2026-07-15" in done.stdout
    assert "evaluate age: " in done.stdout
    assert "[cn.hepb.dose_1" in done.stdout
    plain = tmp_path / "plain.jsonl"
    qingmiao("schedule", "assess", "--rules", "cn", str(source), "-o", str(plain))
    assert plain.read_text(encoding="utf-8") == target.read_text(encoding="utf-8")


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
