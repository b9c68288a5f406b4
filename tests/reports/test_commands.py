"""`qingmiao coverage unit` and `qingmiao report`, called as `main` calls them."""

import json
from pathlib import Path

import pytest
from docx import Document
from tests.reports.bureau import Bureau
from typer.testing import CliRunner, Result

from qingmiao.cli import coverage, exits, report
from qingmiao.reports import paper
from qingmiao.reports.models import Snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COMMANDS = {"coverage": coverage.app, "report": report.app}


def run(group: str, *arguments: str) -> Result:
    return CliRunner().invoke(COMMANDS[group], arguments, catch_exceptions=True)


def code_of(result: Result) -> int:
    """The exit code that `main` would give."""
    if isinstance(result.exception, exits.Stop):
        return int(result.exception.code)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code


def test_coverage_as_json_has_the_bureau_and_each_unit_and_no_name(bureau: Bureau):
    result = run("coverage", "unit", "--bureau", "文旅局", "--on", "2021-04-09", "--json")
    told = json.loads(result.stdout)
    assert (told["done"], told["of"], told["percent"], told["rule"]) == (46, 120, "38.3%", "covid19.vaccinated-1")
    assert {(row["name"], row["done"], row["of"], row["place"]) for row in told["units"]} == {
        ("星海网吧", 21, 54, 2),
        ("金麦歌厅", 11, 38, 3),
        ("古渡景区", 15, 30, 1),
    }
    assert bureau.people[0].name not in result.stdout
    assert not Snapshot.objects.exists()


def test_coverage_prints_a_table_for_people(bureau: Bureau):
    out = run("coverage", "unit", "--on", "2021-04-09").stdout
    assert "星海网吧" in out
    assert "38.3%" in out


def test_coverage_of_one_unit(bureau: Bureau):
    told = json.loads(run("coverage", "unit", "--unit", "古渡景区", "--on", "2021-04-09", "--json").stdout)
    assert (told["organisation"], told["done"], told["of"]) == ("古渡景区", 15, 30)


def test_freezing_from_the_command_line_names_its_snapshot(bureau: Bureau):
    told = json.loads(run("coverage", "unit", "--on", "2021-04-09", "--freeze", "--json").stdout)
    snapshot = Snapshot.objects.get()
    assert (told["snapshot"], snapshot.numerator, snapshot.taken_by_name) == (snapshot.pk, 46, "Qingmiao")


@pytest.mark.parametrize(
    "arguments", [("--bureau", "无此局"), ("--unit", "无此单位"), ("--on", "昨天"), ("--on", "2021-02-30")]
)
def test_what_is_not_known_is_a_mistake_of_the_command_line(bureau: Bureau, arguments: tuple[str, ...]):
    assert code_of(run("coverage", "unit", *arguments)) == exits.Exit.USAGE


def test_the_summary_is_written_with_its_figures_told(bureau: Bureau, tmp_path: Path):
    file = tmp_path / "总结.docx"
    result = run("report", "summary", "--kind", "bureau", "-o", str(file), "--on", "2021-04-09", "--json")
    told = json.loads(result.stdout)
    assert (told["figures"]["done"], told["figures"]["of"], told["figures"]["rate"]) == ("46", "120", "38.3%")
    assert told["snapshot"] == Snapshot.objects.get().pk
    assert "meeting" in told["blank"]
    assert any("已接种46人" in paragraph.text for paragraph in Document(str(file)).paragraphs)


def test_the_summary_of_a_snapshot_takes_no_new_one(bureau: Bureau, tmp_path: Path):
    snapshot = bureau.freeze()
    run("report", "summary", "-o", str(tmp_path / "s.docx"), "--snapshot", str(snapshot.pk))
    assert Snapshot.objects.count() == 1
    assert code_of(run("report", "summary", "-o", str(tmp_path / "s.docx"), "--snapshot", "999")) == exits.Exit.USAGE


def test_a_wrong_template_is_refused(bureau: Bureau, tmp_path: Path):
    wrong = tmp_path / "wrong.docx"
    document = Document()
    document.add_paragraph("{{ f.nonsense }}")
    document.save(str(wrong))
    result = run("report", "summary", "-o", str(tmp_path / "s.docx"), "--template", str(wrong))
    assert code_of(result) == exits.Exit.REFUSED
    assert not (tmp_path / "s.docx").exists()


def test_the_template_can_be_taken_out_and_used_again(bureau: Bureau, tmp_path: Path):
    run("report", "template", "-o", str(tmp_path / "own.docx"))
    result = run("report", "summary", "-o", str(tmp_path / "s.docx"), "--template", str(tmp_path / "own.docx"))
    assert code_of(result) == 0


def test_the_bulletin_is_written_as_a_page(bureau: Bureau, tmp_path: Path):
    told = json.loads(run("report", "bulletin", "-o", str(tmp_path / "b.html"), "--on", "2021-04-09", "--json").stdout)
    assert (told["done"], told["of"]) == (46, 120)
    assert "星海网吧" in (tmp_path / "b.html").read_text(encoding="utf-8")


def test_without_a_font_the_command_says_what_to_install(bureau: Bureau, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(paper, "has_chinese_font", lambda: False)
    result = run("report", "bulletin", "-o", str(tmp_path / "b.pdf"))
    assert code_of(result) == exits.Exit.UNFIT
    assert not (tmp_path / "b.pdf").exists()
    assert code_of(run("report", "bulletin", "-o", str(tmp_path / "b.txt"))) == exits.Exit.USAGE
