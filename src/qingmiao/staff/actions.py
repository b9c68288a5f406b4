"""Writes of organisations, accounts and roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import DISJOINT_ROLES, Assignment, Organisation, Outline, Role, User
from qingmiao.staff.outlines import Rings


class RolesExclude(Exception):
    """One person would hold two of the three administrators' roles."""

    def __init__(self, held: str, wanted: str) -> None:
        super().__init__(
            _(
                "{held} and {wanted} may not be one person (separation of the three administrators). "
                "Give the role to somebody else."
            ).format(held=held, wanted=wanted)
        )


@action("staff.found_organisation")
def found_organisation(
    *,
    by: Actor,
    kind: str,
    name: str,
    parent: Organisation | None = None,
    code: str = "",
    request_id: UUID | None = None,
) -> Organisation:
    """Open an organisation below `parent`; one of the same kind and name there is returned as it stands."""
    if parent is None:
        _only_the_installation(by, "staff.edit_organisation")
    else:
        by.must("staff.edit_organisation", parent)
    found = Organisation.objects.filter(parent=parent, kind=kind, name=name).first()
    if found is not None:
        return found
    organisation = Organisation.objects.create(kind=kind, name=name, parent=parent, code=code, path=f"new:{name}")
    organisation.path = f"{parent.path if parent else ''}{organisation.pk}/"
    Organisation.objects.filter(pk=organisation.pk).update(path=organisation.path)
    return organisation


@action("staff.draw_map")
def draw_map(
    *, by: Actor, top: Organisation, outlines: Mapping[int, Rings], request_id: UUID | None = None
) -> Organisation:
    """Lay the places with these ids, all below `top`, onto its map; one with no rings is taken off it.

    Raises NotAllowed for a place that is not below `top`.
    """
    by.must("staff.draw_map", top)
    places = Organisation.objects.filter(path__begins=top.path, pk__in=outlines)
    if len(places) != len(outlines):
        raise NotAllowed("staff.draw_map")
    Outline.objects.filter(organisation__in=places).delete()
    drawn = [Outline(organisation=place, rings=outlines[place.pk]) for place in places if outlines[place.pk]]
    Outline.objects.bulk_create(drawn)
    note(drawn=len(drawn), off=len(places) - len(drawn))
    return top


@action("staff.open_account")
def open_account(
    *,
    by: Actor,
    username: str,
    display_name: str,
    password: str,
    is_demo: bool = False,
    request_id: UUID | None = None,
) -> User:
    """Open an account without any role. Whoever gets it changes the password at the first sign-in (demo: keeps it).

    Raises Django's ValidationError when the password is too weak or the account name is taken.
    """
    if not by.paths_for("staff.manage_account"):
        raise NotAllowed("staff.manage_account")
    user = User(username=username, display_name=display_name, is_demo=is_demo, has_first_password=not is_demo)
    user.full_clean(exclude=["password"])
    validate_password(password, user)
    user.set_password(password)
    user.save()
    return user


@action("staff.close_account")
def close_account(*, by: Actor, user: User, request_id: UUID | None = None) -> User:
    """Close an account: it can no longer sign in and its sessions end. What it did stays under its name."""
    by.must("staff.manage_account", user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    return user


@action("staff.give_first_password")
def give_first_password(*, by: Actor, user: User, password: str, request_id: UUID | None = None) -> User:
    """Give a new first password to somebody who lost his; it must be changed at the next sign-in."""
    by.must("staff.manage_account", user)
    return _set_password(user, password, is_first=True)


@action("staff.change_own_password")
def change_own_password(*, by: Actor, user: User, password: str, request_id: UUID | None = None) -> User:
    """Change the password of one's own account. Raises Django's ValidationError when it is too weak."""
    if by.user_id != user.pk:
        raise NotAllowed("staff.change_own_password")
    return _set_password(user, password, is_first=False)


def _set_password(user: User, password: str, *, is_first: bool) -> User:
    validate_password(password, user)
    user.set_password(password)
    user.has_first_password = is_first
    user.save(update_fields=["password", "has_first_password"])
    return user


@action("staff.assign_role")
def assign_role(
    *,
    by: Actor,
    user: User,
    role: Role,
    organisation: Organisation,
    valid_from: date,
    valid_until: date | None = None,
    request_id: UUID | None = None,
) -> Assignment:
    """Give `user` a role at `organisation` and all below it."""
    _must_manage_accounts_at(by, organisation)
    held = set(user.assignments.filter(valid_until=None).values_list("role", flat=True)) & DISJOINT_ROLES
    if role in DISJOINT_ROLES and held - {role}:
        raise RolesExclude(str(Role(held.pop()).label), str(role.label))
    note(role=role.value, organisation=organisation.pk)
    return Assignment.objects.create(
        user=user, role=role, organisation=organisation, valid_from=valid_from, valid_until=valid_until
    )


@action("staff.end_assignment")
def end_assignment(*, by: Actor, assignment: Assignment, last_day: date, request_id: UUID | None = None) -> Assignment:
    """End a role on `last_day`; what was done under it stays."""
    _must_manage_accounts_at(by, assignment.organisation)
    Assignment.objects.filter(pk=assignment.pk).update(valid_until=last_day)
    assignment.valid_until = last_day
    return assignment


def _must_manage_accounts_at(by: Actor, organisation: Organisation) -> None:
    if not any(organisation.path.startswith(path) for path in by.paths_for("staff.manage_account")):
        raise NotAllowed("staff.manage_account")


def _only_the_installation(by: Actor, permission: str) -> None:
    if by.user_id is not None:
        raise NotAllowed(permission)
