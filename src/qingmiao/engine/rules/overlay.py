"""A province's rules over the nation's: it may add and set by id, and never edits the nation's files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import RuleFileError
from .node import Node
from .series import Title
from .values import Source, source


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that replaces one of the nation's, by its address ("cn/hepb: offered.from")."""

    file: str
    steps: tuple[Any, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay file. `readings`: (rule id, reading, choice, source); `adds`: new group files by name."""

    rule_id: str
    title: Title
    jurisdiction: Title
    settings: tuple[Setting, ...]
    readings: tuple[tuple[str, str, str, Source], ...]
    adds: tuple[tuple[str, Any], ...]


def _steps(address: str) -> tuple[Any, ...]:
    return tuple(int(step) if step.isdigit() else step for step in address.split("."))


def _setting(node: Node) -> Setting:
    address = node.take("id").text()
    file, _, path = address.partition(": ")
    if not path:
        raise node.refuse("Not an address.", "write it as 'cn/hepb: offered.from'.")
    found = Setting(file, _steps(path), node.take("value").value)
    node.finish()
    return found


def _reading(node: Node) -> tuple[str, str, str, Source]:
    found = (node.take("rule").text(), node.take("reading").text(), node.take("choice").text(), source(node))
    node.finish()
    return found


def overlay_of(node: Node) -> Overlay:
    """An overlay file as the loader understands it."""
    adds = node.maybe("adds")
    found = Overlay(
        rule_id=node.take("id").text(),
        title=node.take("title").both_languages(),
        jurisdiction=node.take("jurisdiction").both_languages(),
        settings=tuple(map(_setting, node.several("sets"))),
        readings=tuple(map(_reading, node.several("readings"))),
        adds=tuple((name, entry.value) for name, entry in adds.items()) if adds else (),
    )
    node.finish()
    return found


def _parent(overlay: Overlay, setting: Setting, documents: dict[str, Any]) -> Any:
    at = documents.get(setting.file)
    for step in setting.steps[:-1]:
        at = at[step] if isinstance(at, list | dict) and (isinstance(at, list) or step in at) else None
    if at is None:
        raise RuleFileError(
            "The overlay sets a value that the nation does not have.",
            where=overlay.rule_id,
            evidence=f"{setting.file}: {'.'.join(map(str, setting.steps))}",
            cure="name an address of a national file.",
        )
    return at


def _own_copy(value: Any) -> Any:
    """A copy in which nothing is shared: an anchor of YAML set in one place must not change in another."""
    if isinstance(value, dict):
        return {key: _own_copy(inner) for key, inner in value.items()}
    return [_own_copy(inner) for inner in value] if isinstance(value, list) else value


def lay_over(overlay: Overlay, documents: dict[str, Any]) -> dict[str, Any]:
    """A copy of the nation's documents with the overlay's values set and its groups added."""
    documents = _own_copy(documents)
    for setting in overlay.settings:
        _parent(overlay, setting, documents)[setting.steps[-1]] = setting.value
    for name, document in overlay.adds:
        if name in documents:
            raise RuleFileError(
                "The overlay adds a file that the nation has.",
                where=overlay.rule_id,
                evidence=name,
                cure="set single values by id, or choose another name.",
            )
        documents[name] = document
    return documents


def differences(overlay: Overlay, documents: dict[str, Any]) -> list[str]:
    """What the overlay changes, one line each: address, the nation's value, the province's."""
    lines = []
    for setting in overlay.settings:
        old = _parent(overlay, setting, documents)
        last = setting.steps[-1]
        before = old.get(last) if isinstance(old, dict) else old[last]
        lines.append(f"{setting.file}: {'.'.join(map(str, setting.steps))}: {before} -> {setting.value}")
    lines += [f"{rule}: {name} -> {choice}" for rule, name, choice, _ in overlay.readings]
    return lines + [f"added: {name}" for name, _ in overlay.adds]
