"""Figures on screen: each number is a door, frozen ones stay, and nobody sees beyond their reach."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from docx import Document
from tests.drawing import is_drawn_or_told
from tests.reports import bureau as bureau_world
from tests.reports.bureau import COVID, DAY_1, DAY_2, Bureau, vaccinate
from tests.village import Village

from qingmiao.audit.models import AuditEntry
from qingmiao.campaign.actions import open_head_count
from qingmiao.campaign.models import Declaration, HeadCount
from qingmiao.registry.models import Person
from qingmiao.reports import paper
from qingmiao.reports.models import Snapshot, SummaryText

pytestmark = pytest.mark.django_db
ON = {"on": DAY_2.isoformat()}


@pytest.fixture
def bureau(village: Village) -> Bureau:
    return bureau_world.build(village)


@pytest.fixture
def liaison(bureau: Bureau, client: Client) -> Client:
    client.force_login(bureau.village.users["zhaoqian"])
    return client


def text_of(answer) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_liaison_comes_straight_to_the_bureaus_figure(bureau: Bureau, liaison: Client):
    assert liaison.get("/figures/").headers["Location"] == f"/figures/{bureau.office.pk}/"


def test_coverage_says_46_of_120_first(bureau: Bureau, liaison: Client):
    answer = liaison.get(f"/figures/{bureau.office.pk}/", ON)
    headline = re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", answer.content.decode(), re.S).group())
    assert re.search(r"46 / 120 .*38\.3%", headline)
    assert [(row["unit"].name, row["share"].done, row["share"].of) for row in answer.context["units"]] == [
        ("古渡景区", 15, 30),
        ("星海网吧", 21, 54),
        ("金麦歌厅", 11, 38),
    ]


@pytest.mark.parametrize(("which", "people"), [("done", 46), ("all", 120), ("open", 74)])
def test_each_number_opens_to_the_people_behind_it(bureau: Bureau, liaison: Client, which: str, people: int):
    page = liaison.get(f"/figures/{bureau.office.pk}/", ON).content.decode()
    door = f"/figures/{bureau.office.pk}/people/?rule={COVID}&amp;which={which}&amp;on={DAY_2}"
    assert door in page
    behind = liaison.get(door.replace("&amp;", "&"))
    assert behind.context["page"].paginator.count == people
    assert bureau.people[0].name in text_of(behind) if which != "open" else "星030" in text_of(behind)


def test_looking_at_names_is_written_down_with_whom(bureau: Bureau, liaison: Client):
    liaison.get(f"/figures/{bureau.office.pk}/people/", ON | {"which": "done"})
    entry = AuditEntry.objects.latest("seq")
    assert (entry.verb, entry.is_look, len(entry.details["people"])) == ("reports.see_names", True, 46)


def test_a_day_to_come_is_today(bureau: Bureau, liaison: Client):
    assert liaison.get(f"/figures/{bureau.office.pk}/", {"on": "2999-01-01"}).context["is_today"]
    assert liaison.get(f"/figures/{bureau.office.pk}/", {"on": "nonsense"}).context["is_today"]


def freeze(client: Client, bureau: Bureau, **more: str):
    sent = {"on": DAY_2.isoformat(), "request_id": str(uuid4())} | more
    return client.post(f"/figures/{bureau.office.pk}/freeze/", sent)


def test_the_freeze_button_keeps_the_figure_and_shows_it(bureau: Bureau, liaison: Client):
    answer = freeze(liaison, bureau)
    snapshot = Snapshot.objects.get()
    assert answer.headers["Location"] == f"/figures/snapshots/{snapshot.pk}/"
    assert (snapshot.numerator, snapshot.denominator, snapshot.taken_by_name) == (46, 120, "赵倩")
    vaccinate(bureau.people[50], DAY_2)
    assert "46 / 120" in text_of(liaison.get(answer.headers["Location"]))
    assert "47" in text_of(liaison.get(f"/figures/{bureau.office.pk}/", ON))


def test_pressing_freeze_twice_keeps_one(bureau: Bureau, liaison: Client):
    request_id = str(uuid4())
    first, second = (freeze(liaison, bureau, request_id=request_id) for _press in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(("goes_on", "where"), [("bulletin", "/bulletin/"), ("summary", "/summary/?snapshot=")])
def test_freezing_goes_on_to_what_it_was_for(bureau: Bureau, liaison: Client, goes_on: str, where: str):
    assert where in freeze(liaison, bureau, next=goes_on).headers["Location"]


def test_the_frozen_names_are_the_ones_of_then(bureau: Bureau, liaison: Client):
    snapshot = bureau.freeze()
    bureau.people[0].name = "改了名"
    bureau.people[0].save()
    part = snapshot.parts.get(organisation=bureau.cafe)
    page = liaison.get(f"/figures/snapshots/{snapshot.pk}/people/", {"which": "done", "part": part.pk})
    assert page.context["page"].paginator.count == 21
    assert "星000" in text_of(page)
    assert "改了名" not in text_of(page)


def test_two_snapshots_side_by_side_name_who_is_new(bureau: Bureau, liaison: Client):
    earlier, later = bureau.freeze(DAY_1), bureau.freeze(DAY_2)
    page = liaison.get(f"/figures/snapshots/{later.pk}/", {"against": earlier.pk})
    assert len(page.context["changes"].newly_done) == later.numerator - earlier.numerator
    assert AuditEntry.objects.latest("seq").verb == "reports.see_names"


@pytest.mark.parametrize("address", ["?which=nonsense", "?part=0", "?part=x"])
def test_a_door_that_is_not_there_is_404(bureau: Bureau, liaison: Client, address: str):
    assert liaison.get(f"/figures/snapshots/{bureau.freeze().pk}/people/{address}").status_code == 404


def test_the_bulletin_of_a_day_offers_to_freeze_first(bureau: Bureau, liaison: Client):
    page = liaison.get(f"/figures/{bureau.office.pk}/bulletin/", ON)
    assert 'name="next" value="bulletin"' in page.content.decode()
    snapshot = bureau.freeze()
    again = liaison.get(f"/figures/{bureau.office.pk}/bulletin/", ON)
    assert again.headers["Location"] == f"/figures/snapshots/{snapshot.pk}/bulletin/"
    assert "星海网吧" in text_of(liaison.get(again.headers["Location"]))


def test_where_no_pdf_can_be_made_the_page_says_what_to_install(bureau: Bureau, liaison: Client, monkeypatch):
    monkeypatch.setattr(paper, "has_chinese_font", lambda: False)
    answer = liaison.get(f"/figures/snapshots/{bureau.freeze().pk}/bulletin.pdf")
    assert answer.status_code == 503
    assert "fonts-noto-cjk" in text_of(answer)


def test_the_summary_form_keeps_texts_and_the_word_file_has_them(bureau: Bureau, liaison: Client):
    snapshot = bureau.freeze()
    address = f"/figures/{bureau.office.pk}/summary/"
    form = liaison.get(address).context["form"]
    sent = {"meeting": "四月六日召开动员会。", "channels": ["banners", "groups"], "version": form["version"].initial}
    answer = liaison.post(address, sent | {"request_id": str(uuid4())})
    assert answer.status_code == 302
    assert SummaryText.objects.get().texts["channels"] == "banners,groups"
    file = liaison.get(f"/figures/snapshots/{snapshot.pk}/summary.docx")
    assert file.headers["Content-Type"].endswith("wordprocessingml.document")
    told = "".join(paragraph.text for paragraph in Document(BytesIO(file.content)).paragraphs)
    assert "四月六日召开动员会。" in told
    assert "已接种46人" in told


def test_a_colleagues_text_is_not_overwritten(bureau: Bureau, liaison: Client):
    address = f"/figures/{bureau.office.pk}/summary/"
    sent = {"meeting": "甲", "version": 0}
    assert liaison.post(address, sent | {"request_id": str(uuid4())}).status_code == 302
    assert liaison.post(address, {"meeting": "乙", "version": 0, "request_id": str(uuid4())}).status_code == 409
    assert SummaryText.objects.get().texts["meeting"] == "甲"


def opened(bureau: Bureau) -> HeadCount:
    return open_head_count(
        by=bureau.village.actor("zhaoqian"), organisation=bureau.office, title="四月摸底",
        opened_on=date(2021, 4, 1), due_at=datetime(2021, 4, 7, 10, tzinfo=UTC),
    )  # fmt: skip


def test_a_head_count_is_opened_declared_and_closed_on_screen(bureau: Bureau, liaison: Client):
    address = f"/figures/{bureau.office.pk}/head-count/"
    new = {"title": "五月摸底", "due_at": "2999-05-10T18:00", "request_id": str(uuid4())}
    assert liaison.post(f"{address}open/", new).status_code == 302
    said = {"people": 55, "declared_on": "2021-05-01", "said_by": "钱多", "request_id": str(uuid4())}
    assert liaison.post(f"{address}{bureau.cafe.pk}/", said).status_code == 302
    page = liaison.get(address)
    [row] = [row for row in page.context["rows"] if row["unit"] == bureau.cafe]
    assert (row["said"].people, row["found"], row["difference"]) == (55, 54, -1)
    head_count = HeadCount.objects.get()
    liaison.post(f"{address}close/", {"version": head_count.version, "request_id": str(uuid4())})
    assert HeadCount.objects.get().closed_on is not None


def test_a_second_head_count_is_refused_with_the_reason(bureau: Bureau, liaison: Client):
    opened(bureau)
    new = {"title": "又一次", "due_at": "2999-05-10T18:00", "request_id": str(uuid4())}
    answer = liaison.post(f"/figures/{bureau.office.pk}/head-count/open/", new)
    assert answer.status_code == 422
    assert "四月摸底" in text_of(answer)


def test_a_unit_declares_for_itself_only(bureau: Bureau, client: Client):
    opened(bureau)
    client.force_login(bureau.village.users["qianduo"])
    said = {"people": 54, "declared_on": "2021-04-06", "said_by": "钱多", "request_id": str(uuid4())}
    assert client.post(f"/figures/{bureau.cafe.pk}/head-count/{bureau.cafe.pk}/", said).status_code == 302
    assert client.post(f"/figures/{bureau.cafe.pk}/head-count/{bureau.karaoke.pk}/", said).status_code == 404
    assert client.post(f"/figures/{bureau.office.pk}/head-count/{bureau.karaoke.pk}/", said).status_code == 404
    assert [row.unit for row in Declaration.objects.all()] == [bureau.cafe]


PAGES = (
    "/figures/{office}/",
    "/figures/{office}/people/",
    "/figures/{office}/bulletin/",
    "/figures/{office}/head-count/",
    "/figures/{office}/summary/",
    "/figures/snapshots/{snapshot}/",
    "/figures/snapshots/{snapshot}/people/",
    "/figures/snapshots/{snapshot}/bulletin/",
    "/figures/snapshots/{snapshot}/bulletin.pdf",
    "/figures/snapshots/{snapshot}/summary.docx",
)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("stranger", "refusal"), [("fengyuan", 404), ("qianduo", 404), ("hejing", 403)])
def test_strangers_see_no_page(bureau: Bureau, client: Client, address: str, stranger: str, refusal: int):
    snapshot = bureau.freeze()
    client.force_login(bureau.village.users[stranger])
    answer = client.get(address.format(office=bureau.office.pk, snapshot=snapshot.pk))
    assert answer.status_code in {refusal, 403}


@pytest.mark.parametrize("address", ["freeze/", "summary/", "head-count/open/", "head-count/close/"])
@pytest.mark.parametrize("stranger", ["fengyuan", "qianduo", "hejing"])
def test_strangers_send_nothing(bureau: Bureau, client: Client, address: str, stranger: str):
    opened(bureau)
    client.force_login(bureau.village.users[stranger])
    sent = {
        "on": DAY_2.isoformat(),
        "request_id": str(uuid4()),
        "version": 1,
        "title": "x",
        "due_at": "2999-05-10T18:00",
    }
    assert client.post(f"/figures/{bureau.office.pk}/{address}", sent).status_code in {403, 404}
    assert not Snapshot.objects.exists()
    assert not SummaryText.objects.exists()
    assert HeadCount.objects.get().closed_on is None


def test_the_rule_behind_a_figure_can_be_read(liaison: Client):
    page = text_of(liaison.get("/figures/rules/covid19.vaccinated/"))
    assert "每人只计一次" in page
    assert liaison.get("/figures/rules/nonsense/").status_code == 404


def test_the_head_sees_the_whole_district_in_one_sentence(bureau: Bureau, client: Client):
    client.force_login(bureau.village.users["kongming"])
    page = client.get("/command/").context["page"]
    assert [(line.name, line.share.done, line.share.of) for line in page.bureaus] == [("文旅局", 46, 120)]


def test_units_silent_after_the_deadline_are_an_alarm_for_the_head(bureau: Bureau, client: Client):
    opened(bureau)
    client.force_login(bureau.village.users["kongming"])
    assert {unit.name for _bureau, unit in client.get("/command/").context["page"].silent} == {
        "星海网吧",
        "金麦歌厅",
        "古渡景区",
    }


@pytest.mark.parametrize("stranger", ["zhaoqian", "hejing"])
def test_the_command_room_is_the_heads(bureau: Bureau, client: Client, stranger: str):
    client.force_login(bureau.village.users[stranger])
    assert client.get("/command/").status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", [*PAGES, "/figures/", "/command/", "/figures/rules/covid19.vaccinated/"])
def test_every_page_opens_in_both_languages(bureau: Bureau, client: Client, address: str, language: str):
    snapshot = bureau.freeze()
    client.force_login(bureau.village.users["kongming"])
    client.cookies["language"] = language
    answer = client.get(address.format(office=bureau.office.pk, snapshot=snapshot.pk), follow=True)
    assert is_drawn_or_told(answer) if address.endswith(".pdf") else answer.status_code == 200


def test_the_coverage_page_asks_few_questions_of_the_database(
    bureau: Bureau, liaison: Client, django_assert_max_num_queries
):
    bureau.freeze()
    liaison.get(f"/figures/{bureau.office.pk}/", ON)  # carries over what was just recorded
    with django_assert_max_num_queries(26):
        liaison.get(f"/figures/{bureau.office.pk}/", ON)


def test_the_doses_of_those_who_live_in_a_place_are_listed(bureau: Bureau, client: Client):
    client.force_login(bureau.village.users["kongming"])
    living = bureau.people[0]
    Person.objects.filter(pk=living.pk).update(home=bureau.village.community)
    days = {"since": DAY_1.isoformat(), "until": DAY_2.isoformat()}
    address = f"/figures/{bureau.village.community.pk}/doses/"
    assert client.get(address, days).context["page"].paginator.count == 0, "nothing is given there"
    page = client.get(address, days | {"of": "residents"})
    assert [dose.person for dose in page.context["page"]] == [living]
