"""The correction desk: one says what is wrong, a second one agrees, and everything that hangs on the dose follows."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at, hire
from tests.village import TODAY

from qingmiao.audit.door import name_of
from qingmiao.clinic.actions.corrections import (
    NeedsSecondPerson,
    Proposal,
    confirm_correction,
    propose_correction,
    refuse_correction,
    take_back_correction,
)
from qingmiao.clinic.actions.observation import release
from qingmiao.clinic.models import Correction, DoseFinding, Observation
from qingmiao.clinic.queries.corrections import corrections_waiting, history_of
from qingmiao.clinic.queries.days import doses_of_day, doses_of_day_in
from qingmiao.clinic.queries.people import dose_of
from qingmiao.clinic.rules import Refused, State
from qingmiao.registry.models import Dose
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Role
from qingmiao.stock.actions import receive_doses
from qingmiao.stock.models import Lot, Movement
from qingmiao.stock.queries import doses_left

pytestmark = pytest.mark.django_db
Kind = Correction.Kind


@pytest.fixture
def dose(site: Site) -> Dose:
    """张伟's dose of 09:58, observed until 10:28."""
    site.to_the_needle("zhangwei")
    return site.inject("zhangwei")


def other_lot(site: Site, number: str = "202104B0001", product=None) -> Lot:
    head = site.actor("zhenghua")
    product = product or site.product
    place, when = site.village.site, at(8)
    moved = receive_doses(
        by=head, place=place, product=product, lot_number=number, expires_on=date(2023, 1, 1), doses=10, at=when
    )
    return moved.lot


def propose(site: Site, dose: Dose, kind: Correction.Kind, by: str = "zhoulin", **what) -> Correction:
    return propose_correction(
        by=site.actor(by), dose=dose, proposal=Proposal(kind, **what), reason="空瓶核对", at=at(10, 5)
    )


def confirm(site: Site, correction: Correction, by: str = "zhenghua", when=None) -> Dose:
    return confirm_correction(by=site.actor(by), correction=correction, at=when or at(10, 6)).result


def test_nothing_changes_until_a_second_person_agrees(site: Site, dose: Dose):
    correction = propose(site, dose, Kind.LOT, lot=other_lot(site))
    assert dose_of(site.visit("zhangwei")) == dose
    assert list(corrections_waiting(site.actor("zhenghua"))) == [correction]
    with pytest.raises(NeedsSecondPerson):
        confirm(site, correction, by="zhoulin")
    assert dose_of(site.visit("zhangwei")) == dose


def test_the_database_refuses_one_person_in_both_places(site: Site, dose: Dose):
    correction = propose(site, dose, Kind.LOT, lot=other_lot(site))
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(
            state="refused", decided_by_id=correction.proposed_by_id, decided_at=at(11), decision_note="x"
        )


def test_a_wrong_lot_moves_one_dose_between_lots_and_the_slip_says_the_new_one(site: Site, dose: Dose):
    right, place = other_lot(site), site.village.site
    before = doses_left(site.lot, place), doses_left(right, place)
    new = confirm(site, propose(site, dose, Kind.LOT, lot=right))
    assert (doses_left(site.lot, place), doses_left(right, place)) == (before[0] + 1, before[1] - 1)
    assert (new.lot_number, new.supersedes, new.reason, new.given_at) == (
        "202104B0001",
        dose,
        "空瓶核对",
        dose.given_at,
    )
    assert Observation.objects.get().dose == new
    assert list(doses_of_day(TODAY)) == [new]
    assert Movement.objects.get(kind="given", belongs_to=name_of(new)).lot == right


def test_a_wrong_vaccine_is_judged_again_and_found(site: Site, dose: Dose):
    new = confirm(site, propose(site, dose, Kind.PRODUCT, lot=other_lot(site, "ADENO1", site.other_product)))
    assert new.product_code == "5602"
    assert "other_product" in {finding.code for finding in new.findings.all()}
    assert new.judgement.ruleset


def test_a_wrong_time_moves_the_observation(site: Site, dose: Dose):
    new = confirm(site, propose(site, dose, Kind.DATE, given_at=at(9, 50)))
    observation = Observation.objects.get()
    assert (new.given_at, observation.since, observation.until) == (at(9, 50), at(9, 50), at(10, 20))


def test_a_wrong_day_leaves_the_figures_of_today(site: Site, dose: Dose):
    yesterday = TODAY - timedelta(days=1)
    new = confirm(site, propose(site, dose, Kind.DATE, given_at=at(9, 58, day=yesterday)))
    assert (list(doses_of_day(TODAY)), list(doses_of_day(yesterday))) == ([], [new])


def test_a_dose_moves_to_the_right_person_with_observation_and_figures(site: Site, dose: Dose):
    right = site.people["wangfang"]
    new = confirm(site, propose(site, dose, Kind.PERSON, person=right))
    assert (new.person, Observation.objects.get().visit.person) == (right, right)
    assert site.visit("wangfang").where is State.OBSERVING
    wrong = site.visit("zhangwei")
    assert (wrong.where, wrong.vaccinated_at, dose_of(wrong)) == (State.LEFT, None, None)
    assert list(doses_of_day_in(site.village.cafe, TODAY)) == []
    assert list(doses_of_day_in(site.village.karaoke, TODAY)) == [new]
    assert {finding.code for finding in new.findings.all()} >= {"not_consented"}


def test_a_dose_found_wrong_after_the_release_moves_all_the_same(site: Site, dose: Dose):
    release(by=site.actor("wumin"), observation=Observation.objects.get(), at=at(10, 30))
    correction = propose_correction(
        by=site.actor("zhoulin"),
        dose=dose,
        proposal=Proposal(Kind.PERSON, person=site.people["lihong"]),
        reason="姐妹",
        at=at(15),
    )
    confirm(site, correction, when=at(15, 5))
    assert (site.visit("lihong").where, site.visit("zhangwei").where) == (State.RELEASED, State.LEFT)


def test_a_void_gives_the_dose_back_and_counts_nowhere(site: Site, dose: Dose):
    before = doses_left(site.lot, site.village.site)
    void = confirm(site, propose(site, dose, Kind.VOID))
    assert (void.is_void, doses_left(site.lot, site.village.site)) == (True, before + 1)
    assert list(doses_of_day(TODAY)) == []
    assert (Observation.objects.get().ending, site.visit("zhangwei").where) == ("withdrawn", State.LEFT)


def test_a_correction_of_a_correction_keeps_every_row(site: Site, dose: Dose):
    second = confirm(site, propose(site, dose, Kind.LOT, lot=other_lot(site)))
    third = confirm(site, propose(site, second, Kind.LOT, lot=site.lot))
    assert history_of(second) == [dose, second, third]
    assert doses_left(site.lot, site.village.site) == 99


def test_a_row_that_was_corrected_is_not_corrected_again(site: Site, dose: Dose):
    confirm(site, propose(site, dose, Kind.LOT, lot=other_lot(site)))
    with pytest.raises(Refused):
        propose(site, dose, Kind.VOID)


def test_one_correction_at_a_time(site: Site, dose: Dose):
    propose(site, dose, Kind.LOT, lot=other_lot(site))
    with pytest.raises(Refused):
        propose(site, dose, Kind.VOID, by="wumin")


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (Kind.LOT, {}),
        (Kind.DATE, {}),
        (Kind.DATE, {"given_at": at(12)}),
        (Kind.PERSON, {}),
    ],
)
def test_a_proposal_says_what_is_right(site: Site, dose: Dose, kind: Correction.Kind, what: dict):
    with pytest.raises(Refused):
        propose(site, dose, kind, **what)
    assert not Correction.objects.exists()


def test_a_reason_is_asked_for(site: Site, dose: Dose):
    with pytest.raises(Refused):
        propose_correction(by=site.actor("zhoulin"), dose=dose, proposal=Proposal(Kind.VOID), reason=" ", at=at(10))


def test_the_second_person_may_disagree_and_says_why(site: Site, dose: Dose):
    correction = propose(site, dose, Kind.VOID)
    with pytest.raises(Refused):
        refuse_correction(by=site.actor("zhenghua"), correction=correction, why=" ", at=at(10, 6))
    refuse_correction(by=site.actor("zhenghua"), correction=correction, why="空瓶在此", at=at(10, 6))
    assert dose_of(site.visit("zhangwei")) == dose
    with pytest.raises(Refused):
        confirm(site, correction)


def test_a_proposal_is_taken_back(site: Site, dose: Dose):
    correction = propose(site, dose, Kind.VOID)
    take_back_correction(by=site.actor("zhoulin"), correction=correction, at=at(10, 6))
    assert not corrections_waiting(site.actor("zhenghua")).exists()


@pytest.mark.parametrize("stranger", ["zhaoqian", "fengyuan", "kongming"])
def test_strangers_propose_and_confirm_nothing(site: Site, dose: Dose, stranger: str):
    with pytest.raises(NotAllowed):
        propose(site, dose, Kind.VOID, by=stranger)
    correction = propose(site, dose, Kind.VOID)
    for act in (confirm, lambda s, c, by: refuse_correction(by=s.actor(by), correction=c, why="x", at=at(11))):
        with pytest.raises(NotAllowed):
            act(site, correction, by=stranger)


def test_a_second_vaccinator_may_confirm(site: Site, dose: Dose):
    correction = propose(site, dose, Kind.VOID)
    second = hire(site, "zhoulin2", Role.VACCINATOR)
    assert confirm_correction(by=second, correction=correction, at=at(10, 6)).state == "confirmed"


def test_findings_of_the_old_row_stay_with_it(site: Site, dose: Dose):
    DoseFinding.objects.create(dose=dose, code="lot_expired", at=at(9, 58))
    new = confirm(site, propose(site, dose, Kind.LOT, lot=other_lot(site)))
    assert not new.findings.exists()


def test_a_day_before_any_form_is_corrected_all_the_same(site: Site, dose: Dose):
    new = confirm(site, propose(site, dose, Kind.DATE, given_at=at(9, day=date(2020, 12, 20))))
    assert (new.given_on, new.findings.count()) == (date(2020, 12, 20), 0)


def test_the_number_of_the_dose_follows_the_person(site: Site, dose: Dose):
    Dose.objects.create(
        person=site.people["wangfang"], product_code="5601", given_on=TODAY - timedelta(days=40), source="imported"
    )
    assert confirm(site, propose(site, dose, Kind.PERSON, person=site.people["wangfang"])).dose_number == 2
