"""The morning meeting and the evening dispatch: what was shown, said and decided, and what was sent to the units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.campaign.models.organisation import Campaign
from qingmiao.campaign.models.tasks import Task
from qingmiao.staff.models import Organisation


class Meeting(Versioned):
    """A meeting on a day. It keeps the figures as they were shown, and the actions it found unfinished."""

    class Kind(models.TextChoices):
        MORNING = "morning", _("Morning meeting")
        EVENING = "evening", _("Evening dispatch")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="meetings")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    day = models.DateField(_("Day"))
    opened_at = models.DateTimeField()
    chair = models.CharField(_("Chair"), max_length=64)
    present = models.CharField(_("Who is present"), max_length=400, blank=True)
    minutes_by = models.CharField(_("Minutes by"), max_length=64, blank=True)
    snapshot = models.BigIntegerField(null=True, help_text=_("Number of the frozen figure that was shown."))
    figures = models.JSONField(default=dict, help_text=_("The figures as they were shown, with the rule they follow."))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Meeting")
        ordering = ["-day", "-opened_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "day", "kind"], name="meeting_once_a_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"


class Point(models.Model):
    """A problem that was brought up, or a decision that was taken. Never changed."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", pgettext_lazy("meeting", "Problem")
        DECISION = "decision", pgettext_lazy("meeting", "Decision")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="points")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    text = models.CharField(_("What was said"), max_length=400)
    place = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("About which unit")
    )
    answers = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("Answers which problem"),
    )
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Point of a meeting")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="point_says_something")]


class MeetingTask(models.Model):
    """An action on a meeting's table: inherited unfinished, or given by it; with the state it had then."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="tasks")
    task = models.ForeignKey(Task, models.PROTECT, related_name="meetings")
    is_inherited = models.BooleanField()
    state_then = models.CharField(max_length=8)
    due_then = models.DateTimeField()
    answers = models.ForeignKey(Point, models.PROTECT, null=True, blank=True, related_name="tasks")

    class Meta:
        ordering = ["due_then", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "task"], name="meeting_task_once")]


class Dispatch(Versioned):
    """What a unit was sent after the evening: its own line of the bulletin, and whether its liaison has seen it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="dispatches")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="dispatches")
    line = models.JSONField(help_text=_("Done, of, place and change since yesterday, as they were sent."))
    text = models.CharField(_("Message"), max_length=400, blank=True)
    sent_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Dispatch to a unit")
        ordering = ["-sent_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="dispatch_once_per_unit")]
