"""Streaming XML that refuses a DTD, whatever it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn
from xml.parsers import expat

from .refusal import FileRefused

LONGEST_TEXT = 32_767  # characters a cell can hold


class LocalNames(dict[str, str]):
    """Tag or attribute name → name without its namespace prefix; writers differ in the prefix."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        if len(self) < 1000:
            self[name] = local
        return local


def _refuse(*_: object) -> NoReturn:
    raise FileRefused("file_dangerous_xml")


def new_parser(
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Any:
    """An expat parser that expands nothing beyond the five predefined entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    return parser


def feed(parser: Any, chunk: bytes, *, final: bool = False) -> None:
    """Give the parser one more piece."""
    try:
        parser.Parse(chunk, final)
    except expat.ExpatError as error:
        raise FileRefused("file_damaged", "xml") from error


def parse(chunks: Iterable[bytes], parser: Any) -> None:
    """Read a whole document."""
    for chunk in chunks:
        feed(parser, chunk)
    feed(parser, b"", final=True)


def attributes_of(content: bytes, tag: str) -> list[dict[str, str]]:
    """Attributes, by local name, of every element called `tag` in a small document."""
    found: list[dict[str, str]] = []
    names = LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        if names[name] == tag:
            found.append({names[key]: value for key, value in attributes.items()})

    parse([content], new_parser(start))
    return found
