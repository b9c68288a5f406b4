"""Signing and screening: identity, signature and its hash, answers, the doctor's decision."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import PATH, Site, at, hire
from tests.village import TODAY

from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.actions.consent import IdentityNotChecked, NotSigned, Signed, inform, take_consent
from qingmiao.clinic.actions.queue import take_next
from qingmiao.clinic.actions.screening import (
    Answers,
    DayNeeded,
    Decision,
    QuestionsOpen,
    ReasonNeeded,
    screen,
)
from qingmiao.clinic.actions.steps import StepNotPossible
from qingmiao.clinic.models import Consent, Screening
from qingmiao.clinic.rules import State
from qingmiao.clinic.screening import Outcome, form_for
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Role

pytestmark = pytest.mark.django_db


def arrived(site: Site, name: str = "zhangwei"):
    site.batch(name)
    return site.arrive(name)


def consent(site: Site, visit, by: str = "xulan", fields=("name", "birth_date"), signed=None, **more) -> Consent:
    return take_consent(
        by=site.actor(by),
        desk=site.desks["consent"],
        visit=visit,
        identity_fields=fields,
        signed=signed or Signed(path=PATH),
        language="zh-hans",
        at=at(9, 40),
        **more,
    )


def test_a_consent_keeps_text_version_signature_and_hash(site: Site):
    visit = arrived(site)
    signed = consent(site, visit)
    notice = form_for("5601", TODAY).notice
    assert (signed.notice_version, signed.notice_digest) == (notice.version, notice.digest("zh-hans"))
    assert (signed.signature_path, signed.signer, signed.identity_fields) == (PATH, "张伟", ["birth_date", "name"])
    assert AuditEntry.objects.get(verb="clinic.take_consent").details["digest"] == signed.digest
    visit.refresh_from_db()
    assert (visit.where, visit.informed_at, visit.consented_at) == (State.CONSENTED, at(9, 40), at(9, 40))


def test_the_hash_binds_signature_and_person(site: Site):
    site.batch("zhangwei", "lihong")
    one, other = (consent(site, site.arrive(name)) for name in ("zhangwei", "lihong"))
    assert one.signature_path == other.signature_path
    assert one.digest != other.digest


def test_informing_first_is_a_step_of_its_own(site: Site):
    visit = arrived(site)
    inform(by=site.actor("xulan"), desk=site.desks["consent"], visit=visit, at=at(9, 36))
    assert site.visit("zhangwei").where is State.INFORMED
    consent(site, visit)
    assert site.visit("zhangwei").informed_at == at(9, 36)


@pytest.mark.parametrize("fields", [[], ["name"], ["name", "name"], ["name", "colour"]])
def test_nothing_is_signed_before_two_fields_were_compared(site: Site, fields: list[str]):
    visit = arrived(site)
    with pytest.raises(IdentityNotChecked):
        consent(site, visit, fields=fields)
    assert site.visit("zhangwei").where is State.ARRIVED


def test_an_empty_pad_is_no_signature(site: Site):
    visit = arrived(site)
    with pytest.raises(NotSigned):
        consent(site, visit, signed=Signed(signer="张伟"))


def test_a_guardian_signs_for_a_child(site: Site):
    from qingmiao.clinic.actions.front_desk import admit_walk_in

    visit = admit_walk_in(
        by=site.actor("hejing"),
        session=site.session,
        person=site.people["chenxiaoming"],
        product=site.product,
        area=site.area_a,
        at=at(9, 31),
    )
    with pytest.raises(NotSigned, match="18"):
        consent(site, visit)
    signed = consent(site, visit, signed=Signed(path=PATH, signer="陈大明", relation="father"))
    assert (signed.signer, signed.relation) == ("陈大明", "father")


def test_asking_twice_signs_once(site: Site):
    visit, request_id = arrived(site), uuid4()
    assert consent(site, visit, request_id=request_id) == consent(site, visit, request_id=request_id)
    assert Consent.objects.count() == 1


def test_nobody_signs_twice_by_two_requests(site: Site):
    visit = arrived(site)
    consent(site, visit)
    with pytest.raises(StepNotPossible):
        consent(site, visit)


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_take_no_consent(site: Site, stranger: str):
    visit = arrived(site)
    with pytest.raises(NotAllowed):
        consent(site, visit, by=stranger)
    with pytest.raises(NotAllowed):
        inform(by=site.actor(stranger), desk=site.desks["consent"], visit=visit, at=at(9, 36))


def test_the_database_keeps_no_unsigned_consent_and_lets_none_be_changed(site: Site):
    signed = consent(site, arrived(site))
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=signed.pk).update(signature_path="M0 0")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=signed.pk).delete()
    signed.pk, signed.signature_path = None, ""
    with pytest.raises(IntegrityError), transaction.atomic():
        signed.save(force_insert=True)


def at_screening(site: Site, name: str = "zhangwei"):
    arrived(site, name)
    site.sign(name)
    return take_next(by=site.actor("sunming"), desk=site.desks["screening"], at=at(9, 47))


def ask(site: Site, visit, answered: Answers, by: str = "sunming", **more) -> Screening:
    return screen(by=site.actor(by), desk=site.desks["screening"], visit=visit, answered=answered, at=at(9, 50), **more)


def test_all_no_goes_on_to_the_needle(site: Site):
    visit = at_screening(site)
    screening = ask(site, visit, Answers(site.all_no("zhangwei").answers, celsius=Decimal("36.4")))
    assert (screening.judged, screening.decided, screening.celsius) == ("go", "go", Decimal("36.4"))
    visit.refresh_from_db()
    assert (visit.where, visit.screened_at, visit.called_to) == (State.SCREENED, at(9, 50), None)
    assert AuditEntry.objects.filter(verb="clinic.screen").count() == 1


def test_fever_defers_until_a_computed_day_with_its_reason(site: Site):
    visit = at_screening(site)
    screening = ask(site, visit, Answers(site.all_no("zhangwei").answers, celsius=Decimal("37.8")))
    visit.refresh_from_db()
    assert (visit.where, visit.deferred_until) == (State.DEFERRED, TODAY + timedelta(days=3))
    assert "发热" in visit.exit_reason
    [kept] = screening.rules
    assert kept.pop("because")["en"].startswith("Fever")
    assert kept == {
        "question": "fever", "rule": "covid_inactivated.fever", "outcome": "defer", "until": "2021-06-04",
    }  # fmt: skip
    assert visit.exit_code == "covid_inactivated.fever"


def test_a_contraindication_stops(site: Site):
    visit = at_screening(site)
    ask(site, visit, site.all_no("zhangwei", severe_allergy="yes"))
    visit.refresh_from_db()
    assert visit.where is State.CONTRAINDICATED


def test_unsure_waits_for_the_doctor_who_decides_with_a_reason(site: Site):
    visit = at_screening(site)
    answered = site.all_no("zhangwei", severe_allergy="unsure")
    ask(site, visit, answered)
    assert site.visit("zhangwei").where is State.WITH_DOCTOR
    with pytest.raises(ReasonNeeded):
        ask(site, visit, answered, decision=Decision(Outcome.GO))
    decided = ask(site, visit, answered, decision=Decision(Outcome.GO, reason="查阅病历，系药疹，与疫苗无关"))
    assert (decided.judged, decided.decided) == ("doctor", "go")
    assert site.visit("zhangwei").where is State.SCREENED


def test_a_contraindication_is_overridden_only_with_a_written_reason(site: Site):
    visit = at_screening(site)
    answered = site.all_no("zhangwei", neurological="yes")
    with pytest.raises(ReasonNeeded):
        ask(site, visit, answered, decision=Decision(Outcome.GO, reason="  "))
    ask(site, visit, answered, decision=Decision(Outcome.GO, reason="已停药两年，神经科出具证明"))
    assert Screening.objects.exclude(override_reason="").count() == 1


def test_another_day_than_the_computed_one_needs_a_reason(site: Site):
    visit = at_screening(site)
    answered = site.all_no("zhangwei", fever="yes")
    with pytest.raises(ReasonNeeded):
        ask(site, visit, answered, decision=Decision(Outcome.DEFER, TODAY + timedelta(days=10)))
    ask(site, visit, answered, decision=Decision(Outcome.DEFER, TODAY + timedelta(days=10), "结膜炎治疗中"))
    assert site.visit("zhangwei").deferred_until == TODAY + timedelta(days=10)


@pytest.mark.parametrize("days", [None, 0, -1, 401])
def test_a_deferral_without_a_day_after_today_is_refused(site: Site, days: int | None):
    visit = at_screening(site)
    until = None if days is None else TODAY + timedelta(days=days)
    with pytest.raises(DayNeeded):
        ask(site, visit, site.all_no("zhangwei"), decision=Decision(Outcome.DEFER, until, "医生判断"))


def test_open_questions_decide_nothing(site: Site):
    visit = at_screening(site)
    with pytest.raises(QuestionsOpen) as refusal:
        ask(site, visit, Answers({"fever": "no"}))
    assert "acute" in refusal.value.missing
    assert not Screening.objects.exists()


def test_nobody_is_screened_before_signing(site: Site):
    visit = arrived(site)
    with pytest.raises(StepNotPossible):
        ask(site, visit, site.all_no("zhangwei"))


def test_asking_twice_screens_once(site: Site):
    visit, request_id = at_screening(site), uuid4()
    answered = site.all_no("zhangwei")
    assert ask(site, visit, answered, request_id=request_id) == ask(site, visit, answered, request_id=request_id)
    assert Screening.objects.count() == 1


@pytest.mark.parametrize("stranger", ["hejing", "zhoulin", "fengyuan"])
def test_strangers_screen_nobody(site: Site, stranger: str):
    visit = at_screening(site)
    with pytest.raises(NotAllowed):
        ask(site, visit, site.all_no("zhangwei"), by=stranger)


def test_a_screener_of_another_site_screens_nobody(site: Site):
    hire(site, "linxia", Role.SCREENER)
    visit = at_screening(site)
    ask(site, visit, site.all_no("zhangwei"), by="linxia")
    assert Screening.objects.get().by_id == site.village.users["linxia"].pk


def test_the_database_keeps_no_override_without_reason(site: Site):
    visit = at_screening(site)
    screening = ask(site, visit, site.all_no("zhangwei"))
    screening.pk, screening.judged = None, "contraindicated"
    with pytest.raises(IntegrityError), transaction.atomic():
        screening.save(force_insert=True)
