"""The facts of a written report, counted at one moment and kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.reports.models.frozen import SummaryText
from qingmiao.staff.models import Organisation


class Compilation(models.Model):
    """Everything a report of a kind says in figures about a place and a stretch of days. Never changed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="compilations")
    organisation_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=SummaryText.Kind.choices)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"))
    facts = models.JSONField(help_text=_("Numbers and rows by name; names of people are never among them."))
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_by_name = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Facts of a report")
        ordering = ["-taken_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="compilation_ends_after_start")]
        indexes = [models.Index(fields=["organisation", "kind", "-taken_at"])]
