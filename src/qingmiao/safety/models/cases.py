"""Suspected adverse reactions (疑似预防接种异常反应): the case, its reports, and what residents say by themselves."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.privacy.fields import SealedField
from qingmiao.registry.models import Dose, Person
from qingmiao.staff.models import Organisation


class Case(Versioned):
    """One person with one suspected reaction, from the first sight of it to the conclusion."""

    class State(models.TextChoices):
        OPEN = "open", _("Not reported yet")
        REPORTED = "reported", _("Reported")
        INVESTIGATING = "investigating", _("Being investigated")
        INVESTIGATED = "investigated", _("Investigated")
        CONCLUDED = "concluded", _("Concluded")
        DROPPED = "dropped", _("Entered by mistake")

    person = models.ForeignKey(Person, models.PROTECT, related_name="reactions_suspected")
    dose = models.ForeignKey(Dose, models.PROTECT, related_name="cases")
    others = models.ManyToManyField(Dose, related_name="cases_beside", blank=True)
    site = models.ForeignKey(Organisation, models.PROTECT, related_name="safety_cases")
    number = models.CharField(_("Number"), max_length=14, unique=True, null=True, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    reaction = models.CharField(_("Reaction"), max_length=24)
    onset_at = models.DateTimeField(_("Onset"), help_text=_("When it began."))
    found_at = models.DateTimeField(_("Found at"), help_text=_("When the site learned of it: the clocks start here."))
    is_serious = models.BooleanField(_("Serious"), default=False)
    grave = models.JSONField(default=list, help_text=_("Why two hours count: death, disability, cluster, concern."))
    grave_since = models.DateTimeField(null=True, blank=True, help_text=_("Since when this was known."))
    typed = SealedField(help_text=_("What was typed on the card, as JSON; sealed, for it tells of illness."))
    outcome = models.CharField(_("Outcome"), max_length=1, blank=True)
    first_class = models.CharField(_("First classification"), max_length=1, blank=True)
    opened_by_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)
    investigation_started_at = models.DateTimeField(null=True, blank=True)
    team = models.CharField(_("Who investigates"), max_length=200, blank=True)
    form_done_at = models.DateTimeField(null=True, blank=True)
    investigated_at = models.DateTimeField(null=True, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    classification = models.CharField(_("Conclusion"), max_length=16, blank=True)
    experts = models.CharField(_("Expert group"), max_length=200, blank=True)
    conclusion = SealedField(null=True, blank=True)
    dropped_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("Suspected adverse reaction")
        constraints = [
            models.CheckConstraint(condition=Q(found_at__gte=F("onset_at")), name="case_found_after_onset"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dropped"]) | Q(number__isnull=False, reported_at__isnull=False),
                name="case_reported_with_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="concluded")
                | Q(concluded_at__isnull=False) & ~Q(classification="") & ~Q(experts=""),
                name="case_concluded_by_experts",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(dropped_because=""), name="case_dropped_says_why"
            ),
            models.CheckConstraint(
                condition=Q(grave=[], grave_since=None) | Q(grave_since__isnull=False) & ~Q(grave=[]),
                name="case_grave_since_when",
            ),
            models.UniqueConstraint(
                fields=["dose", "reaction", "onset_at"], condition=~Q(state="dropped"), name="case_entered_once"
            ),
        ]
        indexes = [models.Index(fields=["site", "state"])]

    @property
    def is_grave(self) -> bool:
        return bool(self.grave)

    @property
    def typed_items(self) -> dict[str, Any]:
        """What was typed on the card so far."""
        items: dict[str, Any] = json.loads(self.typed.reveal())
        return items


class Report(models.Model):
    """The card as it was handed in: first, amended, of the investigation, final. Added, never changed."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First report")
        AMENDED = "amended", _("Amended report")
        INVESTIGATION = "investigation", _("Investigation form")
        FINAL = "final", _("Final report")

    class How(models.TextChoices):
        ONLINE = "online", _("Typed into the national system")
        PHONE = "phone", _("By phone, then typed")
        PAPER = "paper", _("On paper")

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    content = SealedField(help_text=_("The whole card as JSON, as it was."))
    how = models.CharField(_("How"), max_length=8, choices=How.choices)
    told = models.CharField(
        _("Told by phone"), max_length=200, blank=True, help_text=_("Who was told, at which office.")
    )
    due_at = models.DateTimeField(null=True, help_text=_("Until when it had to be in."))
    is_late = models.BooleanField()
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Report of a reaction")

    @property
    def card(self) -> dict[str, Any]:
        card: dict[str, Any] = json.loads(self.content.reveal())
        return card


class SelfReport(Versioned):
    """A resident says through the code on the slip that somebody feels unwell; somebody calls back and decides."""

    class State(models.TextChoices):
        NEW = "new", _("Nobody has called yet")
        CALLED = "called", _("Called, still open")
        CASE = "case", _("A case was opened")
        HARMLESS = "harmless", _("No case")

    dose = models.ForeignKey(Dose, models.PROTECT, related_name="self_reports")
    person = models.ForeignKey(Person, models.PROTECT, related_name="self_reports")
    site = models.ForeignKey(Organisation, models.PROTECT, related_name="self_reports")
    signs = models.JSONField(default=list)
    text = SealedField()
    phone = SealedField()
    since = models.DateTimeField(_("Since when"), null=True, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    answer = models.CharField(_("What was said"), max_length=200, blank=True)
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="self_reports")

    class Meta:
        verbose_name = _("Report by a resident")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="new") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="self_report_answered_says_what",
            ),
            models.CheckConstraint(condition=~Q(state="case") | Q(case__isnull=False), name="self_report_names_case"),
        ]
