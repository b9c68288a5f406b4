"""The audit administrator's desk: who did what, and who looked at whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from qingmiao.audit.models import AuditEntry
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import User
from qingmiao.web import access

READ = "audit.read"
PER_PAGE = 50


class FilterForm(forms.Form):
    """All fields may stay empty."""

    person = forms.IntegerField(label=_("Record of person no."), required=False, min_value=1)
    account = forms.CharField(label=_("Account"), required=False)
    verb = forms.CharField(label=_("Act"), required=False, help_text=_("Its beginning, for example registry."))
    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    only_looks = forms.BooleanField(label=_("Only looks"), required=False)


def _chosen(entries: QuerySet[AuditEntry], wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    if person := wanted.get("person"):
        entries = entries.filter(Q(subject=f"registry.Person:{person}") | Q(details__shows=person))
    if account := wanted.get("account"):
        entries = entries.filter(user_id__in=User.objects.filter(username=account).values("pk"))
    if verb := wanted.get("verb"):
        entries = entries.filter(verb__begins=verb)
    if on := wanted.get("on"):
        entries = entries.filter(at__date=on)
    return entries.filter(is_look=True) if wanted.get("only_looks") else entries


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The trail, latest first, by person, account, act or day. Looking at it is written down as well."""
    who = access.actor(request)
    if not who.paths_for(READ):
        raise NotAllowed(READ)
    form = FilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = _chosen(who.visible(READ, AuditEntry), wanted).order_by("-seq")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    names = dict(User.objects.filter(pk__in={entry.user_id for entry in page}).values_list("pk", "username"))
    rows = [(entry, names.get(entry.user_id or 0, "")) for entry in page]
    access.looked_at(request, READ, [])
    return render(request, "audit_room/trail.html", {"form": form, "rows": rows, "page_obj": page})
