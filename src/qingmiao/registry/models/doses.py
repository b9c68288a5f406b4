"""Doses that were given: a ledger. Rows are added, never changed or deleted; a correction supersedes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.registry.models.people import Person
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Lot


class Dose(models.Model):
    """A vaccine that went into a person, as recorded: right or wrong, here or elsewhere."""

    class Source(models.TextChoices):
        HERE = "here", _("Given here")
        IMPORTED = "imported", _("From a list")
        ELSEWHERE = "elsewhere", _("Given in another place")
        PAPER = "paper", _("From the paper booklet")

    class Held(models.TextChoices):
        """Why a dose on record does not count; its row is kept for a clerk to decide."""

        NO = "", _("Counts")
        DATE = "date", _("Its day cannot be right")
        TWICE = "twice", _("Recorded twice")
        VACCINE = "vaccine", _("The vaccine is not known")

    person = models.ForeignKey(Person, models.PROTECT, related_name="doses")
    product_code = models.CharField(_("Vaccine code"), max_length=8, blank=True, help_text=_("4-digit national code."))
    vaccine = models.CharField(_("Vaccine"), max_length=80, blank=True, help_text=_("As written on the record."))
    dose_number = models.PositiveSmallIntegerField(
        _("Dose number"), null=True, blank=True, help_text=_("As recorded; the schedule judges by itself.")
    )
    given_on = models.DateField(_("Given on"), null=True, blank=True, help_text=_("Local day; empty if not known."))
    given_at = models.DateTimeField(_("Given at"), null=True, blank=True)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="doses")
    lot_number = models.CharField(_("Lot"), max_length=40, blank=True)
    manufacturer = models.CharField(_("Manufacturer"), max_length=80, blank=True)
    site = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="doses_given")
    site_name = models.CharField(_("Given by"), max_length=120, blank=True, help_text=_("As written on the record."))
    body_site = models.CharField(_("Body site"), max_length=24, blank=True)
    given_by_id = models.BigIntegerField(_("Vaccinator"), null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    held = models.CharField(max_length=12, choices=Held.choices, blank=True, default="")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    is_void = models.BooleanField(default=False, help_text=_("This row withdraws the one it supersedes."))
    reason = models.CharField(max_length=200, blank=True, help_text=_("Why it corrects or withdraws another."))
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Dose")
        constraints = [
            models.CheckConstraint(condition=Q(supersedes=None) | ~Q(reason=""), name="dose_correction_says_why"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="dose_not_superseding_itself"),
            models.CheckConstraint(
                condition=Q(given_at=None) | Q(given_on__isnull=False), name="dose_instant_needs_day"
            ),
            models.CheckConstraint(
                condition=~Q(source="here") | Q(given_at__isnull=False, given_by_id__isnull=False),
                name="dose_given_here_says_when_and_who",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "given_on"]),
            models.Index(fields=["lot_number"]),
            models.Index(fields=["given_on"]),
        ]
