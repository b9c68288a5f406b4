"""QR codes on slips, labels and printed pages: each leads back to the page it was printed from."""

from io import BytesIO

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext


def qr_svg(text: str) -> SafeString:
    """The text as an SVG that takes the size of its place; error correction M: a creased slip still reads."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, nl=False, svgclass=None, lineclass=None
    )
    svg = mark_safe(drawn.getvalue().decode())  # noqa: S308 (drawn by segno: paths and numbers, none of the text)
    return format_html('<span role="img" aria-label="{}">{}</span>', gettext("QR code, scan to open this page"), svg)
