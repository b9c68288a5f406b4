"""The tablet's page and its worker: files that a browser keeps, without anything about people in them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from qingmiao.clinic.queries.areas import sites_of
from qingmiao.clinic.sync_words import KINDS
from qingmiao.clinic.words import BODY_SITES, STATES
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.consent.words import RELATIONS, SPOKEN

FILES = ("qingmiao.css", "favicon.svg", "js/frame.js", "js/sign.js", "js/offline/desk.js", "js/offline/vault.js")
USUAL_SITES = ("left_deltoid", "right_deltoid")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The desk of a tablet. The browser keeps this page, so it says nothing about whoever asks."""
    if not sites_of(access.actor(request), "clinic.use_tablet"):
        raise NotAllowed("clinic.use_tablet")
    context = {
        "words": _words(),
        "steps": _acts().items(),
        "identity": SPOKEN.items(),
        "relations": RELATIONS.items(),
        "body_sites": [(code, BODY_SITES[code]) for code in USUAL_SITES],
    }
    return render(request, "offline/tablet.html", context)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: which files to keep, named by their content, so that a new version is taken at once."""
    files = [static(name) for name in FILES]
    content = {"files": files, "page": reverse("offline:tablet"), "version": _digest([*files, request.LANGUAGE_CODE])}  # type: ignore[attr-defined]
    return render(request, "offline/worker.js", content, content_type="text/javascript")


def _digest(names: list[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


def _acts() -> dict[str, str]:
    return {
        "arrive": pgettext("button", "Arrived"),
        "consent": pgettext("button", "Signed"),
        "screen": _("Screen"),
        "dose": pgettext("button", "Given"),
        "release": _("Release"),
        "away": _("Not vaccinated today"),
    }


def _words() -> dict[str, Any]:
    return {
        "unsent": _("%s not yet sent"),
        "all_sent": _("All sent"),
        "online": _("connected"),
        "offline": _("no server: going on here"),
        "sign_in": _("sign in again to send; nothing is lost"),
        "unknown": _("looking for the server"),
        "people": _("%s of %s people"),
        "as_of": _("list of %s"),
        "until": _("not before %s"),
        "given": _("%s, given at %s"),
        "two_fields": _("One field is not enough: compare two."),
        "no_signature": _("There is no signature yet: sign above the line."),
        "no_lot": _("No usable lot of this vaccine came to this site."),
        "read_vial": _("Read the vial, then choose"),
        "wrong_word": _("This is not the word of this tablet."),
        "answers": {"no": _("No"), "yes": _("Yes"), "unsure": _("Not sure")},
        "sexes": {"1": _("Male"), "2": _("Female")},
        "acts": _acts(),
        "kinds": {code: str(word) for code, word in KINDS.items()},
        "states": {state.value: str(word) for state, word in STATES.items()},
    }
