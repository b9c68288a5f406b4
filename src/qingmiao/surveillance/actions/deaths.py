"""Writes of death certificates: draft, issue, upload, review, correct; the registry learns of the death at once."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files import File
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.actions.management import end_management
from qingmiao.registry.actions.status import record_death
from qingmiao.registry.models import Identifier, Management, Person
from qingmiao.staff.access import Actor, NotAllowed, system
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.cards import ReasonMissing
from qingmiao.surveillance.card import Fault, day_of
from qingmiao.surveillance.death import FIELDS, age_of, chain_of, faults_of, questions_of, suggested
from qingmiao.surveillance.models import DeathCertificate, DeathEvent, DeathList, PlaceDeadline
from qingmiao.surveillance.queries.deaths import same_death_as, upload_deadline
from qingmiao.surveillance.registers import Table, cell, moment, proposed, read_table, who
from qingmiao.surveillance.same_case import name_key, number_key

State = DeathCertificate.State
CERTIFY, REVIEW = "surveillance.certify_death", "surveillance.review_death"


class CertificateIncomplete(Exception):
    """The certificate cannot be issued: `faults` stop it, `questions` want an answer."""

    def __init__(self, faults: Sequence[Fault], questions: Sequence[Fault]) -> None:
        self.faults, self.questions = list(faults), list(questions)
        super().__init__(
            _("{faults} fields and {questions} questions about the chain are open. Everything typed is saved.").format(
                faults=len(faults), questions=len(questions)
            )
        )


class CertifiedAlready(Exception):
    """This person has a certificate already: correct that one."""

    def __init__(self, other: DeathCertificate) -> None:
        self.other = other
        super().__init__(
            _("This person already has a death certificate, issued {day}. Correct that one instead.").format(
                day=other.issued_on
            )
        )


class WrongState(Exception):
    """The certificate is no longer (or not yet) in the state that this needs."""

    def __init__(self, certificate: DeathCertificate) -> None:
        super().__init__(
            _("This certificate is “{state}”; that cannot be done with it now.").format(
                state=certificate.get_state_display()
            )
        )


@action("surveillance.open_certificate")
def open_certificate(
    *,
    by: Actor,
    place: Organisation,
    at: datetime,
    content: Mapping[str, str] | None = None,
    request_id: UUID | None = None,
) -> DeathCertificate:
    """Begin a certificate; it exists from now on."""
    by.must(CERTIFY, place)
    certificate = DeathCertificate(place=place, opened_at=at, written_by_id=by.user_id)
    for name, value in _columns({"doctor": by.name} | dict(content or {})).items():
        setattr(certificate, name, value)
    certificate.save()
    return certificate


@action("surveillance.save_certificate")
def save_certificate(
    *,
    by: Actor,
    certificate: DeathCertificate,
    version: int,
    content: Mapping[str, str],
    at: datetime,
    request_id: UUID | None = None,
) -> DeathCertificate:
    """Keep what is written so far."""
    _must_write(by, certificate)
    certificate.version = version
    _change(certificate, **_columns(content))
    return certificate


@action("surveillance.issue_certificate")
def issue_certificate(
    *,
    by: Actor,
    certificate: DeathCertificate,
    version: int,
    at: datetime,
    request_id: UUID | None = None,
) -> DeathCertificate:
    """Issue the certificate. The person on record is dead from this moment: reminders and due lists end, doses stay.

    Raises CertificateIncomplete; questions about the chain are answered by mending it or in `questions_answered`.
    """
    _must_write(by, certificate)
    certificate.version = version
    content = certificate.fields
    faults, questions = faults_of(content, now=at), questions_of(content)
    if faults or (questions and not content.get("questions_answered")):
        raise CertificateIncomplete(faults, questions)
    if known := same_death_as(certificate):
        raise CertifiedAlready(known[0])
    issued_on = day_of(content["issued_on"])
    assert issued_on is not None
    cause = suggested(chain_of(content))
    person = _person_on_record(certificate)
    _change(
        certificate,
        state=State.ISSUED,
        due_at=upload_deadline(certificate.place, issued_on).due_at,
        underlying_code=certificate.underlying_code or (cause.code if cause else ""),
        person=person,
        returned_because="",
    )
    _write_event(certificate, "issued", by, at, content.get("questions_answered", ""))
    if person is not None:
        _end_reminders(person, certificate, at)
    return certificate


def _person_on_record(certificate: DeathCertificate) -> Person | None:
    if certificate.number_lookup is None:
        return None
    held = Identifier.objects.filter(lookup=certificate.number_lookup).select_related("person__merged_into").first()
    return (held.person.merged_into or held.person) if held else None


def _end_reminders(person: Person, certificate: DeathCertificate, at: datetime) -> None:
    """The hospital where somebody dies seldom reaches their record: the installation itself writes it down."""
    if person.status == Person.Status.DEAD:
        return
    died_on, by = certificate.died_on, system(f"death certificate {certificate.pk}")
    assert died_on is not None
    running = Management.objects.filter(person=person, until=None).first()
    if running is not None:
        on = max(died_on, running.since)
        end_management(by=by, person=person, ending=Management.Ending.DEAD, on=on, at=at)
        return
    record_death(by=by, person=person, died_on=died_on)


@action("surveillance.enter_certificate")
def enter_certificate(
    *, by: Actor, certificate: DeathCertificate, version: int, at: datetime, request_id: UUID | None = None
) -> DeathCertificate:
    """Write down that the paper was typed into the national system's form."""
    by.must(REVIEW, certificate)
    _must_be(certificate, State.ISSUED)
    certificate.version = version
    _change(certificate, entered_at=at)
    _write_event(certificate, "entered", by, at)
    return certificate


@action("surveillance.upload_certificate")
def upload_certificate(
    *,
    by: Actor,
    certificate: DeathCertificate,
    version: int,
    uploaded_at: datetime,
    at: datetime,
    national_number: str = "",
    late_because: str = "",
    request_id: UUID | None = None,
) -> DeathCertificate:
    """Write down that the national system took it at `uploaded_at`; a late one says why."""
    by.must(REVIEW, certificate)
    _must_be(certificate, State.ISSUED)
    if uploaded_at > at:
        raise ReasonMissing(_("The moment of the upload lies in the future."))
    if certificate.due_at is not None and uploaded_at > certificate.due_at and not late_because.strip():
        raise ReasonMissing(_("This certificate is late: say why."))
    certificate.version = version
    _change(
        certificate,
        state=State.UPLOADED,
        entered_at=certificate.entered_at or uploaded_at,
        uploaded_at=uploaded_at,
        uploaded_by_id=by.user_id,
        national_number=national_number.strip()[:40],
        late_because=late_because.strip()[:200],
    )
    _write_event(certificate, "uploaded", by, at, late_because)
    if certificate.corrects is not None:
        _change(certificate.corrects, state=State.CORRECTED)
        _write_event(certificate.corrects, "corrected", by, at)
    return certificate


@action("surveillance.return_certificate")
def return_certificate(
    *,
    by: Actor,
    certificate: DeathCertificate,
    version: int,
    reason: str,
    at: datetime,
    request_id: UUID | None = None,
) -> DeathCertificate:
    """Give it back to the doctor with what is to be put right."""
    by.must(REVIEW, certificate)
    _must_be(certificate, State.ISSUED, State.UPLOADED)
    if not reason.strip():
        raise ReasonMissing(_("Say what is to be put right: the doctor reads it."))
    certificate.version = version
    _change(certificate, state=State.RETURNED, returned_because=reason.strip()[:200])
    _write_event(certificate, "returned", by, at, reason)
    return certificate


@action("surveillance.review_certificate")
def review_certificate(
    *,
    by: Actor,
    certificate: DeathCertificate,
    version: int,
    underlying_code: str,
    at: datetime,
    request_id: UUID | None = None,
) -> DeathCertificate:
    """The coder confirms the underlying cause, or chooses another; not the one who uploaded it."""
    by.must(REVIEW, certificate)
    _must_be(certificate, State.UPLOADED)
    if by.user_id is not None and certificate.uploaded_by_id == by.user_id:
        raise ReasonMissing(_("You uploaded this certificate yourself: a second person reviews it."))
    if not underlying_code.strip():
        raise ReasonMissing(_("Give the code of the underlying cause."))
    certificate.version = version
    _change(certificate, state=State.REVIEWED, underlying_code=underlying_code.strip().upper()[:8])
    _write_event(certificate, "reviewed", by, at)
    return certificate


@action("surveillance.correct_certificate")
def correct_certificate(
    *, by: Actor, certificate: DeathCertificate, at: datetime, request_id: UUID | None = None
) -> DeathCertificate:
    """Begin a correction: a new certificate with the content of this one, which stands until it is uploaded."""
    by.must(CERTIFY, certificate)
    _must_be(certificate, State.UPLOADED, State.REVIEWED)
    correction = open_certificate(by=by, place=certificate.place, at=at, content=certificate.fields)
    _change(correction, corrects=certificate)
    return correction


@action("surveillance.set_deadline")
def set_deadline(
    *,
    by: Actor,
    place: Organisation,
    clock: str,
    days: int,
    effective_from: date,
    reason: str,
    at: datetime,
    request_id: UUID | None = None,
) -> PlaceDeadline:
    """A place's own days for a clock, by a document that is named."""
    by.must(REVIEW, place)
    if not reason.strip():
        raise ReasonMissing(_("Name the document that sets these days."))
    return PlaceDeadline.objects.create(
        place=place, clock=clock, days=days, effective_from=effective_from, reason=reason.strip()[:200], at=at,
        by_id=by.user_id,
    )  # fmt: skip


@action("surveillance.take_death_list_in")
def take_death_list_in(
    *,
    by: Actor,
    place: Organisation,
    source: str,
    since: date,
    until: date,
    file: File,  # type: ignore[type-arg]
    name: str,
    at: datetime,
    request_id: UUID | None = None,
) -> DeathList:
    """Keep the rows of a civil registry's or village's list, sealed, to be compared. Raises FileRefused."""
    by.must(REVIEW, place)
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(file.read())
        kept.flush()
        table = read_table(Path(kept.name), Path(name).stem)
    rows = _listed(table, since)
    note(rows=len(rows))
    return DeathList.objects.create(
        place=place, source=source[:80], name=Path(name).name[:200], since=since, until=until,
        rows=Sealed.of(json.dumps(rows, ensure_ascii=False)), at=at, by_id=by.user_id,
    )  # fmt: skip


def _listed(table: Table, since: date) -> list[dict[str, str]]:
    """Name, number, birth date, sex and day of each row of a list."""
    mapping = proposed(table.header)
    rows = []
    for number, cells in table.rows:
        person, found = who(cells, mapping, since.year), moment(cells, mapping)
        rows.append(
            {"row": str(number), "name": person.name, "number": person.number, "birth_date": person.birth_date,
             "sex": person.sex, "day": found[0].date().isoformat() if found else "",
             "address": cell(cells, mapping, "address")}
        )  # fmt: skip
    return [row for row in rows if row["name"]]


def _must_write(by: Actor, certificate: DeathCertificate) -> None:
    by.must(CERTIFY, certificate)
    if certificate.written_by_id != by.user_id and not by.may(REVIEW, certificate):
        raise NotAllowed(CERTIFY)
    _must_be(certificate, State.DRAFT, State.RETURNED)


def _must_be(certificate: DeathCertificate, *states: str) -> None:
    if certificate.state not in states:
        raise WrongState(certificate)


def _change(certificate: DeathCertificate, **changes: Any) -> None:
    change(certificate, **changes)
    certificate.__dict__.pop("fields", None)


def _columns(content: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: str(value).strip()[:300] for name, value in content.items() if name in FIELDS and str(value).strip()}
    age = age_of(kept)
    return {
        "content": Sealed.of(json.dumps(kept, ensure_ascii=False)),
        "number_lookup": number_key(kept),
        "name_lookup": name_key(kept),
        "sex": kept.get("sex", "")[:1],
        "age_years": age if age is not None and 0 <= age <= 150 else None,
        "died_on": day_of(kept.get("died_at", "")),
        "issued_on": day_of(kept.get("issued_on", "")),
        "underlying_code": kept.get("underlying_code", "").upper()[:8],
    }


def _write_event(certificate: DeathCertificate, event: str, by: Actor, at: datetime, reason: str = "") -> None:
    DeathEvent.objects.create(
        certificate=certificate, event=event, at=at, by_id=by.user_id, reason=reason.strip()[:200],
        content=certificate.content,
    )  # fmt: skip
