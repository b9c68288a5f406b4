"""What the server decides about an event that a tablet or a sheet sends later: pure decisions on plain values.

The rules, in the order in which they are asked (docs/adr/0070-a-tablet-without-the-server.md):

  invalid    it cannot be read, or the person or the right is missing: kept, somebody looks at it
  identical  this id came before with the same revision and content: nothing is written
  old        this id came before with a higher revision: the newer one stands
  updated    a higher revision of an event that may still be changed (a dose within the minutes of withdrawing)
  discarded  it can be read, but it cannot follow what has happened since: kept, somebody looks at it
  new        everything else: carried out as if the desk had pressed now, at the moment it really happened
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

FUTURE_TOLERATED = timedelta(seconds=60)  # of rounding and travel
CLOCK_MAY_DRIFT = timedelta(minutes=2)  # between writing down and sending; more means that somebody turned the clock


class Outcome(StrEnum):
    """What was decided about one event."""

    NEW = "new"
    IDENTICAL = "identical"
    UPDATED = "updated"
    OLD = "old"
    DISCARDED = "discarded"
    INVALID = "invalid"


class Kind(StrEnum):
    """What can be written down without the server."""

    ARRIVE = "arrive"
    CONSENT = "consent"
    SCREEN = "screen"
    DOSE = "dose"
    AWAY = "away"
    RELEASE = "release"


CARRIED_OUT = frozenset({Outcome.NEW, Outcome.UPDATED})
ASK_SOMEBODY = frozenset({Outcome.DISCARDED, Outcome.INVALID})


@dataclass(frozen=True)
class Sent:
    """One event as it was sent. `seconds_behind`: server minus tablet when it was written down, as far as known."""

    id: UUID
    number: int
    revision: int
    kind: Kind
    visit: int
    made_at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)
    seconds_behind: float | None = None

    @property
    def text(self) -> str:
        """The content as it is kept and compared: equal text, equal event."""
        return json.dumps(
            {"kind": self.kind, "visit": self.visit, "made_at": self.made_at.isoformat(), **self.content},
            ensure_ascii=False,
            sort_keys=True,
        )


class Unreadable(ValueError):
    """An event lacks something or carries something that cannot be; `why` is the code."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def read_event(raw: Any) -> Sent:
    """An event of the wire format. Raises Unreadable, naming the first thing that is wrong."""
    if not isinstance(raw, dict):
        raise Unreadable("form")
    try:
        sent = Sent(
            id=UUID(str(raw["id"])),
            number=int(raw["number"]),
            revision=int(raw.get("revision", 1)),
            kind=Kind(raw["kind"]),
            visit=int(raw["visit"]),
            made_at=datetime.fromisoformat(str(raw["made_at"])),
            content=raw.get("content") or {},
            seconds_behind=None if raw.get("seconds_behind") is None else float(raw["seconds_behind"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable("form") from error
    if sent.made_at.tzinfo is None or not isinstance(sent.content, dict):
        raise Unreadable("form")
    if not 1 <= sent.revision <= MOST_REVISIONS or sent.number < 0:
        raise Unreadable("form")
    return sent


MOST_REVISIONS = 100


@dataclass(frozen=True)
class Moment:
    """When an event really happened, by the server's clock."""

    at: datetime
    clock_doubt: bool


def moment_of(
    made_at: datetime,
    *,
    received_at: datetime,
    seconds_behind: float,
    known_behind: float | None,
    not_before: datetime,
) -> Moment:
    """Translate a tablet's instant into the server's: plus what the tablet's clock was behind.

    `seconds_behind` is measured at the sending, `known_behind` was known when the event was written down. If the two
    differ by more than CLOCK_MAY_DRIFT, somebody turned the clock in between: the older one counts and the event is
    marked. An instant before the list was drawn up (`not_before`) or in the future cannot be: it is put at the limit
    and marked. A marked dose is a dose all the same.
    """
    turned = known_behind is not None and abs(known_behind - seconds_behind) > CLOCK_MAY_DRIFT.total_seconds()
    behind = known_behind if turned and known_behind is not None else seconds_behind
    at = made_at + timedelta(seconds=behind)
    if at > received_at + FUTURE_TOLERATED:
        return Moment(received_at, True)
    if at < not_before:
        return Moment(not_before, True)
    return Moment(min(at, received_at), turned)


def known_before(sent: Sent, *, revision: int, is_same: bool, is_changeable: bool) -> tuple[Outcome, str] | None:
    """What is decided about an id that came before (`revision`, and whether the content is the same).

    None: an update that may be carried out. An event whose first revision was never carried out is tried again.
    """
    if sent.revision < revision:
        return Outcome.OLD, ""
    if sent.revision == revision:
        return (Outcome.IDENTICAL, "") if is_same else (Outcome.DISCARDED, "id_reused")
    if is_same:
        return Outcome.IDENTICAL, ""
    return None if is_changeable else (Outcome.DISCARDED, "not_changeable")
