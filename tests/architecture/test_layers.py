"""The order of layers, where import-linter cannot see it: foreign keys, the engine's libraries, the clock."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from django.apps import apps
from tests.architecture.code import DOMAIN, height, modules, tree, where

ENGINE_MAY_USE = {"numpy", "numba", "pyarrow", "yaml", "defusedxml", "qingmiao"}  # the last but one: CDSi's tables
ONE_FILE_MAY_USE = {"on_spark.py": {"pyspark", "pandas"}}
CLOCKS = {
    ("timezone", "now"),
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
}
CLOCKS_WITHOUT_ARGUMENT = {("timezone", "localdate"), ("timezone", "localtime")}  # with one they only convert
# The trail says when it was written, whatever a caller claims.
MAY_READ_THE_CLOCK = {"audit/door.py"}


def test_foreign_keys_point_down_or_sideways():
    upwards = []
    for config in apps.get_app_configs():
        if config.label not in DOMAIN or not config.name.startswith("qingmiao."):
            continue
        for model in config.get_models():
            for field in model._meta.get_fields():
                target = getattr(field.remote_field, "model", None) if field.concrete and field.remote_field else None
                label = target._meta.app_label if target else None
                if label in DOMAIN and height(label) > height(config.label):
                    upwards.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert upwards == []


def _imported(path: Path) -> list[tuple[int, str]]:
    names = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.append((node.lineno, node.module or ""))
    return names


def test_the_engine_uses_only_its_own_libraries():
    foreign = [
        f"{where(path, line)} imports {name}"
        for path in modules("engine")
        for line, name in _imported(path)
        if name.split(".")[0]
        not in ENGINE_MAY_USE | ONE_FILE_MAY_USE.get(path.name, set()) | set(sys.stdlib_module_names)
    ]
    assert foreign == []


def _clock(node: ast.AST) -> str:
    """How `node` reads the clock, or ""."""
    bare = isinstance(node, ast.Call) and not node.args and not node.keywords
    name = node.func if isinstance(node, ast.Call) and bare else node
    if not (isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name)):
        return ""
    called = (name.value.id, name.attr)
    return ".".join(called) if called in CLOCKS or (bare and called in CLOCKS_WITHOUT_ARGUMENT) else ""


@pytest.mark.parametrize("part", [*DOMAIN, "engine"])
def test_the_domain_is_told_what_time_it_is(part: str):
    read = [
        f"{where(path, node.lineno)} {clock}"
        for path in modules(part)
        if "/".join(path.parts[-2:]) not in MAY_READ_THE_CLOCK
        for node in ast.walk(tree(path))
        if (clock := _clock(node))
    ]
    assert read == [], "pass the day or the instant in: the clock is read in views and commands only"
