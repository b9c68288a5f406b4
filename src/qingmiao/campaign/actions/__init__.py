"""Writes of campaigns, by subject."""

from qingmiao.campaign.actions.head_counts import (
    HeadCountClosed,
    HeadCountOpen,
    NotOfThisRound,
    close_head_count,
    declare_number,
    open_head_count,
)

__all__ = [
    "HeadCountClosed",
    "HeadCountOpen",
    "NotOfThisRound",
    "close_head_count",
    "declare_number",
    "open_head_count",
]
