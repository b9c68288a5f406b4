"""What the schedule says of one vaccine for one person today: what it forbids, until when, and what it warns about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qingmiao.clinic.screening import Consequence, Outcome, Spoken
from qingmiao.clinic.sources import Source, Words
from qingmiao.engine import Ruleset
from qingmiao.engine.china import china_book
from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.messages import Said
from qingmiao.engine.today import Refusal, Today, today
from qingmiao.registry.models import Person
from qingmiao.schedule.queries import CHINA
from qingmiao.schedule.records import records_of

SCHEDULE = "schedule"  # in the place of a question's id: the schedule spoke, nobody was asked
NEVER = frozenset({"contraindicated", "use_other_product"})
OFFERED = "may_be_given"
OWES_NONE = Words(
    zh="免疫程序未列本人今天应种这种疫苗（已全程接种、不在程序内或资料不全），不影响接种，请告知。",
    en="The schedule owes this person no dose of this vaccine today (complete, not on the schedule, or not known). "
    "It may be given; tell the person.",
)


@dataclass(frozen=True)
class Advice:
    """What the schedule says, by which ruleset. `stops` count like answers, `warnings` never block, `offered` says
    which dose may be given and is read at the desk only."""

    ruleset: str
    stops: tuple[Spoken, ...]
    warnings: tuple[Spoken, ...]
    offered: tuple[Spoken, ...] = ()

    @property
    def spoken(self) -> tuple[Spoken, ...]:
        return (*self.stops, *self.warnings)


def advice_of(person: Person, product_code: str, on: date) -> Advice:
    """What the schedule in force says of giving `product_code` to `person` on that day.

    Contraindicated by a recorded fact: contraindicated. Too early, or too near another vaccine: deferred until the
    first day it counts. Any other refusal: the doctor decides. A vaccine the rule book does not know: nothing.
    """
    book = china_book()
    if product_code not in book.products.by_code:
        return Advice("", (), ())
    [record] = records_of([person], on=on)
    name = {"zh": person.name, "en": person.name}
    found = today(Ruleset.named(CHINA), book, record.asked, name=name)
    offers = [offer for offer in found.may if product_code in offer.codes]
    refusals = [one for one in found.may_not if _is_about(book, one, product_code)]
    stops = () if offers else tuple(_stop(refusal, on) for refusal in refusals)
    said = [one for offer in offers for one in offer.said]
    offered = tuple(_warning(one) for one in said if one.code == OFFERED)
    noted = (one for one in said if one.code != OFFERED)
    warnings = [*map(_warning, [*noted, *_asked(book, found, product_code)])]
    if not offers and not refusals:
        warnings.append(_spoken("", Outcome.GO, OWES_NONE, Source("", OWES_NONE, "V"), None))
    return Advice(found.ruleset, stops, tuple(warnings), offered)


def _groups(book: RuleBook, product_code: str) -> set[str]:
    """The groups in which a dose of the product may count."""
    family = book.products.by_code[product_code].family
    return {rule.group for rule in book.groups if any(family in count.products for count in rule.counts)}


def _is_about(book: RuleBook, refusal: Refusal, product_code: str) -> bool:
    if product_code in book.products.codes((refusal.product,)):
        return True
    is_whole_group = any(said.code == "contraindicated" for said in refusal.said)
    return is_whole_group and refusal.group in _groups(book, product_code)


def _asked(book: RuleBook, found: Today, product_code: str) -> list[Said]:
    """What the schedule must know first, of the groups of this product."""
    prefixes = tuple(rule.rule_id for rule in book.groups if rule.group in _groups(book, product_code))
    return [said for said in found.asks if said.rule_id and said.rule_id.startswith(prefixes)]


def _stop(refusal: Refusal, on: date) -> Spoken:
    first = refusal.said[0]
    if any(said.code in NEVER for said in refusal.said):
        return _from_said(first, Outcome.CONTRAINDICATED, None)
    if refusal.until is not None and refusal.until > on:
        return _from_said(first, Outcome.DEFER, refusal.until)
    return _from_said(first, Outcome.DOCTOR, None)


def _warning(said: Said) -> Spoken:
    return _from_said(said, Outcome.GO, None)


def _from_said(said: Said, outcome: Outcome, until: date | None) -> Spoken:
    text = Words(zh=said.text["zh"], en=said.text["en"])
    return _spoken(said.rule_id, outcome, text, Source(said.reference, text, said.confidence), until)


def _spoken(rule: str, outcome: Outcome, text: Words, source: Source, until: date | None) -> Spoken:
    return Spoken(SCHEDULE, Consequence(rule, outcome, text, source), until)
