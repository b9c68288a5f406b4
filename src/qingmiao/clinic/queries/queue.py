"""Who waits for which desk, and whom each desk has called."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.models import Desk, Session, Visit
from qingmiao.clinic.rules import QUEUES, Step
from qingmiao.staff.models import Organisation


def site_of(desk: Desk) -> Organisation:
    """The site at which a desk stands."""
    return _sites.one(above=[int(pk) for pk in desk.organisation.path.strip("/").split("/")])


_sites = Prepared(lambda: Organisation.objects.filter(pk__among=Slot("above"), kind=Organisation.Kind.SITE))


def in_queue_of(desk: Desk, at: datetime) -> QuerySet[Visit]:
    """Everybody of today whose next step is done at this desk: of its area, or of all when it stands for the site."""
    visits = Visit.objects.filter(
        session__site=site_of(desk),
        session__day=timezone.localdate(at),
        state__in=QUEUES[Step(desk.step)],
    )
    area = desk.organisation.parent
    if area is not None and area.kind == Organisation.Kind.AREA:
        visits = visits.filter(Q(area=area) | Q(area=None))
    return visits.order_by(F("priority").desc(), "queued_at", "pk")


def waiting(desk: Desk, at: datetime) -> QuerySet[Visit]:
    """Who may be called next, the first in front."""
    return in_queue_of(desk, at).filter(called_to=None, passed_over_at=None)


def passed_over(desk: Desk, at: datetime) -> QuerySet[Visit]:
    """Who was called and did not come."""
    return in_queue_of(desk, at).filter(called_to=None, passed_over_at__isnull=False)


def at_desk(desk: Desk) -> Visit | None:
    """The person whom this desk has called and not finished with."""
    return _called.first(desk=desk)


_called = Prepared(
    lambda: Visit.objects.filter(called_to__is=Slot("desk")).select_related(
        "person", "product", "area", "batch__unit", "session__site"
    )
)


def desks_of(site: Organisation, step: Step | None = None) -> QuerySet[Desk]:
    """Desks of a site in the order of the tree."""
    desks = Desk.objects.filter(organisation__path__startswith=site.path, organisation__closed_on=None)
    if step is not None:
        desks = desks.filter(step=step.value)
    return desks.select_related("organisation__parent").order_by("organisation__parent__name", "organisation__name")


def every_desk_of(site: Organisation) -> QuerySet[Desk]:
    """Desks of a site by area, those that were taken down too."""
    desks = Desk.objects.filter(organisation__path__begins=site.path).select_related("organisation__parent")
    return desks.order_by("organisation__parent__name", "step", "organisation__name")


def of_ticket(session: Session, text: str) -> Visit | None:
    """The visit behind a ticket number or a scanned slip."""
    text = text.strip()
    token = text.rstrip("/").rsplit("/", 1)[-1]
    return Visit.objects.filter(Q(ticket=text.upper()) | Q(slip_token=token), session=session).first()
