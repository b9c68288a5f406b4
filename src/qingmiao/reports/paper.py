"""Printed pages as PDF files, where the system can draw them."""

from __future__ import annotations

import shutil
import subprocess

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from qingmiao.reports.bulletin import Bulletin

NEEDED = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


class NoPdfHere(Exception):
    """This system lacks what a PDF is drawn with; the print page in the browser works without it."""

    def __init__(self, lacking: str) -> None:
        super().__init__(
            _(
                "No PDF can be made here: {lacking} is missing. Install it (on Debian or Ubuntu: apt-get install "
                "{packages}) and start Qingmiao again. Until then print the page from the browser, or write .html."
            ).format(lacking=lacking, packages=NEEDED)
        )


def bulletin_html(bulletin: Bulletin) -> str:
    """The bulletin as one page that needs nothing else."""
    return render_to_string("reports/bulletin.html", {"bulletin": bulletin})


def as_pdf(html: str) -> bytes:
    """`html` as a PDF file. Raises NoPdfHere when Pango, or any font with Chinese characters, is missing."""
    try:
        from weasyprint import HTML
    except OSError as error:
        raise NoPdfHere("Pango") from error
    if not has_chinese_font():
        raise NoPdfHere(_("a font with Chinese characters"))
    return bytes(HTML(string=html, url_fetcher=_fetch_nothing).write_pdf())


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Chinese; True where it cannot be asked (Windows, macOS have their own)."""
    asked = shutil.which("fc-list")
    if asked is None:
        return True
    answer = subprocess.run([asked, ":lang=zh", "family"], capture_output=True, text=True, check=False)  # noqa: S603 (nothing of it comes from outside)
    return bool(answer.stdout.strip())


def _fetch_nothing(url: str, *_: object) -> dict[str, object]:
    raise ValueError(f"a printed page fetches nothing, and asked for {url}")
