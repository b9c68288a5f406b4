"""The cold-chain log and the table of suspected adverse reactions: counted, sent with zero, amended, opened to rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.drawing import is_drawn_or_told
from tests.reports.clinic import AT, MAY, Clinic
from tests.village import TODAY

from qingmiao.registry.models import Dose
from qingmiao.reports.actions.forms import amend_form, open_form, submit_form
from qingmiao.reports.forms.cells import TOTAL
from qingmiao.reports.forms.definitions import definition
from qingmiao.reports.models import Form
from qingmiao.reports.queries.forms import late_forms
from qingmiao.safety.actions.cases import Seen, drop_case, open_case
from qingmiao.safety.models import Case
from qingmiao.stock.actions.fridges import decide_breach, read_fridge, set_up_fridge
from qingmiao.stock.models import Breach, Fridge

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(day: int, hour: int) -> datetime:
    """An hour of May 2021."""
    return datetime(2021, 5, day, hour, tzinfo=SHANGHAI)


def opened(clinic: Clinic, kind: str, period: date = MAY) -> Form:
    return open_form(by=clinic.doctor(), unit=clinic.centre, kind=kind, period=period, at=AT)


def sent(clinic: Clinic, kind: str, period: date = MAY) -> Form:
    form = opened(clinic, kind, period)
    return submit_form(by=clinic.doctor(), form=form, version=form.version, today=TODAY, at=AT)


def cells(form: Form, key: str) -> dict:
    return next(row["cells"] for row in form.content["rows"] if row["key"] == key)


def fridge(clinic: Clinic, kind: Fridge.Kind = Fridge.Kind.FRIDGE) -> Fridge:
    by = clinic.village.actor("zhenghua")
    return set_up_fridge(by=by, place=clinic.site, number=f"冰箱-{kind}", kind=kind)


def read(clinic: Clinic, where: Fridge, at: datetime, celsius: str) -> None:
    read_fridge(by=clinic.village.actor("zhenghua"), fridge=where, celsius=Decimal(celsius), at=at)


def warm(clinic: Clinic) -> Fridge:
    """Read well on the 29th, twice too near on the 30th, and too warm on the morning of the 31st."""
    box = fridge(clinic)
    for at, celsius in ((on(29, 8), "4.5"), (on(29, 16), "5.0"), (on(30, 11), "4.0"), (on(30, 13), "4.5")):
        read(clinic, box, at, celsius)
    read(clinic, box, on(31, 8), "9.6")
    return box


def test_each_day_has_its_readings_what_is_lacking_and_what_was_outside(clinic: Clinic):
    box = warm(clinic)
    form = opened(clinic, "cold_chain_month")
    assert [row["key"] for row in form.content["rows"]] == [
        *(f"{box.pk}@2021-05-{day}" for day in (29, 30, 31)),
        TOTAL,
    ]
    well = cells(form, f"{box.pk}@2021-05-29")
    assert (well["morning_at"], well["morning"], well["afternoon_at"], well["afternoon"]) == (
        "08:00",
        "4.5",
        "16:00",
        "5.0",
    )
    assert (well["lacking"], well["breaches"], well["worst"], well["decided"]) == (0, 0, None, None)
    assert cells(form, f"{box.pk}@2021-05-30")["lacking"] == 1, "two hours apart is one reading by the norm"
    outside = cells(form, f"{box.pk}@2021-05-31")
    assert (outside["lacking"], outside["breaches"], outside["worst"]) == (1, 1, "9.6")
    assert outside["decided"] == {"zh": "待处理", "en": "Nobody has decided"}
    assert cells(form, TOTAL) == {"lacking": 2, "breaches": 1}


def test_a_breach_goes_on_into_the_next_month_and_a_retired_fridge_does_not(clinic: Clinic):
    box = warm(clinic)
    june = opened(clinic, "cold_chain_month", date(2021, 6, 1))
    assert cells(june, f"{box.pk}@2021-06-01")["breaches"] == 1
    Fridge.objects.filter(pk=box.pk).update(retired_on=date(2021, 6, 1))
    [only] = opened(clinic, "cold_chain_month", date(2021, 7, 1)).content["rows"]
    assert (only["key"], only["cells"]) == (TOTAL, {"lacking": 0, "breaches": 0})


def test_a_cool_box_is_asked_only_on_days_it_was_read(clinic: Clinic):
    box = fridge(clinic, Fridge.Kind.BOX)
    read(clinic, box, on(3, 8), "5.0")
    rows = opened(clinic, "cold_chain_month").content["rows"]
    assert [row["key"] for row in rows] == [f"{box.pk}@2021-05-03", TOTAL]


def test_a_decision_after_sending_is_an_amendment(clinic: Clinic):
    box = warm(clinic)
    form = sent(clinic, "cold_chain_month")
    decide_breach(
        by=clinic.village.actor("zhenghua"),
        breach=Breach.objects.get(),
        decision=Breach.Decision.USE,
        said="问过企业",
        at=AT,
    )
    form = amend_form(by=clinic.doctor(), form=form, version=form.version, reason="已处置", at=AT)
    assert cells(form, f"{box.pk}@2021-05-31")["decided"]["zh"] != "待处理"
    assert "问过企业" not in str(form.content), "what was typed stays behind the cell"


def reacted(clinic: Clinic) -> Case:
    dose = Dose.objects.get(person=clinic.children[2], given_on=date(2021, 5, 12))
    seen = Seen(reaction="rash", onset_at=on(13, 8), found_at=on(13, 10))
    return open_case(by=clinic.doctor(), dose=dose, seen=seen, at=on(13, 11))


def test_the_table_of_reactions_has_a_line_for_each_case_without_names(clinic: Clinic):
    case = reacted(clinic)
    form = opened(clinic, "aefi_month")
    line = cells(form, str(case.pk))
    assert (line["cases"], line["given_on"], line["onset_on"], line["found_on"]) == (
        1,
        "2021-05-12",
        "2021-05-13",
        "2021-05-13",
    )
    assert (line["reported_on"], line["serious"], line["conclusion"]) == (None, 0, None)
    assert cells(form, TOTAL) == {"cases": 1, "serious": 0}
    assert "苗三" not in str(form.content)
    assert cells(opened(clinic, "aefi_month", date(2021, 6, 1)), TOTAL)["cases"] == 0


def test_a_case_entered_by_mistake_is_not_counted(clinic: Clinic):
    case = reacted(clinic)
    drop_case(by=clinic.doctor(), case=case, why="录错人", at=AT)
    assert cells(opened(clinic, "aefi_month"), TOTAL) == {"cases": 0, "serious": 0}


@pytest.mark.parametrize("kind", ["cold_chain_month", "aefi_month"])
def test_a_month_without_anything_is_sent_with_zero_and_else_the_head_is_told(clinic: Clinic, kind: str):
    path, sixth = clinic.village.district.path, date(2021, 6, 6)
    assert kind in {one.definition.id for one in late_forms(path, sixth)}
    form = sent(clinic, kind)
    assert form.state == Form.State.SUBMITTED
    assert set(cells(form, TOTAL).values()) == {0}
    assert kind not in {one.definition.id for one in late_forms(path, sixth)}


def _reader(clinic: Clinic, client: Client) -> Client:
    client.force_login(clinic.village.users["shenyue"], "django.contrib.auth.backends.ModelBackend")
    return client


def test_a_day_of_the_log_opens_to_its_readings_and_breaches(clinic: Clinic, client: Client):
    box, reader = warm(clinic), _reader(clinic, client)
    form = sent(clinic, "cold_chain_month")
    page = reader.get(f"/forms/{form.pk}/").content.decode()
    assert "日期及设备编号" in page
    assert "待处理" in page
    assert f"row={box.pk}%402021-05-31&amp;column=breaches" in page
    day = reader.get(f"/forms/{form.pk}/behind/", {"row": f"{box.pk}@2021-05-30", "column": "morning"}).content.decode()
    assert "4.0" in day
    assert "5.0" not in day
    assert "9.6" in reader.get(f"/forms/{form.pk}/behind/", {"row": TOTAL, "column": "breaches"}).content.decode()
    assert reader.get(f"/forms/{form.pk}/behind/", {"row": TOTAL, "column": "lacking"}).status_code == 404
    assert reader.get(f"/forms/{form.pk}/form.xlsx").content[:2] == b"PK"
    assert is_drawn_or_told(reader.get(f"/forms/{form.pk}/form.pdf"))


def test_the_number_of_cases_opens_to_the_people_for_those_who_may_see_cases(clinic: Clinic, client: Client):
    case, reader = reacted(clinic), _reader(clinic, client)
    form = sent(clinic, "aefi_month")
    where = f"/forms/{form.pk}/behind/?row={TOTAL}&column=cases"
    page = reader.get(where).content.decode()
    assert "苗三" in page
    assert f"/safety/cases/{case.pk}/" in page
    assert reader.get(f"/forms/{form.pk}/form.xlsx").content[:2] == b"PK"
    assert is_drawn_or_told(reader.get(f"/forms/{form.pk}/form.pdf"))
    client.force_login(clinic.village.users["yanan"], "django.contrib.auth.backends.ModelBackend")
    assert client.get(where).status_code in (403, 404)


def test_both_say_what_their_rows_are():
    assert definition("routine_month").row_title.zh == "疫苗"
    assert definition("aefi_month").row_title.zh == "反应"
