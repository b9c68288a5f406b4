"""Finding the person who stands at the front desk."""

from __future__ import annotations

from django.db.models import Q

from qingmiao.clinic.models import Session, Visit, VisitEvent
from qingmiao.clinic.rules import EXPECTED, Event
from qingmiao.registry.models import Person
from qingmiao.registry.numbers import comparable, identifier_lookup
from qingmiao.registry.queries.people import matching

MOST = 20
WHOLE_NUMBER = 15  # characters of a whole identity number: fewer do not open the register


def find_visits(session: Session, text: str) -> list[Visit]:
    """Up to 20 visits of the session that `text` may mean: name, pinyin, initials, whole number or phone, ticket, slip.

    Those who are still expected come first.
    """
    text = text.strip()
    if not text:
        return []
    token = text.rstrip("/").rsplit("/", 1)[-1]
    people = Person.objects.filter(matching(text)).values("pk")
    found = (
        Visit.objects.filter(session=session)
        .filter(Q(person__in=people) | Q(ticket=text.upper()) | Q(slip_token=token))
        .select_related("person", "batch__unit", "batch__area", "product", "area")
        .prefetch_related("person__identifiers", "person__phones")
    )
    return sorted(found[: MOST * 2], key=lambda visit: (visit.where not in EXPECTED, visit.person.name_spelled))[:MOST]


def person_by_number(text: str) -> Person | None:
    """Somebody on record, by the whole number of a document and by nothing less."""
    number = comparable(text)
    if len(number) < WHOLE_NUMBER:
        return None
    return Person.objects.filter(identifiers__lookup=identifier_lookup(number), merged_into=None).first()


def find_walk_in(session: Session, text: str) -> Person | None:
    """Somebody on record who is on no list of the session: only by the whole number of a document, never by name."""
    person = person_by_number(text)
    if person is None or Visit.objects.filter(session=session, person=person).exists():
        return None
    return person


def last_arrival(session: Session, by_id: int | None) -> VisitEvent | None:
    """The newest arrival this member of staff has recorded today and not taken back."""
    arrivals = VisitEvent.objects.filter(
        visit__session=session, event__in=[Event.ARRIVE, Event.RETURN], by_id=by_id, undoes=None, undone_by=None
    )
    return arrivals.select_related("visit__person", "visit__area").order_by("-pk").first()
