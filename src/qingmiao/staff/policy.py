"""Who may read the audit trail."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.audit.models import AuditEntry
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Assignment, Role


class AuditEntryPolicy(Policy[AuditEntry]):
    """An entry is reached through the places where the one who acted has, or had, a role."""

    model = AuditEntry
    permissions = {"audit.read": frozenset({Role.AUDITOR})}

    def paths(self, record: AuditEntry) -> Iterable[str]:
        return Assignment.objects.filter(user_id=record.user_id or 0).values_list("organisation__path", flat=True)

    def within(self, paths: Iterable[str]) -> Q:
        return Q(user_id__in=Assignment.objects.filter(below("organisation__path", paths)).values("user_id"))
