"""Coverage reads 46 of 120, with the names behind both numbers, however the rows lie."""

from datetime import date, timedelta

import pytest
from tests.reports.bureau import COVID, DAY_1, DAY_2, Bureau, member, vaccinate

from qingmiao.registry.models import Dose, Person, UnitMembership
from qingmiao.reports.indicators import indicator
from qingmiao.reports.queries import live
from qingmiao.reports.rules import Share

pytestmark = pytest.mark.django_db
RULE = indicator(COVID)


def figure(bureau: Bureau, on: date = DAY_2) -> Share:
    return live.figure_of(RULE, bureau.office, on)


def test_the_bureau_reads_46_of_120(bureau: Bureau):
    share = figure(bureau)
    assert (share.done, share.of, share.open, share.text()) == (46, 120, 74, "38.3%")


def test_each_unit_reads_its_own_and_a_person_of_two_units_is_in_both_but_once_above(bureau: Bureau):
    units = {unit.unit.name: (unit.done, unit.of) for unit in live.figures_by_unit(RULE, bureau.office, DAY_2)}
    assert units == {"星海网吧": (21, 54), "金麦歌厅": (11, 38), "古渡景区": (15, 30)}
    assert sum(of for _done, of in units.values()) == 122


def test_a_unit_asked_for_itself_reads_as_in_the_table_of_its_bureau(bureau: Bureau):
    assert live.figure_of(RULE, bureau.scenic, DAY_2) == Share(15, 30)
    assert [(row.unit, row.done, row.of) for row in live.figures_by_unit(RULE, bureau.scenic, DAY_2)] == [
        (bureau.scenic, 15, 30)
    ]


def test_the_district_counts_the_bureau_once(bureau: Bureau):
    assert live.figure_of(RULE, bureau.village.district, DAY_2) == Share(46, 120)
    rows = live.figures_by_unit(RULE, bureau.village.district, DAY_2)
    assert {row.unit.name: (row.done, row.of) for row in rows if row.of} == {"文旅局": (46, 120)}


def test_names_behind_the_numbers_are_the_people_counted(bureau: Bureau):
    people = live.people_of(bureau.office, DAY_2)
    done = people.filter(live.vaccinated(RULE, DAY_2))
    assert people.count() == len(set(people.values_list("pk", flat=True))) == 120
    assert set(done) == {person for person in bureau.people if person.doses.exists()}


def test_the_figure_of_the_first_day_has_only_its_doses(bureau: Bureau):
    assert figure(bureau, DAY_1).done == sum(1 for p in bureau.people if p.doses.filter(given_on=DAY_1).exists())
    assert figure(bureau, DAY_1 - timedelta(days=1)) == Share(0, 120)
    days = live.first_doses_by_day(RULE, bureau.office, DAY_2)
    assert [row.day for row in days] == [DAY_1, DAY_2]
    assert sum(row.people for row in days) == 46


@pytest.mark.parametrize(
    ("what", "dose"),
    [
        ("held", {"held": Dose.Held.TWICE}),
        ("of another vaccine", {"product_code": "0201"}),
        ("without a day", {"given_on": None}),
        ("given later", {"given_on": DAY_2 + timedelta(days=1)}),
        ("of another vaccine on a list", {"product_code": "", "vaccine": "乙肝"}),
        ("of an unknown vaccine on a paper booklet", {"product_code": "", "source": Dose.Source.PAPER}),
    ],
)
def test_a_dose_does_not_count_when_it_is(bureau: Bureau, what: str, dose: dict):
    vaccinate(bureau.people[50], **({"on": DAY_2} | {("on" if k == "given_on" else k): v for k, v in dose.items()}))
    assert figure(bureau) == Share(46, 120), what


@pytest.mark.parametrize("name", ["新冠灭活(Vero)", "新冠苗3.0", ""])
def test_a_row_of_a_vaccinated_list_counts_by_name_or_without_one(bureau: Bureau, name: str):
    vaccinate(bureau.people[50], DAY_2, product_code="", vaccine=name)
    assert figure(bureau) == Share(47, 120)


def test_a_second_dose_changes_nothing(bureau: Bureau):
    vaccinate(bureau.people[0], DAY_2)
    assert figure(bureau) == Share(46, 120)
    assert sum(row.people for row in live.first_doses_by_day(RULE, bureau.office, DAY_2)) == 46


def test_a_withdrawn_dose_takes_its_person_below_the_line_and_a_corrected_one_does_not(bureau: Bureau):
    first, second = (bureau.people[n].doses.get() for n in (0, 1))
    vaccinate(first.person, first.given_on, supersedes=first, is_void=True, reason="别人的")
    vaccinate(second.person, second.given_on, supersedes=second, reason="批号", lot_number="A1")
    assert figure(bureau) == Share(45, 120)


@pytest.mark.parametrize("status", [Person.Status.MOVED, Person.Status.DEAD])
def test_who_died_or_moved_away_leaves_both_numbers_from_that_day(bureau: Bureau, status: str):
    Person.objects.filter(pk=bureau.people[0].pk).update(status=status, status_on=DAY_2)
    assert figure(bureau) == Share(45, 119)
    assert figure(bureau, DAY_1).of == 120


def test_a_merged_person_is_counted_as_the_one_who_stayed(bureau: Bureau):
    Person.objects.filter(pk=bureau.people[119].pk).update(merged_into=bureau.people[0])
    assert figure(bureau) == Share(46, 119)


def test_who_left_the_unit_counts_until_the_last_day(bureau: Bureau):
    UnitMembership.objects.filter(person=bureau.people[0]).update(until=DAY_1)
    assert (figure(bureau, DAY_1).of, figure(bureau).of) == (120, 119)


def test_a_vaccinated_outsider_is_in_no_number(bureau: Bureau):
    stranger = Person.objects.create(name="康岳琛")
    vaccinate(stranger, DAY_1)
    assert figure(bureau) == Share(46, 120)


def test_residents_count_for_their_community_and_once_for_the_district(bureau: Bureau):
    community = bureau.village.community
    resident = Person.objects.create(name="郑老", home=community)
    Person.objects.filter(pk=bureau.people[0].pk).update(home=community)
    vaccinate(resident, DAY_2)
    assert live.figure_of(RULE, community, DAY_2) == Share(2, 2)
    assert live.figure_of(RULE, bureau.village.district, DAY_2) == Share(47, 121)
    [row] = [row for row in live.figures_by_unit(RULE, bureau.village.subdistrict, DAY_2) if row.of]
    assert (row.unit, row.done, row.of) == (community, 2, 2)


@pytest.mark.parametrize("where", ["office", "scenic"])
def test_what_a_snapshot_will_keep_adds_up_to_the_figures_shown(bureau: Bureau, where: str):
    organisation = getattr(bureau, where)
    member(bureau.office, "局机关")
    rows = list(live.standings(RULE, organisation, DAY_2))
    shown = live.figures_by_unit(RULE, organisation, DAY_2)
    people = {row.person_id: row.first_dose_on for row in rows}
    share = live.figure_of(RULE, organisation, DAY_2)
    assert (sum(map(bool, people.values())), len(people)) == (share.done, share.of)
    for unit in shown:
        mine = [row for row in rows if row.part_id == unit.unit.pk]
        assert (sum(bool(row.first_dose_on) for row in mine), len(mine)) == (unit.done, unit.of)
    assert {row.part_id for row in rows} <= {unit.unit.pk for unit in shown}


def test_counting_asks_few_questions_however_many_units(bureau: Bureau, django_assert_max_num_queries):
    live.figure_of(RULE, bureau.office, DAY_2)  # carries over what was just recorded
    with django_assert_max_num_queries(6):
        live.figures_by_unit(RULE, bureau.office, DAY_2)
        live.figure_of(RULE, bureau.office, DAY_2)
