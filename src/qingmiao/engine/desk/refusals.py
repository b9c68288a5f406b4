"""A product that may not be given: why, by which rule, and from when it may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from qingmiao.engine.china.facts import ALLERGY
from qingmiao.engine.desk.advice import advice_on
from qingmiao.engine.desk.answers import Refusal
from qingmiao.engine.desk.desk import Desk
from qingmiao.engine.rules.messages import Said
from qingmiao.engine.rules.series import GroupRule, Stop
from qingmiao.engine.rules.sources import cited
from qingmiao.engine.verdicts import Line


def why_not(desk: Desk, family: str, judged: list[Line]) -> Refusal:
    """Why the dose would not count or is not the one to give, and from when it would."""
    lines = [line for line in judged if line["status"] == "invalid"] or judged
    said: list[Said] = []
    days: list[date] = []
    for line in lines:
        group, due = line["series"], desk.series(line["series"])["next"]
        until = date.fromisoformat(due["earliest"]) if due and due["earliest"] else None
        reason = line["reason"] or "wrong_product"
        if until and until > desk.on and reason in ("too_young", "interval_too_short", "live_conflict"):
            days.append(until)
        said.append(_why(desk, family, line, reason))
        advice = advice_on(desk, group)
        said += [advice] if advice else []
    return refusal(desk, family, lines[0]["series"], max(days, default=None), tuple(said))


def _why(desk: Desk, family: str, line: Line, reason: str) -> Said:
    group, due = line["series"], desk.series(line["series"])["next"]
    rule_id = "cn.interactions.live_gap" if reason == "live_conflict" else str(line.get("rule") or "")
    if reason == "wrong_product":
        rule_id = str(desk.series(group).get("rule") or "")
    other = _last_live(desk) if reason == "live_conflict" else None
    return desk.say(
        reason if reason in desk.words.messages else "wrong_product",
        desk.cite(rule_id),
        product=desk.family_name(family),
        series=desk.rule(group).title,
        dose=due["dose"] if due else "",
        earliest=due["earliest"] if due else "",
        text=desk.family_name(due["product"]) if due and due["product"] else desk.rule(group).title,
        other=desk.family_name(other[1]) if other else "",
        given_on=other[0].isoformat() if other else "",
    )


def stop_of(desk: Desk, family: str, groups: list[str]) -> tuple[str, Said] | None:
    """A contraindication of the product itself, with the product to use instead, or of a group it would count for:
    a combination is stopped with any of its parts."""
    for group in groups:
        rule = desk.rule(group)
        whole = _said_of_group(desk, rule, family)
        if whole:
            return group, whole
        for stop in _stated(desk, tuple(one for one in rule.contraindicated if family in one.products)):
            due = desk.series(group)["next"]
            other = desk.family_name(due["product"]) if due and due["product"] else rule.title
            cite = cited(desk.book, f"{rule.rule_id}.{stop.fact}", stop.source, desk.on)
            words = {"product": desk.family_name(family), "text": stop.title, "other": other}
            return group, desk.say("use_other_product", cite, **words)
    return None


def stopped_groups(desk: Desk) -> Iterator[Refusal]:
    """Groups contraindicated as a whole, with the products of a group stopped in favour of another."""
    for line in desk.verdict["series"]:
        rule = desk.rule(line["series"])
        if line["status"] == "contraindicated":
            family = rule.counts[0].products[0]
            said = _said_of_group(desk, rule, family)
            yield refusal(desk, family, rule.group, None, (said,) if said else ())
        elif line["status"] in ("due", "overdue"):
            named = {family for stop in _stated(desk, rule.contraindicated) for family in stop.products}
            for family in sorted(named):
                stop = stop_of(desk, family, [rule.group])
                if stop:
                    yield refusal(desk, family, rule.group, None, (stop[1],))


def _said_of_group(desk: Desk, rule: GroupRule, family: str) -> Said | None:
    """What stops every product that counts for the group; None when nothing does."""
    stop = next(_stated(desk, tuple(one for one in rule.contraindicated if not one.products)), None)
    facts = desk.book.facts
    if stop:
        cite, title = cited(desk.book, f"{rule.rule_id}.{stop.fact}", stop.source, desk.on), stop.title
    elif desk.states(f"{ALLERGY}{rule.group}") == "yes":
        cite, title = cited(desk.book, "cn.facts.allergy", facts.allergy_source, desk.on), facts.allergy_title
    else:
        return None
    return desk.say("contraindicated", cite, product=desk.family_name(family), text=title)


def near_covid(desk: Desk, family: str) -> tuple[date, Said] | None:
    """The gap between COVID-19 vaccines and all others while it was practised."""
    apart = desk.book.interactions.apart
    entry = apart.gap.written_on(desk.on)
    if entry is None or entry.value is None or family in apart.except_families:
        return None
    for given_on, other in reversed(_families_given(desk)):
        free = given_on + timedelta(days=entry.value)
        concerned = (family in apart.families) != (other in apart.families) and other not in apart.except_families
        if concerned and given_on < desk.on < free:
            cite = cited(desk.book, "cn.interactions.covid19_apart", entry.source, desk.on)
            words = {"other": desk.family_name(other), "given_on": given_on.isoformat(), "earliest": free.isoformat()}
            return free, desk.say("apart_from_covid", cite, product=desk.family_name(family), **words)
    return None


def refusal(desk: Desk, family: str, group: str, until: date | None, said: tuple[Said, ...]) -> Refusal:
    return Refusal(family, desk.family_name(family), group, until, said)


def _stated(desk: Desk, stops: tuple[Stop, ...]) -> Iterator[Stop]:
    return (stop for stop in stops if desk.states(stop.fact) == "yes" and desk.is_aged(stop.from_age))


def _families_given(desk: Desk) -> list[tuple[date, str]]:
    known = desk.book.products.by_code
    return sorted((day, known[code].family) for day, code, _ in desk.person.doses if code in known)


def _last_live(desk: Desk) -> tuple[date, str] | None:
    """The latest injected live vaccine before today."""
    routes = desk.book.interactions.live_routes
    known = desk.book.products.by_code
    live = [
        (day, known[code].family)
        for day, code, _ in desk.person.doses
        if code in known and known[code].live == "live" and known[code].route in routes and day < desk.on
    ]
    return max(live, default=None)


def once(refusals: list[Refusal]) -> Iterator[Refusal]:
    seen = set()
    for one in refusals:
        if (one.product, one.group) not in seen:
            seen.add((one.product, one.group))
            yield one
