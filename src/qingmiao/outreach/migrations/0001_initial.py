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
                    name="CallHome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("home", models.BinaryField(help_text="Keyed hash of the phone.", max_length=16, unique=True)),
                        ("leased_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Home",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("leased_by_id", None), ("leased_until", None)),
                                    models.Q(("leased_by_id__isnull", False), ("leased_until__isnull", False)),
                                    _connector="OR",
                                ),
                                name="call_home_leased_by_and_until",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Call",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="registry.person"
                            ),
                        ),
                        ("outcome", models.CharField(max_length=24, verbose_name="Outcome")),
                        (
                            "until",
                            models.DateField(
                                blank=True,
                                help_text="Not rung again before this day; empty: by the rule.",
                                null=True,
                                verbose_name="Until",
                            ),
                        ),
                        (
                            "closes",
                            models.BooleanField(
                                help_text="Takes the child off the call list until that day, or for good."
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Call",
                        "indexes": [
                            models.Index(fields=["person", "at"], name="outreach_ca_person__96d5ef_idx"),
                            models.Index(fields=["at"], name="outreach_ca_at_e2ec71_idx"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Address",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="registry.person",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("sms", "Text message"),
                                    ("email", "E-mail"),
                                    ("wechat", "WeChat official account"),
                                    ("letter", "Printed notice"),
                                ],
                                max_length=8,
                                verbose_name="Channel",
                            ),
                        ),
                        (
                            "address",
                            qingmiao.privacy.fields.SealedField(
                                help_text="E-mail address or WeChat id; empty for letters.",
                                null=True,
                                verbose_name="Address",
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Address",
                        "constraints": [
                            models.UniqueConstraint(fields=("person", "channel"), name="address_once_per_channel")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="registry.person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("due", "Doses are due"),
                                    ("reminder", "Reminder of a date"),
                                    ("missed", "A date was missed"),
                                    ("changed", "The clinic day changed"),
                                ],
                                max_length=12,
                                verbose_name="Kind",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("sms", "Text message"),
                                    ("email", "E-mail"),
                                    ("wechat", "WeChat official account"),
                                    ("letter", "Printed notice"),
                                ],
                                max_length=8,
                                verbose_name="Channel",
                            ),
                        ),
                        ("language", models.CharField(default="zh", max_length=8)),
                        ("for_day", models.DateField(help_text="The day it is about.", verbose_name="For")),
                        ("instead_of", models.DateField(blank=True, help_text="The day that was changed.", null=True)),
                        ("series", models.JSONField(default=list, help_text="Series and dose numbers it is about.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("delivered", "Delivered"),
                                    ("failed", "Failed"),
                                    ("withheld", "Not sent"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="State",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Code: why it was not sent, or failed.", max_length=40
                            ),
                        ),
                        (
                            "text",
                            qingmiao.privacy.fields.SealedField(
                                help_text="As it went out.", null=True, verbose_name="Text"
                            ),
                        ),
                        ("planned_at", models.DateTimeField()),
                        ("planned_by_id", models.BigIntegerField(null=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_at",
                            models.DateTimeField(
                                blank=True, help_text="When the gateway said what became of it.", null=True
                            ),
                        ),
                        ("gateway_id", models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        "verbose_name": "Message",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "kind", "for_day", "channel"), name="message_once_per_day_and_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "withheld"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="message_withheld_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                                    ("sent_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="message_sent_says_when",
                            ),
                        ],
                        "indexes": [models.Index(fields=["state", "planned_at"], name="outreach_me_state_fda6ad_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Rating",
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
                                related_name="ratings",
                                to="staff.organisation",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="Day")),
                        (
                            "ticket",
                            models.BinaryField(
                                help_text="Hash of the slip's code: one answer each.", max_length=32, unique=True
                            ),
                        ),
                        ("overall", models.PositiveSmallIntegerField(verbose_name="All in all")),
                        ("waiting", models.PositiveSmallIntegerField(verbose_name="Waiting time")),
                        ("explained", models.PositiveSmallIntegerField(verbose_name="Explained")),
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="Remark")),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Rating",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("explained__range", (1, 5)), ("overall__range", (1, 5)), ("waiting__range", (1, 5))
                                ),
                                name="rating_from_one_to_five",
                            )
                        ],
                        "indexes": [models.Index(fields=["site", "day"], name="outreach_ra_site_id_e293d7_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
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
                                related_name="complaints",
                                to="staff.organisation",
                            ),
                        ),
                        ("text", qingmiao.privacy.fields.SealedField(verbose_name="What happened")),
                        (
                            "contact",
                            qingmiao.privacy.fields.SealedField(
                                help_text="Where the answer goes; may be left out.", null=True, verbose_name="Phone"
                            ),
                        ),
                        ("raised_at", models.DateTimeField()),
                        ("answer_by", models.DateTimeField(help_text="Until then an answer is owed.")),
                        ("answer", models.CharField(blank=True, max_length=500, verbose_name="Answer")),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("answered_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Complaint",
                        "ordering": ["closed_at", "raised_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None)),
                                    models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="complaint_answered_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at", None), ("answered_at__isnull", False), _connector="OR"
                                ),
                                name="complaint_closed_after_answer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EntryCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entry_checks",
                                to="staff.organisation",
                                verbose_name="School",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entry_checks_judged",
                                to="staff.organisation",
                                verbose_name="Clinic",
                            ),
                        ),
                        ("title", models.CharField(max_length=80, verbose_name="Class")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("entry", "New term"), ("transfer", "Transfer")],
                                default="entry",
                                max_length=10,
                                verbose_name="Kind",
                            ),
                        ),
                        ("term_from", models.DateField(verbose_name="Term begins")),
                        ("check_by", models.DateField(verbose_name="To be checked by")),
                        ("recheck_by", models.DateField(verbose_name="To be checked again by")),
                        ("opened_at", models.DateTimeField()),
                        ("opened_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Entry check",
                        "ordering": ["-term_from", "title"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("school", "title", "term_from"), name="entry_check_once_per_class"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EntryChild",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "check_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="children",
                                to="outreach.entrycheck",
                            ),
                        ),
                        ("row", models.PositiveIntegerField()),
                        ("name", models.CharField(max_length=120, verbose_name="Name")),
                        ("number", qingmiao.privacy.fields.SealedField(null=True, verbose_name="Number")),
                        ("found", models.CharField(help_text="As `registry.queries.rosters.Found`.", max_length=16)),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entry_checks",
                                to="registry.person",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="Opens the certificate to whoever holds it.", max_length=32, unique=True
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Child on a class list",
                        "ordering": ["row"],
                        "constraints": [
                            models.UniqueConstraint(fields=("check_of", "row"), name="entry_child_row_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EntryVerdict",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "child",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="verdicts",
                                to="outreach.entrychild",
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "standing",
                            models.CharField(
                                choices=[
                                    ("complete", "Complete"),
                                    ("missing", "Doses missing"),
                                    ("contraindicated", "Complete but for contraindications"),
                                    ("unknown", "No record found"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "missing",
                            models.JSONField(
                                default=list, help_text="Series and dose number of each dose owed on that day."
                            ),
                        ),
                        ("ruleset", models.CharField(blank=True, max_length=80)),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Verdict at entry",
                        "ordering": ["-pk"],
                    },
                ),
            ]
        )
    ]
