"""The kinds of written reports: what each counts, what it asks the office for, and how its facts are named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from qingmiao.reports.summary.fields import Field
from qingmiao.staff.models import Organisation

if TYPE_CHECKING:
    from qingmiao.reports.models import Compilation
    from qingmiao.reports.summary.fields import Words

Facts = dict[str, Any]
KINDS = ("subdistrict", "clinic", "weekly")


@dataclass(frozen=True)
class Named:
    """What a fact is called in the annex, and by which query it was taken."""

    title: Words
    query: str


@dataclass(frozen=True)
class Kind:
    """One kind of report. `count` takes its facts, `names` lists them, `words` adds what only the page needs, `chart`
    draws the picture (None: no picture), `said` fills texts that the data can say."""

    code: str
    title: Words
    fields: tuple[Field, ...]
    count: Callable[[Organisation, date, date, datetime], Facts]
    names: Callable[[Facts], Mapping[str, Named]]
    words: Callable[[Compilation], Facts]
    chart: Callable[[Facts], bytes | None]
    said: Callable[[Facts], Mapping[str, str]]


class UnknownKind(LookupError):
    """No report of this kind is written from a stretch of days."""


def kind_of(code: str) -> Kind:
    """The kind with this code; UnknownKind if there is none."""
    if code not in KINDS:
        raise UnknownKind(code)
    found: Kind = import_module(f"qingmiao.reports.summary.kinds.{code}").KIND
    return found
