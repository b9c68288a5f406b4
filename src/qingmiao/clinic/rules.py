"""Decisions of the vaccination site on plain values: the chain of states, identity, areas, observation, judged doses.

Nothing here knows a row, a clock or a screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """Where a person stands on the way through the site on one day."""

    NAMED = "named"  # on a list that the site has not accepted yet
    BOOKED = "booked"
    ARRIVED = "arrived"
    INFORMED = "informed"
    CONSENTED = "consented"
    WITH_DOCTOR = "with_doctor"
    SCREENED = "screened"
    VACCINATED = "vaccinated"
    OBSERVING = "observing"
    LEFT_EARLY = "left_early"  # the alarm stands until somebody answers it
    REACTION = "reaction"
    RELEASED = "released"
    DEFERRED = "deferred"
    CONTRAINDICATED = "contraindicated"
    DECLINED = "declined"
    LEFT = "left"
    LEFT_UNOBSERVED = "left_unobserved"  # vaccinated, gone early, not brought back: followed up by phone
    REFERRED = "referred"  # to hospital, after a reaction
    TRANSFERRED = "transferred"  # sent on without the dose, to another site or a hospital clinic
    CANCELLED = "cancelled"
    ABSENT = "absent"  # was expected and did not come: written when the day is closed


class Event(StrEnum):
    """What can happen to a person at the site."""

    BOOK = "book"
    CANCEL = "cancel"
    ARRIVE = "arrive"
    INFORM = "inform"
    CONSENT = "consent"
    ASK_DOCTOR = "ask_doctor"
    CLEAR = "clear"
    DEFER = "defer"
    CONTRAINDICATE = "contraindicate"
    DECLINE = "decline"
    LEAVE = "leave"
    RETURN = "return"
    VACCINATE = "vaccinate"
    WITHDRAW = "withdraw"
    OBSERVE = "observe"
    RELEASE = "release"
    LEAVE_EARLY = "leave_early"
    COME_BACK = "come_back"
    GIVE_UP = "give_up"
    FALL_ILL = "fall_ill"
    RECOVER = "recover"
    REFER = "refer"
    CORRECT = "correct"  # the dose was recorded for somebody who never had it
    TRANSFER = "transfer"
    CALL = "call"  # to a desk: the person stays at the step
    RE_TICKET = "re_ticket"
    MISS = "miss"


S, E = State, Event

AT_THE_SITE = frozenset({S.ARRIVED, S.INFORMED, S.CONSENTED, S.WITH_DOCTOR, S.SCREENED})
AFTER_THE_NEEDLE = frozenset({S.VACCINATED, S.OBSERVING, S.LEFT_EARLY, S.REACTION})
WITHOUT_DOSE = frozenset({S.DEFERRED, S.CONTRAINDICATED, S.DECLINED, S.LEFT, S.TRANSFERRED})
WITH_DOSE = frozenset({S.RELEASED, S.LEFT_UNOBSERVED, S.REFERRED})
EXITS = WITHOUT_DOSE | WITH_DOSE | {S.CANCELLED, S.ABSENT}
EXPECTED = frozenset({S.NAMED, S.BOOKED})
NOT_HERE = EXPECTED | {S.CANCELLED, S.ABSENT}

# What may follow what. A pair that is not here cannot happen; every state but the last ones has a way on and a way out.
TABLE: Mapping[tuple[State, Event], State] = {
    (S.NAMED, E.BOOK): S.BOOKED,
    (S.NAMED, E.CANCEL): S.CANCELLED,
    (S.NAMED, E.ARRIVE): S.ARRIVED,
    (S.BOOKED, E.CANCEL): S.CANCELLED,
    (S.BOOKED, E.ARRIVE): S.ARRIVED,
    **{(state, E.MISS): S.ABSENT for state in EXPECTED},
    **{(state, E.BOOK): S.BOOKED for state in (S.CANCELLED, S.ABSENT)},
    **{(state, E.ARRIVE): S.ARRIVED for state in (S.CANCELLED, S.ABSENT)},
    (S.ARRIVED, E.INFORM): S.INFORMED,
    (S.INFORMED, E.CONSENT): S.CONSENTED,
    (S.CONSENTED, E.ASK_DOCTOR): S.WITH_DOCTOR,
    **{(state, E.CLEAR): S.SCREENED for state in (S.CONSENTED, S.WITH_DOCTOR)},
    **{(state, E.DEFER): S.DEFERRED for state in (S.CONSENTED, S.WITH_DOCTOR, S.SCREENED)},
    **{(state, E.CONTRAINDICATE): S.CONTRAINDICATED for state in (S.CONSENTED, S.WITH_DOCTOR, S.SCREENED)},
    **{(state, E.DECLINE): S.DECLINED for state in AT_THE_SITE},
    **{(state, E.LEAVE): S.LEFT for state in AT_THE_SITE},
    **{(state, E.TRANSFER): S.TRANSFERRED for state in AT_THE_SITE},
    # A new ticket (lost, passed over, other area) changes the place in the queue, never the step.
    **{(state, E.RE_TICKET): state for state in AT_THE_SITE},
    **{(state, E.CALL): state for state in AT_THE_SITE},
    # Somebody who went out without the dose may come back the same day and begins again at the front desk.
    **{(state, E.RETURN): S.ARRIVED for state in WITHOUT_DOSE},
    # The needle is a fact, whatever should have come before: the row is written, and what was skipped is found.
    **{(state, E.VACCINATE): S.VACCINATED for state in State if state not in AFTER_THE_NEEDLE | WITH_DOSE},
    (S.VACCINATED, E.OBSERVE): S.OBSERVING,
    **{(state, E.WITHDRAW): S.SCREENED for state in (S.VACCINATED, S.OBSERVING)},
    (S.OBSERVING, E.RELEASE): S.RELEASED,
    (S.OBSERVING, E.LEAVE_EARLY): S.LEFT_EARLY,
    (S.OBSERVING, E.FALL_ILL): S.REACTION,
    (S.LEFT_EARLY, E.COME_BACK): S.OBSERVING,
    (S.LEFT_EARLY, E.GIVE_UP): S.LEFT_UNOBSERVED,
    (S.LEFT_EARLY, E.FALL_ILL): S.REACTION,
    (S.REACTION, E.RECOVER): S.OBSERVING,
    (S.REACTION, E.REFER): S.REFERRED,
    (S.RELEASED, E.FALL_ILL): S.REACTION,
    (S.LEFT_UNOBSERVED, E.FALL_ILL): S.REACTION,
    **{(state, E.CORRECT): S.LEFT for state in AFTER_THE_NEEDLE | WITH_DOSE},
}

# A wrong tap of these is taken back as if it had not happened; everything else has an event of its own.
UNDOABLE = frozenset({E.ARRIVE, E.DECLINE, E.LEAVE, E.TRANSFER, E.RELEASE, E.LEAVE_EARLY})


class Refused(Exception):
    """Something cannot be done now; the message says why and what to do instead. Nothing was written."""


class NotNow(Exception):
    """The event cannot happen to a person who stands there; says both, so that a desk can word it."""

    def __init__(self, state: State, event: Event) -> None:
        self.state, self.event = state, event
        super().__init__(f"{event} cannot follow {state}")


def after(state: State, event: Event) -> State:
    """The state that `event` leads to. Raises NotNow when it cannot happen now."""
    try:
        return TABLE[state, event]
    except KeyError:
        raise NotNow(state, event) from None


def possible(state: State) -> frozenset[Event]:
    """What can happen to a person who stands at `state`."""
    return frozenset(event for (before, event) in TABLE if before == state)


class Step(StrEnum):
    """What a desk does: each takes people from its own queue."""

    CONSENT = "consent"
    SCREENING = "screening"
    INJECTION = "injection"


QUEUES: Mapping[Step, frozenset[State]] = {
    Step.CONSENT: frozenset({S.ARRIVED, S.INFORMED}),
    Step.SCREENING: frozenset({S.CONSENTED, S.WITH_DOCTOR}),
    Step.INJECTION: frozenset({S.SCREENED}),
}


class Room(StrEnum):
    """Where somebody sees and moves a person who waits for no queueing desk."""

    LISTS = "lists"  # the unit's lists, to be accepted by the site
    FRONT_DESK = "front_desk"
    OBSERVATION = "observation"


ROOMS: Mapping[State, Room] = {
    S.NAMED: Room.LISTS,
    S.BOOKED: Room.FRONT_DESK,
    S.VACCINATED: Room.OBSERVATION,
    S.OBSERVING: Room.OBSERVATION,
    S.LEFT_EARLY: Room.OBSERVATION,
    S.REACTION: Room.OBSERVATION,
}


def shown_at(state: State) -> Step | Room | None:
    """Where a person at `state` is seen and moved on; None only for the last states."""
    return waits_for(state) or ROOMS.get(state)


def waits_for(state: State) -> Step | None:
    """The desk that a person at `state` waits for, or None."""
    return next((step for step, states in QUEUES.items() if state in states), None)


# --- identity ---------------------------------------------------------------------------------------------------------

IDENTITY_FIELDS = ("name", "birth_date", "number", "phone")


def is_identity_checked(fields: Collection[str], needed: int) -> bool:
    """Whether enough different fields were said by the person and compared with the document."""
    return len(set(fields) & set(IDENTITY_FIELDS)) >= needed


def needs_guardian(age: int | None, signs_from: int) -> bool:
    """Whether a guardian must sign: below the age `signs_from`. An unknown age asks for the document first."""
    return age is not None and age < signs_from


# --- areas and tickets ------------------------------------------------------------------------------------------------


def balanced_area(waiting: Mapping[int, int], planned: int | None = None, *, tolerated: int) -> int | None:
    """The area to send the next person to: the planned one, unless far more people wait there than elsewhere.

    `waiting` counts people per area id; empty: None. `tolerated` is how many more may wait before another is named.
    """
    if not waiting:
        return None
    emptiest = min(sorted(waiting), key=lambda area: waiting[area])
    if planned is not None and planned in waiting and waiting[planned] - waiting[emptiest] <= tolerated:
        return planned
    return emptiest


def ticket(letter: str, number: int) -> str:
    """`A046`."""
    return f"{letter}{number:03d}"


# --- the dose and after -----------------------------------------------------------------------------------------------


def may_release(until: datetime, now: datetime) -> bool:
    """Whether the observation is long enough. No grace: 29 minutes and 59 seconds are too short."""
    return now >= until


class Found(StrEnum):
    """What was wrong with a dose that has been given. Recorded, never a reason to refuse the record."""

    NOT_CONSENTED = "not_consented"
    NOT_SCREENED = "not_screened"
    LOT_EXPIRED = "lot_expired"
    LOT_QUARANTINED = "lot_quarantined"
    LOT_RECALLED = "lot_recalled"
    OTHER_PRODUCT = "other_product"
    INTERVAL_TOO_SHORT = "interval_too_short"
    COURSE_COMPLETE = "course_complete"
    SECOND_TODAY = "second_today"


@dataclass(frozen=True)
class DoseFacts:
    """What is known of a dose when it is judged."""

    has_consent: bool
    was_cleared: bool
    lot_obstacles: tuple[str, ...] = ()
    given_on: date = date.min
    earlier_on: tuple[date, ...] = ()  # days of the earlier doses of the same course
    minimum_interval_days: int | None = None
    course_doses: int | None = None


def findings(facts: DoseFacts) -> tuple[Found, ...]:
    """Everything that is wrong with a dose, in the order in which it matters; empty for a regular one."""
    found = [] if facts.has_consent else [Found.NOT_CONSENTED]
    if not facts.was_cleared:
        found.append(Found.NOT_SCREENED)
    found.extend(
        Found.OTHER_PRODUCT if obstacle == "other_product" else Found(f"lot_{obstacle}")
        for obstacle in facts.lot_obstacles
    )
    if facts.given_on in facts.earlier_on:
        found.append(Found.SECOND_TODAY)
    elif _too_soon(facts):
        found.append(Found.INTERVAL_TOO_SHORT)
    if facts.course_doses is not None and len(facts.earlier_on) >= facts.course_doses:
        found.append(Found.COURSE_COMPLETE)
    return tuple(found)


def _too_soon(facts: DoseFacts) -> bool:
    if facts.minimum_interval_days is None or not facts.earlier_on:
        return False
    return (facts.given_on - max(facts.earlier_on)).days < facts.minimum_interval_days
