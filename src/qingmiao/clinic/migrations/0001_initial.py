import django.db.models.deletion
from django.db import migrations, models

import qingmiao.clinic.models.visits
import qingmiao.privacy.fields
from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_initial"),
        ("staff", "0001_initial"),
        ("stock", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="staff.organisation",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="Day")),
                        ("opens_at", models.TimeField(verbose_name="Opens at")),
                        ("closes_at", models.TimeField(verbose_name="Closes at")),
                        (
                            "cut_off_at",
                            models.DateTimeField(
                                help_text="Lists named later are late additions: taken if there is room, and marked.",
                                verbose_name="Cut-off",
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(
                                blank=True, help_text="When the day was closed; empty before.", null=True
                            ),
                        ),
                        ("closed_by_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "products",
                            models.ManyToManyField(
                                related_name="sessions", to="stock.product", verbose_name="Vaccines"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Session",
                        "ordering": ["day", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "day"), name="session_once_per_day"),
                            models.CheckConstraint(
                                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                                name="session_closes_after_opening",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at", None), ("closed_by_id__isnull", False), _connector="OR"
                                ),
                                name="session_closed_by_a_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionPlaces",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="places", to="clinic.session"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="session_places",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "places",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty: as many as the session has.",
                                null=True,
                                verbose_name="Places",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Places of a session",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "organisation"), name="places_once_per_organisation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Counter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="counters",
                                to="clinic.session",
                            ),
                        ),
                        ("series", models.CharField(max_length=8)),
                        ("last", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("session", "series"), name="counter_once_per_series")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Desk",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="desk",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("consent", "consent"),
                                    ("screening", "screening"),
                                    ("injection", "injection"),
                                ],
                                max_length=12,
                                verbose_name="Step",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Desk",
                    },
                ),
                migrations.CreateModel(
                    name="Batch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="clinic.session"
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="stock.product",
                                verbose_name="Vaccine",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("submitted", "Submitted"),
                                    ("accepted", "Accepted"),
                                    ("returned", "Sent back"),
                                    ("called", "Called"),
                                ],
                                default="submitted",
                                max_length=12,
                            ),
                        ),
                        ("submitted_at", models.DateTimeField()),
                        ("submitted_by_id", models.BigIntegerField(null=True)),
                        ("is_late", models.BooleanField(default=False, help_text="First handed in after the cut-off.")),
                        ("number", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Batch")),
                        ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="Time")),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches_received",
                                to="staff.organisation",
                                verbose_name="Area",
                            ),
                        ),
                        (
                            "leader",
                            models.CharField(
                                blank=True,
                                help_text="Who brings the people in; named by the unit.",
                                max_length=64,
                                verbose_name="Leader",
                            ),
                        ),
                        ("returned_because", models.CharField(blank=True, max_length=120, verbose_name="Reason")),
                        ("called_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Batch",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("number__isnull", False)),
                                fields=("session", "number"),
                                name="batch_number_once_per_session",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["accepted", "called"]), _negated=True),
                                    models.Q(
                                        ("area__isnull", False),
                                        ("number__isnull", False),
                                        ("starts_at__isnull", False),
                                        models.Q(("leader", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="batch_accepted_with_number_time_area_leader",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "returned"), _negated=True),
                                    models.Q(("returned_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="batch_sent_back_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("called_at__isnull", False), ("state", "called")),
                                    models.Q(models.Q(("state", "called"), _negated=True), ("called_at", None)),
                                    _connector="OR",
                                ),
                                name="batch_called_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Period",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="periods", to="clinic.session"
                            ),
                        ),
                        ("starts_at", models.TimeField(verbose_name="From")),
                        ("ends_at", models.TimeField(verbose_name="To")),
                        (
                            "vaccinators",
                            models.PositiveSmallIntegerField(
                                help_text="How many people give injections at the same time.",
                                verbose_name="Vaccinators",
                            ),
                        ),
                        (
                            "open_places",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Of its places, those that residents and staff book one by one.",
                                verbose_name="Open places",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Period of a session",
                        "ordering": ["starts_at"],
                        "constraints": [
                            models.UniqueConstraint(fields=("session", "starts_at"), name="period_starts_once"),
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="period_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BookingTry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                help_text="Keyed hash of a network address or of an identity number.", max_length=64
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Try to book",
                        "indexes": [models.Index(fields=["key", "at"], name="clinic_book_key_c1c24d_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="clinic.session"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="registry.person"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="stock.product",
                                verbose_name="Vaccine",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: came by themselves.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="clinic.batch",
                            ),
                        ),
                        (
                            "period",
                            models.ForeignKey(
                                blank=True,
                                help_text="The time that was booked.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="clinic.period",
                            ),
                        ),
                        (
                            "booked_by",
                            models.CharField(
                                blank=True,
                                choices=[("staff", "Staff"), ("unit", "Unit"), ("resident", "Resident")],
                                help_text="Who booked; empty: a list or a walk-in.",
                                max_length=8,
                            ),
                        ),
                        ("is_late_addition", models.BooleanField(default=False, help_text="Named after the cut-off.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("named", "named"),
                                    ("booked", "booked"),
                                    ("arrived", "arrived"),
                                    ("informed", "informed"),
                                    ("consented", "consented"),
                                    ("with_doctor", "with_doctor"),
                                    ("screened", "screened"),
                                    ("vaccinated", "vaccinated"),
                                    ("observing", "observing"),
                                    ("left_early", "left_early"),
                                    ("reaction", "reaction"),
                                    ("released", "released"),
                                    ("deferred", "deferred"),
                                    ("contraindicated", "contraindicated"),
                                    ("declined", "declined"),
                                    ("left", "left"),
                                    ("left_unobserved", "left_unobserved"),
                                    ("referred", "referred"),
                                    ("transferred", "transferred"),
                                    ("cancelled", "cancelled"),
                                    ("absent", "absent"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits_received",
                                to="staff.organisation",
                            ),
                        ),
                        ("ticket", models.CharField(blank=True, max_length=8, null=True, verbose_name="Ticket")),
                        (
                            "slip_token",
                            models.CharField(
                                default=qingmiao.clinic.models.visits.slip_token,
                                editable=False,
                                max_length=24,
                                unique=True,
                            ),
                        ),
                        ("priority", models.SmallIntegerField(default=0, help_text="Higher is called first.")),
                        (
                            "priority_group",
                            models.CharField(
                                blank=True,
                                help_text="Why somebody is called first when age alone does not say it.",
                                max_length=16,
                            ),
                        ),
                        (
                            "queued_at",
                            models.DateTimeField(
                                blank=True, help_text="Since when this person waits for a desk.", null=True
                            ),
                        ),
                        (
                            "called_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits_called",
                                to="clinic.desk",
                            ),
                        ),
                        ("called_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "passed_over_at",
                            models.DateTimeField(blank=True, help_text="Did not come when called.", null=True),
                        ),
                        ("arrived_at", models.DateTimeField(blank=True, null=True)),
                        ("informed_at", models.DateTimeField(blank=True, null=True)),
                        ("consented_at", models.DateTimeField(blank=True, null=True)),
                        ("screened_at", models.DateTimeField(blank=True, null=True)),
                        ("vaccinated_at", models.DateTimeField(blank=True, null=True)),
                        ("released_at", models.DateTimeField(blank=True, null=True)),
                        ("deferred_until", models.DateField(blank=True, null=True, verbose_name="Deferred until")),
                        ("exit_reason", models.CharField(blank=True, max_length=200, verbose_name="Reason")),
                        (
                            "exit_code",
                            models.CharField(
                                blank=True,
                                help_text="The reason as it is counted: of rules/clinic/reasons, or a rule's id.",
                                max_length=80,
                            ),
                        ),
                        ("transferred_to", models.CharField(blank=True, max_length=120, verbose_name="Sent on to")),
                    ],
                    options={
                        "verbose_name": "Visit",
                        "constraints": [
                            models.UniqueConstraint(fields=("session", "person"), name="visit_once_per_session"),
                            models.UniqueConstraint(fields=("session", "ticket"), name="visit_ticket_once_per_session"),
                            models.UniqueConstraint(fields=("called_to",), name="visit_one_at_a_desk"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["absent", "booked", "cancelled", "named"]),
                                    models.Q(("arrived_at__isnull", False), ("ticket__isnull", False)),
                                    _connector="OR",
                                ),
                                name="visit_arrived_with_ticket",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["consented", "with_doctor", "screened"]), _negated=True),
                                    ("consented_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="visit_consent_before_screening",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "screened"), _negated=True),
                                    ("screened_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="visit_screening_before_needle",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "deferred"), _negated=True),
                                    ("deferred_until__isnull", False),
                                    _connector="OR",
                                ),
                                name="visit_deferred_until_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            ["contraindicated", "declined", "deferred", "left", "transferred"],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(("exit_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="visit_left_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "transferred"), _negated=True),
                                    models.Q(("transferred_to", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="visit_transferred_somewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("called_at", None), ("called_to", None)),
                                    models.Q(("called_at__isnull", False), ("called_to__isnull", False)),
                                    _connector="OR",
                                ),
                                name="visit_called_where_and_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            [
                                                "absent",
                                                "cancelled",
                                                "contraindicated",
                                                "declined",
                                                "deferred",
                                                "left",
                                                "left_unobserved",
                                                "referred",
                                                "released",
                                                "transferred",
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    ("called_to", None),
                                    _connector="OR",
                                ),
                                name="visit_out_frees_desk",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "released"), _negated=True),
                                    models.Q(("released_at__isnull", False), ("vaccinated_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="visit_released_after_dose",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                fields=["session", "state", "queued_at"], name="clinic_visi_session_b7ec27_idx"
                            ),
                            models.Index(fields=["person", "state"], name="clinic_visi_person__f21a50_idx"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="clinic.visit"
                            ),
                        ),
                        (
                            "event",
                            models.CharField(
                                choices=[
                                    ("book", "book"),
                                    ("cancel", "cancel"),
                                    ("arrive", "arrive"),
                                    ("inform", "inform"),
                                    ("consent", "consent"),
                                    ("ask_doctor", "ask_doctor"),
                                    ("clear", "clear"),
                                    ("defer", "defer"),
                                    ("contraindicate", "contraindicate"),
                                    ("decline", "decline"),
                                    ("leave", "leave"),
                                    ("return", "return"),
                                    ("vaccinate", "vaccinate"),
                                    ("withdraw", "withdraw"),
                                    ("observe", "observe"),
                                    ("release", "release"),
                                    ("leave_early", "leave_early"),
                                    ("come_back", "come_back"),
                                    ("give_up", "give_up"),
                                    ("fall_ill", "fall_ill"),
                                    ("recover", "recover"),
                                    ("refer", "refer"),
                                    ("correct", "correct"),
                                    ("transfer", "transfer"),
                                    ("call", "call"),
                                    ("re_ticket", "re_ticket"),
                                    ("miss", "miss"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("before", models.CharField(max_length=16)),
                        ("after", models.CharField(max_length=16)),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        (
                            "desk",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="clinic.desk",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "undoes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="undone_by",
                                to="clinic.visitevent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Step of a visit",
                        "indexes": [models.Index(fields=["visit", "at"], name="clinic_visi_visit_i_0cf739_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="clinic.visit"
                            ),
                        ),
                        ("notice", models.CharField(help_text="Which notice, as in rules/screening.", max_length=64)),
                        ("notice_version", models.CharField(max_length=16)),
                        (
                            "notice_digest",
                            models.CharField(help_text="SHA-256 of the text that was shown.", max_length=64),
                        ),
                        ("language", models.CharField(max_length=8)),
                        ("identity_fields", models.JSONField(help_text="Which fields were read aloud and compared.")),
                        ("signer", models.CharField(max_length=64, verbose_name="Signed by")),
                        (
                            "relation",
                            models.CharField(
                                blank=True,
                                help_text="Empty: signed for themselves.",
                                max_length=20,
                                verbose_name="Relation",
                            ),
                        ),
                        ("signature_path", models.TextField(blank=True, help_text="SVG path in a space of 600 × 200.")),
                        ("signature_typed", models.CharField(blank=True, max_length=64)),
                        (
                            "digest",
                            models.CharField(
                                help_text="SHA-256 over notice, signer, signature and visit.", max_length=64
                            ),
                        ),
                        ("explained_by_id", models.BigIntegerField()),
                        ("signed_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Consent",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("signature_path", ""), _negated=True),
                                    models.Q(("signature_typed", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="consent_is_signed",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Screening",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="screenings",
                                to="clinic.visit",
                            ),
                        ),
                        ("form", models.CharField(max_length=64)),
                        ("form_version", models.CharField(max_length=16)),
                        ("form_digest", models.CharField(max_length=64)),
                        ("answers", models.JSONField()),
                        (
                            "celsius",
                            models.DecimalField(
                                blank=True, decimal_places=1, max_digits=3, null=True, verbose_name="Temperature"
                            ),
                        ),
                        (
                            "judged",
                            models.CharField(
                                choices=[
                                    ("go", "May be given"),
                                    ("defer", "Deferred"),
                                    ("contraindicated", "Contraindicated"),
                                    ("doctor", "Doctor decides"),
                                ],
                                help_text="What the rules say.",
                                max_length=16,
                            ),
                        ),
                        (
                            "decided",
                            models.CharField(
                                choices=[
                                    ("go", "May be given"),
                                    ("defer", "Deferred"),
                                    ("contraindicated", "Contraindicated"),
                                    ("doctor", "Doctor decides"),
                                ],
                                help_text="What the doctor decided.",
                                max_length=16,
                            ),
                        ),
                        ("rules", models.JSONField(default=list, help_text="Which rules spoke, with their dates.")),
                        ("deferred_until", models.DateField(blank=True, null=True)),
                        (
                            "override_reason",
                            models.CharField(
                                blank=True,
                                help_text="Why the decision differs from the rules.",
                                max_length=200,
                                verbose_name="Reason of the doctor",
                            ),
                        ),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Screening",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("judged", models.F("decided")),
                                    models.Q(("override_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="screening_override_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided", "defer"), _negated=True),
                                    ("deferred_until__isnull", False),
                                    _connector="OR",
                                ),
                                name="screening_deferral_has_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LotCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lot_checks",
                                to="clinic.visit",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="lot_checks", to="clinic.desk"
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                help_text="Empty: not known.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="stock.lot",
                            ),
                        ),
                        ("trace_code", models.CharField(blank=True, max_length=20)),
                        (
                            "how",
                            models.CharField(
                                choices=[("scanned", "Scanned"), ("accepted", "Lot of the day accepted")], max_length=8
                            ),
                        ),
                        (
                            "obstacle",
                            models.CharField(
                                blank=True, help_text="Why it was stopped; empty: it may be used.", max_length=16
                            ),
                        ),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Check of a vial",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("obstacle", ""), _negated=True), ("lot__isnull", False), _connector="OR"
                                ),
                                name="lot_check_passed_has_lot",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Injection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "dose",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="injection",
                                to="registry.dose",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="injections",
                                to="clinic.visit",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="injections",
                                to="clinic.desk",
                            ),
                        ),
                        (
                            "check_of_vial",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="injections",
                                to="clinic.lotcheck",
                            ),
                        ),
                        ("trace_code", models.CharField(blank=True, db_index=True, max_length=20)),
                        ("route", models.CharField(blank=True, max_length=16, verbose_name="Route")),
                    ],
                    options={
                        "verbose_name": "Injection",
                    },
                ),
                migrations.CreateModel(
                    name="DoseFinding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "dose",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="registry.dose"
                            ),
                        ),
                        ("code", models.CharField(max_length=24)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Finding",
                        "constraints": [models.UniqueConstraint(fields=("dose", "code"), name="finding_once_per_dose")],
                    },
                ),
                migrations.CreateModel(
                    name="Observation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="observations",
                                to="clinic.visit",
                            ),
                        ),
                        (
                            "dose",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="observation",
                                to="registry.dose",
                            ),
                        ),
                        ("since", models.DateTimeField(help_text="When the dose was given.")),
                        ("until", models.DateTimeField(help_text="Not before this instant may the person go.")),
                        ("seat", models.CharField(blank=True, max_length=8, verbose_name="Seat")),
                        (
                            "longer_because",
                            models.CharField(
                                blank=True,
                                help_text="Empty: as long as the vaccine asks for.",
                                max_length=200,
                                verbose_name="Why longer",
                            ),
                        ),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Under observation"),
                                    ("released", "Released"),
                                    ("left", "Left early, not brought back"),
                                    ("referred", "Referred"),
                                    ("withdrawn", "Dose withdrawn"),
                                ],
                                default="",
                                max_length=12,
                            ),
                        ),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_by_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "left_at",
                            models.DateTimeField(
                                blank=True, help_text="When it was noticed that the person had gone.", null=True
                            ),
                        ),
                        (
                            "left_answer",
                            models.CharField(blank=True, help_text="What was done about it.", max_length=200),
                        ),
                    ],
                    options={
                        "verbose_name": "Observation",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))),
                                name="observation_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ending", "released"), _negated=True),
                                    models.Q(("ended_at__gte", models.F("until")), ("ended_by_id__isnull", False)),
                                    _connector="OR",
                                ),
                                name="observation_released_after_time_by_a_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ending", "")),
                                    models.Q(models.Q(("ending", ""), _negated=True), ("ended_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="observation_ended_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ending", "left"), _negated=True),
                                    models.Q(("left_answer", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="observation_left_says_what_was_done",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reaction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="reactions", to="clinic.visit"
                            ),
                        ),
                        (
                            "dose",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reactions",
                                to="registry.dose",
                            ),
                        ),
                        ("signs", models.JSONField(default=list, help_text="Codes of what was seen.")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="What was seen")),
                        ("opened_at", models.DateTimeField()),
                        ("opened_by_id", models.BigIntegerField()),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("recovered", "Recovered"), ("referred", "Referred")],
                                max_length=12,
                            ),
                        ),
                        ("outcome_note", models.CharField(blank=True, max_length=200, verbose_name="What was done")),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Reaction",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("outcome", "")),
                                    models.Q(models.Q(("outcome", ""), _negated=True), ("closed_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="reaction_closed_says_how_and_when",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "")),
                                fields=("dose",),
                                name="reaction_open_once_per_dose",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SeatPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "site",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seat_plan",
                                to="staff.organisation",
                            ),
                        ),
                        ("seats", models.PositiveSmallIntegerField(verbose_name="Seats")),
                    ],
                    options={
                        "verbose_name": "Seats of an observation room",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("seats__gt", 0)), name="seat_plan_has_seats")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CallBack",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "observation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="call_backs",
                                to="clinic.observation",
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("coming", "Is coming back"),
                                    ("well", "Reached, feels well, does not come"),
                                    ("unwell", "Reached, feels unwell"),
                                    ("no_answer", "No answer"),
                                ],
                                max_length=12,
                                verbose_name="Result",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Call to somebody who left early",
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "dose",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="registry.dose",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lot", "Wrong lot"),
                                    ("product", "Wrong vaccine"),
                                    ("date", "Wrong time"),
                                    ("person", "Wrong person"),
                                    ("void", "Not given at all"),
                                ],
                                max_length=8,
                                verbose_name="What is wrong",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                help_text="The lot that was really given.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stock.lot",
                            ),
                        ),
                        (
                            "given_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="When the dose was really given.",
                                null=True,
                                verbose_name="Given at",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who was really vaccinated.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.person",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                help_text="How the mistake was noticed, and the proof.",
                                max_length=200,
                                verbose_name="Reason",
                            ),
                        ),
                        ("proposed_by_id", models.BigIntegerField()),
                        ("proposed_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "Waits for a second person"),
                                    ("confirmed", "Confirmed"),
                                    ("refused", "Not agreed"),
                                    ("taken_back", "Taken back"),
                                ],
                                default="proposed",
                                max_length=12,
                            ),
                        ),
                        ("decided_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decision_note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                        (
                            "result",
                            models.OneToOneField(
                                blank=True,
                                help_text="The new row.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="made_by_correction",
                                to="registry.dose",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Correction of a dose",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="correction_says_why"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["confirmed", "refused"]), _negated=True),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by_id__isnull", False),
                                        models.Q(("decided_by_id", models.F("proposed_by_id")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="correction_decided_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "confirmed"), _negated=True),
                                    ("result__isnull", False),
                                    _connector="OR",
                                ),
                                name="correction_confirmed_has_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "refused"), _negated=True),
                                    models.Q(("decision_note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="correction_refused_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind__in", ["lot", "product"]), _negated=True),
                                    ("lot__isnull", False),
                                    _connector="OR",
                                ),
                                name="correction_of_lot_names_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "date"), _negated=True),
                                    ("given_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="correction_of_time_names_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "person"), _negated=True),
                                    ("person__isnull", False),
                                    _connector="OR",
                                ),
                                name="correction_of_person_names_them",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "proposed")),
                                fields=("dose",),
                                name="correction_open_once_per_dose",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DoseJudgement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "dose",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="judgement",
                                to="registry.dose",
                            ),
                        ),
                        ("ruleset", models.CharField(max_length=80)),
                        (
                            "is_valid",
                            models.BooleanField(
                                help_text="Empty: the rules say nothing about this vaccine.", null=True
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Judgement of a dose",
                    },
                ),
                migrations.CreateModel(
                    name="FindingDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "finding",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="clinic.dosefinding",
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("counts", "The dose counts, nothing follows"),
                                    ("repeat", "The dose is repeated"),
                                    ("watch", "The person is followed up"),
                                    ("record", "The record was wrong and has been corrected"),
                                ],
                                max_length=8,
                                verbose_name="Decision",
                            ),
                        ),
                        (
                            "due_on",
                            models.DateField(
                                blank=True, help_text="When to repeat or to ask again.", null=True, verbose_name="On"
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                help_text="What the person was told, and by whom.", max_length=200, verbose_name="Note"
                            ),
                        ),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Decision on a finding",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), _negated=True), name="finding_decision_says_why"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decision__in", ["repeat", "watch"]), _negated=True),
                                    ("due_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="finding_decision_has_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tablet",
                    fields=[
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tablets",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(help_text="As written on the tablet.", max_length=40, verbose_name="Name"),
                        ),
                        (
                            "key",
                            qingmiao.privacy.fields.SealedField(
                                help_text="Opens what the tablet has queued, if the word on the tablet is forgotten."
                            ),
                        ),
                        ("enrolled_at", models.DateTimeField()),
                        ("enrolled_by_id", models.BigIntegerField()),
                        ("seen_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "seconds_behind",
                            models.FloatField(
                                blank=True,
                                help_text="Server's clock minus tablet's clock at the last contact.",
                                null=True,
                            ),
                        ),
                        (
                            "unsent",
                            models.PositiveIntegerField(
                                blank=True, help_text="As the tablet said at the last contact.", null=True
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Tablet",
                    },
                ),
                migrations.CreateModel(
                    name="SyncBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tablet",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="clinic.tablet",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sync_batches",
                                to="staff.organisation",
                            ),
                        ),
                        ("received_at", models.DateTimeField(db_index=True)),
                        ("by_id", models.BigIntegerField()),
                        ("seconds_behind", models.FloatField(default=0)),
                        ("new", models.PositiveIntegerField(default=0)),
                        ("identical", models.PositiveIntegerField(default=0)),
                        ("updated", models.PositiveIntegerField(default=0)),
                        ("old", models.PositiveIntegerField(default=0)),
                        ("discarded", models.PositiveIntegerField(default=0)),
                        ("invalid", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name": "Sending",
                    },
                ),
                migrations.CreateModel(
                    name="SyncEvent",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                help_text="Made by the tablet, before it was sent.", primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "tablet",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="clinic.tablet",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sync_events",
                                to="clinic.session",
                            ),
                        ),
                        ("revision", models.PositiveSmallIntegerField(default=1)),
                        ("number", models.PositiveIntegerField(help_text="Order on the tablet.")),
                        ("kind", models.CharField(max_length=12)),
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sync_events",
                                to="clinic.visit",
                            ),
                        ),
                        ("content", qingmiao.privacy.fields.SealedField()),
                        ("content_digest", models.BinaryField(max_length=32)),
                        ("made_at", models.DateTimeField(blank=True, help_text="By the tablet's clock.", null=True)),
                        (
                            "happened_at",
                            models.DateTimeField(blank=True, help_text="By the server's clock.", null=True),
                        ),
                        ("received_at", models.DateTimeField(db_index=True)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("new", "new"),
                                    ("identical", "identical"),
                                    ("updated", "updated"),
                                    ("old", "old"),
                                    ("discarded", "discarded"),
                                    ("invalid", "invalid"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=24)),
                        (
                            "clock_doubt",
                            models.BooleanField(
                                default=False, help_text="The tablet's clock had been turned meanwhile."
                            ),
                        ),
                        (
                            "dose",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sync_events",
                                to="registry.dose",
                            ),
                        ),
                        ("by_id", models.BigIntegerField()),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[("settled", "Nothing to record"), ("recorded", "Recorded")],
                                max_length=12,
                            ),
                        ),
                        ("answer_note", models.CharField(blank=True, max_length=200)),
                        ("answered_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Event of a tablet",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None), ("answered_by_id", None)),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by_id__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="sync_event_answered_by_whom_and_when",
                            )
                        ],
                        "indexes": [models.Index(fields=["outcome", "answer"], name="clinic_sync_outcome_0b0137_idx")],
                    },
                ),
            ]
        )
    ]
