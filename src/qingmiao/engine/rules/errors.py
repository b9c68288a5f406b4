"""What can be wrong with a rule file, in four parts: what, where, evidence, cure."""

from __future__ import annotations

from datetime import date


class RuleFileError(ValueError):
    """A rule file says something the loader does not know; nothing of it is used.

    `where` is the path of the value (`cn/dtp.yaml: paths.standard.doses[0].minimum_age`), `evidence`
    what stands there, `cure` what to write instead.
    """

    def __init__(self, what: str, *, where: str, evidence: object, cure: str) -> None:
        self.what, self.where, self.evidence, self.cure = what, where, evidence, cure
        super().__init__(f"{what} Where: {where}. It says: {evidence!r}. Cure: {cure}")


class NoRuleInForce(LookupError):
    """No value was in force on a day: before the first date of a rule there is no rule, and no default."""

    def __init__(self, rule_id: str, day: date, first: date | None) -> None:
        self.rule_id, self.day, self.first = rule_id, day, first
        begins = f"its first value is of {first}" if first else "it holds no value"
        super().__init__(
            f"No rule in force. Rule {rule_id}. Asked for {day}; {begins}. "
            "Cure: ask for a later day, or add the value of that time with its reference."
        )
