"""张伟, vaccinated at 09:58 at the village's site; 严防 of disease control in the district."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.clinic.site import Site
    from tests.village import Village

    from qingmiao.registry.models import Dose


@pytest.fixture
def site(village: Village) -> Site:
    """The site of `tests/clinic/site.py`, with somebody of disease control above it."""
    from tests.clinic.site import open_site

    from qingmiao.staff.access import system
    from qingmiao.staff.actions import assign_role, open_account
    from qingmiao.staff.models import Role

    user = open_account(by=system("test"), username="yanfang", display_name="严防", password="village-lantern-42")
    assign_role(
        by=system("test"),
        user=user,
        role=Role.DISEASE_CONTROL,
        organisation=village.district,
        valid_from=date(2020, 1, 1),
    )
    village.users["yanfang"] = user
    return open_site(village)


@pytest.fixture
def dose(site: Site) -> Dose:
    """张伟's dose."""
    site.to_the_needle("zhangwei")
    return site.inject("zhangwei")


@pytest.fixture
def typed() -> dict[str, Any]:
    """A card whose mandatory items are all there."""
    return {
        "course": "接种后10分钟出现皮疹、胸闷",
        "hospitalised": "no",
        "outcome": "2",
        "first_class": "2",
        "fever": "4",
        "redness": "4",
        "induration": "4",
    }
