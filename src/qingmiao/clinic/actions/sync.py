"""Writes of tablets and sheets that worked without the server: enrol one, take in what it sends, answer what is open.

Every event of a sending is decided by the rules of `clinic/sync.py` and kept, sealed, with its decision. Doses that
follow one another are written together; everything else goes through the action that its desk would have called, each
in a savepoint of its own, so that one event that cannot be carried out takes no other with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.statements import Prepared, Slot, insert, update
from qingmiao.clinic.actions import sync_steps
from qingmiao.clinic.actions.given_doses import Given, visits_with_dose, write_doses
from qingmiao.clinic.actions.injection import record_dose
from qingmiao.clinic.actions.steps import hold
from qingmiao.clinic.models import SyncBatch, SyncEvent, Tablet, Visit
from qingmiao.clinic.queries.sync import digest_of
from qingmiao.clinic.rules import Refused
from qingmiao.clinic.sync import (
    CARRIED_OUT,
    Kind,
    Moment,
    Outcome,
    Sent,
    Unreadable,
    known_before,
    moment_of,
    read_event,
)
from qingmiao.config.keys import keys
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Dose
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation

MOST_EVENTS = 500  # in one sending; a longer queue comes in several, in order


class TooMany(Refused):
    """More events in one sending than are taken at once."""

    def __init__(self) -> None:
        super().__init__(_("At most {count} events in one sending: send the rest after it.").format(count=MOST_EVENTS))


@dataclass(frozen=True)
class Decision:
    """What was decided about one event of a sending; `stands` is what was decided when the id first came."""

    id: str
    outcome: Outcome
    reason: str = ""
    stands: str = ""


@dataclass
class Sending:
    """A sending under way: where it comes from, and what is known before the first event is looked at."""

    by: Actor
    site: Organisation
    tablet: Tablet | None
    received_at: datetime
    seconds_behind: float
    visits: dict[int, Visit] = field(default_factory=dict)
    known: dict[UUID, SyncEvent] = field(default_factory=dict)
    done: list[Decision] = field(default_factory=list)
    kept: list[SyncEvent] = field(default_factory=list)

    def decide(self, sent: Sent, outcome: Outcome, reason: str = "", **more: Any) -> None:
        """Write down what was decided about an event."""
        before = self.known.get(sent.id)
        self.done.append(Decision(str(sent.id), outcome, reason, before.outcome if before else ""))
        if outcome in (Outcome.IDENTICAL, Outcome.OLD):
            return
        row = self._row(sent, outcome, reason, **more)
        if before is None:
            self.known[sent.id] = row
            self.kept.append(row)
        elif outcome is Outcome.UPDATED:
            row.save(force_update=True)
            self.known[sent.id] = row
        else:
            self._keep_beside(row, sent)

    def _keep_beside(self, row: SyncEvent, sent: Sent) -> None:
        """A later word about an event that stands as it is: kept under its own id, once however often it comes."""
        row.id = uuid5(sent.id, bytes(row.content_digest).hex())
        if not SyncEvent.objects.filter(pk=row.id).exists() and all(other.pk != row.id for other in self.kept):
            self.kept.append(row)

    def _row(self, sent: Sent, outcome: Outcome, reason: str, **more: Any) -> SyncEvent:
        visit = self.visits.get(sent.visit)
        return SyncEvent(
            id=sent.id,
            tablet=self.tablet,
            session=visit.session if visit else None,
            revision=sent.revision,
            number=sent.number,
            kind=sent.kind.value,
            visit=visit,
            content=Sealed.of(sent.text),
            content_digest=digest_of(sent),
            made_at=sent.made_at,
            received_at=self.received_at,
            outcome=outcome.value,
            reason=reason,
            by_id=self.by.user_id or 0,
            **more,
        )

    def moment(self, sent: Sent) -> Moment:
        """When it really happened."""
        visit = self.visits[sent.visit]
        return moment_of(
            sent.made_at,
            received_at=self.received_at,
            seconds_behind=self.seconds_behind,
            known_behind=sent.seconds_behind,
            not_before=timezone.make_aware(datetime.combine(visit.session.day, time())),
        )


@action("clinic.enrol_tablet")
def enrol_tablet(
    *, by: Actor, site: Organisation, tablet_id: UUID, name: str, key: str, at: datetime, request_id: UUID | None = None
) -> Tablet:
    """Know a tablet of `site`, and keep the key of its queue; enrolling again gives it a new name and key."""
    by.must("clinic.use_tablet", site)
    values = {"site": site, "name": name[:40], "key": Sealed.of(key), "enrolled_at": at}
    held = Tablet.objects.filter(pk=tablet_id).first()
    if held is not None and held.site_id != site.pk:
        raise NotAllowed("clinic.use_tablet")
    tablet, _is_new = Tablet.objects.update_or_create(
        id=tablet_id, defaults=values | {"enrolled_by_id": by.user_id or 0}
    )
    return tablet


@action("clinic.open_tablet")
def open_tablet(*, by: Actor, tablet: Tablet) -> Tablet:
    """Give the key of a tablet's queue out again: somebody forgot the word. It stays in the trail."""
    by.must("clinic.use_tablet", tablet.site)
    return tablet


@action("clinic.sync")
def take_in(
    *,
    by: Actor,
    site: Organisation,
    raw: Sequence[Any],
    received_at: datetime,
    tablet: Tablet | None = None,
    seconds_behind: float = 0.0,
    unsent: int | None = None,
) -> SyncBatch:
    """Decide about every event of a sending, in the tablet's order, and carry out what is new.

    Returns the row of the sending with its counts; `.decisions` on it are the answers, each with its id.
    """
    by.must("clinic.use_tablet", site)
    if len(raw) > MOST_EVENTS:
        raise TooMany
    if tablet is not None:
        # The row is held from here on: one tablet sends one thing at a time.
        left = None if unsent is None else max(0, unsent)
        update(Tablet, where={"id": tablet.pk}, seen_at=received_at, seconds_behind=seconds_behind, unsent=left)
    sending = Sending(by, site, tablet, received_at, seconds_behind)
    readable = _readable(sending, raw)
    _look_up(sending, readable)
    _carry_out(sending, readable)
    insert(sending.kept)
    counts = Counter(one.outcome.value for one in sending.done)
    batch = SyncBatch(
        tablet=tablet,
        site=site,
        received_at=received_at,
        by_id=by.user_id or 0,
        seconds_behind=seconds_behind,
        **counts,
    )
    insert([batch])
    note(**counts)
    batch.decisions = sending.done  # type: ignore[attr-defined]
    return batch


def _readable(sending: Sending, raw: Sequence[Any]) -> list[Sent]:
    """The events that can be read, in the tablet's order; the others are decided and kept at once."""
    readable, unreadable = [], []
    for one in raw:
        try:
            readable.append(read_event(one))
        except Unreadable as error:
            unreadable.append((one, error.why))
    for one, why in unreadable:
        _keep_unreadable(sending, one, why)
    return sorted(readable, key=lambda sent: sent.number)


def _keep_unreadable(sending: Sending, raw: Any, why: str) -> None:
    """What cannot be read is kept under its id, or under one made from its text: sent again it is the same row."""
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, default=str)[:100_000]
    digest = hmac.digest(bytes.fromhex(keys().audit), text.encode(), hashlib.sha256)
    try:
        event_id = UUID(str(raw["id"]))
    except (KeyError, ValueError, TypeError):
        event_id = UUID(bytes=digest[:16])
    sending.done.append(Decision(str(event_id), Outcome.INVALID, why))
    if SyncEvent.objects.filter(pk=event_id).exists() or any(row.pk == event_id for row in sending.kept):
        return
    sending.kept.append(
        SyncEvent(
            id=event_id,
            tablet=sending.tablet,
            number=0,
            kind="",
            content=Sealed.of(text),
            content_digest=digest,
            received_at=sending.received_at,
            outcome=Outcome.INVALID.value,
            reason=why,
            by_id=sending.by.user_id or 0,
        )
    )


def _look_up(sending: Sending, sent: Sequence[Sent]) -> None:
    """What came before, and the visit of whatever did not: held to the end, in one order, so no two wait in a ring."""
    sending.known = {event.pk: event for event in _known(ids=[one.id for one in sent])}
    visits = hold({one.visit for one in sent if not _is_told_again(sending.known.get(one.id), one)})
    sending.visits = {visit.pk: visit for visit in visits if sending.site.contains(visit.session.site)}


_known = Prepared(lambda: SyncEvent.objects.select_related("dose__injection__visit").filter(pk__among=Slot("ids")))


def _carry_out(sending: Sending, sent: Iterable[Sent]) -> None:
    """Event after event; doses that follow one another, of different people, are gathered and written together."""
    gathered: list[Sent] = []
    for one in sent:
        if one.kind is Kind.DOSE and _is_plain(sending, one):
            if any(other.visit == one.visit or other.id == one.id for other in gathered):
                _write_gathered(sending, gathered)
                gathered = []
            if one.id not in sending.known:
                gathered.append(one)
                continue
        _write_gathered(sending, gathered)
        gathered = []
        _one(sending, one)
    _write_gathered(sending, gathered)


def _is_plain(sending: Sending, sent: Sent) -> bool:
    """Whether a dose is one of the many: new, of somebody of this site, and not taken back before it was sent."""
    return sent.id not in sending.known and sent.visit in sending.visits and not sent.content.get("is_withdrawn")


def _one(sending: Sending, sent: Sent) -> None:
    """Decide about one event and carry it out by its desk's action."""
    before = sending.known.get(sent.id)
    if _is_told_again(before, sent):
        return sending.decide(sent, Outcome.IDENTICAL)
    if sent.visit not in sending.visits:
        return sending.decide(sent, Outcome.INVALID, "visit")
    if before is not None:
        decided = known_before(
            sent,
            revision=before.revision,
            is_same=bytes(before.content_digest) == digest_of(sent),
            is_changeable=_is_changeable(before, sent),
        )
        if decided is not None:
            return sending.decide(sent, *decided)
    moment = sending.moment(sent)
    try:
        # An event that comes anew takes something back and does it again: both, or neither.
        carry_out = sync_steps.carry_out if before is None else carry_out_again
        dose = carry_out(
            by=sending.by,
            visit=sending.visits[sent.visit],
            kind=sent.kind,
            content=sent.content,
            at=moment.at,
            replaces=before.dose if before is not None else None,
        )
    except (Refused, NotAllowed, Unreadable) as refusal:
        [sending.visits[sent.visit]] = hold([sent.visit])  # what was changed in it is undone
        return sending.decide(sent, *_refused(refusal), happened_at=moment.at, clock_doubt=moment.clock_doubt)
    outcome = Outcome.NEW if before is None else Outcome.UPDATED
    return sending.decide(sent, outcome, dose=dose, happened_at=moment.at, clock_doubt=moment.clock_doubt)


@action("clinic.carry_out_again")
def carry_out_again(
    *,
    by: Actor,
    visit: Visit,
    kind: Kind,
    content: Mapping[str, Any],
    at: datetime,
    replaces: Dose | None = None,
) -> Dose | None:
    """Do what the desk would have done at `at`, with what it replaces, in one savepoint. Returns the dose."""
    return sync_steps.carry_out(by=by, visit=visit, kind=kind, content=content, at=at, replaces=replaces)


def _is_told_again(before: SyncEvent | None, sent: Sent) -> bool:
    """Whether an event came before just as it is now, or somebody has answered it: there is nothing to do."""
    if before is None or before.answer:
        return before is not None
    return before.revision == sent.revision and bytes(before.content_digest) == digest_of(sent)


def _is_changeable(before: SyncEvent, sent: Sent) -> bool:
    """A dose may be sent anew while it can be withdrawn; whatever was never carried out may be sent anew always."""
    return before.outcome not in CARRIED_OUT or (before.dose is not None and sent.kind is Kind.DOSE)


def _refused(refusal: Exception) -> tuple[Outcome, str]:
    if isinstance(refusal, Unreadable):
        return Outcome.INVALID, refusal.why
    if isinstance(refusal, NotAllowed):
        return Outcome.INVALID, "not_allowed"
    return Outcome.DISCARDED, sync_steps.code_of(refusal)


def _write_gathered(sending: Sending, gathered: Sequence[Sent]) -> None:
    """New doses of different visits, at once. Who has a dose already is left to a person: it may be the same one."""
    if not gathered:
        return
    have = visits_with_dose([one.visit for one in gathered])
    at_hand = sync_steps.what_is_at_hand(sending.by, sending.site, [one.content for one in gathered])
    given: list[tuple[Sent, Given, Moment]] = []
    for one in gathered:
        visit = sending.visits[one.visit]
        moment = sending.moment(one)
        try:
            written = sync_steps.given(by=sending.by, visit=visit, content=one.content, at=moment.at, at_hand=at_hand)
        except (Unreadable, NotAllowed) as refusal:
            sending.decide(one, *_refused(refusal))
            continue
        if one.visit in have and not one.content.get("is_second"):
            sending.decide(
                one, Outcome.DISCARDED, "dose_on_record", happened_at=moment.at, clock_doubt=moment.clock_doubt
            )
            continue
        given.append((one, written, moment))
    doses = write_doses(
        sending.by, [written for _, written, _ in given], event_ids=[str(one.id) for one, _, _ in given]
    )
    for (one, _written, moment), dose in zip(given, doses, strict=True):
        sending.decide(one, Outcome.NEW, dose=dose, happened_at=moment.at, clock_doubt=moment.clock_doubt)


class NothingToAnswer(Refused):
    """The event was carried out, or somebody has answered it."""

    def __init__(self) -> None:
        super().__init__(_("This has been carried out or answered already. Look at the list again."))


@action("clinic.settle_event")
def settle_event(*, by: Actor, event: SyncEvent, said: str, at: datetime, request_id: UUID | None = None) -> SyncEvent:
    """Somebody looked at an event that was not carried out, and nothing is to be recorded; says why."""
    event = _open(by, event)
    if not said.strip():
        raise Refused(_("Write what you found: whom you asked, and why nothing is to be recorded."))
    return _answered(event, by, at, "settled", said)


@action("clinic.record_event")
def record_event(*, by: Actor, event: SyncEvent, at: datetime, request_id: UUID | None = None) -> SyncEvent:
    """A dose that was put aside was a second injection: it is recorded, at the moment it really happened."""
    event = _open(by, event)
    if event.kind != Kind.DOSE or event.visit is None or event.happened_at is None:
        raise Refused(_("Only a dose is recorded from here; go to the desk of the step for everything else."))
    written = sync_steps.given(
        by=by, visit=event.visit, content=json.loads(event.content.reveal()), at=event.happened_at
    )
    dose = record_dose(
        by=by,
        visit=event.visit,
        lot=written.lot,
        desk=written.desk,
        body_site=written.body_site,
        at=event.happened_at,
        is_second=True,
    )
    return _answered(event, by, at, "recorded", "", dose)


def _open(by: Actor, event: SyncEvent) -> SyncEvent:
    held = SyncEvent.objects.select_for_update(of=("self",)).select_related("visit__session__site").get(pk=event.pk)
    by.must("clinic.answer_sync", held)
    if held.outcome in CARRIED_OUT or held.answer:
        raise NothingToAnswer
    return held


def _answered(event: SyncEvent, by: Actor, at: datetime, answer: str, said: str, dose: Dose | None = None) -> SyncEvent:
    event.answer, event.answer_note, event.answered_at = answer, said.strip()[:200], at
    event.answered_by_id, event.dose = by.user_id or 0, dose
    event.save(update_fields=["answer", "answer_note", "answered_at", "answered_by_id", "dose"])
    return event
