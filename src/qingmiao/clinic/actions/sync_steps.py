"""From what a tablet wrote down to the action that its desk would have called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.actions.consent import Signed, take_consent
from qingmiao.clinic.actions.front_desk import record_arrival, send_away
from qingmiao.clinic.actions.given_doses import Given
from qingmiao.clinic.actions.injection import DoseAlreadyRecorded, TooLateToWithdraw, record_dose, withdraw_dose
from qingmiao.clinic.actions.observation import TooEarly, release
from qingmiao.clinic.actions.screening import Answers, Decision, screen
from qingmiao.clinic.actions.steps import StepNotPossible
from qingmiao.clinic.figures import withdrawable_until
from qingmiao.clinic.models import Desk, Observation, Visit
from qingmiao.clinic.queries.areas import areas_of
from qingmiao.clinic.rules import Event, Refused, Step
from qingmiao.clinic.screening import Answer, NoFormInForce, Outcome, form_for
from qingmiao.clinic.sync import Kind, Unreadable
from qingmiao.clinic.words import BODY_SITES
from qingmiao.registry.models import Dose
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Lot

MOST_TEXT = 60_000  # characters of a signature; a long one has about 6,000


def carry_out(
    *, by: Actor, visit: Visit, kind: Kind, content: Mapping[str, Any], at: datetime, replaces: Dose | None = None
) -> Dose | None:
    """Do what the desk would have done at `at`. Returns the dose, where there is one.

    Raises Refused (it cannot follow what has happened since), NotAllowed, or Unreadable with a code.
    """
    return STEPS[kind](by, visit, content, at, replaces)


def code_of(refusal: Exception) -> str:
    """Why an event was put aside, as a code for the list."""
    codes = {
        DoseAlreadyRecorded: "dose_on_record",
        StepNotPossible: "went_on",
        TooEarly: "too_early",
        TooLateToWithdraw: "too_late",
    }
    return next((code for kind, code in codes.items() if isinstance(refusal, kind)), "refused")


def _text(content: Mapping[str, Any], name: str, most: int = 200) -> str:
    value = content.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise Unreadable(name)
    return value


def _desk(content: Mapping[str, Any], visit: Visit, step: Step) -> Desk:
    """The desk that the tablet stood at; the first of this step when it did not say."""
    desks = _desks(step=step.value, site=visit.session.site.path)
    wanted = content.get("desk")
    found = next((desk for desk in desks if not isinstance(wanted, int) or desk.pk == wanted), None)
    if found is None:
        raise Unreadable("desk")
    return found


_desks = Prepared(
    lambda: (
        Desk.objects.filter(step__is=Slot("step"), organisation__path__within=Slot("site"))
        .select_related("organisation")
        .order_by("pk")
    )
)


def _arrive(by: Actor, visit: Visit, content: Mapping[str, Any], at: datetime, _replaces: Dose | None) -> None:
    areas = areas_of(visit.session.site)
    area = next((one for one in areas if one.pk == content.get("area")), areas[0])
    record_arrival(by=by, visit=visit, area=area, at=at)


def _consent(by: Actor, visit: Visit, content: Mapping[str, Any], at: datetime, _replaces: Dose | None) -> None:
    compared = content.get("identity", [])
    if not isinstance(compared, list) or not all(isinstance(one, str) for one in compared):
        raise Unreadable("identity")
    take_consent(
        by=by,
        desk=_desk(content, visit, Step.CONSENT),
        visit=visit,
        identity_fields=compared,
        signed=Signed(
            _text(content, "signature", MOST_TEXT),
            _text(content, "typed", 64),
            _text(content, "signer", 64),
            _text(content, "relation", 20),
        ),
        language=_text(content, "language", 8) or "zh-hans",
        at=at,
    )


def _screen(by: Actor, visit: Visit, content: Mapping[str, Any], at: datetime, _replaces: Dose | None) -> None:
    answers, days = content.get("answers"), content.get("days") or {}
    if not isinstance(answers, dict) or not set(answers.values()) <= {one.value for one in Answer}:
        raise Unreadable("answers")
    outcome = _text(content, "outcome", 16)
    screen(
        by=by,
        desk=_desk(content, visit, Step.SCREENING),
        visit=visit,
        answered=Answers(answers, {key: _day(text) for key, text in days.items()}, _celsius(content)),
        decision=Decision(
            Outcome(outcome) if outcome in set(Outcome) else None, _day(content.get("until")), _text(content, "reason")
        ),
        at=at,
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError) as error:
        raise Unreadable("day") from error


def _celsius(content: Mapping[str, Any]) -> Decimal | None:
    try:
        return Decimal(str(content["celsius"])) if content.get("celsius") else None
    except InvalidOperation as error:
        raise Unreadable("celsius") from error


@dataclass(frozen=True)
class AtHand:
    """What the doses of one sending need, read once: lots and injection desks by id, and the right to the needle."""

    lots: Mapping[int, Lot]
    desks: Mapping[int, Desk]
    may: bool


def what_is_at_hand(by: Actor, site: Organisation, contents: Iterable[Mapping[str, Any]]) -> AtHand:
    """The lots that the doses name, the injection desks of the site, and the sender's right there."""
    named = {lot for content in contents if isinstance(lot := content.get("lot"), int)}
    return AtHand(
        {lot.pk: lot for lot in _lots(lots=named)},
        {desk.pk: desk for desk in _desks(step=Step.INJECTION.value, site=site.path)},
        by.may("clinic.record_dose", site),
    )


_lots = Prepared(lambda: Lot.objects.select_related("product").filter(pk__among=Slot("lots")))


def given(*, by: Actor, visit: Visit, content: Mapping[str, Any], at: datetime, at_hand: AtHand | None = None) -> Given:
    """A dose as the tablet wrote it down. The lot may be any that is known: what was wrong with it is found later."""
    held = at_hand or what_is_at_hand(by, visit.session.site, [content])
    if not held.may:
        raise NotAllowed("clinic.record_dose")
    lot = held.lots.get(content.get("lot", 0))
    if lot is None:
        raise Unreadable("lot")
    _must_have_form(lot, at)
    desk = held.desks.get(content["desk"]) if content.get("desk") else None
    if content.get("desk") and desk is None:
        raise Unreadable("desk")
    body_site = _text(content, "body_site", 24)
    return Given(visit, lot, body_site if body_site in BODY_SITES else "", at, desk)


def _must_have_form(lot: Lot, at: datetime) -> None:
    """A vaccine without rules in force cannot be judged nor observed: it waits for somebody, and holds nobody up."""
    try:
        form_for(lot.product.code, timezone.localdate(at))
    except NoFormInForce:
        raise Unreadable("vaccine") from None


def _dose(by: Actor, visit: Visit, content: Mapping[str, Any], at: datetime, replaces: Dose | None) -> Dose | None:
    """A dose, or a dose sent anew within the minutes in which a wrong tap is taken back."""
    written = given(by=by, visit=visit, content=content, at=at)
    if replaces is not None:
        assert replaces.given_at is not None
        revised = _revised_at(content, replaces.given_at)
        withdraw_dose(by=by, dose=replaces, reason=_("Taken back at the tablet"), at=revised)
    if content.get("is_withdrawn"):
        return None
    return record_dose(
        by=by,
        visit=visit,
        lot=written.lot,
        desk=written.desk,
        body_site=written.body_site,
        at=at,
        is_second=bool(content.get("is_second")),
    )


def _revised_at(content: Mapping[str, Any], given_at: datetime) -> datetime:
    """When the tablet took the dose back: so many seconds after it was given. Raises TooLateToWithdraw."""
    seconds = content.get("seconds_after")
    if not isinstance(seconds, (int, float)) or seconds < 0:
        raise Unreadable("seconds_after")
    revised = given_at + timedelta(seconds=float(seconds))
    if revised > withdrawable_until(given_at):
        raise TooLateToWithdraw
    return revised


def _away(by: Actor, visit: Visit, content: Mapping[str, Any], at: datetime, _replaces: Dose | None) -> None:
    event = _text(content, "event", 16)
    if event not in (Event.DECLINE, Event.LEAVE):
        raise Unreadable("event")
    send_away(by=by, visit=visit, event=Event(event), reason=_text(content, "reason"), at=at)


_observed = Prepared(lambda: Observation.objects.filter(visit__is=Slot("visit"), ending="").order_by("-pk"))


def _release(by: Actor, visit: Visit, _content: Mapping[str, Any], at: datetime, _replaces: Dose | None) -> None:
    observation = _observed.first(visit=visit)
    if observation is None:
        raise Refused(_("Nobody is under observation here: the dose is not on record, or somebody let them go."))
    observation.visit = visit
    release(by=by, observation=observation, at=at)


STEPS: Mapping[Kind, Callable[[Actor, Visit, Mapping[str, Any], datetime, Dose | None], Dose | None]] = {
    Kind.ARRIVE: _arrive,  # type: ignore[dict-item]
    Kind.CONSENT: _consent,  # type: ignore[dict-item]
    Kind.SCREEN: _screen,  # type: ignore[dict-item]
    Kind.DOSE: _dose,
    Kind.AWAY: _away,  # type: ignore[dict-item]
    Kind.RELEASE: _release,  # type: ignore[dict-item]
}
