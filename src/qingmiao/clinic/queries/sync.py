"""Reads for tablets without the server: the list they take along, and what became of what they sent."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet, Sum
from django.utils import timezone

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Desk, Observation, Session, SyncBatch, SyncEvent, Tablet, Visit
from qingmiao.clinic.queries.areas import areas_of
from qingmiao.clinic.queries.queue import desks_of
from qingmiao.clinic.screening import NoFormInForce, form_for
from qingmiao.clinic.sync import ASK_SOMEBODY, Kind, Outcome, Sent
from qingmiao.config.keys import keys
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Lot
from qingmiao.stock.rules import obstacles

PERMISSIONS = {
    Kind.ARRIVE: "clinic.record_arrival",
    Kind.CONSENT: "clinic.take_consent",
    Kind.SCREEN: "clinic.screen",
    Kind.DOSE: "clinic.record_dose",
    Kind.AWAY: "clinic.turn_away",
    Kind.RELEASE: "clinic.observe",
}


def digest_of(sent: Sent) -> bytes:
    """A keyed hash of an event's content: tells whether it came before, and nothing else."""
    return hmac.digest(bytes.fromhex(keys().audit), sent.text.encode(), hashlib.sha256)


def sent_before(ids: Iterable[UUID]) -> dict[UUID, SyncEvent]:
    """The events that came before under these ids."""
    return SyncEvent.objects.in_bulk(list(ids))


def session_of_sheet(site: Organisation, session_id: int) -> Session | None:
    """The session a sheet was made for, if it was made at this site."""
    return Session.objects.filter(pk=session_id, site=site).first()


def visits_of_sheet(session: Session, ids: Iterable[int]) -> dict[int, Visit]:
    """The visits a sheet's rows stand for, by id, with person and product."""
    return session.visits.select_related("product", "person").in_bulk(list(ids))


def lots_of_site(site: Organisation) -> list[Lot]:
    """Every lot that ever came to a site: a sheet filled yesterday may name one that has expired since."""
    return list(Lot.objects.filter(movements__place__path__begins=site.path).distinct())


def people_of_day(session: Session) -> list[Visit]:
    """Everybody of a session, with what a desk reads aloud, in the order of their names."""
    running = Prefetch("observations", Observation.objects.filter(ending=""), to_attr="running")
    visits = session.visits.exclude(state="cancelled").select_related("person", "product", "batch__unit")
    return list(visits.prefetch_related("person__identifiers", running).order_by("person__name_spelled", "pk"))


def day_of(
    by: Actor, site: Organisation, session: Session | None, people: Sequence[Visit], at: datetime
) -> dict[str, Any]:
    """What a tablet takes along: the server's clock, the people, the lots, the forms, and what this person may do."""
    return {
        "now": at.isoformat(),
        "site": {"id": site.pk, "name": site.name},
        "session": {"id": session.pk, "day": session.day.isoformat()} if session else None,
        "may": [kind.value for kind, permission in PERMISSIONS.items() if by.may(permission, site)],
        "areas": [{"id": area.pk, "name": area.name} for area in areas_of(site)],
        "desks": [_desk(desk) for desk in desks_of(site)],
        "lots": [_lot(lot) for lot in usable_lots(site, timezone.localdate(at))],
        "forms": _forms({visit.product.code for visit in people}, timezone.localdate(at)),
        "withdraw_seconds": figure("withdraw_within", timezone.localdate(at)).span.total_seconds(),
        "people": [_person(visit) for visit in people],
    }


def usable_lots(site: Organisation, day: date) -> list[Lot]:
    """Lots that came to a site and may be given on a day, the first to expire in front."""
    came = Lot.objects.filter(movements__place__path__begins=site.path, expires_on__gte=day).distinct()
    lots = came.select_related("product").order_by("expires_on", "number")
    return [lot for lot in lots if not obstacles(state=lot.state, expires_on=lot.expires_on, on=day)]


def _desk(desk: Desk) -> dict[str, Any]:
    area = desk.organisation.parent
    return {"id": desk.pk, "step": desk.step, "name": f"{area.name if area else ''} {desk.organisation.name}".strip()}


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.pk,
        "number": lot.number,
        "product": lot.product.title,
        "code": lot.product.code,
        "trace_prefix": lot.product.trace_prefix,
        "gtin": lot.product.gtin,
        "expires_on": lot.expires_on.isoformat(),
    }


def _forms(codes: set[str], day: date) -> dict[str, Any]:
    """Per product code: questions with their wording in both languages, the notice, and the minutes of observation."""
    found = {}
    for code in sorted(codes):
        try:
            form = form_for(code, day)
        except NoFormInForce:
            continue
        found[code] = {
            "minutes": form.observation_minutes,
            "fever_above": form.fever_above_celsius,
            "notice": {
                "title": {"zh": form.notice.title.zh, "en": form.notice.title.en},
                "paragraphs": [{"zh": one.zh, "en": one.en} for one in form.notice.paragraphs],
            },
            "questions": [
                {
                    "id": question.id,
                    "only_sex": question.only_sex,
                    "ask": {"zh": question.ask.zh, "en": question.ask.en},
                    "outcomes": {answer.value: one.outcome.value for answer, one in question.answers.items()},
                }
                for question in form.questions
            ],
        }
    return found


def _person(visit: Visit) -> dict[str, Any]:
    person = visit.person
    identifier = next(iter(person.identifiers.all()), None)
    running = visit.running[0] if visit.running else None  # type: ignore[attr-defined]
    return {
        "visit": visit.pk,
        "state": visit.state,
        "ticket": visit.ticket or "",
        "token": visit.slip_token,
        "name": person.name,
        "initials": person.name_initials,
        "sex": person.sex,
        "born_on": person.birth_date.isoformat() if person.birth_date else "",
        "number": identifier.masked if identifier else "",
        "unit": visit.batch.unit.name if visit.batch else "",
        "product": visit.product.code,
        "vaccine": visit.product.title,
        "until": running.until.isoformat() if running else "",
    }


def tablet_known(pk: UUID) -> Tablet | None:
    """The tablet with this id and its site; whoever asks must still hold the permission there."""
    return _tablets.first(pk=pk)


_tablets = Prepared(lambda: Tablet.objects.select_related("site").filter(pk__is=Slot("pk")))


def tablets_of(site: Organisation) -> QuerySet[Tablet]:
    """The tablets of a site, those with something unsent first."""
    return Tablet.objects.filter(site=site).order_by("-unsent", "name")


def open_events(by: Actor, site: Organisation) -> QuerySet[SyncEvent]:
    """What was put aside or could not be read, and nobody has answered, the oldest first."""
    events = by.visible("clinic.answer_sync", SyncEvent).filter(
        outcome__in=[one.value for one in ASK_SOMEBODY], answer=""
    )
    return events.select_related("visit__person", "visit__session__site", "tablet", "dose").order_by(
        "received_at", "number"
    )


def counts_of(site: Organisation, day: date) -> dict[str, int]:
    """How many events of a local day were decided how."""
    batches = SyncBatch.objects.filter(site=site, received_at__date=day)
    totals = batches.aggregate(**{one.value: Sum(one.value) for one in Outcome})
    return {name: int(total or 0) for name, total in totals.items()}


def waiting_for_answer(who: Actor, at: datetime) -> int:
    """For the left column: events that somebody has to look at."""
    asked = [one.value for one in ASK_SOMEBODY]
    return who.visible("clinic.answer_sync", SyncEvent).filter(outcome__in=asked, answer="").count()
