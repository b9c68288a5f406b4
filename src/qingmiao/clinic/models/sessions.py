"""A day at a site, its desks, and the batches that units bring."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.clinic.rules import Step
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product


class Session(Versioned):
    """One day on which a site vaccinates."""

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="sessions")
    day = models.DateField(_("Day"))
    opens_at = models.TimeField(_("Opens at"))
    closes_at = models.TimeField(_("Closes at"))
    cut_off_at = models.DateTimeField(
        _("Cut-off"), help_text=_("Lists named later are late additions: taken if there is room, and marked.")
    )
    products = models.ManyToManyField(Product, related_name="sessions", verbose_name=_("Vaccines"))
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("When the day was closed; empty before."))
    closed_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("Session")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "day"], name="session_once_per_day"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="session_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_by_id__isnull=False), name="session_closed_by_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.day}"


class SessionPlaces(models.Model):
    """Places of a session kept for one organisation: it and everything below it may name batches."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="session_places")
    places = models.PositiveIntegerField(
        _("Places"), null=True, blank=True, help_text=_("Empty: as many as the session has.")
    )

    class Meta:
        verbose_name = _("Places of a session")
        constraints = [models.UniqueConstraint(fields=["session", "organisation"], name="places_once_per_organisation")]


class Counter(models.Model):
    """The last number drawn of a series of one session (tickets of area A, batches): drawn under its row's lock."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="counters")
    series = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "series"], name="counter_once_per_series")]


class Desk(models.Model):
    """A table at a site where one step is done: for one area when it stands below it, else for the whole site."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="desk")
    step = models.CharField(_("Step"), max_length=12, choices=[(step.value, step.value) for step in Step])

    class Meta:
        verbose_name = _("Desk")

    @property
    def name(self) -> str:
        return self.organisation.name


class Batch(Versioned):
    """People whom a unit names for a session; the site gives it number, time, leader and area."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Sent back")
        CALLED = "called", _("Called")

    session = models.ForeignKey(Session, models.PROTECT, related_name="batches")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="batches")
    product = models.ForeignKey(Product, models.PROTECT, related_name="batches", verbose_name=_("Vaccine"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by_id = models.BigIntegerField(null=True)
    is_late = models.BooleanField(default=False, help_text=_("First handed in after the cut-off."))
    number = models.PositiveSmallIntegerField(_("Batch"), null=True, blank=True)
    starts_at = models.DateTimeField(_("Time"), null=True, blank=True)
    area = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="batches_received", verbose_name=_("Area")
    )
    leader = models.CharField(
        _("Leader"), max_length=64, blank=True, help_text=_("Who brings the people in; named by the unit.")
    )
    returned_because = models.CharField(_("Reason"), max_length=120, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Batch")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"], condition=Q(number__isnull=False), name="batch_number_once_per_session"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "called"])
                | Q(number__isnull=False, starts_at__isnull=False, area__isnull=False) & ~Q(leader=""),
                name="batch_accepted_with_number_time_area_leader",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_because=""), name="batch_sent_back_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="called", called_at__isnull=False) | ~Q(state="called") & Q(called_at=None),
                name="batch_called_says_when",
            ),
        ]
