"""Forms about a child: a new record, old doses, who manages the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qingmiao.engine.china import china_book
from qingmiao.engine.rules.products import Product
from qingmiao.registry.actions.back_entry import OldDose
from qingmiao.registry.actions.people import Number, Parent, Particulars
from qingmiao.registry.models import BackEntry, Identifier, Management, Person
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.child.words import in_language
from qingmiao.web.once import OnceForm

CLINICS = ("centre", "site")
HOMES = ("community", "grid", "subdistrict")
MANAGE = "registry.manage_child"
SEXES = [("1", gettext_lazy("Male")), ("2", gettext_lazy("Female"))]
ENDING = {
    Management.Ending.MOVED: gettext_lazy("Moved away"),
    Management.Ending.AWAY: gettext_lazy("Away for a time"),
    Management.Ending.DEAD: pgettext_lazy("record", "Died"),
}


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, picked or typed."""
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


class SentForm(OnceForm):
    """A form made from the request that asks for it or sends it."""

    def __init__(self, request: HttpRequest, **initial: Any) -> None:
        sent = request.POST if request.method == "POST" else None
        super().__init__(sent, initial=initial)

    def choose_place(self, name: str, request: HttpRequest, permission: str, kinds: tuple[str, ...]) -> None:
        """Offer the open organisations of some kinds that the reader works for."""
        places = access.actor(request).visible(permission, Organisation).filter(kind__in=kinds, closed_on=None)
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places.order_by("path")
        if field.required and len(places) == 1:
            field.initial, field.empty_label = places[0].pk, None


class NewChildForm(SentForm):
    """A record for a child: from the birth certificate, usually within a month of birth."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=SEXES, widget=forms.RadioSelect)
    birth_date = day_field(gettext_lazy("Birth date"))
    birth_time = forms.TimeField(
        label=gettext_lazy("Birth time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_lazy("Of the birth certificate: the first hepatitis B dose is counted in hours."),
    )
    birth_certificate = forms.CharField(label=gettext_lazy("Birth certificate"), max_length=20, required=False)
    id_card = forms.CharField(label=gettext_lazy("Identity card"), max_length=20, required=False)
    mother_hbsag = forms.ChoiceField(
        label=gettext_lazy("Mother's HBsAg"),
        choices=[
            ("unknown", gettext_lazy("not known")),
            ("neg", gettext_lazy("negative")),
            ("pos", gettext_lazy("positive")),
        ],
        widget=forms.RadioSelect,
    )
    birth_weight_g = forms.IntegerField(
        label=gettext_lazy("Birth weight (g)"), min_value=200, max_value=9000, required=False
    )
    guardian = forms.CharField(label=gettext_lazy("Guardian"), max_length=120)
    relation = forms.CharField(label=gettext_lazy("Relation"), max_length=20, required=False)
    phone = forms.RegexField(r"^\s*(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})\s*$", label=gettext_lazy("Phone"), required=False)
    home = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Community or village"), required=False
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    residence = forms.ChoiceField(
        label=gettext_lazy("Residence"), choices=Management.Residence.choices, widget=forms.RadioSelect
    )
    unit = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Managing unit"))
    came_from = forms.CharField(
        label=gettext_lazy("Came from"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For a child who moved in: province and clinic, as on the booklet."),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, residence="local", mother_hbsag="unknown")
        self.today = access.today(request)
        self.choose_place("unit", request, "staff.view_organisation", CLINICS)
        field = self.fields["home"]
        assert isinstance(field, forms.ModelChoiceField)
        # Villages answer to the subdistrict, not to the clinic: a clinic chooses among those of its district.
        roots = {path.partition("/")[0] + "/" for path in access.actor(request).paths_for(MANAGE) if path}
        homes = Organisation.objects.filter(kind__in=HOMES, closed_on=None).order_by("path")
        field.queryset = homes if not roots else homes.filter(path__regex="^(" + "|".join(sorted(roots)) + ")")

    def clean_birth_date(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["birth_date"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def particulars(self) -> Particulars:
        """What is registered of the child."""
        names = ("name", "sex", "birth_date", "birth_time", "residence", "home", "address")
        return Particulars(**{name: self.cleaned_data[name] for name in names})

    def numbers(self) -> list[Number]:
        """The documents that were typed."""
        kinds = {"birth_certificate": Identifier.Kind.BIRTH_CERTIFICATE, "id_card": Identifier.Kind.ID_CARD}
        return [Number(kind, self.cleaned_data[name]) for name, kind in kinds.items() if self.cleaned_data[name]]

    def parents(self) -> list[Parent]:
        """The guardian."""
        data = self.cleaned_data
        return [Parent(data["guardian"], data["relation"], data["phone"].strip())]


class OldDoseForm(SentForm):
    """A dose from the booklet. Where it was given decides how the statistics count it."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("old dose", "Given"), choices=BackEntry.Kind.choices, widget=forms.RadioSelect
    )
    product = forms.ChoiceField(label=gettext_lazy("Vaccine"))
    given_on = day_field(gettext_lazy("Given on"))
    given_time = forms.TimeField(
        label=gettext_lazy("At"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_lazy("For a birth dose, as on the certificate of the maternity ward."),
    )
    lot_number = forms.CharField(label=gettext_lazy("Lot"), max_length=40, required=False)
    manufacturer = forms.CharField(label=gettext_lazy("Manufacturer"), max_length=80, required=False)
    site_name = forms.CharField(label=pgettext_lazy("giving", "Clinic"), max_length=120, required=False)
    proof = forms.ChoiceField(label=gettext_lazy("Seen on"), choices=BackEntry.Proof.choices, widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Entered by"))

    def __init__(self, request: HttpRequest, person: Person) -> None:
        super().__init__(request)
        self.person = person
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = product_choices()
        self.choose_place("unit", request, "staff.view_organisation", CLINICS)

    def dose(self) -> OldDose:
        """What is written down."""
        data = self.cleaned_data
        product = china_book().products.by_code[data["product"]]
        time = data["given_time"]
        return OldDose(
            product_code=product.code,
            vaccine=product.name,
            given_on=data["given_on"],
            given_at=timezone.make_aware(datetime.combine(data["given_on"], time)) if time else None,
            lot_number=data["lot_number"],
            manufacturer=data["manufacturer"],
            site_name=data["site_name"],
        )


def product_choices() -> list[tuple[str, Any]]:
    """Every product by its use, as groups of a choice; what old booklets have is at the end."""
    titles = {
        "programme": _("National programme"),
        "substitute": _("May stand for it"),
        "self_paid": _("Self-paid"),
        "historical": _("Of earlier years"),
    }
    products = china_book().products.by_code.values()
    groups = [(title, [_choice(one) for one in products if one.use == use]) for use, title in titles.items()]
    return [("", _("Choose…")), *groups]


def _choice(product: Product) -> tuple[str, str]:
    family = china_book().products.families.get(product.family)
    title = in_language(family.title) if family else product.name
    return product.code, f"{title} {product.short} ({product.code})"


class ManageForm(SentForm):
    """Who manages the record from a day on, and as what."""

    residence = forms.ChoiceField(
        label=gettext_lazy("Residence"), choices=Management.Residence.choices, widget=forms.RadioSelect
    )
    unit = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Managing unit"))
    since = day_field(gettext_lazy("Since"))
    came_from = forms.CharField(label=gettext_lazy("Came from"), max_length=120, required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, since=access.today(request))
        self.choose_place("unit", request, "staff.view_organisation", CLINICS)


class EndForm(SentForm):
    """The record is no longer managed here: why and since when."""

    ending = forms.ChoiceField(label=gettext_lazy("Why"), choices=list(ENDING.items()), widget=forms.RadioSelect)
    on = day_field(gettext_lazy("Day"))
    reason = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, on=access.today(request))
