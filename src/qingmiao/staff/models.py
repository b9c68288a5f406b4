"""Organisations, the people who work in them, their roles and how far each role reaches."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.audit.statements import Prepared, Slot


class Organisation(Versioned):
    """A place in the tree: city → district → subdistrict → community; bureau → unit; centre → site → area → desk."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        SUBDISTRICT = "subdistrict", _("Subdistrict")
        COMMUNITY = "community", _("Community or village")
        GRID = "grid", _("Grid")
        BUREAU = "bureau", _("Bureau")
        UNIT = "unit", _("Unit")
        CENTRE = "centre", _("Health centre")
        HOSPITAL = "hospital", _("Hospital")
        SCHOOL = "school", _("School or nursery")
        SITE = "site", _("Vaccination site")
        AREA = "area", _("Area")
        DESK = "desk", _("Desk")

    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=120)
    code = models.CharField(_("Code"), max_length=32, blank=True, help_text=_("National or local code, if it has one."))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(
        max_length=200, unique=True, help_text=_("Ids from the root down, as 1/4/9/; a subtree is a prefix.")
    )
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Organisation")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "kind", "name"], name="organisation_named_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organisation_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def contains(self, other: Organisation) -> bool:
        """Whether `other` is this organisation or lies below it."""
        return other.path.startswith(self.path)


class Outline(models.Model):
    """Where a place lies on the schematic map of those above it. No row: it is shown as a tile beside the others."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="outline")
    rings = models.JSONField(help_text=_("Closed lines of points on a sheet of 1000, y downwards."))

    class Meta:
        verbose_name = _("Outline on the map")


class Role(models.TextChoices):
    """What somebody does here. A role says nothing without the organisation it is held at."""

    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDITOR = "auditor", _("Audit administrator")
    LEADER = "leader", _("Head")
    OFFICE = "office", _("Office of the leading group")
    BUREAU_LIAISON = "bureau_liaison", _("Liaison of a bureau")
    UNIT_LIAISON = "unit_liaison", _("Liaison of a unit")
    SITE_HEAD = "site_head", _("Head of the site")
    FRONT_DESK = "front_desk", _("Front desk")
    CONSENT_DESK = "consent_desk", _("Consent desk")
    SCREENER = "screener", _("Screening doctor")
    VACCINATOR = "vaccinator", _("Vaccinator")
    OBSERVER = "observer", _("Observation nurse")
    CLINIC_DOCTOR = "clinic_doctor", _("Clinic doctor")
    STOCK_KEEPER = "stock_keeper", _("Stock keeper")
    DISEASE_CONTROL = "disease_control", _("Disease control officer")
    REPORTING_DOCTOR = "reporting_doctor", _("Reporting doctor")
    VILLAGE_DOCTOR = "village_doctor", _("Village doctor")
    SCHOOL_DOCTOR = "school_doctor", _("School doctor")


# No person may hold two of these (separation of the three administrators, 等保2.0 8.1.4.2d).
DISJOINT_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class UserManager(BaseUserManager["User"]):
    def get(self, *args: Any, **asked: Any) -> User:
        """One account. Django asks for the one of every request by `pk` alone: a prepared query answers that."""
        if args or set(asked) != {"pk"}:
            return super().get(*args, **asked)
        return _account.one(pk=asked["pk"])

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who works with Qingmiao: one person, one account."""

    username = models.CharField(_("Account"), max_length=64, unique=True)
    display_name = models.CharField(_("Name"), max_length=64)
    is_active = models.BooleanField(_("Active"), default=True)
    has_first_password = models.BooleanField(
        default=False, help_text=_("The password was given by an administrator and must be changed at sign-in.")
    )
    is_demo = models.BooleanField(
        default=False, help_text=_("Belongs to a demo world; its password is printed on the sign-in page.")
    )

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("Staff member")

    def __str__(self) -> str:
        return self.display_name


_account = Prepared(lambda: User.objects.filter(pk__is=Slot("pk")))


class Assignment(models.Model):
    """A role held by a person at an organisation, and so at all below it, between two days."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    role = models.CharField(_("Role"), max_length=24, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments")
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True, help_text=_("Last day; empty means open."))

    class Meta:
        verbose_name = _("Assignment")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="assignment_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "valid_from"], name="assignment_given_once"
            ),
        ]
