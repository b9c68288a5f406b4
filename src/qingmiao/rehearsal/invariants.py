"""What must hold after a day, counted from the database: nothing here trusts what a screen or a player said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.db.models import Count, Exists, F, OuterRef, Sum

from qingmiao.audit import chain
from qingmiao.clinic.models import Consent, Injection, Observation, Screening, Session
from qingmiao.clinic.rules import AFTER_THE_NEEDLE, AT_THE_SITE
from qingmiao.registry.models import Dose
from qingmiao.stock.models import Movement


@dataclass(frozen=True)
class Invariants:
    """The counts of one session. All but `vaccinated` must be 0, and the trail whole."""

    vaccinated: int  # doses that count: neither withdrawn nor corrected
    unsigned: int  # doses before which nobody had signed
    unscreened: int  # doses before which screening had not let the person to the needle
    released_early: int  # people let go before their time, or without anybody who let them
    recorded_twice: int  # doses more than one per person
    stock_difference: int  # doses by which movements and ledger differ, over all lots
    lost: int  # doses that a desk was told are recorded, and are not
    stuck: int  # people still inside when everybody had gone
    audit_verified: bool

    @property
    def hold(self) -> bool:
        """Whether the day may be called clean."""
        counts = {key: value for key, value in asdict(self).items() if key not in ("vaccinated", "audit_verified")}
        return self.audit_verified and not any(counts.values())


def counted(session: Session, acknowledged: Collection[int] = ()) -> Invariants:
    """Count a session; `acknowledged` are the visits whose dose a desk was told to be recorded."""
    doses = Dose.objects.filter(injection__visit__session=session, is_void=False, superseded_by=None)
    signed = Consent.objects.filter(visit=OuterRef("injection__visit"), signed_at__lte=OuterRef("given_at"))
    cleared = Screening.objects.filter(visit=OuterRef("injection__visit"), at__lte=OuterRef("given_at"), decided="go")
    people = doses.values("person").annotate(times=Count("pk")).filter(times__gt=1)
    kept = set(doses.values_list("injection__visit", flat=True))
    inside = session.visits.filter(state__in=[*AT_THE_SITE, *AFTER_THE_NEEDLE])
    return Invariants(
        vaccinated=doses.count(),
        unsigned=doses.filter(~Exists(signed)).count(),
        unscreened=doses.filter(~Exists(cleared)).count(),
        released_early=_released_early(session),
        recorded_twice=sum(row["times"] - 1 for row in people),
        stock_difference=_stock_difference(session),
        lost=len(set(acknowledged) - kept),
        stuck=inside.count(),
        audit_verified=next(chain.breaks(), None) is None,
    )


def _released_early(session: Session) -> int:
    observed = Observation.objects.filter(visit__session=session, ending=Observation.Ending.RELEASED)
    by_nobody = observed.filter(ended_by_id=None) | observed.filter(ended_at__lt=F("until"))
    too_short = observed.filter(dose__given_at__gt=F("since"))
    walked_out = session.visits.filter(state="released").exclude(observations__ending=Observation.Ending.RELEASED)
    return by_nobody.count() + too_short.count() + walked_out.count()


def _stock_difference(session: Session) -> int:
    """Over all lots: doses that left by movements against doses on the ledger that count."""
    here = Movement.objects.filter(place__path__startswith=session.site.path)
    moved = here.filter(kind__in=[Movement.Kind.GIVEN, Movement.Kind.TAKEN_BACK]).values("lot")
    left = dict(moved.annotate(doses=Sum("doses")).values_list("lot", "doses"))
    injected = Injection.objects.filter(visit__session__site=session.site, dose__is_void=False)
    ledger = injected.filter(dose__superseded_by=None).values("dose__lot").annotate(doses=Count("pk"))
    given = dict(ledger.values_list("dose__lot", "doses"))
    return sum(abs(left.get(lot, 0) + given.get(lot, 0)) for lot in left.keys() | given.keys())
