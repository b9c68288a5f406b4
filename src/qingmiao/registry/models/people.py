"""People, their numbers, phones and guardians, the units they work in and the key groups they belong to."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.law.months import years_between
from qingmiao.privacy.fields import SealedField
from qingmiao.privacy.masking import masked_name, masked_number, masked_phone
from qingmiao.staff.models import Organisation


class Person(Versioned):
    """One human being. Merged people point at the one they were merged into and are kept, so a merge can be undone."""

    class Sex(models.TextChoices):  # GB/T 2261.1
        UNKNOWN = "0", _("Unknown")
        MALE = "1", _("Male")
        FEMALE = "2", _("Female")
        UNSTATED = "9", _("Not stated")

    class Residence(models.TextChoices):
        UNKNOWN = "unknown", _("Not known")
        LOCAL = "local", _("Local")
        FLOATING = "floating", _("Floating (3 months or more)")
        TEMPORARY = "temporary", _("Temporary (under 3 months)")

    class Status(models.TextChoices):
        PRESENT = "present", _("Present")
        MOVED = "moved", _("Moved away")
        DEAD = "dead", _("Died")

    name = models.CharField(_("Name"), max_length=120, blank=True, help_text=_("As on the document."))
    name_spelled = models.CharField(
        max_length=160, blank=True, db_index=True, help_text=_("Pinyin without tones, for search and sorting.")
    )
    name_initials = models.CharField(max_length=24, blank=True, db_index=True)
    sex = models.CharField(_("Sex"), max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("Birth date"), null=True, blank=True)
    birth_time = models.TimeField(_("Birth time"), null=True, blank=True, help_text=_("Local time, if known."))
    residence = models.CharField(_("Residence"), max_length=16, choices=Residence.choices, default=Residence.UNKNOWN)
    home = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("Community, village or grid"),
    )
    address = models.CharField(_("Address"), max_length=200, blank=True, help_text=_("Down to the door."))
    status = models.CharField(_("Status"), max_length=16, choices=Status.choices, default=Status.PRESENT)
    status_on = models.DateField(null=True, blank=True, help_text=_("Since when."))
    brought_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people_brought",
        help_text=_("Whose list or desk put this person on record: it may see them, even if they belong to no unit."),
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Person")
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(birth_time=None) | Q(birth_date__isnull=False), name="person_birth_time_needs_date"
            ),
        ]
        indexes = [models.Index(fields=["name"]), models.Index(fields=["birth_date"])]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_name(self) -> str:
        return masked_name(self.name)

    def age_on(self, day: date) -> int | None:
        """Completed years on `day`; None when the birth date is not known or lies after it."""
        if self.birth_date is None or self.birth_date > day:
            return None
        return years_between(self.birth_date, day)


class Identifier(models.Model):
    """A number that a document gives a person. Two people never hold the same one."""

    class Kind(models.TextChoices):
        ID_CARD = "id_card", _("Identity card")
        BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
        PASSPORT = "passport", _("Passport")
        HK_MACAO_PERMIT = "hk_macao_permit", _("Permit for Hong Kong and Macao residents")
        TAIWAN_PERMIT = "taiwan_permit", _("Permit for Taiwan residents")
        CHILD_CODE = "child_code", _("Child code")
        CASE_CODE = "case_code", _("Immunization case code")

    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("Kind of document"), max_length=20, choices=Kind.choices)
    number = SealedField(_("Number"))
    lookup = models.BinaryField(max_length=16, help_text=_("Keyed hash of kind and number."))
    is_checked = models.BooleanField(
        default=True, help_text=_("The check digit is right; a number with a wrong one is kept as it stands.")
    )

    class Meta:
        verbose_name = _("Identifier")
        constraints = [models.UniqueConstraint(fields=["lookup"], name="identifier_belongs_to_one_person")]

    @property
    def masked(self) -> str:
        return masked_number(self.number.reveal())


class Phone(models.Model):
    """A phone number of a person; several people may share one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="phones")
    number = SealedField(_("Phone"))
    lookup = models.BinaryField(max_length=16, db_index=True)
    note = models.CharField(_("Note"), max_length=40, blank=True, help_text=_("Whose it is, when to ring."))

    class Meta:
        verbose_name = _("Phone")
        constraints = [models.UniqueConstraint(fields=["person", "lookup"], name="phone_once_per_person")]

    @property
    def masked(self) -> str:
        return masked_phone(self.number.reveal())


class Guardian(models.Model):
    """Somebody who answers for a child: by name, and by phone where one is known."""

    child = models.ForeignKey(Person, models.CASCADE, related_name="guardians")
    name = models.CharField(_("Guardian"), max_length=120)
    relation = models.CharField(_("Relation"), max_length=20, blank=True)
    phone = SealedField(_("Phone"), null=True, blank=True)
    phone_lookup = models.BinaryField(max_length=16, null=True, db_index=True)

    class Meta:
        verbose_name = _("Guardian")


class UnitMembership(models.Model):
    """A person belongs to a unit between two days. One person may belong to several; each figure counts him once."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    position = models.CharField(_("Position"), max_length=40, blank=True, help_text=_("Owner, employee, …"))
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Membership of a unit")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit"], condition=Q(until=None), name="membership_once_at_a_time"
            )
        ]


class KeyGroup(models.Model):
    """A group of people who are to be vaccinated first (重点人群): names and codes are data."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(_("Key group"), max_length=80)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("Key group")

    def __str__(self) -> str:
        return self.name


class KeyGroupMembership(models.Model):
    """A person belongs to a key group."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="key_groups")
    group = models.ForeignKey(KeyGroup, models.PROTECT, related_name="members")
    since = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="key_group_once_per_person")]
