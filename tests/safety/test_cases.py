"""A suspected reaction from the dose to the conclusion: its clocks, its reports, who may do what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at

from qingmiao.audit.models import AuditEntry
from qingmiao.law.dated import threshold
from qingmiao.registry.models import Dose
from qingmiao.safety.actions.cases import (
    CardIncomplete,
    Conclusion,
    Edit,
    HandedIn,
    Seen,
    begin_investigation,
    conclude_case,
    drop_case,
    hand_in_investigation,
    hand_in_report,
    open_case,
    write_card,
)
from qingmiao.safety.actions.self_reports import answer_self_report, report_by_oneself
from qingmiao.safety.models import Case, Report, SelfReport
from qingmiao.safety.queries import clocks
from qingmiao.safety.queries.cases import self_reports_open
from qingmiao.safety.rules import Refused
from qingmiao.staff.access import NotAllowed, system

pytestmark = pytest.mark.django_db
ONLINE = HandedIn(Report.How.ONLINE)


def opened(site: Site, dose: Dose, by: str = "wumin", **more: Any) -> Case:
    seen = Seen(reaction="rash", onset_at=at(10, 8), found_at=at(10, 10), **more)
    return open_case(by=site.actor(by), dose=dose, seen=seen, at=at(10, 10))


def complete(site: Site, case: Case, typed: dict[str, str], **more: Any) -> Case:
    return write_card(
        by=site.actor("wumin"), case=case, version=case.version, edit=Edit(typed=typed, **more), at=at(10, 30)
    )


def clock(site: Site, when: Any = None, by: str = "zhenghua"):
    running = clocks(site.actor(by), when or at(11))
    return running[0] if running else None


def test_a_case_is_opened_from_the_dose_once(site: Site, dose: Dose):
    case = opened(site, dose)
    assert opened(site, dose) == case
    assert (case.person, case.site, case.is_serious) == (dose.person, site.village.site, False)
    assert AuditEntry.objects.filter(verb="safety.open_case").count() == 2  # asked twice, written once
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("grave", "hours", "name"),
    [((), 48, "aefi.ordinary"), (("death",), 2, "aefi.grave"), (("concern",), 2, "aefi.grave")],
)
def test_the_clock_runs_from_the_finding(site: Site, dose: Dose, grave: tuple[str, ...], hours: int, name: str):
    opened(site, dose, grave=grave)
    running = clock(site)
    assert (running.deadline.clock, running.due_at, running.article) == (
        name,
        at(10, 10) + timedelta(hours=hours),
        "报告",
    )
    assert not running.is_late
    assert clock(site, at(10, 10) + timedelta(hours=hours, seconds=1)).is_late


def test_what_becomes_grave_later_starts_two_hours_then(site: Site, dose: Dose, typed: dict[str, str]):
    case = complete(site, opened(site, dose), typed)
    hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))
    case.refresh_from_db()
    write_card(by=site.actor("wumin"), case=case, version=case.version, edit=Edit(grave=["disability"]), at=at(15))
    assert (clock(site).deadline.clock, clock(site).due_at) == ("aefi.grave", at(17))
    told = HandedIn(Report.How.PHONE, told="区卫健局 值班室")
    report = hand_in_report(by=site.actor("wumin"), case=case, handed_in=told, at=at(17, second=1))
    assert (report.kind, report.due_at, report.is_late) == ("amended", at(17), True)
    assert clock(site).deadline.clock == "aefi.investigation"


def test_a_half_written_card_is_kept_and_not_handed_in(site: Site, dose: Dose):
    case = complete(site, opened(site, dose), {"course": "皮疹"})
    assert Case.objects.get().typed_items["course"] == "皮疹"
    with pytest.raises(CardIncomplete) as refusal:
        hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))
    assert len(refusal.value.empty) == 3  # hospital, outcome, classification
    assert not Report.objects.exists()


def test_a_report_freezes_the_card_and_gives_the_number(site: Site, dose: Dose, typed: dict[str, str]):
    case = complete(site, opened(site, dose), typed)
    report = hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))
    case.refresh_from_db()
    assert (case.state, case.number, report.kind, report.is_late) == ("reported", "00000020210001", "first", False)
    assert (report.card["name"], report.card["vaccines"][0]["lot"]) == ("张伟", "202103B0291")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(is_late=True)


def test_a_late_report_says_so(site: Site, dose: Dose, typed: dict[str, str]):
    case = complete(site, opened(site, dose), typed)
    late = at(10, 10) + timedelta(hours=48, seconds=1)
    assert hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=late).is_late


def test_two_hours_ask_for_the_phone(site: Site, dose: Dose, typed: dict[str, str]):
    case = complete(site, opened(site, dose, grave=["death"]), typed)
    with pytest.raises(Refused):
        hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))


def test_from_report_to_conclusion_with_several_reports(site: Site, dose: Dose, typed: dict[str, str]):
    case, cdc = complete(site, opened(site, dose), typed), site.actor("yanfang")
    hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))
    assert clock(site).due_at == at(11) + timedelta(hours=48)
    begin_investigation(by=cdc, case=case, team="区疾控 严防", at=at(14))
    assert clock(site).deadline.clock == "aefi.form"
    hand_in_investigation(by=cdc, case=case, is_complete=True, at=at(16))
    assert clock(site).deadline.clock == "aefi.conclusion"
    assert clock(site).is_from_memory
    concluded = conclude_case(
        by=cdc,
        case=case,
        conclusion=Conclusion("abnormal", "过敏性皮疹，与接种有因果关系", "区调查诊断专家组"),
        at=at(17),
    )
    assert (concluded.state, clock(site)) == ("concluded", None)
    kinds = [report.kind for report in Report.objects.order_by("pk")]
    assert kinds == ["first", "investigation", "final"]


def test_a_common_reaction_is_not_investigated(site: Site, dose: Dose, typed: dict[str, str]):
    case = complete(site, opened(site, dose), typed | {"first_class": "1"})
    hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))
    assert clock(site) is None


def test_a_conclusion_needs_class_experts_and_reasons(site: Site, dose: Dose, typed: dict[str, str]):
    case = complete(site, opened(site, dose), typed)
    hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))
    for wrong in (Conclusion("", "x", "x"), Conclusion("abnormal", " ", "x"), Conclusion("abnormal", "x", "")):
        with pytest.raises(Refused):
            conclude_case(by=site.actor("yanfang"), case=case, conclusion=wrong, at=at(12))


def test_a_reported_case_is_not_dropped(site: Site, dose: Dose, typed: dict[str, str]):
    case = complete(site, opened(site, dose), typed)
    hand_in_report(by=site.actor("wumin"), case=case, handed_in=ONLINE, at=at(11))
    with pytest.raises(Refused):
        drop_case(by=site.actor("wumin"), case=case, why="点错", at=at(12))


def test_a_case_entered_by_mistake_is_dropped_with_a_reason(site: Site, dose: Dose):
    case = opened(site, dose)
    with pytest.raises(Refused):
        drop_case(by=site.actor("wumin"), case=case, why=" ", at=at(12))
    drop_case(by=site.actor("wumin"), case=case, why="点错人", at=at(12))
    assert clock(site) is None
    assert opened(site, dose) != case


def test_an_onset_before_the_dose_is_asked_about(site: Site, dose: Dose):
    seen = Seen(reaction="rash", onset_at=at(9, 57), found_at=at(10, 10))
    with pytest.raises(Refused):
        open_case(by=site.actor("wumin"), dose=dose, seen=seen, at=at(10, 10))


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan", "yanan"])
def test_strangers_open_report_and_conclude_nothing(site: Site, dose: Dose, stranger: str, typed: dict[str, str]):
    with pytest.raises(NotAllowed):
        opened(site, dose, by=stranger)
    case, by = opened(site, dose), site.actor(stranger)
    for act in (
        lambda: write_card(by=by, case=case, version=1, edit=Edit(typed=typed), at=at(11)),
        lambda: hand_in_report(by=by, case=case, handed_in=ONLINE, at=at(11)),
        lambda: begin_investigation(by=by, case=case, team="x", at=at(11)),
        lambda: conclude_case(by=by, case=case, conclusion=Conclusion("abnormal", "x", "x"), at=at(11)),
        lambda: drop_case(by=by, case=case, why="x", at=at(11)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert clocks(by, at(11)) == []


def test_the_site_does_not_investigate_itself(site: Site, dose: Dose):
    with pytest.raises(NotAllowed):
        begin_investigation(by=site.actor("zhenghua"), case=opened(site, dose), team="x", at=at(11))


def told(site: Site, dose: Dose, phone: str = "138 0013 8000", text: str = "胳膊红肿") -> SelfReport:
    return report_by_oneself(by=system("slip"), dose=dose, signs=["pain"], text=text, phone=phone, at=at(20))


def test_a_resident_reports_and_somebody_calls_and_opens_a_case(site: Site, dose: Dose):
    report = told(site, dose)
    assert list(self_reports_open(site.actor("wumin"))) == [report]
    seen = Seen(reaction="swelling", onset_at=at(18), found_at=at(20))
    done = answer_self_report(
        by=site.actor("wumin"),
        report=report,
        state=SelfReport.State.CASE,
        answer="红肿4厘米",
        seen=seen,
        at=at(20, 30),
        request_id=uuid4(),
    )
    assert (done.case.reaction, done.case.found_at) == ("swelling", at(20))
    assert not self_reports_open(site.actor("wumin")).exists()


@pytest.mark.parametrize(("phone", "text"), [("12", "疼"), ("", "疼")])
def test_a_resident_leaves_a_phone(site: Site, dose: Dose, phone: str, text: str):
    with pytest.raises(Refused):
        told(site, dose, phone, text)


def test_one_slip_does_not_flood_the_worklist(site: Site, dose: Dose):
    for _again in range(threshold("safety", "self_reports", "most_per_dose").value):
        told(site, dose)
    with pytest.raises(Refused):
        told(site, dose)


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_answer_no_resident(site: Site, dose: Dose, stranger: str):
    report = told(site, dose)
    with pytest.raises(NotAllowed):
        answer_self_report(
            by=site.actor(stranger), report=report, state=SelfReport.State.HARMLESS, answer="x", at=at(21)
        )
