import django.db.models.deletion
from django.db import migrations, models

from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="DueRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on", models.DateField(verbose_name="Day")),
                        ("until", models.DateField(help_text="Doses that may be given by this day were written.")),
                        ("ruleset", models.CharField(max_length=80, verbose_name="Rules")),
                        ("people", models.PositiveIntegerField(verbose_name="People")),
                        ("owed", models.PositiveIntegerField(help_text="Doses owed by then.")),
                        ("finished_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Recomputation",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="DueDose",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="due_doses",
                                to="registry.person",
                            ),
                        ),
                        ("series", models.CharField(max_length=16, verbose_name="Series")),
                        ("dose_number", models.PositiveSmallIntegerField(verbose_name="Dose number")),
                        ("product", models.CharField(blank=True, max_length=24, verbose_name="Vaccine")),
                        ("earliest", models.DateField(verbose_name="May be given from")),
                        ("recommended", models.DateField(verbose_name="Due")),
                        ("overdue_from", models.DateField(blank=True, null=True, verbose_name="Overdue from")),
                        ("rule", models.CharField(blank=True, max_length=80, verbose_name="Rule")),
                        ("ruleset", models.CharField(max_length=80, verbose_name="Rules")),
                        ("judged_on", models.DateField()),
                    ],
                    options={
                        "verbose_name": "Due dose",
                        "indexes": [models.Index(fields=["recommended", "series"], name="schedule_due_by_month")],
                        "constraints": [
                            models.UniqueConstraint(fields=("person", "series"), name="due_dose_once_per_series")
                        ],
                    },
                ),
            ]
        )
    ]
