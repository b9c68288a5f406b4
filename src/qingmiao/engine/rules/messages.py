"""What is said at the desk, in Chinese and English, made from codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .book import RULES
from .errors import RuleFileError
from .node import Node, read_yaml
from .sources import Citation

LANGUAGES = ("zh", "en")
_PARTS = ("what", "evidence", "cure")


@dataclass(frozen=True, slots=True)
class Said:
    """A message: its code, the rule it rests on, and the text in each language, in four parts joined."""

    code: str
    rule_id: str
    reference: str
    confidence: str
    text: dict[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All messages by code and language, with the sentence that names the source."""

    messages: dict[str, dict[str, dict[str, str]]]
    source: dict[str, str]
    someone: dict[str, str]
    confidence: dict[str, dict[str, str]]

    def say(self, code: str, cite: Citation | None, words: Mapping[str, Mapping[str, Any] | Any]) -> Said:
        """The message of a code. A word may be a text by language or one value for both."""
        if code not in self.messages:
            raise RuleFileError(
                "No such message.", where="messages.yaml", evidence=code, cure="add it in both languages."
            )
        text = {language: self._text(code, language, cite, words) for language in LANGUAGES}
        return Said(
            code,
            cite.rule_id if cite else "",
            cite.reference if cite else "",
            cite.confidence if cite else "",
            text,
        )

    def _text(self, code: str, language: str, cite: Citation | None, words: Mapping[str, Any]) -> str:
        known = {"person": self.someone[language]}
        known |= {key: value[language] if isinstance(value, dict) else value for key, value in words.items()}
        parts = {part: self.messages[code][language][part].format(**known) for part in _PARTS}
        sourced = self._source(language, cite)
        gap = "" if language == "zh" else " "
        return gap.join(part for part in (parts["what"], sourced, parts["evidence"], parts["cure"]) if part)

    def _source(self, language: str, cite: Citation | None) -> str:
        if cite is None:
            return ""
        title = f"《{cite.title['zh']}》" if language == "zh" else cite.title["en"]
        number = f" {cite.document_number}" if cite.document_number else ""
        return self.source[language].format(
            rule=cite.rule_id, reference=title + number, confidence=self.confidence[cite.confidence][language]
        )


def _message(node: Node) -> dict[str, dict[str, str]]:
    found = {}
    for language in LANGUAGES:
        entry = node.take(language)
        found[language] = {part: entry.take(part).text() for part in _PARTS}
        entry.finish()
    node.finish()
    return found


@cache
def catalogue() -> Catalogue:
    """The catalogue in rules/messages.yaml. Raises RuleFileError when a language or part is missing."""
    node = Node(read_yaml(RULES / "messages.yaml"), "messages.yaml")
    found = Catalogue(
        messages={code: _message(entry) for code, entry in node.take("messages").items()},
        source=node.take("source").both_languages(),
        someone=node.take("someone").both_languages(),
        confidence={code: entry.both_languages() for code, entry in node.take("confidence").items()},
    )
    node.finish()
    return found
