import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0001_initial"),
        ("staff", "__first__"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="TrainingSession",
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
                                related_name="trainings",
                                to="staff.organisation",
                                verbose_name="Held by",
                            ),
                        ),
                        ("topic", models.CharField(max_length=120, verbose_name="Topic")),
                        ("held_on", models.DateField(verbose_name="Day")),
                        ("place", models.CharField(blank=True, max_length=120, verbose_name="Place")),
                        ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Hours")),
                        ("teacher", models.CharField(blank=True, max_length=64, verbose_name="Teacher")),
                        ("content", models.TextField(blank=True, verbose_name="What was taught")),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Training",
                        "ordering": ["-held_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("hours__gt", 0)), name="training_lasts")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Material",
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
                                related_name="materials",
                                to="training.trainingsession",
                            ),
                        ),
                        ("name", models.CharField(max_length=160, verbose_name="File")),
                        ("content", models.FileField(max_length=200, upload_to="training/%Y/%m/")),
                        ("sha256", models.CharField(max_length=64)),
                        ("added_at", models.DateTimeField()),
                        ("added_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Material",
                        "constraints": [
                            models.UniqueConstraint(fields=("session", "sha256"), name="training_material_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
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
                                related_name="attendances",
                                to="training.trainingsession",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendances",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("came", models.BooleanField(verbose_name="Came")),
                        ("reason", models.CharField(blank=True, max_length=120, verbose_name="Why not")),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Attendance",
                        "constraints": [models.UniqueConstraint(fields=("session", "user"), name="attendance_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Attempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to="staff.organisation",
                            ),
                        ),
                        ("rules_on", models.DateField(help_text="The day whose rules were asked.")),
                        (
                            "questions",
                            models.JSONField(
                                help_text="Texts, choices, the right one and its rule, as they were shown."
                            ),
                        ),
                        (
                            "answers",
                            models.JSONField(default=list, help_text="The choice taken per question; null for none."),
                        ),
                        ("pass_percent", models.PositiveSmallIntegerField()),
                        ("right", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Right")),
                        ("started_at", models.DateTimeField(verbose_name="Started")),
                        ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="Handed in")),
                    ],
                    options={
                        "verbose_name": "Test",
                        "ordering": ["-started_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("finished_at", None), ("right", None)),
                                    models.Q(("finished_at__gte", models.F("started_at")), ("right__isnull", False)),
                                    _connector="OR",
                                ),
                                name="attempt_finished_is_marked",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=24, unique=True, verbose_name="Number")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "attempt",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificate",
                                to="training.attempt",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="staff.organisation",
                            ),
                        ),
                        ("issued_on", models.DateField(verbose_name="Issued on")),
                        ("valid_until", models.DateField(verbose_name="Valid until")),
                        ("issued_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Training certificate",
                        "ordering": ["-issued_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("valid_until__gt", models.F("issued_on"))),
                                name="certificate_ends_after_start",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
