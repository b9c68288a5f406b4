"""Who may open a head-count and who may declare a number."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.campaign.models import HeadCount
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role


class HeadCountPolicy(Policy[HeadCount]):
    """A head-count belongs to the organisation that asks. A number is declared for a unit, by roles at or above it."""

    model = HeadCount
    permissions = {
        "campaign.see_head_count": frozenset({Role.LEADER, Role.OFFICE, Role.BUREAU_LIAISON, Role.UNIT_LIAISON}),
        "campaign.open_head_count": frozenset({Role.OFFICE, Role.BUREAU_LIAISON}),
        "campaign.declare_number": frozenset({Role.OFFICE, Role.BUREAU_LIAISON, Role.UNIT_LIAISON}),
    }

    def paths(self, record: HeadCount) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)
