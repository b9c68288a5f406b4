"""Writes of the archive: a document is put in, and a better one replaces it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files import File
from django.utils.translation import gettext as _

from qingmiao.archive.kinds import Period, kinds
from qingmiao.archive.models import Document
from qingmiao.archive.reading import text_of
from qingmiao.audit.door import action, note
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


class UnknownKind(Exception):
    """The archive has no such kind of document."""

    def __init__(self, kind: str) -> None:
        super().__init__(_("The archive knows no kind “{kind}”. Choose one of the list.").format(kind=kind))


class AlreadyReplaced(Exception):
    """A newer document already stands in this one's place."""

    def __init__(self) -> None:
        super().__init__(_("This document was replaced already. Open the newer one and replace that."))


@dataclass(frozen=True)
class Label:
    """What is written on a document."""

    kind: str
    organisation: Organisation
    period: Period
    title: str
    note: str = ""


@action("archive.keep_document")
def keep_document(
    *,
    by: Actor,
    label: Label,
    file: File[Any],
    at: datetime,
    replaces: Document | None = None,
    request_id: UUID | None = None,
) -> Document:
    """Put a file into the archive. The same file under the same label is kept once.

    `replaces` names the document that this one is better than; it stays readable. Raises AlreadyReplaced.
    """
    if label.kind not in kinds():
        raise UnknownKind(label.kind)
    file.seek(0)
    content = file.read()
    document = Document(
        kind=label.kind,
        organisation=label.organisation,
        first_day=label.period.first,
        last_day=label.period.last,
        title=label.title,
        note=label.note,
        name=(file.name or "document")[-160:],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        text=text_of(file.name or "", content),
        kept_at=at,
        kept_by_id=by.user_id,
        kept_by_name=by.name,
    )
    by.must("archive.keep", document)
    same = Document.objects.filter(
        organisation=label.organisation, kind=label.kind, first_day=label.period.first, sha256=document.sha256
    )
    if found := same.first():
        return found
    document.content.save(document.name, file, save=False)
    document.save()
    if replaces is not None:
        _put_in_place_of(by, replaces, document)
    note(bytes=len(content), readable=bool(document.text))
    return document


def _put_in_place_of(by: Actor, old: Document, new: Document) -> None:
    by.must("archive.keep", old)
    if not Document.objects.filter(pk=old.pk, replaced_by=None).update(replaced_by=new):
        raise AlreadyReplaced
