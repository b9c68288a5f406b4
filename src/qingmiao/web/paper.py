"""A page as a PDF file, in one way; where the system cannot draw one, a page that says what to install."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingmiao.reports.paper import NoPdfHere, as_pdf


def pdf_answer(request: HttpRequest, html: str, *, name: str, page: str, place: str = "") -> HttpResponse:
    """`html` as a PDF called `name`; instead, the address `page` of what a browser can print, and of which `place`."""
    try:
        content = as_pdf(html)
    except NoPdfHere as lacking:
        return render(
            request, "reports_desk/no_pdf.html", {"place": place, "page": page, "reason": str(lacking)}, status=503
        )
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
