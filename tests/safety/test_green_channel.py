"""The green channel: from the alarm to the outcome, drills, and the kit."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at

from qingmiao.registry.models import Dose
from qingmiao.safety.actions.green import (
    Hospital,
    Line,
    check_kit,
    close_drill,
    go_on_with_rescue,
    note_treatment,
    pair_hospital,
    plan_drill,
    raise_alarm,
    weigh,
)
from qingmiao.safety.green import kit
from qingmiao.safety.models import Rescue, RescueStep, Treatment
from qingmiao.safety.queries.green import compared, intervals_of, newest_check, pairing_of, phones_on_duty, running
from qingmiao.safety.rules import Refused
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db
HOSPITAL = Hospital("青河区人民医院", "急诊科", "青河路1号", "东门，电梯直达", 8)
PHONES = (
    Line("急诊值班", "0100001111", weekdays="12345", from_time=time(8), until_time=time(18)),
    Line("夜间总值班", "0100002222", from_time=time(18), until_time=time(8)),
)


def paired(site: Site):
    return pair_hospital(
        by=site.actor("zhenghua"), site=site.village.site, hospital=HOSPITAL, phones=PHONES, on=date(2021, 5, 1)
    )


def alarm(site: Site, dose: Dose, when=None) -> Rescue:
    return raise_alarm(by=site.actor("wumin"), site=site.village.site, dose=dose, at=when or at(10, 5))


def go_on(site: Site, rescue: Rescue, step: str, when, said: str = "") -> RescueStep:
    return go_on_with_rescue(by=site.actor("wumin"), rescue=rescue, step=step, said=said, at=when)


def test_the_phone_that_is_answered_now_comes_first(site: Site):
    pairing = paired(site)
    assert [phone.name for phone in phones_on_duty(pairing, at(10))] == ["急诊值班"]
    assert [phone.name for phone in phones_on_duty(pairing, at(23))] == ["夜间总值班"]
    assert pairing_of(site.village.site) == pairing


def test_a_new_pairing_takes_the_place_of_the_old_one(site: Site):
    old, new = paired(site), paired(site)
    assert (pairing_of(site.village.site), old == new) == (new, False)


def test_a_rescue_runs_from_alarm_to_outcome_with_minutes_between(site: Site, dose: Dose):
    paired(site)
    rescue = alarm(site, dose)
    assert alarm(site, dose, at(10, 6)) == rescue
    assert running(site.actor("zhenghua"), at(10, 6)) == 1
    go_on(site, rescue, "answered", at(10, 6))
    go_on(site, rescue, "ambulance", at(10, 17))
    go_on(site, rescue, "handover", at(10, 25))
    with pytest.raises(Refused):
        go_on(site, rescue, "outcome", at(12), " ")
    go_on(site, rescue, "outcome", at(12), "好转")
    assert [one.since_alarm for one in intervals_of(rescue)] == [0, 1, 12, 20, 115]
    assert (Rescue.objects.get().is_over, running(site.actor("zhenghua"), at(13))) == (True, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        RescueStep.objects.update(at=at(13))


def test_steps_are_not_written_twice_or_backwards(site: Site, dose: Dose):
    rescue = alarm(site, dose)
    go_on(site, rescue, "ambulance", at(10, 17))
    for step in ("alarm", "answered", "ambulance", "nonsense"):
        with pytest.raises(Refused):
            go_on(site, rescue, step, at(10, 18))


def test_treatment_and_weight_are_written_with_their_moment(site: Site, dose: Dose):
    rescue = alarm(site, dose)
    weigh(by=site.actor("wumin"), rescue=rescue, weight_kg=Decimal("62.5"))
    done = note_treatment(
        by=site.actor("wumin"),
        site=site.village.site,
        rescue=rescue,
        what=Treatment.What.ADRENALINE,
        text="0.5 mg 肌注",
        at=at(10, 7),
    )
    assert (done.dose, done.text.reveal(), Rescue.objects.get().weight_kg) == (dose, "0.5 mg 肌注", Decimal("62.5"))
    with pytest.raises(Refused):
        weigh(by=site.actor("wumin"), rescue=rescue, weight_kg=Decimal("0.5"))


def test_a_drill_runs_on_the_same_steps_and_is_compared(site: Site, dose: Dose):
    head = site.actor("zhenghua")
    drill = plan_drill(by=head, site=site.village.site, planned_on=date(2021, 6, 1), scenario="过敏性休克")
    with pytest.raises(Refused):
        close_drill(by=head, drill=drill, lessons="x", at=at(15))
    practised = raise_alarm(by=head, site=site.village.site, drill=drill, at=at(14))
    for step, minute in (("answered", 2), ("ambulance", 10), ("handover", 15), ("outcome", 20)):
        go_on(site, practised, step, at(14, minute), "完成")
    close_drill(by=head, drill=drill, lessons="担架要放在门口", at=at(15))
    real = alarm(site, dose)
    for step, minute in (("answered", 7), ("handover", 35), ("outcome", 50)):
        go_on(site, real, step, at(10, minute), "好转")
    found = {one.step: (one.drills, one.real) for one in compared(head)}
    assert found == {
        "answered": (2.0, 2.0),
        "ambulance": (10.0, None),
        "handover": (15.0, 30.0),
        "outcome": (20.0, 45.0),
    }


def test_an_alarm_is_for_somebody_or_for_a_drill(site: Site):
    with pytest.raises(Refused):
        raise_alarm(by=site.actor("wumin"), site=site.village.site, at=at(10))


def test_a_count_of_the_kit_names_its_faults(site: Site):
    lines = [{"code": item.code, "quantity": item.minimum, "expires_on": "2021-05-31"} for item in kit()]
    lines[0]["expires_on"] = "2021-06-01"
    check = check_kit(by=site.actor("wumin"), site=site.village.site, lines=lines, at=at(8))
    assert check.faults == [item.code for item in kit()[1:]]
    assert newest_check(site.village.site) == check


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_raise_no_alarm_and_keep_no_channel(site: Site, dose: Dose, stranger: str):
    by, place, rescue = site.actor(stranger), site.village.site, alarm(site, dose)
    for act in (
        lambda: pair_hospital(by=by, site=place, hospital=HOSPITAL, phones=PHONES, on=date(2021, 6, 1)),
        lambda: raise_alarm(by=by, site=place, dose=dose, at=at(10)),
        lambda: go_on_with_rescue(by=by, rescue=rescue, step="answered", at=at(10, 6)),
        lambda: weigh(by=by, rescue=rescue, weight_kg=Decimal(60)),
        lambda: note_treatment(by=by, site=place, rescue=rescue, what=Treatment.What.OTHER, text="x", at=at(10)),
        lambda: plan_drill(by=by, site=place, planned_on=date(2021, 6, 1), scenario="x"),
        lambda: check_kit(by=by, site=place, lines=[], at=at(10)),
    ):
        with pytest.raises(NotAllowed):
            act()
