"""Whom a message of a kind goes to now, and about which day. One child gets at most one of a kind about one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from qingmiao.outreach.actions.messages import About, plan_messages
from qingmiao.outreach.models import Message
from qingmiao.outreach.queries.lists import Kind, Wanted, due_doses
from qingmiao.outreach.queries.messages import expected_soon, owed_by
from qingmiao.outreach.rules import rule_file
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor

LISTS = {Message.Kind.DUE: (Kind.MONTH,), Message.Kind.MISSED: (Kind.OVERDUE, Kind.MISSED)}


def about_whom(kind: str, people: QuerySet[Person], on: date) -> Mapping[date, list[About]]:
    """Reminders by the agreed day; what is due or was missed, by the month: whoever plans again adds nobody twice."""
    if kind == Message.Kind.REMINDER:
        soon: dict[date, list[About]] = defaultdict(list)
        for call in expected_soon(people, on).select_related("person"):
            soon[call.until or on].append(About(call.person, owed_by(call.person, on)))
        return soon
    doses: dict[Person, list[tuple[str, int]]] = defaultdict(list)
    for wanted in LISTS[Message.Kind(kind)]:
        for row in due_doses(people, Wanted(wanted), on).select_related("person"):
            doses[row.person].append((row.series, row.dose_number))
    return {on.replace(day=1): [About(person, tuple(rows)) for person, rows in doses.items()]}


def plan_tonight(by: Actor, at: datetime) -> int:
    """Plan what the rules have planned every night, for every child on record; how many messages came to wait."""
    nightly, on, before = rule_file("messages")["nightly"], timezone.localdate(at), Message.objects.count()
    people = by.visible("registry.see_person", Person)
    for kind in nightly["kinds"]:
        for day, about in about_whom(kind, people, on).items():
            plan_messages(by=by, kind=kind, about=about, for_day=day, channel=nightly["channel"], at=at)
    return Message.objects.count() - before
