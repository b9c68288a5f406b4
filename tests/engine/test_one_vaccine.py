"""The desk asks of one vaccine only what concerns it, and is told what the whole verdict says."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pytest

from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Person, doses_of, verdicts

ON = date(2026, 9, 1)


def invented(cn: Ruleset, count: int) -> tuple[list[Person], list[str]]:
    """Children with up to eight doses, of which the last is given today."""
    random = np.random.default_rng(11)
    codes = [vaccine.code for vaccine in cn.tables.vaccines if vaccine.associations]
    people, last = [], []
    for number in range(count):
        born = ON - timedelta(days=int(random.integers(0, 5000)))
        days = sorted(born + timedelta(days=int(d)) for d in random.integers(0, (ON - born).days + 1, 7))
        last.append(str(random.choice(codes)))
        doses = [(day, str(code), None) for day, code in zip(days, random.choice(codes, 7), strict=True)]
        people.append(Person(str(number), born, "F", ON, (*doses, (ON, last[-1], None)), ()))
    return people, last


def test_one_vaccine_is_judged_as_in_the_whole_verdict(cn: Ruleset) -> None:
    people, codes = invented(cn, 60)
    judged = 0
    for whole, few in zip(verdicts(cn, people, compiled=False), doses_of(cn, people, codes), strict=True):
        todays = [line for line in whole["doses"] if line["n"] == 8]
        assert [line for line in few if line["n"] == 8] == todays
        judged += bool(todays)
    assert judged > len(people) // 2


def test_an_antigen_comes_with_those_whose_doses_its_rules_count(cn: Ruleset) -> None:
    assert cn.tape.antigens["DT"] == {"DTP", "DT"}
    assert cn.tape.antigens["HepB"] == {"HepB"}


@pytest.mark.slow
def test_a_newborn_without_doses_does_not_load_pandas() -> None:
    """Arrow loads it to join no chunks; it takes a second, and the first child of the day waits."""
    program = """
import sys
from datetime import date
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Person, verdicts
verdicts(Ruleset.china(), [Person("n", date(2026, 8, 31), "F", date(2026, 9, 1), (), ())], compiled=False)
print("pandas" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"
