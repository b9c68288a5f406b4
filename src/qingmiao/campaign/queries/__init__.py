"""Reads of campaigns, by subject."""

from qingmiao.campaign.queries.head_counts import declarations_at, head_count_at, is_late

__all__ = ["declarations_at", "head_count_at", "is_late"]
