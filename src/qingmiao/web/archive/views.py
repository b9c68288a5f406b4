"""The archive of a year: what is missing first, then every document, and a search through their texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.archive import queries
from qingmiao.archive.actions import AlreadyReplaced, keep_document
from qingmiao.archive.kinds import kinds
from qingmiao.archive.made import FORMS, Made, made
from qingmiao.archive.models import Document
from qingmiao.archive.reading import around
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.web import access
from qingmiao.web.archive.forms import DocumentForm
from qingmiao.web.export import as_xlsx

A_PAGE = 50
FIRST_YEAR = 2000
# Where what Qingmiao makes is opened, and by whom.
PAGES = {
    "minutes": ("meetings:minutes", "campaign.see"),
    "bulletin": ("reports:bulletin", "reports.see_figures"),
    "training": ("training:session", "training.see"),
    "certificate": ("training:certificate", "training.see_records"),
    "card_audit": ("missed:audit", "surveillance.see_audit"),
    "death_list": ("deaths:compare", "surveillance.review_death"),
    "village_papers": ("villages:year", "surveillance.see_papers"),
    "summary": ("reports:written-word", "reports.write_summary"),
    **dict.fromkeys(FORMS.values(), ("forms:form", "reports.see_form")),
}


def _must_see(request: HttpRequest) -> None:
    if not access.actor(request).paths_for("archive.see"):
        raise NotAllowed("archive.see")


def _year(request: HttpRequest) -> int:
    said, this_year = request.GET.get("year", ""), access.today(request).year
    return int(said) if said.isdigit() and FIRST_YEAR <= int(said) <= this_year + 1 else this_year


def _address(who: Actor, one: Made) -> str:
    """The page of what was made; none for whoever may not open it."""
    page, permission = PAGES[one.kind]
    address = reverse(page, args=[one.pk]) if who.may(permission, one.organisation) else ""
    return f"{address}?year={one.day.year}" if address and one.kind == "village_papers" else address


def _rows(request: HttpRequest, year: int, kind: str) -> Iterator[dict[str, Any]]:
    who, language = access.actor(request), get_language() or ""
    rows: list[dict[str, Any]] = [
        {
            "day": one.last_day,
            "period": f"{one.first_day}" if one.first_day == one.last_day else f"{one.first_day} – {one.last_day}",
            "kind": kinds()[one.kind].title(language),
            "unit": one.organisation.name,
            "title": one.title,
            "url": reverse("archive:document", args=[one.pk]),
        }
        for one in queries.documents(who, kind=kind, year=year)
    ] + [
        {
            "day": one.day,
            "period": f"{one.day}",
            "kind": kinds()[one.kind].title(language),
            "unit": one.organisation.name,
            "title": one.title,
            "url": _address(who, one),
        }
        for one in made(who, year)
        if kind in ("", one.kind)
    ]
    yield from sorted(rows, key=lambda row: row["day"], reverse=True)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A year: what is missing by unit and kind, and every document there is."""
    _must_see(request)
    who, year, kind = access.actor(request), _year(request), request.GET.get("kind", "")
    lines = queries.owed(who, year, today=access.today(request))
    context = {
        "year": year,
        "years": range(access.today(request).year, access.today(request).year - 6, -1),
        "kind": kind,
        "kinds": [(one.code, one.title(get_language() or "")) for one in kinds().values()],
        "lines": [(line, line.kind.title(get_language() or "")) for line in lines],
        "missing": sum(line.missing for line in lines),
        "page": Paginator(list(_rows(request, year, kind)), A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "archive/home.html", context)


@require_GET
def as_sheet(request: HttpRequest) -> HttpResponse:
    """The year's list as a spreadsheet."""
    _must_see(request)
    year = _year(request)
    rows = [(r["period"], r["kind"], r["unit"], r["title"]) for r in _rows(request, year, request.GET.get("kind", ""))]
    return as_xlsx(_("Archive of {year}").format(year=year), (_("Period"), _("Kind"), _("Unit"), _("Title")), rows)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Documents in which every word stands, with the place where the first one does."""
    _must_see(request)
    words = request.GET.get("q", "").strip()[:80]
    first = words.split()[0] if words else ""
    found = [
        (one, kinds()[one.kind].title(get_language() or ""), around(one.text, first))
        for one in queries.search(access.actor(request), words)
    ]
    return render(request, "archive/search.html", {"words": words, "found": found, "most": queries.MOST})


@require_http_methods(["GET", "POST"])
def put_in(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Put a file into the archive; with a document's number, in its place."""
    who = access.actor(request)
    if not who.paths_for("archive.keep"):
        raise NotAllowed("archive.keep")
    old = get_object_or_404(who.visible("archive.keep", Document), pk=pk) if pk else None
    form = DocumentForm(request.POST or None, request.FILES or None, actor=who, initial=_said(request, old))
    if request.method == "POST" and form.is_valid():
        try:
            document = keep_document(
                by=who,
                label=form.label(),
                file=form.cleaned_data["file"],
                at=access.now(request),
                replaces=old,
                request_id=form.cleaned_data["request_id"],
            )
        except AlreadyReplaced as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("In the archive: {title}").format(title=document.title))
            return redirect("archive:document", pk=document.pk)
    return render(request, "archive/put_in.html", {"form": form, "old": old}, status=422 if form.errors else 200)


def _said(request: HttpRequest, old: Document | None) -> dict[str, Any]:
    """What is known beforehand: the document to be replaced, or the empty cell that was pressed."""
    if old:
        return {"kind": old.kind, "organisation": old.organisation_id, "day": old.first_day, "title": old.title}
    said = {key: request.GET[key] for key in ("kind", "organisation", "day") if key in request.GET}
    return {"day": date(_year(request), 1, 1) if "year" in request.GET else access.today(request), **said}


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: its label, who put it in, what it replaced."""
    found = access.record(request, Document, "archive.see", pk=pk)
    context = {
        "document": found,
        "kind": kinds()[found.kind].title(get_language() or ""),
        "older": Document.objects.filter(replaced_by=found).first(),
        "may_keep": access.actor(request).may("archive.keep", found),
    }
    return render(request, "archive/document.html", context)


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was put in."""
    found = access.record(request, Document, "archive.see", pk=pk)
    return FileResponse(found.content.open("rb"), as_attachment=True, filename=found.name)
