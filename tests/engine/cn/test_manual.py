"""The printed manual says what the rule files say, and is up to date."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from docs.manual.build import FOLDER, manual

from qingmiao.engine.rules import RuleBook

TODAY = date(2026, 6, 17)


@pytest.fixture(scope="module")
def pages(rule_book: RuleBook) -> dict[str, str]:
    return manual(rule_book, TODAY)


def test_the_committed_pages_are_what_the_rules_make(pages: dict[str, str]) -> None:
    """`make docs` was run after the last change of a rule or case."""
    stale = [
        name
        for name, text in pages.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    assert stale == []


def test_a_page_names_value_document_and_confidence(pages: dict[str, str]) -> None:
    row = next(line for line in pages["en/dtp.md"].splitlines() if "`cn.dtp.dose_3`" in line and "2025-01-01" in line)
    for part in ("6 months", "dtap-notice-2024", "[P]", "nip-2026"):
        assert part in row


def test_a_case_is_a_sentence_in_both_languages(pages: dict[str, str]) -> None:
    assert "计为HepB 1" in pages["zh/hepb.md"]
    assert "counts as HepB 1" in pages["en/hepb.md"]


def test_every_chart_is_a_picture(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        if name.endswith(".svg"):
            assert ElementTree.fromstring(text).tag.endswith("svg"), name
