import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("city", "City"),
                                    ("district", "District"),
                                    ("subdistrict", "Subdistrict"),
                                    ("community", "Community or village"),
                                    ("grid", "Grid"),
                                    ("bureau", "Bureau"),
                                    ("unit", "Unit"),
                                    ("centre", "Health centre"),
                                    ("hospital", "Hospital"),
                                    ("school", "School or nursery"),
                                    ("site", "Vaccination site"),
                                    ("area", "Area"),
                                    ("desk", "Desk"),
                                ],
                                max_length=16,
                                verbose_name="Kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="Name")),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                help_text="National or local code, if it has one.",
                                max_length=32,
                                verbose_name="Code",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "path",
                            models.CharField(
                                help_text="Ids from the root down, as 1/4/9/; a subtree is a prefix.",
                                max_length=200,
                                unique=True,
                            ),
                        ),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="Closed on")),
                    ],
                    options={
                        "verbose_name": "Organisation",
                        "ordering": ["path"],
                        "constraints": [
                            models.UniqueConstraint(fields=("parent", "kind", "name"), name="organisation_named_once"),
                            models.CheckConstraint(
                                condition=models.Q(("parent", models.F("id")), _negated=True),
                                name="organisation_not_its_own_parent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("username", models.CharField(max_length=64, unique=True, verbose_name="Account")),
                        ("display_name", models.CharField(max_length=64, verbose_name="Name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="Active")),
                        (
                            "has_first_password",
                            models.BooleanField(
                                default=False,
                                help_text="The password was given by an administrator and must be changed at sign-in.",
                            ),
                        ),
                        (
                            "is_demo",
                            models.BooleanField(
                                default=False,
                                help_text="Belongs to a demo world; its password is printed on the sign-in page.",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Staff member",
                    },
                ),
                migrations.CreateModel(
                    name="Assignment",
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
                                related_name="assignments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("system_admin", "System administrator"),
                                    ("security_admin", "Security administrator"),
                                    ("auditor", "Audit administrator"),
                                    ("leader", "Head"),
                                    ("office", "Office of the leading group"),
                                    ("bureau_liaison", "Liaison of a bureau"),
                                    ("unit_liaison", "Liaison of a unit"),
                                    ("site_head", "Head of the site"),
                                    ("front_desk", "Front desk"),
                                    ("consent_desk", "Consent desk"),
                                    ("screener", "Screening doctor"),
                                    ("vaccinator", "Vaccinator"),
                                    ("observer", "Observation nurse"),
                                    ("clinic_doctor", "Clinic doctor"),
                                    ("stock_keeper", "Stock keeper"),
                                    ("disease_control", "Disease control officer"),
                                    ("reporting_doctor", "Reporting doctor"),
                                    ("village_doctor", "Village doctor"),
                                    ("school_doctor", "School doctor"),
                                ],
                                max_length=24,
                                verbose_name="Role",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="staff.organisation",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="Valid from")),
                        (
                            "valid_until",
                            models.DateField(
                                blank=True,
                                help_text="Last day; empty means open.",
                                null=True,
                                verbose_name="Valid until",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Assignment",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="assignment_ends_after_start",
                            ),
                            models.UniqueConstraint(
                                fields=("user", "role", "organisation", "valid_from"), name="assignment_given_once"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
