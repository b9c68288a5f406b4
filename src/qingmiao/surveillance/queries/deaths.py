"""Reads of death certificates: what waits, clocks by place, other lists, the share of ill-defined causes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from qingmiao.law.deadlines import Deadline
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.deadlines import SHANGHAI, deadline
from qingmiao.surveillance.models import DeathCertificate, DeathList, PlaceDeadline
from qingmiao.surveillance.same_person import Who, people

State = DeathCertificate.State
STANDING = (State.ISSUED, State.UPLOADED, State.RETURNED, State.REVIEWED)
UPLOAD = "death.upload"


def certificates_of(by: Actor) -> QuerySet[DeathCertificate]:
    """The certificates that `by` may read: those of the places they control, and their own."""
    reach = by.visible("surveillance.see_deaths", DeathCertificate) | by.visible(
        "surveillance.certify_death", DeathCertificate
    ).filter(written_by_id=by.user_id)
    return reach.select_related("place").distinct()


def upload_deadline(place: Organisation, issued_on: date) -> Deadline:
    """Until when a certificate issued on that day must be uploaded: by the nearest place's rule, else the nation's."""
    starts = datetime.combine(issued_on, time(), SHANGHAI)
    national = deadline(UPLOAD, starts)
    above = [int(pk) for pk in place.path.strip("/").split("/")]
    own = PlaceDeadline.objects.filter(place_id__in=above, clock=UPLOAD, effective_from__lte=issued_on)
    nearest = max(own.select_related("place"), key=lambda row: (len(row.place.path), row.effective_from), default=None)
    if nearest is None:
        return national
    ends = datetime.combine(issued_on + timedelta(days=nearest.days + 1), time(), SHANGHAI)
    return Deadline(UPLOAD, ends, nearest.reason, "")


def same_death_as(certificate: DeathCertificate) -> list[DeathCertificate]:
    """Other standing certificates about the same person."""
    same = Q(pk__in=[])
    for name in ("number_lookup", "name_lookup"):
        if getattr(certificate, name) is not None:
            same |= Q(**{name: getattr(certificate, name)})
    others = DeathCertificate.objects.filter(same, state__in=STANDING)
    return list(others.exclude(pk__in=[certificate.pk, certificate.corrects_id or 0]).select_related("place"))


def waiting(by: Actor) -> int:
    """How many certificates wait for an act of this actor."""
    to_do = by.visible("surveillance.review_death", DeathCertificate).filter(state__in=(State.ISSUED, State.UPLOADED))
    back = by.visible("surveillance.certify_death", DeathCertificate).filter(
        written_by_id=by.user_id, state=State.RETURNED
    )
    return to_do.count() + back.count()


def ill_defined_share(certificates: QuerySet[DeathCertificate]) -> tuple[int, int]:
    """How many of the certificates with an underlying cause have an ill-defined one (R00–R99), and of how many."""
    coded = certificates.filter(state__in=STANDING).exclude(underlying_code="")
    return coded.filter(underlying_code__begins="R").count(), coded.count()


@dataclass(frozen=True)
class Compared:
    """A list against the certificates: people on both, only on the list, only on certificates."""

    both: list[tuple[dict[str, str], DeathCertificate]]
    only_listed: list[dict[str, str]]
    only_certified: list[DeathCertificate]


def compared(found: DeathList) -> Compared:
    """Who of the list has a certificate, and who has one without being on the list."""
    listed: list[dict[str, str]] = json.loads(found.rows.reveal())
    certified = list(
        DeathCertificate.objects.filter(
            place__path__begins=_district(found.place), state__in=STANDING, died_on__range=(found.since, found.until)
        )
    )
    chiefs = people([*(_listed(row) for row in listed), *(_certified(one) for one in certified)])
    by_chief = dict(zip(chiefs[len(listed) :], certified, strict=True))
    both = [(row, by_chief[chief]) for row, chief in zip(listed, chiefs, strict=False) if chief in by_chief]
    only_listed = [row for row, chief in zip(listed, chiefs, strict=False) if chief not in by_chief]
    found_pks = {one.pk for _row, one in both}
    return Compared(both, only_listed, [one for one in certified if one.pk not in found_pks])


def _district(place: Organisation) -> str:
    """A village's dead may have died in any hospital of the installation's top place."""
    return place.path.split("/")[0] + "/"


def _listed(row: dict[str, str]) -> Who:
    return Who(row.get("name", ""), row.get("number", ""), row.get("birth_date", ""), "", row.get("sex", ""))


def _certified(one: DeathCertificate) -> Who:
    fields = one.fields
    return Who(fields.get("name", ""), fields.get("number", ""), fields.get("birth_date", ""), "", one.sex)
