"""Reading YAML strictly: every key is asked for by name, and what nobody asked for is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from .errors import RuleFileError


class _Loader(yaml.CSafeLoader):
    """Safe YAML that refuses a key written twice (YAML itself keeps the last and says nothing)."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    pairs = [(loader.construct_object(k, deep=True), loader.construct_object(v, deep=True)) for k, v in node.value]
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise RuleFileError(
                "A key is written twice.",
                where=f"{node.start_mark.name}, line {node.start_mark.line + 1}",
                evidence=key,
                cure="keep one of the two.",
            )
    return dict(pairs)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """The document in a YAML file; errors name the file and line."""
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=_Loader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.YAMLError as error:
        raise RuleFileError("Not YAML.", where=str(path.name), evidence=str(error), cure="mend the syntax.") from error


class Node:
    """One value of a rule file with the address at which it stands.

    `take` and its kin mark keys as known; `finish` refuses the rest.
    """

    def __init__(self, value: Any, where: str) -> None:
        self.value, self.where = value, where
        self._known: set[Any] = set()

    def refuse(self, what: str, cure: str) -> RuleFileError:
        """An error about this value."""
        return RuleFileError(what, where=self.where, evidence=self.value, cure=cure)

    def mapping(self) -> dict[Any, Any]:
        """The value as a mapping."""
        if not isinstance(self.value, dict):
            raise self.refuse("A mapping is wanted here.", "write key: value pairs.")
        return self.value

    def has(self, key: str) -> bool:
        """True when `key` is written here."""
        return key in self.mapping()

    def take(self, key: Any) -> Node:
        """The value of a key that must be there."""
        mapping = self.mapping()
        if key not in mapping:
            raise self.refuse(f"The key {key!r} is missing.", f"add {key!r}.")
        self._known.add(key)
        return Node(mapping[key], f"{self.where}.{key}")

    def maybe(self, key: Any) -> Node | None:
        """The value of a key that may be absent."""
        return self.take(key) if self.has(key) else None

    def items(self) -> Iterator[tuple[Any, Node]]:
        """All pairs, each known by being asked for."""
        for key in self.mapping():
            yield key, self.take(key)

    def entries(self) -> list[Node]:
        """The value as a list."""
        if not isinstance(self.value, list):
            raise self.refuse("A list is wanted here.", "write a list.")
        return [Node(entry, f"{self.where}[{index}]") for index, entry in enumerate(self.value)]

    def several(self, key: str) -> list[Node]:
        """The entries of a list that may be absent."""
        found = self.maybe(key)
        return found.entries() if found else []

    def finish(self) -> None:
        """Refuse keys that nobody asked for."""
        unknown = [key for key in self.mapping() if key not in self._known]
        if unknown:
            raise self.refuse(
                f"Unknown key {unknown[0]!r}.", f"known here: {', '.join(sorted(map(str, self._known)))}."
            )

    def text(self) -> str:
        """The value as text."""
        if not isinstance(self.value, str):
            raise self.refuse("Text is wanted here.", "write it in quotes.")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """The value as a list of texts."""
        return tuple(entry.text() for entry in self.entries())

    def integer(self) -> int:
        """The value as a whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.refuse("A whole number is wanted here.", "write digits.")
        return self.value

    def day(self) -> date:
        """The value as a date."""
        if type(self.value) is not date:
            raise self.refuse("A date is wanted here.", "write it as 2026-06-17.")
        return self.value

    def one_of(self, *words: str) -> str:
        """The value as one of a few words."""
        if self.value not in words:
            raise self.refuse("Not a known word.", f"write one of: {', '.join(words)}.")
        return str(self.value)

    def both_languages(self) -> dict[str, str]:
        """The value as a text in Chinese and English."""
        texts = {language: self.take(language).text() for language in ("zh", "en")}
        self.finish()
        return texts
