"""Supplies: what places ask for, what was brought, what is late."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import logistics as actions
from qingmiao.campaign.models import Need
from qingmiao.campaign.queries.logistics import Supply, supplies_of
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign.asking import (
    MomentField,
    Page,
    asked,
    campaign_reached,
    no_campaign,
    places_reached,
    pressed,
)
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.campaign.tasks import end_of_day
from qingmiao.web.once import OnceForm, VersionedForm
from qingmiao.web.templatetags.qm import figure, moment, status

ASK, LEAD = "campaign.ask_for_supplies", "campaign.lead"
WHICH = ("waiting", "all")
Kind = Organisation.Kind
PLACES = (Kind.SITE, Kind.CENTRE, Kind.SUBDISTRICT, Kind.COMMUNITY, Kind.BUREAU, Kind.UNIT, Kind.SCHOOL)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Requests that wait, late ones first; all of them."""
    campaign = campaign_reached(request, ASK)
    if campaign is None:
        return no_campaign(request, _("Supplies"))
    now, which = access.now(request), request.GET.get("which", "waiting")
    if which not in WHICH:
        raise Http404
    everything = supplies_of(campaign, access.actor(request))
    waiting = [row for row in everything if row.lacking]
    table = _table(waiting if which == "waiting" else everything, now)
    if wants_file(request):
        return table.as_file()
    own, titles = reverse("logistics:home"), {"waiting": _("Waiting"), "all": _("All")}
    context = {
        "place": campaign.organisation.name,
        "campaign": None,
        "table": table,
        "file": f"?which={which}&as=xlsx",
        "tabs": [
            {"title": titles[name], "url": f"{own}?which={name}", "current": name == which,
             "count": len(waiting if name == "waiting" else everything)}
            for name in WHICH
        ],
        "acts": [{"url": reverse("logistics:ask"), "label": _("Ask for something")}]
        if campaign.closed_on is None
        else [],
    }  # fmt: skip
    return render(request, "campaign/list.html", context)


def _table(found: list[Supply], now: Any) -> Table:
    columns = [(_("What"), False), (_("Place"), False), (_("Kind"), False), (_("Asked"), True), (_("Brought"), True),
               (_("Lacking"), True), (_("Needed by"), False), (_("State"), False), (_("Asked by"), False)]  # fmt: skip
    rows = [
        [
            Cell(row.need.item, reverse("logistics:need", args=[row.need.pk])),
            row.need.place.name,
            row.need.get_kind_display(),
            Cell(row.need.quantity, shown=f"{figure(row.need.quantity)} {row.need.unit}"),
            Cell(row.brought, shown=figure(row.brought)),
            Cell(row.lacking, shown=figure(row.lacking)),
            Cell(row.need.needed_at, shown=moment(row.need.needed_at)),
            Cell(row.state_at(now), shown=status(f"need.{row.state_at(now)}")),
            row.need.asked_by_name,
        ]
        for row in found
    ]
    return Table(
        _("Supplies"), columns, rows, _("Nothing is asked for. A place asks here for people, vehicles and materials.")
    )


class AskForm(OnceForm):
    """A request."""

    place_asking = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Place"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Need.Kind.choices, widget=forms.RadioSelect)
    item = forms.CharField(label=gettext_lazy("What"), max_length=80)
    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=10**6)
    unit = forms.CharField(
        label=gettext_lazy("Unit of counting"),
        max_length=16,
        required=False,
        help_text=gettext_lazy("Boxes, people, cars …"),
    )
    needed_at = MomentField(label=gettext_lazy("Needed by"))

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_asking"].queryset = places  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for people, vehicles or materials."""
    campaign, now = campaign_reached(request, ASK), access.now(request)
    if campaign is None:
        raise Http404
    places = places_reached(request, ASK, campaign).filter(kind__in=PLACES)
    form = AskForm(
        request.POST or None,
        places=places,
        initial={"needed_at": end_of_day(now), "place_asking": places.first(), "kind": Need.Kind.MATERIAL},
    )
    page = Page(_("Ask for something"), reverse("logistics:home"), _("Ask"), campaign.organisation.name)
    return asked(
        request,
        form,
        lambda content: actions.ask_for(
            by=access.actor(request), campaign=campaign, place=content.pop("place_asking"), at=now, **content
        ),
        page,
    )


class DeliveryForm(OnceForm):
    """What was brought."""

    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=10**6)
    detail = forms.CharField(label=gettext_lazy("Who, or which vehicle"), max_length=120, required=False)


@require_GET
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One request and what was brought for it."""
    found, who = access.record(request, Need, ASK, pk=pk), access.actor(request)
    brought = list(found.deliveries.all())
    supply = Supply(found, sum(one.quantity for one in brought))
    context = {
        "place": found.place.name,
        "need": found,
        "supply": supply,
        "tag": status(f"need.{supply.state_at(access.now(request))}"),
        "brought": brought,
        "may_deliver": who.may(LEAD, found.campaign) and bool(supply.lacking),
        "may_take_back": found.cancelled_at is None and bool(supply.lacking),
        "form": DeliveryForm(initial={"quantity": supply.lacking or 1}),
        "back_form": VersionedForm(initial={"version": found.version}, auto_id="back_%s"),
    }
    return render(request, "logistics/need.html", context)


@require_POST
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was brought."""
    found = access.record(request, Need, ASK, pk=pk)
    page = Page(found.item, reverse("logistics:need", args=[pk]), _("Brought"))
    return asked(
        request,
        DeliveryForm(request.POST),
        lambda content: actions.deliver(by=access.actor(request), need=found, at=access.now(request), **content),
        page,
    )


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not needed after all."""
    found = access.record(request, Need, ASK, pk=pk)
    pressed(
        request,
        VersionedForm,
        lambda content: actions.take_back_need(by=access.actor(request), need=found, at=access.now(request), **content),
    )
    return redirect("logistics:need", pk=pk)
