"""Reads of facts about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.registry.models import Fact


def facts_of(people: Collection[int]) -> dict[int, dict[str, Any]]:
    """For each person's id what holds now, by code; who has no fact is not in it."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for fact in _facts(people=list(people)):
        found[fact.person_id][fact.code] = fact.value
    return dict(found)


_facts = Prepared(lambda: Fact.objects.filter(person__among=Slot("people")).order_by("pk"))
