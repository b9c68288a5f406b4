"""Builds the Word templates of the work summaries: `python -m qingmiao.reports.documents.build`.

Run it after a change of layout, or of the wording in the .yaml files, and commit the .docx files it writes. An office
edits its own copy in Word (`qingmiao report template`); nothing here is needed for that. Layout after GB/T 9704-2012:
A4, margins 37/35/28/26 mm, title 2号小标宋, body 3号仿宋, headings 3号黑体, 22 lines a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FOLDER = Path(__file__).resolve().parent
TITLE, BODY, HEADING = "方正小标宋简体", "仿宋_GB2312", "黑体"
# What stands in for a font that a computer lacks: read by Word and WPS from the font table of the document.
STAND_INS = {
    TITLE: "FZXiaoBiaoSong-B05S;宋体;SimSun",
    BODY: "仿宋;FangSong;STFangsong",
    HEADING: "SimHei;Microsoft YaHei",
}
LATIN = "Times New Roman"
LINE = Pt(28.95)


def _fonts(owner: Run | ParagraphStyle, chinese: str, points: float) -> None:
    owner.font.name, owner.font.size = LATIN, Pt(points)
    owner.element.get_or_add_rPr().find(qn("w:rFonts")).set(qn("w:eastAsia"), chinese)


def _style(document: Doc, name: str, chinese: str, points: float, **layout: object) -> None:
    style = document.styles[name] if name in document.styles else document.styles.add_style(name, 1)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is not a style of paragraphs")
    _fonts(style, chinese, points)
    layout = {"line_spacing": LINE, "space_before": Pt(0), "space_after": Pt(0), "widow_control": False} | layout
    for key, value in layout.items():
        setattr(style.paragraph_format, key, value)


def new_document() -> Doc:
    """An empty official document with its styles."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.footer_distance = Mm(25)
    indent = Pt(32)  # two characters of 3号
    _style(document, "Normal", BODY, 16)
    _style(document, "QM Title", TITLE, 22, alignment=ALIGN.CENTER, line_spacing=Pt(36))
    _style(document, "QM Subtitle", BODY, 16, alignment=ALIGN.CENTER, space_after=Pt(14))
    _style(document, "QM Body", BODY, 16, first_line_indent=indent, alignment=ALIGN.JUSTIFY)
    _style(document, "QM Blank", BODY, 16)
    _style(document, "QM Heading", HEADING, 16, first_line_indent=indent, keep_with_next=True)
    _style(document, "QM Annex", HEADING, 16)
    _style(document, "QM Caption", HEADING, 12, alignment=ALIGN.CENTER)
    _style(document, "QM Table caption", HEADING, 12, alignment=ALIGN.CENTER, keep_with_next=True, space_before=Pt(8))
    _style(document, "QM Picture", BODY, 12, alignment=ALIGN.CENTER, line_spacing=1.0, keep_with_next=True)
    _style(document, "QM Sign", BODY, 16, alignment=ALIGN.RIGHT, right_indent=indent, keep_with_next=True)
    _style(document, "QM Note", BODY, 10.5, line_spacing=Pt(16), space_after=Pt(6))
    _page_number(page.footer.paragraphs[0])
    _stand_ins(document)
    return document


def _page_number(paragraph: Paragraph) -> None:
    """— 1 — in the middle of the foot."""
    paragraph.alignment = ALIGN.CENTER
    for text, kind in (("— ", "text"), ("", "begin"), (" PAGE ", "code"), ("", "end"), (" —", "text")):
        run = paragraph.add_run(text if kind == "text" else "")
        _fonts(run, "宋体", 14)
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
        elif kind in ("begin", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _stand_ins(document: Doc) -> None:
    """Name the stand-ins of our fonts in the document's font table."""
    part: Any = next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable"))
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{stand_ins}"/><w:charset w:val="86"/></w:font>'
        for name, stand_ins in STAND_INS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", rows.encode() + b"</w:fonts>")


def add_table(document: Doc, table: dict[str, Any]) -> None:
    """A table with its heading row, the repeating row between two loop rows, and a total row if it has one.

    `columns` are heading, field and width in mm; `each` is the loop; `points` the size of the letters; `names` the
    column of names.
    """
    if table["caption"]:
        document.add_paragraph(table["caption"], "QM Table caption")
    titles, fields, widths = zip(*table["columns"], strict=True)
    names = table.get("names", 1)  # the column that is read from the left; the others are centred
    grid = document.add_table(rows=0, cols=len(titles), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    loop = [f"{{%tr for {table['each']} %}}"], fields, ["{%tr endfor %}"]
    rows: list[Sequence[str]] = [titles, *loop, *([table["total"]] if "total" in table else [])]
    for number, texts in enumerate(rows):
        row = grid.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
            cell.width = Mm(width)
            text = texts[place] if place < len(texts) else ""
            _fill(cell, text, HEADING if number == 0 else BODY, table.get("points", 12), number == 0 or place != names)
    document.add_paragraph("", "QM Note")


def _fill(cell: _Cell, text: str, chinese: str, points: float, centred: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "QM Note"
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(points * 1.45)
    paragraph.alignment = ALIGN.CENTER if centred else ALIGN.LEFT
    _fonts(paragraph.add_run(text), chinese, points)


def build(wording: Path, path: Path) -> None:
    """Write the template that the file `wording` describes."""
    document, begins_page = new_document(), False
    for block in yaml.safe_load(wording.read_text(encoding="utf-8")):
        [(style, content)] = block.items()
        if style == "table":
            add_table(document, content)
        elif style == "page":  # a new page begins with the next paragraph
            document.paragraphs[-1].paragraph_format.keep_with_next = False
            begins_page = True
        else:
            paragraph = document.add_paragraph(content, f"QM {style}")
            paragraph.paragraph_format.page_break_before, begins_page = begins_page or None, False
    document.save(str(path))


def main() -> None:
    """Write every template."""
    for wording in sorted(FOLDER.glob("*.yaml")):
        build(wording, wording.with_suffix(".docx"))


if __name__ == "__main__":
    main()
