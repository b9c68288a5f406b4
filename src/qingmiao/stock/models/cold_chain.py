"""Fridges, what their thermometers said, and the times when it was wrong."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.staff.models import Organisation


class Fridge(models.Model):
    """A fridge, freezer, cold room or box in which a place keeps vaccine."""

    class Kind(models.TextChoices):
        FRIDGE = "fridge", _("Refrigerator")
        FREEZER = "freezer", _("Freezer")
        COLD_ROOM = "cold_room", _("Cold room")
        BOX = "box", _("Cool box")

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="fridges")
    number = models.CharField(_("Number"), max_length=20)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Fridge")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["place", "number"], name="fridge_once_per_place")]

    def __str__(self) -> str:
        return self.number


class Reading(models.Model):
    """A temperature of a fridge at an instant, by hand or from its logger. Added, never changed."""

    class Source(models.TextChoices):
        HAND = "hand", _("Read by hand")
        LOGGER = "logger", _("From the logger")

    fridge = models.ForeignKey(Fridge, models.PROTECT, related_name="readings")
    at = models.DateTimeField()
    celsius = models.DecimalField(_("Temperature"), max_digits=4, decimal_places=1)
    source = models.CharField(max_length=8, choices=Source.choices)
    note = models.CharField(_("Note"), max_length=120, blank=True)
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Reading")
        constraints = [models.UniqueConstraint(fields=["fridge", "at", "source"], name="reading_once_per_instant")]
        indexes = [models.Index(fields=["fridge", "at"])]


class Breach(Versioned):
    """A time in which a fridge was outside its limits: until somebody decides what becomes of the vaccine in it."""

    class Decision(models.TextChoices):
        OPEN = "", _("Nobody has decided")
        USE = "use", _("May be used")
        QUARANTINE = "quarantine", _("Held back until the holder answers")
        DISCARD = "discard", _("Discarded")

    fridge = models.ForeignKey(Fridge, models.PROTECT, related_name="breaches")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: it is still outside."))
    worst_celsius = models.DecimalField(max_digits=4, decimal_places=1)
    affected = models.JSONField(default=dict, help_text=_("Doses in the place by lot id when the breach was found."))
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True, default="")
    decision_note = models.CharField(_("Why, and whom you asked"), max_length=200, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Breach of the cold chain")
        constraints = [
            models.UniqueConstraint(fields=["fridge", "started_at"], name="breach_once_per_start"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by_id=None)
                | ~Q(decision="") & ~Q(decision_note="") & Q(decided_at__isnull=False, decided_by_id__isnull=False),
                name="breach_decided_says_why_who_when",
            ),
        ]
