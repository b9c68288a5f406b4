"""Every case beside China's rules comes out as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingmiao.engine.china.cases import failures
from qingmiao.engine.rules import RULES, RuleBook
from qingmiao.engine.rules.cases import case_files, read_cases

FILES = [path for path in case_files(RULES / "cn") if "overlays" not in path.parts]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".cases.yaml"))
def test_the_engine_says_what_the_cases_say(path: Path, rule_book: RuleBook) -> None:
    assert list(failures(rule_book, read_cases(path))) == []


def test_every_group_has_cases(rule_book: RuleBook) -> None:
    said = {case.group for path in FILES for case in read_cases(path)}
    assert {group.group for group in rule_book.groups} - said == set()


def test_plain_and_compiled_say_the_same(rule_book: RuleBook) -> None:
    cases = [case for path in FILES for case in read_cases(path) if not case.readings and not case.desk]
    assert list(failures(rule_book, cases, kernel_compiled=True)) == []
