"""What may be given now: the question a nurse asks at the desk.

Nothing is judged twice: each candidate product is put to the kernel as a dose given today, beside the
person's history, and what the kernel says of that dose is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from qingmiao.engine.calendar import day_number, day_of, plus
from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.messages import Catalogue, Said, catalogue
from qingmiao.engine.rules.series import DoseRule, GroupRule, Stop
from qingmiao.engine.rules.sources import Citation, citation, cited, quantities
from qingmiao.engine.rules.values import Age, Quantity
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Line, Person, doses_of, verdicts

OWED = ("overdue", "due", "due_later")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_INJECTED = ("deltoid", "thigh", "deltoid_lower_edge", "left_deltoid")
_ONE_YEAR = Age("year", 1)


@dataclass(frozen=True, slots=True)
class Site:
    """Where to give a product: a key of the rule book's sites, the side, and the name by language."""

    key: str
    side: str | None
    name: dict[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that may be given today, and what it would count as: (group, series, dose number)."""

    product: str
    codes: tuple[str, ...]
    name: dict[str, str]
    counts_as: tuple[tuple[str, str, int], ...]
    is_overdue: bool
    programme: str
    amount: str
    site: Site | None
    replaces: tuple[str, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A product that may not be given today; `until` is the first day on which it may, None if never or not known."""

    product: str
    name: dict[str, str]
    group: str
    until: date | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The answer for one person and day. `may` is ordered as a nurse would give; all of it may be given together,
    at the sites named, never in one syringe. `asks`: groups that cannot be judged before a fact is known.
    `notes`: facts that change nothing."""

    on: date
    ruleset: str
    may: tuple[Offer, ...]
    may_not: tuple[Refusal, ...]
    asks: tuple[Said, ...]
    notes: tuple[Said, ...]
    verdict: Line


@dataclass(frozen=True, slots=True)
class _Desk:
    ruleset: Ruleset
    book: RuleBook
    person: Person
    words: Catalogue
    texts: dict[str, tuple[Quantity, ...]]
    name: dict[str, str]
    verdict: Line

    @property
    def on(self) -> date:
        return self.person.on

    def series(self, group: str) -> Line:
        return next(line for line in self.verdict["series"] if line["series"] == group)

    def rule(self, group: str) -> GroupRule:
        return next(rule for rule in self.book.groups if rule.group == group)

    def family_name(self, family: str) -> dict[str, str]:
        found = self.book.products.families.get(family)
        return found.title if found else {"zh": family, "en": family}

    def cite(self, rule_id: str) -> Citation | None:
        return citation(self.book, self.texts.get(rule_id, ()), rule_id, self.on)

    def say(self, code: str, cite: Citation | None, **words: Any) -> Said:
        common = {"person": self.name, "on": self.on.isoformat(), "born": str(self.person.born_on)}
        return self.words.say(code, cite, common | words)

    def states(self, fact: str) -> str | None:
        return next((value for code, _, value in self.person.facts if code == fact), None)

    def is_aged(self, age: Age | None) -> bool:
        if age is None or self.person.born_on is None:
            return True
        return self.on >= _later(self.person.born_on, age.unit, age.value)


def _later(day: date, unit: str, value: int) -> date:
    found = day_of(plus(day_number(day), _MONTHS.get(unit, 0) * value, _DAYS.get(unit, 0) * value, 1))
    assert found is not None
    return found


def today(ruleset: Ruleset, book: RuleBook, person: Person, *, name: dict[str, str] | None = None) -> Today:
    """Which products may be given to `person` on `person.on`, which not and until when, and what must be asked.

    `name` is how the person is called in each language; without it the texts say "this person". A
    missing birth date leaves every group unknown. Source: the rule book; each text names its rule.
    """
    desk = _desk_of(ruleset, book, person, name)
    families = tuple(dict.fromkeys(_candidates(desk)))
    codes = [_code(desk, family) for family in families]
    trials = doses_of(ruleset, [_with(desk, code) for code in codes], codes) if codes else []
    found = [_judged(desk, family, trial) for family, trial in zip(families, trials, strict=True)]
    offers = [one for one in found if isinstance(one, Offer)]
    refusals = [*_stopped_groups(desk), *(one for one in found if isinstance(one, Refusal))]
    placed = _placed(desk, _ordered(offers))
    return Today(
        desk.on,
        ruleset.version,
        tuple(placed),
        tuple(_once(refusals)),
        tuple(_asked(desk)),
        tuple(_harmless(desk)),
        desk.verdict,
    )


def _desk_of(ruleset: Ruleset, book: RuleBook, person: Person, name: dict[str, str] | None) -> _Desk:
    words = catalogue()
    verdict = verdicts(ruleset, [person], compiled=False)[0]
    return _Desk(ruleset, book, person, words, quantities(book), name or words.someone, verdict)


def _once(refusals: list[Refusal]) -> Iterator[Refusal]:
    seen = set()
    for one in refusals:
        if (one.product, one.group) not in seen:
            seen.add((one.product, one.group))
            yield one


def _candidates(desk: _Desk) -> Iterator[str]:
    """Families to try: what each group would have next, then combinations and substitutes that count for it."""
    owed = [line for line in desk.verdict["series"] if line["status"] in OWED]
    yield from (line["next"]["product"] for line in owed if line["next"]["product"])
    groups = {line["series"] for line in owed if line["status"] != "due_later"}
    for vaccine in desk.ruleset.tables.vaccines:
        product = desk.book.products.by_code[vaccine.code]
        in_use = product.table == "national" and product.use in ("programme", "substitute")
        if in_use and groups & {association.antigen for association in vaccine.associations}:
            yield product.family


def _code(desk: _Desk, family: str) -> str:
    products = [desk.book.products.by_code[code] for code in desk.book.products.codes((family,))]
    return min(products, key=lambda product: product.table != "national").code


def _with(desk: _Desk, code: str) -> Person:
    return replace(desk.person, doses=(*desk.person.doses, (desk.on, code, None)))


def _judged(desk: _Desk, family: str, trial: list[Line]) -> Offer | Refusal | None:
    number = len(desk.person.doses) + 1
    judged = [line for line in trial if line["n"] == number]
    counted = [line for line in judged if line["counts_as"]]
    refused = [line for line in judged if line["status"] == "invalid"]
    if not judged:
        return None
    stop = _stop_of(desk, family, [line["series"] for line in judged])
    if stop:
        return _refusal(desk, family, stop[0], None, (stop[1],))
    near = _near_covid(desk, family)
    if near:
        return _refusal(desk, family, judged[0]["series"], near[0], (near[1],))
    early = [line for line in counted if _is_early(desk, family, line)]
    if early:
        return _refused(
            desk, family, [line | {"status": "invalid", "reason": _early_reason(desk, line)} for line in early]
        )
    if counted and not refused and not _is_out_of_turn(desk, family, counted):
        return _offer(desk, family, counted)
    return _refused(desk, family, refused or judged)


def _is_early(desk: _Desk, family: str, line: Line) -> bool:
    """A dose that would count, should it have been given, but that is not to be given before its day."""
    due = desk.series(line["series"])
    return due["status"] == "due_later" and bool(due["next"]) and due["next"]["product"] == family


def _early_reason(desk: _Desk, line: Line) -> str:
    rule_id = str(desk.series(line["series"]).get("rule") or "")
    return "interval_too_short" if rule_id.endswith(".gap") else "too_young"


def _is_out_of_turn(desk: _Desk, family: str, counted: list[Line]) -> bool:
    """A programme product when another one of the same path is next: oral before inactivated polio vaccine."""
    if desk.book.products.by_code[_code(desk, family)].use != "programme":
        return False
    for line in counted:
        due = desk.series(line["series"])
        path = f".{_path_of(desk, line)}."
        if due["next"] and due["next"]["product"] != family and path in f"{due.get('series_name')}.":
            return True
    return False


def _path_of(desk: _Desk, line: Line) -> str:
    """The path in which the kernel counted a dose."""
    paths = desk.rule(line["series"]).paths
    return next((path.name for path in paths if path.verdict_series == line["counts_as"]["series"]), paths[0].name)


def _offer(desk: _Desk, family: str, counted: list[Line]) -> Offer:
    product = desk.book.products.families[family]
    groups = [line["series"] for line in counted]
    plain = tuple(line["next"]["product"] for line in map(desk.series, groups) if line["next"])
    replaces = tuple(name for name in plain if name != family)
    said = [_may_be_given(desk, family, line) for line in counted]
    said += [said for group in groups for said in _first_ask(desk, family, group)]
    said += [one for line in counted if (one := _advice(desk, line["series"]))]
    said += _afterwards(desk, family)
    if replaces:
        names = {language: "、".join(desk.family_name(one)[language] for one in replaces) for language in ("zh", "en")}
        said.append(desk.say("replaces", None, product=product.title, text=names))
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


def _may_be_given(desk: _Desk, family: str, line: Line) -> Said:
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


def _afterwards(desk: _Desk, family: str) -> Iterator[Said]:
    """What to avoid after the product, and until when."""
    for one in desk.book.interactions.afterwards:
        if family in one.families:
            until = _later(desk.on, one.unit, one.value).isoformat()
            cite = cited(desk.book, "cn.interactions.after_the_vaccine", one.source, desk.on)
            yield desk.say("afterwards", cite, product=desk.family_name(family), text=one.text, latest=until)


def _first_ask(desk: _Desk, family: str, group: str) -> Iterator[Said]:
    """What must be known before the product, such as a negative PPD for BCG from 3 months."""
    for ask in desk.rule(group).asks:
        if ask.if_fact and desk.states(ask.if_fact) != "yes":
            continue
        if desk.is_aged(ask.from_age) and desk.states(ask.fact) != "yes":
            cite = cited(desk.book, f"{desk.rule(group).rule_id}.{ask.fact}", ask.source, desk.on)
            yield desk.say("ask_first", cite, product=desk.family_name(family), text=ask.title)


def _dose_rule(desk: _Desk, group: str) -> DoseRule | None:
    """The rule of the dose that a group would have next."""
    due = desk.series(group)
    wanted = str(due.get("rule") or "").removesuffix(".gap")
    doses = [dose for path in desk.rule(group).paths for dose in path.doses]
    return next((dose for dose in doses if dose.rule_id == wanted), None)


def _advised(desk: _Desk, group: str) -> tuple[date, date, Citation] | None:
    """By when the next dose is advised, the day it counts from, and the text."""
    dose = _dose_rule(desk, group)
    for gap in dose.gaps if dose else ():
        entry = gap.advised_maximum.written_on(desk.on) if gap.advised_maximum else None
        given = _given_on(desk, group, gap.after[1]) if gap.after[0] == "dose" else None
        if dose and gap.advised_maximum and entry and entry.value is not None and given:
            latest = _later(given, gap.advised_maximum.unit, entry.value)
            return latest, given, cited(desk.book, f"{dose.rule_id}.gap", entry.source, desk.on)
    return None


def _advice(desk: _Desk, group: str) -> Said | None:
    found = _advised(desk, group)
    if found is None or not desk.series(group)["next"]:
        return None
    return desk.say(
        "advised_by",
        found[2],
        series=desk.rule(group).title,
        dose=desk.series(group)["next"]["dose"],
        latest=found[0].isoformat(),
        given_on=found[1].isoformat(),
    )


def _given_on(desk: _Desk, group: str, number: object) -> date | None:
    for line in desk.verdict["doses"]:
        if line["series"] == group and line["counts_as"] and line["counts_as"]["dose"] == number:
            given_on: date = desk.person.doses[line["n"] - 1][0]
            return given_on
    return None


def _stated(desk: _Desk, stops: tuple[Stop, ...]) -> Iterator[Stop]:
    return (stop for stop in stops if desk.states(stop.fact) == "yes" and desk.is_aged(stop.from_age))


def _stop_of(desk: _Desk, family: str, groups: list[str]) -> tuple[str, Said] | None:
    """A contraindication of the product itself, with the product to use instead."""
    for group in groups:
        rule = desk.rule(group)
        for stop in _stated(desk, tuple(one for one in rule.contraindicated if family in one.products)):
            due = desk.series(group)["next"]
            other = desk.family_name(due["product"]) if due and due["product"] else rule.title
            cite = cited(desk.book, f"{rule.rule_id}.{stop.fact}", stop.source, desk.on)
            words = {"product": desk.family_name(family), "text": stop.title, "other": other}
            return group, desk.say("use_other_product", cite, **words)
    return None


def _stopped_groups(desk: _Desk) -> Iterator[Refusal]:
    """Groups contraindicated as a whole, with the products of a group stopped in favour of another."""
    for line in desk.verdict["series"]:
        rule = desk.rule(line["series"])
        if line["status"] == "contraindicated":
            yield _contraindicated(desk, rule)
        elif line["status"] in ("due", "overdue"):
            named = {family for stop in _stated(desk, rule.contraindicated) for family in stop.products}
            for family in sorted(named):
                stop = _stop_of(desk, family, [rule.group])
                if stop:
                    yield _refusal(desk, family, rule.group, None, (stop[1],))


def _contraindicated(desk: _Desk, rule: GroupRule) -> Refusal:
    stop = next(_stated(desk, tuple(one for one in rule.contraindicated if not one.products)), None)
    facts = desk.book.facts
    title, source = (stop.title, stop.source) if stop else (facts.allergy_title, facts.allergy_source)
    rule_id = f"{rule.rule_id}.{stop.fact}" if stop else "cn.facts.allergy"
    cite = cited(desk.book, rule_id, source, desk.on)
    family = rule.counts[0].products[0]
    said = desk.say("contraindicated", cite, product=desk.family_name(family), text=title)
    return _refusal(desk, family, rule.group, None, (said,))


def _refusal(desk: _Desk, family: str, group: str, until: date | None, said: tuple[Said, ...]) -> Refusal:
    return Refusal(family, desk.family_name(family), group, until, said)


def _refused(desk: _Desk, family: str, judged: list[Line]) -> Refusal:
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
        advice = _advice(desk, group)
        said += [advice] if advice else []
    return _refusal(desk, family, lines[0]["series"], max(days, default=None), tuple(said))


def _why(desk: _Desk, family: str, line: Line, reason: str) -> Said:
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


def _families_given(desk: _Desk) -> list[tuple[date, str]]:
    known = desk.book.products.by_code
    return sorted((day, known[code].family) for day, code, _ in desk.person.doses if code in known)


def _last_live(desk: _Desk) -> tuple[date, str] | None:
    """The latest injected live vaccine before today."""
    routes = desk.book.interactions.live_routes
    known = desk.book.products.by_code
    live = [
        (day, known[code].family)
        for day, code, _ in desk.person.doses
        if code in known and known[code].live == "live" and known[code].route in routes and day < desk.on
    ]
    return max(live, default=None)


def _near_covid(desk: _Desk, family: str) -> tuple[date, Said] | None:
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


def _asked(desk: _Desk) -> Iterator[Said]:
    titles = {fact.code: fact.title for fact in desk.book.facts.facts}
    titles |= {"sex": {"zh": "性别", "en": "sex"}, "birth_date": {"zh": "出生日期", "en": "birth date"}}
    for line in desk.verdict["series"]:
        for fact in line.get("asks_for") or () if line["status"] == "unknown" else ():
            title = titles.get(fact, {"zh": fact, "en": fact})
            yield desk.say("unknown", None, series=desk.rule(line["series"]).title, text=title)


def _harmless(desk: _Desk) -> Iterator[Said]:
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


def _placed(desk: _Desk, offers: list[Offer]) -> Iterator[Offer]:
    """Sites so that no two injections share one, as long as there are sites; combinations are alternatives."""
    taken: list[tuple[str, str]] = []
    for offer in offers:
        site = _site(desk, offer.product, taken if not offer.replaces else [])
        if site and site.side and not offer.replaces:
            taken.append((_limb(site.key), site.side))
        yield replace(offer, site=site)


def _limb(site: str) -> str:
    return "thigh" if site == "thigh" else "arm"


def _site(desk: _Desk, family: str, taken: list[tuple[str, str]]) -> Site | None:
    known = desk.book.products
    keys = known.families[family].sites
    if not desk.is_aged(_ONE_YEAR) or "thigh" not in keys:
        choices = keys
    else:
        choices = (*(key for key in keys if key != "thigh"), "thigh")
    sided = [(key, side) for key in choices for side in (("left",) if key == "left_deltoid" else ("left", "right"))]
    if choices[0] not in _INJECTED:
        return Site(choices[0], None, known.sites[choices[0]])
    free = [(key, side) for key, side in sided if (_limb(key), side) not in taken]
    key, side = (free or sided)[0]
    return Site(key, side, known.sites[key])
