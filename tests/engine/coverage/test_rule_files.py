"""The statistical rules as data: what the loader refuses, and that the files agree with each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from qingmiao.engine.coverage import loading
from qingmiao.engine.coverage.loading import UnknownReading, load
from qingmiao.engine.coverage.numbering import NUMBERINGS
from qingmiao.engine.coverage.rules import RULES, SUBSTITUTE, RuleFileWrong, Span

VACCINES = yaml.safe_load((RULES / "cn" / "vaccines.yaml").read_text(encoding="utf-8"))["vaccines"]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rule files that may be spoilt."""
    (tmp_path / "coverage").mkdir()
    (tmp_path / "references.yaml").write_bytes((RULES / "references.yaml").read_bytes())
    for path in (RULES / "coverage").glob("*.yaml"):
        (tmp_path / "coverage" / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(loading, "RULES", tmp_path)
    loading._load.cache_clear()
    yield tmp_path / "coverage"
    loading._load.cache_clear()


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_word_the_loader_does_not_know_is_refused(copied: Path) -> None:
    spoil(copied, "rows.yaml", "after_previous: 1m", "after_previuos: 1m")
    with pytest.raises(RuleFileWrong, match="after_previuos"):
        load()


def test_a_value_with_a_reference_that_does_not_exist_is_refused(copied: Path) -> None:
    spoil(copied, "cohort.yaml", "reference: statistics-library", "reference: hearsay")
    with pytest.raises(RuleFileWrong, match="hearsay"):
        load()


def test_a_reading_that_is_not_offered_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownReading, match="5m, 1m"):
        load(hepb3_after_dose_2="6m")
    with pytest.raises(UnknownReading, match="no such rule"):
        load(moon="full")


def test_a_length_of_time_keeps_the_unit_of_its_source() -> None:
    assert Span.parse("60d") == Span(days=60)
    assert Span.parse("7y") == Span(months=84)
    with pytest.raises(RuleFileWrong):
        Span.parse("2w")


def test_every_product_is_a_known_vaccine_and_a_substitute_here_is_one_there() -> None:
    for series in load().series.values():
        assert series.numbering in NUMBERINGS
        for group in series.products:
            for code in group.codes:
                assert (VACCINES[code]["use"] == "substitute") == (group.kind == SUBSTITUTE), (series.key, code)


def test_every_reading_names_rows_that_exist() -> None:
    rules = load()
    rows = {*rules.rows, *rules.cohort}
    known = {"*", "HepB 1T", *(vaccine for vaccine, _ in rows), *(f"{vaccine} {dose}" for vaccine, dose in rows)}
    assert {row for _, touched in rules.touches.values() for row in touched} <= known
    assert "hepb3_after_dose_2=5m" in rules.readings("period", "HepB", "3")
    assert "hepb3_after_dose_2" not in rules.readings("period", "HepB", "2")
    assert rules.readings("cohort", "HepB", "3") == "cohort_unit_on=census_date"
