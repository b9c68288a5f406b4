"""Writes of report cards: draft, hand in, return, report, accept, correct, set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Identifier
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.card import (
    FIELDS,
    Content,
    Fault,
    age_of,
    day_of,
    deadline_of,
    disease_of,
    faults_of,
    moment_of,
    supplement_fields,
)
from qingmiao.surveillance.deadlines import SHANGHAI, deadline
from qingmiao.surveillance.models import CardEvent, CardExport, OutbreakSign, ReportCard, ZeroReport
from qingmiao.surveillance.outbreaks import looked_back, sign_of
from qingmiao.surveillance.queries.cards import cards_from, same_case_as
from qingmiao.surveillance.same_case import name_key, number_key, school_key, school_of
from qingmiao.surveillance.zero_reports import last_period

State = ReportCard.State
MAY_BE_WRITTEN = (State.DRAFT, State.RETURNED)


class CardIncomplete(Exception):
    """The card cannot be handed in yet: `faults` say at which fields and why. What was typed is saved."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(_("{count} fields need your attention. Everything typed is saved.").format(count=len(faults)))


class ReportedAlready(Exception):
    """The same person already has a card for this disease: the same case, or say why it is another."""

    def __init__(self, cards: Sequence[ReportCard]) -> None:
        self.cards = list(cards)
        super().__init__(
            _(
                "This person already has a card for this disease. If it is the same case, put this card aside; "
                "if not, say why it is another one."
            )
        )


class NotInThisState(Exception):
    """The card is no longer (or not yet) in the state that this needs."""

    def __init__(self, card: ReportCard) -> None:
        self.card = card
        super().__init__(
            _("This card is “{state}”; that cannot be done with it now.").format(state=card.get_state_display())
        )


class ReasonMissing(Exception):
    """This needs a reason in words; `why` says for whom."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


class NotByOneself(Exception):
    """Whoever entered a card in the national system does not also accept it."""

    def __init__(self) -> None:
        super().__init__(_("You reported this card yourself: a second person accepts it."))


@action("surveillance.open_card")
def open_card(
    *,
    by: Actor,
    place: Organisation,
    at: datetime,
    content: Mapping[str, str] | None = None,
    request_id: UUID | None = None,
) -> ReportCard:
    """Begin a card at `place`: from now on it exists, however little is written on it."""
    by.must("surveillance.fill_card", place)
    card = ReportCard(place=place, opened_at=at, written_by_id=by.user_id)
    for name, value in _columns(_kept({"doctor": by.name, "belongs_to": "1"} | dict(content or {}))).items():
        setattr(card, name, value)
    card.save()
    return card


@action("surveillance.save_card")
def save_card(
    *,
    by: Actor,
    card: ReportCard,
    version: int,
    content: Mapping[str, str],
    at: datetime,
    request_id: UUID | None = None,
) -> ReportCard:
    """Keep what is written so far, right or wrong. Raises ChangedMeanwhile for an older `version`."""
    _must_write(by, card)
    card.version = version
    _change(card, **_columns(_kept(content)))
    return card


@action("surveillance.hand_in_card")
def hand_in_card(
    *,
    by: Actor,
    card: ReportCard,
    version: int,
    at: datetime,
    another_case_because: str = "",
    request_id: UUID | None = None,
) -> ReportCard:
    """Hand the card in for review. Raises CardIncomplete; ReportedAlready unless a reason says it is another case."""
    _must_write(by, card)
    card.version = version
    if faults := faults_of(card.fields, now=at):
        raise CardIncomplete(faults)
    if not another_case_because.strip() and (known := same_case_as(card)):
        raise ReportedAlready(known)
    held = Identifier.objects.filter(lookup=card.number_lookup).first() if card.number_lookup else None
    person_id = (held.person.merged_into_id or held.person_id) if held else None
    _change(
        card,
        state=State.SUBMITTED,
        submitted_at=at,
        person_id=person_id,
        another_case_because=another_case_because.strip()[:200],
        returned_because="",
    )
    _write_event(card, "handed_in", by, at, another_case_because)
    _look_for_outbreak(card, at)
    return card


@action("surveillance.return_card")
def return_card(
    *, by: Actor, card: ReportCard, version: int, reason: str, at: datetime, request_id: UUID | None = None
) -> ReportCard:
    """Give the card back to whoever wrote it, with what is to be done. Its clock runs on."""
    by.must("surveillance.review_card", card)
    _must_be(card, State.SUBMITTED, State.REPORTED)
    if not reason.strip():
        raise ReasonMissing(_("Say what is to be put right: the doctor reads it."))
    card.version = version
    _change(card, state=State.RETURNED, returned_because=reason.strip()[:200], reported_at=None, reported_by_id=None)
    _write_event(card, "returned", by, at, reason)
    return card


@action("surveillance.report_card")
def report_card(
    *,
    by: Actor,
    card: ReportCard,
    version: int,
    reported_at: datetime,
    at: datetime,
    national_number: str = "",
    late_because: str = "",
    request_id: UUID | None = None,
) -> ReportCard:
    """Write down that the card was entered in the national system at `reported_at`. A late one says why."""
    by.must("surveillance.review_card", card)
    _must_be(card, State.SUBMITTED)
    if reported_at > at:
        raise ReasonMissing(_("The moment of reporting lies in the future."))
    if card.due_at is not None and reported_at > card.due_at and not late_because.strip():
        raise ReasonMissing(_("This card is late: say why."))
    card.version = version
    _change(
        card,
        state=State.REPORTED,
        reported_at=reported_at,
        reported_by_id=by.user_id,
        national_number=national_number.strip()[:40],
        late_because=late_because.strip()[:200],
    )
    _write_event(card, "reported", by, at, late_because)
    if card.corrects is not None:
        _change(card.corrects, state=State.CORRECTED)
        _write_event(card.corrects, "corrected", by, at)
    return card


@action("surveillance.accept_card")
def accept_card(
    *, by: Actor, card: ReportCard, version: int, at: datetime, request_id: UUID | None = None
) -> ReportCard:
    """The final review: a second person finds the card right."""
    by.must("surveillance.review_card", card)
    _must_be(card, State.REPORTED)
    if card.reported_by_id == by.user_id and by.user_id is not None:
        raise NotByOneself
    card.version = version
    _change(card, state=State.ACCEPTED)
    _write_event(card, "accepted", by, at)
    return card


@action("surveillance.correct_card")
def correct_card(
    *,
    by: Actor,
    card: ReportCard,
    at: datetime,
    changes: Mapping[str, str] | None = None,
    request_id: UUID | None = None,
) -> ReportCard:
    """Begin a correction (订正), or a death, of a reported card: a new card with its content.

    The first one stands until the correction is reported.
    """
    by.must("surveillance.fill_card", card)
    _must_be(card, State.REPORTED, State.ACCEPTED)
    content = dict(card.fields) | dict(changes or {})
    correction = open_card(by=by, place=card.place, at=at, content=content)
    _change(correction, corrects=card)
    return correction


@action("surveillance.set_card_aside")
def set_card_aside(
    *,
    by: Actor,
    card: ReportCard,
    version: int,
    at: datetime,
    duplicate_of: ReportCard | None = None,
    reason: str = "",
    request_id: UUID | None = None,
) -> ReportCard:
    """Put a draft away, or set a card aside as a duplicate of another. It is kept, and counted nowhere."""
    if duplicate_of is None:
        _must_write(by, card)
        if card.submitted_at is not None and not reason.strip():
            raise ReasonMissing(_("This card was handed in before: say why it is put aside."))
    elif not by.may("surveillance.review_card", card):
        _must_write(by, card)
    card.version = version
    _change(card, state=State.DUPLICATE if duplicate_of else State.DROPPED, duplicate_of=duplicate_of)
    _write_event(card, "duplicate" if duplicate_of else "dropped", by, at, reason)
    return card


@action("surveillance.take_card_up_again")
def take_card_up_again(
    *, by: Actor, card: ReportCard, version: int, at: datetime, request_id: UUID | None = None
) -> ReportCard:
    """Undo `set_card_aside`: the card is a draft again."""
    _must_own(by, card)
    _must_be(card, State.DROPPED, State.DUPLICATE)
    card.version = version
    _change(card, state=State.DRAFT, duplicate_of=None)
    _write_event(card, "taken_up", by, at)
    return card


@action("surveillance.report_zero")
def report_zero(
    *, by: Actor, place: Organisation, kind: str, on: date, at: datetime, request_id: UUID | None = None
) -> ZeroReport:
    """Say that there was no case in the last ended period. Saying it twice is one report."""
    by.must("surveillance.report_zero", place)
    period = last_period(kind, on)
    report, _is_new = ZeroReport.objects.get_or_create(
        place=place, kind=kind, first=period.first, defaults={"last": period.last, "at": at, "by_id": by.user_id}
    )
    return report


@action("surveillance.export_cards")
def export_cards(
    *, by: Actor, place: Organisation, cards: Sequence[ReportCard], at: datetime, request_id: UUID | None = None
) -> CardExport:
    """Write down that these cards were put into a file for the national system; nothing says that it was sent."""
    for card in cards:
        by.must("surveillance.export_cards", card)
    note(count=len(cards))
    return CardExport.objects.create(place=place, at=at, by_id=by.user_id, cards=[card.pk for card in cards])


@action("surveillance.decide_sign")
def decide_sign(
    *,
    by: Actor,
    sign: OutbreakSign,
    version: int,
    is_outbreak: bool,
    finding: str,
    at: datetime,
    request_id: UUID | None = None,
) -> OutbreakSign:
    """Say what was found at the school: an outbreak, which has two hours from the first sign, or none."""
    by.must("surveillance.decide_sign", sign)
    if not finding.strip():
        raise ReasonMissing(_("Say what was found, and by whom."))
    sign.version = version
    state = OutbreakSign.State.CONFIRMED if is_outbreak else OutbreakSign.State.DISMISSED
    change(sign, state=state, finding=finding.strip()[:400], decided_at=at, decided_by_id=by.user_id)
    return sign


def _must_write(by: Actor, card: ReportCard) -> None:
    _must_own(by, card)
    _must_be(card, *MAY_BE_WRITTEN)


def _must_own(by: Actor, card: ReportCard) -> None:
    """Writers write their own cards; whoever reviews a place may mend any of it."""
    by.must("surveillance.fill_card", card)
    if card.written_by_id != by.user_id and not by.may("surveillance.review_card", card):
        raise NotAllowed("surveillance.fill_card")


def _must_be(card: ReportCard, *states: str) -> None:
    if card.state not in states:
        raise NotInThisState(card)


def _change(card: ReportCard, **changes: Any) -> None:
    change(card, **changes)
    card.__dict__.pop("fields", None)  # opened content of the state before


def _kept(content: Mapping[str, str]) -> dict[str, str]:
    """Only the card's own fields, as text without outer space."""
    known = {*FIELDS, *supplement_fields(content)}
    return {name: str(value).strip()[:200] for name, value in content.items() if name in known and str(value).strip()}


def _columns(content: Content) -> dict[str, Any]:
    """What stands in the clear beside the sealed content."""
    disease, clock = disease_of(content), deadline_of(content)
    area = content.get("area", "")
    age = age_of(content)
    return {
        "content": Sealed.of(json.dumps(dict(content), ensure_ascii=False)),
        "number_lookup": number_key(content),
        "name_lookup": name_key(content),
        "place_lookup": school_key(content.get("workplace", "")),
        "disease": disease.name if disease else "",
        "case_kind": content.get("case_kind", "")[:2],
        "sex": content.get("sex", "")[:1],
        "age_years": age if age is not None and 0 <= age <= 150 else None,
        "occupation": content.get("occupation", "")[:2],
        "area": Organisation.objects.filter(pk=area).first() if area.isdigit() else None,
        "onset_on": day_of(content.get("onset_on", "")),
        "diagnosed_at": moment_of(content.get("diagnosed_at", "")),
        "died_on": day_of(content.get("died_on", "")),
        "department": content.get("department", "")[:60],
        "doctor": content.get("doctor", "")[:60],
        "due_at": clock.due_at if clock else None,
    }


def _write_event(card: ReportCard, event: str, by: Actor, at: datetime, reason: str = "") -> None:
    CardEvent.objects.create(
        card=card, event=event, at=at, by_id=by.user_id, reason=reason.strip()[:200], content=card.content
    )


def _look_for_outbreak(card: ReportCard, at: datetime) -> None:
    """Open a sign, or raise an open one, when cards of this school and disease reach a threshold."""
    if card.place_lookup is None or not card.disease or card.onset_on is None:
        return
    on = at.astimezone(SHANGHAI).date()
    key = bytes(card.place_lookup)
    same = cards_from(key, card.disease, on - looked_back())
    sign = sign_of(card.disease, [onset for onset in same.values_list("onset_on", flat=True) if onset], on)
    if sign is None:
        return
    said = {"level": sign.level.value, "cases": sign.cases, "days": sign.days}
    family = disease_of(card.fields)
    assert family is not None
    name = family.parent or family.name
    known = OutbreakSign.objects.filter(place_lookup=key, disease=name, state=OutbreakSign.State.OPEN).first()
    if known is not None:
        change(known, **said)
        return
    OutbreakSign.objects.create(
        place=card.place,
        disease=name,
        place_lookup=key,
        school=school_of(card.fields["workplace"])[:120],
        found_at=at,
        due_at=deadline("card.outbreak", at).due_at,
        **said,
    )
