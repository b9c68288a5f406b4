"""Writes on the ledger of doses: a row is never changed, a newer one takes its place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.registry.models import Dose
from qingmiao.staff.access import Actor

KEPT_BY_THE_ROW = ("id", "supersedes", "is_void", "reason", "recorded_at")


class SupersededAlready(Exception):
    """Another row has taken the place of this one: look at that one."""

    def __init__(self, dose: Dose) -> None:
        self.dose = dose
        super().__init__(_("This row has been corrected already. Open the dose again: the newest row counts."))


@action("registry.supersede_dose")
def supersede_dose(
    *,
    by: Actor,
    dose: Dose,
    reason: str,
    changes: dict[str, Any] | None = None,
    is_void: bool = False,
    request_id: UUID | None = None,
) -> Dose:
    """Write the row that takes the place of `dose`: with `changes`, or (`is_void`) saying that it was never given.

    Raises SupersededAlready. Both rows stay for ever; the newer one counts.
    """
    by.must("registry.correct_dose", dose)
    if Dose.objects.filter(supersedes=dose).exists():
        raise SupersededAlready(dose)
    kept = {
        field.attname: getattr(dose, field.attname)
        for field in Dose._meta.concrete_fields
        if field.name not in KEPT_BY_THE_ROW
    }
    note(superseded=dose.pk, changed=sorted(changes or {}), is_void=is_void)
    return Dose.objects.create(
        **{**kept, **(changes or {})}, supersedes=dose, is_void=is_void, reason=reason.strip()[:200]
    )
