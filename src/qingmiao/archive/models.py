"""Documents that were put into the archive; what Qingmiao itself makes is found where it was made."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingmiao.staff.models import Organisation


class Document(models.Model):
    """A file of a unit for a period. It is never changed; a better one replaces it and both are kept."""

    kind = models.CharField(_("Kind"), max_length=24)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="documents", verbose_name=_("Unit"))
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("To"))
    title = models.CharField(_("Title"), max_length=160)
    note = models.CharField(_("Note"), max_length=240, blank=True)
    name = models.CharField(_("File"), max_length=160)
    content = models.FileField(upload_to="archive/%Y/%m/", max_length=200)
    size = models.PositiveIntegerField(_("Bytes"))
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True, help_text=_("What could be read of the file, for the search."))
    kept_at = models.DateTimeField(_("Put in"))
    kept_by_id = models.BigIntegerField(null=True)
    kept_by_name = models.CharField(max_length=64)
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        verbose_name = _("Document")
        ordering = ["-last_day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="document_ends_after_start"),
            models.CheckConstraint(condition=~Q(replaced_by=F("id")), name="document_not_replaced_by_itself"),
            models.UniqueConstraint(fields=["organisation", "kind", "first_day", "sha256"], name="document_kept_once"),
        ]
        indexes = [models.Index(fields=["organisation", "kind", "-last_day"])]

    def __str__(self) -> str:
        return self.title
