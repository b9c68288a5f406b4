"""Photographs that prove something was done or found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """A photograph as it is kept: drawn anew from what was sent, so that place and device written into it are gone."""

    path = models.CharField(max_length=200, help_text=_("Path of the organisation it belongs to."))
    content = models.BinaryField()
    media_type = models.CharField(max_length=16, default="image/jpeg")
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(help_text=_("When it was handed in."))
    taken_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Photo")
