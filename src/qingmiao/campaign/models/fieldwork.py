"""Work at the door: who answers for which place, the list of the day, and what was heard at each visit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.campaign.models.organisation import Campaign
from qingmiao.campaign.models.pictures import Picture
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation, User


class Level(models.TextChoices):
    """From which level somebody comes to a door."""

    GRID = "grid", _("Grid worker")
    COMMUNITY = "community", _("Community or unit")
    SUBDISTRICT = "subdistrict", _("Subdistrict or bureau")
    DOCTOR = "doctor", _("Doctor")


class Responsibility(models.Model):
    """Who answers for a place (包保): a leader for a community, a worker for a grid, somebody for a house."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="responsibilities")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="responsibilities", verbose_name=_("Place"))
    doors = models.CharField(
        _("Doors"), max_length=80, blank=True, help_text=_("Beginning of the address, such as 3号楼2单元; empty: all.")
    )
    level = models.CharField(_("Level"), max_length=12, choices=Level.choices)
    name = models.CharField(_("Name"), max_length=64)
    phone = models.CharField(_("Duty phone"), max_length=32, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="responsibilities", verbose_name=_("Account")
    )
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("Responsibility")
        ordering = ["place__path", "level", "doors", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="responsibility_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["campaign", "place", "doors", "level"],
                condition=Q(valid_until=None),
                name="responsibility_one_open_at_a_time",
            ),
        ]


class DoorVisit(models.Model):
    """What was heard when somebody was visited or rung up. Never changed; the last one says where the person stands."""

    class Result(models.TextChoices):
        WILLING = "willing", _("Willing")
        REFUSED = "refused", _("Refused")
        NOT_REACHED = "not_reached", _("Not reached")
        DEFERRED = "deferred", _("Cannot now, later")
        CONTRAINDICATED = "contraindicated", _("Says a doctor forbade it")
        ELSEWHERE = "elsewhere", _("Vaccinated elsewhere")
        MOVED = "moved", _("Moved away")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="door_visits")
    person = models.ForeignKey(Person, models.PROTECT, related_name="door_visits")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="door_visits")
    level = models.CharField(_("Level"), max_length=12, choices=Level.choices)
    result = models.CharField(_("Result"), max_length=16, choices=Result.choices)
    reason = models.CharField(
        _("Reason"), max_length=24, blank=True, help_text=_("Code of rules/campaign/fieldwork.yaml.")
    )
    note = models.CharField(_("Note"), max_length=200, blank=True)
    until = models.DateField(_("Until"), null=True, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Visit at the door")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(result="refused") | ~Q(reason=""), name="door_refusal_says_why"),
            models.CheckConstraint(
                condition=~Q(result="deferred") | Q(until__isnull=False), name="door_deferral_has_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "person", "-at"], name="door_visit_of_person"),
            models.Index(fields=["campaign", "day"], name="door_visit_of_day"),
        ]


class DayListEntry(models.Model):
    """Somebody who is to be reached on a day (日清零): on the list of the place where they live or work."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="day_entries")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="day_entries")
    day = models.DateField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="day_entries")
    put_on_at = models.DateTimeField()

    class Meta:
        verbose_name = _("On the list of a day")
        ordering = ["place__path", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "day", "person"], name="day_entry_once")]
        indexes = [models.Index(fields=["campaign", "day", "place"], name="day_entry_of_place")]


class SignedCount(models.Model):
    """The figures of a patch or unit as somebody signed them for a day. Never changed; signing again adds a row."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="signed_counts")
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="signed_counts")
    day = models.DateField()
    counts = models.JSONField(help_text=_("People by standing, as counted when it was signed."))
    declared = models.PositiveIntegerField(null=True)
    signed_by = models.CharField(_("Signed by"), max_length=64)
    signed_at = models.DateTimeField()
    signed_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Signed figures of a place")
        ordering = ["-signed_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(signed_by=""), name="signed_count_says_who")]
        indexes = [models.Index(fields=["campaign", "place", "-day"], name="signed_count_of_place")]


class Forerunner(models.Model):
    """Somebody who is to go first: an owner, an official, a relative of one (示范带动)."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        OFFICIAL = "official", _("Official")
        PARTY = "party", _("Party member")
        RELATIVE = "relative", _("Relative")
        MEDICAL = "medical", _("Medical staff")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="forerunners")
    person = models.ForeignKey(Person, models.PROTECT, related_name="leads_in")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    named_at = models.DateTimeField()
    named_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Leads by example")
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="forerunner_once")]
