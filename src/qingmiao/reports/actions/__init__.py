"""Writes of figures, summary texts and statutory forms."""

from qingmiao.reports.actions.figures import DayNotOver, freeze_figure, write_summary_text

__all__ = ["DayNotOver", "freeze_figure", "write_summary_text"]
