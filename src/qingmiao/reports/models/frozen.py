"""Frozen figures with the names behind them, and the texts that offices write into their summaries."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation


class Snapshot(models.Model):
    """A figure as it was counted at one moment. It is never changed: what is recorded later does not move it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="snapshots")
    organisation_name = models.CharField(max_length=120)
    indicator = models.CharField(max_length=64)
    rule_version = models.PositiveSmallIntegerField()
    definition = models.JSONField(help_text=_("The whole definition of the indicator, as it was counted."))
    on = models.DateField(_("Day"), help_text=_("The figure is of the end of this day."))
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    also = models.JSONField(
        default=dict,
        help_text=_(
            "Counted at the same moment: batches led to the site, terms of the head-count, lists held against it."
        ),
    )
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_by_name = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Frozen figure")
        ordering = ["-on", "-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")), name="snapshot_share_at_most_one")
        ]
        indexes = [models.Index(fields=["organisation", "indicator", "-on", "-taken_at"])]

    @property
    def rule(self) -> str:
        return f"{self.indicator}-{self.rule_version}"


class SnapshotPart(models.Model):
    """One unit's share of a snapshot, beside what the unit had declared by then."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="parts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="snapshot_parts")
    name = models.CharField(max_length=120)
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    declared = models.PositiveIntegerField(null=True, help_text=_("Empty: the unit had not declared a number."))
    declared_on = models.DateField(null=True)
    declared_by = models.CharField(max_length=64, blank=True)
    is_late = models.BooleanField(default=False, help_text=_("The deadline of the head-count had been missed."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "organisation"], name="snapshot_part_once"),
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")), name="snapshot_part_share_at_most_one"
            ),
        ]


class SnapshotMember(models.Model):
    """A person behind a snapshot, as known then, once for each unit of theirs.

    The name is kept as it was; the person's own row may be corrected, merged, or withdrawn with the import that
    brought it, and the frozen figure still shows whom it counted.
    """

    class State(models.TextChoices):
        """Where the person stood. Only `VACCINATED` is above the line."""

        VACCINATED = "vaccinated", _("Vaccinated")
        DEFERRED = "deferred", _("Deferred")
        CONTRAINDICATED = "contraindicated", _("Contraindicated")
        REFUSED = "refused", _("Refused")
        OPEN = "open", _("Not yet vaccinated")

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="members")
    part = models.ForeignKey(SnapshotPart, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.DO_NOTHING, db_constraint=False, related_name="+")
    name = models.CharField(max_length=120)
    name_spelled = models.CharField(max_length=160)
    position = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=16, choices=State.choices)
    first_dose_on = models.DateField(null=True)
    until = models.DateField(null=True, help_text=_("Deferred until this day."))
    reason = models.CharField(max_length=200, blank=True, help_text=_("Why deferred, contraindicated or refused."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "person"], name="snapshot_member_once_per_part"),
            models.CheckConstraint(
                condition=Q(state="vaccinated", first_dose_on__isnull=False)
                | (~Q(state="vaccinated") & Q(first_dose_on=None)),
                name="snapshot_member_vaccinated_has_day",
            ),
        ]
        indexes = [models.Index(fields=["snapshot", "person"])]


class SummaryText(Versioned):
    """What an office wrote itself into its work summary: what the data cannot know."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("Work summary of a bureau")
        SUBDISTRICT = "subdistrict", _("Work summary of a subdistrict")
        CLINIC = "clinic", _("Yearly summary of a clinic")
        WEEKLY = "weekly", _("Weekly report")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="summary_texts")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    texts = models.JSONField(default=dict, help_text=_("Text by the name of its field."))
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Text of a summary")
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="summary_text_once")]
