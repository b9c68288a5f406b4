"""Every write goes through an action, every look at a person through `web/access.py`."""

from __future__ import annotations

import ast
import re

from tests.architecture.code import DOMAIN, PACKAGE, modules, tree, where

PERSONAL = ("registry", "clinic")


def _is_door(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Name) and call.id == "action"


def _actions() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in modules(*DOMAIN):
        inside = path.relative_to(PACKAGE).with_suffix("").parts
        if "actions" in inside and path.stem != "steps":
            found += [(where(path, n.lineno), n) for n in tree(path).body if isinstance(n, ast.FunctionDef)]
    return found


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
    """`actions/steps.py` holds what several actions do inside their transaction: without one it has no line."""
    imported = [
        where(path, node.lineno)
        for path in modules()
        if "actions" not in path.relative_to(PACKAGE).with_suffix("").parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("actions.steps")
    ]
    assert imported == []


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
    direct = re.compile(rf"\b({'|'.join(sorted(names))})\.(objects|_default_manager|_base_manager)\b")
    found = [
        f"{where(path, number)} {line.strip()}"
        for path in modules("web", "api")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if direct.search(line)
    ]
    assert found == [], "ask access.record, actor.visible or a query"
