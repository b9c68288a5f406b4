"""People, vehicles and materials that a place needs on a day, and what was brought."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.campaign.models.organisation import Campaign
from qingmiao.staff.models import Organisation


class Need(Versioned):
    """A request: what a place needs on a day, and by when."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People")
        VEHICLE = "vehicle", _("Vehicles")
        MATERIAL = "material", _("Materials")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="needs")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="needs", verbose_name=_("Place"))
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    item = models.CharField(_("What"), max_length=80)
    quantity = models.PositiveIntegerField(_("How many"))
    unit = models.CharField(_("Unit of counting"), max_length=16, blank=True, help_text=_("Boxes, people, cars …"))
    needed_at = models.DateTimeField(_("Needed by"))
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=64)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Request")
        ordering = ["needed_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="need_of_something")]


class Delivery(models.Model):
    """What was brought for a request, by whom or with which vehicle. Never changed."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="deliveries")
    quantity = models.PositiveIntegerField(_("How many"))
    detail = models.CharField(_("Who, or which vehicle"), max_length=120, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Delivery")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="delivery_of_something")]
