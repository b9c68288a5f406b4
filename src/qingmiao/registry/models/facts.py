"""Facts about a person that decide about vaccines: added, never changed; the latest of a code holds."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingmiao.privacy.fields import SealedField
from qingmiao.registry.facts import KINDS
from qingmiao.registry.models.people import Person


class Fact(models.Model):
    """One statement about a person, on the day it was true: mother's HBsAg, birth weight, an allergy, a test result."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="facts")
    code = models.CharField(_("Fact"), max_length=32, choices=[(code, code) for code in KINDS])
    content = SealedField(help_text=_("The value as JSON; health facts are sealed like numbers."))
    true_on = models.DateField(_("Day"), null=True, blank=True, help_text=_("Of the test or event, if known."))
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Fact")
        indexes = [models.Index(fields=["person", "code"])]

    @property
    def value(self) -> Any:
        """What it says, as `registry.facts.checked` keeps it."""
        return json.loads(self.content.reveal())
