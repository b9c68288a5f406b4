"""Messages to guardians: what was to be sent, over which channel, what became of it, or why it was withheld."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.privacy.fields import SealedField
from qingmiao.registry.models import Person


class Channel(models.TextChoices):
    """How a guardian is written to."""

    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat official account")
    LETTER = "letter", _("Printed notice")


class Address(models.Model):
    """Where the guardian of a child is written to on a channel; without one, the phone on record gets a text."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    address = SealedField(_("Address"), null=True, help_text=_("E-mail address or WeChat id; empty for letters."))
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Address")
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="address_once_per_channel")]


class Message(models.Model):
    """One message to the guardian of one child. Whether it may go is decided when it goes, not when it is written."""

    class Kind(models.TextChoices):
        DUE = "due", _("Doses are due")
        REMINDER = "reminder", _("Reminder of a date")
        MISSED = "missed", _("A date was missed")
        CHANGED = "changed", _("The clinic day changed")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        WITHHELD = "withheld", _("Not sent")

    person = models.ForeignKey(Person, models.PROTECT, related_name="messages")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=8, default="zh")
    for_day = models.DateField(_("For"), help_text=_("The day it is about."))
    instead_of = models.DateField(null=True, blank=True, help_text=_("The day that was changed."))
    series = models.JSONField(default=list, help_text=_("Series and dose numbers it is about."))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True, help_text=_("Code: why it was not sent, or failed."))
    text = SealedField(_("Text"), null=True, help_text=_("As it went out."))
    planned_at = models.DateTimeField()
    planned_by_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text=_("When the gateway said what became of it."))
    gateway_id = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("Message")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "for_day", "channel"], name="message_once_per_day_and_kind"
            ),
            models.CheckConstraint(condition=~Q(state="withheld") | ~Q(reason=""), name="message_withheld_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False), name="message_sent_says_when"
            ),
        ]
        indexes = [models.Index(fields=["state", "planned_at"])]
