"""The green channel: which hospital, whom to ring at which hour, and every rescue and drill with its minutes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.privacy.fields import SealedField
from qingmiao.registry.models import Dose
from qingmiao.safety.models.cases import Case
from qingmiao.staff.models import Organisation


class Pairing(Versioned):
    """The hospital that takes a site's emergencies, and the way there."""

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="pairings")
    hospital = models.CharField(_("Hospital"), max_length=120)
    department = models.CharField(_("Department"), max_length=80, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    route = models.TextField(_("Route"), blank=True, help_text=_("Gate, lift, where the ambulance stops."))
    drive_minutes = models.PositiveSmallIntegerField(_("Minutes by ambulance"), null=True, blank=True)
    agreed_on = models.DateField(_("Agreed on"), null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Paired hospital")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "hospital"], condition=Q(ended_on=None), name="pairing_once_per_hospital"
            )
        ]


class DutyPhone(models.Model):
    """A number of the paired hospital that is answered on some days between two hours."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="phones")
    name = models.CharField(_("Who answers"), max_length=64)
    what = models.CharField(_("Which desk"), max_length=64, blank=True)
    number = SealedField(_("Phone"))
    weekdays = models.CharField(
        _("Days"), max_length=7, default="1234567", help_text=_("1 Monday … 7 Sunday, as 12345.")
    )
    from_time = models.TimeField(_("From"), help_text=_("Equal to the end: round the clock."))
    until_time = models.TimeField(_("Until"), help_text=_("Earlier than the start: past midnight."))
    rank = models.PositiveSmallIntegerField(_("Order"), default=1, help_text=_("1 is rung first."))

    class Meta:
        verbose_name = _("Duty phone")


class Drill(Versioned):
    """A rescue that is practised: planned, run on the same screens, and what was learned."""

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="drills")
    planned_on = models.DateField(_("Day"))
    scenario = models.CharField(_("Scenario"), max_length=200)
    people = models.CharField(_("Who takes part"), max_length=200, blank=True)
    lessons = models.TextField(_("What was learned"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Drill")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(lessons=""), name="drill_closed_says_what_was_learned"
            )
        ]


class Rescue(Versioned):
    """One emergency at a site, or one drill, from the alarm to the outcome."""

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="rescues")
    pairing = models.ForeignKey(Pairing, models.PROTECT, null=True, blank=True, related_name="rescues")
    dose = models.ForeignKey(Dose, models.PROTECT, null=True, blank=True, related_name="rescues")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="rescues")
    drill = models.OneToOneField(Drill, models.PROTECT, null=True, blank=True, related_name="rescue")
    what = models.CharField(_("What happens"), max_length=200, blank=True)
    weight_kg = models.DecimalField(_("Weight in kg"), max_digits=4, decimal_places=1, null=True, blank=True)
    is_over = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("Rescue")
        constraints = [
            models.CheckConstraint(
                condition=Q(dose__isnull=False) ^ Q(drill__isnull=False), name="rescue_real_or_drill"
            ),
            models.UniqueConstraint(fields=["dose"], condition=Q(is_over=False), name="rescue_open_once_per_dose"),
        ]

    @property
    def is_drill(self) -> bool:
        return self.drill_id is not None


class RescueStep(models.Model):
    """One step of a rescue and its moment. Added, never changed."""

    rescue = models.ForeignKey(Rescue, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Step of a rescue")
        constraints = [models.UniqueConstraint(fields=["rescue", "step"], name="rescue_step_once")]


class Treatment(models.Model):
    """What was given or measured during a reaction, at its moment. Added, never changed."""

    class What(models.TextChoices):
        ADRENALINE = "adrenaline", _("Adrenaline")
        OTHER_DRUG = "drug", _("Other medicine")
        OXYGEN = "oxygen", _("Oxygen")
        VITALS = "vitals", _("Vitals")
        OTHER = "other", _("Other")

    dose = models.ForeignKey(Dose, models.PROTECT, null=True, related_name="treatments")
    rescue = models.ForeignKey(Rescue, models.PROTECT, null=True, related_name="treatments")
    what = models.CharField(max_length=12, choices=What.choices)
    text = SealedField(help_text=_("How much, by which way; or the figures measured."))
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Treatment")
        constraints = [
            models.CheckConstraint(
                condition=Q(dose__isnull=False) | Q(rescue__isnull=False), name="treatment_belongs_somewhere"
            )
        ]


class KitCheck(models.Model):
    """Somebody counted the emergency kit: what was there, until when it may be used. Added, never changed."""

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="kit_checks")
    lines = models.JSONField(help_text=_("Per item: code, quantity, expires_on."))
    faults = models.JSONField(default=list, help_text=_("Codes of what is missing, too little or over its day."))
    note = models.CharField(_("Note"), max_length=200, blank=True)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Check of the emergency kit")
        indexes = [models.Index(fields=["site", "at"])]
