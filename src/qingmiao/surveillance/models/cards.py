"""Report cards of infectious diseases, what happened to them, zero reports, and signs of an outbreak."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.privacy.fields import SealedField
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation


class ReportCard(Versioned):
    """One card about one case. The person's particulars are sealed; beside them stands what figures need."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SUBMITTED = "submitted", pgettext_lazy("surveillance", "Handed in")
        RETURNED = "returned", pgettext_lazy("surveillance", "Returned")
        REPORTED = "reported", pgettext_lazy("surveillance", "Reported")
        ACCEPTED = "accepted", pgettext_lazy("surveillance", "Accepted")
        CORRECTED = "corrected", _("Replaced by a correction")
        DUPLICATE = "duplicate", _("Duplicate")
        DROPPED = "dropped", pgettext_lazy("surveillance", "Put aside")

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="report_cards", verbose_name=_("Reported by"))
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.DRAFT)
    content = SealedField(help_text=_("The card as it is filled in, as JSON."))
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_cards",
        help_text=_("The person on record, if the number is known here."),
    )
    number_lookup = models.BinaryField(max_length=16, null=True, db_index=True)
    name_lookup = models.BinaryField(max_length=16, null=True, db_index=True, help_text=_("Name and birth date."))
    place_lookup = models.BinaryField(max_length=16, null=True, db_index=True, help_text=_("School or work place."))
    disease = models.CharField(_("Disease"), max_length=60, blank=True, db_index=True)
    case_kind = models.CharField(_("Kind of case"), max_length=2, blank=True)
    sex = models.CharField(_("Sex"), max_length=1, blank=True)
    age_years = models.PositiveSmallIntegerField(_("Age"), null=True, blank=True)
    occupation = models.CharField(_("Occupation"), max_length=2, blank=True)
    area = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("Lives in")
    )
    onset_on = models.DateField(pgettext_lazy("surveillance", "Onset"), null=True, blank=True, db_index=True)
    diagnosed_at = models.DateTimeField(_("Diagnosed at"), null=True, blank=True)
    died_on = models.DateField(_("Died on"), null=True, blank=True)
    department = models.CharField(_("Department"), max_length=60, blank=True)
    doctor = models.CharField(_("Doctor"), max_length=60, blank=True)
    due_at = models.DateTimeField(_("To be reported by"), null=True, blank=True, db_index=True)
    written_by_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(
        _("Entered in the national system at"), null=True, blank=True, help_text=_("As its receipt says.")
    )
    reported_by_id = models.BigIntegerField(null=True)
    national_number = models.CharField(_("Card number of the national system"), max_length=40, blank=True)
    late_because = models.CharField(_("Why it is late"), max_length=200, blank=True)
    another_case_because = models.CharField(
        max_length=200, blank=True, help_text=_("Why this is not the case of an earlier card of the same person.")
    )
    returned_because = models.CharField(_("Why it was returned"), max_length=200, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")

    class Meta:
        verbose_name = _("Report card")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("reported", "accepted")) | Q(reported_at__isnull=False, due_at__isnull=False),
                name="report_card_reported_says_when",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None) | Q(due_at=None) | Q(reported_at__lte=F("due_at")) | ~Q(late_because=""),
                name="report_card_late_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_because=""), name="report_card_returned_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="duplicate") | Q(duplicate_of__isnull=False),
                name="report_card_duplicate_says_of_what",
            ),
            models.CheckConstraint(condition=~Q(corrects=F("id")), name="report_card_not_correcting_itself"),
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The content, opened: field to text."""
        opened: dict[str, Any] = json.loads(self.content.reveal())
        return opened

    @property
    def is_late(self) -> bool:
        """Whether it was reported after its deadline; a card not yet reported is not asked here."""
        return bool(self.reported_at and self.due_at and self.reported_at > self.due_at)


class CardEvent(models.Model):
    """Something that happened to a card, with the card as it stood then: added, never changed."""

    card = models.ForeignKey(ReportCard, models.PROTECT, related_name="events")
    event = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    content = SealedField(null=True)

    class Meta:
        verbose_name = _("Event of a card")
        ordering = ["at", "pk"]


class CardExport(models.Model):
    """A file of cards that was written for the national system. Nothing here says that it was sent."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    cards = models.JSONField(default=list, help_text=_("Keys of the cards in the file."))

    class Meta:
        verbose_name = _("Export of cards")


class ZeroReport(models.Model):
    """A place says that it had no case in a period: an explicit answer, once."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="zero_reports")
    kind = models.CharField(max_length=24)
    first = models.DateField()
    last = models.DateField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Zero report")
        constraints = [models.UniqueConstraint(fields=["place", "kind", "first"], name="zero_report_once")]


class OutbreakSign(Versioned):
    """Cases of one disease from one school or work place in a few days; somebody must look and decide."""

    class State(models.TextChoices):
        OPEN = "open", _("To be looked into")
        CONFIRMED = "confirmed", _("Outbreak")
        DISMISSED = "dismissed", _("No outbreak")

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="outbreak_signs")
    disease = models.CharField(_("Disease"), max_length=60)
    place_lookup = models.BinaryField(max_length=16)
    school = models.CharField(_("School or work place"), max_length=120)
    level = models.CharField(max_length=12)
    cases = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text=_("To be reported by, if it is an outbreak."))
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    finding = models.CharField(pgettext_lazy("surveillance", "What was found"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("Sign of an outbreak")
        constraints = [
            models.UniqueConstraint(
                fields=["place_lookup", "disease"], condition=Q(state="open"), name="outbreak_sign_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | (Q(decided_at__isnull=False) & ~Q(finding="")),
                name="outbreak_sign_decided_says_what",
            ),
        ]
