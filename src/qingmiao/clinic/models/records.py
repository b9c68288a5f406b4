"""What was signed, asked, checked, given and seen during a visit."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.clinic.models.sessions import Desk
from qingmiao.clinic.models.visits import Visit
from qingmiao.registry.models import Dose
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Lot


class Consent(models.Model):
    """A person, or a guardian, was told what the notice says and signed."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="consents")
    notice = models.CharField(max_length=64, help_text=_("Which notice, as in rules/screening."))
    notice_version = models.CharField(max_length=16)
    notice_digest = models.CharField(max_length=64, help_text=_("SHA-256 of the text that was shown."))
    language = models.CharField(max_length=8)
    identity_fields = models.JSONField(help_text=_("Which fields were read aloud and compared."))
    signer = models.CharField(_("Signed by"), max_length=64)
    relation = models.CharField(_("Relation"), max_length=20, blank=True, help_text=_("Empty: signed for themselves."))
    signature_path = models.TextField(blank=True, help_text=_("SVG path in a space of 600 × 200."))
    signature_typed = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 over notice, signer, signature and visit."))
    explained_by_id = models.BigIntegerField()
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Consent")
        constraints = [
            models.CheckConstraint(condition=~Q(signature_path="") | ~Q(signature_typed=""), name="consent_is_signed")
        ]


class Screening(models.Model):
    """The questions were asked; what they meant, and what was decided."""

    class Outcome(models.TextChoices):
        GO = "go", _("May be given")
        DEFER = "defer", _("Deferred")
        CONTRAINDICATED = "contraindicated", _("Contraindicated")
        DOCTOR = "doctor", _("Doctor decides")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="screenings")
    form = models.CharField(max_length=64)
    form_version = models.CharField(max_length=16)
    form_digest = models.CharField(max_length=64)
    answers = models.JSONField()
    celsius = models.DecimalField(_("Temperature"), max_digits=3, decimal_places=1, null=True, blank=True)
    judged = models.CharField(max_length=16, choices=Outcome.choices, help_text=_("What the rules say."))
    decided = models.CharField(max_length=16, choices=Outcome.choices, help_text=_("What the doctor decided."))
    rules = models.JSONField(default=list, help_text=_("Which rules spoke, with their dates."))
    deferred_until = models.DateField(null=True, blank=True)
    override_reason = models.CharField(
        _("Reason of the doctor"), max_length=200, blank=True, help_text=_("Why the decision differs from the rules.")
    )
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Screening")
        constraints = [
            models.CheckConstraint(
                condition=Q(judged=F("decided")) | ~Q(override_reason=""), name="screening_override_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(decided="defer") | Q(deferred_until__isnull=False), name="screening_deferral_has_a_day"
            ),
        ]


class LotCheck(models.Model):
    """A vial was checked before the needle: accepted, or stopped for a reason."""

    class How(models.TextChoices):
        SCANNED = "scanned", _("Scanned")
        ACCEPTED = "accepted", _("Lot of the day accepted")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="lot_checks")
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="lot_checks")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="checks", help_text=_("Empty: not known."))
    trace_code = models.CharField(max_length=20, blank=True)
    how = models.CharField(max_length=8, choices=How.choices)
    obstacle = models.CharField(max_length=16, blank=True, help_text=_("Why it was stopped; empty: it may be used."))
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Check of a vial")
        constraints = [
            models.CheckConstraint(condition=~Q(obstacle="") | Q(lot__isnull=False), name="lot_check_passed_has_lot")
        ]


class Injection(models.Model):
    """How a dose on the ledger was given at this site: at which desk, from which vial, and after which check."""

    dose = models.OneToOneField(Dose, models.PROTECT, related_name="injection")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="injections")
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, related_name="injections")
    check_of_vial = models.ForeignKey(LotCheck, models.PROTECT, null=True, related_name="injections")
    trace_code = models.CharField(max_length=20, blank=True, db_index=True)
    route = models.CharField(_("Route"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("Injection")


class DoseFinding(models.Model):
    """Something was not as it should be with a dose that has been given; somebody has to look at it."""

    dose = models.ForeignKey(Dose, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Finding")
        constraints = [models.UniqueConstraint(fields=["dose", "code"], name="finding_once_per_dose")]


class Observation(Versioned):
    """The time after a dose, at the site, until a person lets the person go."""

    class Ending(models.TextChoices):
        RUNNING = "", _("Under observation")
        RELEASED = "released", _("Released")
        LEFT = "left", _("Left early, not brought back")
        REFERRED = "referred", _("Referred")
        WITHDRAWN = "withdrawn", _("Dose withdrawn")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="observations")
    dose = models.OneToOneField(Dose, models.PROTECT, related_name="observation")
    since = models.DateTimeField(help_text=_("When the dose was given."))
    until = models.DateTimeField(help_text=_("Not before this instant may the person go."))
    seat = models.CharField(_("Seat"), max_length=8, blank=True)
    longer_because = models.CharField(
        _("Why longer"), max_length=200, blank=True, help_text=_("Empty: as long as the vaccine asks for.")
    )
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was noticed that the person had gone."))
    left_answer = models.CharField(max_length=200, blank=True, help_text=_("What was done about it."))

    class Meta:
        verbose_name = _("Observation")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="observation_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(ending="released") | Q(ended_at__gte=F("until"), ended_by_id__isnull=False),
                name="observation_released_after_time_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_at=None) | ~Q(ending="") & Q(ended_at__isnull=False),
                name="observation_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(ending="left") | ~Q(left_answer=""), name="observation_left_says_what_was_done"
            ),
        ]


class Reaction(Versioned):
    """Somebody felt unwell after a dose: opened at once with what is seen, closed with what became of it."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reactions")
    dose = models.ForeignKey(Dose, models.PROTECT, related_name="reactions")
    signs = models.JSONField(default=list, help_text=_("Codes of what was seen."))
    note = models.CharField(_("What was seen"), max_length=200, blank=True)
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField()
    outcome = models.CharField(
        max_length=12, blank=True, choices=[("recovered", _("Recovered")), ("referred", _("Referred"))]
    )
    outcome_note = models.CharField(_("What was done"), max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Reaction")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | ~Q(outcome="") & Q(closed_at__isnull=False),
                name="reaction_closed_says_how_and_when",
            ),
            models.UniqueConstraint(fields=["dose"], condition=Q(outcome=""), name="reaction_open_once_per_dose"),
        ]


class SeatPlan(models.Model):
    """How many seats the observation room of a site has: seats are then given by number, the lowest free one first."""

    site = models.OneToOneField(Organisation, models.PROTECT, related_name="seat_plan")
    seats = models.PositiveSmallIntegerField(_("Seats"))

    class Meta:
        verbose_name = _("Seats of an observation room")
        constraints = [models.CheckConstraint(condition=Q(seats__gt=0), name="seat_plan_has_seats")]


class CallBack(models.Model):
    """One try to reach somebody who had left the observation room early. Added, never changed."""

    class Result(models.TextChoices):
        COMING = "coming", _("Is coming back")
        WELL = "well", _("Reached, feels well, does not come")
        UNWELL = "unwell", _("Reached, feels unwell")
        NO_ANSWER = "no_answer", _("No answer")

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="call_backs")
    result = models.CharField(_("Result"), max_length=12, choices=Result.choices)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Call to somebody who left early")
