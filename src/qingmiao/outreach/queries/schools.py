"""Classes and how their children stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from qingmiao.outreach.models import EntryCheck, EntryChild, EntryVerdict


@dataclass(frozen=True)
class Standing:
    """A child of a class with the latest verdict (None: not judged yet) and the first one."""

    child: EntryChild
    verdict: EntryVerdict | None
    first: EntryVerdict | None

    @property
    def has_caught_up(self) -> bool:
        """Whether doses were missing at first and are not now."""
        return (
            self.first is not None
            and self.verdict is not None
            and self.first.standing != EntryVerdict.Standing.COMPLETE
            and self.verdict.standing == EntryVerdict.Standing.COMPLETE
        )


def standings(check: EntryCheck) -> list[Standing]:
    """The children of a class in the order of its list."""
    children = EntryChild.objects.filter(check_of=check).select_related("person").prefetch_related("verdicts")
    found = []
    for child in children:
        verdicts = sorted(child.verdicts.all(), key=lambda verdict: verdict.pk)
        found.append(Standing(child, verdicts[-1] if verdicts else None, verdicts[0] if verdicts else None))
    return found


def counts(rows: list[Standing]) -> Counter[str]:
    """Children by standing; those not judged yet under the empty word."""
    return Counter(row.verdict.standing if row.verdict else "" for row in rows)


def by_code(code: str) -> Standing | None:
    """The child whose certificate has this code."""
    child = EntryChild.objects.filter(code=code).select_related("check_of__school", "check_of__clinic").first()
    if child is None:
        return None
    verdict = child.verdicts.first()
    return Standing(child, verdict, verdict)
