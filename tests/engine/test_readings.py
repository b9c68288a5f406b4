"""Readings that no published case distinguishes: each rule with a case of our own, at both speeds."""

from __future__ import annotations

import pytest
from tests.engine.drawn import Found, days, dose, judged, months, ruleset, series

from qingmiao.engine import Ruleset
from qingmiao.engine import tables as tb
from qingmiao.engine.tape import UnknownWord

BORN = "2024-01-10"


def two_doses(**more: object) -> tb.Series:
    return series(dose(1, at=months(2)), dose(2, at=months(4), after=days(28)), **more)


def test_a_dose_on_the_day_of_age_is_valid_and_the_day_before_is_not(compiled: bool) -> None:
    rules = ruleset(two_doses())
    assert judged(rules, BORN, "2024-05-01", [("2024-03-10", "A")], compiled=compiled).statuses == ["valid"]
    early = judged(rules, BORN, "2024-05-01", [("2024-03-09", "A")], compiled=compiled)
    assert early.doses == [("not_valid", {"too_young"}, 1)]


def test_between_absolute_minimum_and_minimum_lies_a_grace_period(compiled: bool) -> None:
    age = tb.AgeRow(absolute_minimum=tb.Span(2, -4), minimum=months(2))
    rules = ruleset(series(dose(1, ages=(age,))))
    found = judged(rules, BORN, "2024-05-01", [("2024-03-06", "A")], compiled=compiled)
    assert found.doses == [("valid", {"age_grace_period"}, 1)]


def test_a_dose_at_the_maximum_age_is_extraneous_and_leaves_the_target_open(compiled: bool) -> None:
    """Too old has priority over every other reason (Table 6-31, columns in order)."""
    age = tb.AgeRow(maximum=months(6))
    rules = ruleset(series(dose(1, ages=(age,))))
    found = judged(rules, BORN, "2024-08-01", [("2024-07-10", "other"), ("2024-07-10", "B")], compiled=compiled)
    assert found.statuses == ["extraneous"]
    assert found.status == "aged_out"


def test_the_interval_counts_from_a_dose_that_was_not_valid(compiled: bool) -> None:
    """CALCDTINT-1: valid or not valid."""
    rules = ruleset(two_doses())
    found = judged(rules, BORN, "2024-06-01", [("2024-03-10", "A"), ("2024-05-01", "A"), ("2024-05-20", "A")])
    assert found.statuses == ["valid", "not_valid", "not_valid"]
    assert "interval_too_short" in found.doses[2][1]
    assert found.earliest == "2024-06-17"


def test_the_interval_passes_over_an_inadvertent_dose_but_the_forecast_does_not(compiled: bool) -> None:
    """CALCDTINT-1 goes further back; FORECASTDTCAN-1 waits for the day of the inadvertent dose."""
    inadvertent = (tb.VaccineRow("B"),)
    second = dose(2, after=days(28), inadvertent=inadvertent)
    rules = ruleset(series(dose(1), second))
    given = [("2024-02-01", "A"), ("2024-02-20", "B"), ("2024-03-01", "A")]
    found = judged(rules, BORN, "2024-06-01", given, compiled=compiled)
    assert found.doses[1] == ("not_valid", {"inadvertent_vaccine"}, 2)
    assert found.statuses[2] == "valid"
    waits = judged(rules, BORN, "2024-06-01", [("2024-02-01", "A"), ("2024-04-20", "B")], compiled=compiled)
    assert waits.earliest == "2024-04-20"


def test_an_expired_lot_or_a_spoiled_dose_is_sub_standard(compiled: bool) -> None:
    """6.1, before everything else; the target stays open."""
    rules = ruleset(two_doses())
    expired = judged(rules, BORN, "2024-05-01", [("2024-03-10", "A")], lot_expires_on=[_day("2024-03-09")])
    assert expired.doses == [("sub_standard", {"lot_expired"}, None)]
    in_time = judged(rules, BORN, "2024-05-01", [("2024-03-10", "A")], lot_expires_on=[_day("2024-03-10")])
    assert in_time.statuses == ["valid"]
    spoiled = judged(rules, BORN, "2024-05-01", [("2024-03-10", "A")], is_faulty=[1], compiled=compiled)
    assert spoiled.doses == [("sub_standard", {"dose_condition"}, None)]
    assert spoiled.dose_number == 1


def _day(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def test_a_wrong_trade_name_constrains_only_where_both_sides_state_one(compiled: bool) -> None:
    row = tb.VaccineRow("A", trade_name="Adultrix", volume_microlitres=500)
    rules = ruleset(series(dose(1, preferable=(row,))))
    given = [("2024-03-10", "A")]
    assert judged(rules, BORN, "2024-05-01", given, compiled=compiled).statuses == ["valid"]
    assert judged(rules, BORN, "2024-05-01", given, trade_name=["adultrix"]).statuses == ["valid"]
    less = judged(rules, BORN, "2024-05-01", given, volume_microlitres=[250], compiled=compiled)
    assert less.doses == [("valid", {"low_volume"}, 1)]


def test_a_birth_country_that_is_not_stated_is_not_the_country_of_immunity(compiled: bool) -> None:
    """Table 7-3: unknown is no."""
    listed = (series(dose(1)),)
    immunity = (tb.BirthImmunity(_day("1957-01-01"), "U.S."),)  # type: ignore[arg-type]
    antigens = (tb.Antigen("X", listed, birth_immunity=immunity), tb.Antigen("Y", ()))
    rules = ruleset(antigens=antigens)
    assert judged(rules, "1950-05-05", "2024-05-01", compiled=compiled).status == "not_complete"


@pytest.mark.parametrize(("facts", "status"), [([], "immune"), ([("ill", None, "yes")], "not_complete")])
def test_birth_before_the_immunity_date_counts_unless_excluded(
    facts: list[tuple[str, str | None, str]], status: str, compiled: bool
) -> None:
    immunity = (tb.BirthImmunity(_day("1957-01-01"), None, ("ill",)),)  # type: ignore[arg-type]
    antigens = (tb.Antigen("X", (series(dose(1)),), birth_immunity=immunity), tb.Antigen("Y", ()))
    found = judged(ruleset(antigens=antigens), "1956-12-31", "2024-05-01", facts=facts, compiled=compiled)
    assert found.status == status


def contraindicated(*rows: tb.Contraindication) -> tuple[tb.Antigen, ...]:
    return tb.Antigen("X", (two_doses(),), contraindications=rows), tb.Antigen("Y", ())


def test_immunity_comes_before_contraindication(compiled: bool) -> None:
    """The columns of Table 7-10 are not exclusive: immune, contraindicated, then the rest."""
    antigen = tb.Antigen(
        "X", (two_doses(),), immune_observations=("immune",), contraindications=(tb.Contraindication("sick"),)
    )
    rules = ruleset(antigens=(antigen, tb.Antigen("Y", ())))
    sick = [("sick", None, "yes")]
    assert judged(rules, BORN, "2024-05-01", facts=sick, compiled=compiled).status == "contraindicated"
    both = [*sick, ("immune", None, "yes")]
    assert judged(rules, BORN, "2024-05-01", facts=both, compiled=compiled).status == "immune"


def test_a_contraindicated_vaccine_stops_the_series_only_if_none_is_left(compiled: bool) -> None:
    only_a = tb.Contraindication("sick", vaccines=(tb.VaccineRow("A"),))
    rules = ruleset(antigens=contraindicated(only_a))
    assert (
        judged(rules, BORN, "2024-05-01", facts=[("sick", None, "yes")], compiled=compiled).status == "contraindicated"
    )
    two = series(dose(1, preferable=(tb.VaccineRow("A", is_forecast=True), tb.VaccineRow("B", is_forecast=True))))
    antigen = tb.Antigen("X", (two,), contraindications=(only_a,))
    found = judged(ruleset(antigens=(antigen, tb.Antigen("Y", ()))), BORN, "2024-05-01", facts=[("sick", None, "yes")])
    assert (found.status, found.product) == ("not_complete", "B")


def test_all_of_no_preferable_vaccines_is_not_all(compiled: bool) -> None:
    none = series(dose(1, preferable=()))
    antigen = tb.Antigen("X", (none,), contraindications=(tb.Contraindication("sick", vaccines=(tb.VaccineRow("A"),)),))
    rules = ruleset(antigens=(antigen, tb.Antigen("Y", ())))
    assert judged(rules, BORN, "2024-05-01", facts=[("sick", None, "yes")], compiled=compiled).status == "not_complete"


def test_a_contraindication_ends_on_the_day_of_its_end_age(compiled: bool) -> None:
    rules = ruleset(antigens=contraindicated(tb.Contraindication("sick", end_age=months(8))))
    facts = [("sick", None, "yes")]
    assert judged(rules, BORN, "2024-09-09", facts=facts, compiled=compiled).status == "contraindicated"
    assert judged(rules, BORN, "2024-09-10", facts=facts, compiled=compiled).status == "not_complete"


def test_a_fact_denied_is_a_fact_absent(compiled: bool) -> None:
    rules = ruleset(antigens=contraindicated(tb.Contraindication("sick")))
    assert judged(rules, BORN, "2024-05-01", facts=[("sick", None, "no")], compiled=compiled).status == "not_complete"


def test_after_the_season_nothing_is_recommended(compiled: bool) -> None:
    season = (_day("2024-09-01"), _day("2025-03-31"))
    rules = ruleset(series(dose(1, at=months(2), season=season)))
    assert judged(rules, BORN, "2024-06-01", compiled=compiled).earliest == "2024-09-01"
    assert judged(rules, BORN, "2025-03-31", compiled=compiled).status == "not_complete"
    assert judged(rules, BORN, "2025-04-01", compiled=compiled).status == "not_recommended"


def test_when_nothing_gives_a_date_the_earliest_stays_blank(compiled: bool) -> None:
    found = judged(ruleset(series(dose(1, ages=()))), BORN, "2024-05-01", compiled=compiled)
    assert (found.status, found.earliest, found.recommended) == ("not_complete", None, None)


def test_recommended_is_by_age_before_interval_and_never_before_earliest(compiled: bool) -> None:
    """FORECASTDT-2, FORECASTDT-5."""
    age = tb.AgeRow(minimum=months(2), recommended=months(4), overdue=months(5))
    gap = tb.Interval(tb.From.PREVIOUS, minimum=days(28), recommended=months(6), overdue=months(8))
    rules = ruleset(series(dose(1), dose(2, ages=(age,), intervals=(gap,))))
    by_age = judged(rules, BORN, "2024-05-01", [("2024-02-01", "A")], compiled=compiled)
    assert (by_age.earliest, by_age.recommended, by_age.past_due) == ("2024-03-10", "2024-05-10", "2024-06-09")
    late = judged(rules, BORN, "2024-08-01", [("2024-07-01", "A")], compiled=compiled)
    assert (late.earliest, late.recommended, late.past_due) == ("2024-07-29", "2024-07-29", "2024-07-29")


def skip_if(condition: tb.Condition, context: tb.Context = tb.Context.BOTH) -> tuple[tb.Skip, ...]:
    return (tb.Skip(context, (tb.ConditionSet((condition,)),)),)


def test_skip_ages_begin_inclusive_and_end_exclusive(compiled: bool) -> None:
    old = tb.Condition(tb.Kind.AGE, begin_age=months(12), end_age=months(24))
    rules = ruleset(series(dose(1, at=months(2), skips=skip_if(old)), dose(2, at=months(3))))
    for on, number in (("2025-01-09", 1), ("2025-01-10", 2), ("2026-01-09", 2), ("2026-01-10", 1)):
        found = judged(rules, BORN, on, compiled=compiled)
        assert [row["satisfied"] for row in found.series] == [0]
        assert found.earliest == {1: "2024-03-10", 2: "2024-04-10"}[number], on


def test_the_dose_being_evaluated_does_not_count_towards_its_own_skip(compiled: bool) -> None:
    one = tb.Condition(tb.Kind.COUNT, count=0, scope=tb.Scope.TOTAL)
    rules = ruleset(series(dose(1, skips=skip_if(one)), dose(2)))
    found = judged(rules, BORN, "2024-05-01", [("2024-02-01", "A")], compiled=compiled)
    assert found.doses == [("valid", set(), 1)]


def test_a_total_counts_vaccines_of_other_antigens_from_the_whole_history(compiled: bool) -> None:
    other = tb.Condition(tb.Kind.COUNT, count=0, scope=tb.Scope.TOTAL, vaccines=("other",))
    rules = ruleset(series(dose(1, skips=skip_if(other)), dose(2)))
    assert judged(rules, BORN, "2024-05-01", [("2024-02-01", "other")], compiled=compiled).dose_number == 1
    assert [r["satisfied"] for r in judged(rules, BORN, "2024-05-01", [("2024-02-01", "other")]).series] == [0]
    then = judged(rules, BORN, "2024-05-01", [("2024-02-01", "other"), ("2024-03-01", "A")], compiled=compiled)
    assert then.status == "complete"


def test_everything_skipped_is_not_recommended(compiled: bool) -> None:
    always = tb.Condition(tb.Kind.AGE, begin_age=days(0))
    rules = ruleset(series(dose(1, skips=skip_if(always))))
    assert judged(rules, BORN, "2024-05-01", compiled=compiled).status == "not_recommended"


def test_a_forecast_that_would_be_skipped_on_its_own_day_gives_way_to_the_next(compiled: bool) -> None:
    """7.6."""
    old = tb.Condition(tb.Kind.AGE, begin_age=months(6))
    third = dose(3, at=months(7))
    rules = ruleset(series(dose(1), dose(2, after=months(6), skips=skip_if(old)), third))
    found = judged(rules, BORN, "2024-03-01", [("2024-02-01", "A")], compiled=compiled)
    assert found.earliest == "2024-08-10"


def test_a_recurring_target_returns_once_satisfied_and_not_once_skipped(compiled: bool) -> None:
    yearly = dose(1, after=months(12), is_recurring=True)
    rules = ruleset(series(yearly))
    found = judged(rules, BORN, "2026-05-01", [("2024-02-01", "A"), ("2025-02-01", "A")], compiled=compiled)
    assert found.statuses == ["valid", "valid"]
    assert (found.status, found.dose_number, found.earliest) == ("not_complete", 3, "2026-02-01")


CONFLICTS = tuple(
    tb.Conflict(one, other, days(1), days(24), days(28)) for one in ("live1", "live2") for other in ("live1", "live2")
)


def live(*targets: str) -> tb.Series:
    return series(*(dose(n, preferable=(tb.VaccineRow(code, is_forecast=True),)) for n, code in enumerate(targets, 1)))


@pytest.mark.parametrize(
    ("second", "valid"), [("2024-02-01", True), ("2024-02-02", False), ("2024-02-24", False), ("2024-02-25", True)]
)
def test_the_short_end_holds_after_a_valid_dose(second: str, valid: bool, compiled: bool) -> None:
    rules = ruleset(live("live1", "live2"), conflicts=CONFLICTS)
    found = judged(rules, BORN, "2024-06-01", [("2024-02-01", "live1"), (second, "live2")], compiled=compiled)
    assert found.statuses[1] == ("valid" if valid else "not_valid")


def test_the_long_end_holds_after_a_dose_that_was_not_valid(compiled: bool) -> None:
    rules = ruleset(live("live2", "live2"), conflicts=CONFLICTS)
    given = [("2024-02-01", "live1"), ("2024-02-25", "live2")]
    assert judged(rules, BORN, "2024-06-01", given, compiled=compiled).statuses == ["not_valid", "not_valid"]
    given = [("2024-02-01", "live1"), ("2024-02-29", "live2")]
    assert judged(rules, BORN, "2024-06-01", given, compiled=compiled).statuses == ["not_valid", "valid"]


def test_the_forecast_waits_for_the_long_end(compiled: bool) -> None:
    rules = ruleset(live("live1", "live2"), conflicts=CONFLICTS)
    found = judged(rules, BORN, "2024-02-10", [("2024-02-01", "live1")], compiled=compiled)
    assert found.earliest == "2024-02-29"


def allowable(span: tb.Span) -> tb.Interval:
    return tb.Interval(tb.From.PREVIOUS, absolute_minimum=span)


def test_an_allowable_interval_rescues_and_never_adds_a_duty(compiled: bool) -> None:
    """6.6 is asked only when 6.5 fails."""
    rules = ruleset(series(dose(1), dose(2, after=days(28), allowable_intervals=(allowable(days(21)),))))
    given = [("2024-02-01", "A"), ("2024-02-22", "A")]
    rescued = judged(rules, BORN, "2024-06-01", given, compiled=compiled)
    assert rescued.doses[1] == ("valid", {"allowable_interval"}, 2)
    strict = ruleset(series(dose(1), dose(2, after=days(14), allowable_intervals=(allowable(days(60)),))))
    assert judged(strict, BORN, "2024-06-01", given, compiled=compiled).statuses == ["valid", "valid"]


def test_effective_and_cessation_dates_both_belong_to_the_window(compiled: bool) -> None:
    """RELEVANT-1, RELEVANT-2: the dose's day decides in evaluation, the assessment day in forecasting."""
    before = tb.AgeRow(months(2), months(2), window=tb.Window(None, _day("2024-12-31")))  # type: ignore[arg-type]
    after = tb.AgeRow(months(6), months(6), window=tb.Window(_day("2025-01-01"), None))  # type: ignore[arg-type]
    rules = ruleset(series(dose(1, ages=(before, after))))
    born = "2024-10-31"
    assert judged(rules, born, "2025-02-01", [("2024-12-31", "A")], compiled=compiled).statuses == ["valid"]
    assert judged(rules, born, "2025-02-01", [("2025-01-01", "A")], compiled=compiled).statuses == ["not_valid"]
    assert judged(rules, born, "2024-12-31", compiled=compiled).earliest == "2024-12-31"
    assert judged(rules, born, "2025-01-01", compiled=compiled).earliest == "2025-05-01"


def test_a_sex_that_is_required_and_not_stated_is_asked_for(compiled: bool) -> None:
    rules = ruleset(series(dose(1), sexes=("F",)))
    found = judged(rules, BORN, "2024-05-01", sex="U", compiled=compiled)
    assert found.group == {}
    assert [row["asks_for"] for row in found.series] == ["sex"]


def test_without_a_birth_date_nothing_is_judged(compiled: bool) -> None:
    found: Found = judged(ruleset(two_doses()), None, "2024-05-01", [("2024-03-10", "A")], compiled=compiled)
    assert (found.doses, found.group) == ([], {})


def test_a_risk_series_needs_its_indication_at_the_assessment_date(compiled: bool) -> None:
    risk = series(
        dose(1, at=months(1)),
        type=tb.SeriesType.RISK,
        is_default=False,
        series_group=2,
        indications=(tb.Indication("ill", begin_age=months(6), end_age=months(12)),),
    )
    rules = ruleset(two_doses(), risk)
    facts = [("ill", None, "yes")]
    for on, kind in (
        ("2024-07-09", "standard"),
        ("2024-07-10", "risk"),
        ("2025-01-09", "risk"),
        ("2025-01-10", "standard"),
    ):
        assert judged(rules, BORN, on, facts=facts, compiled=compiled).type == kind, on


def test_a_risk_row_beside_a_standard_one_counts_every_valid_dose(compiled: bool) -> None:
    risk = series(
        dose(1, preferable=(tb.VaccineRow("B", is_forecast=True),)),
        name="R",
        type=tb.SeriesType.RISK,
        is_default=False,
        series_group=2,
        indications=(tb.Indication("ill"),),
    )
    rules = ruleset(two_doses(), risk)
    found = judged(rules, BORN, "2024-06-01", [("2024-03-10", "A")], facts=[("ill", None, "yes")], compiled=compiled)
    assert (found.type, found.dose_number, found.shown_number) == ("risk", 1, 2)


def test_equivalence_is_read_from_the_series_own_list(compiled: bool) -> None:
    """Table 8-14: a Standard series gives way to a prioritized Risk series in a group it lists."""

    def shown(equivalent: tuple[int, ...]) -> set[str]:
        risk = series(
            dose(1), name="R", type=tb.SeriesType.RISK, is_default=False, series_group=2,
            indications=(tb.Indication("ill"),),
        )  # fmt: skip
        rules = ruleset(two_doses(equivalent_groups=equivalent), risk)
        found = judged(rules, BORN, "2024-06-01", facts=[("ill", None, "yes")], compiled=compiled)
        return {row["series"] for row in found.series if row["is_best"]}

    assert shown((2,)) == {"R"}
    assert shown(()) == {"S", "R"}


def test_among_complete_series_most_valid_doses_then_preference_decide(compiled: bool) -> None:
    short = series(dose(1), name="short", is_default=False, preference=2)
    long = series(dose(1), dose(2), name="long", is_default=False, preference=3)
    rules = ruleset(short, long)
    found = judged(rules, BORN, "2024-06-01", [("2024-02-01", "A"), ("2024-03-01", "A")], compiled=compiled)
    assert [row["series"] for row in found.series if row["is_best"]] == ["long"]
    twin = series(dose(1), name="twin", is_default=False, preference=1)
    found = judged(ruleset(short, twin), BORN, "2024-06-01", [("2024-02-01", "A")], compiled=compiled)
    assert [row["series"] for row in found.series if row["is_best"]] == ["twin"]


def test_a_rule_that_names_what_the_ruleset_lacks_is_refused() -> None:
    with pytest.raises(UnknownWord, match="nowhere"):
        ruleset(series(dose(1, preferable=(tb.VaccineRow("nowhere"),))))


def test_a_condition_on_a_ledger_counts_another_antigens_valid_doses(compiled: bool) -> None:
    """Extension: the antigen that writes the ledger is judged first, whatever the order of the file."""
    owed = tb.Condition(tb.Kind.COUNT, scope=tb.Scope.LEDGER, ledger="first", count=0)
    reads = tb.Series(
        name="reads", vaccine_group="G", is_default=True, targets=(dose(1, skips=skip_if(owed)), dose(2)),
    )  # fmt: skip
    writes = tb.Series(
        name="writes", vaccine_group="H", is_default=True, ledger="first",
        targets=(dose(1, preferable=(tb.VaccineRow("other"),)),),
    )  # fmt: skip
    rules = ruleset(antigens=(tb.Antigen("X", (reads,)), tb.Antigen("Y", (writes,))))
    given = [("2024-02-01", "other"), ("2024-03-01", "A")]
    assert judged(rules, BORN, "2024-06-01", given, compiled=compiled).status == "complete"
    assert judged(rules, BORN, "2024-06-01", given[1:], compiled=compiled).status == "not_complete"


def test_a_limit_in_hours_is_the_day_it_falls_on(compiled: bool) -> None:
    """Extension: 12 hours after a birth at 18:00 is the next day."""
    from datetime import date

    import pyarrow as pa

    from qingmiao.engine import assess

    age = tb.AgeRow(minimum=days(0), overdue=tb.Span(hours=12))
    policy = tb.Policy(past_due_offset_days=0, past_due_from_earliest=False)
    rules = ruleset(series(dose(1, ages=(age,))), policy=policy)
    people = pa.table(
        {
            "person_id": [1, 2, 3],
            "born_on": pa.array([date(2026, 8, 10)] * 3),
            "born_minute": pa.array([18 * 60, 3 * 60, None], pa.int32()),
        }
    )
    none = pa.table(
        {
            "person_id": pa.array([], pa.int64()),
            "given_on": pa.array([], pa.date32()),
            "vaccine": pa.array([], pa.string()),
        }
    )
    found = assess(rules, people, none, on=date(2026, 8, 10), compiled=compiled)
    assert [str(day) for day in found.groups["past_due"].to_pylist()] == ["2026-08-11", "2026-08-10", "2026-08-10"]


def one_way_or_the_other(**policy: bool) -> Ruleset:
    """A live product by default, an inactivated one beside it; each series passes over the other's doses."""
    live = series(dose(1, at=months(8)), name="live", vaccines=("A",))
    other = series(
        dose(1, at=months(8), preferable=(tb.VaccineRow("B", is_forecast=True),)),
        name="inactivated", is_default=False, vaccines=("B",),
    )  # fmt: skip
    antigen = tb.Antigen(
        "X", (live, other), contraindications=(tb.Contraindication("ill", vaccines=(tb.VaccineRow("A"),)),)
    )
    return ruleset(antigens=(antigen, tb.Antigen("Y", ())), policy=tb.Policy(**policy))


def test_a_contraindicated_default_gives_way_where_the_ruleset_says_so(compiled: bool) -> None:
    facts = [("ill", None, "yes")]
    strict = judged(one_way_or_the_other(), BORN, "2024-06-01", facts=facts, compiled=compiled)
    assert (strict.status, strict.group["series"]) == ("contraindicated", "live")
    rules = one_way_or_the_other(contraindicated_default_yields=True)
    found = judged(rules, BORN, "2024-06-01", facts=facts, compiled=compiled)
    assert (found.status, found.group["series"], found.product) == ("not_complete", "inactivated", "B")


def test_a_series_begun_too_early_stays_the_series_where_the_ruleset_says_so(compiled: bool) -> None:
    early = [("2024-09-09", "B")]
    found = judged(one_way_or_the_other(begun_default_yields=True), BORN, "2024-10-01", early, compiled=compiled)
    assert found.group["series"] == "inactivated"
    assert found.doses == [("not_valid", {"too_young"}, 1)]
    passed = judged(one_way_or_the_other(), BORN, "2024-10-01", early, compiled=compiled)
    assert (passed.group["series"], passed.statuses) == ("live", ["passed_over"])


def test_a_dose_of_the_other_product_after_completion_is_extraneous(compiled: bool) -> None:
    given = [("2024-09-10", "A"), ("2024-12-10", "B")]
    found = judged(one_way_or_the_other(), BORN, "2025-01-01", given, compiled=compiled)
    assert found.doses[1] == ("extraneous", {"series_already_complete"}, None)
