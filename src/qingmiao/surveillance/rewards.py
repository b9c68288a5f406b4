"""What a quarter brings each doctor by a place's rule. Pure; kinds: rules/surveillance/rewards.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qingmiao.surveillance.dated import rule_file

Amounts = Mapping[str, int]


@dataclass(frozen=True)
class Finding:
    """One case as it counts for its doctor."""

    doctor: str
    department: str
    is_missed: bool
    is_late: bool = False
    is_incomplete: bool = False
    is_inconsistent: bool = False


@dataclass
class Line:
    """One doctor's line: how many of each kind, and the yuan they come to."""

    doctor: str
    department: str
    should_report: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    yuan: int = 0


def kinds() -> dict[str, dict[str, object]]:
    """The kinds of finding, with their words and whether they pay or cost."""
    found: dict[str, dict[str, object]] = rule_file("rewards")["kinds"]
    return found


def sheet_of(findings: Iterable[Finding], amounts: Amounts) -> list[Line]:
    """A line for every doctor, by department and name; a doctor without a name has one line too."""
    lines: dict[tuple[str, str], Line] = {}
    for finding in findings:
        key = (finding.department, finding.doctor)
        line = lines.setdefault(key, Line(finding.doctor, finding.department, counts=defaultdict(int)))
        line.should_report += 1
        for kind in _kinds_of(finding):
            line.counts[kind] += 1
    for line in lines.values():
        line.counts = {kind: line.counts.get(kind, 0) for kind in kinds()}
        line.yuan = sum(
            int(str(kinds()[kind]["sign"])) * amounts.get(kind, 0) * count for kind, count in line.counts.items()
        )
    return [lines[key] for key in sorted(lines)]


def _kinds_of(finding: Finding) -> list[str]:
    if finding.is_missed:
        return ["missed"]
    found = ["late" if finding.is_late else "in_time"]
    return found + ["incomplete"] * finding.is_incomplete + ["inconsistent"] * finding.is_inconsistent
