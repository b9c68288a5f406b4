"""Doses are judged by the schedule after the needle; a doctor decides what follows; whom one may mistake for whom."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at
from tests.village import TODAY

from qingmiao.clinic.actions.front_desk import admit_walk_in
from qingmiao.clinic.actions.injection import record_dose
from qingmiao.clinic.actions.judging import decide_finding, judge_dose
from qingmiao.clinic.models import DoseFinding, DoseJudgement, FindingDecision
from qingmiao.clinic.queries.corrections import Why, lookalikes, open_findings, unjudged_doses
from qingmiao.clinic.rules import Refused
from qingmiao.registry.actions.people import Number, Parent, Particulars, register_person
from qingmiao.registry.models import Dose, Identifier
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db


def too_soon(site: Site) -> Dose:
    """张伟's second dose, nine days after the first."""
    Dose.objects.create(
        person=site.people["zhangwei"], product_code="5601", given_on=TODAY - timedelta(days=9), source="imported"
    )
    admit_walk_in(
        by=site.actor("hejing"),
        session=site.session,
        person=site.people["zhangwei"],
        product=site.product,
        area=site.area_a,
        at=at(9, 31),
    )
    return record_dose(
        by=site.actor("zhoulin"),
        desk=site.desks["injection"],
        visit=site.visit("zhangwei"),
        lot=site.lot,
        body_site="left_deltoid",
        at=at(9, 58),
    )


def test_the_schedule_judges_a_dose_once_and_keeps_by_which_rules(site: Site):
    site.to_the_needle("zhangwei")
    dose = site.inject("zhangwei")
    assert list(unjudged_doses(site.actor("zhoulin"))) == [dose]
    judged = judge_dose(by=site.actor("zhoulin"), dose=dose, at=at(10))
    assert (judged.is_valid, judged.ruleset != "") == (True, True)
    assert judge_dose(by=site.actor("zhoulin"), dose=dose, at=at(11)) == judged
    assert not unjudged_doses(site.actor("zhoulin")).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        DoseJudgement.objects.update(is_valid=False)


def test_an_invalid_dose_is_a_finding_on_the_worklist_until_a_doctor_decides(site: Site):
    dose = too_soon(site)
    judge_dose(by=site.actor("zhoulin"), dose=dose, at=at(10))
    findings = {finding.code: finding for finding in open_findings(site.actor("sunming"))}
    finding = findings["interval_too_short"]
    decide_finding(
        by=site.actor("sunming"),
        finding=finding,
        decision=FindingDecision.Decision.REPEAT,
        said="已告知本人，6月22日补种",
        due_on=TODAY + timedelta(days=21),
        at=at(11),
    )
    assert finding not in open_findings(site.actor("sunming"))


@pytest.mark.parametrize(("said", "due_on"), [(" ", TODAY), ("已告知", None)])
def test_a_decision_says_what_was_told_and_when_it_is_repeated(site: Site, said: str, due_on):
    too_soon(site)
    finding = DoseFinding.objects.first()
    with pytest.raises(Refused):
        decide_finding(
            by=site.actor("sunming"),
            finding=finding,
            decision=FindingDecision.Decision.REPEAT,
            said=said,
            due_on=due_on,
            at=at(11),
        )


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_judge_and_decide_nothing(site: Site, stranger: str):
    dose = too_soon(site)
    with pytest.raises(NotAllowed):
        judge_dose(by=site.actor(stranger), dose=dose, at=at(10))
    with pytest.raises(NotAllowed):
        decide_finding(
            by=site.actor(stranger),
            finding=DoseFinding.objects.first(),
            decision=FindingDecision.Decision.COUNTS,
            said="x",
            at=at(11),
        )


def walk_in(site: Site, name: str, number: str, born, phone: str = "", guardian: str = ""):
    person = register_person(
        by=site.actor("zhaoqian"),
        particulars=Particulars(name, sex="2", birth_date=born),
        numbers=[Number(Identifier.Kind.ID_CARD, number)],
        phones=[phone] if phone else [],
        guardians=[Parent("陈父", "父", guardian)] if guardian else [],
    )
    return admit_walk_in(
        by=site.actor("hejing"),
        session=site.session,
        person=person,
        product=site.product,
        area=site.area_a,
        at=at(9, 20),
    )


def test_twins_namesakes_and_children_of_one_parent_are_named(site: Site):
    born = TODAY - timedelta(days=3000)
    one = walk_in(site, "陈小雨", "110105201303150028", born, guardian="13900000001")
    twin = walk_in(site, "陈小雪", "110105201303150044", born, guardian="13900000001")
    namesake = walk_in(site, "陈小雨", "110105197003150026", TODAY - timedelta(days=18000), phone="13900000009")
    walk_in(site, "周平", "110105198003150029", TODAY - timedelta(days=15000), phone="13900000008")
    found = {alike.person: alike.why for alike in lookalikes(one)}
    assert found == {
        twin.person: (Why.BORN_TOGETHER, Why.SAME_PHONE),
        namesake.person: (Why.SAME_NAME,),
    }
    assert all(alike.is_here for alike in lookalikes(one))
