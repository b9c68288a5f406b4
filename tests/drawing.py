"""Whether this machine can draw a PDF, and what an answer must be then."""

from __future__ import annotations

from typing import Any

from qingmiao.reports.paper import NEEDED, NoPdfHere, as_pdf


def is_drawn_or_told(answer: Any) -> bool:
    """Where a PDF can be drawn, the answer is one; elsewhere the page names the packages that are lacking."""
    try:
        as_pdf("<p>苗</p>")
    except NoPdfHere:
        return answer.status_code == 503 and NEEDED in answer.content.decode()
    return answer.status_code == 200 and answer.content.startswith(b"%PDF")
