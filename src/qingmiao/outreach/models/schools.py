"""Checks of vaccination records at entry to nursery and school (入托入学查验)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.privacy.fields import SealedField
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation


class EntryCheck(models.Model):
    """The children who enter a class, to be checked within 30 days of term and again before the year ends."""

    class Kind(models.TextChoices):
        ENTRY = "entry", _("New term")
        TRANSFER = "transfer", _("Transfer")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="entry_checks", verbose_name=_("School"))
    clinic = models.ForeignKey(
        Organisation, models.PROTECT, related_name="entry_checks_judged", verbose_name=_("Clinic")
    )
    title = models.CharField(_("Class"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.ENTRY)
    term_from = models.DateField(_("Term begins"))
    check_by = models.DateField(_("To be checked by"))
    recheck_by = models.DateField(_("To be checked again by"))
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Entry check")
        ordering = ["-term_from", "title"]
        constraints = [
            models.UniqueConstraint(fields=["school", "title", "term_from"], name="entry_check_once_per_class")
        ]


class EntryChild(models.Model):
    """A line of a class list, and whom the registry knows under it."""

    check_of = models.ForeignKey(EntryCheck, models.CASCADE, related_name="children")
    row = models.PositiveIntegerField()
    name = models.CharField(_("Name"), max_length=120)
    number = SealedField(_("Number"), null=True)
    found = models.CharField(max_length=16, help_text=_("As `registry.queries.rosters.Found`."))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="entry_checks")
    code = models.CharField(max_length=32, unique=True, help_text=_("Opens the certificate to whoever holds it."))

    class Meta:
        verbose_name = _("Child on a class list")
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["check_of", "row"], name="entry_child_row_once")]


class EntryVerdict(models.Model):
    """How a child stood on a day. Judging again adds a row."""

    class Standing(models.TextChoices):
        COMPLETE = "complete", pgettext_lazy("entry", "Complete")
        MISSING = "missing", _("Doses missing")
        CONTRAINDICATED = "contraindicated", _("Complete but for contraindications")
        UNKNOWN = "unknown", _("No record found")

    child = models.ForeignKey(EntryChild, models.CASCADE, related_name="verdicts")
    on = models.DateField()
    standing = models.CharField(max_length=16, choices=Standing.choices)
    missing = models.JSONField(default=list, help_text=_("Series and dose number of each dose owed on that day."))
    ruleset = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Verdict at entry")
        ordering = ["-pk"]
