"""Writes of publicity: materials, activities, questions and answers, rumours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.actions.pictures import keep_picture
from qingmiao.campaign.models import Activity, Campaign, Material, Question, Rumour
from qingmiao.campaign.rulebook import rulebook
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation

LEAD, APPROVE, TELL = "campaign.lead", "campaign.approve", "campaign.tell_opinion"
State = Rumour.State


class OwnWork(Refused):
    """Nobody approves what he wrote himself."""

    def __init__(self) -> None:
        super().__init__(_("You wrote this yourself. Somebody else with the right to approve must read it."))


class NotApproved(Refused):
    """It may not go out before it was approved."""

    def __init__(self) -> None:
        super().__init__(_("This answer has not been approved yet. Ask a head to read and approve it."))


class RumourMoved(Refused):
    """The entry has gone on since."""

    def __init__(self, rumour: Rumour) -> None:
        super().__init__(_("This entry is now: {state}.").format(state=State(rumour.state).label))


@action("campaign.write_material")
def write_material(
    *,
    by: Actor,
    campaign: Campaign,
    title: str,
    expires_on: date,
    at: datetime,
    text: str = "",
    source: str = "",
    picture: bytes = b"",
    request_id: UUID | None = None,
) -> Material:
    """Write a text or hand in a poster; it may be used once somebody else has approved it."""
    by.must(LEAD, campaign)
    return Material.objects.create(
        campaign=campaign,
        title=title,
        text=text,
        source=source,
        expires_on=expires_on,
        picture=keep_picture(picture, by=by, at=at, place=campaign.organisation),
        written_at=at,
        written_by_id=by.user_id,
    )


def _must_be_another(by: Actor, writer_id: int | None) -> None:
    if by.user_id == writer_id:
        raise OwnWork


@action("campaign.approve_material")
def approve_material(
    *, by: Actor, material: Material, version: int, at: datetime, request_id: UUID | None = None
) -> Material:
    """It may be used until its last day. Raises OwnWork."""
    by.must(APPROVE, material.campaign)
    _must_be_another(by, material.written_by_id)
    material.version = version
    change(material, approved_at=at, approved_by_id=by.user_id, approved_by_name=by.name)
    return material


@action("campaign.withdraw_material")
def withdraw_material(
    *, by: Actor, material: Material, version: int, at: datetime, request_id: UUID | None = None
) -> Material:
    """It may not be used any more; where it was used stays on record."""
    by.must(LEAD, material.campaign)
    material.version = version
    change(material, withdrawn_at=at)
    return material


@action("campaign.record_activity")
def record_activity(
    *,
    by: Actor,
    campaign: Campaign,
    channel: str,
    place: Organisation,
    happened_at: datetime,
    at: datetime,
    where: str = "",
    material: Material | None = None,
    reach: int | None = None,
    picture: bytes = b"",
    request_id: UUID | None = None,
) -> Activity:
    """Write down what was done to tell people. What was used without approval is written down too, and marked."""
    by.must(TELL, place)
    note(channel=channel, place=place.pk)
    return Activity.objects.create(
        campaign=campaign,
        channel=channel,
        material=material,
        place=place,
        where=where,
        at=happened_at,
        reach=reach,
        picture=keep_picture(picture, by=by, at=at, place=place),
        recorded_at=at,
        by_id=by.user_id,
        by_name=by.name,
    )


@action("campaign.write_answer")
def write_answer(
    *,
    by: Actor,
    campaign: Campaign,
    question: str,
    answer: str,
    at: datetime,
    source: str = "",
    request_id: UUID | None = None,
) -> Question:
    """Write the answer to a question of the people; it is ready to be sent once somebody else has approved it."""
    by.must(LEAD, campaign)
    return Question.objects.create(
        campaign=campaign, question=question, answer=answer, source=source, written_at=at, written_by_id=by.user_id
    )


@action("campaign.approve_answer")
def approve_answer(
    *, by: Actor, question: Question, version: int, at: datetime, request_id: UUID | None = None
) -> Question:
    """The answer may be sent. Raises OwnWork."""
    by.must(APPROVE, question.campaign)
    _must_be_another(by, question.written_by_id)
    question.version = version
    change(question, approved_at=at, approved_by_id=by.user_id, approved_by_name=by.name)
    return question


@action("campaign.hear_question")
def hear_question(*, by: Actor, question: Question, request_id: UUID | None = None) -> Question:
    """The question was heard once more, by whoever works for a place of the campaign."""
    home = question.campaign.organisation.path
    if not any(path.startswith(home) or home.startswith(path) for path in by.paths_for(TELL)):
        raise NotAllowed(TELL)
    Question.objects.filter(pk=question.pk).update(asked=F("asked") + 1)
    return question


@action("campaign.tell_rumour")
def tell_rumour(
    *,
    by: Actor,
    campaign: Campaign,
    text: str,
    channel: str,
    place: Organisation,
    risk: str,
    seen_at: datetime,
    at: datetime,
    where: str = "",
    picture: bytes = b"",
    request_id: UUID | None = None,
) -> Rumour:
    """Write down what is said against it: seen where and when; its risk says by when it must be answered."""
    by.must(TELL, place)
    hours = rulebook("publicity")["answer_within_hours"][risk]
    note(place=place.pk, risk=risk)
    return Rumour.objects.create(
        campaign=campaign,
        text=text,
        channel=channel,
        where=where,
        place=place,
        risk=risk,
        seen_at=seen_at,
        told_at=at,
        told_by_name=by.name,
        picture=keep_picture(picture, by=by, at=at, place=place),
        answer_by=seen_at + timedelta(hours=hours),
    )


@action("campaign.draft_answer")
def draft_answer(*, by: Actor, rumour: Rumour, version: int, answer: str, request_id: UUID | None = None) -> Rumour:
    """Write the answer; an earlier draft, and its approval, fall away. Raises RumourMoved after it was answered."""
    by.must(LEAD, rumour.campaign)
    if rumour.state not in (State.SEEN, State.DRAFTED):
        raise RumourMoved(rumour)
    if not answer.strip():
        raise Refused(_("Write the answer."))
    rumour.version = version
    change(
        rumour,
        state=State.DRAFTED,
        answer=answer.strip(),
        drafted_by_id=by.user_id,
        approved_at=None,
        approved_by_id=None,
        approved_by_name="",
    )
    return rumour


@action("campaign.approve_rumour_answer")
def approve_rumour_answer(
    *, by: Actor, rumour: Rumour, version: int, at: datetime, request_id: UUID | None = None
) -> Rumour:
    """The answer may go out. Raises RumourMoved, OwnWork."""
    by.must(APPROVE, rumour.campaign)
    if rumour.state != State.DRAFTED:
        raise RumourMoved(rumour)
    _must_be_another(by, rumour.drafted_by_id)
    rumour.version = version
    change(rumour, approved_at=at, approved_by_id=by.user_id, approved_by_name=by.name)
    return rumour


@action("campaign.answer_rumour")
def answer_rumour(
    *, by: Actor, rumour: Rumour, version: int, answered_where: str, at: datetime, request_id: UUID | None = None
) -> Rumour:
    """The approved answer went out. Raises NotApproved, RumourMoved."""
    by.must(LEAD, rumour.campaign)
    if rumour.state != State.DRAFTED:
        raise RumourMoved(rumour)
    if rumour.approved_at is None:
        raise NotApproved
    rumour.version = version
    change(rumour, state=State.ANSWERED, answered_at=at, answered_where=answered_where.strip())
    return rumour


@action("campaign.close_rumour")
def close_rumour(
    *, by: Actor, rumour: Rumour, version: int, outcome: str, at: datetime, request_id: UUID | None = None
) -> Rumour:
    """It is over; says what became of it. Raises RumourMoved before it was answered."""
    by.must(LEAD, rumour.campaign)
    if rumour.state != State.ANSWERED:
        raise RumourMoved(rumour)
    rumour.version = version
    change(rumour, state=State.CLOSED, closed_at=at, outcome=outcome.strip())
    return rumour
