"""Writes of the correction desk: one person says what is wrong, a second one agrees, and everything follows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, name_of, note
from qingmiao.audit.models import change
from qingmiao.clinic.actions.judging import judge_dose
from qingmiao.clinic.actions.steps import locked, step, ticket_of_latecomer
from qingmiao.clinic.models import Correction, DoseFinding, Injection, Observation, Reaction, Visit
from qingmiao.clinic.queries.needle import dose_facts
from qingmiao.clinic.queries.people import MAJOR_DIGITS, course_doses, dose_of
from qingmiao.clinic.rules import AFTER_THE_NEEDLE, WITH_DOSE, Event, Refused, State, findings
from qingmiao.clinic.screening import NoFormInForce, form_for
from qingmiao.registry.actions.doses import supersede_dose
from qingmiao.registry.models import Dose, Person
from qingmiao.safety.actions.cases import follow_corrected_dose
from qingmiao.schedule.keeping import refresh_due
from qingmiao.staff.access import Actor
from qingmiao.stock.actions import take_back_dose, take_dose
from qingmiao.stock.models import Lot, Movement, Product

Kind = Correction.Kind


class NeedsSecondPerson(Refused):
    """Whoever proposed a correction may not be the one who confirms it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You proposed this correction yourself. A second person with an account of their own looks at the "
                "proof and confirms it."
            )
        )


@dataclass(frozen=True)
class Proposal:
    """How a dose should read. Only what the kind of mistake names is used."""

    kind: Correction.Kind
    lot: Lot | None = None
    given_at: datetime | None = None
    person: Person | None = None


@action("clinic.propose_correction")
def propose_correction(
    *, by: Actor, dose: Dose, proposal: Proposal, reason: str, at: datetime, request_id: UUID | None = None
) -> Correction:
    """Say that a dose is recorded wrongly. Nothing changes until a second person confirms it."""
    visit = dose.injection.visit
    by.must("clinic.propose_correction", visit)
    dose = Dose.objects.select_for_update(of=("self",)).select_related("lot__product").get(pk=dose.pk)
    _check(dose, proposal, reason, at)
    note(kind=proposal.kind.value, dose=dose.pk)
    return Correction.objects.create(
        dose=dose,
        kind=proposal.kind,
        lot=proposal.lot if proposal.kind in (Kind.LOT, Kind.PRODUCT) else None,
        given_at=proposal.given_at if proposal.kind is Kind.DATE else None,
        person=proposal.person if proposal.kind is Kind.PERSON else None,
        reason=reason.strip()[:200],
        proposed_by_id=by.user_id or 0,
        proposed_at=at,
    )


def _check(dose: Dose, proposal: Proposal, reason: str, at: datetime) -> None:
    if not reason.strip():
        raise Refused(_("Write how the mistake was noticed and what proves it: the reason is kept with the dose."))
    if dose.is_void or Dose.objects.filter(supersedes=dose).exists():
        raise Refused(_("This row has been corrected already. Open the dose again: the newest row counts."))
    if dose.corrections.filter(state=Correction.State.PROPOSED).exists():
        raise Refused(_("A correction of this dose waits for a second person already. Decide on that one first."))
    problem = _wrong_with(dose, proposal, at)
    if problem:
        raise Refused(problem)


def _wrong_with(dose: Dose, proposal: Proposal, at: datetime) -> str:
    """What is missing or makes no sense in a proposal; empty when it can be decided on."""
    kind, lot, old = proposal.kind, proposal.lot, dose.lot
    if kind in (Kind.LOT, Kind.PRODUCT):
        if lot is None:
            return _("Choose the lot that was really given.")
        if lot == old:
            return _("This is the lot that is recorded already.")
        if kind is Kind.LOT and old is not None and lot.product_id != old.product_id:
            return _("This lot is another vaccine: choose “wrong vaccine”.")
        if kind is Kind.PRODUCT and old is not None and lot.product_id == old.product_id:
            return _("This lot is the same vaccine: choose “wrong lot”.")
    if kind is Kind.DATE:
        if proposal.given_at is None:
            return _("Enter the day and time when the dose was really given.")
        if proposal.given_at > at:
            return _("A dose cannot have been given in the future.")
    if kind is Kind.PERSON:
        if proposal.person is None:
            return _("Find the person who was really vaccinated.")
        if proposal.person.pk == dose.person_id:
            return _("The dose is recorded for this person already.")
    return ""


@action("clinic.take_back_correction")
def take_back_correction(
    *, by: Actor, correction: Correction, at: datetime, request_id: UUID | None = None
) -> Correction:
    """Whoever proposed a correction sees that the record was right."""
    by.must("clinic.propose_correction", correction)
    held = _open(correction)
    change(held, state=Correction.State.TAKEN_BACK, decided_by_id=by.user_id, decided_at=at)
    return held


@action("clinic.refuse_correction")
def refuse_correction(
    *, by: Actor, correction: Correction, why: str, at: datetime, request_id: UUID | None = None
) -> Correction:
    """The second person does not agree, and says why: the record stays as it is."""
    by.must("clinic.confirm_correction", correction)
    held = _open(correction, by)
    if not why.strip():
        raise Refused(_("Say why you do not agree: the one who proposed it has to know what to look for."))
    change(
        held,
        state=Correction.State.REFUSED,
        decided_by_id=by.user_id,
        decided_at=at,
        decision_note=why.strip()[:200],
    )
    return held


def _open(correction: Correction, second: Actor | None = None) -> Correction:
    """The correction as it is now, held; `second` is whoever decides on it, and did not propose it."""
    held = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if held.state != Correction.State.PROPOSED:
        raise Refused(_("This correction has been decided on already."))
    if second is not None and second.user_id == held.proposed_by_id:
        raise NeedsSecondPerson
    return held


@action("clinic.confirm_correction")
def confirm_correction(
    *, by: Actor, correction: Correction, at: datetime, note_of_second: str = "", request_id: UUID | None = None
) -> Correction:
    """The second person agrees: the ledger gets its new row, and stock, observation, visit and findings follow it."""
    by.must("clinic.confirm_correction", correction)
    held = _open(correction, by)
    dose = Dose.objects.select_for_update(of=("self",)).select_related("lot__product").get(pk=held.dose_id)
    visit = locked(dose.injection.visit)
    result = _void(held, dose, visit, by, at) if held.kind == Kind.VOID else _rewrite(held, dose, visit, by, at)
    refresh_due(*{dose.person, result.person}, on=timezone.localdate(at))
    change(
        held,
        state=Correction.State.CONFIRMED,
        decided_by_id=by.user_id,
        decided_at=at,
        decision_note=note_of_second.strip()[:200],
        result=result,
    )
    note(dose=dose.pk, result=result.pk, kind=held.kind)
    return held


def _void(held: Correction, dose: Dose, visit: Visit, by: Actor, at: datetime) -> Dose:
    void = supersede_dose(by=by, dose=dose, reason=held.reason, is_void=True)
    take_back_dose(by=by, dose=dose, reason=held.reason[:120], at=at)
    _end_observation(dose, by, at)
    _without_dose(visit, by, at, _("Dose corrected: not given"))
    return void


def _end_observation(dose: Dose, by: Actor, at: datetime) -> None:
    observation = Observation.objects.select_for_update().filter(dose=dose, ending="").first()
    if observation is not None:
        change(observation, ending=Observation.Ending.WITHDRAWN, ended_at=at, ended_by_id=by.user_id)


def _without_dose(visit: Visit, by: Actor, at: datetime, why: str) -> None:
    """The visit no longer has a dose: the person was here, and left without one."""
    if dose_of(visit) is None and visit.where in AFTER_THE_NEEDLE | WITH_DOSE:
        step(visit, Event.CORRECT, by=by, at=at, reason=why, exit_reason=why, vaccinated_at=None, released_at=None)


def _rewrite(held: Correction, dose: Dose, visit: Visit, by: Actor, at: datetime) -> Dose:
    place = _place_of(dose)
    owner = _visit_of(held.person, visit, by, at) if held.person is not None else visit
    changes = _changes(held)
    new = supersede_dose(by=by, dose=dose, reason=held.reason, changes=changes | _number(dose, changes))
    lot = new.lot
    take_back_dose(by=by, dose=dose, reason=held.reason[:120], at=at)
    if lot is not None and place is not None:
        take_dose(by=by, place=place, lot=lot, dose=new, at=at)
    _injection_of(new, dose, owner, is_same_vial=new.lot_id == dose.lot_id)
    _move_observation(dose, new, owner, at)
    if owner.pk != visit.pk:
        _follow_the_person(new, owner, by, at)
        _without_dose(visit, by, at, _("Dose corrected: given to somebody else"))
    follow_corrected_dose(by=by, old=dose, new=new)
    _find_again(new, owner, at)
    judge_dose(by=by, dose=new, at=at)
    return new


def _place_of(dose: Dose) -> Any:
    given = Movement.objects.filter(kind=Movement.Kind.GIVEN, belongs_to=name_of(dose)).first()
    return given.place if given is not None else None


def _changes(held: Correction) -> dict[str, Any]:
    """The columns of the new row that differ from the old one."""
    if held.lot is not None:
        lot = Lot.objects.select_related("product").get(pk=held.lot.pk)
        return {
            "lot_id": lot.pk,
            "lot_number": lot.number,
            "product_code": lot.product.code,
            "vaccine": lot.product.name,
            "manufacturer": lot.product.manufacturer,
        }
    if held.given_at is not None:
        return {"given_at": held.given_at, "given_on": timezone.localdate(held.given_at)}
    return {"person_id": held.person_id}


def _number(dose: Dose, changes: dict[str, Any]) -> dict[str, int]:
    """The dose number as it reads after the correction; the schedule judges by itself."""
    person, code = changes.get("person_id", dose.person_id), changes.get("product_code", dose.product_code)
    day = changes.get("given_on", dose.given_on)
    days = course_doses([person], Product(code=code))[person]
    earlier = [one for one in days if day is None or one <= day]
    if (
        person == dose.person_id
        and dose.product_code[:MAJOR_DIGITS] == code[:MAJOR_DIGITS]
        and dose.given_on in earlier
    ):
        earlier.remove(dose.given_on)
    return {"dose_number": len(earlier) + 1}


def _visit_of(person: Person, beside: Visit, by: Actor, at: datetime) -> Visit:
    """The visit of `person` on the day of `beside`; somebody who was on no list gets one."""
    visit, _is_new = Visit.objects.get_or_create(
        session=beside.session, person=person, defaults={"product": beside.product, "state": State.BOOKED.value}
    )
    return locked(visit)


def _injection_of(new: Dose, old: Dose, owner: Visit, is_same_vial: bool) -> None:
    before = old.injection
    Injection.objects.create(
        dose=new,
        visit=owner,
        desk=before.desk,
        check_of_vial=before.check_of_vial if is_same_vial else None,
        trace_code=before.trace_code if is_same_vial else "",
        route=new.lot.product.route if new.lot else before.route,
    )


def _move_observation(old: Dose, new: Dose, owner: Visit, at: datetime) -> None:
    """The observation goes with the dose: its slip says the new lot, and a running one is timed anew."""
    for reaction in Reaction.objects.select_for_update().filter(dose=old):
        change(reaction, dose=new, visit=owner)
    observation = Observation.objects.select_for_update().filter(dose=old).first()
    if observation is None:
        return
    timed: dict[str, Any] = {}
    if not observation.ending and new.given_at is not None and new.lot is not None:
        length = observation.until - observation.since
        with suppress(NoFormInForce):  # a day before the first form: the length stays as it was
            form = form_for(new.lot.product.code, timezone.localdate(new.given_at))
            length = max(form.observation, length)
        timed = {"since": new.given_at, "until": new.given_at + length}
    change(observation, dose=new, visit=owner, **timed)


def _follow_the_person(new: Dose, owner: Visit, by: Actor, at: datetime) -> None:
    """Whoever was really vaccinated stands where the dose stands: under observation, or out again."""
    if owner.where in AFTER_THE_NEEDLE | WITH_DOSE:
        return
    step(owner, Event.VACCINATE, by=by, at=at, vaccinated_at=new.given_at, **ticket_of_latecomer(owner, at))
    step(owner, Event.OBSERVE, by=by, at=at)
    observation = Observation.objects.filter(dose=new).first()
    if observation is None or observation.ending == Observation.Ending.RELEASED:
        step(owner, Event.RELEASE, by=by, at=at, released_at=observation.ended_at if observation else at)
    elif observation.ending == Observation.Ending.LEFT:
        step(owner, Event.LEAVE_EARLY, by=by, at=at)
        step(owner, Event.GIVE_UP, by=by, at=at, reason=observation.left_answer)
    elif observation.ending == Observation.Ending.REFERRED:
        step(owner, Event.FALL_ILL, by=by, at=at)
        step(owner, Event.REFER, by=by, at=at)


def _find_again(new: Dose, owner: Visit, at: datetime) -> None:
    """What is wrong with the dose as it reads now; the findings of the old row stay with the old row."""
    if new.lot is None or new.given_on is None:
        return
    try:
        facts = dose_facts(owner, new.lot, new.given_on)
    except NoFormInForce:  # a day before the first form: only the schedule can judge it
        return
    earlier = [day for day in facts.earlier_on if day <= new.given_on]
    earlier.remove(new.given_on)
    found = findings(replace(facts, earlier_on=tuple(earlier)))
    DoseFinding.objects.bulk_create(DoseFinding(dose=new, code=code.value, at=at) for code in found)
