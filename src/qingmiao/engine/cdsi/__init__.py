"""CDC's Clinical Decision Support for Immunization: the published XML folder as a ruleset."""

from qingmiao.engine.cdsi.supporting_data import NotSupportingData, read_supporting_data
from qingmiao.engine.cdsi.words import Report

__all__ = ["NotSupportingData", "Report", "read_supporting_data"]
