"""The tablet's addresses and the sheet: out, filled in, in again."""

from __future__ import annotations

import json
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.clinic.site import at

from qingmiao.clinic.models import SyncEvent
from qingmiao.registry.models import Dose

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def enrolled(client: Client) -> str:
    tablet = str(uuid4())
    content = json.dumps({"id": tablet, "name": "台1", "key": "a2V5"})
    assert client.post("/api/v1/tablets/", content, content_type="application/json").status_code == 201
    return tablet


def send(client: Client, tablet: str, *events: dict[str, object]) -> dict[str, object]:
    content = {"tablet": tablet, "sent_at": at(9, 45).isoformat(), "unsent": 0, "events": list(events)}
    answer = client.post("/api/v1/sync/", json.dumps(content), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_list_a_tablet_takes_along(site, sit):
    site.to_the_needle("zhangwei")
    found = sit("zhoulin").get("/api/v1/day/").json()
    [person] = [one for one in found["people"] if one["name"] == "张伟"]
    assert person["state"] == "screened"
    assert person["number"].count("*") == 8
    assert "dose" in found["may"]
    assert "consent" not in found["may"]
    assert [lot["number"] for lot in found["lots"]] == ["202103B0291"]


def test_a_dose_comes_in_through_the_address(site, sit):
    visit = site.to_the_needle("zhangwei")
    client = sit("zhoulin")
    tablet = enrolled(client)
    event = {"id": str(uuid4()), "number": 1, "kind": "dose", "visit": visit.pk, "made_at": at(9, 44).isoformat()}
    event["content"] = {"lot": site.lot.pk, "body_site": "left_deltoid"}
    assert send(client, tablet, event)["counts"]["new"] == 1
    assert send(client, tablet, event)["counts"]["identical"] == 1
    assert Dose.objects.get().given_at == at(9, 44)


def test_broken_bodies_are_answered_in_words(site, sit):
    client = sit("zhoulin")
    for body in (b"\xff", b"[]", b"{}", json.dumps({"tablet": enrolled(client)}).encode()):
        answer = client.post("/api/v1/sync/", body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["error"] == "unreadable"


def test_without_signing_in_a_program_is_told_so():
    assert Client().get("/api/v1/day/").status_code == 401


def test_the_kept_page_and_its_worker_name_nobody(site, sit):
    client = sit("zhoulin")
    page, worker = client.get("/site/offline/"), client.get("/site/offline/worker.js")
    assert page.status_code == worker.status_code == 200
    assert worker.headers["Content-Type"].startswith("text/javascript")
    for name in ("周琳", "张伟", "青河街道接种点"):
        assert name not in page.content.decode()


def test_what_was_put_aside_is_shown_and_answered(site, sit):
    visit = site.to_the_needle("zhangwei")
    site.inject("zhangwei", at(9, 40))
    client = sit("zhoulin")
    event = {"id": str(uuid4()), "number": 1, "kind": "dose", "visit": visit.pk, "made_at": at(9, 44).isoformat()}
    send(client, enrolled(client), event | {"content": {"lot": site.lot.pk}})
    assert "张伟" in client.get("/site/offline/sendings/").content.decode()
    client.post(f"/site/offline/sendings/{event['id']}/settle/", {"said": "同一针"})
    assert SyncEvent.objects.get().answer == "settled"
    assert Dose.objects.count() == 1


def filled(client: Client, **cells: str) -> bytes:
    """The sheet of today with these cells of 张伟's row filled in, by the title of their column."""
    book = openpyxl.load_workbook(BytesIO(client.get("/site/offline/sheet.xlsx").content))
    page = book.worksheets[0]
    titles = {str(cell.value): cell.column for cell in page[1]}
    [row] = [row[0].row for row in page.iter_rows(min_row=2) if row[2].value == "张伟"]
    for title, value in cells.items():
        page.cell(row, titles[title], value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_filled_sheet_comes_in_once(site, sit):
    site.to_the_needle("zhangwei")
    client = sit("zhoulin")
    client.cookies["language"] = "en"
    lot = f"{site.lot.number} ({site.lot.expires_on})"
    sheet = filled(client, **{"Given at": "9:41", "Lot": lot})

    def take_in() -> dict[str, int]:
        file = SimpleUploadedFile("site.xlsx", sheet)
        return client.post("/site/offline/sheet/", {"sheet": file}).context["counts"]

    assert take_in()["new"] == 1
    assert take_in() == {"new": 0, "identical": 1, "updated": 0, "old": 0, "discarded": 0, "invalid": 0}
    given = Dose.objects.get()
    assert (given.given_at, given.lot) == (at(9, 41), site.lot)


def test_a_cell_that_cannot_be_understood_is_named(site, sit):
    site.to_the_needle("zhangwei")
    client = sit("zhoulin")
    client.cookies["language"] = "en"
    file = SimpleUploadedFile("site.xlsx", filled(client, **{"Given at": "halb zehn", "Lot": "X"}))
    answer = client.post("/site/offline/sheet/", {"sheet": file})
    assert [one["column"] for one in answer.context["troubles"]] == ["Given at"]
    assert not Dose.objects.exists()


def test_another_workbook_is_no_sheet(site, sit):
    client = sit("zhoulin")
    out = BytesIO()
    openpyxl.Workbook().save(out)
    file = SimpleUploadedFile("site.xlsx", out.getvalue())
    assert client.post("/site/offline/sheet/", {"sheet": file}).status_code == 302
