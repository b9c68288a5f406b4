"""Problems of an import: stable codes, their severity, and what they say in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml


class Severity(StrEnum):
    """How far a problem reaches."""

    ERROR = "error"  # the row is not imported
    WARNING = "warning"  # the row is imported and flagged
    INFO = "info"  # a row that is nobody, or a column
    FILE = "file"  # the file is refused


class Problem(NamedTuple):
    """One problem at its place. Rows as a person counts them; `cell` in A1 notation where there are cells.

    `value` is what stands there, `detail` evidence the texts of the code can use.
    """

    sheet: str | None
    row: int | None
    column: str | None
    cell: str | None
    code: str
    value: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Texts:
    """What a code says in one language: what it is, why, and what to do now."""

    title: str
    why: str
    cure: str


@cache
def _catalogue() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("problems.yaml").read_text("utf-8"))
    return found


@cache
def severity_of(code: str) -> Severity:
    """The severity of a code. Raises KeyError for a code nobody listed."""
    return Severity(_catalogue()[code]["severity"])


@cache
def texts_of(code: str, language: str = "zh") -> Texts:
    """The texts of a code; `language` is zh or en."""
    entry = _catalogue()[code]
    return Texts(entry["title"][language], entry["why"][language], entry["cure"][language])


def all_codes() -> list[str]:
    """Every code there is."""
    return list(_catalogue())
