"""Papers as files: PDF where the system can draw it, Word where the office's template can be filled; else a way out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from qingmiao.reports.paper import NoPdfHere, as_pdf
from qingmiao.reports.summary.document import TemplateWrong

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf_answer(request: HttpRequest, html: str, *, name: str, page: str, place: str = "") -> HttpResponse:
    """`html` as a PDF called `name`; instead, the address `page` of what a browser can print, and of which `place`."""
    try:
        content = as_pdf(html)
    except NoPdfHere as lacking:
        context = {"place": place, "page": page, "reason": str(lacking)}
        return render(request, "reports_desk/no_pdf.html", context, status=503)
    return _file(content, "application/pdf", name, to_be_kept=False)


def word_answer(request: HttpRequest, make: Callable[[], bytes], *, name: str, back: str) -> HttpResponse:
    """What `make` gives as a Word file called `name`; what is wrong with an office's template leads to `back`."""
    try:
        content = make()
    except TemplateWrong as wrong:
        return render(request, "reports_desk/template_wrong.html", {"reason": str(wrong), "back": back}, status=422)
    return _file(content, WORD, name, to_be_kept=True)


def _file(content: bytes, kind: str, name: str, *, to_be_kept: bool) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(to_be_kept, name) or ""}
    return HttpResponse(content, content_type=kind, headers=headers)
