"""What is said to people: materials that were approved, where they went, questions with answers, and rumours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.audit.models import Versioned
from qingmiao.campaign.models.organisation import Campaign
from qingmiao.campaign.models.pictures import Picture
from qingmiao.staff.models import Organisation


class Material(Versioned):
    """A text, poster or recording for people. It may be used while it is approved and not expired."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="materials")
    title = models.CharField(_("Publicity material"), max_length=120)
    text = models.TextField(_("Text"), blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(_("Source"), max_length=160, blank=True, help_text=_("Whose statement it rests on."))
    expires_on = models.DateField(_("Use until"))
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Publicity material")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None) | ~Q(approved_by_name=""), name="material_approved_says_who"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def may_be_used_on(self, day: date) -> bool:
        return self.approved_at is not None and self.withdrawn_at is None and day <= self.expires_on


class Activity(models.Model):
    """Something that was done to tell people: by which channel, where, when, and how many it reached. Never changed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="activities")
    channel = models.CharField(_("Channel"), max_length=24, help_text=_("Code of rules/campaign/publicity.yaml."))
    material = models.ForeignKey(
        Material, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("Publicity material")
    )
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="activities", verbose_name=_("Place"))
    where = models.CharField(_("Where exactly"), max_length=120, blank=True)
    at = models.DateTimeField(_("When"))
    reach = models.PositiveIntegerField(
        _("People reached"), null=True, blank=True, help_text=_("Copies, readers or doors.")
    )
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Publicity activity")
        ordering = ["-at", "-pk"]


class Question(Versioned):
    """A question or doubt with the answer that may be sent once it is approved."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="questions")
    question = models.CharField(_("Question"), max_length=200)
    answer = models.TextField(_("Answer"), max_length=1000)
    source = models.CharField(_("Source"), max_length=160, blank=True, help_text=_("Whose statement it rests on."))
    asked = models.PositiveIntegerField(default=1, help_text=_("How often it was heard."))
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("Question of the people")
        ordering = ["-asked", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None) | ~Q(approved_by_name=""), name="question_approved_says_who"
            )
        ]


class Rumour(Versioned):
    """A negative opinion or rumour: seen where and when, how risky, what was answered, who approved it, when closed."""

    class Risk(models.TextChoices):
        HIGH = "high", _("High risk")
        MEDIUM = "medium", _("Medium risk")
        LOW = "low", _("Low risk")

    class State(models.TextChoices):
        SEEN = "seen", pgettext_lazy("rumour", "To be answered")
        DRAFTED = "drafted", pgettext_lazy("rumour", "Answer waits for approval")
        ANSWERED = "answered", pgettext_lazy("rumour", "Answered")
        CLOSED = "closed", pgettext_lazy("rumour", "Closed")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="rumours")
    text = models.CharField(_("What is said"), max_length=400)
    channel = models.CharField(_("Seen in"), max_length=24, help_text=_("Code of rules/campaign/publicity.yaml."))
    where = models.CharField(_("Where exactly"), max_length=120, blank=True)
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="rumours", verbose_name=_("Place"))
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    seen_at = models.DateTimeField(_("Seen at"))
    told_at = models.DateTimeField(help_text=_("When it was written down here."))
    told_by_name = models.CharField(max_length=64)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    answer_by = models.DateTimeField(help_text=_("By when its risk asks for an answer."))
    state = models.CharField(max_length=10, choices=State.choices, default=State.SEEN)
    answer = models.TextField(_("Answer"), max_length=1000, blank=True)
    answered_where = models.CharField(_("Answered where"), max_length=120, blank=True)
    drafted_by_id = models.BigIntegerField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("What became of it"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Opinion or rumour")
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"])
                | Q(answered_at__isnull=False, approved_at__isnull=False) & ~Q(answer="") & ~Q(approved_by_name=""),
                name="rumour_answered_says_what_and_who_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None),
                name="rumour_closed_says_when",
            ),
            models.CheckConstraint(condition=~Q(state="drafted") | ~Q(answer=""), name="rumour_draft_says_something"),
        ]

    @property
    def time_to_answer(self) -> timedelta | None:
        """From being seen to being answered; None before that."""
        return self.answered_at - self.seen_at if self.answered_at else None

    def is_late_at(self, at: datetime) -> bool:
        return (self.answered_at or at) > self.answer_by
