"""Find every string that a person reads, and keep both catalogues in step with it. Needs Babel (development only).

`python -m qingmiao.locale.extract` updates the .po files; with `--check` it only says what is not in order.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract as babel_extract
from django.utils.translation.template import templatize

from qingmiao.locale.catalogue import Key, Message, merged, read_po, write_po
from qingmiao.locale.compile import FOLDER

PACKAGE = FOLDER.parent
LANGUAGES = ("zh_Hans", "en")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def found_messages(package: Path = PACKAGE) -> dict[Key, Message]:
    """Every string of the package's code and templates, once, with the files it is in."""
    found: dict[Key, Message] = {}
    for path in _sources(package):
        name = path.relative_to(package).as_posix()
        for message in _messages_of(path):
            known = found.get(message.key, message)
            found[message.key] = replace(
                known,
                plural=known.plural or message.plural,
                files=tuple(sorted({*known.files, name})),
                notes=tuple(dict.fromkeys((*known.notes, *message.notes))),
            )
    return found


def _sources(package: Path) -> Iterator[Path]:
    for kind in ("**/*.py", "**/*.html", "**/*.txt"):
        for path in sorted(package.glob(kind)):
            if path.suffix == ".py" or "templates" in path.parts:
                yield path


def _messages_of(path: Path) -> Iterator[Message]:
    text = path.read_text(encoding="utf-8")
    code = text if path.suffix == ".py" else _as_code(text, path)
    for _line, ids, notes, context in babel_extract("python", BytesIO(code.encode()), KEYWORDS, ("Translators:",)):
        single, plural = (ids[0], ids[1]) if isinstance(ids, tuple) else (ids, "")
        if single:
            yield Message(single, plural, context or "", notes=tuple(notes))


def _as_code(text: str, path: Path) -> str:
    """A template as calls of gettext; without indentation, which would not be Python's."""
    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language is kept."""
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def known_messages(language: str) -> dict[Key, Message]:
    """The catalogue of a language as it is in the repository."""
    path = catalogue_path(language)
    return read_po(path.read_text(encoding="utf-8")) if path.exists() else {}


def updated(language: str, found: dict[Key, Message]) -> dict[Key, Message]:
    """The catalogue with what was found. English keeps only plurals, whose forms are the ids themselves."""
    if language == "en":
        return {key: replace(m, strings=(m.id, m.plural)) for key, m in found.items() if m.plural}
    return merged(known_messages(language), found.values())


def faults(language: str, found: dict[Key, Message]) -> list[str]:
    """What is not in order: missing, doubtful, obsolete, or a place (`%(name)s`) that the words lost or invented."""
    known = known_messages(language)
    wanted = found if language != "en" else {key: m for key, m in found.items() if m.plural}
    missing = [f"missing: {key[1]!r}" for key in wanted if key not in known or not all(known[key].strings or ("",))]
    doubtful = [f"fuzzy: {m.id!r}" for m in known.values() if m.is_fuzzy]
    obsolete = [f"obsolete: {m.id!r}" for m in known.values() if m.is_obsolete or m.key not in wanted]
    places = [f"places differ: {m.id!r} → {text!r}" for m in known.values() for text in m.strings if _differs(m, text)]
    return missing + doubtful + obsolete + places


def _differs(message: Message, text: str) -> bool:
    return bool(text) and _places(text) not in (_places(message.id), _places(message.plural or message.id))


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|%[sd]", text))


def main(arguments: Iterable[str]) -> int:
    """Update the catalogues, or with `--check` print the faults; the exit code is 1 when there are any."""
    found = found_messages()
    options = set(arguments)
    if "--check" not in options:
        for language in LANGUAGES:
            messages = updated(language, found).values()
            kept = [m for m in messages if not (m.is_obsolete and "--prune" in options)]
            catalogue_path(language).write_text(write_po(language, kept), encoding="utf-8")
    wrong = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(language, found)]
    print("\n".join(wrong) or f"{len(found)} strings, both catalogues complete.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
