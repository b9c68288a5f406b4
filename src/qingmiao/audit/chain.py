"""The keyed hash chain: each entry's digest covers the one before it, so nothing can be changed, cut out or put in
between without the key. Cutting the tail shows against a head that was kept elsewhere (`qingmiao audit head`)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from qingmiao.audit.models import AuditEntry, AuditHead
from qingmiao.audit.statements import Prepared, insert, update
from qingmiao.config.keys import keys

START = bytes(32)


@dataclass(frozen=True)
class Line:
    """One entry before it has its place in the chain."""

    at: datetime
    user_id: int | None
    origin: str
    verb: str
    subject: str
    is_look: bool = False
    details: dict[str, Any] = field(default_factory=dict)


def digest_of(previous: bytes, seq: int, line: Line) -> bytes:
    """The digest of `line` at place `seq` behind `previous`: HMAC-SHA-256 with the installation's audit key."""
    content = json.dumps(
        [
            seq,
            line.at.astimezone(UTC).isoformat(),
            line.user_id,
            line.origin,
            line.verb,
            line.subject,
            line.is_look,
            line.details,
        ],
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.digest(bytes.fromhex(keys().audit), previous + content.encode(), hashlib.sha256)


def append(lines: list[Line]) -> None:
    """Put `lines` at the end of the chain, inside the caller's transaction: if they cannot be written, nothing is."""
    if not lines:
        return
    with transaction.atomic(savepoint=False):
        seq, digest = _held_head()
        entries = []
        for line in lines:
            seq += 1
            digest = digest_of(digest, seq, line)
            entries.append(AuditEntry(seq=seq, digest=digest, **vars(line)))
        insert(entries)
        update(AuditHead, where={"id": 1}, seq=seq, digest=digest)


_head = Prepared(lambda: AuditHead.objects.select_for_update().filter(id=1))


def _held_head() -> tuple[int, bytes]:
    """The end of the chain, held until the transaction ends; made by the first line of all."""
    head = _head.first()
    if head is None:
        AuditHead.objects.get_or_create(id=1, defaults={"seq": 0, "digest": START})
        head = _head.one()
    return head.seq, bytes(head.digest)


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and how."""

    seq: int
    why: str  # "altered", "missing" or "head"


def breaks(kept_head: tuple[int, bytes] | None = None) -> Iterator[Broken]:
    """Every place where the stored trail differs from what was written; none means it is whole.

    `kept_head` is a head that was kept outside the database: the trail must still contain it.
    """
    seq, digest = 0, START
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != seq + 1:
            yield Broken(seq + 1, "missing")
        line = Line(entry.at, entry.user_id, entry.origin, entry.verb, entry.subject, entry.is_look, entry.details)
        seq = entry.seq
        if digest_of(digest, seq, line) != bytes(entry.digest):
            yield Broken(seq, "altered")
        digest = bytes(entry.digest)
        if kept_head and kept_head[0] == seq and kept_head[1] != digest:
            yield Broken(seq, "head")
    if kept_head and kept_head[0] > seq:
        yield Broken(seq + 1, "missing")
    head = AuditHead.objects.filter(id=1).first()
    if head is not None and (head.seq, bytes(head.digest)) != (seq, digest):
        yield Broken(head.seq, "head")
