import django.db.models.deletion
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
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reactions_suspected",
                                to="registry.person",
                            ),
                        ),
                        (
                            "dose",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="registry.dose"
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="safety_cases",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(blank=True, max_length=14, null=True, unique=True, verbose_name="Number"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Not reported yet"),
                                    ("reported", "Reported"),
                                    ("investigating", "Being investigated"),
                                    ("investigated", "Investigated"),
                                    ("concluded", "Concluded"),
                                    ("dropped", "Entered by mistake"),
                                ],
                                default="open",
                                max_length=16,
                            ),
                        ),
                        ("reaction", models.CharField(max_length=24, verbose_name="Reaction")),
                        ("onset_at", models.DateTimeField(help_text="When it began.", verbose_name="Onset")),
                        (
                            "found_at",
                            models.DateTimeField(
                                help_text="When the site learned of it: the clocks start here.", verbose_name="Found at"
                            ),
                        ),
                        ("is_serious", models.BooleanField(default=False, verbose_name="Serious")),
                        (
                            "grave",
                            models.JSONField(
                                default=list, help_text="Why two hours count: death, disability, cluster, concern."
                            ),
                        ),
                        (
                            "grave_since",
                            models.DateTimeField(blank=True, help_text="Since when this was known.", null=True),
                        ),
                        (
                            "typed",
                            qingmiao.privacy.fields.SealedField(
                                help_text="What was typed on the card, as JSON; sealed, for it tells of illness."
                            ),
                        ),
                        ("outcome", models.CharField(blank=True, max_length=1, verbose_name="Outcome")),
                        (
                            "first_class",
                            models.CharField(blank=True, max_length=1, verbose_name="First classification"),
                        ),
                        ("opened_by_id", models.BigIntegerField()),
                        ("opened_at", models.DateTimeField()),
                        ("reported_at", models.DateTimeField(blank=True, null=True)),
                        ("investigation_started_at", models.DateTimeField(blank=True, null=True)),
                        ("team", models.CharField(blank=True, max_length=200, verbose_name="Who investigates")),
                        ("form_done_at", models.DateTimeField(blank=True, null=True)),
                        ("investigated_at", models.DateTimeField(blank=True, null=True)),
                        ("concluded_at", models.DateTimeField(blank=True, null=True)),
                        ("classification", models.CharField(blank=True, max_length=16, verbose_name="Conclusion")),
                        ("experts", models.CharField(blank=True, max_length=200, verbose_name="Expert group")),
                        ("conclusion", qingmiao.privacy.fields.SealedField(blank=True, null=True)),
                        ("dropped_because", models.CharField(blank=True, max_length=200)),
                        ("others", models.ManyToManyField(blank=True, related_name="cases_beside", to="registry.dose")),
                    ],
                    options={
                        "verbose_name": "Suspected adverse reaction",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("found_at__gte", models.F("onset_at"))),
                                name="case_found_after_onset",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["open", "dropped"]),
                                    models.Q(("number__isnull", False), ("reported_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="case_reported_with_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "concluded"), _negated=True),
                                    models.Q(
                                        ("concluded_at__isnull", False),
                                        models.Q(("classification", ""), _negated=True),
                                        models.Q(("experts", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="case_concluded_by_experts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "dropped"), _negated=True),
                                    models.Q(("dropped_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="case_dropped_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("grave", []), ("grave_since", None)),
                                    models.Q(("grave_since__isnull", False), models.Q(("grave", []), _negated=True)),
                                    _connector="OR",
                                ),
                                name="case_grave_since_when",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "dropped"), _negated=True),
                                fields=("dose", "reaction", "onset_at"),
                                name="case_entered_once",
                            ),
                        ],
                        "indexes": [models.Index(fields=["site", "state"], name="safety_case_site_id_77e630_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Report",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="safety.case"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("first", "First report"),
                                    ("amended", "Amended report"),
                                    ("investigation", "Investigation form"),
                                    ("final", "Final report"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "content",
                            qingmiao.privacy.fields.SealedField(help_text="The whole card as JSON, as it was."),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("online", "Typed into the national system"),
                                    ("phone", "By phone, then typed"),
                                    ("paper", "On paper"),
                                ],
                                max_length=8,
                                verbose_name="How",
                            ),
                        ),
                        (
                            "told",
                            models.CharField(
                                blank=True,
                                help_text="Who was told, at which office.",
                                max_length=200,
                                verbose_name="Told by phone",
                            ),
                        ),
                        ("due_at", models.DateTimeField(help_text="Until when it had to be in.", null=True)),
                        ("is_late", models.BooleanField()),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Report of a reaction",
                    },
                ),
                migrations.CreateModel(
                    name="SelfReport",
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
                                related_name="self_reports",
                                to="registry.dose",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="self_reports",
                                to="registry.person",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="self_reports",
                                to="staff.organisation",
                            ),
                        ),
                        ("signs", models.JSONField(default=list)),
                        ("text", qingmiao.privacy.fields.SealedField()),
                        ("phone", qingmiao.privacy.fields.SealedField()),
                        ("since", models.DateTimeField(blank=True, null=True, verbose_name="Since when")),
                        ("at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "Nobody has called yet"),
                                    ("called", "Called, still open"),
                                    ("case", "A case was opened"),
                                    ("harmless", "No case"),
                                ],
                                default="new",
                                max_length=8,
                            ),
                        ),
                        ("answer", models.CharField(blank=True, max_length=200, verbose_name="What was said")),
                        ("answered_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="self_reports",
                                to="safety.case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Report by a resident",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "new"),
                                    models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="self_report_answered_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "case"), _negated=True), ("case__isnull", False), _connector="OR"
                                ),
                                name="self_report_names_case",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pairing",
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
                                related_name="pairings",
                                to="staff.organisation",
                            ),
                        ),
                        ("hospital", models.CharField(max_length=120, verbose_name="Hospital")),
                        ("department", models.CharField(blank=True, max_length=80, verbose_name="Department")),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="Address")),
                        (
                            "route",
                            models.TextField(
                                blank=True, help_text="Gate, lift, where the ambulance stops.", verbose_name="Route"
                            ),
                        ),
                        (
                            "drive_minutes",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="Minutes by ambulance"
                            ),
                        ),
                        ("agreed_on", models.DateField(blank=True, null=True, verbose_name="Agreed on")),
                        ("ended_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Paired hospital",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)),
                                fields=("site", "hospital"),
                                name="pairing_once_per_hospital",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyPhone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "pairing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="phones", to="safety.pairing"
                            ),
                        ),
                        ("name", models.CharField(max_length=64, verbose_name="Who answers")),
                        ("what", models.CharField(blank=True, max_length=64, verbose_name="Which desk")),
                        ("number", qingmiao.privacy.fields.SealedField(verbose_name="Phone")),
                        (
                            "weekdays",
                            models.CharField(
                                default="1234567",
                                help_text="1 Monday … 7 Sunday, as 12345.",
                                max_length=7,
                                verbose_name="Days",
                            ),
                        ),
                        (
                            "from_time",
                            models.TimeField(help_text="Equal to the end: round the clock.", verbose_name="From"),
                        ),
                        (
                            "until_time",
                            models.TimeField(help_text="Earlier than the start: past midnight.", verbose_name="Until"),
                        ),
                        (
                            "rank",
                            models.PositiveSmallIntegerField(
                                default=1, help_text="1 is rung first.", verbose_name="Order"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Duty phone",
                    },
                ),
                migrations.CreateModel(
                    name="Drill",
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
                                related_name="drills",
                                to="staff.organisation",
                            ),
                        ),
                        ("planned_on", models.DateField(verbose_name="Day")),
                        ("scenario", models.CharField(max_length=200, verbose_name="Scenario")),
                        ("people", models.CharField(blank=True, max_length=200, verbose_name="Who takes part")),
                        ("lessons", models.TextField(blank=True, verbose_name="What was learned")),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Drill",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at", None), models.Q(("lessons", ""), _negated=True), _connector="OR"
                                ),
                                name="drill_closed_says_what_was_learned",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rescue",
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
                                related_name="rescues",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "pairing",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rescues",
                                to="safety.pairing",
                            ),
                        ),
                        (
                            "dose",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rescues",
                                to="registry.dose",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rescues",
                                to="safety.case",
                            ),
                        ),
                        (
                            "drill",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rescue",
                                to="safety.drill",
                            ),
                        ),
                        ("what", models.CharField(blank=True, max_length=200, verbose_name="What happens")),
                        (
                            "weight_kg",
                            models.DecimalField(
                                blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="Weight in kg"
                            ),
                        ),
                        ("is_over", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "Rescue",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("dose__isnull", False), ("drill__isnull", False), _connector="XOR"),
                                name="rescue_real_or_drill",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_over", False)),
                                fields=("dose",),
                                name="rescue_open_once_per_dose",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RescueStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "rescue",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="safety.rescue"
                            ),
                        ),
                        ("step", models.CharField(max_length=12)),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Step of a rescue",
                        "constraints": [models.UniqueConstraint(fields=("rescue", "step"), name="rescue_step_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Treatment",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="treatments",
                                to="registry.dose",
                            ),
                        ),
                        (
                            "rescue",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="treatments",
                                to="safety.rescue",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("adrenaline", "Adrenaline"),
                                    ("drug", "Other medicine"),
                                    ("oxygen", "Oxygen"),
                                    ("vitals", "Vitals"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "text",
                            qingmiao.privacy.fields.SealedField(
                                help_text="How much, by which way; or the figures measured."
                            ),
                        ),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Treatment",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("dose__isnull", False), ("rescue__isnull", False), _connector="OR"),
                                name="treatment_belongs_somewhere",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KitCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="kit_checks",
                                to="staff.organisation",
                            ),
                        ),
                        ("lines", models.JSONField(help_text="Per item: code, quantity, expires_on.")),
                        (
                            "faults",
                            models.JSONField(
                                default=list, help_text="Codes of what is missing, too little or over its day."
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                        ("by_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Check of the emergency kit",
                        "indexes": [models.Index(fields=["site", "at"], name="safety_kitc_site_id_777f0d_idx")],
                    },
                ),
            ]
        )
    ]
