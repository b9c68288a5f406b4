"""A person's way through the site on one day, and every step of it."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.clinic.models.booking import BookedBy, Period
from qingmiao.clinic.models.sessions import Batch, Desk, Session
from qingmiao.clinic.rules import EXITS, NOT_HERE, WITHOUT_DOSE, Event, State
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product

NOT_YET_HERE = sorted(state.value for state in NOT_HERE)
NEED_CONSENT = ["consented", "with_doctor", "screened"]
OUT = sorted(state.value for state in EXITS)
NEED_REASON = sorted(state.value for state in WITHOUT_DOSE)


def slip_token() -> str:
    """What a slip's QR carries: says nothing and cannot be guessed."""
    return secrets.token_urlsafe(12)


class Visit(Versioned):
    """One person at one session: expected, on the way through, or out again."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="visits")
    person = models.ForeignKey(Person, models.PROTECT, related_name="visits")
    product = models.ForeignKey(Product, models.PROTECT, related_name="visits", verbose_name=_("Vaccine"))
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="visits", help_text=_("Empty: came by themselves.")
    )
    period = models.ForeignKey(
        Period, models.PROTECT, null=True, blank=True, related_name="visits", help_text=_("The time that was booked.")
    )
    booked_by = models.CharField(
        max_length=8, blank=True, choices=BookedBy.choices, help_text=_("Who booked; empty: a list or a walk-in.")
    )
    is_late_addition = models.BooleanField(default=False, help_text=_("Named after the cut-off."))
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in State])
    area = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="visits_received")
    ticket = models.CharField(_("Ticket"), max_length=8, null=True, blank=True)
    slip_token = models.CharField(max_length=24, unique=True, default=slip_token, editable=False)
    priority = models.SmallIntegerField(default=0, help_text=_("Higher is called first."))
    priority_group = models.CharField(
        max_length=16, blank=True, help_text=_("Why somebody is called first when age alone does not say it.")
    )
    queued_at = models.DateTimeField(null=True, blank=True, help_text=_("Since when this person waits for a desk."))
    called_to = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="visits_called")
    called_at = models.DateTimeField(null=True, blank=True)
    passed_over_at = models.DateTimeField(null=True, blank=True, help_text=_("Did not come when called."))
    arrived_at = models.DateTimeField(null=True, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    vaccinated_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    deferred_until = models.DateField(_("Deferred until"), null=True, blank=True)
    exit_reason = models.CharField(_("Reason"), max_length=200, blank=True)
    exit_code = models.CharField(
        max_length=80, blank=True, help_text=_("The reason as it is counted: of rules/clinic/reasons, or a rule's id.")
    )
    transferred_to = models.CharField(_("Sent on to"), max_length=120, blank=True)
    held_in: object = None  # the running transaction that has read and locked this row; never stored

    class Meta:
        verbose_name = _("Visit")
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="visit_once_per_session"),
            models.UniqueConstraint(fields=["session", "ticket"], name="visit_ticket_once_per_session"),
            models.UniqueConstraint(fields=["called_to"], name="visit_one_at_a_desk"),
            models.CheckConstraint(
                condition=Q(state__in=NOT_YET_HERE) | Q(arrived_at__isnull=False, ticket__isnull=False),
                name="visit_arrived_with_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=NEED_CONSENT) | Q(consented_at__isnull=False),
                name="visit_consent_before_screening",
            ),
            models.CheckConstraint(
                condition=~Q(state="screened") | Q(screened_at__isnull=False), name="visit_screening_before_needle"
            ),
            models.CheckConstraint(
                condition=~Q(state="deferred") | Q(deferred_until__isnull=False), name="visit_deferred_until_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=NEED_REASON) | ~Q(exit_reason=""), name="visit_left_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="transferred") | ~Q(transferred_to=""), name="visit_transferred_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(called_to=None, called_at=None) | Q(called_to__isnull=False, called_at__isnull=False),
                name="visit_called_where_and_when",
            ),
            models.CheckConstraint(condition=~Q(state__in=OUT) | Q(called_to=None), name="visit_out_frees_desk"),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False, vaccinated_at__isnull=False),
                name="visit_released_after_dose",
            ),
        ]
        indexes = [models.Index(fields=["session", "state", "queued_at"]), models.Index(fields=["person", "state"])]

    @property
    def where(self) -> State:
        return State(self.state)


class VisitEvent(models.Model):
    """One step of a visit, or one step taken back. Added, never changed."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="events")
    event = models.CharField(max_length=16, choices=[(event.value, event.value) for event in Event])
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, related_name="events")
    reason = models.CharField(max_length=200, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        verbose_name = _("Step of a visit")
        indexes = [models.Index(fields=["visit", "at"])]
