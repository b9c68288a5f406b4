"""The only way from a page to a record: through the policy of its type, with a line in the trail for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone

from qingmiao.audit import door
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor, NotAllowed, actor_of
from qingmiao.staff.models import User

M = TypeVar("M", bound=models.Model)

# Set by the rehearsing server in the WSGI environment; what a client sends arrives there as HTTP_… and never as this.
REHEARSED_AT = "qingmiao.rehearsed_at"


def now(request: HttpRequest) -> datetime:
    """The instant of this request: the clock is read here, once.

    A server that rehearses a day (`qingmiao.rehearsal.wsgi`, another program than `serve`) says itself what time it is.
    """
    if not hasattr(request, "received_at"):
        request.received_at = request.META.get(REHEARSED_AT) or timezone.now()  # type: ignore[attr-defined]
    return cast(datetime, request.received_at)  # type: ignore[attr-defined]


def today(request: HttpRequest) -> date:
    """The local day of this request."""
    return timezone.localdate(now(request))


def actor(request: HttpRequest) -> Actor:
    """Who asks, with today's roles. Every page behind the sign-in has one."""
    if not hasattr(request, "actor"):
        user = cast(User, request.user)
        origin = f"web {request.META.get('REMOTE_ADDR', '')}"
        request.actor = actor_of(user, on=today(request), origin=origin)  # type: ignore[attr-defined]
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def record(request: HttpRequest, model: type[M], permission: str, **key: Any) -> M:
    """The record that `key` names, if the actor holds `permission` for it; else 404, as if it were not there."""
    who = actor(request)
    if not who.paths_for(permission):
        raise NotAllowed(permission)
    found = who.visible(permission, model).filter(**key).distinct().first()
    if found is None:
        raise Http404
    if isinstance(found, Person):
        looked_at(request, permission, [found])
    return found


def looked_at(request: HttpRequest, verb: str, people: Iterable[Person]) -> None:
    """Leave in the trail whom this page showed."""
    door.look(verb, by=actor(request), at=now(request), people=people)
