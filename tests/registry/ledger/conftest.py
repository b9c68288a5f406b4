"""Small drawn ledgers: a table in, the plan out."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qingmiao.registry.ledger import vocabulary
from qingmiao.registry.ledger.plan_file import PlanWriter
from qingmiao.registry.ledger.planning import LedgerFile, plan_group

AS_OF = date(2021, 4, 10)


def cells_of(drawn: str) -> list[list[str]]:
    """Rows of a table drawn with bars; `_` stands for a space nobody would see."""
    lines = [line.strip() for line in drawn.strip().splitlines()]
    return [[cell.strip().replace("_", " ") for cell in line.split("|")] for line in lines]


class Plan:
    """A plan with short questions."""

    def __init__(self, files: dict[str, Any]) -> None:
        self.files = files

    def of(self, name: str | None = None) -> dict[str, Any]:
        return self.files[name or next(iter(self.files))]

    def codes(self, name: str | None = None) -> list[tuple[int | None, str | None, str]]:
        """(row, column, code) of every problem, in the order of rows."""
        found = self.of(name)["problems"]
        return sorted(((p["row"], p["column"], p["code"]) for p in found), key=lambda p: (p[0] or 0, p[2]))

    def people(self, name: str | None = None) -> list[str | None]:
        """The person of each data row."""
        return [row["person"] for row in self.of(name)["rows"] if row["outcome"] != "skipped"]

    def clean(self, row: int, field: str, name: str | None = None) -> Any:
        return next(r["clean"][field] for r in self.of(name)["rows"] if r["row"] == row)


@pytest.fixture
def plan_files() -> Callable[..., Plan]:
    def plan(*paths: Path, as_of: date = AS_OF) -> Plan:
        made: list[tuple[io.StringIO, PlanWriter]] = []

        def new_sink(_people: object) -> PlanWriter:
            out = io.StringIO()
            made.append((out, PlanWriter(out)))
            return made[-1][1]

        words = vocabulary.national()
        plan_group([LedgerFile(path, path.name, as_of) for path in paths], words, new_sink)
        out, writer = made[-1]
        writer.close()
        return Plan(json.loads(out.getvalue()))

    return plan


@pytest.fixture
def plan(tmp_path: Path, plan_files: Callable[..., Plan]) -> Callable[..., Plan]:
    """Plan drawn tables, one file each, as one group."""

    def drawn(*tables: str, as_of: date = AS_OF) -> Plan:
        paths = []
        for n, table in enumerate(tables, 1):
            path = tmp_path / f"ledger{n}.csv"
            path.write_text("\n".join(",".join(row) for row in cells_of(table)) + "\n", encoding="utf-8")
            paths.append(path)
        return plan_files(*paths, as_of=as_of)

    return drawn
