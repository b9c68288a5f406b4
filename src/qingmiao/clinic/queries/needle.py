"""What the injection desk needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.models import Desk, Injection, LotCheck, Screening, Visit
from qingmiao.clinic.queries.people import course_doses
from qingmiao.clinic.rules import AFTER_THE_NEEDLE, WITH_DOSE, DoseFacts, State
from qingmiao.clinic.screening import form_for
from qingmiao.registry.models import Dose
from qingmiao.stock.models import Lot
from qingmiao.stock.rules import obstacles


def lot_check_of(visit: Visit, desk: Desk) -> LotCheck | None:
    """The newest check of a vial for this person since the desk called them."""
    newest = _newest_check.first(visit=visit, desk=desk)
    return newest if newest is not None and visit.called_at is not None and newest.at >= visit.called_at else None


_newest_check = Prepared(
    lambda: (
        LotCheck.objects.filter(visit__is=Slot("visit"), desk__is=Slot("desk"))
        .select_related("lot__product")
        .order_by("-pk")[:1]
    )
)


def screening_of(visit: Visit) -> Screening | None:
    """The newest screening of a visit."""
    return visit.screenings.order_by("-pk").first()


def last_dose_at(desk: Desk, day: date) -> Dose | None:
    """The newest dose given at a desk on a day that still counts."""
    return _last_dose.first(desk=desk, day=day)


_last_dose = Prepared(
    lambda: (
        Dose.objects.filter(
            injection__desk__is=Slot("desk"), given_on__is=Slot("day"), superseded_by=None, is_void=False
        )
        .select_related("injection__visit__person", "observation")
        .order_by("-pk")[:1]
    )
)


def times_given(trace_code: str) -> int:
    """How many doses that still count came out of the vial with this trace code."""
    given = Injection.objects.filter(trace_code=trace_code, dose__superseded_by=None, dose__is_void=False)
    return given.count() if trace_code else 0


def dose_facts(visit: Visit, lot: Lot, day: date, earlier: Sequence[date] | None = None) -> DoseFacts:
    """What is known when a dose of `lot` on `day` is judged; `earlier`: days of the course, if read before."""
    course = form_for(lot.product.code, day).course
    if earlier is None:
        earlier = course_doses([visit.person_id], lot.product)[visit.person_id]
    return DoseFacts(
        has_consent=visit.consented_at is not None,
        was_cleared=_was_cleared(visit),
        lot_obstacles=tuple(
            obstacle.value
            for obstacle in obstacles(
                state=lot.state,
                expires_on=lot.expires_on,
                on=day,
                is_ordered_product=lot.product.code == visit.product.code,
            )
        ),
        given_on=day,
        earlier_on=tuple(earlier),
        minimum_interval_days=course.minimum_interval_days if course else None,
        course_doses=course.doses if course else None,
    )


def _was_cleared(visit: Visit) -> bool:
    """Whether screening had let the person to the needle: now, or before the dose that is on the visit already."""
    if visit.where in AFTER_THE_NEEDLE | WITH_DOSE:
        return visit.screened_at is not None
    return visit.where is State.SCREENED
