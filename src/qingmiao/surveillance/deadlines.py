"""Until when: the clocks of reports, reviews, investigations and certificates.

Pure: the starting moment is passed in. A clock in hours counts elapsed time, whatever the wall clock did in between; a
clock in days ends with the last local day. Sources: rules/surveillance/deadlines.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from qingmiao.surveillance.dated import in_force, rule_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Deadline:
    """When something is late: from `due_at` on. `clock`, `reference` and `article` say by which rule."""

    clock: str
    due_at: datetime
    reference: str
    article: str

    def is_late(self, done_at: datetime) -> bool:
        """Whether something done at that moment was too late; the last moment itself is in time."""
        return done_at > self.due_at


def deadline(clock: str, started_at: datetime) -> Deadline:
    """When `clock` runs out that started at `started_at` (aware). Raises NoRuleInForce for a day without a rule."""
    rule = rule_file("deadlines")["clocks"][clock]
    local_day = started_at.astimezone(SHANGHAI).date()
    value = in_force(rule["values"], local_day, clock)
    due_at = (
        started_at.astimezone(UTC) + timedelta(hours=value["hours"])
        if "hours" in value
        else _end_of(local_day + timedelta(days=value["days"]))
    )
    return Deadline(clock, due_at, value["reference"], value["article"])


def _end_of(day: date) -> datetime:
    """The first moment after a local day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
