"""Until when: the clocks of reports, reviews, investigations and certificates.

Pure: the starting moment is passed in. A clock in hours counts elapsed time, whatever the wall clock did in between; a
clock in days ends with the last local day. Sources: rules/surveillance/deadlines.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from qingmiao.law.dated import in_force, rule_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Deadline:
    """When something is late: from `due_at` on. `clock`, `reference` and `article` say by which rule."""

    clock: str
    due_at: datetime
    reference: str
    article: str

    def is_late(self, done_at: datetime) -> bool:
        """Whether something done at that moment was too late; the last moment itself is in time."""
        return done_at > self.due_at


def deadline(clock: str, started_at: datetime) -> Deadline:
    """When `clock` runs out that started at `started_at` (aware). Raises NoRuleInForce for a day without a rule."""
    rule = rule_file("surveillance", "deadlines")["clocks"][clock]
    local_day = started_at.astimezone(SHANGHAI).date()
    value = in_force(rule["values"], local_day, clock)
    due_at = (
        started_at.astimezone(UTC) + timedelta(hours=value["hours"])
        if "hours" in value
        else _end_of(local_day + timedelta(days=value["days"]))
    )
    return Deadline(clock, due_at, value["reference"], value["article"])


@dataclass(frozen=True)
class Law:
    """The document a clock comes from. `is_from_memory`: nobody has read the text that says so."""

    zh: str
    en: str
    confidence: str
    note: str = ""

    @property
    def is_from_memory(self) -> bool:
        return self.confidence.startswith("M")

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


def law_behind(reference: str) -> Law:
    """The document that a deadline's `reference` names."""
    entry = rule_file("surveillance", "deadlines")["references"][reference]
    return Law(entry["title"]["zh"], entry["title"]["en"], entry["confidence"], entry.get("note", ""))


def title_of(clock: str, language: str) -> str:
    """What a clock is about, in the language of a page."""
    title: dict[str, str] = rule_file("surveillance", "deadlines")["clocks"][clock]["title"]
    return title["zh"] if language.startswith("zh") else title["en"]


def article_of(due: Deadline, language: str) -> str:
    """The place in the document in words of the language: 第45条, article 45, 报告."""
    named: dict[str, str] | None = rule_file("surveillance", "deadlines")["articles"].get(due.article)
    is_chinese = language.startswith("zh")
    if named is not None:
        return named["zh" if is_chinese else "en"]
    return f"第{due.article}条" if is_chinese else f"article {due.article}"


def _end_of(day: date) -> datetime:
    """The first moment after a local day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def source_of(due: Deadline | None, language: str) -> str:
    """The document that a deadline comes from, and the place in it; "" without a deadline."""
    return f"{law_behind(due.reference).in_language(language)} {article_of(due, language)}" if due else ""
