"""Signing in, the way to one's desk, the language, and the sign of life."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from qingmiao.demo.accounts import demo_accounts
from qingmiao.demo.files import sample_files
from qingmiao.web.frame import frame, own_desk
from qingmiao.web.middleware import LANGUAGE_COOKIE, LANGUAGES, open_to_all


@open_to_all
class SignIn(LoginView):
    """The sign-in page; in a demo world it prints the accounts to try."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = [path.name for path in sample_files()]
        return super().get_context_data(demo_accounts=demo_accounts(), demo_files=files, **kwargs)


@open_to_all
@require_GET
def demo_file(request: HttpRequest, name: str) -> FileResponse:
    """A file of the demo world, to be uploaded again; there is none in a real installation."""
    found = next((path for path in sample_files() if path.name == name), None)
    if found is None:
        raise Http404
    return FileResponse(found.open("rb"), as_attachment=True, filename=name)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the desk where one's day begins; else to the choice of desks."""
    around = frame(request)
    return redirect(own_desk(around["actor"], around["desks"]) or "desks")


@require_GET
def desks(request: HttpRequest) -> HttpResponse:
    """Every desk that one can sit at: a phone has no column to show them in."""
    return render(request, "desks.html", {"choices": frame(request)["column"]})


@open_to_all
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Change the language and stay on the page."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = redirect(back)
    if wanted in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, wanted, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@open_to_all
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Alive, and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
