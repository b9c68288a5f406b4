"""Head-counts: how many people each unit says it has, who says so, and by when it must have said so."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.staff.models import Organisation


class HeadCount(Versioned):
    """One round in which the units below an organisation are to declare their people (摸底)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="head_counts")
    title = models.CharField(_("Title"), max_length=120)
    opened_on = models.DateField(_("Opened on"))
    due_at = models.DateTimeField(_("Deadline"), help_text=_("Who has not declared by then is reported as late."))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Head-count")
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="head_count_closes_after_opening"
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(closed_on=None), name="head_count_one_open_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Declaration(models.Model):
    """A unit's number of people in a round, as somebody said it. A row is never changed: the last one counts."""

    head_count = models.ForeignKey(HeadCount, models.PROTECT, related_name="declarations")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="declarations")
    people = models.PositiveIntegerField(
        _("People declared"), help_text=_("Owners, employees and floating people together. Zero is an answer too.")
    )
    declared_on = models.DateField(_("Declared on"))
    said_by = models.CharField(_("Who says so"), max_length=64, help_text=_("Name of the person who answers for it."))
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Declaration")
        constraints = [
            models.CheckConstraint(condition=~Q(said_by=""), name="declaration_says_who"),
        ]
        indexes = [models.Index(fields=["head_count", "unit", "-recorded_at"])]
