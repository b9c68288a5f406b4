"""Who may see figures, freeze them and write summaries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.reports.models import Compilation, Form, Snapshot, SummaryText
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

HEADS = frozenset({Role.LEADER, Role.OFFICE})
CLINIC = frozenset({Role.CLINIC_DOCTOR, Role.SITE_HEAD})


class SnapshotPolicy(Policy[Snapshot]):
    """A frozen figure belongs to its organisation. Names behind it need the right to see people as well."""

    model = Snapshot
    permissions = {
        "reports.see_figures": HEADS | CLINIC | {Role.BUREAU_LIAISON, Role.UNIT_LIAISON},
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
    permissions = {"reports.write_summary": HEADS | CLINIC | {Role.BUREAU_LIAISON}}

    def paths(self, record: SummaryText) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)


class FormPolicy(Policy[Form]):
    """A form belongs to its unit; whoever stands above it sees what was sent."""

    model = Form
    permissions = {
        "reports.see_form": HEADS | CLINIC | {Role.DISEASE_CONTROL},
        "reports.submit_form": CLINIC,
    }

    def paths(self, record: Form) -> Iterable[str]:
        return [record.unit.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("unit__path", paths)


class CompilationPolicy(Policy[Compilation]):
    """The facts of a report belong to the place it is about."""

    model = Compilation
    permissions = {"reports.see_figures": SnapshotPolicy.permissions["reports.see_figures"]}

    def paths(self, record: Compilation) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)
