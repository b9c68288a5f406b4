"""A product that may be given: what it counts as, what it replaces, what to ask first and to avoid afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from qingmiao.engine.desk.advice import advice_on
from qingmiao.engine.desk.answers import Offer
from qingmiao.engine.desk.desk import Desk, later
from qingmiao.engine.rules.messages import Said
from qingmiao.engine.rules.products import Family
from qingmiao.engine.rules.sources import cited
from qingmiao.engine.rules.values import Source
from qingmiao.engine.verdicts import Line


def offer_of(desk: Desk, family: str, counted: list[Line]) -> Offer:
    product = desk.book.products.families[family]
    groups = [line["series"] for line in counted]
    plain = tuple(line["next"]["product"] for line in map(desk.series, groups) if line["next"])
    replaces = tuple(name for name in plain if name != family)
    said = [_may_be_given(desk, family, line) for line in counted]
    said += [said for group in groups for said in _first_ask(desk, family, group)]
    said += [one for line in counted if (one := advice_on(desk, line["series"]))]
    said += _afterwards(desk, family)
    if replaces:
        said.append(_replaces(desk, product, replaces))
    return Offer(
        product=family,
        codes=desk.book.products.codes((family,)),
        name=product.title,
        counts_as=tuple((line["series"], line["counts_as"]["series"], line["counts_as"]["dose"]) for line in counted),
        is_overdue=any(desk.series(group)["status"] == "overdue" for group in groups),
        programme=desk.rule(groups[0]).programme,
        amount=product.amount,
        site=None,
        replaces=replaces,
        said=tuple(said),
    )


def _may_be_given(desk: Desk, family: str, line: Line) -> Said:
    group, due = line["series"], desk.series(line["series"])
    rule_id = str(due.get("rule") or line.get("rule") or "")
    earliest = due["next"]["earliest"] if due["next"] else desk.on.isoformat()
    return desk.say(
        "may_be_given",
        desk.cite(rule_id),
        product=desk.family_name(family),
        series=desk.rule(group).title,
        dose=line["counts_as"]["dose"],
        earliest=earliest,
    )


def _replaces(desk: Desk, product: Family, replaces: tuple[str, ...]) -> Said:
    """What the product stands for, by the text that says what it holds and how it is given."""
    names = [desk.family_name(one) for one in replaces]
    text = {"zh": "、".join(name["zh"] for name in names), "en": " and ".join(name["en"] for name in names)}
    source = Source(product.reference, product.confidence)
    cite = cited(desk.book, f"cn.vaccines.{product.name}", source, desk.on)
    return desk.say("replaces", cite, product=product.title, text=text)


def _afterwards(desk: Desk, family: str) -> Iterator[Said]:
    """What to avoid after the product, and until when."""
    for one in desk.book.interactions.afterwards:
        if family in one.families:
            until = later(desk.on, one.unit, one.value).isoformat()
            cite = cited(desk.book, "cn.interactions.after_the_vaccine", one.source, desk.on)
            yield desk.say("afterwards", cite, product=desk.family_name(family), text=one.text, latest=until)


def _first_ask(desk: Desk, family: str, group: str) -> Iterator[Said]:
    """What must be known before the product, such as a negative PPD for BCG from 3 months."""
    for ask in desk.rule(group).asks:
        if ask.if_fact and desk.states(ask.if_fact) != "yes":
            continue
        if desk.is_aged(ask.from_age) and desk.states(ask.fact) != "yes":
            cite = cited(desk.book, f"{desk.rule(group).rule_id}.{ask.fact}", ask.source, desk.on)
            yield desk.say("ask_first", cite, product=desk.family_name(family), text=ask.title)
