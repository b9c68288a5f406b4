"""Reading and writing catalogues (.po), and compiling them (.mo), in plain Python.

Only what our catalogues use: contexts, plurals, file references, comments of translators, fuzzy and obsolete marks.
Formats: gettext manual, sections "PO Files" and "MO Files".
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

HEADER_OF = {
    "zh_Hans": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
}
_KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")
_MO_MAGIC = 0x950412DE
_CONTEXT_END = "\x04"

Key = tuple[str, str]


@dataclass(frozen=True)
class Message:
    """One string: `strings` holds the translation, one per plural form; "" is not translated yet."""

    id: str
    plural: str = ""
    context: str = ""
    strings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_fuzzy: bool = False
    is_obsolete: bool = False

    @property
    def key(self) -> Key:
        """What makes it one string: context and id."""
        return self.context, self.id

    @property
    def is_translated(self) -> bool:
        """Whether every form has words and nobody doubts them."""
        return bool(self.strings) and all(self.strings) and not self.is_fuzzy


@dataclass
class _Draft:
    """An entry while its lines are being read."""

    parts: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_fuzzy: bool = False
    is_obsolete: bool = False
    last: str = ""

    def read(self, line: str) -> None:
        if line.startswith("#~"):
            self.is_obsolete, line = True, line[2:].strip()
        if line.startswith("#:"):
            self.files += line[2:].split()
        elif line.startswith("#,"):
            self.is_fuzzy = "fuzzy" in line
        elif line.startswith("#"):
            self.notes.append(line[1:].strip(" ."))
        elif line.startswith('"'):
            self.parts[self.last] += ast.literal_eval(line)
        elif line:
            self.last, _space, text = line.partition(" ")
            self.parts[self.last] = ast.literal_eval(text)

    def message(self) -> Message:
        forms = tuple(text for name, text in self.parts.items() if name.startswith("msgstr"))
        return Message(
            id=self.parts["msgid"],
            plural=self.parts.get("msgid_plural", ""),
            context=self.parts.get("msgctxt", ""),
            strings=forms,
            files=tuple(self.files),
            notes=tuple(self.notes),
            is_fuzzy=self.is_fuzzy,
            is_obsolete=self.is_obsolete,
        )


def read_po(text: str) -> dict[Key, Message]:
    """The messages of a catalogue, without its header, by key."""
    drafts = (_draft(block) for block in text.split("\n\n"))
    messages = (draft.message() for draft in drafts if "msgid" in draft.parts)
    return {message.key: message for message in messages if message.id}


def _draft(block: str) -> _Draft:
    draft = _Draft()
    for line in block.splitlines():
        draft.read(line.strip())
    return draft


def write_po(language: str, messages: Iterable[Message]) -> str:
    """A catalogue as text, sorted by id so that two people's additions rarely meet; no dates, no line numbers."""
    ordered = sorted(messages, key=lambda message: (message.is_obsolete, message.id, message.context))
    return "\n".join([_block(Message("", strings=(_header(language),))), *map(_block, ordered)])


def _header(language: str) -> str:
    lines = (
        "Project-Id-Version: qingmiao",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {HEADER_OF[language]}",
    )
    return "".join(f"{line}\n" for line in lines)


def _block(message: Message) -> str:
    comments = [f"#. {note}" for note in message.notes] + [f"#: {name}" for name in message.files]
    comments += ["#, fuzzy"] if message.is_fuzzy else []
    mark = "#~ " if message.is_obsolete else ""
    return "\n".join(comments + [mark + line for line in _lines(message)]) + "\n"


def _lines(message: Message) -> Iterator[str]:
    if message.context:
        yield f"msgctxt {_quoted(message.context)}"
    yield f"msgid {_quoted(message.id)}"
    if message.plural:
        yield f"msgid_plural {_quoted(message.plural)}"
        yield from (f"msgstr[{form}] {_quoted(text)}" for form, text in enumerate(message.strings or ("",)))
    else:
        yield f"msgstr {_quoted(message.strings[0] if message.strings else '')}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = escaped.replace("\n", "\\n\n").splitlines()
    if len(lines) <= 1:
        return f'"{"".join(lines)}"'.replace("\n", "")
    return "\n".join(['""', *(f'"{line}"' for line in lines)])


def to_mo(language: str, messages: Iterable[Message]) -> bytes:
    """The compiled catalogue: translated messages only, so that what is missing falls back to its English id."""
    pairs = {"": _header(language)}
    pairs |= {_mo_id(m): "\0".join(m.strings) for m in messages if m.is_translated and not m.is_obsolete}
    return _mo_file(sorted((name.encode(), text.encode()) for name, text in pairs.items()))


def _mo_id(message: Message) -> str:
    context = f"{message.context}{_CONTEXT_END}" if message.context else ""
    return context + (f"{message.id}\0{message.plural}" if message.plural else message.id)


def _mo_file(pairs: list[tuple[bytes, bytes]]) -> bytes:
    count, start = len(pairs), 7 * 4
    texts = [name for name, _text in pairs] + [text for _name, text in pairs]
    at = start + count * 16
    index = b""
    for text in texts:
        index += struct.pack("<2I", len(text), at)
        at += len(text) + 1
    head = struct.pack("<7I", _MO_MAGIC, 0, count, start, start + count * 8, 0, 0)
    return head + index + b"".join(text + b"\0" for text in texts)


def merged(known: dict[Key, Message], found: Iterable[Message]) -> dict[Key, Message]:
    """The found messages with the known words; known ones no longer found are kept as obsolete."""
    fresh = {message.key: _with_words(message, known.get(message.key)) for message in found}
    lost = {key: replace(old, is_obsolete=True, files=()) for key, old in known.items() if key not in fresh}
    return fresh | lost


def _with_words(message: Message, old: Message | None) -> Message:
    if old is None:
        return message
    is_other = bool(old.plural) != bool(message.plural)
    return replace(message, strings=old.strings, is_fuzzy=old.is_fuzzy or is_other)
