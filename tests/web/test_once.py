"""A form carries the number of its act: sent twice it is one request, and each form on a page has its own."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.template import engines
from django.test import RequestFactory

import qingmiao.web
from qingmiao.web.once import OnceForm, VersionedForm, request_id

WEB = Path(qingmiao.web.__file__).parent
NUMBER = "8f14e45f-ceea-467f-a9e0-8f14e45fceea"
HIDDEN = re.compile(r'<input type="hidden" name="request_id" value="([0-9a-f-]{36})"')


def test_the_number_that_was_sent_is_the_request():
    assert request_id(RequestFactory().post("/", {"request_id": NUMBER})) == UUID(NUMBER)


@pytest.mark.parametrize("broken", ["", "no number", "8f14e45f"])
def test_a_broken_number_gets_one_of_its_own(broken: str):
    post = RequestFactory().post("/", {"request_id": broken})
    assert request_id(post) != request_id(post)


def test_two_forms_on_a_page_have_two_numbers():
    page = engines["django"].from_string("{% load qm %}{% once %}{% once %}").render()
    assert len(set(HIDDEN.findall(page))) == 2


def test_a_form_shows_its_number_and_keeps_the_one_it_was_sent():
    shown = OnceForm()
    assert HIDDEN.findall(str(shown["request_id"])) == [str(shown["request_id"].value())]
    sent = VersionedForm({"request_id": NUMBER, "version": ""})
    assert not sent.is_valid()
    assert HIDDEN.findall(str(sent["request_id"])) == [NUMBER]


def test_nobody_writes_the_number_in_another_way():
    own = re.compile(r"""request_id = forms|name=["']request_id["']|_request_id\(request: """)
    found = [path for path in [*WEB.rglob("*.py"), *WEB.rglob("*.html")] if own.search(path.read_text("utf-8"))]
    assert {path.name for path in found} == {"once.py", "qm.py"}
