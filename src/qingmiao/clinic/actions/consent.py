"""Writes of the consent desk: informed, identity compared, signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.statements import insert
from qingmiao.clinic.actions.steps import locked, step
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Consent, Desk, Visit
from qingmiao.clinic.rules import Event, Refused, State, is_identity_checked, needs_guardian
from qingmiao.clinic.screening import form_for
from qingmiao.law.ages import adult_from
from qingmiao.staff.access import Actor


class IdentityNotChecked(Refused):
    """Fewer than two fields were read aloud and compared."""

    def __init__(self, needed: int) -> None:
        super().__init__(
            _("Compare {count} fields with the document first: ask, let the person say them, then tick them.").format(
                count=needed
            )
        )


class NotSigned(Refused):
    """No signature, or a child signed for itself."""


@dataclass(frozen=True)
class Signed:
    """A signature as drawn (`path`) or typed, by the person (relation empty) or a guardian."""

    path: str = ""
    typed: str = ""
    signer: str = ""
    relation: str = ""


@action("clinic.inform")
def inform(*, by: Actor, desk: Desk, visit: Visit, at: datetime, request_id: UUID | None = None) -> Visit:
    """The notice was opened for this person and explained."""
    by.must("clinic.take_consent", visit)
    visit = locked(visit)
    step(visit, Event.INFORM, by=by, at=at, desk=desk, informed_at=at)
    return visit


@action("clinic.take_consent")
def take_consent(
    *,
    by: Actor,
    desk: Desk,
    visit: Visit,
    identity_fields: Collection[str],
    signed: Signed,
    language: str,
    at: datetime,
    request_id: UUID | None = None,
) -> Consent:
    """Identity was compared, the notice read, and the person signed. Kept with the notice's version and hash."""
    by.must("clinic.take_consent", visit)
    visit = locked(visit)
    needed = figure("identity_fields_to_compare", timezone.localdate(at)).value
    if not is_identity_checked(identity_fields, needed):
        raise IdentityNotChecked(needed)
    signer = _signer(visit, signed, at)
    if visit.where is State.ARRIVED:  # the notice was on the same screen
        step(visit, Event.INFORM, by=by, at=at, desk=desk, informed_at=at)
    notice = form_for(visit.product.code, timezone.localdate(at)).notice
    consent = Consent(
        visit=visit,
        notice=notice.id,
        notice_version=notice.version,
        notice_digest=notice.digest(language),
        language=language,
        identity_fields=sorted(set(identity_fields)),
        signer=signer,
        relation=signed.relation,
        signature_path=signed.path,
        signature_typed=signed.typed,
        digest=_digest(visit, notice.digest(language), signer, signed),
        explained_by_id=by.user_id or 0,
        signed_at=at,
    )
    insert([consent])
    step(visit, Event.CONSENT, by=by, at=at, desk=desk, consented_at=at)
    note(digest=consent.digest)  # the chain of the trail now vouches for the signature
    return consent


def _signer(visit: Visit, signed: Signed, at: datetime) -> str:
    if not signed.path and not signed.typed:
        raise NotSigned(_("There is no signature yet: sign above the line."))
    today = timezone.localdate(at)
    signs_from = adult_from(today)
    if needs_guardian(visit.person.age_on(today), signs_from) and not (signed.relation and signed.signer):
        raise NotSigned(
            _("A guardian signs for somebody under {age}: choose the relation, write the guardian's name.").format(
                age=signs_from
            )
        )
    return signed.signer if signed.relation else visit.person.name


def _digest(visit: Visit, notice_digest: str, signer: str, signed: Signed) -> str:
    """SHA-256 that binds the signature to visit, person and text: a signature cannot be moved to another paper."""
    content = [visit.pk, visit.person_id, visit.product.code, notice_digest, signer, signed.path, signed.typed]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
