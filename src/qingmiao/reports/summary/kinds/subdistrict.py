"""A subdistrict's campaign (report A): organisation, meetings, publicity, the sites, first doses of key groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingmiao.campaign.models import Activity, Campaign, Duty, Meeting, Point, Rumour, Task
from qingmiao.clinic.models import Observation
from qingmiao.registry.models import KeyGroup
from qingmiao.reports.indicators import Indicator, indicator
from qingmiao.reports.language import enumerated
from qingmiao.reports.models import Compilation, SummaryText
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import campaign_of, rule_at
from qingmiao.reports.queries.doses import doses_given, sites_below
from qingmiao.reports.queries.head import places_of
from qingmiao.reports.rules import Share
from qingmiao.reports.summary.chart import columns_chart
from qingmiao.reports.summary.fields import Field
from qingmiao.reports.summary.kinds import Facts, Kind, Named
from qingmiao.safety.models import Case, Pairing
from qingmiao.staff.models import Organisation


def count(place: Organisation, since: date, until: date, at: datetime) -> Facts:
    """The facts of a subdistrict's report from `since` to `until`."""
    campaign = campaign_of(place)
    rule = rule_at(place)
    sites = sites_below(place)
    return {
        "campaign": campaign.title if campaign else str(rule.title),
        **organisation(campaign),
        **meetings(campaign, since, until, at),
        **publicity(campaign, since, until),
        **days(rule, sites, since, until),
        **_after_the_dose(sites, since, until),
        **progress(rule, place, until),
        "by_group": _by_group(rule, place, until),
    }


def organisation(campaign: Campaign | None) -> Facts:
    """The leading group and the working groups that are not closed."""
    if campaign is None:
        return {"leading": "", "groups": 0, "group_names": [], "members": 0, "duties": 0}
    groups = list(campaign.groups.filter(closed_on=None).order_by("position", "pk"))
    working = [group for group in groups if not group.is_leading]
    return {
        "leading": next((group.name for group in groups if group.is_leading), ""),
        "groups": len(working),
        "group_names": [group.name for group in working],
        "members": campaign.member_units.filter(valid_until=None).count(),
        "duties": Duty.objects.filter(group__in=groups).count(),
    }


def meetings(campaign: Campaign | None, since: date, until: date, at: datetime) -> Facts:
    """Meetings of the days, what they decided, and the tasks that were given."""
    held = Meeting.objects.filter(campaign=campaign, day__range=(since, until))
    tasks = Task.objects.filter(campaign=campaign, opened_at__date__range=(since, until))
    return {
        "meetings": held.count(),
        "decisions": Point.objects.filter(meeting__in=held, kind=Point.Kind.DECISION).count(),
        "tasks": tasks.exclude(state=Task.State.DROPPED).count(),
        "tasks_closed": tasks.filter(state=Task.State.CLOSED).count(),
        "tasks_late": tasks.filter(state__in=(Task.State.OPEN, Task.State.REPORTED), due_at__lt=at).count(),
    }


def publicity(campaign: Campaign | None, since: date, until: date) -> Facts:
    """What was done on every channel, and what was said against it."""
    done = Activity.objects.filter(campaign=campaign, at__date__range=(since, until))
    seen = Rumour.objects.filter(campaign=campaign, seen_at__date__range=(since, until))
    return {
        "activities": done.count(),
        "reach": done.aggregate(n=Sum("reach"))["n"] or 0,
        "rumours": seen.count(),
        "rumours_answered": seen.filter(answered_at__isnull=False).count(),
    }


def days(rule: Indicator, sites: list[int], since: date, until: date) -> Facts:
    """Doses of the campaign's vaccines by day."""
    given = doses_given(sites, since, until, by=("day", "site_id", "product_code"))
    mine = {key: doses for key, doses in given.items() if key[2].startswith(rule.product_codes)}
    by_day: dict[str, int] = {}
    for (day, _site, _code), doses in mine.items():
        by_day[day.isoformat()] = by_day.get(day.isoformat(), 0) + doses
    total = sum(by_day.values())
    return {
        "doses": total,
        "by_day": dict(sorted(by_day.items())),
        "days": len(by_day),
        "per_day": round(total / len(by_day)) if by_day else 0,
        "best": max(by_day.values(), default=0),
        "sites": len({site for _day, site, _code in mine}),
    }


def _after_the_dose(sites: list[int], since: date, until: date) -> Facts:
    observed = Observation.objects.filter(visit__session__site__in=sites, visit__session__day__range=(since, until))
    paired = Pairing.objects.filter(site__in=sites).filter(Q(ended_on=None) | Q(ended_on__gt=until))
    return {
        "observed": observed.filter(ending=Observation.Ending.RELEASED).count(),
        "left_early": observed.filter(left_at__isnull=False).count(),
        "hospital_names": sorted(set(paired.values_list("hospital", flat=True))),
        "hospitals": paired.count(),
        "reactions": Case.objects.filter(site__in=sites, found_at__date__range=(since, until))
        .exclude(state="dropped")
        .count(),
    }


def progress(rule: Indicator, place: Organisation, on: date) -> Facts:
    """How far the place is on a day, and its communities and bureaus."""
    share = live.figure_of(rule, place, on)
    places = places_of(place, on)
    shares = live.figures_by_place(rule, places, on)
    return {
        "rule": rule.rule,
        "done": share.done,
        "of": share.of,
        "by_place": [
            {"name": one.name, "done": shares[one.pk].done, "of": shares[one.pk].of}
            for one in places
            if shares[one.pk].of
        ],
    }


def _by_group(rule: Indicator, place: Organisation, on: date) -> list[dict[str, Any]]:
    shares = live.figures_by_group(rule, place, on)
    groups = KeyGroup.objects.filter(pk__in=shares.keys()).order_by("pk")
    return [{"name": group.name, "done": shares[group.pk].done, "of": shares[group.pk].of} for group in groups]


def names(facts: Facts) -> Mapping[str, Named]:
    """Titles and queries of the facts."""
    rule, campaign = facts["rule"], "campaign-1"
    return {
        "leading": Named(_("Leading group"), campaign),
        "groups": Named(_("Working groups"), campaign),
        "members": Named(_("Member units"), campaign),
        "duties": Named(_("Duties"), campaign),
        "meetings": Named(_("Meetings"), campaign),
        "decisions": Named(_("Decisions"), campaign),
        "tasks": Named(_("Tasks given"), campaign),
        "tasks_closed": Named(_("Tasks done"), campaign),
        "tasks_late": Named(_("Tasks that are late"), campaign),
        "activities": Named(_("Publicity activities"), campaign),
        "reach": Named(_("People reached"), campaign),
        "rumours": Named(_("Rumours seen"), campaign),
        "rumours_answered": Named(_("Rumours answered"), campaign),
        "sites": Named(_("Sites"), "reports.doses-1"),
        "doses": Named(_("Doses given"), "reports.doses-1"),
        "days": Named(_("Days with doses"), "reports.doses-1"),
        "per_day": Named(_("Doses a day"), "reports.doses-1"),
        "best": Named(_("Most doses on one day"), "reports.doses-1"),
        "observed": Named(_("Released after observation"), "clinic.observations-1"),
        "left_early": Named(_("Left early"), "clinic.observations-1"),
        "reactions": Named(_("Suspected reactions"), "safety.cases-1"),
        "of": Named(_("People on the ledger"), rule),
        "done": Named(_("Vaccinated"), rule),
        "rate": Named(_("Vaccination rate"), rule),
        "added": Named(_("More than a week before"), rule),
        "points": Named(_("Change in percentage points"), rule),
        "by_group": Named(_("Vaccinated by key group"), rule),
        "by_place": Named(_("Vaccinated by community and bureau"), rule),
    }


def words(compilation: Compilation) -> Facts:
    """What the page prints of the facts."""
    facts = compilation.facts
    return {
        "group_names": enumerated(facts["group_names"]),
        "hospital_names": enumerated(facts["hospital_names"]),
        "reached": reached(facts),
        "rate": Share(facts["done"], facts["of"]).text(),
        "by_group": printed(facts["by_group"]),
        "by_place": printed(facts["by_place"]),
    }


def reached(facts: Facts) -> str:
    """What the rule that counted the facts calls those above its line."""
    return str(indicator(facts["rule"].rpartition("-")[0]).reached)


def printed(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows of shares as a table prints them."""
    return [
        {
            "name": row["name"],
            "done": str(row["done"]),
            "of": str(row["of"]),
            "rate": Share(row["done"], row["of"]).text(),
            "added": f"{row['added']:+}" if "added" in row else "—",
        }
        for row in rows
    ]


def chart(facts: Facts) -> bytes | None:
    """Doses by day."""
    shown = [(day[5:], doses) for day, doses in facts["by_day"].items()][-31:]
    return columns_chart(shown, _("Doses")) if shown else None


def said(facts: Facts) -> Mapping[str, str]:
    """Sentences that the data can say for the office."""
    still_open = facts["of"] - facts["done"]
    if not still_open:
        return {}
    return {"next": _("Next, the {open} people who are not vaccinated yet will be brought in.").format(open=still_open)}


OPENING = gettext_lazy("Opening")
ONE, TWO, THREE = gettext_lazy("1. Organisation"), gettext_lazy("2. Publicity"), gettext_lazy("3. The sites")
END = gettext_lazy("Closing")
FIELDS = (
    Field(
        "basis",
        OPENING,
        gettext_lazy("What the work follows"),
        gettext_lazy("Whose instruction, with the document."),
        rows=2,
    ),
    Field("leadership", OPENING, gettext_lazy("Leadership"), gettext_lazy("Who took the lead, and how.")),
    Field("meeting", ONE, gettext_lazy("Meetings"), gettext_lazy("The first meeting: when, who chaired it, who came.")),
    Field(
        "publicity",
        TWO,
        gettext_lazy("Publicity and doubts"),
        gettext_lazy("How doubts and negative opinion were answered."),
    ),
    Field(
        "site", THREE, gettext_lazy("How the sites work"), gettext_lazy("Areas, consent, observation, signs, guidance.")
    ),
    Field(
        "logistics",
        END,
        gettext_lazy("Logistics"),
        gettext_lazy("Optional. Vaccine, supplies, cold chain, transport."),
        is_needed=False,
    ),
    Field(
        "staff",
        END,
        gettext_lazy("Staff"),
        gettext_lazy("Optional. Overtime and deeds that deserve to be named."),
        is_needed=False,
    ),
    Field(
        "problems",
        END,
        gettext_lazy("Problems"),
        gettext_lazy("Optional. What still stands in the way."),
        is_needed=False,
    ),
    Field(
        "next",
        END,
        gettext_lazy("Next steps"),
        gettext_lazy("A sentence from the figures is filled in; change it as you need."),
    ),
)
KIND = Kind("subdistrict", SummaryText.Kind.SUBDISTRICT.label, FIELDS, count, names, words, chart, said)
