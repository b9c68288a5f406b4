"""A frozen figure stays what it was, with the names behind both numbers."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.reports.bureau import AT, COVID, DAY_1, DAY_2, Bureau, member, vaccinate

from qingmiao.audit.models import AuditEntry
from qingmiao.registry.models import Dose, Person, UnitMembership
from qingmiao.reports.actions import DayNotOver, freeze_figure
from qingmiao.reports.indicators import UnknownIndicator
from qingmiao.reports.models import Snapshot, SnapshotMember
from qingmiao.reports.queries import frozen
from qingmiao.reports.rules import Share
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db


def read(snapshot: Snapshot) -> tuple:
    """Everything that a reader sees of a snapshot."""
    snapshot = Snapshot.objects.get(pk=snapshot.pk)
    units = [(unit.part.name, unit.done, unit.of) for unit in frozen.units_of(snapshot)]
    names = {which: [row.name for row in frozen.members_of(snapshot, which)] for which in frozen.WHICH}
    return snapshot.numerator, snapshot.denominator, units, names


def test_a_snapshot_keeps_the_numbers_the_rule_the_moment_and_who_froze_it(bureau: Bureau):
    snapshot = Snapshot.objects.get(pk=bureau.freeze().pk)
    assert (snapshot.numerator, snapshot.denominator) == (46, 120)
    assert frozen.share_of(snapshot).text() == "38.3%"
    assert (snapshot.rule, snapshot.on, snapshot.taken_at, snapshot.taken_by_name) == (
        "covid19.vaccinated-1", DAY_2, AT, "赵倩",
    )  # fmt: skip
    assert snapshot.definition["courses"][0]["product_codes"] == ["56"]
    assert snapshot.definition["numerator"]["definition"]["zh"].startswith("分母中截至当日")


def test_the_names_behind_both_numbers_are_kept_for_the_bureau_and_each_unit(bureau: Bureau):
    snapshot = bureau.freeze()
    done = {row.person_id for row in frozen.members_of(snapshot, "done")}
    everybody = {row.person_id for row in frozen.members_of(snapshot)}
    still_open = {row.person_id for row in frozen.members_of(snapshot, "open")}
    assert (len(done), len(everybody), len(still_open)) == (46, 120, 74)
    assert done == {person.pk for person in bureau.people if person.doses.exists()}
    for unit in frozen.units_of(snapshot):
        assert frozen.members_of(snapshot, "done", unit.part).count() == unit.done
        assert frozen.members_of(snapshot, "all", unit.part).count() == unit.of
    assert frozen.people_in_several_units(snapshot) == 2


def test_nothing_recorded_later_moves_a_snapshot(bureau: Bureau):
    snapshot = bureau.freeze()
    before = read(snapshot)
    vaccinate(bureau.people[50], DAY_1)
    Dose.objects.filter(person=bureau.people[0], source="imported").delete()  # the import that brought it was undone
    member(bureau.cafe, "新来的")
    Person.objects.filter(pk=bureau.people[1].pk).update(name="改了名", status=Person.Status.MOVED)
    UnitMembership.objects.filter(person=bureau.people[2]).delete()
    bureau.cafe.name = "改名网吧"
    bureau.cafe.save()
    assert read(snapshot) == before
    assert frozen.share_of(bureau.freeze()) == Share(44, 119)


def test_a_person_withdrawn_with_an_import_stays_named_in_the_snapshot(bureau: Bureau):
    newcomer = member(bureau.cafe, "误导入")
    snapshot = bureau.freeze()
    newcomer.delete()
    assert "误导入" in [row.name for row in frozen.members_of(snapshot)]
    assert frozen.share_of(snapshot).of == 121


def test_the_database_refuses_to_change_or_delete_a_snapshot(bureau: Bureau):
    snapshot = bureau.freeze()
    changes = (
        (Snapshot.objects, {"numerator": 47}),
        (snapshot.parts, {"numerator": 1}),
        (snapshot.members, {"name": "x"}),
    )
    for table, changed in changes:
        row = table.all()[:1].get()
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        SnapshotMember.objects.filter(snapshot=snapshot).delete()


def test_the_database_refuses_a_share_above_one(bureau: Bureau):
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(
            organisation=bureau.office, indicator=COVID, rule_version=1, definition={}, on=DAY_2,
            numerator=2, denominator=1, taken_at=AT,
        )  # fmt: skip


def test_freezing_twice_with_one_request_keeps_one(bureau: Bureau):
    request_id = uuid4()
    first = bureau.freeze(request_id=request_id)
    vaccinate(bureau.people[50], DAY_2)
    again = bureau.freeze(at=AT + timedelta(minutes=1), request_id=request_id)
    assert (again.pk, again.numerator, Snapshot.objects.count()) == (first.pk, 46, 1)


def test_freezing_leaves_its_figures_in_the_trail_and_no_name(bureau: Bureau):
    bureau.freeze()
    entry = AuditEntry.objects.latest("seq")
    assert (entry.verb, entry.details) == (
        "reports.freeze_figure",
        {"rule": "covid19.vaccinated-1", "done": 46, "of": 120},
    )


@pytest.mark.parametrize("stranger", ["qianduo", "zhoulin", "fengyuan"])
def test_strangers_freeze_nothing(bureau: Bureau, stranger: str):
    with pytest.raises(NotAllowed):
        freeze_figure(
            by=bureau.village.actor(stranger), indicator_id=COVID, organisation=bureau.office,
            on=DAY_2, today=DAY_2, at=AT,
        )  # fmt: skip
    assert not Snapshot.objects.exists()


def test_a_day_that_has_not_come_is_not_frozen(bureau: Bureau):
    with pytest.raises(DayNotOver):
        freeze_figure(
            by=bureau.village.actor("zhaoqian"), indicator_id=COVID, organisation=bureau.office,
            on=DAY_2 + timedelta(days=1), today=DAY_2, at=AT,
        )  # fmt: skip


def test_an_unknown_indicator_is_named(bureau: Bureau):
    with pytest.raises(UnknownIndicator, match=r"covid19\.vaccinated"):
        freeze_figure(
            by=bureau.village.actor("zhaoqian"), indicator_id="nonsense", organisation=bureau.office,
            on=DAY_2, today=DAY_2, at=AT,
        )  # fmt: skip


def test_the_difference_of_two_snapshots_names_who_makes_it(bureau: Bureau):
    earlier = bureau.freeze(DAY_1)
    withdrawn = bureau.people[0].doses.get()
    vaccinate(bureau.people[0], DAY_1, supersedes=withdrawn, is_void=True, reason="别人的")
    newcomer = member(bureau.cafe, "新来的")
    UnitMembership.objects.filter(person=bureau.people[119]).delete()
    later = bureau.freeze(DAY_2)
    changes = frozen.difference(earlier, later)
    assert [row.name for row in changes.came] == [newcomer.name]
    assert [row.name for row in changes.went] == [bureau.people[119].name]
    assert [row.name for row in changes.no_longer_done] == [bureau.people[0].name]
    assert len(changes.newly_done) == sum(1 for p in bureau.people if p.doses.filter(given_on=DAY_2).exists())
    assert frozen.snapshot_before(later) == earlier


def test_the_latest_snapshot_of_a_day_is_the_one_that_counts(bureau: Bureau):
    bureau.freeze()
    vaccinate(bureau.people[50], DAY_2)
    second = bureau.freeze(at=AT + timedelta(hours=1))
    assert frozen.latest_snapshot(bureau.office, COVID, DAY_2) == second
    assert frozen.latest_snapshot(bureau.office, COVID, DAY_1) is None


def test_owners_are_counted_apart(bureau: Bureau):
    assert frozen.share_of_position(bureau.freeze(), ["业主"]) == Share(3, 3)
