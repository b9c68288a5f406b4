"""Write docs/reference/schedule: python -m docs.manual.build [FOLDER]"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from qingmiao.engine.rules import RULES, RuleBook, load
from qingmiao.engine.rules.cases import Case, case_files, read_cases

from .chart import group_chart, programme_chart
from .pages import Manual
from .words import LANGUAGES

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "schedule"
ALSO = ("label", "key_groups")


def _cases() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for path in case_files(RULES / "cn"):
        for case in read_cases(path):
            found.setdefault(case.group, []).append(case)
    return found


def manual(book: RuleBook, day: date) -> dict[str, str]:
    """Every file of the manual by its path inside the folder. Same rules and day, same files."""
    cases, files = _cases(), {}
    for language in LANGUAGES:
        pages = Manual(book, language, day)
        names = {group.group: f"{group.rule_id.removeprefix('cn.')}.md" for group in book.groups}
        for group in book.groups:
            chart = names[group.group].replace(".md", ".svg")
            files[f"{language}/{names[group.group]}"] = pages.page(group, cases.get(group.group, []), chart)
            files[f"{language}/{chart}"] = group_chart(group, day, language)
        files[f"{language}/programme.svg"] = programme_chart(book, day, language)
        files[f"{language}/README.md"] = pages.index(names | {"": "programme.svg"})
    return files


def build(folder: Path = FOLDER) -> int:
    """Write the manual as of the newest edition; how many files."""
    book = load("cn", also=ALSO)
    day = max(edition.from_day for edition in book.programme.editions)
    files = manual(book, day)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(files)


if __name__ == "__main__":
    print(f"{build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)} files")
