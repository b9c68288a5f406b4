"""Where an old dose that was entered afterwards had been given, and what proved it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingmiao.registry.models.doses import Dose
from qingmiao.staff.models import Organisation


class BackEntry(models.Model):
    """An old dose was written down afterwards (补录): given where, seen on what, entered by whom."""

    class Kind(models.TextChoices):
        """The kinds that the national statistics tell apart; their unit codes are in rules/registry/back_entry.yaml."""

        HERE = "own_province", _("Given in this province")
        OTHER_PROVINCE = "other_province", _("Given in another province")
        ABROAD = "abroad", _("Given abroad")
        HK_MACAO_TAIWAN = "hk_macao_taiwan", _("Given in Hong Kong, Macao or Taiwan")

    class Proof(models.TextChoices):
        BOOKLET = "booklet", _("Vaccination booklet")
        CERTIFICATE = "certificate", _("Certificate or printout of the clinic")
        SYSTEM = "system", _("Record of another system")
        SAID = "said", _("Said by the guardian, no paper")

    dose = models.OneToOneField(Dose, models.PROTECT, related_name="back_entry")
    kind = models.CharField(_("Given"), max_length=16, choices=Kind.choices)
    proof = models.CharField(_("Seen on"), max_length=12, choices=Proof.choices)
    entered_by_unit = models.ForeignKey(Organisation, models.PROTECT, related_name="back_entries")
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Back-entry of a dose")
