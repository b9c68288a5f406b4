"""Village doctors' papers: what was handed in, and who was reminded."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Cast, Right
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.staff.models import Organisation

# Written with what the databases know themselves: with Django's own functions in its tables, a file of SQLite could be
# opened by Django alone, and not by whoever has to check or rescue it.
BEGINS_A_MONTH = Exact(Right(Cast("month", models.CharField(max_length=10)), 2), models.Value("01"))


class VillagePaper(Versioned):
    """One form of one village for one month: the scan, where the paper lies, and what was counted on it."""

    village = models.ForeignKey(Organisation, models.PROTECT, related_name="village_papers")
    form = models.CharField(pgettext_lazy("surveillance", "Form"), max_length=24)
    month = models.DateField(_("Month"), help_text=_("Its first day."))
    received_at = models.DateTimeField(_("Received at"))
    received_by_id = models.BigIntegerField(null=True)
    scan = models.FileField(_("Photo or scan"), upload_to="papers/%Y/%m/", max_length=200, blank=True)
    scan_type = models.CharField(max_length=24, blank=True)
    kept_where = models.CharField(_("Where the paper lies"), max_length=80, blank=True)
    counts = models.JSONField(pgettext_lazy("surveillance", "What was counted"), default=dict)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Village doctor's paper")
        constraints = [
            models.UniqueConstraint(fields=["village", "form", "month"], name="village_paper_once"),
            models.CheckConstraint(condition=BEGINS_A_MONTH, name="village_paper_month_is_a_first"),
        ]


class PaperReminder(models.Model):
    """A village was reminded of what it had not handed in: how, and by whom."""

    village = models.ForeignKey(Organisation, models.PROTECT, related_name="paper_reminders")
    month = models.DateField()
    forms = models.JSONField(default=list)
    how = models.CharField(pgettext_lazy("surveillance", "How"), max_length=12)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Reminder of papers")
        ordering = ["at"]
