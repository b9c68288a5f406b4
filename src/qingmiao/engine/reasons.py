"""Words for the kernel's codes: stable names, Chinese and English.

A *code* is what is stored and tested; texts are made from codes and may change. CDC's own words
for statuses and reasons are the English column of `STATUS` and `REASON`.
"""

from __future__ import annotations

from typing import NamedTuple

from qingmiao.engine.kernel import layout as at


class Words(NamedTuple):
    """A code with its names."""

    code: str
    en: str
    zh: str


EVALUATION_STATUS = {
    at.PASSED_OVER: Words("passed_over", "Not judged", "不在本程序内判定"),
    at.VALID: Words("valid", "Valid", "有效"),
    at.NOT_VALID: Words("not_valid", "Not Valid", "无效"),
    at.EXTRANEOUS: Words("extraneous", "Extraneous", "多余剂次"),
    at.SUBSTANDARD: Words("sub_standard", "Sub-standard", "不合格剂次"),
}
SERIES_STATUS = {
    at.NOT_RELEVANT: Words("not_relevant", "Not Relevant", "不适用"),
    at.NOT_COMPLETE: Words("not_complete", "Not Complete", "未完成"),
    at.COMPLETE: Words("complete", "Complete", "已完成"),
    at.AGED_OUT: Words("aged_out", "Aged Out", "超龄"),
    at.CONTRAINDICATED: Words("contraindicated", "Contraindicated", "有禁忌证"),
    at.IMMUNE: Words("immune", "Immune", "已有免疫力"),
    at.NOT_RECOMMENDED: Words("not_recommended", "Not Recommended", "不推荐"),
    at.UNKNOWN: Words("unknown", "Unknown", "资料不足"),
}
EVALUATION_REASON = {
    at.TOO_YOUNG: Words("too_young", "Age: Too Young", "未到最小年龄"),
    at.TOO_OLD: Words("too_old", "Age: Too Old", "超过最大年龄"),
    at.AGE_GRACE: Words("age_grace_period", "Age: Grace Period", "接种年龄在宽限期内"),
    at.TOO_SOON: Words("interval_too_short", "Interval: too Soon", "与前一剂间隔不足"),
    at.INTERVAL_GRACE: Words("interval_grace_period", "Interval: Grace Period", "间隔在宽限期内"),
    at.CONFLICT: Words("live_conflict", "Live Virus Conflict", "与另一种减毒活疫苗间隔不足"),
    at.NOT_PREFERABLE_OR_ALLOWABLE: Words("wrong_product", "Not a preferable or allowable vaccine", "疫苗品种不符"),
    at.OUTSIDE_VACCINE_AGES: Words(
        "outside_vaccine_ages", "Outside the age range of the vaccine", "不在该疫苗适用年龄内"
    ),
    at.WRONG_TRADE_NAME: Words("wrong_trade_name", "Other trade name than the preferable vaccine", "商品名不符"),
    at.INADVERTENT: Words("inadvertent_vaccine", "Inadvertent Vaccine", "误种"),
    at.SERIES_COMPLETE: Words("series_already_complete", "Series Already Complete", "此前已完成全程"),
    at.EXPIRED: Words("lot_expired", "Lot expired before the dose", "疫苗已过有效期"),
    at.FAULTY: Words("dose_condition", "Dose condition", "该剂次存在质量或操作问题"),
    at.LOW_VOLUME: Words("low_volume", "Less than recommended volume", "接种剂量少于推荐剂量"),
    at.ALLOWABLE_VACCINE: Words("allowable_vaccine", "Allowable vaccine", "可接受的疫苗品种"),
    at.ALLOWABLE_INTERVAL: Words("allowable_interval", "Allowable interval", "可接受的间隔"),
}
FORECAST_REASON = {
    at.NO_REASON: Words("", "", ""),
    at.SERIES_IS_COMPLETE: Words("series_is_complete", "Patient series is complete", "已完成全程"),
    at.PAST_HISTORY: Words(
        "past_history", "Not recommended at this time due to past immunization history", "按既往接种史目前无需接种"
    ),
    at.HAS_IMMUNITY: Words("has_immunity", "Patient has evidence of immunity", "有免疫力证据"),
    at.HAS_CONTRAINDICATION: Words("has_contraindication", "Patient has a contraindication", "有接种禁忌"),
    at.PAST_SEASON: Words("past_season", "Past seasonal recommendation end date", "已过推荐季节"),
    at.EXCEEDED_MAXIMUM_AGE: Words("exceeded_maximum_age", "Patient has exceeded the maximum age", "已超过最大年龄"),
    at.UNABLE_TO_FINISH: Words(
        "unable_to_finish",
        "Patient is unable to finish the series prior to the maximum age",
        "最早可种日已超过最大年龄",
    ),
}


def reasons_of(bits: int) -> list[Words]:
    """The reasons in a mask, in the order of their bits."""
    return [words for bit, words in EVALUATION_REASON.items() if bits & bit]
