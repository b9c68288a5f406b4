"""The observation room and the public boards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.models import Batch, Desk, Observation, SeatPlan, Visit, VisitEvent
from qingmiao.clinic.queries.queue import desks_of
from qingmiao.clinic.rules import QUEUES, Event, State, Step
from qingmiao.clinic.screening import form_for
from qingmiao.registry.queries.facts import facts_of
from qingmiao.safety.observing import Length, minutes_for
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product

ORDER = {State.LEFT_EARLY: 0, State.REACTION: 1}
BOARD_NEXT = 3
SOON = timedelta(minutes=5)


def in_room(site: Organisation) -> list[Observation]:
    """Everybody under observation at a site: alarms first, then who may go, then by the time that is left."""
    return sorted(_in_room(site=site), key=lambda one: (ORDER.get(one.visit.where, 2), one.until, one.pk))


_in_room = Prepared(
    lambda: Observation.objects.filter(visit__session__site__is=Slot("site"), ending="").select_related(
        "visit__person", "visit__product", "visit__area", "dose"
    )
)


def minutes_to_observe(person_id: int, product: Product, day: date) -> Length:
    """How long this person is observed after this product."""
    facts = facts_of([person_id]).get(person_id, {})
    return minutes_for(form_for(product.code, day).observation_minutes, facts, day)


def free_seat(site: Organisation) -> str:
    """The lowest free seat of the room, held until the dose is written; empty when seats are not numbered or all
    are taken."""
    plan = SeatPlan.objects.select_for_update().filter(site=site).first()
    if plan is None:
        return ""
    running = Observation.objects.filter(visit__session__site=site, ending="")
    taken = set(running.values_list("seat", flat=True))
    return next((str(number) for number in range(1, plan.seats + 1) if str(number) not in taken), "")


def seats_of(site: Organisation) -> int | None:
    """How many seats the room has; None when they are not numbered."""
    return SeatPlan.objects.filter(site=site).values_list("seats", flat=True).first()


def called_back(site: Organisation) -> list[Observation]:
    """Everybody who left early and was neither brought back nor given up, the longest gone first."""
    gone = Observation.objects.filter(visit__session__site=site, ending="", visit__state=State.LEFT_EARLY)
    gone = gone.select_related("visit__person", "visit__batch__unit", "visit__product", "dose")
    return list(gone.prefetch_related("call_backs", "visit__person__phones").order_by("left_at", "pk"))


def ended_on(site: Organisation, day: date) -> QuerySet[Observation]:
    """Observations of a day at a site that have ended, the newest first."""
    ended = Observation.objects.filter(visit__session__site=site, visit__session__day=day).exclude(ending="")
    return ended.exclude(ending=Observation.Ending.WITHDRAWN).select_related("visit__person").order_by("-ended_at")


@dataclass(frozen=True)
class Window:
    """A desk on the board: whom it has called, and since when. No names."""

    desk: Desk
    name: str
    ticket: str
    called_at: datetime | None


@dataclass(frozen=True)
class Board:
    """What hangs on the wall of an area (or of the whole site): numbers only."""

    windows: tuple[Window, ...]
    latest: Window | None
    next: dict[Step, tuple[str, ...]]
    waiting: dict[Step, int]
    passed_over: tuple[str, ...]


def board(site: Organisation, day: date, area: Organisation | None = None) -> Board:
    """The board of a site on a day, for one area if named."""
    desks = [desk for desk in desks_of(site) if area is None or desk.organisation.parent_id in (area.pk, site.pk)]
    visits = Visit.objects.filter(session__site=site, session__day=day).exclude(ticket=None)
    if area is not None:
        visits = visits.filter(area=area)
    here = list(visits.order_by("-priority", "queued_at", "pk").only("ticket", "state", "called_to_id", "called_at",
                                                                      "passed_over_at"))  # fmt: skip
    called = {visit.called_to_id: visit for visit in here if visit.called_to_id}
    windows = tuple(_window(desk, called.get(desk.pk), area is None) for desk in desks)
    calls = [(one.called_at, one) for one in windows if one.called_at is not None]
    latest = max(calls, key=lambda call: call[0])[1] if calls else None
    queue = [visit for visit in here if visit.called_to_id is None and visit.passed_over_at is None]
    waiting: Counter[Step] = Counter()
    following: dict[Step, list[str]] = {step: [] for step in Step}
    for visit in queue:
        for step, states in QUEUES.items():
            if visit.where in states:
                waiting[step] += 1
                following[step].append(visit.ticket or "")
    return Board(
        windows,
        latest,
        {step: tuple(tickets[:BOARD_NEXT]) for step, tickets in following.items()},
        {step: waiting[step] for step in Step},
        tuple(visit.ticket or "" for visit in here if visit.passed_over_at is not None),
    )


def _window(desk: Desk, visit: Visit | None, is_whole_site: bool) -> Window:
    """A window; on the board of the whole site with its area, because desks of two areas may share a name."""
    table, area = desk.organisation, desk.organisation.parent
    name = f"{area.name} {table.name}" if is_whole_site and area and area.kind == area.Kind.AREA else table.name
    return Window(desk, name, visit.ticket or "" if visit else "", visit.called_at if visit else None)


def by_slip(token: str) -> Visit | None:
    """The visit behind the QR of a slip."""
    return Visit.objects.filter(slip_token=token).select_related("session__site").first()


def newest_release(site: Organisation, by_id: int | None) -> VisitEvent | None:
    """The newest release this member of staff has made at a site and not taken back."""
    return _releases.first(site=site, by=by_id)


_releases = Prepared(
    lambda: (
        VisitEvent.objects.filter(
            visit__session__site__is=Slot("site"),
            event=Event.RELEASE,
            by_id__is=Slot("by"),
            undoes=None,
            undone_by=None,
        )
        .select_related("visit")
        .order_by("-pk")[:1]
    )
)


def of_units(by: Actor, day: date) -> list[Observation]:
    """Observations of a day of people whom the actor's units named: alarms first, then by the time that is left."""
    batches = by.visible("clinic.name_batch", Batch)
    rows = Observation.objects.filter(visit__batch__in=batches, visit__session__day=day)
    rows = rows.exclude(ending=Observation.Ending.WITHDRAWN).select_related(
        "visit__person", "visit__batch__unit", "visit__session__site", "dose"
    )
    return sorted(rows, key=lambda one: (one.ending != "", ORDER.get(one.visit.where, 2), one.until, one.pk))
