"""Ledgers: upload, review what was understood, settle questions, write everything at once, undo the whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import xlsxwriter
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.audit import door
from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.registry.actions.imports import (
    NotInThisState,
    QuestionsOpen,
    accept_proposals,
    answer_questions,
    approve_import,
    drop_import,
    plan_again,
    retype_cell,
    teach_header,
    upload_ledger,
)
from qingmiao.registry.actions.undoing import undo_import
from qingmiao.registry.ledger.vocabulary import national
from qingmiao.registry.models import LedgerImport, LedgerRow, Person
from qingmiao.registry.queries.imports import content_of, counts_of, kept_people, row_of, rows_of
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.liaison.shown import Columns, compared_with, language, notes_of, question_text, shown_row
from qingmiao.web.once import OnceForm, request_id

PERMISSION = "registry.import_ledger"
PLACES = ("bureau", "unit", "subdistrict", "community", "grid", "centre")
ON_A_PAGE = 50
Group = LedgerRow.Group
Status = LedgerImport.Status


class ManyFiles(forms.FileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each cleaned as one."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files that were chosen; at least one."""
        return [super(FilesField, self).clean(file, initial) for file in data or [None]]


class UploadForm(OnceForm):
    """Ledgers for one place."""

    ledgers = FilesField(
        label=gettext_lazy("Ledgers"),
        widget=ManyFiles(attrs={"multiple": True, "accept": ".xlsx,.xls,.csv,.txt"}),
        help_text=gettext_lazy(
            "Excel or CSV, any wording of the header. Files chosen together know each other's people."
        ),
    )
    place = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Whose people"))
    as_of = forms.DateField(
        label=gettext_lazy("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, request: HttpRequest) -> None:
        initial = {"as_of": access.today(request)}
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None, initial=initial)
        places = access.actor(request).visible(PERMISSION, Organisation).filter(kind__in=PLACES, closed_on=None)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places.order_by("path")
        first = places.order_by("path").first()
        field.initial = first.pk if first else None
        field.empty_label = None


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Upload ledgers; the imports so far."""
    who = access.actor(request)
    if not who.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    form = UploadForm(request)
    if request.method == "POST" and form.is_valid():
        found = upload_ledger(
            by=who,
            place=form.cleaned_data["place"],
            files=form.cleaned_data["ledgers"],
            as_of=form.cleaned_data["as_of"],
            at=access.now(request),
            request_id=form.cleaned_data["request_id"],
        )
        return redirect("liaison:review", pk=found.pk)
    earlier = who.visible(PERMISSION, LedgerImport).select_related("place").prefetch_related("files")
    page = Paginator(earlier, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/imports.html", {"form": form, "page": page}, status=422 if form.errors else 200)


@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What was understood: four counts, the rows of one of them, and the next act."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    door.look(PERMISSION, by=access.actor(request), at=access.now(request), people=[found])
    files = list(found.files.order_by("position"))
    counts = counts_of(found)
    group = _group(request.GET.get("group", ""), counts)
    page = Paginator(rows_of(found, group), ON_A_PAGE).get_page(request.GET.get("page"))
    columns = Columns(files)
    shown = [shown_row(row, columns) for row in page]
    compared_with(shown, found, columns)
    for line in shown:
        line["asks"], line["one"], line["two"] = question_text(line["question"])
    context = {
        "found": found,
        "files": files,
        "notes": notes_of(files),
        "cards": _cards(counts, group),
        "group": group,
        "page": page,
        "query": f"group={group}",
        "rows": shown,
        "waiting": counts.get(Group.ASK, 0),
        "is_empty": not found.totals.get("people_created") and not found.totals.get("people_merged"),
        "undo": _undo(found),
        "kept": kept_people(found, access.actor(request).visible("registry.see_person", Person)) if found.kept else [],
    }
    return render(request, "imports/review.html", context)


def _group(asked: str, counts: dict[str, int]) -> str:
    if asked in Group.values:
        return asked
    order = (Group.PROBLEM, Group.ASK, Group.NEW, Group.KNOWN)
    return next((group for group in order if counts.get(group)), Group.NEW)


def _cards(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    """The four counts as tabs; rows that are nobody are told beside them."""
    tones = {Group.PROBLEM: "is-stop", Group.ASK: "is-wait", Group.NEW: "is-go", Group.KNOWN: "is-later"}
    cards = [
        {"count": counts.get(group, 0), "label": group.label, "tone": tone, "url": f"?group={group}",
         "current": group == current, "keep": True}
        for group, tone in tones.items()
    ]  # fmt: skip
    skipped = {"count": counts.get(Group.SKIPPED, 0), "label": Group.SKIPPED.label, "tone": "is-later",
               "url": f"?group={Group.SKIPPED}", "current": current == Group.SKIPPED}  # fmt: skip
    return [*cards, skipped]


def _undo(found: LedgerImport) -> dict[str, Any] | None:
    if found.status != Status.WRITTEN:
        return None
    text = _("Written: {created} new people, {merged} rows added to people already known.").format(
        created=found.totals["people_created"], merged=found.totals["people_merged"]
    )
    return {"text": text, "url": "undo/", "label": _("Undo this import")}


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Write everything at once."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    try:
        approve_import(
            by=access.actor(request),
            ledger_import=found,
            version=int(request.POST.get("version", found.version)),
            at=access.now(request),
            request_id=request_id(request),
        )
    except (QuestionsOpen, NotInThisState) as refused:
        messages.error(request, str(refused))
    except ChangedMeanwhile:
        fresh = access.record(request, LedgerImport, PERMISSION, pk=pk)
        if fresh.status == Status.REVIEW:
            plan_again(by=access.actor(request), ledger_import=fresh)
        messages.warning(request, _("The ledger changed since you looked. Nothing was written; this is the new plan."))
    return redirect("liaison:review", pk=pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole import back."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)

    def act() -> None:
        undone = undo_import(
            by=access.actor(request),
            ledger_import=found,
            version=found.version,
            at=access.now(request),
            request_id=request_id(request),
        )
        messages.success(request, _("The import was undone; everything is as it was before.") if not undone.kept else
                         _("The import was undone. Some people changed since and were kept: see below."))  # fmt: skip

    return _told(request, found, act)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an upload aside."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    return _told(request, found, lambda: drop_import(by=access.actor(request), ledger_import=found))


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle every open question as proposed."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    return _told(request, found, lambda: accept_proposals(by=access.actor(request), ledger_import=found))


@require_POST
def answer(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Settle one question."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    line = row_of(found, row)
    value = "one" if request.POST.get("answer") == "one" else "two"
    act = lambda: answer_questions(by=access.actor(request), ledger_import=found, answers={line.pk: value})  # noqa: E731
    return _told(request, found, act, group=Group.ASK)


@require_POST
def retype(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Put another text into one cell."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    line = row_of(found, row)
    column, text = int(request.POST["column"]), request.POST.get("text", "")
    act = lambda: retype_cell(by=access.actor(request), row=line, column=column, text=text)  # noqa: E731
    return _told(request, found, act, group=Group.PROBLEM)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column was taken for; a wording can be taught."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    if request.method == "POST":
        header, field = request.POST.get("header", ""), request.POST.get("field", "")
        by, at = access.actor(request), access.now(request)
        act = lambda: teach_header(by=by, ledger_import=found, header=header, field=field, at=at)  # noqa: E731
        _told(request, found, act)
        return redirect("liaison:columns", pk=pk)
    wordings: dict[str, str] = {}
    for wording, field in national().fields.items():
        wordings.setdefault(field, wording)
    context = {"found": found, "files": found.files.order_by("position"), "wordings": wordings}
    return render(request, "imports/columns.html", context)


@require_GET
def problem_sheet(request: HttpRequest, pk: int) -> FileResponse:
    """The rows with problems as a workbook: the row as it came, and what to do. Every cell is text, never a formula."""
    found = access.record(request, LedgerImport, PERMISSION, pk=pk)
    door.look(PERMISSION, by=access.actor(request), at=access.now(request), people=[found])
    files = list(found.files.order_by("position"))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(_("Problems"))
    heads = Columns(files)
    for number, row in enumerate(rows_of(found, Group.PROBLEM).iterator(), 1):
        shown, raw = shown_row(row, heads), content_of(row).get("raw", [])
        if number == 1:
            told = [_("File"), pgettext("workbook", "Sheet"), _("Row"), _("Problem"), _("Cure")]
            titles = [*told, *(c["header"] for c in heads.of(row))]
            for at, title in enumerate(titles):
                sheet.write_string(0, at, str(title))
        problems = [problem for problem in shown["problems"] if not problem["is_quiet"]]
        said = "；".join(f"{p['header']} {p['title']}".strip() for p in problems)
        cures = "；".join(dict.fromkeys(p["cure"] for p in problems))
        file = next(file.name for file in files if file.pk == row.file_id)
        for at, text in enumerate([file, row.sheet, str(row.row), said, cures, *raw]):
            sheet.write_string(number, at, text)
    book.close()
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"problems-{found.pk}-{language()}.xlsx")


def _told(request: HttpRequest, found: LedgerImport, act: Callable[[], object], group: str = "") -> HttpResponse:
    """Do it and go back to the review, with what stood against it."""
    try:
        act()
    except NotInThisState as refused:
        messages.error(request, str(refused))
    response = redirect("liaison:review", pk=found.pk)
    if group and rows_of(found, group).exists():
        response["Location"] += f"?group={group}"
    return response
