"""Writes of the injection desk: the vial is checked before the needle; after it everything is recorded."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.clinic.actions.queue import NotInThisQueue
from qingmiao.clinic.actions.steps import dose_row, locked, step, ticket_of_latecomer
from qingmiao.clinic.figures import withdrawable_until
from qingmiao.clinic.models import Desk, DoseFinding, Injection, LotCheck, Observation, Visit
from qingmiao.clinic.queries.needle import dose_facts, times_given
from qingmiao.clinic.queries.people import dose_of
from qingmiao.clinic.queries.rooms import free_seat, minutes_to_observe
from qingmiao.clinic.rules import AFTER_THE_NEEDLE, NOT_HERE, WITH_DOSE, Event, Refused, State, findings
from qingmiao.registry.actions.doses import supersede_dose
from qingmiao.registry.models import Dose
from qingmiao.schedule.keeping import refresh_due
from qingmiao.staff.access import Actor
from qingmiao.stock.actions import lay_out_lot, take_back_dose, take_dose
from qingmiao.stock.codes import CodeUnreadable, read_code
from qingmiao.stock.models import Lot
from qingmiao.stock.queries import lot_meant, product_meant, todays_lot
from qingmiao.stock.rules import obstacles

UNKNOWN = "unknown"
UNREADABLE = "unreadable"
OTHER_EXPIRY = "other_expiry"  # the box says another last day than the books
USED = "used"  # a dose out of this very vial has been given to somebody already


class DoseAlreadyRecorded(Refused):
    """The visit has a dose already; without `is_second` this is taken for the same injection sent twice."""

    def __init__(self, dose: Dose) -> None:
        self.dose = dose
        super().__init__(
            _(
                "A dose of today is recorded for this person already, at {time}. If this was a second injection, "
                "tick that and record it again; if not, nothing needs to be done."
            ).format(time=timezone.localtime(dose.given_at).strftime("%H:%M") if dose.given_at else "")
        )


class TooLateToWithdraw(Refused):
    """More than two minutes have passed: this is a correction, which a second person signs."""

    def __init__(self) -> None:
        super().__init__(
            _("Two minutes are over: this dose is corrected at the correction desk, with a second person.")
        )


@action("clinic.check_lot")
def check_lot(
    *,
    by: Actor,
    desk: Desk,
    visit: Visit,
    at: datetime,
    scanned: str = "",
    lot: Lot | None = None,
    request_id: UUID | None = None,
) -> LotCheck:
    """Check a vial for this person before the needle: scanned, or the lot of the day accepted.

    The answer is kept either way; `obstacle` says why a vial was stopped. A good vial of another lot becomes the
    desk's lot of the day.
    """
    by.must("clinic.record_dose", visit)
    visit = Visit.objects.select_related("product", "session__site").get(pk=visit.pk)
    if visit.called_to_id != desk.pk or visit.where is not State.SCREENED:
        raise NotInThisQueue
    day = timezone.localdate(at)
    trace_code, found, obstacle = _read(scanned, desk, visit, day) if scanned else ("", lot, "")
    if found is not None and not obstacle:
        found = Lot.objects.select_related("product").get(pk=found.pk)  # as it is at this moment
        stopped = obstacles(
            state=found.state,
            expires_on=found.expires_on,
            on=day,
            is_ordered_product=found.product.code == visit.product.code,
        )
        obstacle = stopped[0].value if stopped else ""
        if not obstacle and todays_lot(desk.organisation, found.product, day) != found:
            lay_out_lot(by=by, place=desk.organisation, lot=found, at=at)
    note(visit=visit.pk, lot=found.pk if found else None, obstacle=obstacle)
    return LotCheck.objects.create(
        visit=visit,
        desk=desk,
        lot=found,
        trace_code=trace_code,
        how=LotCheck.How.SCANNED if scanned else LotCheck.How.ACCEPTED,
        obstacle=obstacle,
        by_id=by.user_id or 0,
        at=at,
    )


def _read(scanned: str, desk: Desk, visit: Visit, day: date) -> tuple[str, Lot | None, str]:
    """(trace code, lot, obstacle) of what was scanned. A trace code names only the product: the lot is the day's."""
    try:
        code = read_code(scanned)
    except CodeUnreadable:
        return "", None, UNREADABLE
    if code.lot:
        lot = lot_meant(code, None if code.gtin else visit.product) or lot_meant(code)
        if lot is not None and code.expires_on is not None and code.expires_on != lot.expires_on:
            return "", lot, OTHER_EXPIRY
        return "", lot, "" if lot else UNKNOWN
    product = product_meant(code)
    if product is None:
        return code.trace_code, None, UNKNOWN
    if product.code != visit.product.code:
        return code.trace_code, None, "other_product"
    if times_given(code.trace_code) >= product.doses_per_vial:
        return code.trace_code, None, USED
    return code.trace_code, (lot := todays_lot(desk.organisation, product, day)), "" if lot else UNKNOWN


@action("clinic.record_dose")
def record_dose(
    *,
    by: Actor,
    visit: Visit,
    lot: Lot,
    body_site: str,
    at: datetime,
    desk: Desk | None = None,
    check: LotCheck | None = None,
    is_second: bool = False,
    request_id: UUID | None = None,
) -> Dose:
    """Write down an injection that has happened.

    `check_lot` can stop a needle; nothing here can. The vaccine is in the arm: a dose without consent, from an
    expired lot or too early is written, judged and followed up, never refused. The only question asked is whether
    a second row on one visit is really a second injection (`is_second`).
    """
    by.must("clinic.record_dose", visit)
    visit = locked(visit)
    lot = Lot.objects.select_related("product").get(pk=lot.pk)
    if not is_second and (earlier := dose_of(visit)) is not None:
        raise DoseAlreadyRecorded(earlier)
    day = timezone.localdate(at)
    facts = dose_facts(visit, lot, day)
    dose = dose_row(visit, lot, body_site, at, by, dose_number=len(facts.earlier_on) + 1)
    dose.save(force_insert=True)
    place = desk.organisation if desk else visit.session.site
    Injection.objects.create(
        dose=dose,
        visit=visit,
        desk=desk,
        check_of_vial=check,
        trace_code=check.trace_code if check else "",
        route=lot.product.route,
    )
    take_dose(by=by, place=place, lot=lot, dose=dose, at=at)
    refresh_due(dose.person, on=day)
    found = findings(facts)
    DoseFinding.objects.bulk_create(DoseFinding(dose=dose, code=code.value, at=at) for code in found)
    if visit.where not in AFTER_THE_NEEDLE | WITH_DOSE:
        step(visit, Event.VACCINATE, by=by, at=at, desk=desk, vaccinated_at=at, **ticket_of_latecomer(visit, at))
        step(visit, Event.OBSERVE, by=by, at=at, desk=desk)
    length = minutes_to_observe(visit.person_id, lot.product, day)
    Observation.objects.create(
        visit=visit,
        dose=dose,
        since=at,
        until=at + timedelta(minutes=length.minutes),
        longer_because=length.because,
        seat=free_seat(visit.session.site),
    )
    note(visit=visit.pk, lot=lot.pk, findings=[code.value for code in found])
    return dose


@action("clinic.withdraw_dose")
def withdraw_dose(*, by: Actor, dose: Dose, reason: str, at: datetime, request_id: UUID | None = None) -> Dose:
    """Take back a dose that was recorded by a wrong tap, within two minutes: a voiding row, the stock back, the person
    back where they stood before it. Returns the voiding row."""
    visit = locked(dose.injection.visit)
    by.must("clinic.withdraw_dose", visit)
    if dose.given_at is None or at > withdrawable_until(dose.given_at) or not reason.strip():
        raise TooLateToWithdraw
    if Dose.objects.filter(supersedes=dose).exists():
        raise Refused(_("This dose is withdrawn already."))
    void = supersede_dose(by=by, dose=dose, reason=reason, is_void=True)
    take_back_dose(by=by, dose=dose, reason=reason[:120], at=at)
    refresh_due(dose.person, on=timezone.localdate(at))
    observation = Observation.objects.select_for_update().get(dose=dose)
    Observation.objects.filter(pk=observation.pk).update(
        ending=Observation.Ending.WITHDRAWN, ended_at=at, ended_by_id=by.user_id, version=observation.version + 1
    )
    stood = State(visit.events.filter(event=Event.VACCINATE.value).latest("pk").before)
    not_here = {"ticket": None, "area": None, "arrived_at": None} if stood in NOT_HERE else {}
    step(
        visit,
        Event.WITHDRAW,
        by=by,
        at=at,
        desk=dose.injection.desk,
        reason=reason,
        back_to=stood,
        vaccinated_at=None,
        **not_here,
    )
    note(visit=visit.pk, withdrawn=dose.pk)
    return void
