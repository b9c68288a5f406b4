"""Somebody who is not on record: written down at the front desk, and arrives."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingmiao.clinic.actions.front_desk import Newcomer, admit_new_person
from qingmiao.clinic.figures import priority_groups
from qingmiao.clinic.models import Visit
from qingmiao.clinic.queries.areas import areas_of, suggested_area
from qingmiao.clinic.rules import Refused
from qingmiao.registry.actions.people import Number, Particulars
from qingmiao.registry.identity import NumberReader
from qingmiao.registry.models import Identifier, Person
from qingmiao.registry.numbers import comparable
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product
from qingmiao.web.front_desk.site_day import SiteDay, site_day
from qingmiao.web.once import request_id

ASKED_KINDS = (
    Identifier.Kind.ID_CARD,
    Identifier.Kind.PASSPORT,
    Identifier.Kind.HK_MACAO_PERMIT,
    Identifier.Kind.TAIWAN_PERMIT,
    Identifier.Kind.BIRTH_CERTIFICATE,
)


class NewcomerForm(forms.Form):
    """What the document says. Of an identity card, sex and birth date are read from the number."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=64)
    kind = forms.ChoiceField(
        label=pgettext_lazy("identity", "Document"),
        choices=[(kind.value, kind.label) for kind in ASKED_KINDS],
        required=False,
    )
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("Scan the card, or type it. Leave it empty only for somebody without any document."),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("", "—"), (Person.Sex.MALE, Person.Sex.MALE.label), (Person.Sex.FEMALE, Person.Sex.FEMALE.label)],
        required=False,
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Birth date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    phone = forms.RegexField(
        r"^[0-9+ -]{7,20}$",
        label=gettext_lazy("Phone"),
        required=False,
        error_messages={"invalid": gettext_lazy("A phone number has digits only.")},
    )
    product = forms.ModelChoiceField(Product.objects.none(), label=gettext_lazy("Vaccine"), empty_label=None)
    area = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Area"), empty_label=None, widget=forms.RadioSelect
    )
    priority_group = forms.ChoiceField(
        label=gettext_lazy("Called first because"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, day: SiteDay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert day.session is not None
        self.today = day.day
        areas = Organisation.objects.filter(pk__in=[area.pk for area in areas_of(day.site)]).order_by("name")
        self.fields["product"].queryset = day.session.products.all()  # type: ignore[attr-defined]
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["priority_group"].choices = [("", _("Nothing")), *asked_groups(day.day)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("number") and found.get("kind") == Identifier.Kind.ID_CARD:
            self._read_card(found)
        if not found.get("number") and not found.get("birth_date"):
            self.add_error("birth_date", _("Without a number, write at least the birth date."))
        if found.get("birth_date") and found["birth_date"] > self.today:
            self.add_error("birth_date", _("This day has not come yet."))
        return found

    def _read_card(self, found: dict[str, Any]) -> None:
        card = NumberReader(self.today).read(comparable(found["number"]))
        if card.key is None or card.fault:
            self.add_error("number", _("This is no valid identity number: compare it with the card, digit by digit."))
            return
        found["number"] = card.key
        found["birth_date"] = found.get("birth_date") or (date.fromordinal(card.birth) if card.birth else None)
        found["sex"] = found.get("sex") or (card.sex.value if card.sex else "")

    @property
    def newcomer(self) -> Newcomer:
        """What the form says, once it is valid."""
        found = self.cleaned_data
        numbers = [Number(Identifier.Kind(found["kind"]), found["number"])] if found["number"] else []
        particulars = Particulars(
            found["name"].strip(), sex=found["sex"] or Person.Sex.UNKNOWN, birth_date=found["birth_date"]
        )
        return Newcomer(particulars, numbers, [found["phone"]] if found["phone"] else [])


def asked_groups(day: date) -> list[tuple[str, str]]:
    """(code, word) of the groups that only the front desk can name."""
    language = get_language() or "zh-hans"
    return [(group.code, group.word.in_language(language)) for group in priority_groups(day) if group.is_asked]


@require_http_methods(["GET", "POST"])
def newcomer(request: HttpRequest) -> HttpResponse:
    """Write down somebody who is not on record and let them arrive."""
    day = site_day(request, "clinic.find_walk_in")
    if day.session is None or day.session.closed_at is not None:
        return redirect("front_desk:desk")
    initial = {"area": suggested_area(day.session).pk, "priority_group": "", "kind": Identifier.Kind.ID_CARD}
    form = NewcomerForm(request.POST or None, day=day, initial=initial)
    if request.method == "POST" and form.is_valid() and _admitted(request, day, form) is not None:
        return redirect("front_desk:desk")
    status = 422 if form.is_bound else 200
    return render(request, "front_desk/newcomer.html", day.frame | {"form": form}, status=status)


def _admitted(request: HttpRequest, day: SiteDay, form: NewcomerForm) -> Visit | None:
    assert day.session is not None
    found = form.cleaned_data
    try:
        return admit_new_person(
            by=day.who,
            session=day.session,
            newcomer=form.newcomer,
            product=found["product"],
            area=found["area"],
            at=day.at,
            priority_group=found["priority_group"],
            request_id=request_id(request),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
