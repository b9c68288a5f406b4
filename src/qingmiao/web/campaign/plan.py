"""The plan: targets that somebody answers for, doses by day, supplies, and what if a day is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.campaign.actions import plan as actions
from qingmiao.campaign.models import Campaign, Target
from qingmiao.campaign.queries import plan as queries
from qingmiao.campaign.rulebook import rulebook, worded
from qingmiao.campaign.rules.plan import needed, spread
from qingmiao.clinic.queries.capacity import planned_places
from qingmiao.clinic.rules import Refused
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import course_of, rule_of
from qingmiao.reports.rules import Share
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign.asking import DayField, Page, asked
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.campaign.progress import Progress, plan_chart, progress_of, shares_of_places
from qingmiao.web.once import OnceForm
from qingmiao.web.order import by_pinyin
from qingmiao.web.templatetags.qm import figure, percent

SEE, LEAD = "campaign.see", "campaign.lead"
Kind = Organisation.Kind
PLACES = (Kind.SITE, Kind.COMMUNITY, Kind.BUREAU, Kind.UNIT, Kind.SCHOOL)


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan against what was done."""
    campaign, today = access.record(request, Campaign, SEE, pk=pk), access.today(request)
    progress, targets = progress_of(campaign, today), queries.targets_of(campaign)
    planned, days = queries.planned_by_day(campaign), queries.days_of(campaign)
    may_lead = access.actor(request).may(LEAD, campaign) and campaign.closed_on is None
    groups, places = _groups(campaign, targets, today, may_lead), _places(campaign, targets, today, may_lead)
    if wants_file(request):
        return (places if request.GET.get("list") == "places" else groups).as_file()
    whole = targets.get((None, None))
    target = whole.people if whole else (progress.share.of if progress else 0)
    done = progress.share.done if progress else 0
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "progress": progress,
        "rule": rule_of(campaign),
        "course": course_of(campaign),
        "target": target,
        "whole": whole,
        "done": done,
        "done_today": progress.days.get(today, 0) if progress else 0,
        "planned_today": planned.get(today, 0),
        "behind": _planned_until(planned, today, progress, campaign) - done if planned else None,
        "chart": plan_chart(days, planned, progress.days if progress else {}, today),
        "groups": groups,
        "places": places,
        "phases": list(campaign.phases.all()),
        "supplies": _supplies(campaign, planned, today),
        "what_if": _what_if(request, campaign, max(target - done, 0), today),
        "may_lead": may_lead,
        "source": worded(rulebook("planning")["source"]),
    }
    return render(request, "campaign/plan.html", context)


def _planned_until(planned: Mapping[date, int], on: date, progress: Progress | None, campaign: Campaign) -> int:
    """What should be done by the end of the day before `on`, with what was done before the campaign."""
    before = progress.until(campaign.starts_on - timedelta(days=1)) if progress else 0
    return before + sum(doses for day, doses in planned.items() if day < on)


def _groups(campaign: Campaign, targets: Mapping[Any, Target], on: date, may_lead: bool) -> Table:
    rule = rule_of(campaign)
    shares = live.figures_by_group(rule, campaign.organisation, on) if rule else {}
    said = {group: row for (group, place), row in targets.items() if group is not None and place is None}
    change = reverse("campaign:set-target", args=[campaign.pk])
    people = reverse("reports:people", args=[campaign.organisation.pk])
    rows = [
        _row(
            group.name, said.get(group.pk), shares.get(group.pk), f"{change}?key_group={group.pk}" if may_lead else "",
            f"{people}?rule={rule.id if rule else ''}&group={group.pk}",
        )
        for group in queries.key_groups().filter(pk__in=shares.keys() | said.keys())
    ]  # fmt: skip
    empty = _("No key groups yet: they come with the ledger that names them.")
    return Table(_("Key groups"), _columns(_("Key group")), rows, empty)


def _places(campaign: Campaign, targets: Mapping[Any, Target], on: date, may_lead: bool) -> Table:
    found = Organisation.objects.filter(
        path__begins=campaign.organisation.path, kind__in=[*PLACES[1:]], closed_on=None
    ).order_by("path")
    reached = [place for place in found if place.pk != campaign.organisation.pk][:200]
    places = sorted(reached, key=lambda place: (PLACES.index(Kind(place.kind)), by_pinyin(place.name)))
    shares, rule = shares_of_places(campaign, places, on), rule_of(campaign)
    said = {place: row for (group, place), row in targets.items() if place is not None}
    change = reverse("campaign:set-target", args=[campaign.pk])
    rows = [
        _row(
            place.name, said.get(place.pk), shares.get(place.pk), f"{change}?place={place.pk}" if may_lead else "",
            f"{reverse('reports:people', args=[place.pk])}?rule={rule.id if rule else ''}",
        )
        for place in places
        if shares.get(place.pk, Share(0, 0)).of or place.pk in said
    ]  # fmt: skip
    return Table(_("Communities and units"), _columns(_("Place")), rows)


def _columns(first: str) -> list[tuple[str, bool]]:
    return [(first, False), (_("Target"), True), (_("On the ledger"), True), (_("Vaccinated"), True),
            (_("Of the target"), True), (_("Still open"), True), (_("Who says so"), False)]  # fmt: skip


def _row(name: str, said: Target | None, share: Share | None, url: str, door: str) -> list[Any]:
    done, of = (share.done, share.of) if share else (0, 0)
    target = said.people if said else of
    who = f"{said.said_by} {said.said_on.isoformat()} {said.get_source_display()}" if said else _("the ledger, live")
    return [
        Cell(name, url),
        Cell(target, shown=figure(target)),
        Cell(of, f"{door}&which=all", figure(of)),
        Cell(done, f"{door}&which=done", figure(done)),
        percent(done, target),
        Cell(max(target - done, 0), f"{door}&which=open", figure(max(target - done, 0))),
        who,
    ]


def _supplies(campaign: Campaign, planned: Mapping[date, int], on: date) -> dict[str, int] | None:
    """Doses and syringes for what is still planned, against what lies in the fridges."""
    still = sum(doses for day, doses in planned.items() if day >= on)
    if not still:
        return None
    usual = rulebook("planning")
    vaccine = needed(still, Decimal(str(usual["vaccine_reserve"])))
    rule = rule_of(campaign)
    on_hand = queries.doses_on_hand(campaign, rule.product_codes if rule else ())
    return {
        "planned": still,
        "vaccine": vaccine,
        "on_hand": on_hand,
        "lacking": max(vaccine - on_hand, 0),
        "syringes": needed(still, Decimal(str(usual["syringes_per_dose"]))),
    }


def _what_if(request: HttpRequest, campaign: Campaign, still_open: int, on: date) -> dict[str, Any]:
    """Each site's days as they could be, with and without the day `?lost=`."""
    asked_for = parse_date(request.GET.get("lost", "")) if request.GET.get("lost") else None
    sites = []
    per_day: dict[date, int] = {}
    for site in queries.sites_of(campaign):
        able = queries.capacities(campaign, site, max(on, campaign.starts_on))
        is_planned = bool(planned_places(site, on, on))
        strength = None if is_planned else queries.strength_on(campaign, site, on)
        sites.append({"site": site, "strength": strength, "able": able.get(on, 0)})
        for day, doses in able.items():
            per_day[day] = per_day.get(day, 0) + doses
    whole = spread(still_open, per_day)
    without = spread(still_open, per_day, [asked_for]) if asked_for in per_day else None
    return {
        "sites": sites,
        "days": sorted(per_day),
        "capacity": sum(per_day.values()),
        "still_open": still_open,
        "whole": whole,
        "lost": asked_for if without else None,
        "without": without,
        "rows": [(day, per_day[day], whole.doses[day], without.doses[day] if without else None)
                 for day in sorted(per_day)],
    }  # fmt: skip


class TargetForm(OnceForm):
    """A target that somebody answers for."""

    key_group = django_forms.ModelChoiceField(
        queries.key_groups(),
        label=gettext_lazy("Key group"),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    place_of_target = django_forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Place"), required=False, empty_label=gettext_lazy("All")
    )
    people = django_forms.IntegerField(
        label=gettext_lazy("People"), min_value=0, help_text=gettext_lazy("The ledger's number stands here already.")
    )
    source = django_forms.ChoiceField(label=gettext_lazy("From where"), choices=Target.Source.choices)
    said_by = django_forms.CharField(label=gettext_lazy("Who says so"), max_length=64)
    said_on = DayField(label=gettext_lazy("Said on"))

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_of_target"].queryset = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        content = super().clean() or {}
        if content.get("key_group") and content.get("place_of_target"):
            self.add_error("place_of_target", _("A target is of a key group or of a place, not of both."))
        return content


def _below(campaign: Campaign, *kinds: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(
        path__begins=campaign.organisation.path, kind__in=kinds, closed_on=None
    ).order_by("path")


@require_http_methods(["GET", "POST"])
def set_target(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many people are to be brought in."""
    campaign, today = access.record(request, Campaign, LEAD, pk=pk), access.today(request)
    chosen = {"key_group": request.GET.get("key_group"), "place_of_target": request.GET.get("place")}
    initial = chosen | {"said_on": today, "people": _on_ledger(campaign, today, *chosen.values())}
    page = Page(_("Set a target"), reverse("campaign:plan", args=[pk]), _("Set"), campaign.organisation.name)

    def carry_out(content: dict[str, Any]) -> Any:
        group, place = content.pop("key_group"), content.pop("place_of_target")
        on_ledger = _on_ledger(campaign, today, group.pk if group else None, place.pk if place else None)
        return actions.set_target(
            by=access.actor(request), campaign=campaign, key_group=group, place=place, on_ledger=on_ledger,
            at=access.now(request), **content,
        )  # fmt: skip

    form = TargetForm(request.POST or None, places=_below(campaign, *PLACES), initial=initial)
    return asked(request, form, carry_out, page)


def _on_ledger(campaign: Campaign, on: date, group: Any, place: Any) -> int | None:
    """How many people the ledger has of a key group, a place, or at all; None without an indicator to count by."""
    rule = rule_of(campaign)
    if rule is None:
        return None
    if group:
        return live.figures_by_group(rule, campaign.organisation, on).get(int(group), Share(0, 0)).of
    below = _below(campaign, *PLACES).filter(pk=place).first() if place else campaign.organisation
    return live.figure_of(rule, below or campaign.organisation, on).of


class StrengthForm(OnceForm):
    """What a site can do from a day on."""

    site = django_forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Vaccination site"))
    from_day = DayField(label=gettext_lazy("From"))
    vaccinators = django_forms.IntegerField(label=gettext_lazy("Vaccinators"), min_value=0, max_value=200)
    hours = django_forms.DecimalField(label=gettext_lazy("Hours a day"), min_value=0, max_value=24, decimal_places=1)
    minutes_per_dose = django_forms.DecimalField(
        label=gettext_lazy("Minutes per dose"), min_value=Decimal("0.1"), max_value=60, decimal_places=1
    )

    def __init__(self, *args: Any, sites: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def set_strength(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a site can do."""
    campaign, today = access.record(request, Campaign, LEAD, pk=pk), access.today(request)
    sites = queries.sites_of(campaign)
    first = sites.first()
    now = queries.strength_on(campaign, first, today) if first else None
    initial: dict[str, Any] = {"from_day": max(today, campaign.starts_on), "site": first}
    if now is not None:
        initial |= {name: getattr(now, name) for name in ("vaccinators", "hours", "minutes_per_dose")}
    page = Page(
        _("Strength of a site"),
        reverse("campaign:plan", args=[pk]),
        _("Set"),
        note=_("Capacity = vaccinators × hours × 60 ÷ minutes per dose."),
    )
    form = StrengthForm(request.POST or None, sites=sites, initial=initial)
    return asked(
        request,
        form,
        lambda content: actions.set_strength(by=access.actor(request), campaign=campaign, **content),
        page,
    )


class DaysForm(OnceForm):
    """Doses to be laid over days, in proportion to what the site can do."""

    place_of_days = django_forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Site, community or unit")
    )
    doses = django_forms.IntegerField(label=gettext_lazy("Doses together"), min_value=0)
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("Until"))
    without = DayField(label=gettext_lazy("Not on"), required=False)

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_of_days"].queryset = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        content = super().clean() or {}
        if content.get("first") and content.get("last") and content["last"] < content["first"]:
            self.add_error("last", _("The last day must not come before the first."))
        return content


@require_http_methods(["GET", "POST"])
def plan_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay doses over days at a place."""
    campaign, today = access.record(request, Campaign, LEAD, pk=pk), access.today(request)
    first = min(max(today, campaign.starts_on), campaign.ends_on)
    page = Page(_("Plan the days"), reverse("campaign:plan", args=[pk]), _("Plan"), campaign.organisation.name)
    form = DaysForm(
        request.POST or None,
        places=_below(campaign, *PLACES),
        initial={"first": first, "last": campaign.ends_on, "place_of_days": queries.sites_of(campaign).first()},
    )
    return asked(request, form, lambda content: _planned(request, campaign, content), page)


def _planned(request: HttpRequest, campaign: Campaign, content: dict[str, Any]) -> Any:
    place, first, last = content["place_of_days"], content["first"], content["last"]
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    lost = [content["without"]] if content.get("without") else []
    able = queries.capacities(campaign, place, first) if place.kind == Kind.SITE else dict.fromkeys(days, 10**6)
    laid = spread(content["doses"], {day: able.get(day, 0) for day in days}, lost)
    if laid.short:
        raise Refused(
            _(
                "{short} doses do not fit: the site can give {able} on these days. Give it more vaccinators or days."
            ).format(short=laid.short, able=sum(laid.doses.values()))
        )
    return actions.plan_days(
        by=access.actor(request), campaign=campaign, place=place, doses=laid.doses, request_id=content["request_id"]
    )


class PhaseForm(OnceForm):
    """A stretch of days with a name."""

    title = django_forms.CharField(label=gettext_lazy("Phase"), max_length=64)
    starts_on = DayField(label=gettext_lazy("Starts on"))
    ends_on = DayField(label=gettext_lazy("Ends on"))


@require_http_methods(["GET", "POST"])
def add_phase(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a stretch of days."""
    campaign = access.record(request, Campaign, LEAD, pk=pk)
    page = Page(_("New phase"), reverse("campaign:plan", args=[pk]), _("Add"), campaign.organisation.name)
    form = PhaseForm(request.POST or None, initial={"starts_on": campaign.starts_on, "ends_on": campaign.ends_on})
    return asked(
        request, form, lambda content: actions.add_phase(by=access.actor(request), campaign=campaign, **content), page
    )


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every target that was ever said."""
    campaign = access.record(request, Campaign, SEE, pk=pk)
    columns = [(_("Said on"), False), (_("Who says so"), False), (_("Of whom"), False), (_("People"), True),
               (_("On the ledger"), True), (_("From where"), False)]  # fmt: skip
    rows = [
        [row.said_on, row.said_by, row.key_group.name if row.key_group else row.place.name if row.place else _("All"),
         row.people, row.on_ledger, row.get_source_display()]
        for row in queries.history_of(campaign)[:500]
    ]  # fmt: skip
    table = Table(_("Targets as they were said"), columns, rows, _("No target was said yet."))
    if wants_file(request):
        return table.as_file()
    context = {"place": campaign.organisation.name, "campaign": campaign, "table": table, "file": "?as=xlsx"}
    return render(request, "campaign/list.html", context)
