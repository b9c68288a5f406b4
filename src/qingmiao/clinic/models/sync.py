"""Tablets and sheets that work without the server, and what became of everything they sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.clinic.models.sessions import Session
from qingmiao.clinic.models.visits import Visit
from qingmiao.clinic.sync import Outcome
from qingmiao.privacy.fields import SealedField
from qingmiao.registry.models import Dose
from qingmiao.staff.models import Organisation


class Tablet(models.Model):
    """A browser at a site that may go on working when the server is away. It names itself before the first contact."""

    id = models.UUIDField(primary_key=True)
    site = models.ForeignKey(Organisation, models.PROTECT, related_name="tablets")
    name = models.CharField(_("Name"), max_length=40, help_text=_("As written on the tablet."))
    key = SealedField(help_text=_("Opens what the tablet has queued, if the word on the tablet is forgotten."))
    enrolled_at = models.DateTimeField()
    enrolled_by_id = models.BigIntegerField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seconds_behind = models.FloatField(
        null=True, blank=True, help_text=_("Server's clock minus tablet's clock at the last contact.")
    )
    unsent = models.PositiveIntegerField(null=True, blank=True, help_text=_("As the tablet said at the last contact."))

    class Meta:
        verbose_name = _("Tablet")

    def __str__(self) -> str:
        return self.name


class SyncBatch(models.Model):
    """One sending of a tablet, or one sheet: how much came, and what was decided. Added, never changed."""

    tablet = models.ForeignKey(Tablet, models.PROTECT, null=True, blank=True, related_name="batches")
    site = models.ForeignKey(Organisation, models.PROTECT, related_name="sync_batches")
    received_at = models.DateTimeField(db_index=True)
    by_id = models.BigIntegerField()
    seconds_behind = models.FloatField(default=0)
    new = models.PositiveIntegerField(default=0)
    identical = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    old = models.PositiveIntegerField(default=0)
    discarded = models.PositiveIntegerField(default=0)
    invalid = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Sending")


class SyncEvent(models.Model):
    """One thing that somebody did at a tablet or wrote into a sheet, and what the server decided about it.

    What was sent is kept sealed, whatever was decided: nothing that a desk wrote down is ever lost.
    """

    id = models.UUIDField(primary_key=True, help_text=_("Made by the tablet, before it was sent."))
    tablet = models.ForeignKey(Tablet, models.PROTECT, null=True, blank=True, related_name="events")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="sync_events")
    revision = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveIntegerField(help_text=_("Order on the tablet."))
    kind = models.CharField(max_length=12)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="sync_events")
    content = SealedField()
    content_digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(null=True, blank=True, help_text=_("By the tablet's clock."))
    happened_at = models.DateTimeField(null=True, blank=True, help_text=_("By the server's clock."))
    received_at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Outcome])
    reason = models.CharField(max_length=24, blank=True)
    clock_doubt = models.BooleanField(default=False, help_text=_("The tablet's clock had been turned meanwhile."))
    dose = models.ForeignKey(Dose, models.PROTECT, null=True, blank=True, related_name="sync_events")
    by_id = models.BigIntegerField()
    answer = models.CharField(
        max_length=12, blank=True, choices=[("settled", _("Nothing to record")), ("recorded", _("Recorded"))]
    )
    answer_note = models.CharField(max_length=200, blank=True)
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Event of a tablet")
        indexes = [models.Index(fields=["outcome", "answer"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by_id=None)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by_id__isnull=False),
                name="sync_event_answered_by_whom_and_when",
            ),
        ]
