"""Two records of one person: compared side by side, made one, and two again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qingmiao.registry.actions.merging import AlreadyMerged, CannotSplit, NumbersDiffer, merge_people, split_people
from qingmiao.registry.models import Person
from qingmiao.registry.queries.merges import alike, standing_merges
from qingmiao.web import access
from qingmiao.web.once import request_id

EDIT = "registry.edit_person"


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom this record could be the same person as; choose one and say why."""
    person = access.record(request, Person, EDIT, pk=pk)
    if request.method == "POST":
        other = access.record(request, Person, EDIT, pk=request.POST.get("other") or 0)
        try:
            merge_people(
                by=access.actor(request),
                survivor=person,
                absorbed=other,
                reason=request.POST.get("reason", "").strip() or _("One person, listed twice"),
                at=access.now(request),
                request_id=request_id(request),
            )
        except (NumbersDiffer, AlreadyMerged) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Merged. You can split the two again on this page."))
        return redirect("liaison:merge", pk=pk)
    candidates = alike(person, access.actor(request).visible(EDIT, Person))
    if candidates:
        access.looked_at(request, EDIT, candidates)
    merges = [{"merge": found, "line": _line(absorbed)} for found, absorbed in standing_merges(person)]
    context = {"person": person, "line": _line(person), "candidates": [_line(one) for one in candidates],
               "merges": merges}  # fmt: skip
    return render(request, "imports/merge.html", context)


@require_POST
def split(request: HttpRequest, pk: int, merge: int) -> HttpResponse:
    """Undo one merge."""
    person = access.record(request, Person, EDIT, pk=pk)
    found = next((one for one, _absorbed in standing_merges(person) if one.pk == merge), None)
    if found is None:
        raise Http404
    try:
        split_people(by=access.actor(request), merge=found, at=access.now(request))
    except CannotSplit as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Split: the two records are as they were."))
    return redirect("liaison:merge", pk=pk)


def _line(person: Person) -> dict[str, Any]:
    """What tells two people apart, numbers masked: address and guardian too, because of twins."""
    memberships = person.memberships.select_related("unit")
    return {
        "pk": person.pk,
        "name": person.name or "—",
        "sex": person.get_sex_display(),
        "born_on": person.birth_date,
        "numbers": "、".join(identifier.masked for identifier in person.identifiers.all()),
        "phones": "、".join(phone.masked for phone in person.phones.all()),
        "guardians": "、".join(guardian.name for guardian in person.guardians.all()),
        "address": person.address,
        "units": "、".join(one.unit.name for one in memberships if one.until is None),
    }
