"""The site of the village."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.clinic.site import Site
    from tests.village import Village


@pytest.fixture
def site(village: Village) -> Site:
    """The site of `tests/clinic/site.py`."""
    from tests.clinic.site import open_site

    return open_site(village)
