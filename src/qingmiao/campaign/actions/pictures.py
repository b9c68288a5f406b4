"""Keeping photographs, as a step of other actions."""

from __future__ import annotations

import hashlib
import warnings
from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from qingmiao.campaign.models import Picture
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

LARGEST_BYTES = 12_000_000
LONGEST_SIDE = 1600  # pixels; enough to read a notice on a wall
QUALITY = 82


class NotAPicture(Refused):
    """What was handed in cannot be read as a photograph."""

    def __init__(self) -> None:
        super().__init__(_("This file is not a photo that can be read (JPEG, PNG or WebP, up to 12 MB). Take another."))


def keep_picture(content: bytes, *, by: Actor, at: datetime, place: Organisation) -> Picture | None:
    """Keep a photograph, drawn anew without what the camera wrote into it; None for no content. Raises NotAPicture."""
    if not content:
        return None
    redrawn = _redrawn(content)
    return Picture.objects.create(
        path=place.path,
        content=redrawn,
        sha256=hashlib.sha256(redrawn).hexdigest(),
        taken_at=at,
        taken_by_id=by.user_id,
    )


def _redrawn(content: bytes) -> bytes:
    if len(content) > LARGEST_BYTES:
        raise NotAPicture
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombWarning, Image.DecompressionBombError) as unreadable:
        raise NotAPicture from unreadable
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = BytesIO()
    upright.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()
