import django.db.models.deletion
from django.db import migrations, models

import qingmiao.privacy.fields
from qingmiao.config.first_tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0001_initial"),
        ("stock", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "name",
                            models.CharField(
                                blank=True, help_text="As on the document.", max_length=120, verbose_name="Name"
                            ),
                        ),
                        (
                            "name_spelled",
                            models.CharField(
                                blank=True,
                                db_index=True,
                                help_text="Pinyin without tones, for search and sorting.",
                                max_length=160,
                            ),
                        ),
                        ("name_initials", models.CharField(blank=True, db_index=True, max_length=24)),
                        (
                            "sex",
                            models.CharField(
                                choices=[("0", "Unknown"), ("1", "Male"), ("2", "Female"), ("9", "Not stated")],
                                default="0",
                                max_length=1,
                                verbose_name="Sex",
                            ),
                        ),
                        ("birth_date", models.DateField(blank=True, null=True, verbose_name="Birth date")),
                        (
                            "birth_time",
                            models.TimeField(
                                blank=True, help_text="Local time, if known.", null=True, verbose_name="Birth time"
                            ),
                        ),
                        (
                            "residence",
                            models.CharField(
                                choices=[
                                    ("unknown", "Not known"),
                                    ("local", "Local"),
                                    ("floating", "Floating (3 months or more)"),
                                    ("temporary", "Temporary (under 3 months)"),
                                ],
                                default="unknown",
                                max_length=16,
                                verbose_name="Residence",
                            ),
                        ),
                        (
                            "home",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="residents",
                                to="staff.organisation",
                                verbose_name="Community, village or grid",
                            ),
                        ),
                        (
                            "address",
                            models.CharField(
                                blank=True, help_text="Down to the door.", max_length=200, verbose_name="Address"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("present", "Present"), ("moved", "Moved away"), ("dead", "Died")],
                                default="present",
                                max_length=16,
                                verbose_name="Status",
                            ),
                        ),
                        ("status_on", models.DateField(blank=True, help_text="Since when.", null=True)),
                        (
                            "brought_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whose list or desk put this person on record: it may see them, even if they belong to no unit.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people_brought",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_from",
                                to="registry.person",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name": "Person",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                                name="person_not_merged_into_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("birth_time", None), ("birth_date__isnull", False), _connector="OR"
                                ),
                                name="person_birth_time_needs_date",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["name"], name="registry_pe_name_b9f5b3_idx"),
                            models.Index(fields=["birth_date"], name="registry_pe_birth_d_704f7a_idx"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Identifier",
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
                                related_name="identifiers",
                                to="registry.person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("id_card", "Identity card"),
                                    ("birth_certificate", "Birth certificate"),
                                    ("passport", "Passport"),
                                    ("hk_macao_permit", "Permit for Hong Kong and Macao residents"),
                                    ("taiwan_permit", "Permit for Taiwan residents"),
                                    ("child_code", "Child code"),
                                    ("case_code", "Immunization case code"),
                                ],
                                max_length=20,
                                verbose_name="Kind of document",
                            ),
                        ),
                        ("number", qingmiao.privacy.fields.SealedField(verbose_name="Number")),
                        ("lookup", models.BinaryField(help_text="Keyed hash of kind and number.", max_length=16)),
                        (
                            "is_checked",
                            models.BooleanField(
                                default=True,
                                help_text="The check digit is right; a number with a wrong one is kept as it stands.",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Identifier",
                        "constraints": [
                            models.UniqueConstraint(fields=("lookup",), name="identifier_belongs_to_one_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phone",
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
                                on_delete=django.db.models.deletion.CASCADE, related_name="phones", to="registry.person"
                            ),
                        ),
                        ("number", qingmiao.privacy.fields.SealedField(verbose_name="Phone")),
                        ("lookup", models.BinaryField(db_index=True, max_length=16)),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="Whose it is, when to ring.", max_length=40, verbose_name="Note"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Phone",
                        "constraints": [
                            models.UniqueConstraint(fields=("person", "lookup"), name="phone_once_per_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Guardian",
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
                                related_name="guardians",
                                to="registry.person",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="Guardian")),
                        ("relation", models.CharField(blank=True, max_length=20, verbose_name="Relation")),
                        ("phone", qingmiao.privacy.fields.SealedField(blank=True, null=True, verbose_name="Phone")),
                        ("phone_lookup", models.BinaryField(db_index=True, max_length=16, null=True)),
                    ],
                    options={
                        "verbose_name": "Guardian",
                    },
                ),
                migrations.CreateModel(
                    name="UnitMembership",
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
                                related_name="memberships",
                                to="registry.person",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "position",
                            models.CharField(
                                blank=True, help_text="Owner, employee, …", max_length=40, verbose_name="Position"
                            ),
                        ),
                        ("since", models.DateField(blank=True, null=True)),
                        ("until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Membership of a unit",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("person", "unit"),
                                name="membership_once_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeyGroup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=32, unique=True)),
                        ("name", models.CharField(max_length=80, verbose_name="Key group")),
                        ("name_en", models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        "verbose_name": "Key group",
                    },
                ),
                migrations.CreateModel(
                    name="KeyGroupMembership",
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
                                related_name="key_groups",
                                to="registry.person",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="registry.keygroup",
                            ),
                        ),
                        ("since", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("person", "group"), name="key_group_once_per_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Dose",
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
                                on_delete=django.db.models.deletion.PROTECT, related_name="doses", to="registry.person"
                            ),
                        ),
                        (
                            "product_code",
                            models.CharField(
                                blank=True,
                                help_text="4-digit national code.",
                                max_length=8,
                                verbose_name="Vaccine code",
                            ),
                        ),
                        (
                            "vaccine",
                            models.CharField(
                                blank=True, help_text="As written on the record.", max_length=80, verbose_name="Vaccine"
                            ),
                        ),
                        (
                            "dose_number",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="As recorded; the schedule judges by itself.",
                                null=True,
                                verbose_name="Dose number",
                            ),
                        ),
                        (
                            "given_on",
                            models.DateField(
                                blank=True,
                                help_text="Local day; empty if not known.",
                                null=True,
                                verbose_name="Given on",
                            ),
                        ),
                        ("given_at", models.DateTimeField(blank=True, null=True, verbose_name="Given at")),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="doses",
                                to="stock.lot",
                            ),
                        ),
                        ("lot_number", models.CharField(blank=True, max_length=40, verbose_name="Lot")),
                        ("manufacturer", models.CharField(blank=True, max_length=80, verbose_name="Manufacturer")),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="doses_given",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "site_name",
                            models.CharField(
                                blank=True,
                                help_text="As written on the record.",
                                max_length=120,
                                verbose_name="Given by",
                            ),
                        ),
                        ("body_site", models.CharField(blank=True, max_length=24, verbose_name="Body site")),
                        ("given_by_id", models.BigIntegerField(blank=True, null=True, verbose_name="Vaccinator")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("here", "Given here"),
                                    ("imported", "From a list"),
                                    ("elsewhere", "Given in another place"),
                                    ("paper", "From the paper booklet"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "held",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Counts"),
                                    ("date", "Its day cannot be right"),
                                    ("twice", "Recorded twice"),
                                    ("vaccine", "The vaccine is not known"),
                                ],
                                default="",
                                max_length=12,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="registry.dose",
                            ),
                        ),
                        (
                            "is_void",
                            models.BooleanField(default=False, help_text="This row withdraws the one it supersedes."),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Why it corrects or withdraws another.", max_length=200
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name": "Dose",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("supersedes", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="dose_correction_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("supersedes", models.F("id")), _negated=True),
                                name="dose_not_superseding_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("given_at", None), ("given_on__isnull", False), _connector="OR"),
                                name="dose_instant_needs_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("source", "here"), _negated=True),
                                    models.Q(("given_at__isnull", False), ("given_by_id__isnull", False)),
                                    _connector="OR",
                                ),
                                name="dose_given_here_says_when_and_who",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["person", "given_on"], name="registry_do_person__dc8d5e_idx"),
                            models.Index(fields=["lot_number"], name="registry_do_lot_num_6923d2_idx"),
                            models.Index(fields=["given_on"], name="registry_do_given_o_b21516_idx"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BackEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "dose",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="back_entry",
                                to="registry.dose",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("own_province", "Given in this province"),
                                    ("other_province", "Given in another province"),
                                    ("abroad", "Given abroad"),
                                    ("hk_macao_taiwan", "Given in Hong Kong, Macao or Taiwan"),
                                ],
                                max_length=16,
                                verbose_name="Given",
                            ),
                        ),
                        (
                            "proof",
                            models.CharField(
                                choices=[
                                    ("booklet", "Vaccination booklet"),
                                    ("certificate", "Certificate or printout of the clinic"),
                                    ("system", "Record of another system"),
                                    ("said", "Said by the guardian, no paper"),
                                ],
                                max_length=12,
                                verbose_name="Seen on",
                            ),
                        ),
                        (
                            "entered_by_unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="back_entries",
                                to="staff.organisation",
                            ),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("entered_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Back-entry of a dose",
                    },
                ),
                migrations.CreateModel(
                    name="Fact",
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
                                on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="registry.person"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("mother_hbsag", "mother_hbsag"),
                                    ("birth_weight_g", "birth_weight_g"),
                                    ("gestation_weeks", "gestation_weeks"),
                                    ("hiv", "hiv"),
                                    ("ppd", "ppd"),
                                    ("bcg_scar", "bcg_scar"),
                                    ("hepb_response", "hepb_response"),
                                    ("je_travel", "je_travel"),
                                    ("immunodeficient", "immunodeficient"),
                                    ("pregnant", "pregnant"),
                                    ("ig_date", "ig_date"),
                                    ("covid_infection_date", "covid_infection_date"),
                                    ("covid_high_risk", "covid_high_risk"),
                                    ("rabies_exposure_date", "rabies_exposure_date"),
                                    ("rabies_regimen", "rabies_regimen"),
                                    ("rabies_earlier_course", "rabies_earlier_course"),
                                    ("wound_date", "wound_date"),
                                    ("wound_class", "wound_class"),
                                    ("anaphylaxis_after", "anaphylaxis_after"),
                                    ("allergies", "allergies"),
                                    ("conditions", "conditions"),
                                    ("province", "province"),
                                ],
                                max_length=32,
                                verbose_name="Fact",
                            ),
                        ),
                        (
                            "content",
                            qingmiao.privacy.fields.SealedField(
                                help_text="The value as JSON; health facts are sealed like numbers."
                            ),
                        ),
                        (
                            "true_on",
                            models.DateField(
                                blank=True, help_text="Of the test or event, if known.", null=True, verbose_name="Day"
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Fact",
                        "indexes": [models.Index(fields=["person", "code"], name="registry_fa_person__7dc1d3_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "place",
                            models.ForeignKey(
                                help_text="The bureau, unit or community whose people are listed.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ledger_imports",
                                to="staff.organisation",
                                verbose_name="For",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("review", "To be reviewed"),
                                    ("written", "Written"),
                                    ("undone", "Undone"),
                                    ("dropped", "Dropped"),
                                ],
                                default="review",
                                max_length=12,
                                verbose_name="Status",
                            ),
                        ),
                        (
                            "as_of",
                            models.DateField(
                                help_text="Days after this one count as lying in the future.", verbose_name="As of"
                            ),
                        ),
                        ("uploaded_at", models.DateTimeField(verbose_name="Uploaded")),
                        ("uploaded_by_id", models.BigIntegerField(null=True)),
                        ("written_at", models.DateTimeField(blank=True, null=True, verbose_name="Written")),
                        ("written_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="Undone")),
                        ("undone_by_id", models.BigIntegerField(blank=True, null=True)),
                        ("totals", models.JSONField(default=dict, help_text="Rows and people, over all files.")),
                        (
                            "kept",
                            models.JSONField(
                                default=list, help_text="Ids of people that an undo kept, because they changed later."
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Ledger import",
                        "ordering": ["-uploaded_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["written", "undone"]), _negated=True),
                                    ("written_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="ledger_import_written_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "undone"), _negated=True),
                                    ("undone_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="ledger_import_undone_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ledger_import",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="registry.ledgerimport",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=200, verbose_name="File")),
                        ("content", models.FileField(max_length=200, upload_to="ledgers/%Y/%m/")),
                        ("sha256", models.CharField(db_index=True, max_length=64)),
                        ("is_refused", models.BooleanField(default=False)),
                        ("code", models.CharField(blank=True, help_text="Why it was refused.", max_length=40)),
                        ("totals", models.JSONField(default=dict)),
                        (
                            "notes",
                            models.JSONField(default=list, help_text="Problems of the file, its sheets and columns."),
                        ),
                        (
                            "columns",
                            models.JSONField(
                                default=list, help_text="Per sheet: header row and what each column was taken for."
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Ledger file",
                        "constraints": [
                            models.UniqueConstraint(fields=("ledger_import", "name"), name="ledger_file_named_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="registry.ledgerfile",
                            ),
                        ),
                        ("sheet", models.CharField(max_length=120)),
                        ("row", models.PositiveIntegerField()),
                        (
                            "group",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("known", "Known"),
                                    ("ask", "Ask me"),
                                    ("problem", "Problems"),
                                    ("skipped", "Skipped"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("outcome", models.CharField(max_length=24)),
                        (
                            "codes",
                            models.CharField(
                                blank=True, help_text="Problem codes, separated by spaces.", max_length=400
                            ),
                        ),
                        (
                            "person_number",
                            models.IntegerField(help_text="Number of the person within the import.", null=True),
                        ),
                        ("person_pk", models.BigIntegerField(help_text="The person on record, once known.", null=True)),
                        ("answer", models.CharField(blank=True, max_length=4)),
                        (
                            "content",
                            qingmiao.privacy.fields.SealedField(
                                help_text="The row as it came and as it was understood.", null=True
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "Ledger row",
                        "constraints": [
                            models.UniqueConstraint(fields=("file", "sheet", "row"), name="ledger_row_once")
                        ],
                        "indexes": [models.Index(fields=["file", "group"], name="registry_le_file_id_d67044_idx")],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="registry.ledgerfile",
                            ),
                        ),
                        ("sheet", models.CharField(max_length=120)),
                        ("row", models.PositiveIntegerField()),
                        ("column", models.IntegerField(default=-1, help_text="From 0; -1 for the row as a whole.")),
                        ("answer", models.CharField(blank=True, max_length=4)),
                        ("text", qingmiao.privacy.fields.SealedField(null=True)),
                    ],
                    options={
                        "verbose_name": "Decision about a row",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("file", "sheet", "row", "column"), name="ledger_decision_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), _negated=True), ("text__isnull", False), _connector="OR"
                                ),
                                name="ledger_decision_says_what",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerWritten",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ledger_import",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="written",
                                to="registry.ledgerimport",
                            ),
                        ),
                        ("table", models.CharField(help_text="As app.Model.", max_length=64)),
                        ("runs", models.JSONField(help_text="First id and how many, in order.")),
                    ],
                    options={
                        "verbose_name": "Rows an import wrote",
                        "constraints": [
                            models.UniqueConstraint(fields=("ledger_import", "table"), name="ledger_written_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ledger_import",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="registry.ledgerimport",
                            ),
                        ),
                        ("person_pk", models.BigIntegerField()),
                        ("field", models.CharField(max_length=32)),
                        ("before", models.CharField(blank=True, max_length=200)),
                        ("after", models.CharField(max_length=200)),
                    ],
                    options={
                        "verbose_name": "Blank an import filled",
                    },
                ),
                migrations.CreateModel(
                    name="LearnedHeader",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "wording",
                            models.CharField(
                                help_text="Without white space.", max_length=120, unique=True, verbose_name="Header"
                            ),
                        ),
                        ("field", models.CharField(max_length=32, verbose_name="Means")),
                        ("taught_by_id", models.BigIntegerField(null=True)),
                        ("taught_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "Learned header",
                    },
                ),
                migrations.CreateModel(
                    name="Merge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("survivor_pk", models.BigIntegerField(db_index=True)),
                        ("absorbed_pk", models.BigIntegerField(db_index=True)),
                        ("moved", models.JSONField(help_text="Ids of the rows that moved, by app.Model and field.")),
                        (
                            "filled",
                            models.JSONField(
                                default=dict, help_text="Names of the survivor's blanks that were filled."
                            ),
                        ),
                        ("merged_at", models.DateTimeField()),
                        ("merged_by_id", models.BigIntegerField(null=True)),
                        ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_by_id", models.BigIntegerField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "Merge",
                    },
                ),
                migrations.CreateModel(
                    name="Management",
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
                                related_name="managements",
                                to="registry.person",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="managed_children",
                                to="staff.organisation",
                                verbose_name="Managing unit",
                            ),
                        ),
                        (
                            "residence",
                            models.CharField(
                                choices=[
                                    ("local", "Local"),
                                    ("floating", "Floating (3 months or more)"),
                                    ("temporary", "Temporary (under 3 months)"),
                                ],
                                max_length=16,
                                verbose_name="Residence",
                            ),
                        ),
                        ("since", models.DateField(verbose_name="Since")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="Until")),
                        (
                            "ending",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Managed here"),
                                    ("changed", "Residence or unit changed"),
                                    ("moved", "Moved away"),
                                    ("away", "Away for a time"),
                                    ("dead", "Died"),
                                ],
                                default="",
                                max_length=8,
                            ),
                        ),
                        (
                            "came_from",
                            models.CharField(
                                blank=True,
                                help_text="Province and clinic, as on the booklet.",
                                max_length=120,
                                verbose_name="Came from",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "Management of a record",
                        "ordering": ["-since", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)), fields=("person",), name="management_one_at_a_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                                name="management_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ending", ""), ("until", None)),
                                    models.Q(("until__isnull", False), models.Q(("ending", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="management_end_says_why",
                            ),
                        ],
                        "indexes": [models.Index(fields=["unit", "until"], name="registry_ma_unit_id_6f29ab_idx")],
                    },
                ),
            ]
        )
    ]
