"""Coverage as it stands now: the figure, the people behind it, unit by unit; and freezing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qingmiao.campaign.queries import declarations_at, head_count_at, is_late
from qingmiao.registry.models import KeyGroup, Person
from qingmiao.registry.queries.people import key_group
from qingmiao.reports.actions import freeze_figure
from qingmiao.reports.indicators import Indicator, UnknownIndicator, indicator
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import rule_at, rules_at
from qingmiao.reports.queries.frozen import WHICH, latest_snapshot, snapshots_of
from qingmiao.reports.rules import in_order
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign.lists import wants_file
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import OnceForm
from qingmiao.web.reports.charts import days_chart

SEE = "reports.see_figures"
PER_PAGE = 50
MOST_EXPORTED = 50_000


class DayForm(forms.Form):
    """Which day to look at."""

    on = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "auto"}),
    )


def day_asked(request: HttpRequest) -> date:
    """The day in the address, at most today; today when there is none."""
    form = DayForm(request.GET)
    asked = form.cleaned_data["on"] if form.is_valid() else None
    return min(asked or access.today(request), access.today(request))


def rule_asked(organisation: Organisation, name: str | None) -> Indicator:
    """The rule of this name; without one that of the campaign that runs there."""
    if not name:
        return rule_at(organisation)
    try:
        return indicator(name)
    except UnknownIndicator as unknown:
        raise Http404 from unknown


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The organisations whose figures one may see; straight to the only one."""
    visible = access.actor(request).visible(SEE, Organisation).filter(closed_on=None).order_by("path")
    offices = list(visible.filter(kind=Organisation.Kind.BUREAU)) or list(visible.filter(kind=Organisation.Kind.UNIT))
    if len(offices) == 1:
        return redirect("reports:coverage", pk=offices[0].pk)
    on, ruled = access.today(request), [(office, rule_at(office)) for office in offices]
    rows = [{"organisation": office, "rule": rule, "share": live.figure_of(rule, office, on)} for office, rule in ruled]
    return render(request, "reports_desk/home.html", {"rows": rows})


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation's coverage on a day."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    rule, on = rule_asked(organisation, request.GET.get("rule")), day_asked(request)
    who, share = access.actor(request), live.figure_of(rule, organisation, on)
    units = _unit_rows(request, rule, organisation, on)
    if wants_file(request):
        return _units_file(organisation, on, units)
    days = live.first_doses_by_day(rule, organisation, on)
    context = {
        "place": organisation.name,
        "organisation": organisation,
        "rule": rule,
        "rules": rules_at(organisation),
        "on": on,
        "is_today": on == access.today(request),
        "day_form": DayForm(initial={"on": on}),
        "share": share,
        "units": units,
        "file": _as_file(request),
        "chart": days_chart(days, share.of, on),
        "chart_rows": _running(days),
        "snapshots": snapshots_of(organisation, rule.id)[:8],
        "todays_snapshot": latest_snapshot(organisation, rule.id, on),
        "may_freeze": who.may("reports.freeze_figure", organisation),
        "may_write": who.may("reports.write_summary", organisation),
    }
    return render(request, "reports_desk/coverage.html", context)


def _as_file(request: HttpRequest) -> str:
    """The same page's list as a spreadsheet."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"?{asked.urlencode()}&as=xlsx"


def _units_file(organisation: Organisation, on: date, units: list[dict[str, Any]]) -> HttpResponse:
    columns = [_("Place in order"), _("Unit"), _("Vaccinated"), _("On the ledger"), _("Rate"), _("Declared")]
    rows = [
        [row["placed"].place, row["unit"].name, row["share"].done, row["share"].of, row["share"].text(),
         row["said"].people if row["said"] else None]
        for row in units
    ]  # fmt: skip
    return as_xlsx(f"{organisation.name} {on.isoformat()}", columns, rows)


def _names_file(request: HttpRequest, organisation: Organisation, people: QuerySet[Person]) -> HttpResponse:
    """Everybody behind a number, with the numbers masked as on the page."""
    shown = list(people[:MOST_EXPORTED])
    access.looked_at(request, "reports.export_names", shown)
    columns = [_("Name"), _("Number"), _("Unit"), _("Vaccinated on")]
    rows = [
        [
            person.name,
            next((number.masked for number in person.identifiers.all()), ""),
            "、".join(membership.unit.name for membership in person.memberships.all()),
            person.first_dose_on,  # type: ignore[attr-defined]
        ]
        for person in shown
    ]
    return as_xlsx(organisation.name, columns, rows)


def _running(days: list[live.DayFigure]) -> list[list[Any]]:
    """Rows of the table behind the chart: day, new, together."""
    together = 0
    rows = []
    for row in days:
        together += row.people
        rows.append([row.day.isoformat(), row.people, together])
    return rows


def _unit_rows(request: HttpRequest, rule: Indicator, organisation: Organisation, on: date) -> list[dict[str, Any]]:
    """Units in the order of their places, with what they declared."""
    now = access.now(request)
    head_count = head_count_at(organisation, now)
    declared = declarations_at(head_count, now)
    return [
        {
            "unit": row.unit,
            "share": row.share,
            "placed": placed,
            "said": declared.get(row.unit.pk),
            "is_late": head_count is not None and is_late(head_count, declared.get(row.unit.pk), now),
        }
        for row, placed in in_order(live.figures_by_unit(rule, organisation, on), rule.ranked_from)
    ]


@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The people behind a number: `?which=` all, done or open."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    access.actor(request).must("registry.see_person", organisation)
    which = request.GET.get("which", "all")
    if which not in WHICH:
        raise Http404
    rule, on = rule_asked(organisation, request.GET.get("rule")), day_asked(request)
    group = _group_asked(request)
    share = live.figure_of(rule, organisation, on, group)
    new_on = parse_date(request.GET.get("new", ""))
    people = live.people_behind(rule, organisation, on, which, group, new_on)
    if wants_file(request):
        return _names_file(request, organisation, people)
    counts = {"all": share.of, "done": share.done, "open": share.open}
    if new_on is not None:
        counts[which] = people.count()
    page = Counted(people, PER_PAGE, counts[which]).get_page(request.GET.get("page"))
    access.looked_at(request, "reports.see_names", page.object_list)
    address = reverse("reports:people", args=[pk])
    narrowed = f"&group={group.pk}" if group else ""
    context = {
        "place": organisation.name,
        "organisation": organisation,
        "rule": rule,
        "on": on,
        "share": share,
        "which": which,
        "group": group,
        "new_on": new_on,
        "page": page,
        "file": _as_file(request),
        "tabs": [
            {
                "title": title,
                "url": f"{address}?rule={rule.id}&which={name}&on={on.isoformat()}{narrowed}",
                "count": counts[name],
                "current": name == which,
            }
            for name, title in which_titles().items()
        ],
    }
    return render(request, "reports_desk/people.html", context)


class Counted(Paginator):  # type: ignore[type-arg]
    """A list whose length the figure above it has already told, so that it need not be counted again."""

    def __init__(self, rows: Any, per_page: int, length: int) -> None:
        super().__init__(rows, per_page)
        self.count = length


def _group_asked(request: HttpRequest) -> KeyGroup | None:
    asked = request.GET.get("group", "")
    if not asked:
        return None
    group = key_group(int(asked)) if asked.isdecimal() else None
    if group is None:
        raise Http404
    return group


def which_titles() -> dict[str, str]:
    """What the three doors are called."""
    return {"done": _("Vaccinated"), "open": _("Still open"), "all": _("All on the ledger")}


@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the figure of a day; `next` says whether to go on to the bulletin or the summary."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return redirect("reports:coverage", pk=pk)
    snapshot = freeze_figure(
        by=access.actor(request),
        indicator_id=rule_asked(organisation, form.cleaned_data["rule"]).id,
        organisation=organisation,
        on=min(form.cleaned_data["on"], access.today(request)),
        today=access.today(request),
        at=access.now(request),
        request_id=form.cleaned_data["request_id"],
    )
    messages.success(request, _("Frozen: {done} of {of}.").format(done=snapshot.numerator, of=snapshot.denominator))
    if form.cleaned_data["next"] == "summary":
        return redirect(f"{reverse('reports:summary', args=[pk])}?snapshot={snapshot.pk}")
    return redirect(f"reports:{form.cleaned_data['next'] or 'snapshot'}", pk=snapshot.pk)


class FreezeForm(OnceForm):
    """What the freeze button sends."""

    on = forms.DateField()
    rule = forms.CharField(required=False)
    next = forms.ChoiceField(choices=[("snapshot", ""), ("bulletin", ""), ("summary", "")], required=False)


@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """The bulletin of a day: of the last figure frozen for it, or the offer to freeze one."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    on = day_asked(request)
    snapshot = latest_snapshot(organisation, rule_asked(organisation, request.GET.get("rule")).id, on)
    if snapshot is not None:
        return redirect("reports:bulletin", pk=snapshot.pk)
    context = {
        "place": organisation.name,
        "organisation": organisation,
        "on": on,
        "may_freeze": access.actor(request).may("reports.freeze_figure", organisation),
    }
    return render(request, "reports_desk/no_bulletin.html", context)


@require_GET
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """What an indicator counts, in words: definition, version, author, who checked it."""
    try:
        found = indicator(name)
    except UnknownIndicator as unknown:
        raise Http404 from unknown
    return render(request, "reports_desk/rule.html", {"rule": found})
