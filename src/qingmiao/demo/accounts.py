"""The accounts of a demo world, with one password, printed on the sign-in page: a deployment must not have them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qingmiao.staff.models import Assignment, Role, User

PASSWORD = "spring-rain-2021"  # noqa: S105 (printed on purpose; `qingmiao doctor` refuses an installation that has it)


@dataclass(frozen=True)
class DemoAccount:
    """One line of the table of accounts: who it is, what to type."""

    role: str
    name: str
    place: str
    username: str
    password: str = PASSWORD


def demo_accounts() -> list[DemoAccount]:
    """The accounts to try, in the order of the story; empty outside a demo world."""
    held = Assignment.objects.filter(user__in=User.objects.filter(is_demo=True, is_active=True))
    first: dict[int, Assignment] = {}
    for assignment in held.select_related("user", "organisation").order_by("user_id", "pk"):
        first.setdefault(assignment.user.pk, assignment)
    return [
        DemoAccount(str(Role(a.role).label), a.user.display_name, a.organisation.name, a.user.username)
        for a in first.values()
    ]


def as_text(accounts: list[DemoAccount]) -> str:
    """The accounts as lines for a terminal, in the language of the command."""
    if not accounts:
        return ""
    title = _("Demo accounts (one password for all: {password})").format(password=PASSWORD)
    width = max(len(account.username) for account in accounts)
    lines = [f"  {a.username:<{width}}  {a.role} · {a.name} · {a.place}" for a in accounts]
    return "\n".join([title, *lines])
