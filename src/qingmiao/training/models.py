"""What staff learned: sessions with who came, material, tests with their answers, certificates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.staff.models import Organisation, User


class TrainingSession(Versioned):
    """A training as it was held, or as it is planned."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="trainings", verbose_name=_("Held by"))
    topic = models.CharField(_("Topic"), max_length=120)
    held_on = models.DateField(_("Day"))
    place = models.CharField(_("Place"), max_length=120, blank=True)
    hours = models.DecimalField(_("Hours"), max_digits=4, decimal_places=1)
    teacher = models.CharField(_("Teacher"), max_length=64, blank=True)
    content = models.TextField(_("What was taught"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Training")
        ordering = ["-held_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="training_lasts")]

    def __str__(self) -> str:
        return self.topic


class Material(models.Model):
    """A file that was handed out or shown at a training."""

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="materials")
    name = models.CharField(_("File"), max_length=160)
    content = models.FileField(upload_to="training/%Y/%m/", max_length=200)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Material")
        constraints = [models.UniqueConstraint(fields=["session", "sha256"], name="training_material_once")]


class Attendance(models.Model):
    """Somebody who was asked to a training: came, or did not and why."""

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(User, models.PROTECT, related_name="attendances")
    came = models.BooleanField(_("Came"))
    reason = models.CharField(_("Why not"), max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Attendance")
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="attendance_once")]


class Attempt(models.Model):
    """A test that somebody took: the questions as they were shown, made from the rules in force, and the answers."""

    user = models.ForeignKey(User, models.PROTECT, related_name="attempts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="attempts")
    rules_on = models.DateField(help_text=_("The day whose rules were asked."))
    questions = models.JSONField(help_text=_("Texts, choices, the right one and its rule, as they were shown."))
    answers = models.JSONField(default=list, help_text=_("The choice taken per question; null for none."))
    pass_percent = models.PositiveSmallIntegerField()
    right = models.PositiveSmallIntegerField(_("Right"), null=True, blank=True)
    started_at = models.DateTimeField(_("Started"))
    finished_at = models.DateTimeField(_("Handed in"), null=True, blank=True)

    class Meta:
        verbose_name = _("Test")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None, right=None) | Q(finished_at__gte=F("started_at"), right__isnull=False),
                name="attempt_finished_is_marked",
            ),
        ]

    @property
    def percent(self) -> int | None:
        """Share of right answers in whole percent, rounded down; None before it is handed in."""
        return None if self.right is None else 100 * self.right // len(self.questions)

    @property
    def is_passed(self) -> bool:
        """Handed in, with enough right answers."""
        return self.percent is not None and self.percent >= self.pass_percent


class Certificate(models.Model):
    """That somebody passed a test on the rules: valid between two days, with a number that can be looked up."""

    number = models.CharField(_("Number"), max_length=24, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="certificates")
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="certificate")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="certificates")
    issued_on = models.DateField(_("Issued on"))
    valid_until = models.DateField(_("Valid until"))
    issued_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Training certificate")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("issued_on")), name="certificate_ends_after_start")
        ]
