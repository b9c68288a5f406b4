"""Work at the door: where everybody stands, today's missing people, the list of the day, refusals, who answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import fieldwork as actions
from qingmiao.campaign.models import Campaign, Level
from qingmiao.campaign.queries import fieldwork as queries
from qingmiao.campaign.rulebook import rulebook, word_of
from qingmiao.campaign.rules.fieldwork import SETTLED, Standing
from qingmiao.registry.models import Person
from qingmiao.reports.queries import field
from qingmiao.staff.models import Organisation, Role
from qingmiao.web import access
from qingmiao.web.campaign.asking import Page, asked, campaign_reached, no_campaign, places_reached, pressed
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.fieldwork import forms
from qingmiao.web.order import by_pinyin
from qingmiao.web.templatetags.qm import clock, figure, iso_day, percent, status

FIELD, LEAD = "campaign.work_in_field", "campaign.lead"
SEE_PEOPLE = "registry.see_person"
Kind = Organisation.Kind
PLACES = (Kind.COMMUNITY, Kind.BUREAU, Kind.UNIT, Kind.SCHOOL)
WITH_GRIDS = (*PLACES, Kind.GRID)
PER_PAGE, MOST_PLACES = 60, 200
WORDS: dict[Standing, str | Promise] = {
    Standing.DONE: gettext_lazy("Vaccinated"),
    Standing.ELSEWHERE: gettext_lazy("Says elsewhere"),
    Standing.MOVED: gettext_lazy("Moved away"),
    Standing.CONTRAINDICATED: gettext_lazy("Contraindicated"),
    Standing.DEFERRED: gettext_lazy("Deferred"),
    Standing.BOOKED: gettext_lazy("Booked"),
    Standing.REFUSED: gettext_lazy("Refused"),
    Standing.WILLING: gettext_lazy("Willing"),
    Standing.NOT_REACHED: gettext_lazy("Not reached"),
    Standing.NOT_ASKED: gettext_lazy("Not asked yet"),
}
TONES = {
    Standing.DONE: "is-go",
    Standing.REFUSED: "is-stop",
    Standing.WILLING: "is-due",
    Standing.BOOKED: "is-due",
    Standing.NOT_REACHED: "is-wait",
    Standing.NOT_ASKED: "is-wait",
    Standing.ELSEWHERE: "is-wait",
}


def reached(request: HttpRequest) -> Campaign | None:
    """The campaign one works for in the field; it must have something to be counted by."""
    campaign = campaign_reached(request, FIELD)
    return campaign if campaign is not None and campaign.indicator else None


def my_places(request: HttpRequest, campaign: Campaign) -> list[Organisation]:
    """The communities, bureaus, units and schools of the campaign that one works for."""
    reach = places_reached(request, FIELD, campaign)
    places = list(reach.filter(kind__in=PLACES)[:MOST_PLACES]) or list(reach.filter(kind=Kind.GRID)[:MOST_PLACES])
    return sorted(places, key=lambda place: (WITH_GRIDS.index(Kind(place.kind)), by_pinyin(place.name)))


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every place with where its people stand; for a single place, that place."""
    campaign = reached(request)
    if campaign is None:
        return no_campaign(request, _("Field work"))
    places = my_places(request, campaign)
    if len(places) == 1 and not wants_file(request):
        return redirect("fieldwork:place", pk=places[0].pk)
    table = _table(request, campaign, places)
    if wants_file(request):
        return table.as_file()
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "table": table,
        "file": "?as=xlsx",
        "forerunners": _share_of_forerunners(request, campaign),
        "refusals": sum(one.next_level is not None for one in queries.refusals(campaign)),
    }
    return render(request, "fieldwork/home.html", context)


def _table(request: HttpRequest, campaign: Campaign, places: list[Organisation]) -> Table:
    now, today = access.now(request), access.today(request)
    counts = field.counts_of_places(campaign, places, today) if places else {}
    declared = field.declared_of(campaign, places, now)
    signed = queries.signed_on(campaign, today)
    rest = [standing for standing in Standing if standing is not Standing.DONE]
    columns = [(_("Place"), False), (_("Declared"), True), (_("Found"), True), (_("Eligible"), True),
               (_("Vaccinated"), True), (_("Rate"), True), *((str(WORDS[one]), True) for one in rest),
               (_("Signed today"), False)]  # fmt: skip
    rows = []
    for place in places:
        told, url = counts[place.pk], reverse("fieldwork:place", args=[place.pk])
        rows.append(
            [
                Cell(place.name, url),
                declared.get(place.pk),
                Cell(told.found, f"{url}?standing=all", figure(told.found)),
                Cell(told.eligible, shown=figure(told.eligible)),
                Cell(told.of(Standing.DONE), f"{url}?standing=done", figure(told.of(Standing.DONE))),
                percent(told.of(Standing.DONE), told.found),
                *(Cell(told.of(one), f"{url}?standing={one.value}", figure(told.of(one))) for one in rest),
                f"{signed[place.pk].signed_by} {clock(signed[place.pk].signed_at)}" if place.pk in signed else "",
            ]
        )
    empty = _("You work for no community, unit or school of this campaign.")
    return Table(_("Head-count and where everybody stands"), columns, rows, empty)


def _share_of_forerunners(request: HttpRequest, campaign: Campaign) -> tuple[int, int]:
    people = [one.person for one in queries.forerunners_of(campaign)]
    done = done_of(request, campaign, people)
    return len(done), len(people)


def done_of(request: HttpRequest, campaign: Campaign, people: list[Person]) -> set[int]:
    """Ids of those of `people` who are vaccinated, by the campaign's figure."""
    return field.done_among(campaign, [person.pk for person in people], access.today(request))


def _place(request: HttpRequest, pk: int) -> tuple[Organisation, Campaign]:
    place = access.record(request, Organisation, FIELD, pk=pk)
    campaign = queries.campaign_at(place)
    if campaign is None or not campaign.indicator:
        raise Http404
    return place, campaign


@require_GET
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place on a phone: what is to be done today, where its people stand, and the people behind each number."""
    found, campaign = _place(request, pk)
    today = access.today(request)
    asked_for = request.GET.get("standing", "")
    if asked_for not in ("", "all", *Standing):
        raise Http404
    people = field.field_people(campaign, found, today)
    counts = field.field_counts(people)
    own = reverse("fieldwork:place", args=[pk])
    shown = [one for one in people if asked_for in ("all", one.standing.value)] if asked_for else []
    held = list(queries.responsibilities_on(campaign, today))
    if wants_file(request):
        access.looked_at(request, FIELD, [one.person for one in shown])
        return _people_table(campaign, shown, held).as_file()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    if asked_for:
        access.looked_at(request, FIELD, [one.person for one in page.object_list])
    entries = queries.day_list(campaign, found, today)
    context = {
        "place": found.name,
        "organisation": found,
        "campaign": campaign,
        "counts": _cards(counts, own, asked_for),
        "found_count": counts.found,
        "eligible": counts.eligible,
        "done": counts.of(Standing.DONE),
        "declared": field.declared_of(campaign, [found], access.now(request)).get(found.pk),
        "signed": queries.signed_on(campaign, today).get(found.pk),
        "reports_by": queries.reports_by(today),
        "missing": len(queries.missing_today(found, today)),
        "list_left": len(_left(request, campaign, entries)),
        "list_all": len(entries),
        "refusals": sum(one.next_level is not None for one in queries.refusals(campaign, found)),
        "asked_for": asked_for,
        "rows": [_person_row(one, held) for one in page.object_list],
        "page": page,
        "file": f"?standing={asked_for}&as=xlsx",
        "inside": list(found.children.filter(closed_on=None).order_by("path")[:60]),
    }
    return render(request, "fieldwork/place.html", context)


def _cards(counts: field.FieldCounts, own: str, asked_for: str) -> list[dict[str, Any]]:
    cards = [{"count": counts.found, "label": _("Found"), "url": f"{own}?standing=all#people", "keep": True,
              "tone": "is-later", "current": asked_for == "all"}]  # fmt: skip
    return cards + [
        {
            "count": counts.of(standing),
            "label": WORDS[standing],
            "url": f"{own}?standing={standing.value}#people",
            "tone": TONES.get(standing, "is-later"),
            "current": asked_for == standing,
            "keep": standing is Standing.DONE,
        }
        for standing in Standing
    ]


def tag_of(one: field.FieldPerson) -> Any:
    """Where somebody stands as word, reason and colour."""
    visit = one.visit
    reason = word_of("fieldwork", "reasons", visit.reason) if visit and visit.reason else ""
    return status(f"door.{one.standing.value}", reason=reason, day=iso_day(visit.until) if visit else "")


def _person_row(one: field.FieldPerson, held: list[Any]) -> dict[str, Any]:
    answers = queries.answers_for(one.person, one.person.home, held) if one.person.home else []
    return {"one": one, "tag": tag_of(one), "answers": answers[0] if answers else None}


def _people_table(campaign: Campaign, shown: list[field.FieldPerson], held: list[Any]) -> Table:
    columns = [(_("Name"), False), (_("Unit"), False), (_("Address"), False), (_("Where they stand"), False),
               (_("Reason"), False), (_("Last visit"), False), (_("Who answers"), False)]  # fmt: skip
    rows = []
    for one in shown:
        row, visit = _person_row(one, held), one.visit
        rows.append(
            [
                one.person.name,
                "、".join(each.unit.name for each in one.person.memberships.all() if each.until is None),
                one.person.address,
                str(WORDS[one.standing]),
                word_of("fieldwork", "reasons", visit.reason) if visit and visit.reason else "",
                visit.at if visit else "",
                row["answers"].name if row["answers"] else "",
            ]
        )
    return Table(campaign.title, columns, rows)


def level_of(request: HttpRequest, place: Organisation) -> str:
    """From which level the actor comes to the doors of a place."""
    roles = {grant.role for grant in access.actor(request).grants if place.path.startswith(grant.path)}
    if roles & {Role.OFFICE, Role.LEADER, Role.BUREAU_LIAISON}:
        return Level.SUBDISTRICT
    if roles & {Role.VILLAGE_DOCTOR, Role.SCHOOL_DOCTOR}:
        return Level.DOCTOR
    at = max(
        (len(grant.path) for grant in access.actor(request).grants if place.path.startswith(grant.path)), default=0
    )
    return Level.GRID if place.kind == Kind.GRID and at == len(place.path) else Level.COMMUNITY


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """What was heard at one door."""
    person = access.record(request, Person, FIELD, pk=pk)
    campaign = reached(request)
    where = queries.place_in(campaign, person) if campaign else None
    if campaign is None or where is None:
        raise Http404
    back = request.GET.get("back", "")
    shown = where
    if where.kind == Kind.GRID and where.parent is not None and access.actor(request).may(FIELD, where.parent):
        shown = where.parent
    page = Page(
        person.name,
        reverse("fieldwork:today" if back == "today" else "fieldwork:place", args=[shown.pk]),
        _("Write down"),
        where.name,
        note=" ".join(filter(None, (where.name, person.address))),
        said=_("Written down."),
    )
    form = forms.VisitForm(request.POST or None, request.FILES or None, initial={"level": level_of(request, where)})
    told = queries.visits_of(campaign, person).select_related("picture")[:20]

    def carry_out(content: dict[str, Any]) -> Any:
        return actions.record_door_visit(
            by=access.actor(request), campaign=campaign, person=person, at=access.now(request), **content
        )

    answer = asked(request, form, carry_out, page)
    if answer.status_code == 302:
        return answer
    context = {
        "page": page,
        "form": form,
        "place": where.name,
        "person": person,
        "visits": [(one, word_of("fieldwork", "reasons", one.reason) if one.reason else "") for one in told],
        "phones": [phone.masked for phone in person.phones.all()],
        "forerunner_form": forms.ForerunnerForm(auto_id="first_%s"),
    }
    return render(request, "fieldwork/visit.html", context, status=answer.status_code)


@require_POST
def goes_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody who is to go first."""
    person = access.record(request, Person, FIELD, pk=pk)
    campaign = reached(request)
    if campaign is None:
        raise Http404
    if pressed(
        request,
        forms.ForerunnerForm,
        lambda content: actions.name_forerunner(
            by=access.actor(request), campaign=campaign, person=person, at=access.now(request), **content
        ),
    ):
        messages.success(request, _("Leads by example from now on."))
    return redirect("fieldwork:visit", pk=pk)


def _left(request: HttpRequest, campaign: Campaign, entries: list[Any]) -> list[Any]:
    """Entries of a day's list that nobody has visited that day and whose people have no dose."""
    today = access.today(request)
    heard = queries.heard_on(campaign, today)
    open_ = [entry for entry in entries if entry.person_id not in heard]
    done = field.done_among(campaign, [entry.person_id for entry in open_], today)
    return [entry for entry in open_ if entry.person_id not in done]


@require_GET
def today(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of today at a place: who is left, who is cleared (日清零)."""
    found, campaign = _place(request, pk)
    day = access.today(request)
    entries = queries.day_list(campaign, found, day)
    left = {entry.pk for entry in _left(request, campaign, entries)}
    held = list(queries.responsibilities_on(campaign, day))
    access.looked_at(request, FIELD, [entry.person for entry in entries])
    rows: list[dict[str, Any]] = [
        {"entry": entry, "is_left": entry.pk in left,
         "answers": next(iter(queries.answers_for(entry.person, entry.place, held)), None)}
        for entry in entries
    ]  # fmt: skip
    if wants_file(request):
        columns = [(_("Name"), False), (_("Address"), False), (_("State"), False), (_("Who answers"), False)]
        lines = [
            [row["entry"].person.name, row["entry"].person.address, _("left") if row["is_left"] else _("cleared"),
             row["answers"].name if row["answers"] else ""]
            for row in rows
        ]  # fmt: skip
        return Table(_("List of the day"), columns, lines).as_file()
    context = {
        "place": found.name,
        "organisation": found,
        "campaign": campaign,
        "rows": sorted(rows, key=lambda row: not row["is_left"]),
        "left": len(left),
        "form": forms.DayListForm(initial={"most": rulebook("fieldwork")["day_list_size"]}),
    }
    return render(request, "fieldwork/today.html", context)


@require_POST
def draw_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the list of today: who is still open, longest unvisited first, door by door."""
    found, campaign = _place(request, pk)
    day = access.today(request)
    on_it = {entry.person_id for entry in queries.day_list(campaign, found, day)}
    open_ = [
        one
        for one in field.field_people(campaign, found, day)
        if one.standing not in SETTLED and one.person.pk not in on_it
    ]
    never = [one for one in open_ if one.visit is None]
    before = [one for one in open_ if one.visit is not None]
    order = sorted(never, key=lambda one: one.person.address) + sorted(before, key=_last_visit)

    def carry_out(content: dict[str, Any]) -> Any:
        people = [one.person for one in order[: content.pop("most")]]
        return actions.draw_day_list(
            by=access.actor(request), campaign=campaign, place=found, day=day, people=people, at=access.now(request),
            **content,
        )  # fmt: skip

    pressed(request, forms.DayListForm, carry_out)
    return redirect("fieldwork:today", pk=pk)


def _last_visit(one: field.FieldPerson) -> datetime:
    assert one.visit is not None
    return one.visit.at


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the figures of the day as they stand."""
    found, campaign = _place(request, pk)
    now, day = access.now(request), access.today(request)
    counts = field.field_counts(field.field_people(campaign, found, day))
    declared = field.declared_of(campaign, [found], now).get(found.pk)
    told = " · ".join(f"{WORDS[one]} {counts.of(one)}" for one in Standing if counts.of(one))
    page = Page(
        _("Sign the figures of {place}").format(place=found.name),
        reverse("fieldwork:place", args=[pk]),
        _("Sign"),
        found.name,
        note=_("Found {found}: {told}").format(found=counts.found, told=told),
        said=_("Signed and reported."),
    )
    form = forms.SignForm(request.POST or None, initial={"signed_by": access.actor(request).name, "declared": declared})
    return asked(
        request,
        form,
        lambda content: actions.sign_counts(
            by=access.actor(request),
            campaign=campaign,
            place=found,
            day=day,
            counts=counts.as_kept(),
            at=now,
            **content,
        ),
        page,
    )
