"""What guardians think of a visit, and what they complain about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.privacy.fields import SealedField
from qingmiao.staff.models import Organisation


class Rating(models.Model):
    """One answer after a visit, by the code on the slip. It names nobody."""

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="ratings")
    day = models.DateField(_("Day"))
    ticket = models.BinaryField(max_length=32, unique=True, help_text=_("Hash of the slip's code: one answer each."))
    overall = models.PositiveSmallIntegerField(_("All in all"))
    waiting = models.PositiveSmallIntegerField(_("Waiting time"))
    explained = models.PositiveSmallIntegerField(_("Explained"))
    text = models.CharField(_("Remark"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Rating")
        constraints = [
            models.CheckConstraint(
                condition=Q(overall__range=(1, 5), waiting__range=(1, 5), explained__range=(1, 5)),
                name="rating_from_one_to_five",
            )
        ]
        indexes = [models.Index(fields=["site", "day"])]


class Complaint(Versioned):
    """A complaint about a site, with the answer and when it was closed."""

    site = models.ForeignKey(Organisation, models.PROTECT, related_name="complaints")
    text = SealedField(_("What happened"))
    contact = SealedField(_("Phone"), null=True, help_text=_("Where the answer goes; may be left out."))
    raised_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text=_("Until then an answer is owed."))
    answer = models.CharField(_("Answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Complaint")
        ordering = ["closed_at", "raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="complaint_answered_says_when",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(answered_at__isnull=False), name="complaint_closed_after_answer"
            ),
        ]
