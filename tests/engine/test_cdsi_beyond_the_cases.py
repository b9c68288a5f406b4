"""Where no published case looks: answers reckoned by hand from the specification and the line of the data.

Each case: born and sex, the assessment day, doses, observations (=date); what the vaccine group answers (status;
the next dose, its earliest, recommended and past due dates); what each dose is.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from qingmiao.engine import verdicts
from qingmiao.engine.rulesets import Ruleset

CASES = {
    # Dose 2 recurs 2 years after the dose before; 4 days less are valid, and the next counts from that day.
    "a booster recurs": (
        ("1990-05-10 M", "2025-11-10", "101 2021-03-31, 101 2023-03-27", "072"),
        ("Typhoid", "Not Complete 3 2025-03-27 2025-03-27 -"),
        "Valid, Valid",
    ),
    # MMR before Yellow Fever: 28 days while it is not judged there (CALCDTCONFLICT-2), 30 in a forecast (-3).
    "a conflict across vaccine groups, 28 days": (
        ("2000-01-01 F", "2025-11-12", "03 2025-10-15, 37 2025-11-12", "045"),
        ("Yellow Fever", "Complete"),
        "Valid, Valid",
    ),
    "a conflict across vaccine groups, 27 days": (
        ("2000-01-01 F", "2025-11-11", "03 2025-10-15, 37 2025-11-11", "045"),
        ("Yellow Fever", "Not Complete 1 2025-12-11 2025-12-11 -"),
        "Valid, Not Valid",
    ),
    # Dose 3: 5 months - 4 days after dose 2 is 2025-07-06; the next counts from the dose that was not valid.
    "one day before the absolute minimum interval": (
        ("2000-06-15 M", "2025-11-10", "224 2025-01-31, 224 2025-02-10, 224 2025-07-05", "249"),
        ("TBE", "Not Complete 3 2025-12-05 2025-12-05 2026-07-04"),
        "Valid, Valid, Not Valid",
    ),
    # 31 August and 6 months are 31 February, which is 1 March (CALCDT-5).
    "a day that February lacks": (
        ("2009-01-15 M", "2025-11-10", "56 2024-08-31", "211"),
        ("Dengue", "Not Complete 2 2025-03-01 2025-03-01 -"),
        "Valid",
    ),
    # The indication ends at 17 years, on that very day (Table 5-4).
    "an indication that has ended": (("2008-11-10 M", "2025-11-10", "", "211"), ("Dengue", None), ""),
    # Dose 3 (14 days after dose 2) can be skipped since 2022-05-06; a dose before that day is judged against it.
    "a condition set not yet in force": (
        ("2000-01-01 M", "2025-11-10", "175 2022-04-01, 175 2022-04-08, 175 2022-04-20", "219"),
        ("Rabies", "Not Complete 3 2024-04-20 2024-04-20 -"),
        "Valid, Valid, Not Valid",
    ),
    # Then the third dose meets dose 4: 2 years after dose 2 is 2024-05-13.
    "a condition set in force": (
        ("2000-01-01 M", "2025-11-10", "175 2022-05-06, 175 2022-05-13, 175 2024-05-12", "219"),
        ("Rabies", "Not Complete 3 2026-05-12 2026-05-12 -"),
        "Valid, Valid, Not Valid",
    ),
    # 7 days after dose 1 is past the maximum age of 66 years: that series is aged out, the one of 4 weeks is not.
    "unable to finish before the maximum age": (
        ("1959-11-11 F", "2025-11-10", "134 2025-11-05", "165"),
        ("Japanese Encephalitis", "Not Complete 2 2025-12-03 2025-12-03 -"),
        "Valid",
    ),
    # The season ends on 2026-06-30, that day included (Table 7-10).
    "the last day of the season": (
        ("2015-01-01 F", "2026-06-30", "", ""),
        ("Influenza", "Not Complete 1 2025-07-01 2025-07-01 -"),
        "",
    ),
    "the day after the season": (("2015-01-01 F", "2026-07-01", "", ""), ("Influenza", "Not Recommended"), ""),
    # 32 weeks after the onset, past due before 37 weeks (CALCDTINT-9); the season ends on 2026-01-31.
    "an interval from an observation": (
        ("1990-08-10 F", "2025-10-01", "", "007 170=2025-03-01"),
        ("RSV", "Not Complete 1 2025-10-11 2025-10-11 2025-11-14"),
        "",
    ),
    "an interval from an observation, after the season": (
        ("1990-08-10 F", "2026-02-01", "", "007 170=2025-03-01"),
        ("RSV", "Not Recommended"),
        "",
    ),
    # The only contraindication with ages: from 0 days to before 8 months, which is also the maximum age.
    "a contraindication until its end age": (
        ("2025-03-10 F", "2025-11-09", "", "278"),
        ("RSV", "Contraindicated"),
        "",
    ),
    "a contraindication at its end age": (("2025-03-10 F", "2025-11-10", "", "278"), ("RSV", "Aged Out"), ""),
    # Dose 2: 28 days - 4 days; dose 3 after 2 years, past due before 3.
    "an interval of 24 days": (
        ("1980-01-01 M", "2025-11-10", "206 2024-01-31, 206 2024-02-24", "232"),
        ("Orthopoxvirus", "Not Complete 3 2026-02-24 2026-02-24 2027-02-23"),
        "Valid, Valid",
    ),
    # Dose 2 is skipped after a valid dose of type 75, and a skipped dose is not counted (FORECASTDN-1).
    "a dose skipped for the vaccine given before": (
        ("1980-01-01 M", "2025-11-10", "75 2023-01-15", "232"),
        ("Orthopoxvirus", "Not Complete 2 2025-01-15 2025-01-15 2026-01-14"),
        "Valid",
    ),
    "a dose after the series is complete": (
        ("1980-01-01 M", "2025-11-10", "204 2024-01-31, 204 2025-01-31", "182"),
        ("Ebola", "Complete"),
        "Valid, Extraneous",
    ),
    # Immune to measles alone: mumps and rubella still need dose 2 (Table 9-4).
    "immune to one antigen of three": (
        ("2010-01-01 F", "2025-11-10", "03 2011-02-01", "020"),
        ("MMR", "Not Complete 2 2011-03-01 2014-01-01 2017-01-28"),
        "Valid",
    ),
    # Birth before 1980 counts in the United States only, and no country is stated (Table 7-3). Without a dose the
    # default series is shown (Table 8-3). 16 months after 31 December is 1 May; 4 weeks more, less a day.
    "immune by birth in a country that is not stated": (
        ("1979-12-31 F", "2025-11-10", "", ""),
        ("Varicella", "Not Complete 1 1980-12-31 1980-12-31 1981-05-28"),
        "",
    ),
    # Zoster, dose 1: 8 weeks after the most recent of 21, 94 and 121, whatever the dose counted for (CALCDTINT-8);
    # before 50 years 121 counts for Varicella.
    "an interval from a dose that counted for another antigen": (
        ("1975-11-11 F", "2025-11-11", "121 2025-11-10", ""),
        ("Zoster", "Not Complete 1 2026-01-05 2026-01-05 -"),
        "Valid",
    ),
    # The dose is valid in the 1-dose series of priority B alone, which is not scorable; of those of priority A none
    # has a valid dose, so that of 2 doses wins: it can start first (Tables 8-5, 8-11).
    "no valid dose in a scorable series": (
        ("1956-03-07 M", "2016-05-23", "32 2016-05-23", "070 155"),
        ("Meningococcal", "Not Complete 1 2016-05-23 2016-05-23 -"),
        "Not Valid",
    ),
}


def line_of(person: str, on: str, doses: str, observations: str) -> dict[str, Any]:
    """One line of input, in the shape of the published cases."""
    born, sex = person.split()
    given = [dose.split() for dose in doses.split(", ") if dose]
    stated = [code.partition("=") for code in observations.split()]
    return {
        "dob": born,
        "gender": sex,
        "assessment_date": on,
        "doses": [{"cvx": vaccine, "date": day} for vaccine, day in given],
        "observations": [{"code": code, "date": day or None} for code, _, day in stated],
    }


def shown(verdict: dict[str, Any], group: str) -> str | None:
    """The forecast of a vaccine group that is shown first."""
    found = next((one for one in verdict["groups"] if one["group"] == group), None)
    if found is None or found["status"] != "Not Complete":
        return found and str(found["status"])
    return " ".join(str(found[key] or "-") for key in ("status", "dose", "earliest", "recommended", "past_due"))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_no_published_case_asks(cdsi: Ruleset, name: str) -> None:
    line, (group, expected), statuses = CASES[name]
    person = verdicts.read_line(json.dumps(line_of(*line)), verdicts.cdsi_facts)
    verdict = verdicts.verdicts(cdsi, [person], compiled=False)[0]
    assert shown(verdict, group) == expected
    judged = [dose["groups"].get(group) or next(iter(dose["groups"].values())) for dose in verdict["doses"]]
    assert ", ".join(dose["status"] for dose in judged) == statuses
