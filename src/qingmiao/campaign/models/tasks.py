"""Tasks: each belongs to a duty, so that whoever holds the duty finds it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.campaign.models.organisation import Campaign, Duty
from qingmiao.campaign.models.pictures import Picture


class Task(Versioned):
    """Something a duty has to have done by a moment. It is done when its evidence was accepted, never by ticking."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        REPORTED = "reported", _("Reported as done")
        CLOSED = "closed", pgettext_lazy("task", "Done")
        DROPPED = "dropped", _("Dropped")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tasks")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="tasks", verbose_name=_("Duty post"))
    title = models.CharField(_("What is to be done"), max_length=200)
    due_at = models.DateTimeField(_("Due"))
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reported_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Task")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["closed", "dropped"], ended_at__isnull=False)
                | Q(state__in=["open", "reported"], ended_at=None),
                name="task_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_at__isnull=False), name="task_reported_says_when"
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state", "due_at"], name="task_by_state")]

    def __str__(self) -> str:
        return self.title

    def is_late_at(self, at: datetime) -> bool:
        """Whether it is open past its time; a report that waits to be accepted is late only if it came late."""
        if self.state == self.State.REPORTED and self.reported_at is not None:
            return self.reported_at > self.due_at
        return self.state == self.State.OPEN and at > self.due_at


class TaskStep(models.Model):
    """What happened to a task: opened, reported with evidence, accepted, sent back, moved, dropped. Never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", pgettext_lazy("task", "Opened")
        REPORTED = "reported", _("Reported as done")
        ACCEPTED = "accepted", pgettext_lazy("task", "Evidence accepted")
        SENT_BACK = "sent_back", _("Sent back")
        MOVED = "moved", _("Given another time")
        DROPPED = "dropped", _("Dropped")

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(_("Evidence or reason"), max_length=400, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, help_text=_("When it is due after this step."))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Step of a task")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["opened", "accepted"]) | ~Q(text=""), name="task_step_says_why"
            )
        ]
