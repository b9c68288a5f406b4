"""Classes and how their children stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from qingmiao.outreach.models import EntryCheck, EntryChild, EntryVerdict
from qingmiao.registry.models import Person
from qingmiao.registry.queries.rosters import CheckedRow, Found


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


def by_name_and_birth(rows: Sequence[CheckedRow], people: QuerySet[Person]) -> list[CheckedRow]:
    """Lines of a class list without a number that nobody was found for, each with the one child among `people` of that
    name born on that day; where there are two, nobody. A check writes nothing to a record, so this may be enough."""
    bare = {(row.name, row.birth) for row in rows if row.person is None and not row.number and row.birth}
    named = people.filter(name__in={name for name, _day in bare}, birth_date__in={day for _name, day in bare})
    found: dict[tuple[str, date | None], list[int]] = {}
    for pk, name, day in named.filter(merged_into=None).values_list("pk", "name", "birth_date"):
        found.setdefault((name, day), []).append(pk)
    only = {key: pks[0] for key, pks in found.items() if key in bare and len(pks) == 1}
    return [
        replace(row, person=only[key], found=Found.MATCHED)
        if row.person is None and not row.number and (key := (row.name, row.birth)) in only
        else row
        for row in rows
    ]


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
