"""Lists of vaccinated people held against the ledger: what agreed, and the difference list."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingmiao.privacy.masking import masked_name
from qingmiao.registry.models import LedgerFile, LedgerImport, LedgerRow
from qingmiao.registry.queries.imports import content_of
from qingmiao.registry.queries.rosters import Found
from qingmiao.staff.models import Organisation

TITLES: dict[str, str | Promise] = {
    Found.NOT_ON_LEDGER: _("Not on the ledger"),
    Found.OTHER_NUMBER: _("Same name, other number"),
    Found.TWICE: _("Listed twice"),
    Found.UNCLEAR: _("Cannot be identified"),
}
TWICE = frozenset({"duplicate_in_file", "duplicate_across_files", "dose_number_repeated"})
LONGEST = 500  # rows kept with a snapshot; the counts are always whole


def checked_lists(organisation: Organisation, until: datetime) -> dict[str, Any]:
    """As JSON: over all lists of vaccinated people imported for `organisation` until that moment and not undone, how
    many rows were `listed` and `matched`, the `counts` of each difference, and its `rows` with file, row, and masked
    name."""
    counts: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    for row in _listed(organisation, until):
        found = _found(row)
        counts[found] += 1
        if found is not Found.MATCHED and len(rows) < LONGEST:
            rows.append({"file": row.file.name, "row": row.row, "what": found, "name": _name(row)})
    matched = counts.pop(Found.MATCHED, 0)
    return {"listed": matched + counts.total(), "matched": matched, "counts": dict(counts), "rows": rows}


def _listed(organisation: Organisation, until: datetime) -> list[LedgerRow]:
    files = LedgerFile.objects.filter(
        ledger_import__status=LedgerImport.Status.WRITTEN,
        ledger_import__written_at__lte=until,
        ledger_import__place__path__begins=organisation.path,
        is_refused=False,
    )
    lists = [file.pk for file in files if any(sheet.get("kind") == "vaccinated" for sheet in file.columns)]
    rows = LedgerRow.objects.filter(file__in=lists).exclude(group=LedgerRow.Group.SKIPPED)
    return list(rows.select_related("file").order_by("file__ledger_import", "file__position", "row"))


def _found(row: LedgerRow) -> Found:
    """What the ledger said of a listed row when it was taken in; `registry.queries.rosters` says it before that."""
    codes = set(row.codes.split())
    if row.outcome == "rejected":
        return Found.UNCLEAR
    if codes & TWICE:
        return Found.TWICE
    if "not_on_roster" in codes:
        return Found.OTHER_NUMBER if "same_name_different_id" in codes else Found.NOT_ON_LEDGER
    return Found.MATCHED


def _name(row: LedgerRow) -> str:
    content = content_of(row)
    return masked_name(content.get("clean", {}).get("name") or "")
