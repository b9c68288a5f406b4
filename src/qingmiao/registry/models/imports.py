"""Imports of ledgers: the files as they came, what was understood of them, what was decided, and what was written."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.models import Versioned
from qingmiao.privacy.fields import SealedField
from qingmiao.staff.models import Organisation


class LedgerImport(Versioned):
    """Ledger files taken in together: reviewed before anything is written, written at once, undone at once."""

    class Status(models.TextChoices):
        REVIEW = "review", _("To be reviewed")
        WRITTEN = "written", _("Written")
        UNDONE = "undone", _("Undone")
        DROPPED = "dropped", _("Dropped")

    place = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="ledger_imports",
        verbose_name=_("For"),
        help_text=_("The bureau, unit or community whose people are listed."),
    )
    status = models.CharField(_("Status"), max_length=12, choices=Status.choices, default=Status.REVIEW)
    as_of = models.DateField(_("As of"), help_text=_("Days after this one count as lying in the future."))
    uploaded_at = models.DateTimeField(_("Uploaded"))
    uploaded_by_id = models.BigIntegerField(null=True)
    written_at = models.DateTimeField(_("Written"), null=True, blank=True)
    written_by_id = models.BigIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(_("Undone"), null=True, blank=True)
    undone_by_id = models.BigIntegerField(null=True, blank=True)
    totals = models.JSONField(default=dict, help_text=_("Rows and people, over all files."))
    kept = models.JSONField(default=list, help_text=_("Ids of people that an undo kept, because they changed later."))

    class Meta:
        verbose_name = _("Ledger import")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["written", "undone"]) | Q(written_at__isnull=False),
                name="ledger_import_written_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="undone") | Q(undone_at__isnull=False), name="ledger_import_undone_says_when"
            ),
        ]


class LedgerFile(models.Model):
    """One file of an import, kept as it came."""

    ledger_import = models.ForeignKey(LedgerImport, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("File"), max_length=200)
    content = models.FileField(upload_to="ledgers/%Y/%m/", max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    is_refused = models.BooleanField(default=False)
    code = models.CharField(max_length=40, blank=True, help_text=_("Why it was refused."))
    totals = models.JSONField(default=dict)
    notes = models.JSONField(default=list, help_text=_("Problems of the file, its sheets and columns."))
    columns = models.JSONField(default=list, help_text=_("Per sheet: header row and what each column was taken for."))

    class Meta:
        verbose_name = _("Ledger file")
        constraints = [models.UniqueConstraint(fields=["ledger_import", "name"], name="ledger_file_named_once")]


class LedgerRow(models.Model):
    """One row of a file as it was understood when the plan was made."""

    class Group(models.TextChoices):
        """Under which of the four counts a row is shown; a row without anything to say is new or known."""

        NEW = "new", _("New")
        KNOWN = "known", _("Known")
        ASK = "ask", _("Ask me")
        PROBLEM = "problem", _("Problems")
        SKIPPED = "skipped", _("Skipped")

    file = models.ForeignKey(LedgerFile, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=120)
    row = models.PositiveIntegerField()
    group = models.CharField(max_length=8, choices=Group.choices)
    outcome = models.CharField(max_length=24)
    codes = models.CharField(max_length=400, blank=True, help_text=_("Problem codes, separated by spaces."))
    person_number = models.IntegerField(null=True, help_text=_("Number of the person within the import."))
    person_pk = models.BigIntegerField(null=True, help_text=_("The person on record, once known."))
    answer = models.CharField(max_length=4, blank=True)
    content = SealedField(null=True, help_text=_("The row as it came and as it was understood."))

    class Meta:
        verbose_name = _("Ledger row")
        constraints = [models.UniqueConstraint(fields=["file", "sheet", "row"], name="ledger_row_once")]
        indexes = [models.Index(fields=["file", "group"])]


class LedgerDecision(models.Model):
    """What a person decided about a row while reviewing: an answer, or a cell typed anew."""

    file = models.ForeignKey(LedgerFile, models.CASCADE, related_name="decisions")
    sheet = models.CharField(max_length=120)
    row = models.PositiveIntegerField()
    column = models.IntegerField(default=-1, help_text=_("From 0; -1 for the row as a whole."))
    answer = models.CharField(max_length=4, blank=True)
    text = SealedField(null=True)

    class Meta:
        verbose_name = _("Decision about a row")
        constraints = [
            models.UniqueConstraint(fields=["file", "sheet", "row", "column"], name="ledger_decision_once"),
            models.CheckConstraint(condition=~Q(answer="") | Q(text__isnull=False), name="ledger_decision_says_what"),
        ]


class LedgerWritten(models.Model):
    """Which rows of a table an import wrote, so that exactly these can be taken back."""

    ledger_import = models.ForeignKey(LedgerImport, models.CASCADE, related_name="written")
    table = models.CharField(max_length=64, help_text=_("As app.Model."))
    runs = models.JSONField(help_text=_("First id and how many, in order."))

    class Meta:
        verbose_name = _("Rows an import wrote")
        constraints = [models.UniqueConstraint(fields=["ledger_import", "table"], name="ledger_written_once")]


class LedgerChange(models.Model):
    """A blank of a known person that an import filled."""

    ledger_import = models.ForeignKey(LedgerImport, models.CASCADE, related_name="changes")
    person_pk = models.BigIntegerField()
    field = models.CharField(max_length=32)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("Blank an import filled")


class LearnedHeader(models.Model):
    """A header wording that a person taught us."""

    wording = models.CharField(_("Header"), max_length=120, unique=True, help_text=_("Without white space."))
    field = models.CharField(_("Means"), max_length=32)
    taught_by_id = models.BigIntegerField(null=True)
    taught_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Learned header")


class Merge(models.Model):
    """Two records found to be one person: what moved from the one to the other, so that it can move back."""

    survivor_pk = models.BigIntegerField(db_index=True)
    absorbed_pk = models.BigIntegerField(db_index=True)
    moved = models.JSONField(help_text=_("Ids of the rows that moved, by app.Model and field."))
    filled = models.JSONField(default=dict, help_text=_("Names of the survivor's blanks that were filled."))
    merged_at = models.DateTimeField()
    merged_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(_("Reason"), max_length=200)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("Merge")
