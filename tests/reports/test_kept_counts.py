"""The kept counts follow every change of the registry, whoever makes it, and say what a full count says."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from tests.reports.bureau import AT, COVID, DAY_1, DAY_2, Bureau, member, vaccinate

from qingmiao.registry.actions.merging import merge_people, split_people
from qingmiao.registry.models import Dose, KeyGroup, KeyGroupMembership, Person, UnitMembership
from qingmiao.reports import keeping, triggers
from qingmiao.reports.indicators import indicator
from qingmiao.reports.models import ChangedPerson, DoseLog, PeopleTally, SiteDoses
from qingmiao.reports.queries import full_count, live
from qingmiao.reports.queries.doses import doses_behind, doses_given, doses_of_homes
from qingmiao.staff.access import system
from qingmiao.staff.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RULE = indicator(COVID)
DAYS = [DAY_1 - timedelta(days=1), DAY_1, DAY_2, DAY_2 + timedelta(days=30)]


def agree() -> None:
    """Everything that pages ask of the kept counts is what a full count says, for every place and several days."""
    assert keeping.catch_up()
    groups = [None, *KeyGroup.objects.all()]
    for place in Organisation.objects.all():
        for on in DAYS:
            for group in groups:
                assert live.figure_of(RULE, place, on, group) == full_count.figure_of(RULE, place, on, group), (
                    place,
                    on,
                )
            assert live.figures_by_unit(RULE, place, on) == full_count.figures_by_unit(RULE, place, on), (place, on)
            new = {group.pk: full_count.first_doses_by_day(RULE, place, on, group) for group in groups if group}
            counted = {pk: n for pk, days in new.items() for day, n in ((d.day, d.people) for d in days) if day == on}
            assert live.first_doses_by_group(RULE, place, on) == counted
            assert live.first_doses_by_day(RULE, place, on) == full_count.first_doses_by_day(RULE, place, on)
    doses_agree()


def figure(bureau: Bureau) -> tuple[int, int]:
    """Who is done, and of how many, by the kept counts."""
    share = live.figure_of(RULE, bureau.office, DAY_2)
    return share.done, share.of


def doses_agree() -> None:
    """Sums of doses are the number of rows behind them, carried over or not."""
    for carry in (False, True):
        if carry:
            keeping.carry_doses()
        for site in [0, *Organisation.objects.values_list("pk", flat=True)]:
            rows = (
                doses_behind([site], date.min, date.max)
                if site
                else doses_behind(None, date.min, date.max).filter(site=None)
            )
            assert doses_given([site], date.min, date.max).get(("5601",), 0) == rows.filter(product_code="5601").count()
        homes = {home or 0 for home in Person.objects.values_list("home_id", flat=True)}
        for home in homes:
            rows = doses_behind(None, date.min, date.max).filter(person__home=home or None)
            assert doses_of_homes([home], date.min, date(9999, 11, 30)).get((home,), 0) == rows.count()


def test_the_bureau_is_counted_as_it_stands(bureau: Bureau):
    agree()
    assert not ChangedPerson.objects.exists()
    assert figure(bureau) == (46, 120)


def test_a_correction_a_withdrawal_and_a_deletion_follow(bureau: Bureau):
    agree()
    first, second, third = (bureau.people[n].doses.get() for n in (0, 1, 2))
    vaccinate(first.person, first.given_on, supersedes=first, is_void=True, reason="别人的")
    vaccinate(second.person, DAY_2, supersedes=second, reason="日期")
    third.delete()
    agree()
    assert figure(bureau) == (44, 120)
    Dose.objects.filter(supersedes=first).delete()
    agree()
    assert figure(bureau) == (45, 120)
    Dose.objects.filter(pk=second.superseded_by.pk).update(held=Dose.Held.DATE)
    agree()
    assert figure(bureau) == (44, 120)


def test_moving_house_carries_every_dose_along(bureau: Bureau):
    village = bureau.village
    for person in bureau.people[:6]:
        Person.objects.filter(pk=person.pk).update(home=village.community)
    agree()
    Person.objects.filter(pk=bureau.people[0].pk).update(home=village.far_district)
    agree()
    Person.objects.filter(pk=bureau.people[1].pk).update(home=None)
    agree()
    assert doses_of_homes([village.far_district.pk], DAY_1, DAY_2) == {(village.far_district.pk,): 1}


def test_a_merge_and_its_undoing_follow(bureau: Bureau):
    survivor, absorbed = bureau.people[0], bureau.people[60]
    Person.objects.filter(pk=absorbed.pk).update(home=bureau.village.community)
    agree()
    survivor.refresh_from_db()
    absorbed.refresh_from_db()
    merge = merge_people(by=system("test"), survivor=survivor, absorbed=absorbed, reason="同一人", at=AT)
    agree()
    assert figure(bureau) == (45, 119)
    split_people(by=system("test"), merge=merge, at=AT)
    agree()
    assert figure(bureau) == (46, 120)


def test_a_key_group_is_counted_from_the_day_one_belongs_to_it(bureau: Bureau):
    elderly = KeyGroup.objects.create(code="60+", name="60岁以上")
    KeyGroupMembership.objects.create(person=bureau.people[0], group=elderly)
    KeyGroupMembership.objects.create(person=bureau.people[1], group=elderly, since=DAY_2)
    agree()
    assert live.figures_by_group(RULE, bureau.office, DAY_1)[elderly.pk].of == 1
    assert live.figures_by_group(RULE, bureau.office, DAY_2)[elderly.pk].of == 2
    KeyGroupMembership.objects.filter(group=elderly).delete()
    agree()
    assert live.figures_by_group(RULE, bureau.office, DAY_2) == {}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_both_counts_agree(bureau: Bureau, seed: int):
    """Sixty changes at random, straight on the tables as imports and repairs make them."""
    random = Random(seed)
    places = [bureau.cafe, bureau.karaoke, bureau.scenic, bureau.office]
    homes = [None, bureau.village.community, bureau.village.subdistrict, bureau.village.far_district]
    for _step in range(60):
        _happen(random, random.choice(bureau.people), places, homes)
        if not random.randrange(12):
            agree()
    agree()
    assert figure(bureau) != (46, 120), "sixty changes leave a trace"


def _happen(random: Random, person: Person, places: list[Organisation], homes: list[Any]) -> None:
    people = Person.objects.filter(pk=person.pk)
    members = UnitMembership.objects.filter(person=person)
    day = random.choice([None, *DAYS])
    match random.randrange(8):
        case 0:
            people.update(home=random.choice(homes))
        case 1:
            people.update(status=random.choice(["present", "moved", "dead"]), status_on=day)
        case 2:
            members.update(until=day)
        case 3:
            members.update(since=day)
        case 4:
            members.delete()
        case 5:
            UnitMembership.objects.get_or_create(person=person, unit=random.choice(places), until=None)
        case 6:
            site = random.choice([None, *homes])
            vaccinate(person, random.choice(DAYS), product_code=random.choice(["5601", "0201", ""]), site=site)
        case 7:
            Dose.objects.filter(person=person).update(held=random.choice(["", "date"]))


def test_a_page_may_read_while_much_is_waiting(bureau: Bureau, monkeypatch: pytest.MonkeyPatch):
    """More changes than a page may carry over: it counts in full and says the same."""
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    monkeypatch.setattr(live, "catch_up", lambda: keeping.catch_up(0))
    assert live.figure_of(RULE, bureau.office, DAY_2).of == 120
    assert ChangedPerson.objects.exists()


def test_the_check_finds_nothing_where_nothing_is_wrong(bureau: Bureau):
    agree()
    check = keeping.check_figures(by=system("test"), at=AT)
    assert (check.differences, check.people, check.doses) == (0, 120, 46)
    agree()


def test_the_check_finds_and_puts_right_what_differs(bureau: Bureau):
    agree()
    PeopleTally.objects.filter(place_id=bureau.office.pk, is_direct=False, day=date.min).update(people=1)
    SiteDoses.objects.update(doses=7)
    check = keeping.check_figures(by=system("test"), at=AT)
    assert check.differences >= 2
    assert {1, 7} <= {row["kept"] for row in check.found}
    agree()
    assert keeping.check_figures(by=system("test"), at=AT).differences == 0


def test_the_triggers_come_back_after_a_migration(bureau: Bureau):
    agree()
    triggers.drop(plan=["a migration"])
    triggers.make()
    member(bureau.cafe, "后来者")
    assert ChangedPerson.objects.exists()
    assert DoseLog.objects.count() == 0
    agree()
