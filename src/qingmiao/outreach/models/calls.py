"""Who is rung, by whom, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.registry.models import Person


class CallHome(models.Model):
    """A home that is rung as one: everybody who is reached under one phone. While it is leased, nobody else rings."""

    home = models.BinaryField(max_length=16, unique=True, help_text=_("Keyed hash of the phone."))
    leased_by_id = models.BigIntegerField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Home")
        constraints = [
            models.CheckConstraint(
                condition=Q(leased_by_id=None, leased_until=None)
                | Q(leased_by_id__isnull=False, leased_until__isnull=False),
                name="call_home_leased_by_and_until",
            )
        ]


class Call(models.Model):
    """What a call about one child came to. Added, never changed; the latest says where the child stands."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="calls")
    outcome = models.CharField(pgettext_lazy("call", "Outcome"), max_length=24)
    until = models.DateField(
        _("Until"), null=True, blank=True, help_text=_("Not rung again before this day; empty: by the rule.")
    )
    closes = models.BooleanField(help_text=_("Takes the child off the call list until that day, or for good."))
    note = models.CharField(_("Note"), max_length=200, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Call")
        indexes = [models.Index(fields=["person", "at"]), models.Index(fields=["at"])]
