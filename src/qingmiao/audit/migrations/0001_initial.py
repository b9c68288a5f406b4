from django.db import migrations, models

from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "seq",
                            models.BigIntegerField(
                                help_text="Position in the chain, from 1 without gaps.",
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("at", models.DateTimeField(db_index=True)),
                        (
                            "user_id",
                            models.BigIntegerField(
                                db_index=True, help_text="Who; empty for the system itself.", null=True
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                help_text="From where: an address, the command line, a job.", max_length=64
                            ),
                        ),
                        ("verb", models.CharField(max_length=64)),
                        ("is_look", models.BooleanField(help_text="Only looked, wrote nothing.")),
                        (
                            "subject",
                            models.CharField(
                                db_index=True, help_text="What it was done to, as app.Model:id.", max_length=96
                            ),
                        ),
                        ("details", models.JSONField(default=dict)),
                        ("digest", models.BinaryField(max_length=32)),
                    ],
                    options={
                        "verbose_name": "Audit entry",
                    },
                ),
                migrations.CreateModel(
                    name="AuditHead",
                    fields=[
                        ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("seq", models.BigIntegerField()),
                        ("digest", models.BinaryField(max_length=32)),
                    ],
                    options={
                        "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_one_head")],
                    },
                ),
                migrations.CreateModel(
                    name="DoneRequest",
                    fields=[
                        ("request_id", models.UUIDField(primary_key=True, serialize=False)),
                        ("verb", models.CharField(max_length=64)),
                        (
                            "content_digest",
                            models.BinaryField(help_text="Keyed hash of everything that was asked.", max_length=32),
                        ),
                        (
                            "result",
                            models.CharField(
                                help_text="What it wrote, as app.Model:id; empty for nothing.", max_length=96
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                ),
            ]
        )
    ]
