"""Writes from a child's page: a new record, an old dose, who manages the record, facts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingmiao.registry.actions.back_entry import DayCannotBe, DoseOnRecord, enter_old_dose
from qingmiao.registry.actions.facts import record_fact
from qingmiao.registry.actions.management import NotManaged, OutOfOrder, end_management, take_charge
from qingmiao.registry.actions.people import NumberTaken, register_person
from qingmiao.registry.back_entry import meanings
from qingmiao.registry.models import BackEntry, Person
from qingmiao.registry.queries.facts import facts_of
from qingmiao.schedule.keeping import refresh_due
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.child.facts import FactsForm
from qingmiao.web.child.forms import EndForm, ManageForm, NewChildForm, OldDoseForm
from qingmiao.web.child.views import ENTER, FACTS, MANAGE, strip_of
from qingmiao.web.child.words import in_language


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new record."""
    who = access.actor(request)
    if not who.paths_for(MANAGE):
        raise NotAllowed(MANAGE)
    form = NewChildForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            person = _registered(request, form)
        except NumberTaken as taken:
            form.add_error("birth_certificate" if form.cleaned_data["birth_certificate"] else "id_card", str(taken))
        else:
            messages.success(request, _("Record opened. Enter the doses that the booklet shows."))
            return redirect("child:record", pk=person.pk)
    return render(request, "child/new.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _registered(request: HttpRequest, form: NewChildForm) -> Person:
    """The person, the unit that manages the record, and what is known from birth, all or nothing."""
    who, at, data = access.actor(request), access.now(request), form.cleaned_data
    request_id: UUID = data["request_id"]
    person = register_person(
        by=who,
        particulars=form.particulars(),
        numbers=form.numbers(),
        phones=[data["phone"].strip()] if data["phone"] else [],
        guardians=form.parents(),
        brought_by=data["unit"],
        request_id=request_id,
    )
    take_charge(
        by=who,
        person=person,
        unit=data["unit"],
        residence=data["residence"],
        since=access.today(request) if data["came_from"] else data["birth_date"],
        at=at,
        came_from=data["came_from"],
        request_id=uuid5(request_id, "management"),
    )
    if who.may(FACTS, person):
        for code in ("mother_hbsag", "birth_weight_g"):
            if data[code]:
                record_fact(
                    by=who, person=person, code=code, value=data[code], at=at, request_id=uuid5(request_id, code)
                )
    refresh_due(person, on=access.today(request))
    return person


@require_http_methods(["GET", "POST"])
def old_dose(request: HttpRequest, pk: int) -> HttpResponse:
    """A dose from the booklet, given before or elsewhere."""
    person = access.record(request, Person, ENTER, pk=pk)
    form = OldDoseForm(request, person)
    if request.method == "POST" and form.is_valid():
        who, data = access.actor(request), form.cleaned_data
        try:
            enter_old_dose(
                by=who,
                person=person,
                dose=form.dose(),
                kind=data["kind"],
                proof=data["proof"],
                unit=data["unit"],
                at=access.now(request),
                request_id=data["request_id"],
            )
        except (DoseOnRecord, DayCannotBe) as refused:
            form.add_error("given_on", str(refused))
        else:
            refresh_due(person, on=access.today(request))
            messages.success(request, _("Written down and judged."))
            again = "child:old-dose" if "another" in request.POST else "child:record"
            return redirect(again, pk=pk)
    labels = dict(BackEntry.Kind.choices)
    context = {
        "form": form,
        "person": person,
        "strip": strip_of(person),
        "meanings": [
            {"title": labels[BackEntry.Kind(kind)], "text": in_language(row.means), "code": row.unit_code,
             "source": in_language(row.reference)}
            for kind, row in meanings().items()
        ],
    }  # fmt: skip
    return render(request, "child/old_dose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def manage(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the record over, change the residence, or end: moved, away, dead."""
    person = access.record(request, Person, MANAGE, pk=pk)
    ends = "ending" in request.POST
    take, end = ManageForm(request), EndForm(request)
    form: ManageForm | EndForm = end if ends else take
    (take if ends else end).is_bound = False
    if request.method == "POST" and form.is_valid():
        try:
            _managed(request, person, form)
        except (OutOfOrder, NotManaged) as refused:
            form.add_error("on" if ends else "since", str(refused))
        else:
            refresh_due(person, on=access.today(request))
            messages.success(request, _("Written down."))
            return redirect("child:record", pk=pk)
    context = {
        "person": person,
        "strip": strip_of(person),
        "take": take,
        "end": end,
        "rows": person.managements.select_related("unit"),
    }
    return render(request, "child/manage.html", context, status=422 if form.errors else 200)


def _managed(request: HttpRequest, person: Person, form: ManageForm | EndForm) -> None:
    act: Any = end_management if isinstance(form, EndForm) else take_charge
    act(by=access.actor(request), person=person, at=access.now(request), **form.cleaned_data)


@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of the child's health; the latest statement holds, earlier ones stay on record."""
    person = access.record(request, Person, FACTS, pk=pk)
    form = FactsForm(request, facts_of([pk]).get(pk, {}))
    if request.method == "POST" and form.is_valid():
        who, at = access.actor(request), access.now(request)
        with transaction.atomic():
            for code, value in form.stated().items():
                once = uuid5(form.cleaned_data["request_id"], code)
                record_fact(by=who, person=person, code=code, value=value, at=at, request_id=once)
            refresh_due(person, on=access.today(request))
        messages.success(request, _("Written down."))
        return redirect("child:record", pk=pk)
    context = {"form": form, "person": person, "strip": strip_of(person)}
    return render(request, "child/facts.html", context, status=422 if form.errors else 200)
