"""Who keeps a child's record and as what: one row for each stretch of time, the open one holds now."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.registry.models.people import Person
from qingmiao.staff.models import Organisation


class Management(models.Model):
    """A clinic manages a child's record from one day to another, as a resident, floating or temporary child."""

    class Residence(models.TextChoices):
        LOCAL = "local", _("Local")
        FLOATING = "floating", _("Floating (3 months or more)")
        TEMPORARY = "temporary", _("Temporary (under 3 months)")

    class Ending(models.TextChoices):
        """Why a stretch ended; the row stays."""

        OPEN = "", _("Managed here")
        CHANGED = "changed", _("Residence or unit changed")
        MOVED = "moved", _("Moved away")
        AWAY = "away", _("Away for a time")
        DEAD = "dead", pgettext_lazy("record", "Died")

    person = models.ForeignKey(Person, models.PROTECT, related_name="managements")
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="managed_children", verbose_name=_("Managing unit")
    )
    residence = models.CharField(_("Residence"), max_length=16, choices=Residence.choices)
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"), null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True, default=Ending.OPEN)
    came_from = models.CharField(
        _("Came from"), max_length=120, blank=True, help_text=_("Province and clinic, as on the booklet.")
    )
    reason = models.CharField(_("Note"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Management of a record")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="management_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="management_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(until=None, ending="") | (Q(until__isnull=False) & ~Q(ending="")),
                name="management_end_says_why",
            ),
        ]
        indexes = [models.Index(fields=["unit", "until"])]
