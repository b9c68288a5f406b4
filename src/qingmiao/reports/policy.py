"""Who may see figures, freeze them and write summaries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.reports.models import Snapshot, SummaryText
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

HEADS = frozenset({Role.LEADER, Role.OFFICE})


class SnapshotPolicy(Policy[Snapshot]):
    """A frozen figure belongs to its organisation. Names behind it need the right to see people as well."""

    model = Snapshot
    permissions = {
        "reports.see_figures": HEADS | {Role.BUREAU_LIAISON, Role.UNIT_LIAISON},
        "reports.see_command_room": HEADS,
        "reports.freeze_figure": HEADS | {Role.BUREAU_LIAISON},
    }

    def paths(self, record: Snapshot) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)


class SummaryTextPolicy(Policy[SummaryText]):
    """An office writes its own summary."""

    model = SummaryText
    permissions = {"reports.write_summary": HEADS | {Role.BUREAU_LIAISON}}

    def paths(self, record: SummaryText) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)
