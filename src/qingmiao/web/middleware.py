"""What holds for every page: headers, the end of idle sessions, and signing in first."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from qingmiao.audit.door import RequestReused
from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.staff.access import NotAllowed

Answer = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self' 'nonce-{nonce}'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
LANGUAGE_COOKIE = "language"
FOR_MACHINES = "/api/"  # asks there are answered, not led to a page
SEEN_EVERY_SECONDS = 60  # how exactly idleness is known; a write of the session per page would be too dear


def security_headers(answer: Answer) -> Answer:
    """Scripts only from our own files (or with this page's nonce); nobody frames a page; browsers keep none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=request.csp_nonce))  # type: ignore[attr-defined]
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def speak_chosen_language(answer: Answer) -> Answer:
    """Chinese, unless this browser chose otherwise: what the browser was installed in does not decide."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        language = chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = answer(request)
            response.headers.setdefault("Content-Language", language)
            return response

    return middleware


def answer_refusals(answer: Answer) -> Answer:
    """Turn the domain's refusals into pages that say what to do: 403 without the right, 409 when it changed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"reason": str(error)}, status=403)
        if isinstance(error, (ChangedMeanwhile, RequestReused)):
            return render(request, "409.html", {"reason": str(error)}, status=409)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def end_idle_sessions(answer: Answer) -> Answer:
    """Sign out whoever left the desk alone for `SESSION_IDLE_SECONDS`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now, seen = int(time.time()), request.session.get("seen", 0)
            if seen and now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - seen > SEEN_EVERY_SECONDS:
                request.session["seen"] = now
        return answer(request)

    return middleware


def open_to_all(view: View) -> View:
    """Mark a view that people may see without signing in."""
    view.is_open_to_all = True  # type: ignore[attr-defined]
    return view


def sign_in_first(answer: Answer) -> Answer:
    """Every page asks for an account, unless its view was marked by `open_to_all`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def process_view(request: HttpRequest, view: View, _args: Any, _named: Any) -> HttpResponse | None:
        if getattr(getattr(view, "view_class", view), "is_open_to_all", False):
            return None
        if not request.user.is_authenticated:
            if request.path.startswith(FOR_MACHINES):
                return JsonResponse({"error": "sign_in"}, status=HTTPStatus.UNAUTHORIZED)
            return redirect_to_login(request.get_full_path())
        if request.user.has_first_password and request.path != reverse("accounts:own-password"):
            return redirect("accounts:own-password")
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware
