"""Signing in, staying in, the language, and what every answer carries."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.village import PASSWORD, Village

from qingmiao.web import middleware

pytestmark = pytest.mark.django_db


def sign_in(client: Client, username: str, password: str = PASSWORD):
    return client.post("/sign-in/", {"username": username, "password": password})


def test_the_right_password_opens_the_only_desk(village: Village, client: Client):
    assert sign_in(client, "hejing").headers["Location"] == "/"
    assert client.get("/").status_code in (200, 302)
    assert client.get("/search/").status_code == 200


def test_a_wrong_password_says_nothing_about_the_account(village: Village, client: Client):
    known, unknown = sign_in(client, "hejing", "wrong-wrong-wrong"), sign_in(client, "nobody", "wrong-wrong-wrong")
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


def test_after_five_wrong_ones_the_right_one_is_refused_too_and_others_are_not(village: Village, client: Client):
    for _try in range(5):
        answer = sign_in(client, "hejing", "wrong-wrong-wrong")
    assert answer.status_code == 429
    assert sign_in(client, "hejing").status_code == 429
    assert sign_in(Client(), "sunming").status_code == 302


def test_a_desk_left_alone_is_signed_out(village: Village, client: Client, monkeypatch: pytest.MonkeyPatch):
    now = 1_800_000_000
    monkeypatch.setattr(middleware.time, "time", lambda: now)
    sign_in(client, "hejing")
    assert client.get("/search/").status_code == 200
    now += 14 * 60
    assert client.get("/search/").status_code == 200
    now += 16 * 60
    assert client.get("/search/").headers["Location"].startswith("/sign-in/")


def test_signing_out_ends_the_session(village: Village, client: Client):
    sign_in(client, "hejing")
    key = client.cookies["sessionid"].value
    client.post("/sign-out/")
    client.cookies["sessionid"] = key
    assert client.get("/search/").status_code == 302


def test_signing_in_changes_the_session_so_that_none_can_be_planted(village: Village, client: Client):
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.cookies["sessionid"].value
    sign_in(client, "hejing")
    assert client.cookies["sessionid"].value != planted


def test_a_page_is_chinese_until_somebody_chooses_english(client: Client):
    assert 'lang="zh-CN"' in client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert 'lang="en"' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_language_never_leads_elsewhere(client: Client, elsewhere: str):
    assert client.post("/language/", {"language": "en", "next": elsewhere}).headers["Location"] == "/"


def test_no_script_of_strangers_runs_and_nobody_frames_or_keeps_a_page(client: Client):
    headers = client.get("/sign-in/").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert "no-store" in headers["Cache-Control"]


def test_a_form_without_its_token_is_refused(village: Village):
    assert sign_in(Client(enforce_csrf_checks=True), "hejing").status_code == 403


def test_a_real_installation_prints_no_account_and_gives_no_file(village: Village, client: Client):
    type(village.users["hejing"]).objects.update(is_demo=False)
    assert b"hejing" not in client.get("/sign-in/").content
    assert client.get("/demo/bureau-roster.xlsx").status_code == 404


def test_the_sign_of_life_asks_the_database(client: Client):
    assert client.get("/health/").json() == {"status": "ok"}
