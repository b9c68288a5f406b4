"""Words of ledgers: header names, makers, vaccines, sites. Reference data, learned and editable."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

_WHITE = re.compile(r"\s+")
# Names that the same lists go by in word files written for other programs.
_OTHER_NAMES = {
    "fields": "column_aliases",
    "placeholders": "placeholders_for_blank",
    "dose_words": "dose_status_words",
    "sites": "known_sites",
}


class WordsUnreadable(Exception):
    """A word file that is not a mapping of lists; says which file and which key."""


@dataclass(frozen=True)
class DoseColumn:
    """A column that holds the date of one dose: its series and the number of the dose in it."""

    series: str
    n: int


@dataclass(frozen=True)
class Vocabulary:
    """Everything the import recognises by its wording. Header keys are normal forms (see `normal`)."""

    fields: Mapping[str, str]
    dose_columns: Mapping[str, DoseColumn]
    dose_slots: tuple[str, ...]
    slot_needs_one_of: Mapping[str, tuple[str, ...]]
    manufacturers: Mapping[str, str]
    vaccines: Mapping[str, str]
    vaccine_codes: Mapping[str, str]
    categories: Mapping[str, str]
    placeholders: frozenset[str]
    dose_words: Mapping[str, str]
    sites: frozenset[str]
    sexes: Mapping[str, str]
    document_kinds: Mapping[str, str]
    total_words: tuple[str, ...]
    learned: Mapping[str, str] = field(default_factory=dict)

    def field_of(self, header: str) -> str | None:
        """The field a header names; None when nobody taught us this wording."""
        return self.learned.get(header) or self.fields.get(header)

    def knows(self, header: str) -> bool:
        """Whether a header is a field or a dose column."""
        return header in self.learned or header in self.fields or header in self.dose_columns

    def taught(self, headers: Mapping[str, str]) -> Vocabulary:
        """With header wordings a person assigned to fields; they win over the general list."""
        return replace(self, learned={**self.learned, **{normal(h): f for h, f in headers.items()}})

    def with_sites(self, names: Iterable[str]) -> Vocabulary:
        """With the sites the registry itself knows."""
        return replace(self, sites=self.sites | {normal(name) for name in names})


def normal(text: str) -> str:
    """A wording without white space and with full-width forms made half-width."""
    return _WHITE.sub("", unicodedata.normalize("NFKC", text))


def from_words(words: Mapping[str, Any]) -> Vocabulary:
    """A vocabulary from the lists of a word file."""
    return Vocabulary(
        fields=_by_wording(words.get("fields", {})),
        dose_columns={normal(h): DoseColumn(c["series"], c["n"]) for h, c in words["dose_columns"].items()},
        dose_slots=tuple(words["dose_slots"]),
        slot_needs_one_of={slot: tuple(needs) for slot, needs in words["slot_needs_one_of"].items()},
        manufacturers=_by_wording(words["manufacturers"]),
        vaccines=_by_wording(words["vaccines"]),
        vaccine_codes=dict(words["vaccine_codes"]),
        categories=_by_wording(words["categories"]),
        placeholders=frozenset(map(normal, words["placeholders"])),
        dose_words={normal(word): code for word, code in words["dose_words"].items()},
        sites=frozenset(map(normal, words["sites"])),
        sexes=_by_wording(words["sexes"]),
        document_kinds=_by_wording(words["document_kinds"]),
        total_words=tuple(words["total_words"]),
    )


def _by_wording(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {normal(wording): meaning for meaning, wordings in lists.items() for wording in wordings}


@lru_cache
def national() -> Vocabulary:
    """The words that come with Qingmiao."""
    return from_words(_national_words())


def with_file(path: Path) -> Vocabulary:
    """The national words and a place's own. Raises `WordsUnreadable`."""
    try:
        text = path.read_text(encoding="utf-8")
        own = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        return from_words(_joined(_national_words(), own))
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise WordsUnreadable(f"{path.name}: {type(error).__name__}") from error


def _national_words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("vocabulary.yaml").read_text("utf-8"))
    return words


def _joined(words: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lists joined entry by entry; what a place says about a wording wins."""
    joined = dict(words)
    for key, known in words.items():
        added = own.get(key, own.get(_OTHER_NAMES.get(key, ""), None))
        if key == "dose_columns" and added is None:
            added = {c["column"]: c for c in own.get("child_dose_columns", [])}
        if added:
            joined[key] = _join(known, added)
    return joined


def _join(known: Any, added: Any) -> Any:
    if isinstance(known, list):
        return [*known, *(word for word in added if word not in known)]
    return {**known, **{key: _join(known[key], value) if key in known and isinstance(value, list) else value
                        for key, value in added.items()}}  # fmt: skip
