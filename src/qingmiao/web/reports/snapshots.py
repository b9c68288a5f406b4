"""Frozen figures: what they were, who was behind them, what changed since another, and the bulletin made from them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.registry.models import Person
from qingmiao.reports.bulletin import bulletin_of
from qingmiao.reports.models import Snapshot, SnapshotMember, SnapshotPart
from qingmiao.reports.paper import bulletin_html
from qingmiao.reports.queries import frozen
from qingmiao.reports.summary.papers import bulletin_as_word
from qingmiao.web import access
from qingmiao.web.campaign.lists import wants_file
from qingmiao.web.export import as_xlsx
from qingmiao.web.paper import pdf_answer, word_answer
from qingmiao.web.reports.coverage import MOST_EXPORTED, PER_PAGE, SEE, which_titles


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One frozen figure; with `?against=` another snapshot, who makes the difference."""
    snapshot = access.record(request, Snapshot, SEE, pk=pk)
    if wants_file(request):
        columns = [_("Unit"), _("Declared"), _("Vaccinated"), _("On the ledger"), _("Rate")]
        rows = [
            [one.part.name, one.part.declared, one.done, one.of, one.share.text()] for one in frozen.units_of(snapshot)
        ]
        return as_xlsx(f"{snapshot.organisation_name} {snapshot.on.isoformat()}", columns, rows)
    others = frozen.snapshots_of(snapshot.organisation, snapshot.indicator).exclude(pk=pk)
    context: dict[str, Any] = {
        "place": snapshot.organisation_name,
        "snapshot": snapshot,
        "figure": _figure(snapshot),
        "units": frozen.units_of(snapshot),
        "in_several_units": frozen.people_in_several_units(snapshot),
        "others": others[:30],
        "may_write": access.actor(request).may("reports.write_summary", snapshot.organisation),
    }
    if against := request.GET.get("against", ""):
        context |= _difference(request, snapshot, against)
    return render(request, "reports_desk/snapshot.html", context)


def _figure(snapshot: Snapshot) -> dict[str, Any]:
    people = reverse("reports:snapshot-people", args=[snapshot.pk])
    return {
        "done": snapshot.numerator,
        "done_url": f"{people}?which=done",
        "of": snapshot.denominator,
        "of_url": f"{people}?which=all",
        "label": snapshot.organisation_name,
        "frozen_at": snapshot.taken_at,
        "rule": snapshot.rule,
        "rule_url": reverse("reports:rule", args=[snapshot.indicator]),
        "note": snapshot.taken_by_name,
    }


def _difference(request: HttpRequest, snapshot: Snapshot, against: str) -> dict[str, Any]:
    if not against.isdecimal():
        raise Http404
    other = access.record(
        request, Snapshot, SEE, pk=int(against), organisation=snapshot.organisation, indicator=snapshot.indicator
    )
    access.actor(request).must("registry.see_person", snapshot.organisation)
    earlier, later = sorted((snapshot, other), key=lambda one: (one.on, one.taken_at, one.pk))
    changes = frozen.difference(earlier, later)
    shown = [*changes.came, *changes.went, *changes.newly_done, *changes.no_longer_done]
    access.looked_at(request, "reports.see_names", [Person(pk=member.person_id) for member in shown])
    changed = [
        (_("Newly vaccinated"), changes.newly_done),
        (_("Joined the ledger"), changes.came),
        (_("Left the ledger"), changes.went),
        (_("No longer counted as vaccinated"), changes.no_longer_done),
    ]
    return {"earlier": earlier, "later": later, "changes": changes, "changed": changed}


@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The names kept with a frozen figure: `?which=` all, done or open; `?part=` of one unit."""
    snapshot = access.record(request, Snapshot, SEE, pk=pk)
    access.actor(request).must("registry.see_person", snapshot.organisation)
    which, part = request.GET.get("which", "all"), _part_asked(request, snapshot)
    if which not in frozen.WHICH:
        raise Http404
    if wants_file(request):
        return _names_file(request, snapshot, frozen.members_of(snapshot, which, part))
    page = Paginator(frozen.members_of(snapshot, which, part), PER_PAGE).get_page(request.GET.get("page"))
    access.looked_at(request, "reports.see_names", [Person(pk=member.person_id) for member in page.object_list])
    done, of = (part.numerator, part.denominator) if part else (snapshot.numerator, snapshot.denominator)
    counts = {"all": of, "done": done, "open": of - done}
    address = reverse("reports:snapshot-people", args=[pk])
    suffix = f"&part={part.pk}" if part else ""
    tabs = [
        {"title": title, "url": f"{address}?which={name}{suffix}", "count": counts[name], "current": name == which}
        for name, title in which_titles().items()
    ]
    context = {
        "place": snapshot.organisation_name,
        "snapshot": snapshot,
        "part": part,
        "page": page,
        "file": f"?which={which}{suffix}&as=xlsx",
        "tabs": tabs,
        "rows_for_people": page.paginator.count != counts[which],
    }
    return render(request, "reports_desk/snapshot_people.html", context)


def _names_file(request: HttpRequest, snapshot: Snapshot, members: QuerySet[SnapshotMember]) -> HttpResponse:
    """Everybody who is kept behind a frozen number."""
    shown = list(members.select_related("part")[:MOST_EXPORTED])
    access.looked_at(request, "reports.export_names", [Person(pk=member.person_id) for member in shown])
    columns = [_("Name"), _("Unit"), _("Position"), _("State"), _("Vaccinated on"), _("Until"), _("Reason")]
    rows = [
        [one.name, one.part.name, one.position, one.get_state_display(), one.first_dose_on, one.until, one.reason]
        for one in shown
    ]
    return as_xlsx(f"{snapshot.organisation_name} {snapshot.on.isoformat()}", columns, rows)


def _part_asked(request: HttpRequest, snapshot: Snapshot) -> SnapshotPart | None:
    asked = request.GET.get("part", "")
    if not asked:
        return None
    part = snapshot.parts.filter(pk=int(asked)).first() if asked.isdecimal() else None
    if part is None:
        raise Http404
    return part


@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """The bulletin of a frozen figure, on screen and for the printer."""
    snapshot = access.record(request, Snapshot, SEE, pk=pk)
    context = {"place": snapshot.organisation_name, "snapshot": snapshot, "bulletin": bulletin_of(snapshot)}
    return render(request, "reports_desk/bulletin.html", context)


@require_GET
def bulletin_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The bulletin as a Word file, from the office's template."""
    snapshot = access.record(request, Snapshot, SEE, pk=pk)
    name, back = f"bulletin-{snapshot.on.isoformat()}-{snapshot.pk}.docx", reverse("reports:bulletin", args=[pk])
    return word_answer(request, lambda: bulletin_as_word(bulletin_of(snapshot)), name=name, back=back)


@require_GET
def bulletin_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The bulletin as a PDF file; where the system cannot draw one, a page that says what to install."""
    snapshot = access.record(request, Snapshot, SEE, pk=pk)
    name = f"bulletin-{snapshot.on.isoformat()}-{snapshot.pk}.pdf"
    page, html = reverse("reports:bulletin", args=[pk]), bulletin_html(bulletin_of(snapshot))
    return pdf_answer(request, html, name=name, page=page, place=snapshot.organisation_name)
