"""Small rulesets drawn in a test, and a person judged against them in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from qingmiao.engine import Ruleset, assess
from qingmiao.engine import tables as tb

VACCINES = ("A", "B", "live1", "live2", "other")


def months(number: int, days: int = 0) -> tb.Span:
    return tb.Span(number, days)


def days(number: int) -> tb.Span:
    return tb.Span(0, number)


def dose(number: int, *, after: tb.Span | None = None, at: tb.Span | None = None, **more: Any) -> tb.TargetDose:
    """A target dose for vaccine A with a minimum age `at` and a gap `after` the previous dose; `more` overrides."""
    fields: dict[str, Any] = {
        "number": number,
        "ages": (tb.AgeRow(at, at, at, rule=tb.Rule(f"test.dose_{number}.age")),) if at else (),
        "preferable": (tb.VaccineRow("A", is_forecast=True),),
        "rule": tb.Rule(f"test.dose_{number}"),
    }
    if after:
        fields["intervals"] = (tb.Interval(tb.From.PREVIOUS, absolute_minimum=after, minimum=after),)
    return tb.TargetDose(**(fields | more))


def series(*targets: tb.TargetDose, **more: Any) -> tb.Series:
    fields: dict[str, Any] = {"name": "S", "vaccine_group": "G", "is_default": True, "rule": tb.Rule("test")}
    return tb.Series(targets=targets, **(fields | more))


def ruleset(*listed: tb.Series, **more: Any) -> Ruleset:
    """One antigen X for vaccines A, B, live1 and live2; "other" counts for antigen Y, which has no series."""
    associations = {code: (tb.Association("Y" if code == "other" else "X"),) for code in VACCINES}
    fields: dict[str, Any] = {
        "antigens": (tb.Antigen("X", listed), tb.Antigen("Y", ())),
        "vaccines": tuple(tb.Vaccine(code, code, associations[code]) for code in VACCINES),
        "groups": (tb.VaccineGroup("G", ("X",)), tb.VaccineGroup("H", ("Y",))),
        "observations": tuple(tb.Observation(code) for code in ("sick", "immune", "ill", "born abroad")),
    }
    return Ruleset.of(tb.Ruleset(name="drawn", version="1", **(fields | more)))


@dataclass(frozen=True)
class Found:
    """What came out: one (status, reasons, number) a dose, and the first forecast of group G."""

    doses: list[tuple[str, set[str], int | None]]
    group: dict[str, Any]
    series: list[dict[str, Any]]

    @property
    def statuses(self) -> list[str]:
        return [status for status, _, _ in self.doses]

    def __getattr__(self, name: str) -> Any:
        value = self.group[name]
        return value.isoformat() if isinstance(value, date) else value


def judged(
    rules: Ruleset,
    born: str | None,
    on: str,
    doses: Sequence[tuple[str, str]] = (),
    facts: Sequence[tuple[str, str | None, str]] = (),
    sex: str = "F",
    compiled: bool = False,
    **dose_columns: Sequence[Any],
) -> Found:
    """Judge one person. Doses are (day, vaccine) in any order, facts (code, day, value)."""
    day = date.fromisoformat
    found = assess(
        rules,
        pa.table({"person_id": [1], "born_on": pa.array([day(born) if born else None], pa.date32()), "sex": [sex]}),
        pa.table(
            {
                "person_id": pa.array([1] * len(doses), pa.int64()),
                "given_on": pa.array([day(d) for d, _ in doses], pa.date32()),
                "vaccine": pa.array([v for _, v in doses], pa.string()),
                **{name: pa.array(values) for name, values in dose_columns.items()},
            }
        ),
        pa.table(
            {
                "person_id": pa.array([1] * len(facts), pa.int64()),
                "code": pa.array([c for c, _, _ in facts], pa.string()),
                "on": pa.array([day(d) if d else None for _, d, _ in facts], pa.date32()),
                "value": pa.array([v for _, _, v in facts], pa.string()),
            }
        ),
        on=day(on),
        compiled=compiled,
    )
    rows = sorted(found.doses.to_pylist(), key=lambda row: row["dose"])
    groups = [row for row in found.groups.to_pylist() if row["vaccine_group"] == "G"]
    return Found(
        [(row["status"], set(row["reasons"]), row["dose_number"]) for row in rows],
        groups[0] if groups else {},
        found.series.to_pylist(),
    )
