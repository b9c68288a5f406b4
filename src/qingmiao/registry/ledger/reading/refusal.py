"""Why a file as a whole cannot be imported."""

from __future__ import annotations


class FileRefused(Exception):
    """A file that imports nothing.

    `code` is one of the codes of severity `file`; `detail` is the evidence, a key of the texts of that code
    or a plain figure, never content of the file.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
