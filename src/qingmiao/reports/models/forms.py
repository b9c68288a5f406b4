"""Statutory forms: one for each unit, kind and period; every submission is kept as it was sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.staff.models import Organisation


class Form(Versioned):
    """A form of a unit for a period: a draft until it is submitted, amended when it had to be sent again."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("form", "Draft")
        SUBMITTED = "submitted", pgettext_lazy("form", "Submitted")
        AMENDED = "amended", pgettext_lazy("form", "Amended")

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="forms", verbose_name=_("Unit"))
    kind = models.CharField(_("Form"), max_length=24, help_text=_("As in rules/forms."))
    period = models.DateField(_("Period"), help_text=_("First day of the month."))
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    content = models.JSONField(help_text=_("Rows and cells as they were counted last."))
    counted_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Form")
        ordering = ["-period", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "period"], name="form_once_per_unit_kind_and_period"),
        ]


class FormIssue(models.Model):
    """A form as it was sent: the first is the submission, each later one an amendment that says why. Never changed."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    counted_at = models.DateTimeField()
    submitted_at = models.DateTimeField()
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by_name = models.CharField(max_length=64)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Form as sent")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_issue_numbered_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="form_amendment_says_why"),
            models.CheckConstraint(condition=Q(number__gte=1), name="form_issue_counts_from_one"),
        ]
