"""Statutory forms: counted by the national rules, sent once, amended with a reason, open to their doses and people."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.drawing import is_drawn_or_told
from tests.reports.clinic import AT, MAY, Clinic
from tests.village import TODAY

from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.reports.actions.forms import (
    MonthNotOver,
    NothingToAmend,
    ReasonMissing,
    WrongState,
    amend_form,
    count_form,
    open_form,
    submit_form,
)
from qingmiao.reports.forms.counting import behind, rows_behind
from qingmiao.reports.forms.definitions import definition, definitions
from qingmiao.reports.models import Form, FormIssue
from qingmiao.reports.queries.forms import changed_cells, clinics_below, expected, late_forms
from qingmiao.staff.access import NotAllowed, system
from qingmiao.stock.actions import enter_product, receive_doses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def opened(clinic: Clinic, kind: str = "routine_month", period: date = MAY) -> Form:
    return open_form(by=clinic.doctor(), unit=clinic.centre, kind=kind, period=period, at=AT)


def sent(clinic: Clinic) -> Form:
    form = opened(clinic)
    return submit_form(by=clinic.doctor(), form=form, version=form.version, today=TODAY, at=AT)


def cells(form: Form, key: str) -> dict:
    return next(row["cells"] for row in form.content["rows"] if row["key"] == key)


def test_the_routine_form_counts_what_was_due_and_done_in_the_month(clinic: Clinic):
    """Worked by hand: polio 1 was due for the third child in April and given in May; DTP 1 for the first two."""
    form = opened(clinic)
    assert cells(form, "Polio-1") == {"due": 1, "done_nip": 1, "done_sub": 0, "done": 1, "rate": "100.00"}
    assert cells(form, "DTP-1") == {"due": 3, "done_nip": 2, "done_sub": 0, "done": 2, "rate": "66.67"}
    assert cells(form, "HepB-2")["done"] == 0
    assert [row["key"] for row in form.content["rows"]] == [row.key for row in definition("routine_month").rows]


@pytest.mark.parametrize(
    ("key", "column", "people"), [("DTP-1", "done", 2), ("DTP-1", "due", 3), ("Polio-1", "due", 1)]
)
def test_a_cell_opens_to_as_many_people_as_it_says(clinic: Clinic, key: str, column: str, people: int):
    form = opened(clinic)
    assert cells(form, key)[column] == people
    pairs = rows_behind(behind(form, key, column))
    assert len(pairs) == people
    assert {person for person, _dose in pairs} <= set(clinic.children)
    if column == "done":
        assert all(dose is not None and dose.given_on.month == 5 for _person, dose in pairs)


def test_the_class_2_form_has_only_vaccines_outside_the_programme(clinic: Clinic):
    form = opened(clinic, "class2_month")
    assert {row["key"]: row["cells"]["doses"] for row in form.content["rows"]} == {"2108": 1, "total": 1}
    assert [person for person, _dose in behind(form, "2108", "doses")] == [clinic.children[2].pk]


def test_a_month_without_anything_is_sent_with_zero(clinic: Clinic):
    form = opened(clinic, "class2_month", date(2021, 2, 1))
    assert cells(form, "total") == {"doses": 0}
    form = submit_form(by=clinic.doctor(), form=form, version=form.version, today=TODAY, at=AT)
    assert form.state == Form.State.SUBMITTED


def test_the_stock_form_adds_up(clinic: Clinic):
    product = enter_product(by=system("t"), place=clinic.site, code="0402", name="百白破", manufacturer="武汉生物")
    receive_doses(
        by=system("t"),
        place=clinic.site,
        product=product,
        lot_number="L1",
        expires_on=date(2023, 1, 1),
        doses=50,
        at=AT,
    )
    [row] = opened(clinic, "stock_month", date(2021, 6, 1)).content["rows"]
    assert row["cells"] | {"opening": 0, "received": 50, "closing": 50, "lot": "L1"} == row["cells"]
    [row] = opened(clinic, "stock_month", date(2021, 7, 1)).content["rows"]
    assert (row["cells"]["opening"], row["cells"]["received"], row["cells"]["closing"]) == (50, 0, 50)


def test_one_form_for_each_unit_kind_and_month(clinic: Clinic):
    assert opened(clinic) == opened(clinic, period=date(2021, 5, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.create(unit=clinic.centre, kind="routine_month", period=MAY, content={}, counted_at=AT)


def test_draft_submitted_amended_and_what_was_sent_stays(clinic: Clinic):
    form = sent(clinic)
    clinic.give(date(2021, 5, 20), "0402", 2)
    changed = amend_form(by=clinic.doctor(), form=form, version=form.version, reason="漏录一剂", at=AT)
    first, second = changed.issues.all()
    assert (changed.state, first.number, second.number, second.reason) == (Form.State.AMENDED, 1, 2, "漏录一剂")
    assert (first.submitted_by_name, second.submitted_by_name) == ("沈悦", "沈悦")
    before = {key["key"]: key["cells"]["done"] for key in first.content["rows"]}
    assert (before["DTP-1"], cells(changed, "DTP-1")["done"]) == (2, 3)
    assert any(
        column == "done" and (was, now) == (2, 3)
        for _row, column, was, now in changed_cells(first.content, second.content)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        FormIssue.objects.filter(pk=first.pk).update(content={})


def test_nothing_is_sent_before_the_month_is_over(clinic: Clinic):
    form = opened(clinic)
    with pytest.raises(MonthNotOver):
        submit_form(by=clinic.doctor(), form=form, version=form.version, today=date(2021, 5, 31), at=AT)


def test_refusals_of_sending(clinic: Clinic):
    form = sent(clinic)
    with pytest.raises(WrongState):
        submit_form(by=clinic.doctor(), form=form, version=form.version, today=TODAY, at=AT)
    with pytest.raises(WrongState):
        count_form(by=clinic.doctor(), form=form, version=form.version, at=AT)
    with pytest.raises(ReasonMissing):
        amend_form(by=clinic.doctor(), form=form, version=form.version, reason=" ", at=AT)
    with pytest.raises(NothingToAmend):
        amend_form(by=clinic.doctor(), form=form, version=form.version, reason="再报一次", at=AT)
    with pytest.raises(NotAllowed):
        open_form(by=clinic.village.actor("zhaoqian"), unit=clinic.centre, kind="class2_month", period=MAY, at=AT)


def test_what_a_colleague_counted_meanwhile_is_not_sent_unseen(clinic: Clinic):
    form = opened(clinic)
    shown = form.version
    count_form(by=clinic.doctor(), form=Form.objects.get(pk=form.pk), version=shown, at=AT)
    with pytest.raises(ChangedMeanwhile):
        submit_form(by=clinic.doctor(), form=form, version=shown, today=TODAY, at=AT)


def test_the_deadline_is_the_fifth_of_the_next_month(clinic: Clinic):
    assert clinics_below(clinic.village.district.path) == [clinic.centre]
    assert len(expected([clinic.centre], [MAY])) == len(definitions())
    assert definition("routine_month").due_on(date(2021, 12, 1)) == date(2022, 1, 5)
    assert late_forms(clinic.village.district.path, date(2021, 6, 5)) == []
    assert len(late_forms(clinic.village.district.path, date(2021, 6, 6))) == len(definitions())
    sent(clinic)
    assert "routine_month" not in {
        one.definition.id for one in late_forms(clinic.village.district.path, date(2021, 6, 6))
    }


def test_a_form_is_opened_sent_and_read_on_the_screen(clinic: Clinic, client: Client):
    client.force_login(clinic.village.users["shenyue"], "django.contrib.auth.backends.ModelBackend")
    assert "青河街道社区卫生服务中心" in client.get("/forms/?year=2021").content.decode()
    answer = client.post(
        f"/forms/of/{clinic.centre.pk}/open/",
        {"kind": "routine_month", "period": "2021-05-01", "request_id": "9d3f1ab0-7a57-4d8e-9f6e-0c6ad1b2c001"},
    )
    form = Form.objects.get()
    assert answer["Location"] == f"/forms/{form.pk}/"
    page = client.get(f"/forms/{form.pk}/").content.decode()
    assert f"/forms/{form.pk}/behind/?row=DTP-1&amp;column=done" in page
    behind_it = client.get(f"/forms/{form.pk}/behind/?row=DTP-1&column=done").content.decode()
    assert "苗一" in behind_it
    assert "苗三" not in behind_it
    client.post(f"/forms/{form.pk}/submit/", {"version": form.version, "request_id": str(uuid4())})
    form.refresh_from_db()
    assert form.state == Form.State.SUBMITTED
    assert client.get(f"/forms/{form.pk}/?compare=1").status_code == 200
    assert client.get(f"/forms/{form.pk}/form.xlsx").content[:2] == b"PK"
    assert is_drawn_or_told(client.get(f"/forms/{form.pk}/form.pdf"))
    assert client.get(f"/forms/{form.pk}/behind/?row=nothing&column=done").status_code == 404
