"""Products, lots, and the movements of their doses. A balance is a sum of movements, never a column."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.staff.models import Organisation


class Product(models.Model):
    """A vaccine as it is made and named: one row per 4-digit national code and manufacturer."""

    code = models.CharField(_("Vaccine code"), max_length=8)
    name = models.CharField(_("Vaccine"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    short_name = models.CharField(max_length=40, blank=True)
    manufacturer = models.CharField(_("Manufacturer"), max_length=80, blank=True)
    trace_prefix = models.CharField(
        max_length=7, blank=True, help_text=_("First 7 digits of the trace codes of this product.")
    )
    gtin = models.CharField(max_length=14, blank=True)
    doses_per_vial = models.PositiveSmallIntegerField(default=1)
    route = models.CharField(_("Route"), max_length=8, blank=True)
    holder = models.CharField(
        _("Marketing authorisation holder"), max_length=80, blank=True, help_text=_("Empty: the manufacturer.")
    )
    price_fen = models.PositiveIntegerField(
        _("Price"), null=True, blank=True, help_text=_("Of one dose in fen, with the fee; empty: free of charge.")
    )
    colour = models.CharField(max_length=7, default="#4b3f8f", help_text=_("Of its band on the screen."))

    class Meta:
        verbose_name = _("Product")
        constraints = [models.UniqueConstraint(fields=["code", "manufacturer"], name="product_once_per_maker")]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name in the language of the page; Chinese where no English one was entered."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Lot(Versioned):
    """A lot of a product, with its last usable day."""

    class State(models.TextChoices):
        USABLE = "usable", _("Usable")
        QUARANTINED = "quarantined", _("Quarantined")
        RECALLED = "recalled", _("Recalled")

    product = models.ForeignKey(Product, models.PROTECT, related_name="lots")
    number = models.CharField(_("Lot"), max_length=40)
    expires_on = models.DateField(_("Expires on"), help_text=_("Last day on which it may be given."))
    batch_release = models.CharField(
        _("Batch release number"), max_length=40, blank=True, help_text=_("As printed on the certificate of the lot.")
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.USABLE)

    state_reason = models.CharField(
        _("Reason"), max_length=120, blank=True, help_text=_("Why it is quarantined or recalled, and by whose order.")
    )

    class Meta:
        verbose_name = _("Lot")
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="lot_once_per_product"),
            models.CheckConstraint(condition=Q(state="usable") | ~Q(state_reason=""), name="lot_held_back_says_why"),
        ]

    def __str__(self) -> str:
        return self.number


class Movement(models.Model):
    """Doses of a lot that came to a place (positive) or left it (negative). Added, never changed."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        GIVEN = "given", _("Given")
        WASTED = "wasted", _("Wasted")
        RETURNED = "returned", _("Returned")
        COUNTED = "counted", _("Corrected by count")
        TAKEN_BACK = "taken_back", _("Dose withdrawn")
        SENT = "sent", pgettext_lazy("stock", "Sent on")
        CAME = "came", _("Came from another place")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    doses = models.IntegerField(help_text=_("Whole doses: positive in, negative out."))
    reason = models.CharField(max_length=120, blank=True)
    belongs_to = models.CharField(
        max_length=96, blank=True, help_text=_("The dose that moved it, as app.Model:id; empty for other movements.")
    )
    other_side = models.CharField(
        _("From or to"), max_length=120, blank=True, help_text=_("Supplier, or the other place by name.")
    )
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Movement")
        constraints = [
            models.CheckConstraint(condition=~Q(doses=0), name="movement_moves_something"),
            models.CheckConstraint(condition=~Q(kind="given") | Q(doses__lt=0), name="movement_given_leaves"),
            models.CheckConstraint(condition=~Q(kind="received") | Q(doses__gt=0), name="movement_received_comes"),
            models.CheckConstraint(condition=~Q(kind="taken_back") | Q(doses__gt=0), name="movement_taken_back_comes"),
            models.UniqueConstraint(
                fields=["kind", "belongs_to"], condition=~Q(belongs_to=""), name="movement_once_per_dose"
            ),
        ]
        indexes = [models.Index(fields=["place", "lot"])]


class TodaysLot(models.Model):
    """A lot laid out at a place for one day: offered there until midnight. Added, never changed; the newest counts."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="lots_of_the_day")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="days_laid_out")
    day = models.DateField(help_text=_("The local day; the next day asks again."))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Lot of the day")
        indexes = [models.Index(fields=["place", "day"])]


class Delivery(models.Model):
    """What came with received doses: from whom, by which papers, and at which temperatures. Added, never changed."""

    movement = models.OneToOneField(Movement, models.PROTECT, related_name="delivery")
    supplier = models.CharField(_("Supplier"), max_length=120)
    document = models.CharField(_("Delivery note"), max_length=60)
    departed_at = models.DateTimeField(_("Departed at"))
    arrived_at = models.DateTimeField(_("Arrived at"))
    temperatures = models.JSONField(help_text=_("[[instant, °C], …]: at departure, on the way, at arrival."))

    class Meta:
        verbose_name = _("Delivery")
        constraints = [
            models.CheckConstraint(condition=Q(arrived_at__gte=models.F("departed_at")), name="delivery_takes_time"),
            models.CheckConstraint(condition=~Q(supplier="") & ~Q(document=""), name="delivery_says_from_whom"),
        ]
