"""What is planned: phases, targets that somebody answers for, and the doses of each day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.campaign.models.organisation import Campaign
from qingmiao.registry.models import KeyGroup
from qingmiao.staff.models import Organisation


class Phase(models.Model):
    """A stretch of days of a campaign with a name of its own."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="phases")
    title = models.CharField(_("Phase"), max_length=64)
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))

    class Meta:
        verbose_name = _("Phase")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_ends_after_start"),
            models.UniqueConstraint(fields=["campaign", "title"], name="phase_named_once"),
        ]


class Target(models.Model):
    """How many people of a key group or a place are to be brought in, as somebody said; the last row counts."""

    class Source(models.TextChoices):
        LEDGER = "ledger", _("Counted on the ledger")
        TOLD = "told", _("Told from above")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets")
    key_group = models.ForeignKey(
        KeyGroup, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("Key group")
    )
    place = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("Place")
    )
    people = models.PositiveIntegerField(_("People"))
    on_ledger = models.PositiveIntegerField(
        null=True, help_text=_("How many the ledger had when it was said; empty: it was not asked.")
    )
    source = models.CharField(max_length=8, choices=Source.choices)
    said_by = models.CharField(_("Who says so"), max_length=64)
    said_on = models.DateField(_("Said on"))
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Target")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(key_group=None) | Q(place=None), name="target_of_a_group_or_of_a_place"),
            models.CheckConstraint(condition=~Q(said_by=""), name="target_says_who"),
        ]


class DayTarget(models.Model):
    """Doses planned for one day at one site, or from one community or unit."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="day_targets")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="day_targets")
    day = models.DateField(_("Day"))
    doses = models.PositiveIntegerField(_("Doses"))

    class Meta:
        verbose_name = _("Target of a day")
        ordering = ["day", "place__path"]
        constraints = [models.UniqueConstraint(fields=["campaign", "place", "day"], name="day_target_once")]


class Strength(models.Model):
    """What a site can do from a day on: vaccinators, hours and minutes per dose. The last row up to a day counts."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="strengths")
    site = models.ForeignKey(Organisation, models.PROTECT, related_name="strengths")
    from_day = models.DateField(_("From"))
    vaccinators = models.PositiveSmallIntegerField(_("Vaccinators"))
    hours = models.DecimalField(_("Hours a day"), max_digits=4, decimal_places=1)
    minutes_per_dose = models.DecimalField(_("Minutes per dose"), max_digits=4, decimal_places=1)

    class Meta:
        verbose_name = _("Strength of a site")
        ordering = ["from_day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "site", "from_day"], name="strength_once_per_day"),
            models.CheckConstraint(condition=Q(minutes_per_dose__gt=0), name="strength_minutes_above_zero"),
        ]
