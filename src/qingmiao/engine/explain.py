"""Why a recorded dose does not count, in Chinese and English: person, rule and source, evidence, cure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.messages import Said, catalogue
from qingmiao.engine.rules.sources import citation, quantities
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Line, Person, verdicts


@dataclass(frozen=True, slots=True)
class Explained:
    """A dose that does not count for a group: its position in the history (from 1), the group, and the text."""

    number: int
    group: str
    said: Said


def explain_doses(
    ruleset: Ruleset, book: RuleBook, person: Person, *, name: dict[str, str] | None = None
) -> list[Explained]:
    """What to say of every dose of `person` that is invalid or extra, in the order given.

    `name` is how the person is called in each language. The day from which a dose would have counted is asked
    of the kernel: the history before it, judged on its day. Source: the rule book; each text names its rule.
    """
    verdict = verdicts(ruleset, [person], compiled=False)[0]
    judged = [line for line in verdict["doses"] if line["status"] != "valid"]
    before = verdicts(ruleset, [_before(person, line["n"]) for line in judged], compiled=False)
    return [
        Explained(line["n"], line["series"], _said(book, person, line, then, name))
        for line, then in zip(judged, before, strict=True)
    ]


def _before(person: Person, number: int) -> Person:
    """The person on the day of a dose, with the doses of earlier days."""
    day = person.doses[number - 1][0]
    return replace(person, on=day, doses=tuple(dose for dose in person.doses if dose[0] < day))


def _said(book: RuleBook, person: Person, line: Line, then: Line, name: dict[str, str] | None) -> Said:
    words, group = catalogue(), next(rule for rule in book.groups if rule.group == line["series"])
    given_on, code, _ = person.doses[line["n"] - 1]
    due = next(one for one in then["series"] if one["series"] == group.group)
    earliest = due["next"]["earliest"] if due["next"] else ""
    product = _product(book, code)
    wanted = due["next"]["product"] if due["next"] else None
    rule_id = str(line.get("rule") or due.get("rule") or "")
    reason = f"dose_{line['reason'] or line['status']}"
    if line["reason"] == "live_conflict":
        rule_id = "cn.interactions.live_gap"
    return words.say(
        reason if reason in words.messages else "dose_wrong_product",
        citation(book, quantities(book).get(rule_id, ()), rule_id, given_on),
        {
            "person": name or words.someone,
            "series": group.title,
            "product": product,
            "given_on": given_on.isoformat(),
            "born": str(person.born_on),
            "earliest": earliest,
            "text": book.products.families[wanted].title if wanted in book.products.families else group.title,
        },
    )


def _product(book: RuleBook, code: str) -> dict[str, str]:
    found = book.products.by_code.get(code)
    family = book.products.families.get(found.family) if found else None
    return family.title if family else {"zh": found.name if found else code, "en": found.short if found else code}
