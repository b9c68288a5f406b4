"""What tablets send later: decided by written rules, nothing lost, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.clinic.site import PATH, Site, at

from qingmiao.audit import chain
from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.actions.given_doses import write_doses
from qingmiao.clinic.actions.injection import record_dose
from qingmiao.clinic.actions.sync import NothingToAnswer, enrol_tablet, record_event, settle_event, take_in
from qingmiao.clinic.models import DoseFinding, Injection, Observation, SyncBatch, SyncEvent, Tablet, Visit, VisitEvent
from qingmiao.clinic.sync import FUTURE_TOLERATED, moment_of, read_event
from qingmiao.registry.models import Dose
from qingmiao.staff.access import NotAllowed, system
from qingmiao.stock.models import Movement
from qingmiao.stock.queries import doses_left

pytestmark = pytest.mark.django_db
NOON, GIVEN = at(12), at(9, 58)


@pytest.fixture
def tablet(site: Site) -> Tablet:
    return enrol_tablet(
        by=site.actor("zhoulin"), site=site.village.site, tablet_id=uuid4(), name="接种台1", key="a2V5", at=at(8)
    )


def event(kind: str, visit: Visit, made_at: datetime = NOON, number: int = 1, **content: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "number": number,
        "kind": kind,
        "visit": visit.pk,
        "made_at": made_at.isoformat(),
        "seconds_behind": 0,
        "content": content,
    }


def dose(site: Site, name: str, made_at: datetime = GIVEN, **content: Any) -> dict[str, Any]:
    written = {"lot": site.lot.pk, "body_site": "left_deltoid", "desk": site.desks["injection"].pk}
    return event("dose", site.visit(name), made_at, **written | content)


def send(
    site: Site, tablet: Tablet | None, *events: Any, by: str = "zhoulin", behind: float = 0.0, when: datetime = NOON
) -> SyncBatch:
    return take_in(
        by=site.actor(by),
        site=site.village.site,
        raw=list(events),
        received_at=when,
        tablet=tablet,
        seconds_behind=behind,
    )


def outcomes(batch: SyncBatch) -> list[str]:
    return [one.outcome.value for one in batch.decisions]  # type: ignore[attr-defined]


def ready(site: Site, *names: str) -> None:
    """People at the needle: signed and screened this morning."""
    site.batch(*names)
    for minute, name in enumerate(names):
        site.arrive(name, at(9, 31, second=minute))
    for name in names:
        site.sign(name)
    for name in names:
        site.screen(name)


def test_a_dose_given_without_the_server_is_recorded_at_its_moment(site, tablet):
    ready(site, "zhangwei")
    batch = send(site, tablet, dose(site, "zhangwei"))
    assert outcomes(batch) == ["new"]
    given = Dose.objects.get()
    assert (given.given_at, given.lot, given.dose_number) == (at(9, 58), site.lot, 1)
    assert Observation.objects.get().until == at(10, 28)
    assert doses_left(site.lot, site.village.site) == 99


def test_sent_again_it_is_written_once(site, tablet):
    ready(site, "zhangwei")
    sent = dose(site, "zhangwei")
    assert outcomes(send(site, tablet, sent)) == ["new"]
    assert outcomes(send(site, tablet, sent)) == ["identical"]
    assert outcomes(send(site, tablet, sent, sent)) == ["identical", "identical"]
    assert Dose.objects.count() == 1
    assert Movement.objects.filter(kind="given").count() == 1


def test_twice_in_one_sending_is_written_once(site, tablet):
    ready(site, "zhangwei")
    sent = dose(site, "zhangwei")
    assert outcomes(send(site, tablet, sent, sent)) == ["new", "identical"]
    assert Dose.objects.count() == 1


def test_a_whole_morning_of_one_person_in_one_sending(site, tablet):
    site.batch("zhangwei")
    visit = site.visit("zhangwei")
    for role in ("hejing", "xulan", "sunming", "zhoulin", "wumin"):
        assert site.actor(role).may("clinic.use_tablet", site.village.site)
    steps = [
        ("hejing", event("arrive", visit, at(9, 0), 1, area=site.area_a.pk)),
        ("xulan", event("consent", visit, at(9, 5), 2, identity=["name", "number"], signature=PATH)),
        (
            "sunming",
            event("screen", visit, at(9, 10), 3, answers=dict(site.all_no("zhangwei").answers), celsius="36.5"),
        ),
        ("zhoulin", dose(site, "zhangwei", at(9, 15))),
        ("wumin", event("release", visit, at(9, 46), 5)),
    ]
    for who, one in steps:
        assert outcomes(send(site, tablet, one, by=who)) == ["new"], who
    visit.refresh_from_db()
    assert visit.state == "released"
    assert not DoseFinding.objects.exists()


def test_each_event_of_a_sending_sees_what_the_ones_before_it_did(site, tablet):
    site.batch("zhangwei")
    visit = site.visit("zhangwei")
    answers = dict(site.all_no("zhangwei").answers)
    sent = [
        event("arrive", visit, at(9, 0), 1, area=site.area_a.pk),
        event("consent", visit, at(9, 5), 2, identity=["name", "number"], signature=PATH),
        event("screen", visit, at(9, 10), 3, answers=answers | {"fever": "broken"}),
        event("screen", visit, at(9, 10), 4, answers=answers, celsius="36.5"),
        dose(site, "zhangwei", at(9, 15)) | {"number": 5},
        event("release", visit, at(9, 46), 6),
        event("release", visit, at(9, 47), 7),
    ]
    everywhere = replace(site.actor("zhoulin"), grants=system("test").grants)
    batch = take_in(by=everywhere, site=site.village.site, raw=sent, received_at=NOON, tablet=tablet)
    assert outcomes(batch) == ["new", "new", "invalid", "new", "new", "new", "discarded"]
    visit.refresh_from_db()
    assert (visit.state, visit.version) == ("released", VisitEvent.objects.filter(visit=visit).count() + 1)
    assert not DoseFinding.objects.exists()


def test_many_at_once_write_the_same_rows_as_one_by_one(site, tablet):
    ready(site, "zhangwei", "lihong")
    record_dose(
        by=site.actor("zhoulin"),
        visit=site.visit("zhangwei"),
        lot=site.lot,
        desk=site.desks["injection"],
        body_site="left_deltoid",
        at=at(9, 58),
    )
    send(site, tablet, dose(site, "lihong"))

    def rows(name: str) -> list[dict[str, Any]]:
        visit = site.visit(name)
        own = {"id", "person_id", "dose_id", "visit_id", "belongs_to", "recorded_at", "slip_token", "ticket"}
        own |= {"arrived_at", "batch_id"}
        one = Dose.objects.get(person=visit.person)
        found: list[Any] = [
            one,
            visit,
            Injection.objects.get(dose=one),
            Observation.objects.get(dose=one),
            Movement.objects.get(belongs_to=f"registry.Dose:{one.pk}"),
            *VisitEvent.objects.filter(visit=visit, event__in=["vaccinate", "observe"]).order_by("pk"),
            *DoseFinding.objects.filter(dose=one).order_by("code"),
        ]
        return [{key: value for key, value in vars(row).items() if key not in own and key[0] != "_"} for row in found]

    assert rows("zhangwei") == rows("lihong")


def test_a_dose_without_screening_is_written_and_found(site, tablet):
    site.batch("zhangwei")
    assert outcomes(send(site, tablet, dose(site, "zhangwei"))) == ["new"]
    assert set(DoseFinding.objects.values_list("code", flat=True)) == {"not_consented", "not_screened"}
    assert site.visit("zhangwei").state == "observing"


def test_a_second_dose_of_the_day_waits_for_somebody(site, tablet):
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    batch = send(site, tablet, dose(site, "zhangwei", at(10, 2)))
    assert outcomes(batch) == ["discarded"]
    put_aside = SyncEvent.objects.get()
    assert put_aside.reason == "dose_on_record"
    settle_event(by=site.actor("zhoulin"), event=put_aside, said="同一针，平板也记了", at=NOON)
    assert Dose.objects.count() == 1
    with pytest.raises(NothingToAnswer):
        record_event(by=site.actor("zhoulin"), event=put_aside, at=NOON)


def test_a_second_injection_is_recorded_when_somebody_says_so(site, tablet):
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    send(site, tablet, dose(site, "zhangwei", at(10, 2)))
    record_event(by=site.actor("zhoulin"), event=SyncEvent.objects.get(), at=NOON)
    assert Dose.objects.count() == 2
    assert Dose.objects.latest("pk").given_at == at(10, 2)


def test_who_went_on_at_another_desk_is_put_aside_and_takes_nobody_with_them(site, tablet):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei")
    sent = [event("arrive", site.visit(name), at(9, 40), number) for number, name in enumerate(["zhangwei", "lihong"])]
    batch = send(site, tablet, *sent, by="hejing")
    assert outcomes(batch) == ["discarded", "new"]
    assert SyncEvent.objects.get(outcome="discarded").reason == "went_on"
    assert AuditEntry.objects.filter(verb="clinic.record_arrival").count() == 2  # zhangwei's own and lihong's


def test_unreadable_events_are_kept_and_counted(site, tablet):
    ready(site, "zhangwei")
    batch = send(
        site, tablet, {"kind": "dose"}, "nonsense", dose(site, "zhangwei", lot=999_999), dose(site, "zhangwei")
    )
    assert (batch.invalid, batch.new) == (3, 1)
    assert SyncEvent.objects.filter(outcome="invalid").count() == 3
    again = send(site, tablet, {"kind": "dose"}, "nonsense")
    assert again.invalid == 2
    assert SyncEvent.objects.filter(outcome="invalid").count() == 3


def test_somebody_without_the_right_changes_nothing(site, tablet):
    ready(site, "zhangwei")
    assert outcomes(send(site, tablet, dose(site, "zhangwei"), by="hejing")) == ["invalid"]
    assert not Dose.objects.exists()
    with pytest.raises(NotAllowed):
        send(site, tablet, dose(site, "zhangwei"), by="fengyuan")


def test_a_dose_taken_back_at_the_tablet_before_it_was_sent(site, tablet):
    ready(site, "zhangwei")
    sent = dose(site, "zhangwei")
    back = sent | {"revision": 2, "content": sent["content"] | {"is_withdrawn": True, "seconds_after": 40}}
    assert outcomes(send(site, tablet, back)) == ["new"]
    assert not Dose.objects.exists()
    assert outcomes(send(site, tablet, sent)) == ["old"]
    assert not Dose.objects.exists()


def test_a_dose_taken_back_after_it_was_sent_is_withdrawn_with_its_stock(site, tablet):
    ready(site, "zhangwei")
    sent = dose(site, "zhangwei")
    send(site, tablet, sent)
    back = sent | {"revision": 2, "number": 2, "content": sent["content"] | {"is_withdrawn": True, "seconds_after": 90}}
    assert outcomes(send(site, tablet, back)) == ["updated"]
    assert Dose.objects.filter(is_void=True).count() == 1
    assert doses_left(site.lot, site.village.site) == 100
    assert site.visit("zhangwei").state == "screened"
    assert outcomes(send(site, tablet, back, sent)) == ["old", "identical"]


def test_after_the_minutes_it_is_a_correction(site, tablet):
    ready(site, "zhangwei")
    sent = dose(site, "zhangwei")
    send(site, tablet, sent)
    late = sent | {"revision": 2, "content": sent["content"] | {"is_withdrawn": True, "seconds_after": 600}}
    assert outcomes(send(site, tablet, late)) == ["discarded"]
    assert outcomes(send(site, tablet, late)) == ["discarded"]
    assert Dose.objects.count() == 1
    [kept] = SyncEvent.objects.filter(outcome="discarded")
    assert (kept.reason, kept.revision) == ("too_late", 2)


def test_other_content_under_the_same_id_is_put_aside(site, tablet):
    ready(site, "zhangwei")
    sent = dose(site, "zhangwei")
    send(site, tablet, sent)
    other = sent | {"content": sent["content"] | {"body_site": "right_deltoid"}}
    batch = send(site, tablet, other)
    assert outcomes(batch) == ["discarded"]
    assert Dose.objects.get().body_site == "left_deltoid"


def test_a_slow_clock_is_put_right(site, tablet):
    ready(site, "zhangwei")
    sent = dose(site, "zhangwei", at(6, 58)) | {"seconds_behind": 3 * 3600}
    send(site, tablet, sent, behind=3 * 3600)
    assert Dose.objects.get().given_at == at(9, 58)
    assert not SyncEvent.objects.get().clock_doubt


def test_a_clock_turned_meanwhile_is_marked():
    behind: dict[str, Any] = {"received_at": NOON, "not_before": at(0)}
    turned = moment_of(at(9), seconds_behind=3600, known_behind=0, **behind)
    assert (turned.at, turned.clock_doubt) == (at(9), True)
    future = moment_of(NOON + FUTURE_TOLERATED * 2, seconds_behind=0, known_behind=0, **behind)
    assert (future.at, future.clock_doubt) == (NOON, True)
    past = moment_of(at(9) - timedelta(days=400), seconds_behind=0, known_behind=None, **behind)
    assert (past.at, past.clock_doubt) == (at(0), True)


def test_the_trail_holds_and_names_every_dose(site, tablet):
    ready(site, "zhangwei", "lihong")
    send(site, tablet, dose(site, "zhangwei"), dose(site, "lihong"))
    assert list(chain.breaks()) == []
    named = AuditEntry.objects.filter(verb="clinic.record_dose").values_list("subject", flat=True)
    assert set(named) == {f"registry.Dose:{pk}" for pk in Dose.objects.values_list("pk", flat=True)}
    assert "张伟" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_what_was_sent_is_kept_sealed(site, tablet):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    sent = event("consent", site.visit("zhangwei"), at(9, 40), identity=["name", "number"], typed="张伟")
    send(site, tablet, sent, by="xulan")
    kept = SyncEvent.objects.get()
    assert "张伟" in kept.content.reveal()
    assert "张伟".encode() not in kept.content.content


def test_an_event_needs_a_zone_and_an_id():
    raw = {"id": str(uuid4()), "number": 1, "kind": "release", "visit": 1, "made_at": "2021-06-01T09:00:00+08:00"}
    assert read_event(raw).id == UUID(raw["id"])
    for broken in ({"made_at": "2021-06-01T09:00:00"}, {"id": "7"}, {"kind": "fly"}, {"revision": 0}):
        with pytest.raises(ValueError, match="form"):
            read_event(raw | broken)


def test_no_doses_no_rows(site):
    assert write_doses(site.actor("zhoulin"), [], event_ids=[]) == []
