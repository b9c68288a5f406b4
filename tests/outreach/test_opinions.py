"""Ratings name nobody and come once; complaints are answered and closed, and the time is counted."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.clinic.site import Site, at, open_site
from tests.village import Village

from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.clinic.queries.waits import waits_at
from qingmiao.outreach.actions.opinions import (
    Marks,
    RatedAlready,
    TooMany,
    answer_complaint,
    close_complaint,
    raise_complaint,
    rate_visit,
)
from qingmiao.outreach.models import Complaint, Rating
from qingmiao.outreach.queries.opinions import ratings, time_to_close
from qingmiao.staff.access import NotAllowed, system

pytestmark = pytest.mark.django_db
PUBLIC = system("web public")


def test_a_visit_is_rated_once_by_its_slip(village: Village):
    for marks in (Marks(5, 3, 4), Marks(1, 1, 1)):
        ask = {"by": PUBLIC, "site": village.site, "day": at(9).date(), "slip": "abc", "marks": marks, "at": at(11)}
        if marks.overall == 5:
            rate_visit(**ask)
        else:
            with pytest.raises(RatedAlready):
                rate_visit(**ask)
    found = ratings([village.site.pk], at(9).date(), at(9).date())
    assert (found.count, found.overall, found.waiting) == (1, 5.0, 3.0)
    assert b"abc" not in bytes(Rating.objects.get().ticket)


def test_a_slip_rates_only_after_the_dose(village: Village):
    site: Site = open_site(village)
    visit = site.to_the_needle("zhangwei")
    page = f"/opinions/rate/{visit.slip_token}/"
    assert Client().get(page).status_code == 404
    site.inject("zhangwei")
    assert Client().get(page).status_code == 200
    answer = Client().post(page, {"overall": "4", "waiting": "4", "explained": "5", "text": ""})
    assert answer.status_code == 200
    assert Rating.objects.get().overall == 4


def test_waiting_is_counted_from_arrival_to_the_needle(village: Village):
    site: Site = open_site(village)
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")  # arrived 09:31, vaccinated 09:58
    found = waits_at([village.site.pk], site.session.day, site.session.day)
    assert (found.people, found.middle, found.nine_in_ten) == (1, 27.0, 27.0)


def complained(village: Village) -> Complaint:
    return raise_complaint(by=PUBLIC, site=village.site, text="等了三小时", contact="13800138000", at=at(9))


def test_a_complaint_is_answered_and_closed_by_the_site(village: Village):
    row, head = complained(village), village.actor("zhenghua")
    assert row.answer_by == at(9) + timedelta(days=7)
    assert "等了三小时" not in str(row.text)
    row = answer_complaint(by=head, complaint=row, version=row.version, answer="已增加一个窗口", at=at(12))
    close_complaint(by=head, complaint=row, version=row.version, at=at(15))
    assert time_to_close(Complaint.objects.all()) == timedelta(hours=6)


def test_two_answers_at_once_do_not_overwrite(village: Village):
    row, head = complained(village), village.actor("zhenghua")
    shown = row.version
    answer_complaint(by=head, complaint=row, version=shown, answer="第一个", at=at(12))
    with pytest.raises(ChangedMeanwhile):
        answer_complaint(by=head, complaint=row, version=shown, answer="第二个", at=at(12))


def test_who_does_not_answer_for_the_site_does_not_answer(village: Village):
    row = complained(village)
    with pytest.raises(NotAllowed):
        answer_complaint(by=village.actor("fengyuan"), complaint=row, version=row.version, answer="x", at=at(12))


def test_a_machine_is_stopped_after_thirty(village: Village):
    for _n in range(30):
        complained(village)
    with pytest.raises(TooMany):
        complained(village)
