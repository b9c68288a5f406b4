"""Who rings, writes, answers complaints and checks classes, and where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.outreach.models import Call, Complaint, EntryCheck, EntryChild, Message
from qingmiao.registry.models import Person
from qingmiao.registry.policy import PersonPolicy
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

CALLERS = frozenset({Role.CLINIC_DOCTOR, Role.FRONT_DESK, Role.VILLAGE_DOCTOR})
WRITERS = frozenset({Role.CLINIC_DOCTOR, Role.SITE_HEAD})
JUDGES = frozenset({Role.CLINIC_DOCTOR, Role.SITE_HEAD})


class CallPolicy(Policy[Call]):
    """A call is reached with the child it was about."""

    model = Call
    permissions = {"outreach.call": CALLERS, "outreach.see_calls": CALLERS | {Role.SITE_HEAD, Role.DISEASE_CONTROL}}

    def paths(self, record: Call) -> Iterable[str]:
        return PersonPolicy().paths(record.person)

    def within(self, paths: Iterable[str]) -> Q:
        return Q(person__in=Person.objects.filter(PersonPolicy().within(paths)))


class MessagePolicy(Policy[Message]):
    """A message is reached with the child it is about."""

    model = Message
    permissions = {"outreach.write": WRITERS}

    def paths(self, record: Message) -> Iterable[str]:
        return PersonPolicy().paths(record.person)

    def within(self, paths: Iterable[str]) -> Q:
        return Q(person__in=Person.objects.filter(PersonPolicy().within(paths)))


class ComplaintPolicy(Policy[Complaint]):
    """A complaint is reached with the site it is about."""

    model = Complaint
    permissions = {"outreach.answer_complaint": WRITERS}

    def paths(self, record: Complaint) -> Iterable[str]:
        return [record.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("site__path", paths)


class EntryCheckPolicy(Policy[EntryCheck]):
    """A class is reached from its school and from the clinic that judges it."""

    model = EntryCheck
    permissions = {
        "outreach.see_entry_check": JUDGES | {Role.SCHOOL_DOCTOR, Role.DISEASE_CONTROL},
        "outreach.open_entry_check": JUDGES | {Role.SCHOOL_DOCTOR},
        "outreach.judge_entry": JUDGES,
    }

    def paths(self, record: EntryCheck) -> Iterable[str]:
        return [record.school.path, record.clinic.path]

    def within(self, paths: Iterable[str]) -> Q:
        paths = list(paths)
        return below("school__path", paths) | below("clinic__path", paths)


class EntryChildPolicy(Policy[EntryChild]):
    """A child of a class is reached with the class."""

    model = EntryChild
    permissions = EntryCheckPolicy.permissions

    def paths(self, record: EntryChild) -> Iterable[str]:
        return EntryCheckPolicy().paths(record.check_of)

    def within(self, paths: Iterable[str]) -> Q:
        return Q(check_of__in=EntryCheck.objects.filter(EntryCheckPolicy().within(list(paths))))
