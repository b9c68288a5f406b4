"""Why somebody goes without the dose: the closed lists of rules/clinic/reasons.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from qingmiao.clinic.rules import Event
from qingmiao.clinic.sources import Words, words_of
from qingmiao.law.dated import rule_file

LISTED = (Event.DECLINE, Event.LEAVE, Event.TRANSFER)


@dataclass(frozen=True)
class Reason:
    """One reason; `group` is its class in the campaign's table of reasons (1 to 5)."""

    code: str
    group: int
    word: Words
    event: Event


@cache
def reasons() -> tuple[Reason, ...]:
    """Every reason, in the order of the file."""
    raw = rule_file("clinic", "reasons")
    return tuple(
        Reason(one["code"], one["group"], words_of(one["word"]), event) for event in LISTED for one in raw[event.value]
    )


def reasons_for(event: Event) -> tuple[Reason, ...]:
    """What may be chosen when somebody declines, leaves or is sent on."""
    return tuple(reason for reason in reasons() if reason.event is event)


def reason_coded(code: str) -> Reason | None:
    """The reason behind a code; None for a code that no list has (a rule of screening, or free text)."""
    return next((reason for reason in reasons() if reason.code == code), None)
