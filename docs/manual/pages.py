"""The pages of the manual, one for each vaccine group and language, and an index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.cases import Case
from qingmiao.engine.rules.series import DoseRule, Gap, GroupRule
from qingmiao.engine.rules.values import Quantity, Source

from .sentences import sentence
from .words import age, confidence, length, origin

_HEAD = {
    "warning": {
        "zh": "> 本页由规则文件与案例自动生成，请勿手工修改。标有“待核对”或“沿用”的数值须核对后方可使用。",
        "en": "> Made from the rule files and their cases; do not edit. Values marked “to be checked” or “carried over”"
        " need a clinician's or CDC's signature before clinical use.",
    },
    "now": {"zh": "现行程序", "en": "In force"},
    "history": {"zh": "历次数值与依据", "en": "Every value, by date"},
    "readings": {"zh": "文本未明之处及本系统的取法", "en": "What the texts leave open, and how we read it"},
    "stops": {"zh": "禁忌与需先确认事项", "en": "Contraindications, and what to ask first"},
    "notes": {"zh": "说明", "en": "Notes"},
    "cases": {"zh": "案例", "en": "Cases"},
}
_COLUMNS = {
    "zh": "| 路径 | 剂次 | 最小年龄 | 间隔 | 完成年龄（小于） | 停止年龄 | 规则 |",
    "en": "| path | dose | from age | gaps | complete before | closes at | rule |",
}
_VALUES = {
    "zh": "| 规则 | 项目 | 起始日期 | 数值 | 依据 | 可信度 | 后续版本 |",
    "en": "| rule | what | from | value | reference | confidence | restated by |",
}
_KINDS = {
    "minimum_age": {"zh": "最小年龄（≥）", "en": "minimum age (≥)"},
    "valid_from_age": {"zh": "既往剂次有效年龄（≥）", "en": "counts from age (≥)"},
    "complete_before_age": {"zh": "完成年龄（<）", "en": "complete before (<)"},
    "closes_at_age": {"zh": "停止年龄（<）", "en": "closes at (<)"},
}


class Manual:
    """Pages for one rule book in one language, as of a day."""

    def __init__(self, book: RuleBook, language: str, day: date) -> None:
        self.book, self.language, self.day = book, language, day
        self.titles = {group.group: group.title for group in book.groups}
        self.titles |= {fact.code: fact.title for fact in book.facts.facts}

    def head(self, key: str) -> str:
        """A fixed text."""
        return _HEAD[key][self.language]

    def _age(self, quantity: Quantity | None) -> str:
        entry = quantity.written_on(self.day) if quantity else None
        return age(quantity.unit, entry.value, self.language) if quantity and entry and entry.value is not None else "–"

    def _gap(self, gap: Gap) -> str:
        entry = gap.minimum.written_on(self.day)
        if entry is None or entry.value is None or gap.minimum.only_if:
            return ""
        text = f"{origin(gap, self.titles, self.language)} ≥{length(gap.minimum.unit, entry.value, self.language)}"
        advised = gap.advised_maximum.written_on(self.day) if gap.advised_maximum else None
        if gap.advised_maximum and advised and advised.value is not None:
            word = "建议不超过" if self.language == "zh" else "advised within "
            text += f"（{word}{length(gap.advised_maximum.unit, advised.value, self.language)}）"
        return text

    def _now(self, group: GroupRule) -> Iterator[str]:
        yield _COLUMNS[self.language]
        yield "|---|---|---|---|---|---|---|"
        for path in group.paths_on(self.day):
            for number, dose in enumerate(path.doses, 1):
                entry = dose.minimum_age.written_on(self.day)
                if entry is None or entry.value is None or dose.only_if:
                    continue
                gaps = "<br>".join(text for gap in dose.gaps if (text := self._gap(gap)))
                ages = (dose.minimum_age, dose.complete_before_age, dose.closes_at_age)
                first, before, closes = map(self._age, ages)
                cells = (path.title[self.language], number, first, gaps, before, closes, f"`{dose.rule_id}`")
                yield f"| {' | '.join(map(str, cells))} |"

    def _source(self, source: Source) -> str:
        later = ", ".join(f"{key} [{code}]" for key, code in source.restated)
        return f"{source.reference} | {confidence(source.confidence, self.language)} | {later}"

    def _ages(self, rule_id: str, what: str, quantity: Quantity | None) -> Iterator[str]:
        if quantity is None:
            return
        for entry in quantity.values:
            value = "–" if entry.value is None else age(quantity.unit, entry.value, self.language)
            yield f"| `{rule_id}` | {what} | {entry.from_day} | {value} | {self._source(entry.source)} |"

    def _values(self, dose: DoseRule) -> Iterator[str]:
        for name, kind in _KINDS.items():
            yield from self._ages(dose.rule_id, kind[self.language], getattr(dose, name))
        for variant in dose.variants:
            who = f" ({', '.join(variant.products) or '*'})"
            for name in ("minimum_age", "complete_before_age"):
                yield from self._ages(dose.rule_id, _KINDS[name][self.language] + who, getattr(variant, name))
        for gap in dose.gaps:
            for entry in gap.minimum.values:
                value = "–" if entry.value is None else f"≥{length(gap.minimum.unit, entry.value, self.language)}"
                what = origin(gap, self.titles, self.language)
                yield f"| `{dose.rule_id}.gap` | {what} | {entry.from_day} | {value} | {self._source(entry.source)} |"

    def _history(self, group: GroupRule) -> Iterator[str]:
        yield _VALUES[self.language]
        yield "|---|---|---|---|---|---|---|"
        seen = set()
        for path in group.paths:
            for dose in path.doses:
                for line in self._values(dose):
                    if line not in seen:
                        seen.add(line)
                        yield line

    def _readings(self, group: GroupRule) -> Iterator[str]:
        for one in group.readings:
            stop = "。" if self.language == "zh" else ". "
            yield f"- `{one.name}`: {one.said[self.language]}{stop}{one.why[self.language]}"

    def _stops(self, group: GroupRule) -> Iterator[str]:
        for stop in (*group.contraindicated, *group.asks):
            products = f" ({', '.join(stop.products)})" if stop.products else ""
            yield f"- {stop.title[self.language]}{products} [{stop.source.reference}, {stop.source.confidence}]"

    def _notes(self, group: GroupRule) -> Iterator[str]:
        for text, source in group.notes:
            yield f"- {text[self.language]} [{source.reference}, {source.confidence}]"

    def page(self, group: GroupRule, cases: list[Case], chart: str) -> str:
        """The page of a group."""
        parts = [
            f"# {group.title[self.language]} `{group.rule_id}`",
            self.head("warning"),
            f"![{group.group}]({chart})",
        ]
        sections = {
            "now": self._now(group),
            "stops": self._stops(group),
            "notes": self._notes(group),
            "readings": self._readings(group),
            "history": self._history(group),
            "cases": (f"{number}. {sentence(self.book, case, self.language)}" for number, case in enumerate(cases, 1)),
        }
        for key, lines in sections.items():
            body = "\n".join(lines)
            if body:
                parts += [f"## {self.head(key)}", body]
        return "\n\n".join(parts) + "\n"

    def index(self, files: dict[str, str]) -> str:
        """The index of the language: the programme's chart, its pages, its editions, its documents."""
        zh = self.language == "zh"
        parts = [
            "# 免疫程序规则手册" if zh else "# Manual of immunization rules",
            self.head("warning"),
            f"![]({files['']})",
            "\n".join(
                f"- [{group.title[self.language]}]({files[group.group]}) `{group.rule_id}` ({group.programme})"
                for group in self.book.groups
            ),
            "## 版本" if zh else "## Editions",
            "\n".join(self._editions()),
            "## 文件" if zh else "## Documents",
            "\n".join(self._documents()),
        ]
        return "\n\n".join(parts) + "\n"

    def _editions(self) -> Iterator[str]:
        for edition in self.book.programme.editions:
            reference = self.book.references[edition.reference]
            yield f"- {edition.from_day}: {edition.key}, {reference.title[self.language]}"

    def _documents(self) -> Iterator[str]:
        yield "| key | title | no. | in force | confidence |\n|---|---|---|---|---|"
        for one in self.book.references.values():
            number = one.document_number or "–"
            sure = confidence(one.confidence, self.language)
            yield f"| {one.key} | {one.title[self.language]} | {number} | {one.in_force_from} | {sure} |"
