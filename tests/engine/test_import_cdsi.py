"""Reading CDC's supporting data: nothing lost, nothing guessed."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import parse

from qingmiao.engine import tables as tb
from qingmiao.engine.cdsi import NotSupportingData, Report, read_supporting_data
from qingmiao.engine.cdsi.words import UnreadableWord, codes, cvx, day, span, yes
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


MEANINGS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "absMinAge": ("absolute_minimum", span),
    "minAge": ("minimum", span),
    "earliestRecAge": ("recommended", span),
    "latestRecAge": ("overdue", span),
    "maxAge": ("maximum", span),
    "absMinInt": ("absolute_minimum", span),
    "minInt": ("minimum", span),
    "earliestRecInt": ("recommended", span),
    "latestRecInt": ("overdue", span),
    "intervalPriority": ("has_priority", lambda words: words == "override"),
    "fromTargetDose": ("target", int),
    "fromMostRecent": ("vaccines", lambda words: codes(words, Report())),
    "effectiveDate": ("window.effective", day),
    "cessationDate": ("window.cessation", day),
    "beginAge": ("begin_age", span),
    "endAge": ("end_age", span),
    "cvx": ("vaccine", lambda words: cvx(words, Report())),
    "tradeName": ("trade_name", str),
    "mvx": ("maker", str),
    "volume": ("volume_microlitres", lambda words: round(float(words) * 1000)),
    "forecastVaccineType": ("is_forecast", yes),
    "startDate": ("start", day),
    "endDate": ("end", day),
    "interval": ("interval", span),
    "doseCount": ("count", int),
    "vaccineTypes": ("vaccines", lambda words: codes(words, Report())),
    "seriesGroups": ("series_groups", lambda words: (int(words),)),
    "observationCode": ("observation", str),
}
"""Element: where its value is in the tables, and what its text means."""


def rows_by_element(ruleset: tb.Ruleset) -> dict[str, list[Any]]:
    series = [s for a in ruleset.antigens for s in a.series]
    targets = [t for s in series for t in s.targets]
    contraindications = [c for a in ruleset.antigens for c in a.contraindications]
    sets = [q for t in targets for k in t.skips for q in k.sets]
    return {
        "age": [row for t in targets for row in t.ages],
        "interval": [row for t in targets for row in t.intervals],
        "allowableInterval": [row for t in targets for row in t.allowable_intervals],
        "preferableVaccine": [row for t in targets for row in t.preferable],
        "allowableVaccine": [row for t in targets for row in t.allowable],
        "inadvertentVaccine": [row for t in targets for row in t.inadvertent],
        "set": sets,
        "condition": [c for q in sets for c in q.conditions],
        "indication": [i for s in series for i in s.indications],
        "contraindication": contraindications,
        "contraindicatedVaccine": [v for c in contraindications for v in c.vaccines],
    }


@pytest.mark.slow
def test_every_value_is_carried(cdsi_folder: Path) -> None:
    """What the files say of a row, how often each, is what the tables say; 0 and "N" are not told from nothing."""
    rows = rows_by_element(read_supporting_data(cdsi_folder)[0])
    written: defaultdict[tuple[str, str], Counter[Any]] = defaultdict(Counter)
    for file in cdsi_folder.glob("*/AntigenSupportingData*.xml"):
        for parent in parse(file).iter():
            for child in parent if parent.tag in rows else ():
                words = (child.text or "").strip()
                if child.tag in MEANINGS and words and words != "n/a":
                    field, meaning = MEANINGS[child.tag]
                    written[parent.tag, field][meaning(words)] += 1
    assert len(written) == 46
    for (element, field), values in written.items():
        carried = Counter(map(attrgetter(field), rows[element]))
        assert {v: n for v, n in carried.items() if v} == {v: n for v, n in values.items() if v}, (element, field)


def changed_copy(cdsi_folder: Path, tmp_path: Path, old: str, new: str) -> Path:
    """The published folder with one change in the file on Cholera."""
    copy = tmp_path / "supporting-data-4.64"
    shutil.copytree(next(cdsi_folder.glob("supporting-data-*")), copy, copy_function=shutil.copyfile)
    copy.chmod(0o700)
    cholera = copy / "AntigenSupportingData- Cholera-508.xml"
    text = cholera.read_text(encoding="utf-8")
    assert old in text
    cholera.write_text(text.replace(old, new), encoding="utf-8")
    return copy


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("<minAge>2 years</minAge>", "<leastAge>2 years</leastAge>", "element 'leastAge' in 'age'"),
        ("<seriesType>Risk</seriesType>", "<seriesType>Rare</seriesType>", "'Rare' is none of standard, risk"),
        ("<recurringDose>No</recurringDose>", "<recurringDose>At times</recurringDose>", "'At times' is none of y"),
    ],
)
def test_what_the_format_did_not_have_stops_the_import(
    cdsi_folder: Path, tmp_path: Path, old: str, new: str, named: str
) -> None:
    with pytest.raises(UnreadableWord, match=named):
        read_supporting_data(changed_copy(cdsi_folder, tmp_path, old, new))


@pytest.mark.slow
def test_texts_that_no_rule_asks_for_are_in_the_report(cdsi_folder: Path) -> None:
    _, report = read_supporting_data(cdsi_folder)
    assert report.normalised["text that no rule asks for left out: clarifyingText"] == 58


@pytest.mark.slow
def test_the_same_files_give_the_same_numbers(cdsi_folder: Path) -> None:
    one, other = (encode(read_supporting_data(cdsi_folder)[0]) for _ in range(2))
    assert one.version == other.version


@pytest.mark.slow
def test_a_changed_number_changes_the_version(cdsi_folder: Path, tmp_path: Path) -> None:
    copy = changed_copy(cdsi_folder, tmp_path, "<minAge>2 years</minAge>", "<minAge>3 years</minAge>")
    assert encode(read_supporting_data(copy)[0]).version != encode(read_supporting_data(cdsi_folder)[0]).version
