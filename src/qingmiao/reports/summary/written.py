"""Reports of a stretch of days as Word files: a template, kept facts, and the office's own texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.reports.models import Compilation
from qingmiao.reports.summary.document import Summary, filled, template_of
from qingmiao.reports.summary.fields import Field
from qingmiao.reports.summary.figures import long_day
from qingmiao.reports.summary.kinds import Kind, Named, kind_of


class Cited(Mapping[str, Any]):
    """Facts by name; a name that was used is entered into the annex, in the order of its first use."""

    def __init__(self, compilation: Compilation, values: Mapping[str, Any], names: Mapping[str, Named]) -> None:
        self._compilation, self._values, self._names = compilation, values, names
        self.cited: list[str] = []

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        if name in self._names and name not in self.cited:
            self.cited.append(name)
        return value if isinstance(value, (list, dict)) else str(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def annex(self) -> Iterator[dict[str, Any]]:
        """A row for each fact used so far: number, field, title, value, rule, range, snapshot, moment."""
        kept = self._compilation
        for number, name in enumerate(self.cited, 1):
            value = self._values[name]
            table = isinstance(value, (list, dict))
            yield {
                "number": number,
                "field": name,
                "title": str(self._names[name].title),
                "value": _("table of {rows} rows").format(rows=len(value)) if table else str(value),
                "rule": self._names[name].query,
                "range": f"{kept.organisation_name}\n{kept.since.isoformat()} – {kept.until.isoformat()}",
                "snapshot": kept.pk,
                "moment": timezone.localtime(kept.taken_at).strftime("%Y-%m-%d %H:%M"),
            }


def cited(compilation: Compilation) -> Cited:
    """The facts of a report, ready to be named by a template or shown on a screen."""
    kind = kind_of(compilation.kind)
    values = compilation.facts | kind.words(compilation)
    return Cited(compilation, values, kind.names(compilation.facts))


def written(compilation: Compilation, texts: Mapping[str, str], template: Path | None = None) -> Summary:
    """The report as a Word file in the language now active. A text that nobody wrote stands as a marked blank, unless
    the data can say it. Raises TemplateWrong."""
    kind = kind_of(compilation.kind)
    facts = cited(compilation)
    said, blanks = _texts(kind, compilation, texts)
    context = {
        "f": facts,
        "t": said,
        "has": {name: bool(value) for name, value in compilation.facts.items()},
        "annex": facts.annex(),
        "office": compilation.organisation_name,
        "since": long_day(compilation.since),
        "on": long_day(compilation.until),
        "year": str(compilation.until.year),
        "signed_on": long_day(timezone.localdate(compilation.taken_at)),
    }
    content = filled(
        template or template_of(f"{kind.code}_summary"),
        context,
        author=compilation.organisation_name,
        source=f"{kind.code} · facts {compilation.pk}",
        pictures={"chart": kind.chart(compilation.facts)},
    )
    return Summary(content, blanks, list(facts.annex()))


def _texts(kind: Kind, compilation: Compilation, texts: Mapping[str, str]) -> tuple[dict[str, str], list[Field]]:
    """The office's texts by field, and the fields that are still blank."""
    defaults = kind.said(compilation.facts)
    found: dict[str, str] = {}
    blanks = []
    for field in kind.fields:
        text = texts.get(field.name, "").strip() or defaults.get(field.name, "")
        if not text and field.is_needed:
            blanks.append(field)
            text = _("【to be written: {what}】").format(what=field.label)
        found[field.name] = text
    return found, blanks
