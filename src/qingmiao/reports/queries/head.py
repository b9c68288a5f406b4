"""The head's page: today against plan, and how far each group, community, bureau and site is; who is silent; alarms.

Every number comes from the one reporting layer (`live`, `doses`) or from the app that owns it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from qingmiao.campaign.models import Campaign, DayTarget, Target, Task
from qingmiao.campaign.queries.head_counts import declarations_at, head_count_at, is_late
from qingmiao.campaign.queries.tasks import OPEN_STATES
from qingmiao.clinic.models import Reaction
from qingmiao.registry.models import KeyGroup
from qingmiao.reports.indicators import Indicator
from qingmiao.reports.models import FigureCheck
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import campaign_of, course_of, rule_at
from qingmiao.reports.queries.doses import doses_given
from qingmiao.reports.queries.forms import late_forms
from qingmiao.reports.rules import Share
from qingmiao.safety.queries.cases import clocks_below
from qingmiao.staff.models import Organisation

Kind = Organisation.Kind
MOST = 60  # places in one table; above that the next level up is shown


@dataclass(frozen=True)
class Line:
    """One row: a place or key group, with today's number, what was planned, and how far it is altogether."""

    name: str
    share: Share | None = None
    target: int | None = None  # people to be brought in, as somebody said; else the ledger is the target
    today: int | None = None
    plan: int | None = None
    place: Organisation | None = None
    group: KeyGroup | None = None
    silent: tuple[Organisation, ...] = ()

    @property
    def missing(self) -> int | None:
        """Doses still to be given today; None without a plan."""
        return None if self.plan is None else max(self.plan - (self.today or 0), 0)


@dataclass(frozen=True)
class Alarm:
    """Something the head must hear of: how many, what, and where it opens (a named address and its argument)."""

    count: int
    what: str  # a code: the page words it
    url_name: str
    argument: int | None = None


@dataclass(frozen=True)
class HeadPage:
    """Everything on the page."""

    top: Organisation
    on: date
    rule: Indicator
    campaign: Campaign | None
    total: Line
    groups: list[Line]
    communities: list[Line]
    bureaus: list[Line]
    sites: list[Line]
    days: list[live.DayFigure] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    course: Indicator | None = None  # what being done with the whole course means, where that is more than begun
    finished: Share | None = None

    @property
    def is_crowded(self) -> bool:
        """Whether a wall needs small letters to hold every line."""
        return len(self.groups) + len(self.communities) + len(self.bureaus) + len(self.sites) > 12

    @property
    def silent(self) -> list[tuple[Line, Organisation]]:
        """Units that were to declare and have not, each with its bureau's line."""
        return [(line, unit) for line in self.bureaus for unit in line.silent]

    @property
    def missing(self) -> int | None:
        """Doses still to be given today; None without a plan."""
        return self.total.missing


def head_page(top: Organisation, places: Iterable[Organisation], at: datetime) -> HeadPage:
    """The page of `top` at a moment. `places` are the bureaus that its reader may see."""
    on, campaign = timezone.localdate(at), campaign_of(top)
    rule, course = rule_at(top), course_of(campaign) if campaign else None
    share = live.figure_of(rule, top, on)
    sites = _sites(rule, top, campaign, on)
    planned = [line.plan for line in sites if line.plan is not None]
    total = Line(
        top.name,
        share,
        _target(campaign, None, top.pk),
        sum(line.today or 0 for line in sites),
        sum(planned) if planned else None,
        place=top,
    )
    return HeadPage(
        top,
        on,
        rule,
        campaign,
        total,
        _groups(rule, top, campaign, on),
        _places(rule, _communities(top, on), campaign, on),
        _bureaus(rule, list(places), campaign, at),
        sites,
        live.first_doses_by_day(rule, top, on),
        _alarms(top, campaign, at),
        course,
        live.figure_of(course, top, on) if course else None,
    )


def _target(campaign: Campaign | None, group: int | None, place: int | None) -> int | None:
    """What somebody last said is to be reached; None where nobody has."""
    if campaign is None:
        return None
    said = Target.objects.filter(campaign=campaign, key_group=group, place=place).order_by("recorded_at", "pk").last()
    return said.people if said else None


def _groups(rule: Indicator, top: Organisation, campaign: Campaign | None, on: date) -> list[Line]:
    shares, new = live.figures_by_group(rule, top, on), live.first_doses_by_group(rule, top, on)
    groups = KeyGroup.objects.filter(pk__in=shares.keys()).order_by("pk")
    return [
        Line(group.name, shares[group.pk], _target(campaign, group.pk, None), new.get(group.pk, 0), group=group)
        for group in groups
    ]


def _communities(top: Organisation, on: date) -> list[Organisation]:
    """The communities below, or the subdistricts where there are too many of them for one table."""
    below = Organisation.objects.filter(path__begins=top.path).exclude(closed_on__lte=on).exclude(pk=top.pk)
    communities = list(below.filter(kind=Kind.COMMUNITY).order_by("path")[: MOST + 1])
    return communities if len(communities) <= MOST else list(below.filter(kind=Kind.SUBDISTRICT).order_by("path"))


def places_of(top: Organisation, on: date) -> list[Organisation]:
    """The communities (or subdistricts) and bureaus below: the rows of a report's table."""
    bureaus = Organisation.objects.filter(path__begins=top.path, kind=Kind.BUREAU).exclude(closed_on__lte=on)
    return [*_communities(top, on), *bureaus.order_by("path")]


def _places(rule: Indicator, places: list[Organisation], campaign: Campaign | None, on: date) -> list[Line]:
    shares, new = live.figures_by_place(rule, places, on), live.first_doses_on(rule, places, on)
    plans = _plans(campaign, on)
    return [
        Line(
            place.name,
            shares[place.pk],
            _target(campaign, None, place.pk),
            new.get(place.pk, 0),
            plans.get(place.pk),
            place=place,
        )
        for place in places
        if shares[place.pk].of
    ]


def _bureaus(rule: Indicator, bureaus: list[Organisation], campaign: Campaign | None, at: datetime) -> list[Line]:
    on = timezone.localdate(at)
    shares, new = live.figures_by_place(rule, bureaus, on), live.first_doses_on(rule, bureaus, on)
    return [
        Line(
            bureau.name,
            shares[bureau.pk],
            _target(campaign, None, bureau.pk),
            new.get(bureau.pk, 0),
            place=bureau,
            silent=tuple(_silent(bureau, at)),
        )
        for bureau in bureaus
    ]


def _silent(bureau: Organisation, at: datetime) -> list[Organisation]:
    head_count = head_count_at(bureau, at)
    if head_count is None or not is_late(head_count, None, at):
        return []
    said = declarations_at(head_count, at)
    return [unit for unit in live.units_below(bureau, timezone.localdate(at)) if unit.pk not in said]


def _plans(campaign: Campaign | None, on: date) -> Mapping[int, int]:
    if campaign is None:
        return {}
    return dict(DayTarget.objects.filter(campaign=campaign, day=on).values_list("place_id", "doses"))


def _sites(rule: Indicator, top: Organisation, campaign: Campaign | None, on: date) -> list[Line]:
    """Sites below, with the doses of the indicator's vaccines given there today."""
    sites = list(
        Organisation.objects.filter(path__begins=top.path, kind=Kind.SITE).exclude(closed_on__lte=on).order_by("path")
    )
    given = doses_given([site.pk for site in sites], on, on, by=("site_id", "product_code"))
    today: dict[int, int] = {}
    for (site, code), doses in given.items():
        if code.startswith(rule.product_codes):
            today[site] = today.get(site, 0) + doses
    plans = _plans(campaign, on)
    return [Line(site.name, None, None, today.get(site.pk, 0), plans.get(site.pk), place=site) for site in sites]


def _alarms(top: Organisation, campaign: Campaign | None, at: datetime) -> list[Alarm]:
    reactions = Reaction.objects.filter(visit__session__site__path__begins=top.path, closed_at=None).count()
    late = Task.objects.filter(campaign=campaign, state__in=OPEN_STATES, due_at__lt=at).count() if campaign else 0
    forms = len(late_forms(top.path, timezone.localdate(at)))
    check = FigureCheck.objects.first()
    found = [
        Alarm(reactions, "reactions", "observation:room"),
        Alarm(sum(clock.is_late for clock in clocks_below(top.path, at)), "clocks", "safety:home"),
        Alarm(late, "tasks", "campaign:tasks", campaign.pk if campaign else None),
        Alarm(forms, "forms", "forms:home"),
        Alarm(check.differences if check else 0, "figures", "command_room:check"),
    ]
    return [alarm for alarm in found if alarm.count]
