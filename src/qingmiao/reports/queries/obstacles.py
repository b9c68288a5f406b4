"""Why people on a ledger are not vaccinated yet: what the site decided or they said there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qingmiao.clinic.models import Visit
from qingmiao.clinic.rules import State as VisitState
from qingmiao.reports.models import SnapshotMember
from qingmiao.reports.queries.live import people_of
from qingmiao.staff.models import Organisation

State = SnapshotMember.State
OUTCOMES: Mapping[str, State] = {
    VisitState.DEFERRED: State.DEFERRED,
    VisitState.CONTRAINDICATED: State.CONTRAINDICATED,
    VisitState.DECLINED: State.REFUSED,
}


@dataclass(frozen=True)
class Obstacle:
    """Why somebody was not vaccinated at the last visit. `until` is set for deferrals only."""

    state: State
    reason: str
    until: date | None = None


def obstacles_of(organisation: Organisation, on: date) -> Mapping[int, Obstacle]:
    """The obstacle of each person (by id) whose last visit up to that day ended without a dose for a reason.

    Only the last visit speaks: who was deferred on Monday and went home vaccinated on Friday is not in here. A
    deferral whose day has come is over, and the person is simply open again.
    """
    visits = Visit.objects.filter(person__in=people_of(organisation, on), session__day__lte=on).order_by(
        "session__day", "pk"
    )
    last = {visit.person_id: visit for visit in visits.only("person_id", "state", "exit_reason", "deferred_until")}
    return {
        person: Obstacle(OUTCOMES[visit.state], visit.exit_reason, visit.deferred_until)
        for person, visit in last.items()
        if visit.state in OUTCOMES and (visit.deferred_until is None or visit.deferred_until > on)
    }
