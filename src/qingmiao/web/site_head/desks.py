"""Areas and desks of the site: put up, taken down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qingmiao.clinic.actions.sessions import close_desk, reopen_desk, set_up_desk
from qingmiao.clinic.models import Desk
from qingmiao.clinic.queries.queue import every_desk_of
from qingmiao.clinic.rules import Step
from qingmiao.clinic.words import STEPS
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import SiteDay, carried_out, site_day
from qingmiao.web.once import request_id

PLAN = "clinic.plan_session"
Kind = Organisation.Kind


class DeskForm(forms.Form):
    """A desk: in which area, how it is called on the board, and what is done there."""

    area = forms.CharField(
        label=gettext_lazy("Area"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Its letter begins the tickets. Empty: the desk serves the whole site."),
    )
    name = forms.CharField(label=gettext_lazy("Name on the board"), max_length=40)
    step = forms.ChoiceField(label=gettext_lazy("What is done here"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.value, str(word)) for step, word in STEPS.items()]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def desks(request: HttpRequest) -> HttpResponse:
    """Every area with its desks, and a form for one more."""
    here = site_day(request, PLAN)
    form = DeskForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = carried_out(request, lambda: _put_up(request, here, form.cleaned_data))
        if done is not None:
            messages.success(request, _("{name} is set up.").format(name=done.organisation.name))
            return redirect("site_head:desks")
    context = here.frame | {"areas": _areas(here), "form": form}
    return render(request, "site_head/desks.html", context, status=422 if form.errors else 200)


def _put_up(request: HttpRequest, here: SiteDay, found: dict[str, Any]) -> Desk:
    place = here.site
    if found["area"].strip():
        place = found_organisation(by=here.who, kind=Kind.AREA, name=found["area"].strip(), parent=here.site)
    table = found_organisation(by=here.who, kind=Kind.DESK, name=found["name"].strip(), parent=place)
    return set_up_desk(by=here.who, organisation=table, step=Step(found["step"]), request_id=request_id(request))


def _areas(here: SiteDay) -> list[dict[str, Any]]:
    areas: dict[Organisation, list[dict[str, Any]]] = {}
    for desk in every_desk_of(here.site):
        parent = desk.organisation.parent
        assert parent is not None
        row = {"desk": desk, "word": STEPS[Step(desk.step)], "is_up": desk.organisation.closed_on is None}
        areas.setdefault(parent, []).append(row)
    return [{"area": area, "desks": desks} for area, desks in areas.items()]


@require_POST
def put(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Take a desk down, or put it up again."""
    desk = access.record(request, Desk, "clinic.arrange_desk", pk=desk_id)
    who, day = access.actor(request), access.today(request)
    if desk.organisation.closed_on is None:
        carried_out(request, lambda: close_desk(by=who, desk=desk, day=day))
    else:
        carried_out(request, lambda: reopen_desk(by=who, desk=desk))
    return redirect("site_head:desks")
