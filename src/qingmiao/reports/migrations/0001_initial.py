import django.db.models.deletion
from django.db import migrations, models

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
                    name="Form",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forms",
                                to="staff.organisation",
                                verbose_name="Unit",
                            ),
                        ),
                        ("kind", models.CharField(help_text="As in rules/forms.", max_length=24, verbose_name="Form")),
                        ("period", models.DateField(help_text="First day of the month.", verbose_name="Period")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("submitted", "Submitted"), ("amended", "Amended")],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                        ("content", models.JSONField(help_text="Rows and cells as they were counted last.")),
                        ("counted_at", models.DateTimeField()),
                        ("opened_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Form",
                        "ordering": ["-period", "kind", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("unit", "kind", "period"), name="form_once_per_unit_kind_and_period"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormIssue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="issues", to="reports.form"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("content", models.JSONField()),
                        ("counted_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField()),
                        ("submitted_by_id", models.BigIntegerField(null=True)),
                        ("submitted_by_name", models.CharField(max_length=64)),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="Reason")),
                    ],
                    options={
                        "verbose_name": "Form as sent",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("form", "number"), name="form_issue_numbered_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="form_amendment_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="form_issue_counts_from_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Snapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshots",
                                to="staff.organisation",
                            ),
                        ),
                        ("organisation_name", models.CharField(max_length=120)),
                        ("indicator", models.CharField(max_length=64)),
                        ("rule_version", models.PositiveSmallIntegerField()),
                        (
                            "definition",
                            models.JSONField(help_text="The whole definition of the indicator, as it was counted."),
                        ),
                        ("on", models.DateField(help_text="The figure is of the end of this day.", verbose_name="Day")),
                        ("numerator", models.PositiveIntegerField()),
                        ("denominator", models.PositiveIntegerField()),
                        (
                            "also",
                            models.JSONField(
                                default=dict,
                                help_text="Counted at the same moment: batches led to the site, terms of the head-count, lists held against it.",
                            ),
                        ),
                        ("taken_at", models.DateTimeField()),
                        ("taken_by_id", models.BigIntegerField(null=True)),
                        ("taken_by_name", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "Frozen figure",
                        "ordering": ["-on", "-taken_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("numerator__lte", models.F("denominator"))),
                                name="snapshot_share_at_most_one",
                            )
                        ],
                        "indexes": [
                            models.Index(
                                fields=["organisation", "indicator", "-on", "-taken_at"],
                                name="reports_sna_organis_0b7564_idx",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SnapshotPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="reports.snapshot"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshot_parts",
                                to="staff.organisation",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("numerator", models.PositiveIntegerField()),
                        ("denominator", models.PositiveIntegerField()),
                        (
                            "declared",
                            models.PositiveIntegerField(
                                help_text="Empty: the unit had not declared a number.", null=True
                            ),
                        ),
                        ("declared_on", models.DateField(null=True)),
                        ("declared_by", models.CharField(blank=True, max_length=64)),
                        (
                            "is_late",
                            models.BooleanField(
                                default=False, help_text="The deadline of the head-count had been missed."
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("snapshot", "organisation"), name="snapshot_part_once"),
                            models.CheckConstraint(
                                condition=models.Q(("numerator__lte", models.F("denominator"))),
                                name="snapshot_part_share_at_most_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SnapshotMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="reports.snapshot",
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="reports.snapshotpart",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="registry.person",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("name_spelled", models.CharField(max_length=160)),
                        ("position", models.CharField(blank=True, max_length=40)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("vaccinated", "Vaccinated"),
                                    ("deferred", "Deferred"),
                                    ("contraindicated", "Contraindicated"),
                                    ("refused", "Refused"),
                                    ("open", "Not yet vaccinated"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("first_dose_on", models.DateField(null=True)),
                        ("until", models.DateField(help_text="Deferred until this day.", null=True)),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Why deferred, contraindicated or refused.", max_length=200
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("part", "person"), name="snapshot_member_once_per_part"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("first_dose_on__isnull", False), ("state", "vaccinated")),
                                    models.Q(models.Q(("state", "vaccinated"), _negated=True), ("first_dose_on", None)),
                                    _connector="OR",
                                ),
                                name="snapshot_member_vaccinated_has_day",
                            ),
                        ],
                        "indexes": [models.Index(fields=["snapshot", "person"], name="reports_sna_snapsho_e5181f_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="SummaryText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="summary_texts",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("bureau", "Work summary of a bureau"),
                                    ("subdistrict", "Work summary of a subdistrict"),
                                    ("clinic", "Yearly summary of a clinic"),
                                    ("weekly", "Weekly report"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("texts", models.JSONField(default=dict, help_text="Text by the name of its field.")),
                        ("written_at", models.DateTimeField()),
                        ("written_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Text of a summary",
                        "constraints": [
                            models.UniqueConstraint(fields=("organisation", "kind"), name="summary_text_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChangedPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("person_id", models.BigIntegerField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="PersonTally",
                    fields=[
                        ("person_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("stand", models.TextField(help_text="As `reports.tallies.Stand` writes itself.")),
                        (
                            "done",
                            models.CharField(
                                blank=True,
                                db_index=True,
                                help_text="Indicators the person is above the line of, by name.",
                                max_length=200,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PeopleTally",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place_id", models.BigIntegerField()),
                        ("group_id", models.BigIntegerField(default=0, help_text="Key group; 0 for everybody.")),
                        (
                            "is_direct",
                            models.BooleanField(
                                help_text="Only people of the place itself, not of what lies below it."
                            ),
                        ),
                        ("indicator", models.CharField(max_length=64)),
                        ("day", models.DateField()),
                        ("dose_on", models.DateField()),
                        ("people", models.IntegerField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["place_id", "indicator", "group_id", "is_direct", "day", "dose_on", "people"],
                                name="people_summed",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("place_id", "indicator", "group_id", "is_direct", "day", "dose_on"),
                                name="people_tallied_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DoseLog",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("site_id", models.BigIntegerField(help_text="Where it was given; 0 if that is not known.")),
                        (
                            "home_id",
                            models.BigIntegerField(help_text="Where its person lives; 0 if that is not known."),
                        ),
                        ("product_code", models.CharField(max_length=8)),
                        ("day", models.DateField()),
                        ("doses", models.SmallIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="SiteDoses",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("site_id", models.BigIntegerField()),
                        ("product_code", models.CharField(max_length=8)),
                        ("day", models.DateField()),
                        ("doses", models.IntegerField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["site_id", "day", "product_code", "doses"], name="site_doses_summed")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site_id", "day", "product_code"), name="site_doses_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HomeDoses",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("home_id", models.BigIntegerField()),
                        ("product_code", models.CharField(max_length=8)),
                        ("month", models.DateField(help_text="Its first day.")),
                        ("doses", models.IntegerField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["home_id", "month", "product_code", "doses"], name="home_doses_summed")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("home_id", "month", "product_code"), name="home_doses_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TallyLock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("folded_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="FigureCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("people", models.BigIntegerField(help_text="People counted.")),
                        ("doses", models.BigIntegerField(help_text="Doses counted.")),
                        ("differences", models.PositiveIntegerField()),
                        (
                            "found",
                            models.JSONField(default=list, help_text="The first differences: place, kept, counted."),
                        ),
                    ],
                    options={
                        "verbose_name": "Check of the kept counts",
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Compilation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="compilations",
                                to="staff.organisation",
                            ),
                        ),
                        ("organisation_name", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("bureau", "Work summary of a bureau"),
                                    ("subdistrict", "Work summary of a subdistrict"),
                                    ("clinic", "Yearly summary of a clinic"),
                                    ("weekly", "Weekly report"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("since", models.DateField(verbose_name="From")),
                        ("until", models.DateField(verbose_name="Until")),
                        (
                            "facts",
                            models.JSONField(
                                help_text="Numbers and rows by name; names of people are never among them."
                            ),
                        ),
                        ("taken_at", models.DateTimeField()),
                        ("taken_by_id", models.BigIntegerField(null=True)),
                        ("taken_by_name", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "Facts of a report",
                        "ordering": ["-taken_at", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["organisation", "kind", "-taken_at"], name="reports_com_organis_7f363c_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))),
                                name="compilation_ends_after_start",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
