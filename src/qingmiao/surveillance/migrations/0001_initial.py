import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

import qingmiao.privacy.fields
from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_initial"),
        ("staff", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ReportCard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report_cards",
                                to="staff.organisation",
                                verbose_name="Reported by",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Being written"),
                                    ("submitted", "Handed in"),
                                    ("returned", "Returned"),
                                    ("reported", "Reported"),
                                    ("accepted", "Accepted"),
                                    ("corrected", "Replaced by a correction"),
                                    ("duplicate", "Duplicate"),
                                    ("dropped", "Put aside"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="State",
                            ),
                        ),
                        (
                            "content",
                            qingmiao.privacy.fields.SealedField(help_text="The card as it is filled in, as JSON."),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                help_text="The person on record, if the number is known here.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report_cards",
                                to="registry.person",
                            ),
                        ),
                        ("number_lookup", models.BinaryField(db_index=True, max_length=16, null=True)),
                        (
                            "name_lookup",
                            models.BinaryField(
                                db_index=True, help_text="Name and birth date.", max_length=16, null=True
                            ),
                        ),
                        (
                            "place_lookup",
                            models.BinaryField(
                                db_index=True, help_text="School or work place.", max_length=16, null=True
                            ),
                        ),
                        ("disease", models.CharField(blank=True, db_index=True, max_length=60, verbose_name="Disease")),
                        ("case_kind", models.CharField(blank=True, max_length=2, verbose_name="Kind of case")),
                        ("sex", models.CharField(blank=True, max_length=1, verbose_name="Sex")),
                        ("age_years", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Age")),
                        ("occupation", models.CharField(blank=True, max_length=2, verbose_name="Occupation")),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="staff.organisation",
                                verbose_name="Lives in",
                            ),
                        ),
                        ("onset_on", models.DateField(blank=True, db_index=True, null=True, verbose_name="Onset")),
                        ("diagnosed_at", models.DateTimeField(blank=True, null=True, verbose_name="Diagnosed at")),
                        ("died_on", models.DateField(blank=True, null=True, verbose_name="Died on")),
                        ("department", models.CharField(blank=True, max_length=60, verbose_name="Department")),
                        ("doctor", models.CharField(blank=True, max_length=60, verbose_name="Doctor")),
                        (
                            "due_at",
                            models.DateTimeField(
                                blank=True, db_index=True, null=True, verbose_name="To be reported by"
                            ),
                        ),
                        ("written_by_id", models.BigIntegerField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "reported_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="As its receipt says.",
                                null=True,
                                verbose_name="Entered in the national system at",
                            ),
                        ),
                        ("reported_by_id", models.BigIntegerField(null=True)),
                        (
                            "national_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="Card number of the national system"
                            ),
                        ),
                        ("late_because", models.CharField(blank=True, max_length=200, verbose_name="Why it is late")),
                        (
                            "another_case_because",
                            models.CharField(
                                blank=True,
                                help_text="Why this is not the case of an earlier card of the same person.",
                                max_length=200,
                            ),
                        ),
                        (
                            "returned_because",
                            models.CharField(blank=True, max_length=200, verbose_name="Why it was returned"),
                        ),
                        (
                            "corrects",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="surveillance.reportcard",
                            ),
                        ),
                        (
                            "duplicate_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duplicates",
                                to="surveillance.reportcard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Report card",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("reported", "accepted")), _negated=True),
                                    models.Q(("due_at__isnull", False), ("reported_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="report_card_reported_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reported_at", None),
                                    ("due_at", None),
                                    ("reported_at__lte", models.F("due_at")),
                                    models.Q(("late_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="report_card_late_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "returned"), _negated=True),
                                    models.Q(("returned_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="report_card_returned_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "duplicate"), _negated=True),
                                    ("duplicate_of__isnull", False),
                                    _connector="OR",
                                ),
                                name="report_card_duplicate_says_of_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("corrects", models.F("id")), _negated=True),
                                name="report_card_not_correcting_itself",
                            ),
                        ],
                        "indexes": [models.Index(fields=["state", "due_at"], name="surveillanc_state_dfc18a_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="CardEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "card",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="surveillance.reportcard",
                            ),
                        ),
                        ("event", models.CharField(max_length=12)),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("content", qingmiao.privacy.fields.SealedField(null=True)),
                    ],
                    options={
                        "verbose_name": "Event of a card",
                        "ordering": ["at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CardExport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.organisation"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("cards", models.JSONField(default=list, help_text="Keys of the cards in the file.")),
                    ],
                    options={
                        "verbose_name": "Export of cards",
                    },
                ),
                migrations.CreateModel(
                    name="ZeroReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="zero_reports",
                                to="staff.organisation",
                            ),
                        ),
                        ("kind", models.CharField(max_length=24)),
                        ("first", models.DateField()),
                        ("last", models.DateField()),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Zero report",
                        "constraints": [
                            models.UniqueConstraint(fields=("place", "kind", "first"), name="zero_report_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutbreakSign",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outbreak_signs",
                                to="staff.organisation",
                            ),
                        ),
                        ("disease", models.CharField(max_length=60, verbose_name="Disease")),
                        ("place_lookup", models.BinaryField(max_length=16)),
                        ("school", models.CharField(max_length=120, verbose_name="School or work place")),
                        ("level", models.CharField(max_length=12)),
                        ("cases", models.PositiveSmallIntegerField()),
                        ("days", models.PositiveSmallIntegerField()),
                        ("found_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField(help_text="To be reported by, if it is an outbreak.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "To be looked into"),
                                    ("confirmed", "Outbreak"),
                                    ("dismissed", "No outbreak"),
                                ],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_by_id", models.BigIntegerField(null=True)),
                        ("finding", models.CharField(blank=True, max_length=400, verbose_name="What was found")),
                    ],
                    options={
                        "verbose_name": "Sign of an outbreak",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("place_lookup", "disease"),
                                name="outbreak_sign_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "open"),
                                    models.Q(("decided_at__isnull", False), models.Q(("finding", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="outbreak_sign_decided_says_what",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MissedAudit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="missed_audits",
                                to="staff.organisation",
                                verbose_name="Audited place",
                            ),
                        ),
                        ("title", models.CharField(max_length=80, verbose_name="Title")),
                        ("since", models.DateField(verbose_name="From")),
                        ("until", models.DateField(verbose_name="To")),
                        (
                            "sample_size",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="0: all rows. Drawn anew only if rows are added.",
                                verbose_name="Rows to draw from each register",
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("opened_by_id", models.BigIntegerField(null=True)),
                        ("examined_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Audit of missed cards",
                        "ordering": ["-since", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))),
                                name="missed_audit_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Register",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "audit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="registers",
                                to="surveillance.missedaudit",
                            ),
                        ),
                        ("kind", models.CharField(max_length=12, verbose_name="Which register")),
                        ("name", models.CharField(max_length=200, verbose_name="File")),
                        ("sha256", models.CharField(max_length=64)),
                        ("header", models.JSONField(default=list)),
                        ("mapping", models.JSONField(default=dict, help_text="Field to column.")),
                        ("rows", models.PositiveIntegerField(default=0)),
                        ("read_at", models.DateTimeField()),
                        ("read_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Register",
                        "constraints": [
                            models.UniqueConstraint(fields=("audit", "sha256"), name="register_once_per_audit")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegisterLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "register",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="surveillance.register",
                            ),
                        ),
                        ("line", models.PositiveIntegerField()),
                        ("content", qingmiao.privacy.fields.SealedField(help_text="The cells, as JSON.")),
                    ],
                    options={
                        "verbose_name": "Row of a register",
                        "constraints": [
                            models.UniqueConstraint(fields=("register", "line"), name="register_line_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "audit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cases",
                                to="surveillance.missedaudit",
                            ),
                        ),
                        ("key", models.CharField(max_length=120)),
                        ("disease", models.CharField(max_length=60, verbose_name="Disease")),
                        ("first_at", models.DateTimeField()),
                        ("doctor", models.CharField(blank=True, max_length=60, verbose_name="Doctor")),
                        ("department", models.CharField(blank=True, max_length=60, verbose_name="Department")),
                        ("words", models.CharField(help_text="What the finding rests on.", max_length=200)),
                        ("is_suspected", models.BooleanField(default=False)),
                        (
                            "card",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="audit_cases",
                                to="surveillance.reportcard",
                            ),
                        ),
                        ("is_late", models.BooleanField(default=False)),
                        ("is_incomplete", models.BooleanField(default=False)),
                        ("differs", models.JSONField(default=list)),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered"),
                                    ("missed", "Yes, forgotten"),
                                    ("no_case", "No notifiable case"),
                                    ("elsewhere", "Reported elsewhere"),
                                    ("earlier", "Reported before"),
                                ],
                                max_length=12,
                                verbose_name="The doctor's answer",
                            ),
                        ),
                        (
                            "answer_text",
                            models.CharField(blank=True, max_length=300, verbose_name="In the doctor's words"),
                        ),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("answered_by_id", models.BigIntegerField(null=True)),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not decided"),
                                    ("upheld", "The finding stands"),
                                    ("withdrawn", "The finding is withdrawn"),
                                ],
                                max_length=12,
                                verbose_name="Verdict",
                            ),
                        ),
                        (
                            "verdict_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="Reason of the verdict"),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_by_id", models.BigIntegerField(null=True)),
                        ("lines", models.ManyToManyField(related_name="cases", to="surveillance.registerline")),
                    ],
                    options={
                        "verbose_name": "Case of an audit",
                        "ordering": ["first_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("audit", "key"), name="audit_case_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verdict", ""), models.Q(("verdict_reason", ""), _negated=True), _connector="OR"
                                ),
                                name="audit_case_verdict_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RewardRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reward_rules",
                                to="staff.organisation",
                            ),
                        ),
                        ("effective_from", models.DateField(verbose_name="Effective from")),
                        ("amounts", models.JSONField(help_text="Yuan by kind of finding.")),
                        ("reason", models.CharField(max_length=200, verbose_name="Decision it rests on")),
                        ("proposed_at", models.DateTimeField()),
                        ("proposed_by_id", models.BigIntegerField(null=True)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Rule of rewards and penalties",
                        "ordering": ["-effective_from", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="QuarterSheet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "audit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sheet",
                                to="surveillance.missedaudit",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sheets",
                                to="surveillance.rewardrule",
                            ),
                        ),
                        ("lines", models.JSONField(default=list)),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        ("signed_at", models.DateTimeField(blank=True, null=True)),
                        ("signed_by_id", models.BigIntegerField(null=True)),
                        ("signature", qingmiao.privacy.fields.SealedField(null=True)),
                    ],
                    options={
                        "verbose_name": "Quarter's sheet",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("signed_at", None), ("signature__isnull", False), _connector="OR"),
                                name="quarter_sheet_signed_has_signature",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="surveillance.quartersheet",
                            ),
                        ),
                        ("doctor", models.CharField(max_length=60, verbose_name="Doctor")),
                        ("text", models.CharField(max_length=400, verbose_name="Objection")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("is_granted", models.BooleanField(null=True)),
                        ("decision", models.CharField(blank=True, max_length=400, verbose_name="Decision")),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Objection",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_granted", None),
                                    models.Q(models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="objection_decided_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeathCertificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="death_certificates",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Being written"),
                                    ("issued", "Issued"),
                                    ("uploaded", "Uploaded"),
                                    ("returned", "Returned"),
                                    ("reviewed", "Reviewed"),
                                    ("corrected", "Replaced by a correction"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="State",
                            ),
                        ),
                        ("content", qingmiao.privacy.fields.SealedField(help_text="The certificate as JSON.")),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="death_certificates",
                                to="registry.person",
                            ),
                        ),
                        ("number_lookup", models.BinaryField(db_index=True, max_length=16, null=True)),
                        ("name_lookup", models.BinaryField(db_index=True, max_length=16, null=True)),
                        ("sex", models.CharField(blank=True, max_length=1)),
                        ("age_years", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("died_on", models.DateField(blank=True, db_index=True, null=True, verbose_name="Died on")),
                        ("issued_on", models.DateField(blank=True, null=True, verbose_name="Issued on")),
                        (
                            "underlying_code",
                            models.CharField(blank=True, max_length=8, verbose_name="Underlying cause"),
                        ),
                        (
                            "due_at",
                            models.DateTimeField(
                                blank=True, db_index=True, null=True, verbose_name="To be uploaded by"
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("written_by_id", models.BigIntegerField(null=True)),
                        ("entered_at", models.DateTimeField(blank=True, null=True)),
                        ("uploaded_at", models.DateTimeField(blank=True, null=True, verbose_name="Uploaded at")),
                        ("uploaded_by_id", models.BigIntegerField(null=True)),
                        ("national_number", models.CharField(blank=True, max_length=40)),
                        ("late_because", models.CharField(blank=True, max_length=200, verbose_name="Why it is late")),
                        ("returned_because", models.CharField(blank=True, max_length=200)),
                        (
                            "corrects",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="surveillance.deathcertificate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Death certificate",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("uploaded", "reviewed")), _negated=True),
                                    ("uploaded_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="death_uploaded_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "reviewed"), _negated=True),
                                    models.Q(("underlying_code", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="death_reviewed_has_cause",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeathEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "certificate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="surveillance.deathcertificate",
                            ),
                        ),
                        ("event", models.CharField(max_length=12)),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("content", qingmiao.privacy.fields.SealedField(null=True)),
                    ],
                    options={
                        "verbose_name": "Event of a death certificate",
                        "ordering": ["at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PlaceDeadline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="own_deadlines",
                                to="staff.organisation",
                            ),
                        ),
                        ("clock", models.CharField(max_length=32)),
                        ("days", models.PositiveSmallIntegerField(verbose_name="Days")),
                        ("effective_from", models.DateField(verbose_name="Effective from")),
                        ("reason", models.CharField(max_length=200, verbose_name="Document it rests on")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Deadline of a place",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("place", "clock", "effective_from"), name="place_deadline_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeathList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="death_lists",
                                to="staff.organisation",
                            ),
                        ),
                        ("source", models.CharField(max_length=80, verbose_name="Source")),
                        ("name", models.CharField(max_length=200)),
                        ("since", models.DateField()),
                        ("until", models.DateField()),
                        ("rows", qingmiao.privacy.fields.SealedField(help_text="Its rows, as JSON.")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "List of deaths",
                        "ordering": ["-at"],
                    },
                ),
                migrations.CreateModel(
                    name="VillagePaper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "village",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="village_papers",
                                to="staff.organisation",
                            ),
                        ),
                        ("form", models.CharField(max_length=24, verbose_name="Form")),
                        ("month", models.DateField(help_text="Its first day.", verbose_name="Month")),
                        ("received_at", models.DateTimeField(verbose_name="Received at")),
                        ("received_by_id", models.BigIntegerField(null=True)),
                        (
                            "scan",
                            models.FileField(
                                blank=True,
                                max_length=200,
                                upload_to="papers/%Y/%m/",
                                verbose_name="Photo or scan",
                            ),
                        ),
                        ("scan_type", models.CharField(blank=True, max_length=24)),
                        (
                            "kept_where",
                            models.CharField(blank=True, max_length=80, verbose_name="Where the paper lies"),
                        ),
                        ("counts", models.JSONField(default=dict, verbose_name="What was counted")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                    ],
                    options={
                        "verbose_name": "Village doctor's paper",
                        "constraints": [
                            models.UniqueConstraint(fields=("village", "form", "month"), name="village_paper_once"),
                            models.CheckConstraint(
                                condition=django.db.models.lookups.Exact(
                                    django.db.models.functions.text.Right(
                                        django.db.models.functions.comparison.Cast(
                                            "month", models.CharField(max_length=10)
                                        ),
                                        2,
                                    ),
                                    models.Value("01"),
                                ),
                                name="village_paper_month_is_a_first",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaperReminder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "village",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paper_reminders",
                                to="staff.organisation",
                            ),
                        ),
                        ("month", models.DateField()),
                        ("forms", models.JSONField(default=list)),
                        ("how", models.CharField(max_length=12, verbose_name="How")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Reminder of papers",
                        "ordering": ["at"],
                    },
                ),
            ]
        )
    ]
