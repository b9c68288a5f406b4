"""The one door for every write.

An action is a function with named arguments, wrapped by `action`: it runs in one transaction, leaves its line in the
audit trail, and can be asked twice with the same `request_id` without writing twice. `look` leaves a line for reading.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.core.files import File
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qingmiao.audit import chain
from qingmiao.audit.models import DoneRequest
from qingmiao.audit.statements import Prepared, Slot, insert, update
from qingmiao.config.keys import keys
from qingmiao.privacy.sealing import Sealed

P = ParamSpec("P")
R = TypeVar("R")


class WhoActs(Protocol):
    """What the trail needs to know of an actor."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def origin(self) -> str: ...


class RequestReused(Exception):
    """One `request_id` came with two different contents: the second was refused, the first stands."""

    def __init__(self, request_id: UUID) -> None:
        self.request_id = request_id
        super().__init__(
            _(
                "This form was already sent with other content. The first one stands; "
                "open the page again to send another."
            )
        )


def name_of(row: models.Model | None) -> str:
    """How the trail names a row: `registry.Person:12`."""
    return "" if row is None else f"{row._meta.label}:{row.pk}"


def row_named(name: str) -> models.Model | None:
    """The row that `name_of` named, or None for an empty name."""
    if not name:
        return None
    label, _colon, pk = name.partition(":")
    row: models.Model = apps.get_model(label)._base_manager.get(pk=pk)
    return row


def _plain(value: Any) -> Any:
    """`value` as JSON that is equal exactly when the content asked for is equal."""
    if isinstance(value, models.Model):
        return name_of(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value)) if not isinstance(value, Sealed) else value.reveal()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(json.dumps(_plain(item), sort_keys=True) for item in value)
    if isinstance(value, (list, tuple, models.QuerySet)):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, File):
        value.seek(0)
        digest = hashlib.file_digest(value, "sha256").hexdigest()  # type: ignore[arg-type]
        value.seek(0)
        return digest
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def content_digest(verb: str, arguments: dict[str, Any]) -> bytes:
    """A keyed hash of everything that was asked, with nothing of it readable."""
    content = json.dumps([verb, _plain(arguments)], sort_keys=True, ensure_ascii=True)
    return hmac.digest(bytes.fromhex(keys().audit), content.encode(), hashlib.sha256)


class _Lines:
    """What the actions of one transaction will say in the trail."""

    def __init__(self) -> None:
        self.lines: list[chain.Line] = []
        self.details: list[dict[str, Any]] = []


_open: ContextVar[_Lines | None] = ContextVar("open_action", default=None)


def running() -> object | None:
    """What stands for the running transaction: a row that was read and held in it need not be read in it again."""
    return _open.get()


def note(**details: Any) -> None:
    """Add `details` (ids, counts, names of fields; never a name or number of a person) to the running action's line."""
    lines = _open.get()
    if lines is None:
        raise RuntimeError("note() belongs inside an action")
    lines.details[-1].update(_plain(details))


def also(verb: str, *, by: WhoActs, subject: models.Model, **details: Any) -> None:
    """Leave a line of its own for one of many rows that the running action writes at once."""
    lines = _open.get()
    if lines is None:
        raise RuntimeError("also() belongs inside an action")
    lines.lines.append(
        chain.Line(timezone.now(), by.user_id, by.origin, verb, name_of(subject), details=_plain(details))
    )


def action(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function with named arguments the one door for `verb`.

    The function must take `by` (who acts). If it is called with a `request_id`, the same id again returns the row
    that the first call returned; with other content it raises RequestReused. Arguments that tell the moment of
    asking (`at`) do not count as content, because a retry comes later.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def door(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{verb} takes named arguments only")
            request_id: UUID | None = kwargs.get("request_id")  # type: ignore[assignment]
            if request_id is None:
                with transaction.atomic():
                    return _carry_out(verb, function, kwargs)
            return _once(verb, request_id, function, kwargs)

        return door

    return wrap


_done = Prepared(lambda: DoneRequest.objects.filter(request_id__is=Slot("request_id")))


def _once(verb: str, request_id: UUID, function: Callable[..., R], kwargs: dict[str, Any]) -> R:
    by = kwargs["by"]
    asked = {key: value for key, value in kwargs.items() if key not in ("by", "at", "request_id")}
    digest = content_digest(verb, asked | {"by": by.user_id})
    if (done := _done.first(request_id=request_id)) is not None:
        return cast(R, _first_answer(done, digest))
    try:
        with transaction.atomic():
            insert([DoneRequest(request_id=request_id, verb=verb, content_digest=digest, result="", at=timezone.now())])
            result = _carry_out(verb, function, kwargs)
            if isinstance(result, models.Model):
                update(DoneRequest, where={"request_id": request_id}, result=name_of(result))
            return result
    except IntegrityError:
        # Another desk may have sent the same request a moment ago; any other broken constraint is its own error.
        if (done := _done.first(request_id=request_id)) is None:
            raise
        return cast(R, _first_answer(done, digest))


def _first_answer(done: DoneRequest, digest: bytes) -> models.Model | None:
    if bytes(done.content_digest) != digest:
        raise RequestReused(done.request_id)
    return row_named(done.result)


def _carry_out(verb: str, function: Callable[..., R], kwargs: dict[str, Any]) -> R:
    """Run the action; the outermost one writes all lines at its end, so that the chain is locked only briefly."""
    outer = _open.get()
    lines = outer or _Lines()
    written_before = len(lines.lines)
    token = _open.set(lines)
    lines.details.append({})
    try:
        result = function(**kwargs)
        lines.lines.append(_line(verb, kwargs["by"], result, lines.details[-1]))
    except BaseException:
        del lines.lines[written_before:]  # what an inner action said is undone with it
        raise
    finally:
        lines.details.pop()
        _open.reset(token)
    if outer is None:
        chain.append(lines.lines)
    return result


def _line(verb: str, by: WhoActs, result: object, details: dict[str, Any]) -> chain.Line:
    subject = details.pop("subject", name_of(result) if isinstance(result, models.Model) else "")
    return chain.Line(timezone.now(), by.user_id, by.origin, verb, subject, details=dict(details))


def look(verb: str, *, by: WhoActs, at: datetime, people: Iterable[models.Model]) -> None:
    """Leave in the trail that `by` looked at `people` (one line for one page, however many it shows)."""
    rows = list(people)
    subject = name_of(rows[0]) if len(rows) == 1 else ""
    details = {"people": [row.pk for row in rows]} if len(rows) != 1 else {}
    chain.append([chain.Line(at, by.user_id, by.origin, verb, subject, is_look=True, details=details)])
