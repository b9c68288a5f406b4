"""Times of a session that can be booked, and how often somebody tried to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.clinic.models.sessions import Session


class BookedBy(models.TextChoices):
    """Who booked a place."""

    STAFF = "staff", _("Staff")
    UNIT = "unit", _("Unit")
    RESIDENT = "resident", _("Resident")


class Period(Versioned):
    """A stretch of a session: so many vaccinators work, and so many of its places are open to residents."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="periods")
    starts_at = models.TimeField(_("From"))
    ends_at = models.TimeField(_("To"))
    vaccinators = models.PositiveSmallIntegerField(
        _("Vaccinators"), help_text=_("How many people give injections at the same time.")
    )
    open_places = models.PositiveSmallIntegerField(
        _("Open places"), default=0, help_text=_("Of its places, those that residents and staff book one by one.")
    )

    class Meta:
        verbose_name = _("Period of a session")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at"], name="period_starts_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="period_ends_after_start"),
        ]

    @property
    def length(self) -> timedelta:
        day = self.session.day
        return datetime.combine(day, self.ends_at) - datetime.combine(day, self.starts_at)


class BookingTry(models.Model):
    """One try to find or book on the public page: counted per address and per number, kept for an hour."""

    key = models.CharField(max_length=64, help_text=_("Keyed hash of a network address or of an identity number."))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Try to book")
        indexes = [models.Index(fields=["key", "at"])]
