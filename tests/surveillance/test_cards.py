"""A card from the first letter to its acceptance, and everything that can happen to it on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.surveillance.hospital import NOON, Hospital, handed_in, measles, reported

from qingmiao.audit.models import AuditEntry, ChangedMeanwhile
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Identifier, Person
from qingmiao.registry.numbers import identifier_lookup
from qingmiao.staff.access import NotAllowed
from qingmiao.surveillance.actions.cards import (
    CardIncomplete,
    NotByOneself,
    NotInThisState,
    ReasonMissing,
    ReportedAlready,
    accept_card,
    correct_card,
    decide_sign,
    hand_in_card,
    open_card,
    report_card,
    report_zero,
    return_card,
    save_card,
    set_card_aside,
    take_card_up_again,
)
from qingmiao.surveillance.models import CardEvent, OutbreakSign, ReportCard, ZeroReport
from qingmiao.surveillance.queries.cards import cards_of, overdue, same_case_as, waiting, zero_reports_due

pytestmark = pytest.mark.django_db
State = ReportCard.State
TB = {"disease": "肺结核-病原学阳性", "case_kind": "2"}


def test_a_card_half_written_is_kept_as_it_is(hospital: Hospital):
    card = open_card(by=hospital.actor("lidoctor"), place=hospital.place, at=NOON)
    save_card(
        by=hospital.actor("lidoctor"), card=card, version=card.version, content={"name": "张", "phone": "138"}, at=NOON
    )
    kept = ReportCard.objects.get()
    assert (kept.state, kept.fields["name"], kept.fields["phone"]) == (State.DRAFT, "张", "138")


def test_neither_name_nor_number_stand_readable_in_the_table(hospital: Hospital):
    handed_in(hospital)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM surveillance_reportcard")
        stored = " ".join(str(bytes(v) if isinstance(v, (memoryview, bytes)) else v) for v in cursor.fetchone())
    assert "张小鱼" not in stored
    assert "110105202103110017" not in stored
    assert "13800138000" not in stored


def test_two_people_do_not_write_over_each_other(hospital: Hospital):
    by = hospital.actor("lidoctor")
    card = open_card(by=by, place=hospital.place, at=NOON)
    seen = card.version
    save_card(by=by, card=card, version=seen, content={"name": "张小鱼"}, at=NOON)
    with pytest.raises(ChangedMeanwhile):
        save_card(by=by, card=ReportCard.objects.get(), version=seen, content={"name": "李小鱼"}, at=NOON)


def test_an_incomplete_card_is_not_handed_in(hospital: Hospital):
    by = hospital.actor("lidoctor")
    card = open_card(by=by, place=hospital.place, at=NOON, content=measles(hospital, phone=""))
    with pytest.raises(CardIncomplete) as told:
        hand_in_card(by=by, card=card, version=card.version, at=NOON)
    assert [fault.field for fault in told.value.faults] == ["phone"]


def test_a_card_goes_its_way_and_every_step_is_kept(hospital: Hospital):
    card = reported(hospital)
    fang = hospital.actor("fangcontrol")
    accept_card(by=fang, card=card, version=card.version, at=NOON + timedelta(hours=3))
    assert ReportCard.objects.get().state == State.ACCEPTED
    assert list(CardEvent.objects.values_list("event", flat=True)) == ["handed_in", "reported", "accepted"]
    assert AuditEntry.objects.filter(verb="surveillance.accept_card").count() == 1


def test_events_are_added_and_never_changed(hospital: Hospital):
    handed_in(hospital)
    with pytest.raises(IntegrityError), transaction.atomic():
        CardEvent.objects.update(reason="x")


def test_the_one_who_reported_does_not_accept(hospital: Hospital):
    card = reported(hospital)
    with pytest.raises(NotByOneself):
        accept_card(by=hospital.actor("chencontrol"), card=card, version=card.version, at=NOON)


def test_a_late_card_says_why(hospital: Hospital):
    card = handed_in(hospital)
    late = NOON + timedelta(days=2)
    chen = hospital.actor("chencontrol")
    with pytest.raises(ReasonMissing):
        report_card(by=chen, card=card, version=card.version, reported_at=late, at=late)
    done = report_card(by=chen, card=card, version=card.version, reported_at=late, at=late, late_because="网络故障")
    assert done.is_late
    assert done.late_because == "网络故障"


def test_the_database_refuses_a_late_card_without_a_reason(hospital: Hospital):
    card = handed_in(hospital)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportCard.objects.filter(pk=card.pk).update(state="reported", reported_at=NOON + timedelta(days=2))


def test_a_returned_card_comes_back_with_its_reason_and_its_clock_runs_on(hospital: Hospital):
    card = handed_in(hospital)
    due = card.due_at
    return_card(by=hospital.actor("chencontrol"), card=card, version=card.version, reason="住址不详", at=NOON)
    assert (card.state, card.returned_because, card.due_at) == (State.RETURNED, "住址不详", due)
    assert waiting(hospital.actor("lidoctor"), NOON) == 1
    again = hand_in_card(by=hospital.actor("lidoctor"), card=card, version=card.version, at=NOON)
    assert again.state == State.SUBMITTED


def test_a_card_is_not_returned_without_a_reason(hospital: Hospital):
    card = handed_in(hospital)
    with pytest.raises(ReasonMissing):
        return_card(by=hospital.actor("chencontrol"), card=card, version=card.version, reason=" ", at=NOON)


def test_the_same_case_twice_is_told(hospital: Hospital):
    first = handed_in(hospital)
    with pytest.raises(ReportedAlready) as told:
        handed_in(hospital, onset_on="2026-09-06")
    assert told.value.cards == [first]


def test_another_episode_is_another_card(hospital: Hospital):
    handed_in(hospital, disease="流行性感冒", onset_on="2026-08-01", diagnosed_at="2026-08-03T09:00")
    assert handed_in(hospital, disease="流行性感冒").state == State.SUBMITTED


def test_pulmonary_tuberculosis_is_reported_once_in_a_life(hospital: Hospital):
    handed_in(hospital, **TB, onset_on="2025-03-01", diagnosed_at="2025-03-02T09:00")
    with pytest.raises(ReportedAlready):
        handed_in(hospital, disease="肺结核-病原学阴性", case_kind="1")
    other = handed_in(hospital, another="治愈后复发", disease="肺结核-病原学阴性", case_kind="1")
    assert other.another_case_because == "治愈后复发"


def test_a_namesake_with_another_number_is_another_person(hospital: Hospital):
    handed_in(hospital)
    twin = open_card(
        by=hospital.actor("lidoctor"), place=hospital.place, at=NOON,
        content=measles(hospital, number="110105202103110033"),
    )  # fmt: skip
    assert same_case_as(twin) == []


def test_a_person_without_a_number_is_known_by_name_and_birth(hospital: Hospital):
    first = handed_in(hospital)
    second = open_card(
        by=hospital.actor("zhaodoctor"), place=hospital.place, at=NOON, content=measles(hospital, number="")
    )
    assert same_case_as(second) == [first]


def test_a_duplicate_is_set_aside_and_can_be_taken_up_again(hospital: Hospital):
    first = handed_in(hospital)
    by = hospital.actor("lidoctor")
    second = open_card(by=by, place=hospital.place, at=NOON, content=measles(hospital))
    set_card_aside(by=by, card=second, version=second.version, at=NOON, duplicate_of=first)
    assert (second.state, second.duplicate_of) == (State.DUPLICATE, first)
    take_card_up_again(by=by, card=second, version=second.version, at=NOON)
    assert (second.state, second.duplicate_of) == (State.DRAFT, None)


def test_a_correction_replaces_the_first_card_when_it_is_reported(hospital: Hospital):
    first = reported(hospital)
    li, chen = hospital.actor("lidoctor"), hospital.actor("chencontrol")
    correction = correct_card(by=li, card=first, at=NOON, changes={"disease": "风疹"})
    assert ReportCard.objects.get(pk=first.pk).state == State.REPORTED
    hand_in_card(by=li, card=correction, version=correction.version, at=NOON)
    report_card(by=chen, card=correction, version=correction.version, reported_at=NOON, at=NOON)
    assert ReportCard.objects.get(pk=first.pk).state == State.CORRECTED


def test_a_draft_is_not_corrected(hospital: Hospital):
    with pytest.raises(NotInThisState):
        correct_card(by=hospital.actor("lidoctor"), card=handed_in(hospital), at=NOON)


def test_a_colleague_neither_sees_nor_writes_it(hospital: Hospital):
    card = handed_in(hospital)
    assert not cards_of(hospital.actor("zhaodoctor")).exists()
    with pytest.raises(NotAllowed):
        set_card_aside(by=hospital.actor("zhaodoctor"), card=card, version=card.version, at=NOON, reason="x")


def test_an_outsider_reaches_nothing(hospital: Hospital):
    card = handed_in(hospital)
    outsider = hospital.actor("fengyuan")
    assert not cards_of(outsider).exists()
    with pytest.raises(NotAllowed):
        return_card(by=outsider, card=card, version=card.version, reason="x", at=NOON)


def test_the_district_sees_the_hospital_and_the_village(hospital: Hospital):
    handed_in(hospital)
    open_card(by=hospital.actor("mavillage"), place=hospital.village.community, at=NOON)
    assert cards_of(hospital.actor("fangcontrol")).count() == 2
    assert cards_of(hospital.actor("mavillage")).count() == 1


def test_the_person_on_record_is_joined(hospital: Hospital):
    person = Person.objects.create(name="张小鱼")
    number = "110105202103110017"
    Identifier.objects.create(
        person=person, kind=Identifier.Kind.ID_CARD, number=Sealed.of(number), lookup=identifier_lookup(number)
    )
    assert handed_in(hospital).person == person


def test_a_card_past_its_deadline_is_found_whoever_looks(hospital: Hospital):
    handed_in(hospital)
    cards = ReportCard.objects.all()
    assert not overdue(cards, NOON + timedelta(hours=20)).exists()
    assert overdue(cards, NOON + timedelta(hours=22)).exists()


def pupils(hospital: Hospital, count: int) -> None:
    numbers = ["110105201803110010", "110105201803110037", "110105201803110053", "110105201803110079"]
    for place, number in enumerate(numbers[:count]):
        handed_in(
            hospital, name=f"学生{place}", number="", no_number_because=number, birth_date="2018-03-11", disease="水痘",
            occupation="3", workplace=f"河滨小学{'一二三四'[place]}年级1班", onset_on="2026-09-06",
        )  # fmt: skip


def test_three_cases_of_a_school_open_a_sign_with_a_clock(hospital: Hospital):
    pupils(hospital, 2)
    assert not OutbreakSign.objects.exists()
    pupils(hospital, 0)
    handed_in(
        hospital, name="学生9", number="", no_number_because="x", birth_date="2018-03-12", disease="水痘",
        occupation="3", workplace="河滨小学", onset_on="2026-09-06",
    )  # fmt: skip
    sign = OutbreakSign.objects.get()
    assert (sign.school, sign.cases, sign.level) == ("河滨小学", 3, "watch")
    assert sign.due_at == NOON + timedelta(hours=2)


def test_a_fourth_case_raises_the_open_sign_and_a_decision_needs_words(hospital: Hospital):
    pupils(hospital, 4)
    sign = OutbreakSign.objects.get()
    assert sign.cases == 4
    chen = hospital.actor("chencontrol")
    with pytest.raises(ReasonMissing):
        decide_sign(by=chen, sign=sign, version=sign.version, is_outbreak=False, finding="", at=NOON)
    decide_sign(by=chen, sign=sign, version=sign.version, is_outbreak=False, finding="同一家庭", at=NOON)
    assert OutbreakSign.objects.get().state == "dismissed"


def test_a_week_without_measles_asks_for_a_zero_report_until_it_is_given(hospital: Hospital):
    on = NOON.date()
    due = {row["kind"] for row in zero_reports_due(hospital.place, on)}
    assert due == {"afp", "measles", "neonatal_tetanus"}
    for _twice in range(2):
        report_zero(by=hospital.actor("chencontrol"), place=hospital.place, kind="measles", on=on, at=NOON)
    assert ZeroReport.objects.count() == 1
    assert {row["kind"] for row in zero_reports_due(hospital.place, on)} == {"afp", "neonatal_tetanus"}


def test_a_week_with_measles_needs_no_zero_report(hospital: Hospital):
    handed_in(hospital, onset_on="2026-09-01", diagnosed_at="2026-09-02T09:00")
    assert "measles" not in {row["kind"] for row in zero_reports_due(hospital.place, NOON.date())}
