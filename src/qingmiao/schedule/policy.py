"""Who may see what is owed to whom, and have it worked out anew."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.registry.models import Person
from qingmiao.registry.policy import PersonPolicy
from qingmiao.schedule.models import DueDose, DueRun
from qingmiao.staff.access import Policy
from qingmiao.staff.models import Role

LISTS = frozenset({Role.CLINIC_DOCTOR, Role.FRONT_DESK, Role.SITE_HEAD, Role.VILLAGE_DOCTOR, Role.DISEASE_CONTROL})


class DueDosePolicy(Policy[DueDose]):
    """What is owed to a person is reached with the person."""

    model = DueDose
    permissions = {"schedule.see_due": LISTS}

    def paths(self, record: DueDose) -> Iterable[str]:
        return PersonPolicy().paths(record.person)

    def within(self, paths: Iterable[str]) -> Q:
        return Q(person__in=Person.objects.filter(PersonPolicy().within(paths)))


class DueRunPolicy(Policy[DueRun]):
    """A recomputation is about everybody and names nobody."""

    model = DueRun
    permissions = {"schedule.recompute_due": frozenset({Role.CLINIC_DOCTOR, Role.SITE_HEAD})}

    def paths(self, record: DueRun) -> Iterable[str]:
        return [""]

    def within(self, paths: Iterable[str]) -> Q:
        return Q() if list(paths) else Q(pk__in=[])
