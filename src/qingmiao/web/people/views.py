"""Search, and one person: particulars, numbers behind a mask, units, doses; corrections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.registry.actions.people import correct_person, reveal_number
from qingmiao.registry.models import Identifier, Person
from qingmiao.registry.queries.people import MOST, doses_on_record, find_people
from qingmiao.web import access
from qingmiao.web.once import VersionedForm

SEE = "registry.see_person"
EDIT = "registry.edit_person"


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """People by name, pinyin, initials, number or phone, among those whom the searcher may see."""
    text = request.GET.get("q", "").strip()
    who = access.actor(request)
    found = find_people(who.visible(SEE, Person), text) if text and who.paths_for(SEE) else []
    if found:
        access.looked_at(request, "registry.search", found)
    context = {"text": text, "found": [_line(person) for person in found], "is_cut": len(found) == MOST}
    return render(request, "people/search.html", context)


def _line(person: Person) -> dict[str, Any]:
    """What a list shows of a person."""
    return {
        "pk": person.pk,
        "name": person.name or "—",
        "sex": person.get_sex_display(),
        "born_on": person.birth_date,
        "number": next((identifier.masked for identifier in person.identifiers.all()), ""),
        "phone": next((phone.masked for phone in person.phones.all()), ""),
        "unit": "、".join(membership.unit.name for membership in person.memberships.all() if membership.until is None),
    }


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's page."""
    person = access.record(request, Person, SEE, pk=pk)
    who = access.actor(request)
    context = {
        "person": person,
        "strip": _line(person) | {"note": person.get_residence_display()},
        "identifiers": person.identifiers.order_by("kind", "pk"),
        "phones": person.phones.order_by("pk"),
        "guardians": person.guardians.order_by("pk"),
        "memberships": person.memberships.select_related("unit").order_by("-since", "pk"),
        "key_groups": person.key_groups.select_related("group").order_by("pk"),
        "doses": doses_on_record(person),
        "may_edit": who.may(EDIT, person),
        "may_see_record": who.may("registry.see_record", person),
        "may_unmask": who.may("registry.unmask_number", person),
    }
    return render(request, "people/person.html", context)


class CorrectionForm(forms.ModelForm, VersionedForm):  # type: ignore[type-arg]
    """Particulars that a document can correct."""

    class Meta:
        model = Person
        fields = ("name", "sex", "birth_date", "birth_time", "residence", "address")
        labels = {"address": gettext_lazy("Address")}
        widgets = {
            "birth_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "birth_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True  # a name may be missing on a list, but nobody corrects one away

    def changes(self) -> dict[str, Any]:
        """Only what differs from what was shown."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.Meta.fields}


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct particulars; somebody else's correction in between is told, not overwritten."""
    person = access.record(request, Person, EDIT, pk=pk)
    form = CorrectionForm(request.POST or None, instance=person, initial={"version": person.version})
    if request.method == "POST" and form.is_valid():
        if changes := form.changes():
            fresh = access.record(request, Person, EDIT, pk=pk)
            correct_person(
                by=access.actor(request),
                person=fresh,
                version=form.cleaned_data["version"],
                changes=changes,
                request_id=form.cleaned_data["request_id"],
            )
            messages.success(request, _("Corrected."))
        return redirect("people:person", pk=pk)
    return render(request, "people/correct.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@require_POST
def reveal(request: HttpRequest, pk: int, identifier: int) -> HttpResponse:
    """One number in clear, on a page of its own that says that this was written down."""
    person = access.record(request, Person, SEE, pk=pk)
    document = access.record(request, Identifier, "registry.unmask_number", pk=identifier, person=person)
    number = reveal_number(by=access.actor(request), identifier=document, at=access.now(request))
    return render(request, "people/number.html", {"person": person, "document": document, "number": number})
