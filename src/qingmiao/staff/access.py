"""Who may do what, where: one policy per record type, and the actor that every action and query is asked by.

Each app lists its policies in `policy.py`. A permission is `app.verb`; it is held through a role at an organisation
and reaches everything below that organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.staff.models import Assignment, Organisation, Role, User

M = TypeVar("M", bound=models.Model)


class NotAllowed(Exception):
    """The actor lacks the permission for this record; says which one, and never whether the record exists."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(
            _(
                "Your roles do not include this here ({permission}). Ask the head of your organisation or the "
                "security administrator."
            ).format(permission=permission)
        )


class Policy(Generic[M]):
    """Who may do what with one type of record. Subclass it once per record type, in the app's `policy.py`."""

    model: type[M]
    permissions: Mapping[str, frozenset[Role]]

    def paths(self, record: M) -> Iterable[str]:
        """Paths of the organisations that the record belongs to: a role at or above any of them reaches it."""
        raise NotImplementedError

    def within(self, paths: Iterable[str]) -> Q:
        """The filter for records that belong to organisations at or below `paths`."""
        raise NotImplementedError


def below(field_name: str, paths: Iterable[str]) -> Q:
    """The filter `field_name` (an organisation's path) at or below any of `paths`; no path matches nothing."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field_name}__begins": path})
    return condition


@dataclass(frozen=True)
class Grant:
    """A role that reaches every organisation whose path starts with `path`."""

    role: Role
    path: str


@dataclass(frozen=True)
class Actor:
    """Who asks: an account with its grants of today, and where the request came from."""

    user_id: int | None
    name: str
    origin: str
    grants: tuple[Grant, ...] = field(default=())

    def paths_for(self, permission: str) -> list[str]:
        """Where this actor holds `permission`."""
        roles = roles_with(permission)
        return [grant.path for grant in self.grants if grant.role in roles]

    def may(self, permission: str, record: models.Model) -> bool:
        """Whether this actor holds `permission` for `record`."""
        reach = self.paths_for(permission)
        return bool(reach) and any(
            path.startswith(start) for path in policy_of(type(record)).paths(record) for start in reach
        )

    def must(self, permission: str, record: models.Model) -> None:
        """Raise NotAllowed unless this actor holds `permission` for `record`."""
        if not self.may(permission, record):
            raise NotAllowed(permission)

    def visible(self, permission: str, model: type[M]) -> models.QuerySet[M]:
        """The records of `model` for which this actor holds `permission`."""
        within = policy_of(model).within(self.paths_for(permission))
        return model._default_manager.filter(within)


def actor_of(user: User, *, on: date, origin: str) -> Actor:
    """The actor that `user` is on that day."""
    held = [one for one in _assignments(user=user) if _is_held(one, on)] if user.is_active else []
    grants = tuple(Grant(Role(one.role), one.organisation.path) for one in held)
    return Actor(user.pk, user.display_name, origin, grants)


_assignments = Prepared(lambda: Assignment.objects.filter(user__is=Slot("user")).select_related("organisation"))


def _is_held(assignment: Assignment, on: date) -> bool:
    begun = assignment.valid_from <= on and (assignment.valid_until is None or on <= assignment.valid_until)
    closed_on = assignment.organisation.closed_on
    return begun and (closed_on is None or on < closed_on)


def system(origin: str) -> Actor:
    """Qingmiao itself: the nightly run, or the command line of whoever owns the installation."""
    return Actor(None, "Qingmiao", origin, tuple(Grant(role, "") for role in Role))


@cache
def _policies() -> tuple[dict[type[models.Model], Policy[Any]], dict[str, frozenset[Role]]]:
    by_model: dict[type[models.Model], Policy[Any]] = {}
    roles: dict[str, frozenset[Role]] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("qingmiao.") and find_spec(f"{app.name}.policy"):
            import_module(f"{app.name}.policy")
    for policy in _concrete(Policy):
        by_model[policy.model] = policy()
        for permission, holders in policy.permissions.items():
            roles[permission] = roles.get(permission, frozenset()) | holders
    return by_model, roles


def _concrete(base: type[Policy[Any]]) -> Iterable[type[Policy[Any]]]:
    for policy in base.__subclasses__():
        if "model" in vars(policy):
            yield policy
        yield from _concrete(policy)


def policy_of(model: type[models.Model]) -> Policy[Any]:
    """The policy of a record type. A record type without one cannot be reached at all: KeyError."""
    return _policies()[0][model]


def roles_with(permission: str) -> frozenset[Role]:
    """The roles that hold `permission`. An unknown permission is a mistake in the code: KeyError."""
    return _policies()[1][permission]


class OrganisationPolicy(Policy[Organisation]):
    """An organisation is reached by roles at it or above it. Also carries permissions that ask only for a place."""

    model = Organisation
    permissions = {
        "staff.view_organisation": frozenset(Role),
        "staff.edit_organisation": frozenset({Role.SECURITY_ADMIN, Role.LEADER, Role.BUREAU_LIAISON, Role.SITE_HEAD}),
        "staff.draw_map": frozenset(
            {Role.LEADER, Role.OFFICE, Role.SITE_HEAD, Role.CLINIC_DOCTOR, Role.DISEASE_CONTROL}
        ),
    }

    def paths(self, record: Organisation) -> Iterable[str]:
        return [record.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("path", paths)


class UserPolicy(Policy[User]):
    """Accounts are the security administrator's: nobody else opens, closes or empowers one."""

    model = User
    permissions = {"staff.manage_account": frozenset({Role.SECURITY_ADMIN})}

    def paths(self, record: User) -> Iterable[str]:
        return [assignment.organisation.path for assignment in record.assignments.select_related("organisation")]

    def within(self, paths: Iterable[str]) -> Q:
        return below("assignments__organisation__path", paths)
