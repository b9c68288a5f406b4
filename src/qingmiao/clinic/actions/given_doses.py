"""Many injections that have happened, written at once: the same rows as `record_dose` writes one by one.

A site that was without the server for a morning sends hundreds of doses; a test holds both ways equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from qingmiao.audit.door import also, name_of
from qingmiao.audit.statements import Prepared, Slot, insert, update
from qingmiao.clinic.actions.steps import dose_row, ticket_of_latecomer
from qingmiao.clinic.models import Desk, DoseFinding, Injection, Observation, Visit, VisitEvent
from qingmiao.clinic.queries.needle import dose_facts
from qingmiao.clinic.queries.people import course_doses
from qingmiao.clinic.rules import AFTER_THE_NEEDLE, WITH_DOSE, Event, Found, State, findings
from qingmiao.clinic.screening import form_for
from qingmiao.registry.models import Dose, Person
from qingmiao.registry.queries.facts import facts_of
from qingmiao.safety.observing import minutes_for
from qingmiao.schedule.keeping import refresh_due
from qingmiao.staff.access import Actor
from qingmiao.stock.models import Lot, Movement


@dataclass(frozen=True)
class Given:
    """One injection: the visit is locked, and has no counting dose yet unless this is a second one."""

    visit: Visit
    lot: Lot
    body_site: str
    at: datetime
    desk: Desk | None = None


def visits_with_dose(visits: Collection[int]) -> set[int]:
    """Which of these visits have a dose that counts."""
    return {injection.visit_id for injection in _counting(visits=visits)}


_counting = Prepared(
    lambda: Injection.objects.filter(visit__among=Slot("visits"), dose__superseded_by=None, dose__is_void=False)
)


def write_doses(by: Actor, given: Sequence[Given], *, event_ids: Sequence[str]) -> list[Dose]:
    """Write down injections of different visits, inside the running action. Nothing is refused: see `record_dose`."""
    if not given:
        return []
    earlier = _earlier(given)
    judged = [
        dose_facts(one.visit, one.lot, timezone.localdate(one.at), earlier[one.lot.product.code][one.visit.person_id])
        for one in given
    ]
    found = [findings(facts) for facts in judged]
    doses = insert(
        dose_row(one.visit, one.lot, one.body_site, one.at, by, dose_number=len(facts.earlier_on) + 1)
        for one, facts in zip(given, judged, strict=True)
    )
    _write_around(by, given, doses, found)
    _owed_anew(given)
    _move_on(by, given)
    for one, dose, codes, event in zip(given, doses, found, event_ids, strict=True):
        also(
            "clinic.record_dose",
            by=by,
            subject=dose,
            visit=one.visit.pk,
            lot=one.lot.pk,
            findings=[code.value for code in codes],
            event=event,
        )
    return doses


def _owed_anew(given: Sequence[Given]) -> None:
    """What is owed to whoever was vaccinated, written anew as of the day of the dose."""
    people: dict[date, list[Person]] = defaultdict(list)
    for one in given:
        people[timezone.localdate(one.at)].append(one.visit.person)
    for day in sorted(people):
        refresh_due(*people[day], on=day)


def _earlier(given: Sequence[Given]) -> dict[str, dict[int, list[date]]]:
    """Days of earlier doses of the course, per product code and person."""
    products = {one.lot.product.code: one.lot.product for one in given}
    people = [one.visit.person_id for one in given]
    return {code: course_doses(people, product) for code, product in products.items()}


def _write_around(by: Actor, given: Sequence[Given], doses: Sequence[Dose], found: Sequence[tuple[Found, ...]]) -> None:
    """What belongs to each dose: how it was given, the movement of stock, the findings, the observation."""
    rows = list(zip(given, doses, strict=True))
    insert(Injection(dose=dose, visit=one.visit, desk=one.desk, route=one.lot.product.route) for one, dose in rows)
    insert(
        Movement(
            lot=one.lot,
            place=one.desk.organisation if one.desk else one.visit.session.site,
            kind=Movement.Kind.GIVEN,
            doses=-1,
            belongs_to=name_of(dose),
            at=one.at,
            by_id=by.user_id,
        )
        for one, dose in rows
    )
    insert(
        DoseFinding(dose=dose, code=code.value, at=one.at)
        for (one, dose), codes in zip(rows, found, strict=True)
        for code in codes
    )
    facts = facts_of([one.visit.person_id for one in given])
    insert(_observation(one, dose, facts.get(one.visit.person_id, {})) for one, dose in rows)


def _observation(one: Given, dose: Dose, facts: dict[str, object]) -> Observation:
    day = timezone.localdate(one.at)
    length = minutes_for(form_for(one.lot.product.code, day).observation_minutes, facts, day)  # type: ignore[arg-type]
    return Observation(
        visit=one.visit,
        dose=dose,
        since=one.at,
        until=one.at + timedelta(minutes=length.minutes),
        longer_because=length.because,
    )


def _move_on(by: Actor, given: Sequence[Given]) -> None:
    """Bring the visits to the observation room, with the two steps in their journals."""
    moving = [one for one in given if one.visit.where not in AFTER_THE_NEEDLE | WITH_DOSE]
    steps = []
    for one in moving:
        for event, before, after in (
            (Event.VACCINATE, one.visit.where, State.VACCINATED),
            (Event.OBSERVE, State.VACCINATED, State.OBSERVING),
        ):
            steps.append(
                VisitEvent(
                    visit=one.visit,
                    event=event.value,
                    before=before.value,
                    after=after.value,
                    at=one.at,
                    by_id=by.user_id,
                    desk=one.desk,
                )
            )
    insert(steps)
    for one in moving:
        if late := ticket_of_latecomer(one.visit, one.at):
            update(Visit, where={"id": one.visit.pk}, **late)
            one.visit.ticket, one.visit.arrived_at = late["ticket"], late["arrived_at"]
    _into_the_room(moving)


def _into_the_room(moving: Sequence[Given]) -> None:
    """One prepared statement for all: an update of one column with a CASE of hundreds takes as long as all inserts."""
    table, adapt = Visit._meta.db_table, connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET state = %s, version = version + 2, vaccinated_at = %s, called_to_id = NULL,"  # noqa: S608
            " called_at = NULL, passed_over_at = NULL, queued_at = NULL WHERE id = %s",
            [(State.OBSERVING.value, adapt(one.at), one.visit.pk) for one in moving],
        )
    for one in moving:  # the rows are held: whatever this transaction does next sees them as they are now
        one.visit.state, one.visit.version, one.visit.vaccinated_at = (
            State.OBSERVING.value,
            one.visit.version + 2,
            one.at,
        )
        one.visit.called_to = one.visit.called_at = one.visit.passed_over_at = one.visit.queued_at = None
