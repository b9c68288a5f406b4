"""Which text a rule rests on, on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .book import RuleBook
from .series import DoseRule
from .values import Quantity, Source


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule with the latest text that states it: reference key, confidence (or "carried"), title by language."""

    rule_id: str
    reference: str
    confidence: str
    title: dict[str, str]
    document_number: str | None


def latest_text(book: RuleBook, source: Source, day: date) -> tuple[str, str]:
    """Reference and confidence of the last text, in force by `day`, that states or restates a value."""
    found = (source.reference, source.confidence)
    for key, confidence in source.restated:
        if book.references[key].in_force_from <= day:
            found = (key, confidence)
    return found


def quantities(book: RuleBook) -> dict[str, tuple[Quantity, ...]]:
    """The dated values behind each rule id: the age of a dose, and its gaps under the id with ".gap"."""
    found: dict[str, tuple[Quantity, ...]] = {}
    doses: list[DoseRule] = [dose for group in book.groups for path in group.paths for dose in path.doses]
    for dose in doses:
        found[dose.rule_id] = (dose.minimum_age,)
        found[f"{dose.rule_id}.gap"] = tuple(gap.minimum for gap in dose.gaps)
    for gap in book.interactions.blood_products:
        found[f"cn.interactions.{gap.key}"] = (gap.minimum,)
    found["cn.interactions.live_gap"] = (book.interactions.live_gap,)
    found["cn.interactions.covid19_apart"] = (book.interactions.apart.gap,)
    found["cn.programme.repeat_after_invalid_dose"] = (book.programme.repeat_after_invalid_dose,)
    return found


def cited(book: RuleBook, rule_id: str, source: Source, day: date) -> Citation:
    """A citation of one source."""
    key, confidence = latest_text(book, source, day)
    reference = book.references[key]
    return Citation(rule_id, key, confidence, reference.title, reference.document_number)


def citation(book: RuleBook, values: tuple[Quantity, ...], rule_id: str, day: date) -> Citation | None:
    """The text behind the dated `values` of a rule id on a day; None when none is in force then."""
    for quantity in values:
        entry = quantity.written_on(day)
        if entry is not None and entry.value is not None:
            return cited(book, rule_id, entry.source, day)
    return None
