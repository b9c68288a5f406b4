"""What follows when a dose was recorded wrongly, or was given as it should not have been."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.clinic.models.records import DoseFinding
from qingmiao.registry.models import Dose, Person
from qingmiao.stock.models import Lot


class Correction(Versioned):
    """Somebody says that a dose is recorded wrongly, and how it should read; it holds once a second person agrees."""

    class Kind(models.TextChoices):
        LOT = "lot", _("Wrong lot")
        PRODUCT = "product", _("Wrong vaccine")
        DATE = "date", _("Wrong time")
        PERSON = "person", _("Wrong person")
        VOID = "void", _("Not given at all")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Not agreed")
        TAKEN_BACK = "taken_back", _("Taken back")

    dose = models.ForeignKey(Dose, models.PROTECT, related_name="corrections")
    kind = models.CharField(_("What is wrong"), max_length=8, choices=Kind.choices)
    lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("The lot that was really given.")
    )
    given_at = models.DateTimeField(
        _("Given at"), null=True, blank=True, help_text=_("When the dose was really given.")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Who was really vaccinated.")
    )
    reason = models.CharField(_("Reason"), max_length=200, help_text=_("How the mistake was noticed, and the proof."))
    proposed_by_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("Note"), max_length=200, blank=True)
    result = models.OneToOneField(
        Dose, models.PROTECT, null=True, blank=True, related_name="made_by_correction", help_text=_("The new row.")
    )

    class Meta:
        verbose_name = _("Correction of a dose")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "refused"])
                | Q(decided_by_id__isnull=False, decided_at__isnull=False) & ~Q(decided_by_id=F("proposed_by_id")),
                name="correction_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(result__isnull=False), name="correction_confirmed_has_result"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_note=""), name="correction_refused_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["lot", "product"]) | Q(lot__isnull=False), name="correction_of_lot_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(kind="date") | Q(given_at__isnull=False), name="correction_of_time_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(person__isnull=False), name="correction_of_person_names_them"
            ),
            models.UniqueConstraint(
                fields=["dose"], condition=Q(state="proposed"), name="correction_open_once_per_dose"
            ),
        ]


class DoseJudgement(models.Model):
    """The schedule has judged a dose, by which edition of the rules, and what it found. Added, never changed."""

    dose = models.OneToOneField(Dose, models.PROTECT, related_name="judgement")
    ruleset = models.CharField(max_length=80)
    is_valid = models.BooleanField(null=True, help_text=_("Empty: the rules say nothing about this vaccine."))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Judgement of a dose")


class FindingDecision(models.Model):
    """A doctor has looked at a finding and decided what follows. Added, never changed."""

    class Decision(models.TextChoices):
        COUNTS = "counts", _("The dose counts, nothing follows")
        REPEAT = "repeat", _("The dose is repeated")
        WATCH = "watch", _("The person is followed up")
        RECORD = "record", _("The record was wrong and has been corrected")

    finding = models.OneToOneField(DoseFinding, models.PROTECT, related_name="decision")
    decision = models.CharField(_("Decision"), max_length=8, choices=Decision.choices)
    due_on = models.DateField(_("On"), null=True, blank=True, help_text=_("When to repeat or to ask again."))
    note = models.CharField(_("Note"), max_length=200, help_text=_("What the person was told, and by whom."))
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Decision on a finding")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="finding_decision_says_why"),
            models.CheckConstraint(
                condition=~Q(decision__in=["repeat", "watch"]) | Q(due_on__isnull=False),
                name="finding_decision_has_a_day",
            ),
        ]
