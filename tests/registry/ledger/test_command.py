"""`qingmiao ledger import --dry-run`: no database, a plan for programs, one exit code per family."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

A = "239901197108164882"
GOOD = f"姓名,身份证号,联系电话\n张湉,{A},16412345678\n"


def run(*arguments: object, home: str = "/nonexistent") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from qingmiao.cli.main import main; main()", "ledger", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={"QINGMIAO_HOME": home}, check=False)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(GOOD)
    return path


@pytest.mark.slow
def test_a_dry_run_needs_no_database_and_writes_the_plan(good, tmp_path):
    plan = tmp_path / "plan.json"
    done = run("import", good, "--dry-run", "--plan", plan, "--as-of", "2021-04-10", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["good.csv"]["people_created"] == 1
    entry = json.loads(plan.read_text())["good.csv"]
    assert (entry["outcome"], entry["as_of"]) == ("imported", "2021-04-10")
    assert entry["rows"][0]["raw"]["姓名"] == entry["rows"][0]["clean"]["name"] == "张湉"


@pytest.mark.slow
@pytest.mark.parametrize(("content", "code"), [(GOOD + "小赵,,\n", 3), ("", 4)])
def test_exit_codes_tell_what_was_left_out(tmp_path, content, code):
    path = tmp_path / "ledger.csv"
    path.write_text(content)
    assert run("import", path, "--dry-run").returncode == code


@pytest.mark.slow
def test_a_word_file_beside_the_ledgers_is_taken_up_and_names_them(tmp_path):
    (tmp_path / "words.yaml").write_text('fields: {name: ["称呼"]}\nsites: ["北门方舱"]\n')
    (tmp_path / "day").mkdir()
    path = tmp_path / "day" / "ledger.csv"
    path.write_text(GOOD.replace("姓名", "称呼"))
    done = run("import", path, "--dry-run", "--json")
    assert json.loads(done.stdout)["day/ledger.csv"]["people_created"] == 1
    assert "words.yaml" in done.stderr


@pytest.mark.slow
def test_the_import_is_understood_without_django():
    source = (
        "import sys, qingmiao.registry.ledger.planning, qingmiao.registry.ledger.plan_file;"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0
