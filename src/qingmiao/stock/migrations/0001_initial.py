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
                    name="Fridge",
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
                                related_name="fridges",
                                to="staff.organisation",
                            ),
                        ),
                        ("number", models.CharField(max_length=20, verbose_name="Number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fridge", "Refrigerator"),
                                    ("freezer", "Freezer"),
                                    ("cold_room", "Cold room"),
                                    ("box", "Cool box"),
                                ],
                                max_length=12,
                                verbose_name="Kind",
                            ),
                        ),
                        ("retired_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Fridge",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("place", "number"), name="fridge_once_per_place")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "fridge",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="stock.fridge"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("celsius", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Temperature")),
                        (
                            "source",
                            models.CharField(
                                choices=[("hand", "Read by hand"), ("logger", "From the logger")], max_length=8
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=120, verbose_name="Note")),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Reading",
                        "constraints": [
                            models.UniqueConstraint(fields=("fridge", "at", "source"), name="reading_once_per_instant")
                        ],
                        "indexes": [models.Index(fields=["fridge", "at"], name="stock_readi_fridge__be202a_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="Breach",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "fridge",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="breaches", to="stock.fridge"
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, help_text="Empty: it is still outside.", null=True),
                        ),
                        ("worst_celsius", models.DecimalField(decimal_places=1, max_digits=4)),
                        (
                            "affected",
                            models.JSONField(
                                default=dict, help_text="Doses in the place by lot id when the breach was found."
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Nobody has decided"),
                                    ("use", "May be used"),
                                    ("quarantine", "Held back until the holder answers"),
                                    ("discard", "Discarded"),
                                ],
                                default="",
                                max_length=12,
                            ),
                        ),
                        (
                            "decision_note",
                            models.CharField(blank=True, max_length=200, verbose_name="Why, and whom you asked"),
                        ),
                        ("decided_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Breach of the cold chain",
                        "constraints": [
                            models.UniqueConstraint(fields=("fridge", "started_at"), name="breach_once_per_start"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decided_by_id", None), ("decision", "")),
                                    models.Q(
                                        models.Q(("decision", ""), _negated=True),
                                        models.Q(("decision_note", ""), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by_id__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="breach_decided_says_why_who_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=8, verbose_name="Vaccine code")),
                        ("name", models.CharField(max_length=80, verbose_name="Vaccine")),
                        ("name_en", models.CharField(blank=True, max_length=120)),
                        ("short_name", models.CharField(blank=True, max_length=40)),
                        ("manufacturer", models.CharField(blank=True, max_length=80, verbose_name="Manufacturer")),
                        (
                            "trace_prefix",
                            models.CharField(
                                blank=True, help_text="First 7 digits of the trace codes of this product.", max_length=7
                            ),
                        ),
                        ("gtin", models.CharField(blank=True, max_length=14)),
                        ("doses_per_vial", models.PositiveSmallIntegerField(default=1)),
                        ("route", models.CharField(blank=True, max_length=8, verbose_name="Route")),
                        (
                            "holder",
                            models.CharField(
                                blank=True,
                                help_text="Empty: the manufacturer.",
                                max_length=80,
                                verbose_name="Marketing authorisation holder",
                            ),
                        ),
                        (
                            "price_fen",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Of one dose in fen, with the fee; empty: free of charge.",
                                null=True,
                                verbose_name="Price",
                            ),
                        ),
                        (
                            "colour",
                            models.CharField(default="#4b3f8f", help_text="Of its band on the screen.", max_length=7),
                        ),
                    ],
                    options={
                        "verbose_name": "Product",
                        "constraints": [
                            models.UniqueConstraint(fields=("code", "manufacturer"), name="product_once_per_maker")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="stock.product"
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="Lot")),
                        (
                            "expires_on",
                            models.DateField(help_text="Last day on which it may be given.", verbose_name="Expires on"),
                        ),
                        (
                            "batch_release",
                            models.CharField(
                                blank=True,
                                help_text="As printed on the certificate of the lot.",
                                max_length=40,
                                verbose_name="Batch release number",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("usable", "Usable"),
                                    ("quarantined", "Quarantined"),
                                    ("recalled", "Recalled"),
                                ],
                                default="usable",
                                max_length=12,
                            ),
                        ),
                        (
                            "state_reason",
                            models.CharField(
                                blank=True,
                                help_text="Why it is quarantined or recalled, and by whose order.",
                                max_length=120,
                                verbose_name="Reason",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Lot",
                        "constraints": [
                            models.UniqueConstraint(fields=("product", "number"), name="lot_once_per_product"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "usable"), models.Q(("state_reason", ""), _negated=True), _connector="OR"
                                ),
                                name="lot_held_back_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Movement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="stock.lot"
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("given", "Given"),
                                    ("wasted", "Wasted"),
                                    ("returned", "Returned"),
                                    ("counted", "Corrected by count"),
                                    ("taken_back", "Dose withdrawn"),
                                    ("sent", "Sent on"),
                                    ("came", "Came from another place"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("doses", models.IntegerField(help_text="Whole doses: positive in, negative out.")),
                        ("reason", models.CharField(blank=True, max_length=120)),
                        (
                            "belongs_to",
                            models.CharField(
                                blank=True,
                                help_text="The dose that moved it, as app.Model:id; empty for other movements.",
                                max_length=96,
                            ),
                        ),
                        (
                            "other_side",
                            models.CharField(
                                blank=True,
                                help_text="Supplier, or the other place by name.",
                                max_length=120,
                                verbose_name="From or to",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Movement",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("doses", 0), _negated=True), name="movement_moves_something"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "given"), _negated=True), ("doses__lt", 0), _connector="OR"
                                ),
                                name="movement_given_leaves",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "received"), _negated=True), ("doses__gt", 0), _connector="OR"
                                ),
                                name="movement_received_comes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "taken_back"), _negated=True), ("doses__gt", 0), _connector="OR"
                                ),
                                name="movement_taken_back_comes",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("belongs_to", ""), _negated=True),
                                fields=("kind", "belongs_to"),
                                name="movement_once_per_dose",
                            ),
                        ],
                        "indexes": [models.Index(fields=["place", "lot"], name="stock_movem_place_i_6eb0f5_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="TodaysLot",
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
                                related_name="lots_of_the_day",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="days_laid_out",
                                to="stock.lot",
                            ),
                        ),
                        ("day", models.DateField(help_text="The local day; the next day asks again.")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Lot of the day",
                        "indexes": [models.Index(fields=["place", "day"], name="stock_today_place_i_a670ac_idx")],
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
                            "movement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delivery",
                                to="stock.movement",
                            ),
                        ),
                        ("supplier", models.CharField(max_length=120, verbose_name="Supplier")),
                        ("document", models.CharField(max_length=60, verbose_name="Delivery note")),
                        ("departed_at", models.DateTimeField(verbose_name="Departed at")),
                        ("arrived_at", models.DateTimeField(verbose_name="Arrived at")),
                        (
                            "temperatures",
                            models.JSONField(help_text="[[instant, °C], …]: at departure, on the way, at arrival."),
                        ),
                    ],
                    options={
                        "verbose_name": "Delivery",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("arrived_at__gte", models.F("departed_at"))),
                                name="delivery_takes_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("supplier", ""), _negated=True), models.Q(("document", ""), _negated=True)
                                ),
                                name="delivery_says_from_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Count",
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
                                related_name="counts",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="stock.lot"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("expected", models.IntegerField(help_text="Doses by the movements at that moment.")),
                        ("counted", models.PositiveIntegerField(verbose_name="Counted")),
                        ("explanation", models.CharField(blank=True, max_length=200, verbose_name="Explanation")),
                        ("explained_by", models.CharField(blank=True, max_length=64, verbose_name="Explained by")),
                        (
                            "correction",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="count",
                                to="stock.movement",
                            ),
                        ),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Count",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("counted", models.F("expected")),
                                    models.Q(
                                        models.Q(("explanation", ""), _negated=True),
                                        models.Q(("explained_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="count_difference_is_explained",
                            )
                        ],
                        "indexes": [models.Index(fields=["place", "at"], name="stock_count_place_i_613c44_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="OpenVial",
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
                                related_name="open_vials",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="open_vials", to="stock.lot"
                            ),
                        ),
                        ("doses", models.PositiveSmallIntegerField()),
                        ("opened_at", models.DateTimeField()),
                        ("use_until", models.DateTimeField()),
                        ("opened_by_id", models.BigIntegerField(null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "rest",
                            models.OneToOneField(
                                blank=True,
                                help_text="What was discarded of it.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="vial",
                                to="stock.movement",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Open vial",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("use_until__gt", models.F("opened_at"))),
                                name="vial_usable_for_a_time",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("place", "lot"),
                                name="vial_one_open_per_lot",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupplyCount",
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
                                related_name="supply_counts",
                                to="staff.organisation",
                            ),
                        ),
                        ("item", models.CharField(help_text="As in rules/cold_chain.", max_length=24)),
                        ("counted", models.PositiveIntegerField(verbose_name="Counted")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Count of supplies",
                        "indexes": [
                            models.Index(fields=["place", "item", "at"], name="stock_suppl_place_i_70f2f4_idx")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fee",
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
                                related_name="fees",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="fees", to="stock.product"
                            ),
                        ),
                        (
                            "belongs_to",
                            models.CharField(
                                help_text="The visit or dose it was taken for, as app.Model:id.", max_length=96
                            ),
                        ),
                        (
                            "fen",
                            models.IntegerField(
                                help_text="In fen: positive taken, negative given back.", verbose_name="Amount"
                            ),
                        ),
                        (
                            "refunds",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refund",
                                to="stock.fee",
                            ),
                        ),
                        ("receipt", models.CharField(blank=True, max_length=40, verbose_name="Receipt")),
                        ("reason", models.CharField(blank=True, max_length=120, verbose_name="Reason")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Fee",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("fen", 0), _negated=True), name="fee_is_some_money"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("fen__gt", 0), ("refunds", None)),
                                    models.Q(
                                        ("fen__lt", 0),
                                        ("refunds__isnull", False),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="fee_given_back_says_what_and_why",
                            ),
                        ],
                        "indexes": [models.Index(fields=["place", "at"], name="stock_fee_place_i_0a7cd1_idx")],
                    },
                ),
            ]
        )
    ]
