import django.db.models.deletion
from django.db import migrations, models

from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=24, verbose_name="Kind")),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="staff.organisation",
                                verbose_name="Unit",
                            ),
                        ),
                        ("first_day", models.DateField(verbose_name="From")),
                        ("last_day", models.DateField(verbose_name="To")),
                        ("title", models.CharField(max_length=160, verbose_name="Title")),
                        ("note", models.CharField(blank=True, max_length=240, verbose_name="Note")),
                        ("name", models.CharField(max_length=160, verbose_name="File")),
                        ("content", models.FileField(max_length=200, upload_to="archive/%Y/%m/")),
                        ("size", models.PositiveIntegerField(verbose_name="Bytes")),
                        ("sha256", models.CharField(max_length=64)),
                        (
                            "text",
                            models.TextField(blank=True, help_text="What could be read of the file, for the search."),
                        ),
                        ("kept_at", models.DateTimeField(verbose_name="Put in")),
                        ("kept_by_id", models.BigIntegerField(null=True)),
                        ("kept_by_name", models.CharField(max_length=64)),
                        (
                            "replaced_by",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaces",
                                to="archive.document",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Document",
                        "ordering": ["-last_day", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["organisation", "kind", "-last_day"], name="archive_doc_organis_f5befd_idx"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_day__gte", models.F("first_day"))),
                                name="document_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("replaced_by", models.F("id")), _negated=True),
                                name="document_not_replaced_by_itself",
                            ),
                            models.UniqueConstraint(
                                fields=("organisation", "kind", "first_day", "sha256"), name="document_kept_once"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
