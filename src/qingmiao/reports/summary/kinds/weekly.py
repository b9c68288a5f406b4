"""The weekly report of a campaign: what the seven days brought, against the week before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy

from qingmiao.reports.models import Compilation, SummaryText
from qingmiao.reports.queries.campaigns import campaign_of, rule_at
from qingmiao.reports.queries.doses import sites_below
from qingmiao.reports.rules import Share, points_text
from qingmiao.reports.summary.fields import Field
from qingmiao.reports.summary.kinds import Facts, Kind
from qingmiao.reports.summary.kinds.subdistrict import (
    chart,
    days,
    meetings,
    names,
    printed,
    progress,
    publicity,
    reached,
    said,
)
from qingmiao.staff.models import Organisation


def count(place: Organisation, since: date, until: date, at: datetime) -> Facts:
    """The facts of the days from `since` to `until`, beside how it stood on the evening before."""
    campaign = campaign_of(place)
    rule = rule_at(place)
    now, before = progress(rule, place, until), progress(rule, place, since - timedelta(days=1))
    earlier = {row["name"]: row["done"] for row in before["by_place"]}
    rows = [row | {"added": row["done"] - earlier.get(row["name"], 0)} for row in now["by_place"]]
    return {
        "campaign": campaign.title if campaign else str(rule.title),
        **meetings(campaign, since, until, at),
        **publicity(campaign, since, until),
        **days(rule, sites_below(place), since, until),
        **now,
        "by_place": rows,
        "before": {"done": before["done"], "of": before["of"]},
        "added": now["done"] - before["done"],
    }


def words(compilation: Compilation) -> Facts:
    """What the page prints of the facts."""
    facts = compilation.facts
    now, before = Share(facts["done"], facts["of"]), Share(facts["before"]["done"], facts["before"]["of"])
    return {
        "reached": reached(facts),
        "rate": now.text(),
        "points": points_text(now, before),
        "by_place": printed(facts["by_place"]),
    }


FIELDS = (
    Field(
        "dispatch",
        gettext_lazy("2. Meetings"),
        gettext_lazy("Meetings"),
        gettext_lazy("Optional. What mattered most."),
        is_needed=False,
    ),
    Field(
        "publicity",
        gettext_lazy("3. Publicity"),
        gettext_lazy("Publicity and doubts"),
        gettext_lazy("Optional."),
        is_needed=False,
    ),
    Field("problems", gettext_lazy("Closing"), gettext_lazy("Problems"), gettext_lazy("What still stands in the way.")),
    Field(
        "next",
        gettext_lazy("Closing"),
        gettext_lazy("Next week"),
        gettext_lazy("A sentence from the figures is filled in; change it as you need."),
    ),
)
KIND = Kind("weekly", SummaryText.Kind.WEEKLY.label, FIELDS, count, names, words, chart, said)
