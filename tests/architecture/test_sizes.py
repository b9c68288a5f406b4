"""No function and no file outgrows what a reader holds in mind at once; migrations are written by machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.code import ROOT, committed, tree, where

FILE, FUNCTION = 500, 60


def _written() -> list[Path]:
    return [path for path in committed("*.py") if "migrations" not in path.parts]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{where(path, node.lineno)} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_500_lines():
    sizes = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in _written()}
    assert {name: lines for name, lines in sizes.items() if lines > FILE} == {}, "split it by subject"


def test_no_function_is_longer_than_60_lines():
    sizes = dict(found for path in _written() for found in _functions(path))
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION} == {}, "give its parts names"


def test_the_measure_sees_this_file():
    assert Path(__file__) in _written()
    assert any("_functions" in name and 3 < lines < FUNCTION for name, lines in _functions(Path(__file__)))
