"""Writes of facts about a person."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from qingmiao.audit.door import action, note
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.facts import checked
from qingmiao.registry.models import Fact, Person
from qingmiao.staff.access import Actor


@action("registry.record_fact")
def record_fact(
    *,
    by: Actor,
    person: Person,
    code: str,
    value: Any,
    at: datetime,
    true_on: date | None = None,
    request_id: UUID | None = None,
) -> Fact:
    """Write down a fact; a later one of the same code holds from then on. Raises BadFact for what it cannot be."""
    by.must("registry.record_fact", person)
    note(code=code)
    return Fact.objects.create(
        person=person,
        code=code,
        content=Sealed.of(json.dumps(checked(code, value), ensure_ascii=False)),
        true_on=true_on,
        recorded_at=at,
        recorded_by_id=by.user_id,
    )
