"""Writes of village doctors' papers: hand in, remind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.files import File
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.models import PaperReminder, VillagePaper
from qingmiao.surveillance.papers import forms

LARGEST = 8 * 1024 * 1024
BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"%PDF": "application/pdf"}


class NoScan(Exception):
    """The file is not a photo or scan that every browser shows, or it is too large."""

    def __init__(self) -> None:
        super().__init__(_("Take a photo (JPEG or PNG) or a PDF of at most 8 MB."))


@action("surveillance.hand_paper_in")
def hand_paper_in(
    *,
    by: Actor,
    village: Organisation,
    form: str,
    month: date,
    at: datetime,
    scan: File | None = None,  # type: ignore[type-arg]
    kept_where: str = "",
    counts: Mapping[str, int] | None = None,
    remark: str = "",
    request_id: UUID | None = None,
) -> VillagePaper:
    """Write down that a village handed a form in. A second time adds to the first: the day it first came stands."""
    by.must("surveillance.hand_paper_in", village)
    kind = "" if scan is None else _kind_of(scan)
    wanted = forms()[form]["counts"]
    known = {name: int(value) for name, value in (counts or {}).items() if name in wanted}
    paper, is_new = VillagePaper.objects.select_for_update().get_or_create(
        village=village,
        form=form,
        month=month.replace(day=1),
        defaults={"received_at": at, "received_by_id": by.user_id, "counts": known},
    )
    changes: dict[str, object] = {"counts": paper.counts | known}
    changes |= {name: text for name, text in {"kept_where": kept_where[:80], "note": remark[:200]}.items() if text}
    if scan is not None:
        paper.scan.save(f"paper.{kind.rpartition('/')[2]}", scan, save=False)
        changes |= {"scan": paper.scan.name, "scan_type": kind}
    change(paper, **changes)
    note(village=village.pk, form=form, is_new=is_new)
    return paper


def _kind_of(scan: File) -> str:  # type: ignore[type-arg]
    """The type that the content itself says; raises NoScan."""
    scan.seek(0)
    head = scan.read(8)
    scan.seek(0)
    kind = next((kind for begins, kind in BEGINNINGS.items() if head.startswith(begins)), "")
    if not kind or scan.size > LARGEST:
        raise NoScan
    return kind


@action("surveillance.remind_village")
def remind_village(
    *,
    by: Actor,
    village: Organisation,
    month: date,
    missing: Sequence[str],
    how: str,
    at: datetime,
    request_id: UUID | None = None,
) -> PaperReminder:
    """Write down that a village was reminded, of which forms and how. Nothing is sent by this."""
    by.must("surveillance.remind_village", village)
    return PaperReminder.objects.create(
        village=village, month=month.replace(day=1), forms=list(missing), how=how[:12], at=at, by_id=by.user_id
    )
