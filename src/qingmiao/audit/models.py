"""The audit trail: who did what, and who looked at whom, as a keyed hash chain."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingmiao.audit.statements import update


class AuditEntry(models.Model):
    """One write, or one look at people. Holds ids and names of fields, never a person's name or number."""

    seq = models.BigIntegerField(primary_key=True, help_text=_("Position in the chain, from 1 without gaps."))
    at = models.DateTimeField(db_index=True)
    user_id = models.BigIntegerField(null=True, db_index=True, help_text=_("Who; empty for the system itself."))
    origin = models.CharField(max_length=64, help_text=_("From where: an address, the command line, a job."))
    verb = models.CharField(max_length=64)
    is_look = models.BooleanField(help_text=_("Only looked, wrote nothing."))
    subject = models.CharField(max_length=96, db_index=True, help_text=_("What it was done to, as app.Model:id."))
    details = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("Audit entry")


class AuditHead(models.Model):
    """The end of the chain: the one row that every writer of the trail locks."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]


class DoneRequest(models.Model):
    """A request that was carried out, so that the same request again gets the first answer and writes nothing."""

    request_id = models.UUIDField(primary_key=True)
    verb = models.CharField(max_length=64)
    content_digest = models.BinaryField(max_length=32, help_text=_("Keyed hash of everything that was asked."))
    result = models.CharField(max_length=96, help_text=_("What it wrote, as app.Model:id; empty for nothing."))
    at = models.DateTimeField()


class Versioned(models.Model):
    """A row that two people may edit: it counts its versions, and an edit of an older version is refused."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class ChangedMeanwhile(Exception):
    """Somebody else changed the row after it was shown; nothing was written. Show both versions and ask again."""

    def __init__(self, row: Versioned) -> None:
        self.row = row
        super().__init__(
            _("Somebody changed this in the meantime. Nothing was saved: look at the new state and try again.")
        )


def change(row: Versioned, **changes: Any) -> None:
    """Write `changes` to `row` if it still has the version that was read, and count the version up.

    Raises ChangedMeanwhile, having written nothing, when somebody else was faster.
    """
    known = {"id": row.pk, "version": row.version}
    if not update(type(row), where=known, **changes, version=row.version + 1):
        raise ChangedMeanwhile(row)
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
