"""Who may see and change people, and where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from qingmiao.registry.models import Dose, Identifier, LedgerImport, Management, Person, UnitMembership
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

LIAISONS = frozenset({Role.BUREAU_LIAISON, Role.UNIT_LIAISON})
CLINIC_STAFF = frozenset({Role.CLINIC_DOCTOR, Role.FRONT_DESK, Role.SCREENER, Role.VACCINATOR})
SITE_STAFF = frozenset(
    {Role.SITE_HEAD, Role.FRONT_DESK, Role.CONSENT_DESK, Role.SCREENER, Role.VACCINATOR, Role.OBSERVER}
)


class PersonPolicy(Policy[Person]):
    """A person is reached through their units, the clinic that manages the record, the place where they live, and
    whoever put them on record."""

    model = Person
    permissions = {
        "registry.see_person": LIAISONS | {Role.LEADER, Role.OFFICE, Role.CLINIC_DOCTOR, Role.SITE_HEAD},
        "registry.unmask_number": frozenset({Role.BUREAU_LIAISON, Role.CLINIC_DOCTOR, Role.FRONT_DESK}),
        "registry.edit_person": LIAISONS | {Role.CLINIC_DOCTOR, Role.FRONT_DESK},
        "registry.record_fact": frozenset({Role.CLINIC_DOCTOR, Role.SCREENER, Role.FRONT_DESK}),
        "registry.import_ledger": LIAISONS | {Role.CLINIC_DOCTOR},
        "registry.see_record": CLINIC_STAFF | {Role.SITE_HEAD, Role.DISEASE_CONTROL, Role.VILLAGE_DOCTOR},
        "registry.enter_old_dose": CLINIC_STAFF,
        "registry.manage_child": frozenset({Role.CLINIC_DOCTOR, Role.FRONT_DESK}),
    }

    def paths(self, record: Person) -> Iterable[str]:
        yield from record.managements.filter(until=None).values_list("unit__path", flat=True)
        yield from record.memberships.filter(until=None).values_list("unit__path", flat=True)
        if record.home is not None:
            yield record.home.path
        if record.brought_by is not None:
            yield record.brought_by.path

    def within(self, paths: Iterable[str]) -> Q:
        paths = list(paths)
        here = UnitMembership.objects.filter(below("unit__path", paths), person=OuterRef("pk"), until=None)
        managed = Management.objects.filter(below("unit__path", paths), person=OuterRef("pk"), until=None)
        return Q(Exists(here)) | Q(Exists(managed)) | below("home__path", paths) | below("brought_by__path", paths)


class IdentifierPolicy(Policy[Identifier]):
    """A number is reached with the person it belongs to."""

    model = Identifier
    permissions = {"registry.unmask_number": PersonPolicy.permissions["registry.unmask_number"]}

    def paths(self, record: Identifier) -> Iterable[str]:
        return PersonPolicy().paths(record.person)

    def within(self, paths: Iterable[str]) -> Q:
        reachable = Person.objects.filter(PersonPolicy().within(paths))
        return Q(person__in=reachable)


class LedgerImportPolicy(Policy[LedgerImport]):
    """An import is reached with the place whose people it lists."""

    model = LedgerImport
    permissions = {
        "registry.import_ledger": PersonPolicy.permissions["registry.import_ledger"],
        "registry.teach_header": PersonPolicy.permissions["registry.import_ledger"],
    }

    def paths(self, record: LedgerImport) -> Iterable[str]:
        return [record.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("place__path", paths)


class DosePolicy(Policy[Dose]):
    """A dose that was given here belongs to the place where it was given; one from elsewhere goes with its person."""

    model = Dose
    permissions = {
        "registry.correct_dose": frozenset({Role.SITE_HEAD, Role.CLINIC_DOCTOR, Role.VACCINATOR}),
    }

    def paths(self, record: Dose) -> Iterable[str]:
        return [record.site.path] if record.site is not None else []

    def within(self, paths: Iterable[str]) -> Q:
        return below("site__path", paths)
