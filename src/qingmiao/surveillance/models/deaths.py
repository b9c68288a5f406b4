"""Medical certificates of death, what happened to them, and lists that they are compared with."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.privacy.fields import SealedField
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation


class DeathCertificate(Versioned):
    """One certificate about one death. The particulars are sealed; beside them stands what clocks and figures need."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        ISSUED = "issued", _("Issued")
        UPLOADED = "uploaded", pgettext_lazy("surveillance", "Uploaded")
        RETURNED = "returned", pgettext_lazy("surveillance", "Returned")
        REVIEWED = "reviewed", _("Reviewed")
        CORRECTED = "corrected", _("Replaced by a correction")

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="death_certificates")
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.DRAFT)
    content = SealedField(help_text=_("The certificate as JSON."))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="death_certificates")
    number_lookup = models.BinaryField(max_length=16, null=True, db_index=True)
    name_lookup = models.BinaryField(max_length=16, null=True, db_index=True)
    sex = models.CharField(max_length=1, blank=True)
    age_years = models.PositiveSmallIntegerField(null=True, blank=True)
    died_on = models.DateField(_("Died on"), null=True, blank=True, db_index=True)
    issued_on = models.DateField(pgettext_lazy("surveillance", "Issued on"), null=True, blank=True)
    underlying_code = models.CharField(_("Underlying cause"), max_length=8, blank=True)
    due_at = models.DateTimeField(_("To be uploaded by"), null=True, blank=True, db_index=True)
    opened_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    uploaded_at = models.DateTimeField(_("Uploaded at"), null=True, blank=True)
    uploaded_by_id = models.BigIntegerField(null=True)
    national_number = models.CharField(max_length=40, blank=True)
    late_because = models.CharField(_("Why it is late"), max_length=200, blank=True)
    returned_because = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")

    class Meta:
        verbose_name = _("Death certificate")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("uploaded", "reviewed")) | Q(uploaded_at__isnull=False),
                name="death_uploaded_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | ~Q(underlying_code=""), name="death_reviewed_has_cause"
            ),
        ]

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The content, opened."""
        opened: dict[str, Any] = json.loads(self.content.reveal())
        return opened


class DeathEvent(models.Model):
    """Something that happened to a certificate, with the certificate as it stood: added, never changed."""

    certificate = models.ForeignKey(DeathCertificate, models.PROTECT, related_name="events")
    event = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    content = SealedField(null=True)

    class Meta:
        verbose_name = _("Event of a death certificate")
        ordering = ["at", "pk"]


class PlaceDeadline(models.Model):
    """A place's own, shorter or longer, number of days for a clock, from a day on."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="own_deadlines")
    clock = models.CharField(max_length=32)
    days = models.PositiveSmallIntegerField(pgettext_lazy("surveillance", "Days"))
    effective_from = models.DateField(_("Effective from"))
    reason = models.CharField(_("Document it rests on"), max_length=200)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Deadline of a place")
        constraints = [models.UniqueConstraint(fields=["place", "clock", "effective_from"], name="place_deadline_once")]


class DeathList(models.Model):
    """A list of deaths from the civil registry or a village, to be compared with the certificates."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="death_lists")
    source = models.CharField(_("Source"), max_length=80)
    name = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField()
    rows = SealedField(help_text=_("Its rows, as JSON."))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("List of deaths")
        ordering = ["-at"]
