"""Lists of the work at the door: today's missing people, refusals, who answers for what, who leads by example."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.campaign.actions import fieldwork as actions
from qingmiao.campaign.models import Level
from qingmiao.campaign.queries import fieldwork as queries
from qingmiao.campaign.rulebook import rulebook, word_of, worded
from qingmiao.registry.models import Person
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign.asking import Page, asked, no_campaign, places_reached
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.fieldwork import forms
from qingmiao.web.fieldwork.views import FIELD, PLACES, Kind, done_of, reached
from qingmiao.web.templatetags.qm import clock, iso_day, status


@require_GET
def missing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is expected today and has not come yet."""
    found = access.record(request, Organisation, FIELD, pk=pk)
    visits = queries.missing_today(found, access.today(request))
    access.looked_at(request, FIELD, [one.person for one in visits])
    columns = [(_("Name"), False), (_("Unit"), False), (_("Time"), False), (_("Site"), False), (_("Late"), False)]
    rows = [
        [
            Cell(one.person.name, reverse("fieldwork:visit", args=[one.person.pk])),
            one.batch.unit.name if one.batch else "",
            clock(one.batch.starts_at) if one.batch and one.batch.starts_at else "",
            one.session.site.name,
            Cell(_("Late entry"), shown=status("roster.late")) if one.is_late_addition else "",
        ]
        for one in visits
    ]
    table = Table(
        _("Not come yet today"), columns, rows, _("Everybody on today's lists has come, or nobody is on one.")
    )
    if wants_file(request):
        return table.as_file()
    context = {"place": found.name, "table": table, "file": "?as=xlsx"}
    return render(request, "campaign/list.html", context)


@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """Who refuses, why, and which level goes next."""
    campaign = reached(request)
    if campaign is None:
        return no_campaign(request, _("Refusals"))
    reach = access.actor(request).paths_for(FIELD)
    found = [one for one in queries.refusals(campaign) if any(one.visit.place.path.startswith(path) for path in reach)]
    access.looked_at(request, FIELD, [one.visit.person for one in found])
    columns = [(_("Name"), False), (_("Place"), False), (_("Reason"), False), (_("Visits"), True),
               (_("Last visit"), False), (_("Who goes next"), False)]  # fmt: skip
    rows = [
        [
            Cell(one.visit.person.name, reverse("fieldwork:visit", args=[one.visit.person.pk])),
            one.visit.place.name,
            word_of("fieldwork", "reasons", one.visit.reason),
            one.times,
            Cell(one.visit.at, shown=f"{iso_day(one.visit.at)} {one.visit.by_name}"),
            str(Level(one.next_level).label) if one.next_level else _("all levels have been there"),
        ]
        for one in found
    ]
    table = Table(_("Refusals"), columns, rows, _("Nobody refuses as far as the doors were visited."))
    if wants_file(request):
        return table.as_file()
    context = {
        "place": campaign.organisation.name,
        "table": table,
        "file": "?as=xlsx",
        "note": worded(rulebook("fieldwork")["source"]),
    }
    return render(request, "campaign/list.html", context)


@require_GET
def responsibilities(request: HttpRequest) -> HttpResponse:
    """Who answers for what (包保)."""
    campaign = reached(request)
    if campaign is None:
        return no_campaign(request, _("Who answers for what"))
    reach = access.actor(request).paths_for(FIELD)
    held = [
        one
        for one in queries.responsibilities_on(campaign, access.today(request))
        if any(one.place.path.startswith(path) for path in reach)
    ]
    columns = [(_("Place"), False), (_("Doors"), False), (_("Level"), False), (_("Name"), False),
               (_("Duty phone"), False), (_("Valid from"), False)]  # fmt: skip
    rows = [
        [one.place.name, one.doors or _("all"), one.get_level_display(), one.name, one.phone, one.valid_from]
        for one in held
    ]
    table = Table(
        _("Who answers for what"), columns, rows, _("Nobody answers for a place yet: name somebody for each.")
    )
    if wants_file(request):
        return table.as_file()
    new = {"url": reverse("fieldwork:new-responsibility"), "label": _("Name somebody")}
    context = {"place": campaign.organisation.name, "table": table, "file": "?as=xlsx", "acts": [new]}
    return render(request, "campaign/list.html", context)


@require_http_methods(["GET", "POST"])
def new_responsibility(request: HttpRequest) -> HttpResponse:
    """Name who answers for a place."""
    campaign = reached(request)
    if campaign is None:
        raise Http404
    places = places_reached(request, FIELD, campaign).filter(kind__in=(*PLACES, Kind.GRID))
    page = Page(_("Who answers for this place?"), reverse("fieldwork:responsibilities"), _("Name"))
    form = forms.ResponsibilityForm(
        request.POST or None, places=places, initial={"valid_from": access.today(request), "level": Level.COMMUNITY}
    )
    return asked(
        request,
        form,
        lambda content: actions.give_responsibility(
            by=access.actor(request),
            campaign=campaign,
            place=content.pop("place_kept"),
            user=content.pop("username"),
            **content,
        ),
        page,
    )


@require_GET
def forerunners(request: HttpRequest) -> HttpResponse:
    """Who leads by example, and who of them has been."""
    campaign = reached(request)
    if campaign is None:
        return no_campaign(request, _("Leading by example"))
    who = access.actor(request)
    if not who.paths_for(FIELD):
        raise NotAllowed(FIELD)
    mine = set(who.visible(FIELD, Person).filter(leads_in__campaign=campaign).values_list("pk", flat=True))
    named = [one for one in queries.forerunners_of(campaign) if one.person_id in mine]
    access.looked_at(request, FIELD, [one.person for one in named])
    done = done_of(request, campaign, [one.person for one in named])
    columns = [(_("Name"), False), (_("Goes first as"), False), (_("Community"), False), (_("State"), False)]
    rows = [
        [
            Cell(one.person.name, reverse("fieldwork:visit", args=[one.person.pk])),
            one.get_kind_display(),
            one.person.home.name if one.person.home else "",
            Cell(_("Vaccinated"), shown=status("door.done")) if one.person_id in done
            else Cell(_("not yet"), shown=status("door.not_yet")),
        ]
        for one in named
    ]  # fmt: skip
    empty = _("Nobody is named yet. Open somebody from a list and name them; owners and officials go first.")
    table = Table(_("Leading by example"), columns, rows, empty)
    if wants_file(request):
        return table.as_file()
    counts = [{"count": len(done), "label": _("Vaccinated"), "of": f"/ {len(named)}", "keep": True, "tone": "is-go"}]
    context = {"place": campaign.organisation.name, "table": table, "file": "?as=xlsx", "counts": counts}
    return render(request, "campaign/list.html", context)
