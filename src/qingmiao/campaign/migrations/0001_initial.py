import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_initial"),
        ("staff", "0001_initial"),
        ("staff", "__first__"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Campaign",
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
                                related_name="campaigns",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                help_text="As in rules/campaign/organisation.yaml.", max_length=24, verbose_name="Kind"
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="Title")),
                        (
                            "indicator",
                            models.CharField(
                                blank=True,
                                help_text="The figure that its progress is read from; empty: none yet.",
                                max_length=64,
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="Starts on")),
                        ("ends_on", models.DateField(help_text="Last day of the plan.", verbose_name="Ends on")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="Closed on")),
                    ],
                    options={
                        "verbose_name": "Campaign",
                        "ordering": ["-starts_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="campaign_ends_after_start",
                            ),
                            models.UniqueConstraint(fields=("organisation", "title"), name="campaign_named_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MemberUnit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="member_units",
                                to="campaign.campaign",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="Member unit")),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships_of_campaigns",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "spoken_for_by",
                            models.CharField(blank=True, max_length=64, verbose_name="Who speaks for it"),
                        ),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="Duty phone")),
                        ("valid_from", models.DateField(verbose_name="Valid from")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                    ],
                    options={
                        "verbose_name": "Member unit",
                        "ordering": ["pk"],
                        "constraints": [models.UniqueConstraint(fields=("campaign", "name"), name="member_unit_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Group",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="groups",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True, help_text="Template it was made from; empty: its own.", max_length=24
                            ),
                        ),
                        ("name", models.CharField(max_length=64, verbose_name="Group")),
                        ("remit", models.CharField(blank=True, max_length=400, verbose_name="What it answers for")),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_leading", models.BooleanField(default=False)),
                        ("valid_from", models.DateField(verbose_name="Valid from")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="Closed on")),
                    ],
                    options={
                        "verbose_name": "Working group",
                        "ordering": ["-is_leading", "position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("campaign", "name"), name="group_named_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_leading", True)),
                                fields=("campaign",),
                                name="group_one_leads_a_campaign",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Duty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="campaign.group"
                            ),
                        ),
                        ("title", models.CharField(max_length=64, verbose_name="Duty post")),
                        (
                            "rank",
                            models.CharField(
                                choices=[
                                    ("leader", "Leader of the group"),
                                    ("deputy", "Deputy leader of the group"),
                                    ("contact", "Contact of the group"),
                                    ("member", "Member of the group"),
                                ],
                                default="member",
                                max_length=8,
                                verbose_name="Rank",
                            ),
                        ),
                        ("does", models.CharField(blank=True, max_length=200, verbose_name="What it does")),
                        (
                            "phone",
                            models.CharField(
                                blank=True,
                                help_text="Belongs to the duty and stays when people change.",
                                max_length=32,
                                verbose_name="Duty phone",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name": "Duty post",
                        "ordering": ["position", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("group", "title"), name="duty_named_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Holder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "duty",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="holders", to="campaign.duty"
                            ),
                        ),
                        ("name", models.CharField(max_length=64, verbose_name="Name")),
                        ("belongs_to", models.CharField(blank=True, max_length=120, verbose_name="Unit and post")),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duties_held",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="Account",
                            ),
                        ),
                        (
                            "is_deputy",
                            models.BooleanField(
                                default=False, help_text="Stands in for the holder.", verbose_name="Deputy"
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
                        "verbose_name": "Holder of a duty",
                        "ordering": ["is_deputy", "valid_from", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="holder_ends_after_start",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until", None)),
                                fields=("duty", "is_deputy"),
                                name="holder_one_open_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Watch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "duty",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="watches", to="campaign.duty"
                            ),
                        ),
                        ("name", models.CharField(max_length=64, verbose_name="Name")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="Duty phone")),
                        ("starts_at", models.DateTimeField(verbose_name="From")),
                        ("ends_at", models.DateTimeField(verbose_name="Until")),
                    ],
                    options={
                        "verbose_name": "On-call duty",
                        "ordering": ["starts_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="watch_ends_after_start",
                            ),
                            models.UniqueConstraint(fields=("duty", "starts_at", "name"), name="watch_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Picture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("path", models.CharField(help_text="Path of the organisation it belongs to.", max_length=200)),
                        ("content", models.BinaryField()),
                        ("media_type", models.CharField(default="image/jpeg", max_length=16)),
                        ("sha256", models.CharField(max_length=64)),
                        ("taken_at", models.DateTimeField(help_text="When it was handed in.")),
                        ("taken_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Photo",
                    },
                ),
                migrations.CreateModel(
                    name="Responsibility",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responsibilities",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responsibilities",
                                to="staff.organisation",
                                verbose_name="Place",
                            ),
                        ),
                        (
                            "doors",
                            models.CharField(
                                blank=True,
                                help_text="Beginning of the address, such as 3号楼2单元; empty: all.",
                                max_length=80,
                                verbose_name="Doors",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("grid", "Grid worker"),
                                    ("community", "Community or unit"),
                                    ("subdistrict", "Subdistrict or bureau"),
                                    ("doctor", "Doctor"),
                                ],
                                max_length=12,
                                verbose_name="Level",
                            ),
                        ),
                        ("name", models.CharField(max_length=64, verbose_name="Name")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="Duty phone")),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responsibilities",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="Account",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="Valid from")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                    ],
                    options={
                        "verbose_name": "Responsibility",
                        "ordering": ["place__path", "level", "doors", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="responsibility_ends_after_start",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until", None)),
                                fields=("campaign", "place", "doors", "level"),
                                name="responsibility_one_open_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DoorVisit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="door_visits",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="door_visits",
                                to="registry.person",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="door_visits",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("grid", "Grid worker"),
                                    ("community", "Community or unit"),
                                    ("subdistrict", "Subdistrict or bureau"),
                                    ("doctor", "Doctor"),
                                ],
                                max_length=12,
                                verbose_name="Level",
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("willing", "Willing"),
                                    ("refused", "Refused"),
                                    ("not_reached", "Not reached"),
                                    ("deferred", "Cannot now, later"),
                                    ("contraindicated", "Says a doctor forbade it"),
                                    ("elsewhere", "Vaccinated elsewhere"),
                                    ("moved", "Moved away"),
                                ],
                                max_length=16,
                                verbose_name="Result",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                help_text="Code of rules/campaign/fieldwork.yaml.",
                                max_length=24,
                                verbose_name="Reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="Until")),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="campaign.picture",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("by_name", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "Visit at the door",
                        "ordering": ["-at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "refused"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="door_refusal_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "deferred"), _negated=True),
                                    ("until__isnull", False),
                                    _connector="OR",
                                ),
                                name="door_deferral_has_a_day",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["campaign", "person", "-at"], name="door_visit_of_person"),
                            models.Index(fields=["campaign", "day"], name="door_visit_of_day"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayListEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_entries",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_entries",
                                to="staff.organisation",
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_entries",
                                to="registry.person",
                            ),
                        ),
                        ("put_on_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "On the list of a day",
                        "ordering": ["place__path", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("campaign", "day", "person"), name="day_entry_once")
                        ],
                        "indexes": [models.Index(fields=["campaign", "day", "place"], name="day_entry_of_place")],
                    },
                ),
                migrations.CreateModel(
                    name="SignedCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signed_counts",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signed_counts",
                                to="staff.organisation",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("counts", models.JSONField(help_text="People by standing, as counted when it was signed.")),
                        ("declared", models.PositiveIntegerField(null=True)),
                        ("signed_by", models.CharField(max_length=64, verbose_name="Signed by")),
                        ("signed_at", models.DateTimeField()),
                        ("signed_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Signed figures of a place",
                        "ordering": ["-signed_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("signed_by", ""), _negated=True), name="signed_count_says_who"
                            )
                        ],
                        "indexes": [models.Index(fields=["campaign", "place", "-day"], name="signed_count_of_place")],
                    },
                ),
                migrations.CreateModel(
                    name="Forerunner",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forerunners",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leads_in",
                                to="registry.person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("official", "Official"),
                                    ("party", "Party member"),
                                    ("relative", "Relative"),
                                    ("medical", "Medical staff"),
                                ],
                                max_length=12,
                                verbose_name="Kind",
                            ),
                        ),
                        ("named_at", models.DateTimeField()),
                        ("named_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Leads by example",
                        "constraints": [models.UniqueConstraint(fields=("campaign", "person"), name="forerunner_once")],
                    },
                ),
                migrations.CreateModel(
                    name="HeadCount",
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
                                related_name="head_counts",
                                to="staff.organisation",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="Title")),
                        ("opened_on", models.DateField(verbose_name="Opened on")),
                        (
                            "due_at",
                            models.DateTimeField(
                                help_text="Who has not declared by then is reported as late.", verbose_name="Deadline"
                            ),
                        ),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="Closed on")),
                    ],
                    options={
                        "verbose_name": "Head-count",
                        "ordering": ["-opened_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on", None), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                                ),
                                name="head_count_closes_after_opening",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_on", None)),
                                fields=("organisation",),
                                name="head_count_one_open_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Declaration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "head_count",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declarations",
                                to="campaign.headcount",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declarations",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "people",
                            models.PositiveIntegerField(
                                help_text="Owners, employees and floating people together. Zero is an answer too.",
                                verbose_name="People declared",
                            ),
                        ),
                        ("declared_on", models.DateField(verbose_name="Declared on")),
                        (
                            "said_by",
                            models.CharField(
                                help_text="Name of the person who answers for it.",
                                max_length=64,
                                verbose_name="Who says so",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Declaration",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("said_by", ""), _negated=True), name="declaration_says_who"
                            )
                        ],
                        "indexes": [
                            models.Index(
                                fields=["head_count", "unit", "-recorded_at"], name="campaign_de_head_co_ab46a4_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Need",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needs",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needs",
                                to="staff.organisation",
                                verbose_name="Place",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("people", "People"), ("vehicle", "Vehicles"), ("material", "Materials")],
                                max_length=8,
                                verbose_name="Kind",
                            ),
                        ),
                        ("item", models.CharField(max_length=80, verbose_name="What")),
                        ("quantity", models.PositiveIntegerField(verbose_name="How many")),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                help_text="Boxes, people, cars …",
                                max_length=16,
                                verbose_name="Unit of counting",
                            ),
                        ),
                        ("needed_at", models.DateTimeField(verbose_name="Needed by")),
                        ("asked_at", models.DateTimeField()),
                        ("asked_by_id", models.BigIntegerField(null=True)),
                        ("asked_by_name", models.CharField(max_length=64)),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Request",
                        "ordering": ["needed_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="need_of_something")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="campaign.need",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(verbose_name="How many")),
                        ("detail", models.CharField(blank=True, max_length=120, verbose_name="Who, or which vehicle")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("by_name", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "Delivery",
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="delivery_of_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "duty",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="campaign.duty",
                                verbose_name="Duty post",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="What is to be done")),
                        ("due_at", models.DateTimeField(verbose_name="Due")),
                        ("opened_at", models.DateTimeField()),
                        ("opened_by_id", models.BigIntegerField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("reported", "Reported as done"),
                                    ("closed", "Done"),
                                    ("dropped", "Dropped"),
                                ],
                                default="open",
                                max_length=8,
                            ),
                        ),
                        ("reported_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Task",
                        "ordering": ["due_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", False), ("state__in", ["closed", "dropped"])),
                                    models.Q(("ended_at", None), ("state__in", ["open", "reported"])),
                                    _connector="OR",
                                ),
                                name="task_ended_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "reported"), _negated=True),
                                    ("reported_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="task_reported_says_when",
                            ),
                        ],
                        "indexes": [models.Index(fields=["campaign", "state", "due_at"], name="task_by_state")],
                    },
                ),
                migrations.CreateModel(
                    name="TaskStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="campaign.task"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("opened", "Opened"),
                                    ("reported", "Reported as done"),
                                    ("accepted", "Evidence accepted"),
                                    ("sent_back", "Sent back"),
                                    ("moved", "Given another time"),
                                    ("dropped", "Dropped"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=400, verbose_name="Evidence or reason")),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="campaign.picture",
                            ),
                        ),
                        ("due_at", models.DateTimeField(help_text="When it is due after this step.", null=True)),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("by_name", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "Step of a task",
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["opened", "accepted"]),
                                    models.Q(("text", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="task_step_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Meeting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("morning", "Morning meeting"), ("evening", "Evening dispatch")],
                                max_length=8,
                                verbose_name="Kind",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="Day")),
                        ("opened_at", models.DateTimeField()),
                        ("chair", models.CharField(max_length=64, verbose_name="Chair")),
                        ("present", models.CharField(blank=True, max_length=400, verbose_name="Who is present")),
                        ("minutes_by", models.CharField(blank=True, max_length=64, verbose_name="Minutes by")),
                        (
                            "snapshot",
                            models.BigIntegerField(help_text="Number of the frozen figure that was shown.", null=True),
                        ),
                        (
                            "figures",
                            models.JSONField(
                                default=dict, help_text="The figures as they were shown, with the rule they follow."
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Meeting",
                        "ordering": ["-day", "-opened_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("campaign", "day", "kind"), name="meeting_once_a_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Point",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="points",
                                to="campaign.meeting",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("problem", "Problem"), ("decision", "Decision")],
                                max_length=8,
                                verbose_name="Kind",
                            ),
                        ),
                        ("text", models.CharField(max_length=400, verbose_name="What was said")),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.organisation",
                                verbose_name="About which unit",
                            ),
                        ),
                        (
                            "answers",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answered_by",
                                to="campaign.point",
                                verbose_name="Answers which problem",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Point of a meeting",
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="point_says_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeetingTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="campaign.meeting"
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="campaign.task"
                            ),
                        ),
                        ("is_inherited", models.BooleanField()),
                        ("state_then", models.CharField(max_length=8)),
                        ("due_then", models.DateTimeField()),
                        (
                            "answers",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="campaign.point",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["due_then", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("meeting", "task"), name="meeting_task_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Dispatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dispatches",
                                to="campaign.meeting",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dispatches",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "line",
                            models.JSONField(
                                help_text="Done, of, place and change since yesterday, as they were sent."
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=400, verbose_name="Message")),
                        ("sent_at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField(blank=True, null=True)),
                        ("seen_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Dispatch to a unit",
                        "ordering": ["-sent_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("meeting", "unit"), name="dispatch_once_per_unit")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="phases",
                                to="campaign.campaign",
                            ),
                        ),
                        ("title", models.CharField(max_length=64, verbose_name="Phase")),
                        ("starts_on", models.DateField(verbose_name="Starts on")),
                        ("ends_on", models.DateField(verbose_name="Ends on")),
                    ],
                    options={
                        "verbose_name": "Phase",
                        "ordering": ["starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="phase_ends_after_start",
                            ),
                            models.UniqueConstraint(fields=("campaign", "title"), name="phase_named_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Target",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="targets",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "key_group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="targets",
                                to="registry.keygroup",
                                verbose_name="Key group",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="targets",
                                to="staff.organisation",
                                verbose_name="Place",
                            ),
                        ),
                        ("people", models.PositiveIntegerField(verbose_name="People")),
                        (
                            "on_ledger",
                            models.PositiveIntegerField(
                                help_text="How many the ledger had when it was said; empty: it was not asked.",
                                null=True,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[("ledger", "Counted on the ledger"), ("told", "Told from above")], max_length=8
                            ),
                        ),
                        ("said_by", models.CharField(max_length=64, verbose_name="Who says so")),
                        ("said_on", models.DateField(verbose_name="Said on")),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Target",
                        "ordering": ["recorded_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("key_group", None), ("place", None), _connector="OR"),
                                name="target_of_a_group_or_of_a_place",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("said_by", ""), _negated=True), name="target_says_who"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_targets",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_targets",
                                to="staff.organisation",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="Day")),
                        ("doses", models.PositiveIntegerField(verbose_name="Doses")),
                    ],
                    options={
                        "verbose_name": "Target of a day",
                        "ordering": ["day", "place__path"],
                        "constraints": [
                            models.UniqueConstraint(fields=("campaign", "place", "day"), name="day_target_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Strength",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="strengths",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="strengths",
                                to="staff.organisation",
                            ),
                        ),
                        ("from_day", models.DateField(verbose_name="From")),
                        ("vaccinators", models.PositiveSmallIntegerField(verbose_name="Vaccinators")),
                        ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Hours a day")),
                        (
                            "minutes_per_dose",
                            models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Minutes per dose"),
                        ),
                    ],
                    options={
                        "verbose_name": "Strength of a site",
                        "ordering": ["from_day", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("campaign", "site", "from_day"), name="strength_once_per_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minutes_per_dose__gt", 0)), name="strength_minutes_above_zero"
                            ),
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="materials",
                                to="campaign.campaign",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="Publicity material")),
                        ("text", models.TextField(blank=True, verbose_name="Text")),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="campaign.picture",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                help_text="Whose statement it rests on.",
                                max_length=160,
                                verbose_name="Source",
                            ),
                        ),
                        ("expires_on", models.DateField(verbose_name="Use until")),
                        ("written_at", models.DateTimeField()),
                        ("written_by_id", models.BigIntegerField(null=True)),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("approved_by_id", models.BigIntegerField(null=True)),
                        ("approved_by_name", models.CharField(blank=True, max_length=64)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Publicity material",
                        "ordering": ["-written_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_at", None),
                                    models.Q(("approved_by_name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="material_approved_says_who",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Activity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="activities",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                help_text="Code of rules/campaign/publicity.yaml.",
                                max_length=24,
                                verbose_name="Channel",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="activities",
                                to="campaign.material",
                                verbose_name="Publicity material",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="activities",
                                to="staff.organisation",
                                verbose_name="Place",
                            ),
                        ),
                        ("where", models.CharField(blank=True, max_length=120, verbose_name="Where exactly")),
                        ("at", models.DateTimeField(verbose_name="When")),
                        (
                            "reach",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Copies, readers or doors.",
                                null=True,
                                verbose_name="People reached",
                            ),
                        ),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="campaign.picture",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("by_name", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "Publicity activity",
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="campaign.campaign",
                            ),
                        ),
                        ("question", models.CharField(max_length=200, verbose_name="Question")),
                        ("answer", models.TextField(max_length=1000, verbose_name="Answer")),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                help_text="Whose statement it rests on.",
                                max_length=160,
                                verbose_name="Source",
                            ),
                        ),
                        ("asked", models.PositiveIntegerField(default=1, help_text="How often it was heard.")),
                        ("written_at", models.DateTimeField()),
                        ("written_by_id", models.BigIntegerField(null=True)),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("approved_by_id", models.BigIntegerField(null=True)),
                        ("approved_by_name", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "verbose_name": "Question of the people",
                        "ordering": ["-asked", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_at", None),
                                    models.Q(("approved_by_name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="question_approved_says_who",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rumour",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rumours",
                                to="campaign.campaign",
                            ),
                        ),
                        ("text", models.CharField(max_length=400, verbose_name="What is said")),
                        (
                            "channel",
                            models.CharField(
                                help_text="Code of rules/campaign/publicity.yaml.",
                                max_length=24,
                                verbose_name="Seen in",
                            ),
                        ),
                        ("where", models.CharField(blank=True, max_length=120, verbose_name="Where exactly")),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rumours",
                                to="staff.organisation",
                                verbose_name="Place",
                            ),
                        ),
                        (
                            "risk",
                            models.CharField(
                                choices=[("high", "High risk"), ("medium", "Medium risk"), ("low", "Low risk")],
                                max_length=8,
                                verbose_name="Risk",
                            ),
                        ),
                        ("seen_at", models.DateTimeField(verbose_name="Seen at")),
                        ("told_at", models.DateTimeField(help_text="When it was written down here.")),
                        ("told_by_name", models.CharField(max_length=64)),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="campaign.picture",
                            ),
                        ),
                        ("answer_by", models.DateTimeField(help_text="By when its risk asks for an answer.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("seen", "To be answered"),
                                    ("drafted", "Answer waits for approval"),
                                    ("answered", "Answered"),
                                    ("closed", "Closed"),
                                ],
                                default="seen",
                                max_length=10,
                            ),
                        ),
                        ("answer", models.TextField(blank=True, max_length=1000, verbose_name="Answer")),
                        ("answered_where", models.CharField(blank=True, max_length=120, verbose_name="Answered where")),
                        ("drafted_by_id", models.BigIntegerField(null=True)),
                        ("approved_by_id", models.BigIntegerField(null=True)),
                        ("approved_by_name", models.CharField(blank=True, max_length=64)),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("outcome", models.CharField(blank=True, max_length=200, verbose_name="What became of it")),
                    ],
                    options={
                        "verbose_name": "Opinion or rumour",
                        "ordering": ["-seen_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["answered", "closed"]), _negated=True),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("approved_at__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                        models.Q(("approved_by_name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="rumour_answered_says_what_and_who_approved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                                    _connector="OR",
                                ),
                                name="rumour_closed_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "drafted"), _negated=True),
                                    models.Q(("answer", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="rumour_draft_says_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inspection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inspections",
                                to="campaign.campaign",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inspections",
                                to="staff.organisation",
                                verbose_name="Place",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("by_name", models.CharField(max_length=64)),
                        ("checklist", models.CharField(max_length=24)),
                        ("checklist_version", models.PositiveSmallIntegerField()),
                        ("answers", models.JSONField(help_text="Yes, no or not looked at, by item.")),
                    ],
                    options={
                        "verbose_name": "Supervision on site",
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "inspection",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="campaign.inspection",
                            ),
                        ),
                        ("item", models.CharField(max_length=24)),
                        ("text", models.CharField(max_length=300, verbose_name="What was found")),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="campaign.picture",
                            ),
                        ),
                        (
                            "duty",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="campaign.duty",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="To be put right by")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("corrected", "Put right, to be looked at"),
                                    ("closed", "Closed"),
                                ],
                                default="open",
                                max_length=12,
                            ),
                        ),
                        (
                            "correction",
                            models.CharField(blank=True, max_length=300, verbose_name="How it was put right"),
                        ),
                        ("corrected_at", models.DateTimeField(blank=True, null=True)),
                        ("corrected_by_name", models.CharField(blank=True, max_length=64)),
                        (
                            "correction_picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="campaign.picture",
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_by_name", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "verbose_name": "Finding of a supervision",
                        "ordering": ["due_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "open"),
                                    models.Q(
                                        ("corrected_at__isnull", False), models.Q(("correction", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="finding_corrected_says_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                                    _connector="OR",
                                ),
                                name="finding_closed_says_when",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
