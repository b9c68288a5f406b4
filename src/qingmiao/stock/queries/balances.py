"""What is on hand: sums of movements, for a place and everything below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Sum
from django.utils import timezone

from qingmiao.law.months import next_month
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Lot, Movement
from qingmiao.stock.rules import obstacles

Kind = Movement.Kind


@dataclass(frozen=True)
class Balance:
    """A lot at a place: doses by kind of movement in a span of time, and before it."""

    lot: Lot
    before: int = 0
    moved: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Doses on hand at the end of the span."""
        return self.before + sum(self.moved.values())

    @property
    def came(self) -> int:
        """Received, and come from other places."""
        return self.moved.get(Kind.RECEIVED, 0) + self.moved.get(Kind.CAME, 0)

    @property
    def given(self) -> int:
        """Given, less what was withdrawn again."""
        return -(self.moved.get(Kind.GIVEN, 0) + self.moved.get(Kind.TAKEN_BACK, 0))

    @property
    def wasted(self) -> int:
        return -self.moved.get(Kind.WASTED, 0)

    @property
    def went(self) -> int:
        """Returned, and sent on."""
        return -(self.moved.get(Kind.RETURNED, 0) + self.moved.get(Kind.SENT, 0))

    @property
    def corrected(self) -> int:
        """By counts."""
        return self.moved.get(Kind.COUNTED, 0)


def balances(place: Organisation, since: datetime | None = None, until: datetime | None = None) -> list[Balance]:
    """Every lot that ever moved at a place, the first to expire in front (first expiry, first out)."""
    here = Movement.objects.filter(place__path__begins=place.path)
    if until is not None:
        here = here.filter(at__lt=until)
    before: dict[int, int] = {}
    if since is not None:
        before = dict(here.filter(at__lt=since).values("lot").annotate(n=Sum("doses")).values_list("lot", "n"))
        here = here.filter(at__gte=since)
    moved: dict[int, dict[str, int]] = defaultdict(dict)
    for lot, kind, doses in here.values("lot", "kind").annotate(n=Sum("doses")).values_list("lot", "kind", "n"):
        moved[lot][kind] = doses
    lots = Lot.objects.filter(pk__in=before.keys() | moved.keys()).select_related("product")
    ordered = sorted(lots, key=lambda lot: (lot.expires_on, lot.number))
    return [Balance(lot, before.get(lot.pk, 0), moved.get(lot.pk, {})) for lot in ordered]


def of_day(place: Organisation, day: date) -> list[Balance]:
    """The balances of one local day."""
    start = timezone.make_aware(datetime.combine(day, time()))
    return balances(place, start, timezone.make_aware(datetime.combine(date.fromordinal(day.toordinal() + 1), time())))


def of_month(place: Organisation, month: date) -> list[Balance]:
    """The balances of the month in which `month` lies."""
    first = month.replace(day=1)
    return balances(place, *(timezone.make_aware(datetime.combine(day, time())) for day in (first, next_month(first))))


def suggested(found: Iterable[Balance], code: str, on: date) -> Lot | None:
    """Which lot of a vaccine to use first: usable, on hand, and the first to expire."""
    for one in found:
        stopped = obstacles(state=one.lot.state, expires_on=one.lot.expires_on, on=on)
        if one.lot.product.code == code and one.left > 0 and not stopped:
            return one.lot
    return None
