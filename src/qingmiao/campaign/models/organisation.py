"""Who does what in a campaign. Duties stay; people come and go as their holders."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.staff.models import Organisation, User


class Campaign(Versioned):
    """An effort of one organisation to bring certain people in between two days, led by its leading group."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="campaigns")
    kind = models.CharField(_("Kind"), max_length=24, help_text=_("As in rules/campaign/organisation.yaml."))
    title = models.CharField(_("Title"), max_length=120)
    indicator = models.CharField(
        max_length=64, blank=True, help_text=_("The figure that its progress is read from; empty: none yet.")
    )
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"), help_text=_("Last day of the plan."))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Campaign")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"),
            models.UniqueConstraint(fields=["organisation", "title"], name="campaign_named_once"),
        ]

    def __str__(self) -> str:
        return self.title


class MemberUnit(models.Model):
    """A unit that is a member of the leading group (成员单位), with who speaks for it."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="member_units")
    name = models.CharField(_("Member unit"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="memberships_of_campaigns"
    )
    spoken_for_by = models.CharField(_("Who speaks for it"), max_length=64, blank=True)
    phone = models.CharField(_("Duty phone"), max_length=32, blank=True)
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("Member unit")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="member_unit_once")]


class Group(Versioned):
    """The leading group of a campaign, or one of its working groups: any number, named as the office likes."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="groups")
    code = models.CharField(max_length=24, blank=True, help_text=_("Template it was made from; empty: its own."))
    name = models.CharField(_("Group"), max_length=64)
    remit = models.CharField(_("What it answers for"), max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_leading = models.BooleanField(default=False)
    valid_from = models.DateField(_("Valid from"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Working group")
        ordering = ["-is_leading", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="group_named_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(is_leading=True), name="group_one_leads_a_campaign"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(Versioned):
    """A post in a group: what it does and its phone. It keeps its tasks whoever holds it."""

    class Rank(models.TextChoices):
        LEADER = "leader", _("Leader of the group")
        DEPUTY = "deputy", _("Deputy leader of the group")
        CONTACT = "contact", _("Contact of the group")
        MEMBER = "member", _("Member of the group")

    group = models.ForeignKey(Group, models.PROTECT, related_name="duties")
    title = models.CharField(_("Duty post"), max_length=64)
    rank = models.CharField(_("Rank"), max_length=8, choices=Rank.choices, default=Rank.MEMBER)
    does = models.CharField(_("What it does"), max_length=200, blank=True)
    phone = models.CharField(
        _("Duty phone"), max_length=32, blank=True, help_text=_("Belongs to the duty and stays when people change.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("Duty post")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "title"], name="duty_named_once")]

    def __str__(self) -> str:
        return self.title


class Holder(models.Model):
    """Somebody who holds a duty, or stands in for its holder, between two days."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="holders")
    name = models.CharField(_("Name"), max_length=64)
    belongs_to = models.CharField(_("Unit and post"), max_length=120, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="duties_held", verbose_name=_("Account")
    )
    is_deputy = models.BooleanField(_("Deputy"), default=False, help_text=_("Stands in for the holder."))
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True, help_text=_("Last day; empty means open."))

    class Meta:
        verbose_name = _("Holder of a duty")
        ordering = ["is_deputy", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="holder_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["duty", "is_deputy"], condition=Q(valid_until=None), name="holder_one_open_at_a_time"
            ),
        ]

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Watch(models.Model):
    """Who is on call (值班) for a duty between two moments."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="watches")
    name = models.CharField(_("Name"), max_length=64)
    phone = models.CharField(_("Duty phone"), max_length=32, blank=True)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))

    class Meta:
        verbose_name = _("On-call duty")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="watch_ends_after_start"),
            models.UniqueConstraint(fields=["duty", "starts_at", "name"], name="watch_once"),
        ]
