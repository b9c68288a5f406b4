"""Around every page: language, desks, errors with a cure; boards that never show old news, forms sent once."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views.defaults import server_error
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer
from tests.village import PASSWORD, Village

import qingmiao.web
from qingmiao.staff.models import Organisation
from qingmiao.web.fields import FEWEST_POINTS, SignatureField
from qingmiao.web.frame import COLUMN, column_of

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def signed_in(village: Village, client: Client) -> Client:
    client.force_login(village.users["zhaoqian"])
    return client


def test_changing_the_language_keeps_the_page(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/style/?only=lot"})
    assert answer.headers["Location"] == "/style/?only=lot"
    page = client.get("/style/?only=lot").content.decode()
    assert '<html lang="en">' in page
    assert 'name="next" value="/style/?only=lot"' in page


def test_another_site_cannot_be_the_next_page(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_chinese_is_the_language_of_a_browser_that_chose_nothing(client: Client, db: None) -> None:
    page = client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="zh-CN">' in page
    assert "登录" in page


def test_the_frame_says_where_one_works_and_as_what(signed_in: Client) -> None:
    page = signed_in.get("/search/").content.decode()
    assert "文旅局" in page
    assert "部门联络员" in page
    assert "赵倩" in page
    assert '<a class="qm-skip sr" href="#main">' in page


def test_the_column_begins_where_the_day_of_a_role_begins(village: Village) -> None:
    office = column_of(village.actor("kongming"), NOW, "/")
    site = column_of(village.actor("zhenghua"), NOW, "/")
    with translation.override("zh-hans"):
        assert [str(part["title"]) for part in office][0] == "组织推进"
        assert [str(part["title"]) for part in site][0] == "现场接种"


def test_few_desks_stand_without_headings(village: Village) -> None:
    (only,) = column_of(village.actor("zhaoqian"), NOW, "/")
    assert only["title"] == ""
    assert only["is_here"]


def test_one_desk_is_the_current_one_and_its_part_is_open_on_a_phone(village: Village) -> None:
    column = column_of(village.actor("zhenghua"), NOW, "/site/consent/3/")
    current = [desk["url"] for part in column for desk in part["desks"] if desk["is_current"]]
    assert current == ["/site/consent/"]
    assert [part["is_here"] for part in column].count(True) == 1
    assert column[0]["is_here"]


def test_who_has_no_role_today_has_no_column(village: Village) -> None:
    assert column_of(village.actor("zhaoqian", on=date(1999, 1, 1)), NOW, "/") == []


def test_a_desk_of_a_site_is_not_offered_where_there_is_no_site(village: Village) -> None:
    def titles() -> list[str]:
        return [desk["url"] for part in column_of(village.actor("zhenghua"), NOW, "/") for desk in part["desks"]]

    assert "/site/" in titles()
    Organisation.objects.filter(pk=village.site.pk).update(closed_on=date(2026, 1, 1))
    assert "/site/" not in titles()
    assert "/training/" in titles()


def test_every_desk_has_a_page() -> None:
    assert [desk.url_name for part in COLUMN for desk in part.desks if not reverse(desk.url_name)] == []


def test_templates_ask_only_for_what_the_frame_gives() -> None:
    """`today` and `now` stand in the context by themselves: `frame.today` would silently be nothing."""
    templates = Path(qingmiao.web.__file__).parent / "templates"
    asking = [
        path.name for path in templates.rglob("*.html") if re.search(r"\bframe\.(?!js\b)\w", path.read_text("utf-8"))
    ]
    assert asking == []


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有这个页面"), ("en", "Page not found")])
def test_a_lost_page_says_so_in_both_languages(client: Client, db: None, language: str, words: str) -> None:
    client.cookies["language"] = language
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_broken_page_answers_without_a_database_or_session(client: Client, db: None) -> None:
    with translation.override("zh-hans"):
        page = server_error(RequestFactory().get("/")).content.decode()
    assert "系统出错了" in page
    assert "qingmiao.css" in page


def test_a_stale_form_says_what_to_do(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x"})
    assert answer.status_code == 403
    assert "请重新提交" in answer.content.decode()


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    area = forms.ChoiceField(label="Area", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    is_read = forms.BooleanField(label="Read aloud")
    note = forms.CharField(label="Note", required=False)


def test_fields_carry_label_help_and_error_where_screen_readers_look() -> None:
    html = Sample({"name": ""}).as_div()
    control = re.search(r'<input type="text" name="name"[^>]*>', html)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_name_helptext id_name_error"' in control[0]
    assert '<label for="id_name">' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert '<input class="choice" type="radio" name="area" value="a"' in html
    assert html.count("<legend>") == 1


def test_only_what_may_be_left_out_is_marked() -> None:
    with translation.override("zh-hans"):
        html = Sample().as_div()
    assert html.count("可不填") == 1


PATH = "M10 10" + "".join(f"L{step * 9 + 10} {step * 3 + 10}" for step in range(FEWEST_POINTS))


@pytest.mark.parametrize(
    ("drawn", "typed", "kept", "code"),
    [
        (PATH, "", PATH, None),
        ("", "李红梅", "李红梅", None),
        ("", "", None, "required"),
        ("M10 10L11 11", "", None, "short"),
        (PATH + '"><script>', "", None, "path"),
        (PATH.replace("L10 10", "L700 10"), "", None, "path"),
        (PATH * 2000, "", None, "path"),
    ],
)
def test_a_signature_is_a_drawing_or_a_name(drawn: str, typed: str, kept: str | None, code: str | None) -> None:
    class Consent(forms.Form):
        signature = SignatureField()

    form = Consent({"signature": drawn, "signature_typed": typed})
    assert form.is_valid() == (code is None)
    if code:
        assert form.errors.as_data()["signature"][0].code == code
    else:
        signed = form.cleaned_data["signature"]
        assert (signed.path or signed.typed) == kept


@pytest.mark.browser
@pytest.mark.slow
def test_a_form_is_sent_once_however_often_enter_is_pressed(
    live_server: LiveServer, page: Page, village: Village
) -> None:
    posts: list[str] = []

    def held(route: Route) -> None:
        posts.append(route.request.method)
        page.wait_for_timeout(300)
        route.continue_()

    page.goto(live_server.url + "/sign-in/")
    page.route("**/sign-in/", held)
    page.fill("[name=username]", "zhaoqian")
    page.fill("[name=password]", PASSWORD)
    page.evaluate(
        "() => { const form = document.querySelector('main form'); form.requestSubmit(); form.requestSubmit(); }"
    )
    page.wait_for_url(live_server.url + "/desks/")
    assert posts == ["POST"]


BOARD = "/style/board/"
LISTEN = """() => { window.said = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const speak = (words) => window.said.push(words.text);
  Object.defineProperty(window, 'speechSynthesis', {value: {cancel() {}, speak}}); }"""


@pytest.mark.browser
@pytest.mark.slow
def test_a_new_call_is_shown_and_said_twice(live_server: LiveServer, page: Page) -> None:
    page.add_init_script(f"({LISTEN})()")
    page.goto(live_server.url + BOARD)
    page.locator("[data-voice]").click()
    assert page.evaluate("said") == ["请A046号到3号接种台"] * 2

    def next_call(route: Route) -> None:
        route.fulfill(body=route.fetch().text().replace("A046", "A047"), content_type="text/html")

    page.route("**/style/board/", next_call)
    page.locator(".qm-big", has_text="A047").wait_for()
    assert page.evaluate("said.slice(2)") == ["请A047号到3号接种台"] * 2


@pytest.mark.browser
@pytest.mark.slow
def test_a_board_that_lost_its_server_says_since_when(live_server: LiveServer, page: Page) -> None:
    page.goto(live_server.url + BOARD)
    assert page.locator("[data-stale-note]").inner_text() == ""
    page.route("**/style/board/", lambda route: route.abort())
    page.locator("[data-stale-note]", has_text=re.compile(r"连接中断，停在 \d\d:\d\d")).wait_for()
    assert page.locator(".qm-big").inner_text() == "A046"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("account", "desk"),
    [
        ("hejing", "front_desk:desk"),
        ("zhoulin", "injection:desks"),
        ("wumin", "observation:room"),
        ("kongming", "command_room:home"),
    ],
)
def test_everybody_goes_at_once_where_their_first_role_works(village: Village, account: str, desk: str) -> None:
    client = Client()
    client.force_login(village.users[account])
    assert client.get("/").headers["Location"] == reverse(desk)


@pytest.mark.django_db
def test_a_liaison_chooses(village: Village) -> None:
    client = Client()
    client.force_login(village.users["zhaoqian"])
    assert client.get("/").headers["Location"] == reverse("desks")


@pytest.mark.django_db
def test_all_desks_of_somebody_with_several_stand_on_one_page(village: Village) -> None:
    """The bar of a phone holds a few; its first link leads here and not back to where one's day begins."""
    client = Client()
    client.force_login(village.users["kongming"])
    page = client.get(reverse("command_room:home")).content.decode()
    assert f'href="{reverse("desks")}"' in page
    choice = client.get(reverse("desks")).content.decode()
    assert f'<a class="name" href="{reverse("campaign:home")}"' in choice
