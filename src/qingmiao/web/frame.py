"""What surrounds every page: the desks this person works at, the day, the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingmiao.web import access


@dataclass(frozen=True)
class Desk:
    """A place in the left column: shown to whoever holds `permission` anywhere."""

    title: str | Promise
    url_name: str
    permission: str


DESKS: tuple[Desk, ...] = (
    Desk(_("Ledgers"), "liaison:imports", "registry.import_ledger"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`: `desks` as dicts of title, url and whether it is the current one; `today`."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"today": access.today(request)}
    who = access.actor(request)
    desks = [_entry(desk, request) for desk in DESKS if who.paths_for(desk.permission)]
    return {"desks": [desk for desk in desks if desk], "today": access.today(request), "actor": who}


def _entry(desk: Desk, request: HttpRequest) -> dict[str, Any] | None:
    try:
        url = reverse(desk.url_name)
    except NoReverseMatch:
        return None
    return {"title": desk.title, "url": url, "is_current": request.path.startswith(url)}
