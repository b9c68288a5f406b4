"""The areas of a site, and how many people wait in each."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Count, QuerySet

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Session, Visit
from qingmiao.clinic.rules import AT_THE_SITE, balanced_area
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


def sites_of(by: Actor, permission: str) -> list[Organisation]:
    """The sites where the actor holds `permission`, in the order of the tree."""
    sites = {site.pk: site for path in by.paths_for(permission) for site in _sites(path=path)}
    return sorted(sites.values(), key=lambda site: site.path)


_sites = Prepared(
    lambda: Organisation.objects.filter(path__within=Slot("path"), kind=Organisation.Kind.SITE, closed_on=None)
)


def areas_of(site: Organisation) -> list[Organisation]:
    """Areas of a site in the order of their names; a site without areas is its own only area."""
    return _areas(site=site) or [site]


_areas = Prepared(
    lambda: Organisation.objects.filter(parent__is=Slot("site"), kind=Organisation.Kind.AREA, closed_on=None).order_by(
        "name"
    )
)


def letter_of(area: Organisation) -> str:
    """The letter in front of the tickets of an area: its code, or the first Latin letter of its name, or V."""
    found = re.search(r"[A-Z]", f"{area.code} {area.name}".upper())
    return found[0] if found else "V"


def waiting_by_area(session: Session) -> dict[int, int]:
    """How many people wait in each area of the session's site, by area id; an empty area counts 0."""
    waiting = {area.pk: 0 for area in areas_of(session.site)}
    rows = (
        Visit.objects.filter(session=session, state__in=AT_THE_SITE).values_list("area_id").annotate(people=Count("pk"))
    )
    return waiting | {area: people for area, people in rows if area in waiting}


def suggested_area(session: Session, planned: Organisation | None = None) -> Organisation:
    """Where to send the next person of a batch that is planned for `planned`."""
    areas = {area.pk: area for area in areas_of(session.site)}
    tolerated = figure("tolerated_difference", session.day).value
    chosen = balanced_area(waiting_by_area(session), planned.pk if planned else None, tolerated=tolerated)
    return areas[chosen] if chosen in areas else next(iter(areas.values()))


def session_at(site: Organisation, day: date) -> Session | None:
    """The session of a site on a day."""
    return _session.first(site=site, day=day)


_session = Prepared(lambda: Session.objects.filter(site__is=Slot("site"), day__is=Slot("day")).select_related("site"))


def sessions_from(site: Organisation, day: date) -> QuerySet[Session]:
    """Sessions of a site from a day on."""
    return Session.objects.filter(site=site, day__gte=day).select_related("site").prefetch_related("products")
