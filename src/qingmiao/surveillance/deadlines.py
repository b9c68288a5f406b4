"""Until when: the clocks of cards, reviews and certificates; shared with adverse reactions (ADR on `qingmiao.law`)."""

from __future__ import annotations

from qingmiao.law.deadlines import SHANGHAI, UTC, Deadline, deadline

__all__ = ["SHANGHAI", "UTC", "Deadline", "deadline"]
