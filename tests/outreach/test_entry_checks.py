"""Entry checks: a class list in, every child judged by the engine, judged again, and a code that verifies."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.schedule.village_child import NOW, TODAY, child, doctor, given
from tests.village import Village

from qingmiao.outreach.actions.schools import Class, judge_entry, open_entry_check
from qingmiao.outreach.models import EntryCheck, EntryVerdict
from qingmiao.outreach.queries.schools import by_code, counts, standings
from qingmiao.outreach.schools import check_by, recheck_by
from qingmiao.registry.actions.management import take_charge
from qingmiao.registry.ledger.planning import LedgerFile
from qingmiao.registry.queries.imports import words_known
from qingmiao.registry.queries.rosters import check_rosters
from qingmiao.staff.access import NotAllowed, system
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation

pytestmark = pytest.mark.django_db
BORN = date(2025, 11, 10)
TERM = date(2026, 9, 1)
LIST = "姓名,性别,出生日期,联系电话\n陈雨桐,女,2025-11-10,13800138001\n李小满,男,2025-12-01,13800138009\n"
# Everything that was due by the first birthday, each on its day.
PLAN = [("0202", 0), ("0101", 0), ("0202", 31), ("0303", 62), ("0402", 62), ("0303", 93), ("0311", 124), ("0402", 124),
        ("0202", 184), ("0402", 184), ("1601", 184), ("1201", 246), ("1801", 246), ("1601", 277)]  # fmt: skip


@pytest.fixture
def school(village: Village) -> Organisation:
    return found_organisation(
        by=system("test"), kind=Organisation.Kind.SCHOOL, name="中心幼儿园", parent=village.district
    )


@pytest.fixture
def by(village: Village):
    return doctor(village)


def opened(village: Village, by, school: Organisation, folder: Path) -> EntryCheck:
    path = folder / "class.csv"
    path.write_text(LIST, encoding="utf-8")
    rows = check_rosters([LedgerFile(path, path.name, TODAY)], words_known()).rows
    return open_entry_check(by=by, of=Class(school, village.centre, "小一班", TERM), rows=rows, at=NOW)


def test_a_class_is_judged_and_a_stranger_to_the_registry_is_never_complete(
    village: Village, by, school: Organisation, tmp_path: Path
):
    person = child(village, by, born=BORN)
    for code, age in PLAN:
        given(village, by, person, code, BORN + timedelta(days=age))
    check = opened(village, by, school, tmp_path)
    judge_entry(by=by, check=check, on=TODAY, at=NOW)
    rows = standings(check)
    assert [(row.child.name, row.verdict.standing) for row in rows if row.verdict] == [
        ("陈雨桐", "complete"), ("李小满", "unknown"),
    ]  # fmt: skip
    assert counts(rows) == {"complete": 1, "unknown": 1}


def test_a_line_of_name_and_birth_day_is_looked_for_among_the_children_of_the_clinic(
    village: Village, by, school: Organisation, tmp_path: Path
):
    ours, stranger = child(village, by, born=BORN), child(village, by, name="李小满", born=BORN, phone="")
    for one in (child(village, by, name="双双", born=BORN, phone="") for _twice in range(2)):
        take_charge(by=by, person=one, unit=village.centre, residence="local", since=BORN, at=NOW)
    take_charge(by=by, person=ours, unit=village.centre, residence="local", since=BORN, at=NOW)
    path = tmp_path / "class.csv"
    names = ("陈雨桐", "李小满", "双双")
    path.write_text("姓名,性别,出生日期\n" + "".join(f"{name},女,{BORN}\n" for name in names), encoding="utf-8")
    rows = check_rosters([LedgerFile(path, path.name, TODAY)], words_known()).rows
    check = open_entry_check(by=by, of=Class(school, village.centre, "小二班", TERM), rows=rows, at=NOW)
    assert [row.child.person for row in standings(check)] == [ours, None, None]
    assert stranger.managements.count() == 0


def test_missing_doses_are_named_and_a_second_check_adds_a_verdict(
    village: Village, by, school: Organisation, tmp_path: Path
):
    person = child(village, by, born=BORN)
    for code, age in PLAN[:-1]:
        given(village, by, person, code, BORN + timedelta(days=age))
    check = opened(village, by, school, tmp_path)
    judge_entry(by=by, check=check, on=TODAY, at=NOW)
    [first] = [row for row in standings(check) if row.child.person == person]
    assert (first.verdict.standing, first.verdict.missing) == ("missing", [["MenA", 2]])
    given(village, by, person, "1601", TODAY)
    judge_entry(by=by, check=check, on=TODAY, at=NOW)
    [again] = [row for row in standings(check) if row.child.person == person]
    assert (again.verdict.standing, again.has_caught_up) == ("complete", True)
    assert EntryVerdict.objects.filter(child=again.child).count() == 2


def test_deadlines_are_thirty_days_and_the_end_of_december():
    assert (check_by(TERM), recheck_by(TERM)) == (date(2026, 10, 1), date(2026, 12, 31))


def test_a_class_of_another_district_is_not_opened(village: Village, school: Organisation, tmp_path: Path):
    with pytest.raises(NotAllowed):
        opened(village, village.actor("fengyuan", on=TODAY), school, tmp_path)


def test_a_code_verifies_with_a_masked_name_and_no_account(village: Village, by, school: Organisation, tmp_path: Path):
    person = child(village, by, born=BORN)
    check = opened(village, by, school, tmp_path)
    judge_entry(by=by, check=check, on=TODAY, at=NOW)
    [row] = [row for row in standings(check) if row.child.person == person]
    assert by_code(row.child.code) is not None
    answer = Client().get(f"/verify/{row.child.code}/")
    assert answer.status_code == 200
    assert "陈雨桐" not in answer.content.decode()
    assert "小一班" in answer.content.decode()
    assert Client().get("/verify/wrong/").status_code == 404
