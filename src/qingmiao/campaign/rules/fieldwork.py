"""Where a person stands, heard from ledger, site and door; and who goes next to somebody who refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """Where somebody stands. Of several that hold, the first of this list counts."""

    DONE = "done"
    ELSEWHERE = "elsewhere"  # says so; no dose is on record here yet
    MOVED = "moved"
    CONTRAINDICATED = "contraindicated"
    DEFERRED = "deferred"
    BOOKED = "booked"
    REFUSED = "refused"
    WILLING = "willing"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"


NOT_ELIGIBLE = frozenset({Standing.MOVED, Standing.CONTRAINDICATED, Standing.DEFERRED})
SETTLED = NOT_ELIGIBLE | {Standing.DONE, Standing.ELSEWHERE, Standing.BOOKED}


def standing_of(
    *, is_done: bool, at_site: str, is_booked: bool, at_door: str, door_until: date | None, on: date
) -> Standing:
    """Where somebody stands on a day.

    `at_site` is what the site decided last (deferred, contraindicated, refused; empty: nothing), `at_door` what was
    heard at the last visit (empty: not visited). What was deferred until a day that has come is open again.
    """
    heard = "" if at_door == Standing.DEFERRED and door_until is not None and door_until <= on else at_door
    holds = {Standing(code) for code in (at_site, heard) if code}
    if is_done:
        holds.add(Standing.DONE)
    if is_booked:
        holds.add(Standing.BOOKED)
    return next((standing for standing in Standing if standing in holds), Standing.NOT_ASKED)


def next_level(refused_to: Sequence[str], levels: Sequence[str]) -> str | None:
    """Which level goes next to somebody who refused to `refused_to`; None when every level has been there."""
    return next((level for level in levels if level not in refused_to), None)
