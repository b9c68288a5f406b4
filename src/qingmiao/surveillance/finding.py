"""What a register row says: which notifiable disease it names, by which words, and how surely.

Pure; source: rules/surveillance/finding.yaml and diseases.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.diseases import Disease, diseases


@dataclass(frozen=True)
class Hint:
    """A disease that a row names. `words` are what it rests on; `by` is diagnosis, icd10 or laboratory."""

    disease: str
    words: str
    by: str
    is_suspected: bool = False


@cache
def _words() -> list[tuple[str, str]]:
    """Every word with its disease, the longest first: a longer name says more."""
    words = [(word, disease.name) for disease in diseases().values() for word in disease.words]
    return sorted(words, key=lambda pair: -len(pair[0]))


def hints_in_text(diagnosis: str) -> list[Hint]:
    """The diseases that a diagnosis text names and does not deny; each once, in the order of the text."""
    taken = [False] * len(diagnosis)
    found: list[tuple[int, Hint]] = []
    for word, disease in _words():
        for start in _places(diagnosis, word):
            if any(taken[start : start + len(word)]) or _is_inside_longer(diagnosis, word, start):
                continue
            taken[start : start + len(word)] = [True] * len(word)
            before, after = _clause_around(diagnosis, start, start + len(word))
            if not _is_denied(before, after):
                is_suspected = _is_suspected(before, diagnosis[start + len(word) :])
                found.append((start, Hint(disease, word, "diagnosis", is_suspected)))
    return _once(hint for _start, hint in sorted(found, key=lambda pair: pair[0]))


def hints_in_code(icd10: str) -> list[Hint]:
    """The diseases whose ICD-10 codes begin `icd10`, the most exact ones only."""
    code = icd10.strip().upper()
    if not code:
        return []
    fits = [
        (len(prefix), Hint(disease.name, code, "icd10"))
        for disease in diseases().values()
        for prefix in disease.icd10
        if code.startswith(prefix)
    ]
    most_exact = max((length for length, _hint in fits), default=0)
    return _without_parents(_once(hint for length, hint in fits if length == most_exact))


def hints_in_result(item: str, result: str) -> list[Hint]:
    """The disease that a laboratory result proves."""
    for rule in rule_file("finding")["laboratory"]:
        if any(name in item for name in rule["item"]) and any(word in result for word in rule["result"]):
            return [Hint(rule["disease"], f"{item} {result}", "laboratory")]
    return []


def _once(hints: Iterator[Hint]) -> list[Hint]:
    first: dict[str, Hint] = {}
    for hint in hints:
        first.setdefault(hint.disease, hint)
    return list(first.values())


def _without_parents(hints: list[Hint]) -> list[Hint]:
    """A subtype says more than its disease, so the disease is left out beside it."""
    parents = {diseases()[hint.disease].parent for hint in hints}
    return [hint for hint in hints if hint.disease not in parents]


def _places(text: str, word: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + len(word))


def _is_inside_longer(text: str, word: str, start: int) -> bool:
    longer_names: list[str] = rule_file("finding")["not_inside"].get(word, [])
    return any(
        text.startswith(name, start - offset)
        for name in longer_names
        for offset in range(len(name))
        if start >= offset and name.startswith(word, offset)
    )


def _clause_around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after, inside the same clause and within reach."""
    rules = rule_file("finding")
    ends, reach = rules["clause_ends"], rules["reach"]
    before, after = text[max(0, start - reach) : start], text[end : end + reach]
    for position in range(len(before) - 1, -1, -1):
        if before[position] in ends:
            before = before[position + 1 :]
            break
    for position, character in enumerate(after):
        if character in ends:
            after = after[:position]
            break
    return before, after


def _is_denied(before: str, after: str) -> bool:
    rules = rule_file("finding")
    return any(word in before for word in rules["denied_before"]) or any(
        after.startswith(word) for word in rules["denied_after"]
    )


def _is_suspected(before: str, rest: str) -> bool:
    rules = rule_file("finding")
    return any(word in before for word in rules["suspected_before"]) or rest.startswith(tuple(rules["suspected_after"]))


def is_same_disease(one: str, other: str) -> bool:
    """Whether two names mean one disease: equal, or one is the other's subtype, or both are subtypes of one."""
    family_one, family_other = _family(diseases()[one]), _family(diseases()[other])
    return family_one == family_other


def _family(disease: Disease) -> str:
    return disease.parent or disease.name
