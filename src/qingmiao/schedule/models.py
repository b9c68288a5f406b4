"""What is owed to whom, stored for lists: recomputed every night, and for one person after each dose."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingmiao.registry.models import Person


class DueRun(models.Model):
    """One recomputation of everybody: for which day, by which rules, over how many people."""

    on = models.DateField(_("Day"))
    until = models.DateField(help_text=_("Doses that may be given by this day were written."))
    ruleset = models.CharField(_("Rules"), max_length=80)
    people = models.PositiveIntegerField(_("People"))
    owed = models.PositiveIntegerField(help_text=_("Doses owed by then."))
    finished_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Recomputation")
        ordering = ["-pk"]


class DueDose(models.Model):
    """The next dose of one person in one series, as the schedule said when it was last asked. Never the truth: a page
    about one person asks the schedule itself. `judged_on` is the day since when it
    says so: a night that finds nothing new writes nothing."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="due_doses", db_index=False)
    series = models.CharField(_("Series"), max_length=16)
    dose_number = models.PositiveSmallIntegerField(_("Dose number"))
    product = models.CharField(_("Vaccine"), max_length=24, blank=True)
    earliest = models.DateField(_("May be given from"))
    recommended = models.DateField(_("Due"))
    overdue_from = models.DateField(_("Overdue from"), null=True, blank=True)
    rule = models.CharField(_("Rule"), max_length=80, blank=True)
    ruleset = models.CharField(_("Rules"), max_length=80)
    judged_on = models.DateField()

    class Meta:
        verbose_name = _("Due dose")
        constraints = [models.UniqueConstraint(fields=["person", "series"], name="due_dose_once_per_series")]
        indexes = [models.Index(fields=["recommended", "series"], name="schedule_due_by_month")]
