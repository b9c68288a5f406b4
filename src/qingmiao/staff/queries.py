"""Reads of accounts and roles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.staff.access import Actor, below
from qingmiao.staff.models import Assignment, Organisation, Outline, User
from qingmiao.staff.outlines import Rings

MOST_ON_A_MAP = 200  # places; above that the next level up is shown


def accounts_within(actor: Actor) -> QuerySet[User]:
    """The accounts that `actor` manages: with a role at or below him, or with no role at all yet; by account name."""
    reach = below("assignments__organisation__path", actor.paths_for("staff.manage_account"))
    return User.objects.filter(reach | Q(assignments=None)).distinct().order_by("username")


def assignments_of(user: User, *, on: date) -> list[Assignment]:
    """The roles that `user` holds on that day."""
    held = user.assignments.filter(valid_from__lte=on).exclude(valid_until__lt=on)
    return list(held.select_related("organisation").order_by("organisation__path", "role"))


def names_of(users: Iterable[int | None]) -> dict[int, str]:
    """The names behind some account ids; unknown ids are left out."""
    wanted = {pk for pk in users if pk}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "display_name")) if wanted else {}


def places_on_map(top: Organisation) -> list[Organisation]:
    """What the map of `top` shows: its communities and villages, or its subdistricts where these are too many."""
    below_it = Organisation.objects.filter(path__begins=top.path, closed_on=None).exclude(pk=top.pk).order_by("path")
    communities = list(below_it.filter(kind=Organisation.Kind.COMMUNITY)[: MOST_ON_A_MAP + 1])
    if len(communities) <= MOST_ON_A_MAP:
        return communities
    return list(below_it.filter(kind=Organisation.Kind.SUBDISTRICT))


def outlines_of(places: Iterable[int]) -> Mapping[int, Rings]:
    """The rings of those of these places that somebody laid onto the map, by id."""
    return dict(Outline.objects.filter(organisation__in=list(places)).values_list("organisation", "rings"))


def place_at(path: str) -> Organisation | None:
    """The organisation with this path."""
    return _at.first(path=path)


_at = Prepared(lambda: Organisation.objects.filter(path__is=Slot("path")))


def has_place(paths: Iterable[str], kinds: Collection[str]) -> bool:
    """Whether an open organisation of one of `kinds` lies at or below one of `paths`."""
    return any(_open.first(path=path, kinds=[str(kind) for kind in kinds]) for path in paths)


_open = Prepared(
    lambda: Organisation.objects.filter(path__within=Slot("path"), kind__among=Slot("kinds"), closed_on=None)[:1]
)
