"""Names of those who wrote something."""

from __future__ import annotations

from collections.abc import Iterable

from qingmiao.staff.models import User


def names_of_staff(pks: Iterable[int | None]) -> dict[int | None, str]:
    """Display name by account; an account that is not known is left out."""
    rows = User.objects.filter(pk__in={pk for pk in pks if pk is not None})
    return {row.pk: row.display_name for row in rows}
