"""Reads of report cards: what waits, what is late, whose case it may be already."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.card import card_rules
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.finding import is_same_disease
from qingmiao.surveillance.models import OutbreakSign, ReportCard, ZeroReport
from qingmiao.surveillance.zero_reports import kinds, last_period

State = ReportCard.State
OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)
STANDING = (State.SUBMITTED, State.RETURNED, State.REPORTED, State.ACCEPTED)


def cards_of(by: Actor) -> QuerySet[ReportCard]:
    """The cards that `by` may read: all of the places they control, and what they wrote themselves."""
    reach = by.visible("surveillance.see_cards", ReportCard) | by.visible("surveillance.fill_card", ReportCard).filter(
        written_by_id=by.user_id
    )
    return reach.select_related("place", "area").distinct()


def same_case_as(card: ReportCard) -> list[ReportCard]:
    """Cards that stand and seem to be about the same case, the oldest first, wherever they were written."""
    if not card.disease or (card.number_lookup is None and card.name_lookup is None):
        return []
    same_person = Q(pk__in=[])
    if card.number_lookup is not None:
        same_person |= Q(number_lookup=card.number_lookup)
    if card.name_lookup is not None:
        same_person |= Q(name_lookup=card.name_lookup)
    others = ReportCard.objects.filter(same_person, state__in=STANDING).exclude(pk__in=[card.pk, card.corrects_id or 0])
    return [other for other in others.select_related("place").order_by("opened_at") if _is_same_case(card, other)]


def _is_same_case(card: ReportCard, other: ReportCard) -> bool:
    both_numbered = card.number_lookup is not None and other.number_lookup is not None
    if both_numbered and bytes(card.number_lookup or b"") != bytes(other.number_lookup or b""):
        return False
    if not is_same_disease(card.disease, other.disease):
        return False
    if is_reported_once(card.disease):
        return True
    within = timedelta(days=card_rules()["duplicate"]["onset_within_days"])
    return card.onset_on is None or other.onset_on is None or abs(card.onset_on - other.onset_on) <= within


def is_reported_once(disease: str) -> bool:
    """Whether the disease, or the one it is a subtype of, has one card in a life."""
    found = diseases()[disease]
    return found.is_reported_once or bool(found.parent and diseases()[found.parent].is_reported_once)


def overdue(cards: QuerySet[ReportCard], at: datetime) -> QuerySet[ReportCard]:
    """Cards whose deadline has passed and that nobody has reported."""
    return cards.filter(state__in=OPEN, due_at__lt=at)


def waiting(by: Actor, at: datetime) -> int:
    """How many cards wait for this actor: to be reviewed, or returned to be written anew."""
    to_review = by.visible("surveillance.review_card", ReportCard).filter(state__in=(State.SUBMITTED, State.REPORTED))
    returned = by.visible("surveillance.fill_card", ReportCard).filter(written_by_id=by.user_id, state=State.RETURNED)
    return to_review.count() + returned.count()


def cards_from(place_lookup: bytes, disease: str, since: date) -> QuerySet[ReportCard]:
    """Cards of one school or work place with one disease (or its subtypes) from that onset on."""
    family = diseases()[disease].parent or disease
    names = [other.name for other in diseases().values() if family in (other.name, other.parent)]
    return ReportCard.objects.filter(
        place_lookup=place_lookup, disease__in=names, onset_on__gte=since, state__in=STANDING
    )


def open_signs(by: Actor) -> QuerySet[OutbreakSign]:
    """Signs of an outbreak that nobody has decided on, the oldest first."""
    signs = by.visible("surveillance.decide_sign", OutbreakSign).filter(state=OutbreakSign.State.OPEN)
    return signs.select_related("place").order_by("found_at")


def zero_reports_due(place: Organisation, on: date) -> list[dict[str, object]]:
    """The zero reports of the last ended periods that this place has not given; a period with a card needs none."""
    due: list[dict[str, object]] = []
    for code, kind in kinds().items():
        period = last_period(code, on)
        if period.first < kind["since"]:
            continue
        has_card = ReportCard.objects.filter(
            place__path__begins=place.path,
            disease__in=kind["diseases"],
            state__in=STANDING,
            diagnosed_at__date__range=(period.first, period.last),
        )
        is_given = ZeroReport.objects.filter(place=place, kind=code, first=period.first)
        if not has_card.exists() and not is_given.exists():
            due.append({"kind": code, "words": kind, "period": period})
    return due
