"""What goes out was approved by somebody else; a rumour has a clock; a finding is closed by who looked again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.campaign.office import DAY, at
from tests.clinic.site import open_site
from tests.village import Village

from qingmiao.campaign.actions.fieldwork import record_door_visit
from qingmiao.campaign.actions.logistics import Cancelled, ask_for, deliver, take_back_need
from qingmiao.campaign.actions.publicity import (
    NotApproved,
    OwnWork,
    RumourMoved,
    answer_rumour,
    approve_material,
    approve_rumour_answer,
    close_rumour,
    draft_answer,
    record_activity,
    tell_rumour,
    write_material,
)
from qingmiao.campaign.actions.supervision import (
    FindingMoved,
    Found,
    NothingSaid,
    close_finding,
    correct_finding,
    inspect,
    reopen_finding,
)
from qingmiao.campaign.models import Activity, Campaign, Finding, Rumour
from qingmiao.campaign.queries.logistics import supplies_of
from qingmiao.campaign.queries.publicity import answering_of, reach_by_channel, refusals_in
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db


def rumour(village: Village, campaign: Campaign, risk: str = "high", where=None) -> Rumour:
    return tell_rumour(
        by=village.actor("songjiang"),
        campaign=campaign,
        text="打了会生病",
        channel="group",
        place=where or village.community,
        risk=risk,
        seen_at=at(9),
        at=at(9, 5),
    )


def answered(village: Village, said: Rumour, hour: int, minute: int = 0) -> Rumour:
    by = village.actor("kongming")
    draft_answer(by=by, rumour=said, version=said.version, answer="不会，有依据")
    approve_rumour_answer(by=village.actor("wuyong"), rumour=said, version=said.version, at=at(hour))
    return answer_rumour(by=by, rumour=said, version=said.version, answered_where="群", at=at(hour, minute))


def test_risk_sets_the_clock(village: Village, campaign: Campaign):
    assert [rumour(village, campaign, risk).answer_by for risk in ("high", "medium", "low")] == [
        at(11),
        at(15),
        at(9, day=DAY + timedelta(days=1)),
    ]


def test_a_rumour_is_answered_in_time_or_late_and_both_are_counted(village: Village, campaign: Campaign):
    answered(village, rumour(village, campaign), 10, 40)
    answered(village, rumour(village, campaign), 11, 30)
    rumour(village, campaign)
    now = answering_of(campaign, at(12))
    assert (now.seen, now.answered, now.in_time, now.late_now) == (3, 2, 1, 1)
    assert now.median == timedelta(hours=2, minutes=5)


def test_nobody_approves_his_own_answer_and_none_goes_out_unapproved(village: Village, campaign: Campaign):
    said, by = rumour(village, campaign), village.actor("kongming")  # 孔明 both leads and may approve
    draft_answer(by=by, rumour=said, version=1, answer="不会")
    with pytest.raises(OwnWork):
        approve_rumour_answer(by=by, rumour=said, version=2, at=at(10))
    with pytest.raises(NotApproved):
        answer_rumour(by=by, rumour=said, version=2, answered_where="群", at=at(10))


def test_another_draft_needs_another_approval(village: Village, campaign: Campaign):
    said, by = rumour(village, campaign), village.actor("kongming")
    draft_answer(by=by, rumour=said, version=1, answer="不会")
    approve_rumour_answer(by=village.actor("wuyong"), rumour=said, version=2, at=at(10))
    draft_answer(by=by, rumour=said, version=3, answer="放心")
    with pytest.raises(NotApproved):
        answer_rumour(by=by, rumour=said, version=4, answered_where="群", at=at(10))


def test_only_what_was_answered_is_closed(village: Village, campaign: Campaign):
    said = rumour(village, campaign)
    with pytest.raises(RumourMoved):
        close_rumour(by=village.actor("kongming"), rumour=said, version=1, outcome="过去了", at=at(10))
    with pytest.raises(IntegrityError), transaction.atomic():
        Rumour.objects.update(state="answered")


def test_refusals_in_the_same_patch_are_told_beside_a_rumour(village: Village, campaign: Campaign):
    site = open_site(village)
    person = site.people["zhangwei"]  # of 星海网吧
    said = rumour_at_cafe = tell_rumour(
        by=village.actor("zhaoqian"), campaign=campaign, text="x", channel="group", place=village.cafe, risk="low",
        seen_at=at(9), at=at(9),
    )  # fmt: skip
    assert refusals_in(campaign, rumour_at_cafe) == 0
    for hour in (10, 11):
        record_door_visit(
            by=village.actor("zhaoqian"), campaign=campaign, person=person, level="grid", result="refused",
            reason="rumour", at=at(hour),
        )  # fmt: skip
    assert refusals_in(campaign, said) == 1
    assert refusals_in(campaign, rumour(village, campaign)) == 0


def test_material_is_used_once_approved_and_until_its_last_day(village: Village, campaign: Campaign):
    by = village.actor("kongming")
    poster = write_material(by=by, campaign=campaign, title="海报", expires_on=DAY, at=at(9))
    assert not poster.may_be_used_on(DAY)
    with pytest.raises(OwnWork):
        approve_material(by=by, material=poster, version=1, at=at(9))
    approve_material(by=village.actor("wuyong"), material=poster, version=1, at=at(10))
    assert poster.may_be_used_on(DAY)
    assert not poster.may_be_used_on(DAY + timedelta(days=1))


def test_reach_is_summed_by_channel_and_unknown_stays_unknown(village: Village, campaign: Campaign):
    for channel, reach in (("leaflet", 200), ("leaflet", 50), ("loudspeaker", None)):
        record_activity(
            by=village.actor("songjiang"), campaign=campaign, channel=channel, place=village.community, reach=reach,
            happened_at=at(9), at=at(10),
        )  # fmt: skip
    assert [(row.channel, row.activities, row.reach) for row in reach_by_channel(campaign)] == [
        ("leaflet", 2, 250),
        ("loudspeaker", 1, None),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.update(reach=9999)


def test_what_is_asked_for_is_lacking_until_all_of_it_was_brought(village: Village, campaign: Campaign):
    need = ask_for(
        by=village.actor("zhenghua"), campaign=campaign, place=village.site, kind="vehicle", item="接送车", quantity=4,
        needed_at=at(8), at=at(7),
    )  # fmt: skip
    by, head = village.actor("kongming"), village.actor("zhenghua")

    def state(hour: int) -> tuple[int, str]:
        (supply,) = supplies_of(campaign, head)
        return supply.lacking, supply.state_at(at(hour))

    assert state(7) == (4, "open")
    deliver(by=by, need=need, quantity=3, at=at(7, 30))
    assert [state(7), state(9)] == [(1, "part"), (1, "late")]
    deliver(by=by, need=need, quantity=1, at=at(9))
    assert state(10) == (0, "brought")


def test_what_was_taken_back_is_not_brought(village: Village, campaign: Campaign):
    need = ask_for(
        by=village.actor("zhenghua"), campaign=campaign, place=village.site, kind="people", item="志愿者", quantity=2,
        needed_at=at(8), at=at(7),
    )  # fmt: skip
    take_back_need(by=village.actor("zhenghua"), need=need, version=1, at=at(7, 30))
    with pytest.raises(Cancelled):
        deliver(by=village.actor("kongming"), need=need, quantity=1, at=at(8))


def found(village: Village, campaign: Campaign) -> Finding:
    inspect(
        by=village.actor("kongming"),
        campaign=campaign,
        place=village.site,
        checklist="site",
        answers={"order": "no", "signs": "yes"},
        found=[Found("order", "排队过密")],
        at=at(9),
    )
    return Finding.objects.get()


def test_a_finding_is_put_right_by_the_place_and_closed_by_who_looked_again(village: Village, campaign: Campaign):
    finding, site = found(village, campaign), village.actor("zhenghua")
    assert finding.due_at == at(9, day=DAY + timedelta(days=1))
    with pytest.raises(FindingMoved):
        close_finding(by=village.actor("kongming"), finding=finding, version=1, at=at(10))
    correct_finding(by=site, finding=finding, version=1, correction="设了一米线", at=at(11))
    with pytest.raises(NotAllowed):
        close_finding(by=site, finding=finding, version=2, at=at(12))
    reopen_finding(by=village.actor("kongming"), finding=finding, version=2, due_at=at(15))
    correct_finding(by=site, finding=finding, version=3, correction="又加了人", at=at(14))
    close_finding(by=village.actor("kongming"), finding=finding, version=4, at=at(16))
    assert finding.state == Finding.State.CLOSED


def test_an_item_that_is_not_right_says_what_was_found(village: Village, campaign: Campaign):
    with pytest.raises(NothingSaid):
        inspect(
            by=village.actor("kongming"), campaign=campaign, place=village.site, checklist="site",
            answers={"order": "no"}, found=[Found("order", " ")], at=at(9),
        )  # fmt: skip
    assert not Finding.objects.exists()


@pytest.mark.parametrize("stranger", ["zhoulin", "fengyuan"])
def test_strangers_tell_ask_and_correct_nothing(village: Village, campaign: Campaign, stranger: str):
    finding, by = found(village, campaign), village.actor(stranger)
    for attempt in (
        lambda: tell_rumour(
            by=by, campaign=campaign, text="x", channel="group", place=village.community, risk="low", seen_at=at(9),
            at=at(9),
        ),
        lambda: ask_for(
            by=by, campaign=campaign, place=village.site, kind="people", item="x", quantity=1, needed_at=at(9), at=at(9)
        ),
        lambda: correct_finding(by=by, finding=finding, version=1, correction="x", at=at(9)),
        lambda: write_material(by=by, campaign=campaign, title="x", expires_on=DAY, at=at(9)),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            attempt()
