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
from qingmiao.staff.models import Organisation

TITLES: dict[str, str | Promise] = {
    "not_on_ledger": _("Not on the ledger"),
    "other_number": _("Same name, other number"),
    "twice": _("Listed twice"),
    "unidentified": _("Cannot be identified"),
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
        what = _difference(row)
        counts[what or "matched"] += 1
        if what and len(rows) < LONGEST:
            rows.append({"file": row.file.name, "row": row.row, "what": what, "name": _name(row)})
    matched = counts.pop("matched", 0)
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


def _difference(row: LedgerRow) -> str:
    """Why a listed row did not simply agree with the ledger; "" when it did."""
    codes = set(row.codes.split())
    if row.outcome == "rejected":
        return "unidentified"
    if "not_on_roster" in codes:
        return "other_number" if "same_name_different_id" in codes else "not_on_ledger"
    return "twice" if codes & TWICE else ""


def _name(row: LedgerRow) -> str:
    content = content_of(row)
    return masked_name(content.get("clean", {}).get("name") or "")
