"""A row of a plan as the review shows it: what came beside what was understood, numbers masked, and its cures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingmiao.privacy.masking import masked_number, masked_phone
from qingmiao.registry.ledger.layout import cell_name
from qingmiao.registry.ledger.problems import Severity, severity_of, texts_of
from qingmiao.registry.models import LedgerFile, LedgerImport, LedgerRow
from qingmiao.registry.queries.imports import QUIET, content_of, first_rows_of

_MASKS = {"doc_no": masked_number, "phone": masked_phone, "keeper_phone": masked_phone, "child_code": masked_number}
_MASKS |= {"birth_cert": masked_number}
_FIRST = (
    "name",
    "sex",
    "birth",
    "doc_no",
    "phone",
    "unit",
    "category",
    "guardian",
    "vaccine",
    "dose_no",
    "time",
    "lot",
)
_SEXES = {1: "男", 2: "女"}


def language() -> str:
    """The language of the texts of codes: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"


class Columns:
    """What the columns of an import's sheets were taken for."""

    def __init__(self, files: Iterable[LedgerFile]) -> None:
        self._by_sheet = {(file.pk, sheet["sheet"][:120]): sheet["columns"] for file in files for sheet in file.columns}

    def of(self, row: LedgerRow) -> list[dict[str, Any]]:
        """Header and field of each column of the sheet a row stands on."""
        found: list[dict[str, Any]] = self._by_sheet.get((row.file_id, row.sheet), [])
        return found


def shown_row(row: LedgerRow, columns: Columns) -> dict[str, Any]:
    """Everything the review shows of one row."""
    content, heads = content_of(row), columns.of(row)
    raw: Sequence[str] = content.get("raw", ())
    problems = [_problem(row, problem, raw, heads) for problem in content.get("problems", ())]
    wrong = {problem["at"] for problem in problems if problem["at"] is not None and not problem["is_quiet"]}
    cells = [
        {"text": _masked(text, heads[i]["field"] if i < len(heads) else None), "is_wrong": i in wrong}
        for i, text in enumerate(raw)
        if text
    ]
    return {
        "row": row,
        "sheet": row.sheet,
        "cells": cells,
        "clean": clean_line(content.get("clean", {})),
        "problems": problems,
        "question": content.get("question"),
        "compared": content.get("compared"),
    }


def clean_line(clean: dict[str, Any]) -> list[str]:
    """The understood values worth a glance, numbers masked."""
    values = []
    for name in _FIRST:
        value = clean.get(name)
        if value not in (None, ""):
            values.append(_SEXES.get(value, "") if name == "sex" else _masked(str(value), name))
    return values


def _problem(
    row: LedgerRow, problem: dict[str, Any], raw: Sequence[str], heads: list[dict[str, Any]]
) -> dict[str, Any]:
    at, code = problem["at"], problem["code"]
    texts = texts_of(code, language())
    is_cell = at is not None and at < len(heads)
    value = raw[at] if is_cell and at < len(raw) else ""
    masked = _masked(value, heads[at]["field"]) if is_cell else value
    return {
        "code": code,
        "at": at,
        "cell": cell_name(at, row.row) if is_cell else "",
        "header": heads[at]["header"] if is_cell else "",
        "value": value if masked == value else "",  # a number is typed anew whole, never shown in clear
        "masked": masked,
        "title": texts.title,
        "why": texts.why,
        "cure": texts.cure,
        "is_quiet": code in QUIET,
        "is_error": severity_of(code) is Severity.ERROR,
        "may_retype": is_cell and code not in QUIET,
    }


def _masked(text: str, field: str | None) -> str:
    mask = _MASKS.get(field or "")
    return mask(text) if mask and len(text) > 4 else text


def compared_with(rows: Sequence[dict[str, Any]], ledger_import: LedgerImport, columns: Columns) -> None:
    """Put beside each row with a question whom it was compared with: a row of these files, or a person on record."""
    numbers = {row["compared"] for row in rows if row["compared"] is not None}
    first = first_rows_of(ledger_import, numbers) if numbers else {}
    for row in rows:
        other_row = first.get(row["compared"]) if row["compared"] is not None else None
        if other_row is not None and other_row.pk != row["row"].pk:
            row["other"] = clean_line(content_of(other_row).get("clean", {}))
            row["other_place"] = f"{other_row.sheet} {other_row.row}"


def notes_of(files: Iterable[LedgerFile]) -> list[dict[str, Any]]:
    """Problems of files, sheets and columns, as lines."""
    lines = []
    for file in files:
        for note in file.notes:
            texts = texts_of(note["code"], language())
            where = " ".join(str(part) for part in (file.name, note["sheet"], note["column"]) if part)
            lines.append(
                {
                    "where": where
                    if note["sheet"] != file.name
                    else " ".join(filter(None, (file.name, note["column"]))),
                    "title": texts.title,
                    "why": texts.why,
                    "cure": texts.cure,
                    "is_file": note["severity"] == Severity.FILE,
                    "is_column": note["code"] == "unknown_column",
                }
            )
    return lines


def question_text(question: str | None) -> tuple[str, str, str]:
    """What is asked, and the words of the two answers: one person, two people."""
    same, two = _("One person"), _("Two people")
    return {
        "same_number": (_("One number under two names: is it one person with a misspelt name?"), same, two),
        "namesake": (_("Same name, and nothing that tells them apart: is it one person?"), same, two),
        "twins": (_("Same guardian, same birth day, other name: twins, or one child under two names?"),
                  _("One child"), _("Twins")),
    }.get(question or "", ("", same, two))  # fmt: skip
