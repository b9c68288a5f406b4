"""Every write goes through an action, every look at a person through `web/access.py`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.code import DOMAIN, PACKAGE, modules, tree, where

PERSONAL = ("registry", "clinic")


def _is_door(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Name) and call.id == "action"


def _in_actions() -> list[Path]:
    return [path for path in modules(*DOMAIN) if "actions" in path.relative_to(PACKAGE).with_suffix("").parts]


def _functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]


def _is_inner(path: Path) -> bool:
    """A module of what several actions do inside their transaction: it opens no door itself."""
    return not any(_is_door(decorator) for function in _functions(path) for decorator in function.decorator_list)


def _actions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (where(path, function.lineno), function)
        for path in _in_actions()
        if not _is_inner(path)
        for function in _functions(path)
    ]


def _leaves_a_look(function: ast.FunctionDef) -> bool:
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(isinstance(name, ast.Name) and name.id == "look" for name in called)


def test_every_public_function_of_an_actions_module_leaves_its_line():
    doors = [
        f"{place} {function.name}"
        for place, function in _actions()
        if not function.name.startswith("_")
        and not any(map(_is_door, function.decorator_list))
        and not _leaves_a_look(function)
    ]
    assert doors == [], "decorate it with @action, or move it to queries.py or rules.py"


def test_the_inner_steps_of_actions_are_called_by_actions_only():
    inner = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in _in_actions() if _is_inner(path)
    }
    imported = [
        f"{where(path, node.lineno)} imports {node.module}"
        for path in modules()
        if path not in _in_actions()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module in inner
    ]
    assert imported == [], "without an action around it, what these write has no line in the trail"


def test_every_action_takes_named_arguments_and_who_acts():
    wrong = [
        f"{place} {function.name}"
        for place, function in _actions()
        if any(map(_is_door, function.decorator_list))
        and (function.args.args or "by" not in [argument.arg for argument in function.args.kwonlyargs])
    ]
    assert wrong == []


def test_every_action_has_a_verb_of_its_own_app():
    verbs: dict[str, list[str]] = {}
    for place, function in _actions():
        for decorator in filter(_is_door, function.decorator_list):
            verb = ast.literal_eval(decorator.args[0])  # type: ignore[attr-defined]
            verbs.setdefault(verb, []).append(place)
            assert place.split("/")[2] == verb.split(".")[0], f"{place}: {verb}"
    assert {verb: places for verb, places in verbs.items() if len(places) > 1} == {}


def test_pages_reach_people_only_through_access():
    names = {
        node.name
        for path in modules(*PERSONAL)
        if "models" in path.relative_to(PACKAGE).with_suffix("").parts
        for node in tree(path).body
        if isinstance(node, ast.ClassDef)
    }
    assert "Person" in names
    # `objects.none()` is how a form field without its choices yet is written: it reaches nobody.
    direct = re.compile(rf"\b({'|'.join(sorted(names))})\.(objects|_default_manager|_base_manager)\b(?!\.none\()")
    found = [
        f"{where(path, number)} {line.strip()}"
        for path in modules("web", "api")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if direct.search(line)
    ]
    assert found == [], "ask access.record, actor.visible or a query"
