"""The audit of missed cards: registers as they came, the cases found in them, and what was answered and decided."""

from __future__ import annotations

import json

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.privacy.fields import SealedField
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.models.cards import ReportCard


class MissedAudit(Versioned):
    """One audit of one place over some days, usually a quarter."""

    place = models.ForeignKey(
        Organisation, models.PROTECT, related_name="missed_audits", verbose_name=_("Audited place")
    )
    title = models.CharField(_("Title"), max_length=80)
    since = models.DateField(_("From"))
    until = models.DateField(_("To"))
    sample_size = models.PositiveIntegerField(
        _("Rows to draw from each register"), default=0, help_text=_("0: all rows. Drawn anew only if rows are added.")
    )
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    examined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Audit of missed cards")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="missed_audit_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title


class Register(models.Model):
    """One file of an audit: an outpatient, inpatient, laboratory or imaging register."""

    audit = models.ForeignKey(MissedAudit, models.CASCADE, related_name="registers")
    kind = models.CharField(_("Which register"), max_length=12)
    name = models.CharField(_("File"), max_length=200)
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text=_("Field to column."))
    rows = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField()
    read_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Register")
        constraints = [models.UniqueConstraint(fields=["audit", "sha256"], name="register_once_per_audit")]


class RegisterLine(models.Model):
    """One row of a register as it came, sealed."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    content = SealedField(help_text=_("The cells, as JSON."))

    class Meta:
        verbose_name = _("Row of a register")
        constraints = [models.UniqueConstraint(fields=["register", "line"], name="register_line_once")]

    @cached_property
    def cells(self) -> list[str]:
        """The cells, opened."""
        opened: list[str] = json.loads(self.content.reveal())
        return opened


class AuditCase(Versioned):
    """A person with a notifiable disease, as the registers tell it: reported or missed, in time or late."""

    class Answer(models.TextChoices):
        NONE = "", _("Not answered")
        MISSED = "missed", _("Yes, forgotten")
        NO_CASE = "no_case", _("No notifiable case")
        ELSEWHERE = "elsewhere", _("Reported elsewhere")
        EARLIER = "earlier", _("Reported before")

    class Verdict(models.TextChoices):
        NONE = "", _("Not decided")
        UPHELD = "upheld", _("The finding stands")
        WITHDRAWN = "withdrawn", _("The finding is withdrawn")

    audit = models.ForeignKey(MissedAudit, models.CASCADE, related_name="cases")
    key = models.CharField(max_length=120)
    disease = models.CharField(_("Disease"), max_length=60)
    first_at = models.DateTimeField()
    doctor = models.CharField(_("Doctor"), max_length=60, blank=True)
    department = models.CharField(_("Department"), max_length=60, blank=True)
    words = models.CharField(max_length=200, help_text=_("What the finding rests on."))
    is_suspected = models.BooleanField(default=False)
    lines = models.ManyToManyField(RegisterLine, related_name="cases")
    card = models.ForeignKey(ReportCard, models.PROTECT, null=True, blank=True, related_name="audit_cases")
    is_late = models.BooleanField(default=False)
    is_incomplete = models.BooleanField(default=False)
    differs = models.JSONField(default=list)
    answer = models.CharField(_("The doctor's answer"), max_length=12, choices=Answer.choices, blank=True)
    answer_text = models.CharField(_("In the doctor's words"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    verdict = models.CharField(
        pgettext_lazy("surveillance", "Verdict"), max_length=12, choices=Verdict.choices, blank=True
    )
    verdict_reason = models.CharField(_("Reason of the verdict"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Case of an audit")
        ordering = ["first_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "key"], name="audit_case_once"),
            models.CheckConstraint(condition=Q(verdict="") | ~Q(verdict_reason=""), name="audit_case_verdict_says_why"),
        ]

    @property
    def is_missed(self) -> bool:
        return self.card_id is None


class RewardRule(Versioned):
    """What a place pays and deducts for cards, from a day on. Rows are added; a later one replaces an earlier one."""

    place = models.ForeignKey(Organisation, models.PROTECT, related_name="reward_rules")
    effective_from = models.DateField(_("Effective from"))
    amounts = models.JSONField(help_text=_("Yuan by kind of finding."))
    reason = models.CharField(_("Decision it rests on"), max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Rule of rewards and penalties")
        ordering = ["-effective_from", "-pk"]


class QuarterSheet(Versioned):
    """The sheet of an audit by doctor, frozen as it was signed."""

    audit = models.OneToOneField(MissedAudit, models.PROTECT, related_name="sheet")
    rule = models.ForeignKey(RewardRule, models.PROTECT, related_name="sheets")
    lines = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by_id = models.BigIntegerField(null=True)
    signature = SealedField(null=True)

    class Meta:
        verbose_name = _("Quarter's sheet")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(signature__isnull=False), name="quarter_sheet_signed_has_signature"
            )
        ]


class Objection(Versioned):
    """A doctor objects to a line of the sheet; somebody decides, and both are kept."""

    sheet = models.ForeignKey(QuarterSheet, models.PROTECT, related_name="objections")
    doctor = models.CharField(_("Doctor"), max_length=60)
    text = models.CharField(_("Objection"), max_length=400)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    is_granted = models.BooleanField(null=True)
    decision = models.CharField(pgettext_lazy("surveillance", "Decision"), max_length=400, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Objection")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_granted=None) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="objection_decided_says_why",
            )
        ]
