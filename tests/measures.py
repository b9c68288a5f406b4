"""Print how large functions and files are; the limits are held by tests/architecture/test_sizes.py."""

from __future__ import annotations

import ast
from statistics import median, quantiles

from tests.architecture.code import ROOT, modules, tree


def main() -> None:
    """One line for functions, one for files, and the largest of both."""
    files = {path: path.read_text(encoding="utf-8").count("\n") for path in modules()}
    functions = {
        (path, node.name): (node.end_lineno or node.lineno) - node.lineno + 1
        for path in files
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for what, sizes in (("functions", functions.values()), ("files", [n for n in files.values() if n > 1])):
        print(f"{what}: {len(sizes)}, median {median(sizes):.0f} lines, p90 {quantiles(sizes, n=10)[-1]:.0f}")
    for path, lines in sorted(files.items(), key=lambda item: -item[1]):
        if lines > 300:
            print(f"  look twice: {path.relative_to(ROOT)} {lines} lines")
    for (path, name), lines in functions.items():
        if lines > 60:
            print(f"  long: {path.relative_to(ROOT)} {name} {lines} lines")


if __name__ == "__main__":
    main()
