"""What may be given now: the question a nurse asks at the desk.

Nothing is judged twice: each candidate product is put to the kernel as a dose given today, beside the
person's history, and what the kernel says of that dose is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qingmiao.engine.desk.answers import Offer, Refusal, Site, Today
from qingmiao.engine.desk.desk import Desk, desk_of
from qingmiao.engine.desk.offers import offer_of
from qingmiao.engine.desk.refusals import near_covid, once, refusal, stop_of, stopped_groups, why_not
from qingmiao.engine.desk.sites import with_sites
from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.messages import Said
from qingmiao.engine.rules.sources import cited
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Line, Person, doses_of

__all__ = ["Offer", "Refusal", "Site", "Today", "today"]
OWED = ("overdue", "due", "due_later")


def today(ruleset: Ruleset, book: RuleBook, person: Person, *, name: dict[str, str] | None = None) -> Today:
    """Which products may be given to `person` on `person.on`, which not and until when, and what must be asked.

    `name` is how the person is called in each language; without it the texts say "this person". A
    missing birth date leaves every group unknown. Source: the rule book; each text names its rule.
    """
    desk = desk_of(ruleset, book, person, name)
    families = tuple(dict.fromkeys(_candidates(desk)))
    codes = [_code(desk, family) for family in families]
    trials = doses_of(ruleset, [_with(desk, code) for code in codes], codes) if codes else []
    found = [_judged(desk, family, trial) for family, trial in zip(families, trials, strict=True)]
    offers = [one for one in found if isinstance(one, Offer)]
    refusals = [*stopped_groups(desk), *(one for one in found if isinstance(one, Refusal))]
    placed = with_sites(desk, _ordered(offers))
    return Today(
        desk.on,
        ruleset.version,
        tuple(placed),
        tuple(once(refusals)),
        tuple(_asked(desk)),
        tuple(_harmless(desk)),
        desk.verdict,
    )


def _candidates(desk: Desk) -> Iterator[str]:
    """Families to try: what each group would have next, then combinations and substitutes that count for it."""
    owed = [line for line in desk.verdict["series"] if line["status"] in OWED]
    yield from (line["next"]["product"] for line in owed if line["next"]["product"])
    groups = {line["series"] for line in owed if line["status"] != "due_later"}
    for vaccine in desk.ruleset.tables.vaccines:
        product = desk.book.products.by_code[vaccine.code]
        in_use = product.table == "national" and product.use in ("programme", "substitute")
        if in_use and groups & {association.antigen for association in vaccine.associations}:
            yield product.family


def _code(desk: Desk, family: str) -> str:
    products = [desk.book.products.by_code[code] for code in desk.book.products.codes((family,))]
    return min(products, key=lambda product: product.table != "national").code


def _with(desk: Desk, code: str) -> Person:
    return replace(desk.person, doses=(*desk.person.doses, (desk.on, code, None)))


def _judged(desk: Desk, family: str, trial: list[Line]) -> Offer | Refusal | None:
    number = len(desk.person.doses) + 1
    judged = [line for line in trial if line["n"] == number]
    counted = [line for line in judged if line["counts_as"]]
    refused = [line for line in judged if line["status"] == "invalid"]
    if not judged:
        return None
    stop = stop_of(desk, family, [line["series"] for line in judged])
    if stop:
        return refusal(desk, family, stop[0], None, (stop[1],))
    near = near_covid(desk, family)
    if near:
        return refusal(desk, family, judged[0]["series"], near[0], (near[1],))
    early = [line for line in counted if _is_early(desk, family, line)]
    if early:
        return why_not(
            desk, family, [line | {"status": "invalid", "reason": _early_reason(desk, line)} for line in early]
        )
    if counted and not refused and not _is_out_of_turn(desk, family, counted):
        return offer_of(desk, family, counted)
    return why_not(desk, family, refused or judged)


def _is_early(desk: Desk, family: str, line: Line) -> bool:
    """A dose that would count, should it have been given, but that is not to be given before its day."""
    due = desk.series(line["series"])
    return due["status"] == "due_later" and bool(due["next"]) and due["next"]["product"] == family


def _early_reason(desk: Desk, line: Line) -> str:
    rule_id = str(desk.series(line["series"]).get("rule") or "")
    return "interval_too_short" if rule_id.endswith(".gap") else "too_young"


def _is_out_of_turn(desk: Desk, family: str, counted: list[Line]) -> bool:
    """A programme product when another one of the same path is next: oral before inactivated polio vaccine."""
    if desk.book.products.by_code[_code(desk, family)].use != "programme":
        return False
    for line in counted:
        due = desk.series(line["series"])
        path = f".{_path_of(desk, line)}."
        if due["next"] and due["next"]["product"] != family and path in f"{due.get('series_name')}.":
            return True
    return False


def _path_of(desk: Desk, line: Line) -> str:
    """The path in which the kernel counted a dose."""
    paths = desk.rule(line["series"]).paths
    return next((path.name for path in paths if path.verdict_series == line["counts_as"]["series"]), paths[0].name)


def _asked(desk: Desk) -> Iterator[Said]:
    titles = {fact.code: fact.title for fact in desk.book.facts.facts}
    titles |= {"sex": {"zh": "性别", "en": "sex"}, "birth_date": {"zh": "出生日期", "en": "birth date"}}
    for line in desk.verdict["series"]:
        for fact in line.get("asks_for") or () if line["status"] == "unknown" else ():
            title = titles.get(fact, {"zh": fact, "en": fact})
            yield desk.say("unknown", None, series=desk.rule(line["series"]).title, text=title)


def _harmless(desk: Desk) -> Iterator[Said]:
    for fact, title, source in desk.book.facts.harmless:
        if desk.states(fact) == "yes":
            yield desk.say("harmless", cited(desk.book, f"cn.facts.{fact}", source, desk.on), text=title)


def _ordered(offers: list[Offer]) -> list[Offer]:
    """MMR first when one visit cannot take everything (2021 text), then the programme, then what is overdue."""
    return sorted(
        offers,
        key=lambda offer: (
            offer.product != "MMR",
            offer.programme == "self_paid",
            bool(offer.replaces),
            not offer.is_overdue,
        ),
    )
