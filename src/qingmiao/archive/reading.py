"""The text of a document, so that it can be searched. Pure: bytes in, text out.

A file that cannot be read, and a picture, give "": it is kept all the same and found by its title and note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import PurePath

LONGEST = 500_000  # characters that are kept for the search


def _word(content: bytes) -> Iterator[str]:
    from docx import Document

    document = Document(BytesIO(content))
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        for row in table.rows:
            yield " ".join(cell.text for cell in row.cells)


def _sheet(content: bytes) -> Iterator[str]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for name in book.sheet_names:
        yield name
        for row in book.get_sheet_by_name(name).to_python():
            yield " ".join(str(cell) for cell in row if cell not in ("", None))


def _pdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    yield from (page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def _plain(content: bytes) -> Iterator[str]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            yield content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    ".docx": _word,
    ".xlsx": _sheet,
    ".xls": _sheet,
    ".pdf": _pdf,
    ".txt": _plain,
    ".csv": _plain,
    ".md": _plain,
}


def text_of(name: str, content: bytes) -> str:
    """What can be read of a file called `name`, at most `LONGEST` characters, white space made one blank."""
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        return ""
    try:
        text = " ".join(reader(content))
    except Exception:
        return ""
    return " ".join(text.replace("\0", " ").split())[:LONGEST]


def around(text: str, wanted: str, before: int = 24, after: int = 56) -> tuple[str, str, str]:
    """The first place of `wanted` in `text`, between what stands before and after it; three empty texts if nowhere."""
    place = text.casefold().find(wanted.casefold())
    if not wanted or place < 0:
        return "", "", ""
    end = place + len(wanted)
    return text[max(place - before, 0) : place], text[place:end], text[end : end + after]
