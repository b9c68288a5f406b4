"""Import of one antigen series with its target doses."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from qingmiao.engine import tables as tb
from qingmiao.engine.cdsi.words import Report, UnreadableWord, codes, cvx, day, one_of, span, text, yes

_TYPES = {
    "standard": tb.SeriesType.STANDARD,
    "risk": tb.SeriesType.RISK,
    "evaluation only": tb.SeriesType.EVALUATION_ONLY,
}
_CONTEXTS = {"evaluation": tb.Context.EVALUATION, "forecast": tb.Context.FORECAST, "both": tb.Context.BOTH}
_COMPARE = {"greater than": tb.Compare.GREATER, "equal to": tb.Compare.EQUAL, "less than": tb.Compare.LESS}
_SCOPES = {"total": tb.Scope.TOTAL, "valid": tb.Scope.VALID}
_KINDS = {"age": tb.Kind.AGE, "completed series": tb.Kind.COMPLETED_SERIES, "interval": tb.Kind.INTERVAL}
_SEXES = {"female": "F", "male": "M", "unknown": "U"}
_ALL_MUST_HOLD = {"and": True, "or": False}
_PRIORITY = {"override": True, "": False}


def read_series(element: Element, report: Report) -> tb.Series:
    """One `<series>` with its doses."""
    report.read["series"] += 1
    name = text(element, "seriesName", report) or ""
    preference = text(element, "selectSeries/seriesPreference", report)
    return tb.Series(
        name=name,
        vaccine_group=text(element, "vaccineGroup", report) or "",
        targets=tuple(_target(e, name, report) for e in element.findall("seriesDose")),
        type=one_of(_TYPES, text(element, "seriesType", report), ""),
        series_group=int(text(element, "selectSeries/seriesGroup", report) or 1),
        series_group_name=text(element, "selectSeries/seriesGroupName", report) or "",
        equivalent_groups=_numbers(text(element, "equivalentSeriesGroups", report)),
        is_default=yes(text(element, "selectSeries/defaultSeries", report)),
        is_product_path=yes(text(element, "selectSeries/productPath", report)),
        priority=text(element, "selectSeries/seriesPriority", report) or "Z",
        preference=int(preference) if preference else None,
        minimum_age_to_start=span(text(element, "selectSeries/minAgeToStart", report)),
        maximum_age_to_start=span(text(element, "selectSeries/maxAgeToStart", report)),
        sexes=tuple(
            one_of(_SEXES, words, "") for e in element.findall("requiredGender") if (words := (e.text or "").strip())
        ),
        indications=tuple(_indication(e, report) for e in element.findall("indication") if len(e)),
        guidance=tuple(
            (e.text or "").strip() for e in element.findall("seriesAdminGuidance") if (e.text or "").strip()
        ),
        rule=tb.Rule(f"cdsi.{name}", title_en=name),
    )


def _numbers(words: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in (words or "").split(";") if part.strip())


def _indication(element: Element, report: Report) -> tb.Indication:
    report.read["indications"] += 1
    return tb.Indication(
        observation=text(element, "observationCode/code", report) or "",
        begin_age=span(text(element, "beginAge", report)),
        end_age=span(text(element, "endAge", report)),
        text=text(element, "description", report) or "",
        guidance=text(element, "guidance", report) or "",
    )


def _target(element: Element, series: str, report: Report) -> tb.TargetDose:
    report.read["series doses"] += 1
    number = int((text(element, "doseNumber", report) or "").removeprefix("Dose"))
    rule = f"cdsi.{series}.dose_{number}"
    season = element.find("seasonalRecommendation")
    return tb.TargetDose(
        number=number,
        ages=tuple(_age(e, rule, report) for e in _filled(element, "age", report)),
        intervals=tuple(
            _interval(e, f"{rule}.interval_{i}", report) for i, e in enumerate(_filled(element, "interval", report), 1)
        ),
        allowable_intervals=tuple(
            _interval(e, f"{rule}.allowable_interval_{i}", report)
            for i, e in enumerate(_filled(element, "allowableInterval", report), 1)
        ),
        preferable=tuple(_vaccine(e, rule, report) for e in _filled(element, "preferableVaccine", report)),
        allowable=tuple(_vaccine(e, rule, report) for e in _filled(element, "allowableVaccine", report)),
        inadvertent=tuple(
            _vaccine(e, f"{rule}.inadvertent", report) for e in _filled(element, "inadvertentVaccine", report)
        ),
        skips=tuple(
            _skip(e, f"{rule}.skip_{i}", report) for i, e in enumerate(_filled(element, "conditionalSkip", report), 1)
        ),
        is_recurring=yes(text(element, "recurringDose", report)),
        season=(None, None)
        if season is None
        else (day(text(season, "startDate", report)), day(text(season, "endDate", report))),
        rule=tb.Rule(rule, title_en=f"{series}, dose {number}"),
    )


def _filled(parent: Element, tag: str, report: Report) -> list[Element]:
    """Children `tag` that say something; an empty placeholder means "no rule"."""
    found = parent.findall(tag)
    filled = [e for e in found if any((inner.text or "").strip() for inner in e.iter())]
    for _ in range(len(found) - len(filled)):
        report.note("empty placeholder read as no rule", tag)
    return filled


def _window(element: Element, report: Report) -> tb.Window:
    return tb.Window(day(text(element, "effectiveDate", report)), day(text(element, "cessationDate", report)))


def _age(element: Element, rule: str, report: Report) -> tb.AgeRow:
    report.read["age rows"] += 1
    return tb.AgeRow(
        absolute_minimum=span(text(element, "absMinAge", report)),
        minimum=span(text(element, "minAge", report)),
        recommended=span(text(element, "earliestRecAge", report)),
        overdue=span(text(element, "latestRecAge", report)),
        maximum=span(text(element, "maxAge", report)),
        window=_window(element, report),
        rule=tb.Rule(f"{rule}.age"),
    )


def _interval(element: Element, rule: str, report: Report) -> tb.Interval:
    report.read["intervals"] += 1
    target = text(element, "fromTargetDose", report)
    recent = text(element, "fromMostRecent", report)
    observation = text(element, "fromRelevantObs/code", report)
    return tb.Interval(
        counts_from=_counts_from(yes(text(element, "fromPrevious", report)), target, recent, observation, rule),
        target=int(target or 0),
        vaccines=codes(recent, report),
        observation=observation,
        absolute_minimum=span(text(element, "absMinInt", report)),
        minimum=span(text(element, "minInt", report)),
        recommended=span(text(element, "earliestRecInt", report)),
        overdue=span(text(element, "latestRecInt", report)),
        has_priority=one_of(_PRIORITY, text(element, "intervalPriority", report), ""),
        window=_window(element, report),
        rule=tb.Rule(rule),
    )


def _counts_from(previous: bool, target: str | None, recent: str | None, observation: str | None, rule: str) -> tb.From:
    if previous:
        return tb.From.PREVIOUS
    if target is not None:
        return tb.From.TARGET
    if recent is not None:
        return tb.From.MOST_RECENT
    if observation is not None:
        return tb.From.OBSERVATION
    raise UnreadableWord(f"{rule} counts from nothing")


def _vaccine(element: Element, rule: str, report: Report) -> tb.VaccineRow:
    report.read["vaccine rows"] += 1
    volume = text(element, "volume", report)
    code = cvx(text(element, "cvx", report) or "", report)
    return tb.VaccineRow(
        vaccine=code,
        begin_age=span(text(element, "beginAge", report)),
        end_age=span(text(element, "endAge", report)),
        trade_name=text(element, "tradeName", report),
        maker=text(element, "mvx", report),
        volume_microlitres=round(float(volume) * 1000) if volume else None,
        is_forecast=yes(text(element, "forecastVaccineType", report)),
        rule=tb.Rule(f"{rule}.vaccine_{code}"),
    )


def _skip(element: Element, rule: str, report: Report) -> tb.Skip:
    report.read["conditional skips"] += 1
    sets = tuple(_set(e, report) for e in _filled(element, "set", report))
    return tb.Skip(
        context=one_of(_CONTEXTS, text(element, "context", report), ""),
        sets=sets,
        all_must_hold=one_of(_ALL_MUST_HOLD, text(element, "setLogic", report), "or"),
        rule=tb.Rule(rule, title_en=" / ".join(_descriptions(element, report))),
    )


def _descriptions(element: Element, report: Report) -> list[str]:
    return [words for e in element.findall("set") if (words := text(e, "setDescription", report))]


def _set(element: Element, report: Report) -> tb.ConditionSet:
    return tb.ConditionSet(
        conditions=tuple(_condition(e, report) for e in _filled(element, "condition", report)),
        all_must_hold=one_of(_ALL_MUST_HOLD, text(element, "conditionLogic", report), "and"),
        window=_window(element, report),
    )


def _condition(element: Element, report: Report) -> tb.Condition:
    report.read["skip conditions"] += 1
    words = text(element, "conditionType", report) or ""
    kind = _KINDS.get(words.lower())
    if kind is None:
        if not words.lower().startswith("vaccine count by"):
            raise UnreadableWord(f"condition type {words!r}")
        kind = tb.Kind.COUNT
    compare = text(element, "doseCountLogic", report)
    if compare and compare != compare.lower():
        report.note("spelling of the dose count logic", compare)
    return tb.Condition(
        kind=kind,
        begin_age=span(text(element, "beginAge", report)),
        end_age=span(text(element, "endAge", report)),
        start=day(text(element, "startDate", report)),
        end=day(text(element, "endDate", report)),
        interval=span(text(element, "interval", report)),
        count=int(text(element, "doseCount", report) or 0),
        compare=one_of(_COMPARE, compare, "greater than"),
        scope=one_of(_SCOPES, text(element, "doseType", report), "total"),
        vaccines=codes(text(element, "vaccineTypes", report), report),
        series_groups=_numbers(text(element, "seriesGroups", report)),
    )
