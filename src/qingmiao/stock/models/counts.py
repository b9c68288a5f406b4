"""What somebody counted: doses at close, open vials, syringes and the rescue kit; and money."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.staff.models import Organisation
from qingmiao.stock.models.lots import Lot, Movement, Product


class Count(models.Model):
    """Doses of a lot that were counted, beside what the movements say; a difference is explained by name.
    Added, never changed."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="counts")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="counts")
    at = models.DateTimeField()
    expected = models.IntegerField(help_text=_("Doses by the movements at that moment."))
    counted = models.PositiveIntegerField(_("Counted"))
    explanation = models.CharField(_("Explanation"), max_length=200, blank=True)
    explained_by = models.CharField(_("Explained by"), max_length=64, blank=True)
    correction = models.OneToOneField(Movement, models.PROTECT, null=True, blank=True, related_name="count")
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Count")
        indexes = [models.Index(fields=["place", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted=F("expected")) | ~Q(explanation="") & ~Q(explained_by=""),
                name="count_difference_is_explained",
            )
        ]

    @property
    def difference(self) -> int:
        """Doses more (positive) or fewer than the movements say."""
        return self.counted - self.expected


class OpenVial(models.Model):
    """A vial of several doses that was opened: usable until an instant, then the rest is discarded."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="open_vials")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="open_vials")
    doses = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    use_until = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    rest = models.OneToOneField(
        Movement, models.PROTECT, null=True, blank=True, related_name="vial", help_text=_("What was discarded of it.")
    )

    class Meta:
        verbose_name = _("Open vial")
        constraints = [
            models.CheckConstraint(condition=Q(use_until__gt=F("opened_at")), name="vial_usable_for_a_time"),
            models.UniqueConstraint(fields=["place", "lot"], condition=Q(closed_at=None), name="vial_one_open_per_lot"),
        ]


class SupplyCount(models.Model):
    """Syringes, swabs, adrenaline: how many somebody counted. Added, never changed; the newest counts."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="supply_counts")
    item = models.CharField(max_length=24, help_text=_("As in rules/cold_chain."))
    counted = models.PositiveIntegerField(_("Counted"))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Count of supplies")
        indexes = [models.Index(fields=["place", "item", "at"])]


class Fee(models.Model):
    """Money taken for a dose that the programme does not pay, or given back. Added, never changed."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="fees")
    product = models.ForeignKey(Product, models.PROTECT, related_name="fees")
    belongs_to = models.CharField(max_length=96, help_text=_("The visit or dose it was taken for, as app.Model:id."))
    fen = models.IntegerField(_("Amount"), help_text=_("In fen: positive taken, negative given back."))
    refunds = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="refund")
    receipt = models.CharField(_("Receipt"), max_length=40, blank=True)
    reason = models.CharField(_("Reason"), max_length=120, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Fee")
        indexes = [models.Index(fields=["place", "at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(fen=0), name="fee_is_some_money"),
            models.CheckConstraint(
                condition=Q(refunds=None, fen__gt=0) | Q(refunds__isnull=False, fen__lt=0) & ~Q(reason=""),
                name="fee_given_back_says_what_and_why",
            ),
        ]
