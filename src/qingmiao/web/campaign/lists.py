"""Lists that are shown, printed and taken along as a spreadsheet from one description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from qingmiao.web.export import as_xlsx


@dataclass(frozen=True)
class Cell:
    """One value: what a spreadsheet holds, where it leads, and how the screen shows it if not as it stands."""

    value: object
    url: str = ""
    shown: SafeString | str = ""


@dataclass(frozen=True)
class Table:
    """A list: `columns` of (title, is a figure); each row as many values or Cells; `acts` a list of links per row."""

    title: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Any]]
    empty: str = ""
    empty_url: str = ""
    empty_label: str = ""
    tones: Sequence[str] = field(default=())

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Rows for the template: each cell with its column."""
        return [
            {
                "tone": self.tones[number] if self.tones else "",
                "cells": [_cell(value, *column) for value, column in zip(row, self.columns, strict=True)],
            }
            for number, row in enumerate(self.rows)
        ]

    def as_file(self) -> HttpResponse:
        """The list as a spreadsheet."""
        rows = [[cell.value if isinstance(cell, Cell) else cell for cell in row] for row in self.rows]
        return as_xlsx(self.title, [title for title, _figure in self.columns], rows)


def _cell(value: Any, title: str, is_figure: bool) -> dict[str, Any]:
    cell = value if isinstance(value, Cell) else Cell(value)
    shown = cell.shown or ("—" if cell.value in (None, "") else cell.value)
    return {"shown": shown, "url": cell.url, "title": title, "is_figure": is_figure}


def wants_file(request: HttpRequest) -> bool:
    """Whether the page was asked for as a spreadsheet (`?as=xlsx`)."""
    return request.GET.get("as") == "xlsx"
