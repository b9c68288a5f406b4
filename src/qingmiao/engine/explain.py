"""Why a recorded dose does not count, in Chinese and English: person, rule and source, evidence, cure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.messages import Said, catalogue
from qingmiao.engine.rules.sources import citation, quantities
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Line, Person, verdicts

_NO_DAY = {"zh": "不详", "en": "a day that is not known"}


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
    return [
        Explained(line["n"], line["series"], _said(book, person, line, _due_before(ruleset, person, line), name))
        for line in judged
    ]


def _due_before(ruleset: Ruleset, person: Person, line: Line) -> Line:
    """What was due in the dose's group on its day, after the doses of earlier days.

    Asked without the person's facts where these leave nothing due: a stop of today says no day.
    """
    day = person.doses[line["n"] - 1][0]
    then = replace(person, on=day, doses=tuple(dose for dose in person.doses if dose[0] < day))
    for asked in (then, replace(then, facts=())):
        [verdict] = verdicts(ruleset, [asked], compiled=False)
        due: Line = next(one for one in verdict["series"] if one["series"] == line["series"])
        if due["next"]:
            break
    return due


def _said(book: RuleBook, person: Person, line: Line, due: Line, name: dict[str, str] | None) -> Said:
    words, group = catalogue(), next(rule for rule in book.groups if rule.group == line["series"])
    given_on, code, _ = person.doses[line["n"] - 1]
    earliest = due["next"]["earliest"] if due["next"] else _NO_DAY
    product = _product(book, code)
    wanted = due["next"]["product"] if due["next"] else None
    reason = f"dose_{line['reason'] or line['status']}"
    # A dose that its series passed over, or that came after the last one, cites the series; values stand at its doses.
    first = [path.doses[0].rule_id for path in group.paths]
    is_conflict = line["reason"] == "live_conflict"
    rules = ["cn.interactions.live_gap"] if is_conflict else [line.get("rule"), due.get("rule"), *first]
    values = quantities(book)
    cites = (citation(book, values[rule], rule, given_on) for rule in rules if rule in values)
    return words.say(
        reason if reason in words.messages else "dose_wrong_product",
        next(filter(None, cites), None),
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
