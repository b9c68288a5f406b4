"""Whom to ring next, what calls came to, and who came."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from qingmiao.outreach.models import Call, CallHome
from qingmiao.outreach.queries.lists import Kind, Wanted, due_doses
from qingmiao.outreach.rules import came_within, outcomes
from qingmiao.registry.models import Dose, Guardian, Person, Phone
from qingmiao.registry.numbers import phone_lookup
from qingmiao.schedule.models import DueDose


@dataclass(frozen=True)
class Home:
    """The children of one home who are to be rung about, with what each is owed."""

    lease: CallHome
    children: tuple[Person, ...]
    owed: dict[int, list[DueDose]]


def to_ring(people: QuerySet[Person], on: date) -> QuerySet[Person]:
    """Children who are overdue or missed and whose last call does not put them off, those never rung first."""
    owed = DueDose.objects.filter(person=OuterRef("pk")).filter(
        Q(overdue_from__lte=on) | Q(recommended__lt=on.replace(day=1))
    )
    last = Call.objects.filter(person=OuterRef("pk")).order_by("-at", "-pk")
    found = people.filter(Exists(owed), status=Person.Status.PRESENT, merged_into=None)
    found = found.annotate(
        rung_at=Subquery(last.values("at")[:1]),
        put_off=Subquery(last.values("until")[:1]),
        closed=Subquery(last.values("closes")[:1]),
    )
    waits = Q(rung_at=None) | Q(put_off__lte=on) | Q(put_off=None, closed=False)
    return found.filter(waits).order_by(F("rung_at").asc(nulls_first=True), "pk")


def home_of(person: Person) -> bytes:
    """The home of a child: the phone of a guardian, else of the child, else the child alone."""
    guardian = Guardian.objects.filter(child=person).exclude(phone_lookup=None).order_by("pk").first()
    if guardian is not None and guardian.phone_lookup:
        return bytes(guardian.phone_lookup)
    phone = Phone.objects.filter(person=person).order_by("pk").first()
    return bytes(phone.lookup) if phone else phone_lookup(f"nobody {person.pk}")


def people_of_home(people: QuerySet[Person], home: bytes) -> QuerySet[Person]:
    """Everybody among `people` who is reached under this phone."""
    guarded = Guardian.objects.filter(phone_lookup=home).values("child")
    owning = Phone.objects.filter(lookup=home).values("person")
    return people.filter(Q(pk__in=guarded) | Q(pk__in=owning))


def home_leased(people: QuerySet[Person], user_id: int, at: datetime, on: date) -> Home | None:
    """The home that this caller holds now, with the children to ring about."""
    lease = CallHome.objects.filter(leased_by_id=user_id, leased_until__gt=at).first()
    if lease is None:
        return None
    children = tuple(to_ring(people_of_home(people, bytes(lease.home)), on))
    if not children:
        alone = [person for person in to_ring(people, on)[:50] if home_of(person) == bytes(lease.home)]
        children = tuple(alone)
    owed: dict[int, list[DueDose]] = defaultdict(list)
    for row in DueDose.objects.filter(person__in=children, earliest__lte=on).order_by("series"):
        owed[row.person_id].append(row)
    return Home(lease, children, dict(owed))


def calls_about(person: Person) -> list[Call]:
    """What was said before, latest first."""
    return list(Call.objects.filter(person=person).order_by("-at", "-pk")[:10])


@dataclass(frozen=True)
class CallFigures:
    """Calls of a time: how many, about how many children, how many homes answered, and how many children came."""

    calls: int
    children: int
    reached: int
    came: int
    by_outcome: dict[str, int]


def call_figures(people: QuerySet[Person], first: date, last: date) -> CallFigures:
    """Calls between two days. A child came if a dose was given within the rule's days after being reached."""
    calls = Call.objects.filter(person__in=people, at__date__gte=first, at__date__lte=last)
    talked = [key for key, row in outcomes().items() if row.reached]
    after = Dose.objects.filter(
        person=OuterRef("person"),
        is_void=False,
        superseded_by=None,
        given_on__gte=OuterRef("at__date"),
        given_on__lte=OuterRef("at__date") + came_within(),
    )
    reached = calls.filter(outcome__in=talked)
    return CallFigures(
        calls=calls.count(),
        children=calls.values("person").distinct().count(),
        reached=reached.values("person").distinct().count(),
        came=reached.filter(Exists(after)).values("person").distinct().count(),
        by_outcome=dict(Counter(calls.values_list("outcome", flat=True))),
    )


def still_to_ring(people: QuerySet[Person], on: date) -> int:
    """How many children wait for a call."""
    return to_ring(people, on).count()


def overdue_children(people: QuerySet[Person], on: date) -> int:
    """How many children are past a printed age."""
    return due_doses(people, Wanted(Kind.OVERDUE), on).order_by().values("person").distinct().count()
