"""What happened on a day, for lists, figures and reports: doses, visits, batches, with the rows behind each number."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Batch, Session, Visit
from qingmiao.clinic.queries.areas import areas_of
from qingmiao.clinic.rules import NOT_HERE, State
from qingmiao.registry.models import Dose
from qingmiao.staff.models import Organisation


def doses_of_day(day: date, site: Organisation | None = None) -> QuerySet[Dose]:
    """Doses that were given at our sites on a local day and still count; of one site and all below it, if named."""
    doses = Dose.objects.filter(given_on=day, source=Dose.Source.HERE, is_void=False, superseded_by=None)
    if site is not None:
        doses = doses.filter(site__path__startswith=site.path)
    return doses.select_related("person", "lot", "site").order_by("given_at", "pk")


def doses_of_day_in(unit: Organisation, day: date) -> QuerySet[Dose]:
    """Doses given here on a day to people who belonged to `unit` (or a unit below it) that day; each dose once."""
    members = Q(person__memberships__unit__path__startswith=unit.path)
    since = Q(person__memberships__since=None) | Q(person__memberships__since__lte=day)
    until = Q(person__memberships__until=None) | Q(person__memberships__until__gte=day)
    return doses_of_day(day).filter(members & since & until).distinct()


def visits_of_day(day: date, unit: Organisation | None = None, site: Organisation | None = None) -> QuerySet[Visit]:
    """Visits of a day: of the batches of a unit and all below it, and at one site, if named."""
    visits = Visit.objects.filter(session__day=day).exclude(state=State.CANCELLED)
    if unit is not None:
        visits = visits.filter(batch__unit__path__startswith=unit.path)
    if site is not None:
        visits = visits.filter(session__site__path__startswith=site.path)
    return visits.select_related("person", "batch__unit", "session__site", "product").order_by("pk")


def states_of_day(day: date, unit: Organisation | None = None, site: Organisation | None = None) -> Counter[State]:
    """How many visits of a day stand where."""
    rows = visits_of_day(day, unit, site).order_by().values_list("state").annotate(people=Count("pk"))
    return Counter({State(state): people for state, people in rows})


def batches_of(session: Session) -> QuerySet[Batch]:
    """Batches of a session with `expected` (all on the list), `here` (arrived) and `late` (late additions) counted."""
    on_list = ~Q(visits__state=State.CANCELLED)
    return (
        Batch.objects.filter(session=session)
        .select_related("unit", "area", "product", "session__site")
        .annotate(
            expected=Count("visits", filter=on_list),
            here=Count("visits", filter=on_list & ~Q(visits__state__in=NOT_HERE)),
            late=Count("visits", filter=on_list & Q(visits__is_late_addition=True)),
        )
        .order_by("number", "submitted_at", "pk")
    )


def called_batches(site: Organisation, day: date, area: Organisation | None = None) -> list[Batch]:
    """Batches of a day that were called and are not all here yet, the newest call first; of one area if named."""
    called = [
        batch
        for session in Session.objects.filter(site=site, day=day)
        for batch in batches_of(session).filter(state=Batch.State.CALLED).order_by("-called_at")
        if batch.here < batch.expected  # type: ignore[attr-defined]
    ]
    return [batch for batch in called if area is None or batch.area_id == area.pk]


def suggested_terms(batch: Batch) -> tuple[datetime, int]:
    """Time and area id for a batch not accepted yet: some time after the last one, where fewer are planned."""
    accepted = Batch.objects.filter(session=batch.session, number__isnull=False)
    last = accepted.order_by("-starts_at").values_list("starts_at", flat=True).first()
    opening = timezone.make_aware(datetime.combine(batch.session.day, batch.session.opens_at))
    planned = dict.fromkeys((area.pk for area in areas_of(batch.session.site)), 0)
    rows = accepted.order_by().values_list("area").annotate(people=Count("visits"))
    planned |= {area: people for area, people in rows if area in planned}
    starts_at = last + figure("between_batches", batch.session.day).span if last else opening
    return starts_at, min(planned, key=lambda area: planned[area])


def batches_of_units(units: QuerySet[Organisation], since: date) -> QuerySet[Batch]:
    """Batches that units have named for sessions from a day on, with the same counts as `batches_of`."""
    on_list = ~Q(visits__state=State.CANCELLED)
    return (
        Batch.objects.filter(unit__in=units, session__day__gte=since)
        .select_related("unit", "area", "product", "session__site")
        .annotate(
            expected=Count("visits", filter=on_list),
            here=Count("visits", filter=on_list & ~Q(visits__state__in=NOT_HERE)),
            late=Count("visits", filter=on_list & Q(visits__is_late_addition=True)),
        )
        .order_by("session__day", "number", "pk")
    )


def sessions_open_to(unit: Organisation, since: date) -> QuerySet[Session]:
    """Sessions from a day on that keep places for `unit` or something above it."""
    ancestors = [int(pk) for pk in unit.path.strip("/").split("/")]
    sessions = Session.objects.filter(day__gte=since, places__organisation_id__in=ancestors)
    return sessions.select_related("site").prefetch_related("products").distinct().order_by("day", "pk")
