"""Reading CDC's supporting data: nothing lost, nothing guessed."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

from qingmiao.engine import tables as tb
from qingmiao.engine.cdsi import NotSupportingData, Report, read_supporting_data
from qingmiao.engine.cdsi.words import UnreadableWord, codes, cvx, day, span
from qingmiao.engine.tape import encode


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("4 days", tb.Span(0, 4)),
        ("6 weeks - 4 days", tb.Span(0, 38)),
        ("16 years - 4 months", tb.Span(188, 0)),
        ("19 months + 4 weeks", tb.Span(19, 28)),
        ("1 Year", tb.Span(12, 0)),
        (None, None),
    ],
)
def test_durations_keep_their_units(words: str | None, expected: tb.Span | None) -> None:
    assert span(words) == expected


def test_a_duration_that_is_not_understood_stops_the_import() -> None:
    with pytest.raises(UnreadableWord, match="fortnight"):
        span("1 fortnight")


def test_codes_are_trimmed_and_padded() -> None:
    report = Report()
    assert codes("133; 9;215", report) == ("133", "09", "215")
    assert cvx(" 3", report) == "03"
    assert report.normalised["CVX code trimmed or padded"] == 2


def test_both_spellings_of_a_date() -> None:
    assert day("20250827") == day("08/27/2025")


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotSupportingData):
        read_supporting_data(tmp_path)


@pytest.mark.slow
def test_nothing_is_lost(cdsi_folder: Path) -> None:
    """Every filled element of the files is in the tables, counted by kind."""
    ruleset, _ = read_supporting_data(cdsi_folder)
    data = next(cdsi_folder.glob("supporting-data-*"))
    filled: Counter[str] = Counter()
    for file in data.glob("AntigenSupportingData*.xml"):
        root = parse(file).getroot()
        assert root is not None
        for element in root.iter():
            if any((inner.text or "").strip() for inner in element.iter()):
                filled[element.tag] += 1
    targets = [t for a in ruleset.antigens for s in a.series for t in s.targets]
    assert len(targets) == filled["seriesDose"]
    assert sum(len(t.ages) for t in targets) == filled["age"]
    conditions = [c for t in targets for k in t.skips for q in k.sets for c in q.conditions]
    in_skips = sum(c.interval is not None for c in conditions)
    assert sum(len(t.intervals) for t in targets) == filled["interval"] - in_skips
    assert sum(len(t.allowable_intervals) for t in targets) == filled["allowableInterval"]
    assert sum(len(t.preferable) for t in targets) == filled["preferableVaccine"]
    assert sum(len(t.allowable) for t in targets) == filled["allowableVaccine"]
    assert sum(len(t.inadvertent) for t in targets) == filled["inadvertentVaccine"]
    assert sum(len(t.skips) for t in targets) == filled["conditionalSkip"]
    assert sum(len(k.sets) for t in targets for k in t.skips) == filled["set"]
    assert sum(len(q.conditions) for t in targets for k in t.skips for q in k.sets) == filled["condition"]
    assert sum(len(a.contraindications) for a in ruleset.antigens) == filled["contraindication"]
    assert sum(len(s.indications) for a in ruleset.antigens for s in a.series) == filled["indication"]


@pytest.mark.slow
def test_the_same_files_give_the_same_numbers(cdsi_folder: Path) -> None:
    one, other = (encode(read_supporting_data(cdsi_folder)[0]) for _ in range(2))
    assert one.version == other.version


@pytest.mark.slow
def test_a_changed_number_changes_the_version(cdsi_folder: Path, tmp_path: Path) -> None:
    data = next(cdsi_folder.glob("supporting-data-*"))
    copy = tmp_path / "supporting-data-4.64"
    shutil.copytree(data, copy, copy_function=shutil.copyfile)
    copy.chmod(0o700)
    cholera = copy / "AntigenSupportingData- Cholera-508.xml"
    text = cholera.read_text(encoding="utf-8")
    assert "<minAge>2 years</minAge>" in text
    cholera.write_text(text.replace("<minAge>2 years</minAge>", "<minAge>3 years</minAge>"), encoding="utf-8")
    assert encode(read_supporting_data(copy)[0]).version != encode(read_supporting_data(data)[0]).version
