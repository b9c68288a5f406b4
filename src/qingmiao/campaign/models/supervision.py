"""Supervision on site: a checklist, what was found, and that it was put right."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.campaign.models.organisation import Campaign, Duty
from qingmiao.campaign.models.pictures import Picture
from qingmiao.staff.models import Organisation


class Inspection(models.Model):
    """A visit to a place with a checklist, item by item. Never changed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="inspections")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections", verbose_name=_("Place"))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=64)
    checklist = models.CharField(max_length=24)
    checklist_version = models.PositiveSmallIntegerField()
    answers = models.JSONField(help_text=_("Yes, no or not looked at, by item."))

    class Meta:
        verbose_name = _("Supervision on site")
        ordering = ["-at", "-pk"]


class Finding(Versioned):
    """Something that was not as it should be: whom it concerns, until when, how it was put right, who closed it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("finding", "Open")
        CORRECTED = "corrected", _("Put right, to be looked at")
        CLOSED = "closed", pgettext_lazy("finding", "Closed")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    item = models.CharField(max_length=24)
    text = models.CharField(_("What was found"), max_length=300)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, blank=True, related_name="findings")
    due_at = models.DateTimeField(_("To be put right by"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    correction = models.CharField(_("How it was put right"), max_length=300, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by_name = models.CharField(max_length=64, blank=True)
    correction_picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("Finding of a supervision")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(corrected_at__isnull=False) & ~Q(correction=""),
                name="finding_corrected_says_how",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None),
                name="finding_closed_says_when",
            ),
        ]
