"""What is wrong with a line of the input. Codes here, words in both languages in `rules/coverage/problems.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from qingmiao.engine.coverage.days import Mask
from qingmiao.engine.coverage.rules import RULES


@dataclass(frozen=True)
class Problem:
    """A line that was left out: file, line (the heading is line 1), field, code of the reason."""

    file: str
    line: int
    field: str
    reason: str

    def text(self, language: str = "en") -> str:
        """The reason and its cure in `en` or `zh`."""
        words: str = _file()["reasons"][self.reason][language]
        return words

    @property
    def is_remark(self) -> bool:
        """The line could be read and was judged: worth telling, not a bad line."""
        return self.reason in _file()["remarks"]


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((RULES / "coverage" / "problems.yaml").read_text(encoding="utf-8"))
    return content


def lines_where(bad: Mask, file: str, field: str, reason: str) -> Iterator[Problem]:
    """One problem per position at which `bad` holds."""
    return (Problem(file, int(at) + 2, field, reason) for at in bad.nonzero()[0])
