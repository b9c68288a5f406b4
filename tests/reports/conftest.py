"""Report B's bureau for the tests of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reports.bureau import Bureau
    from tests.reports.clinic import Clinic
    from tests.village import Village


@pytest.fixture
def bureau(village: Village) -> Bureau:
    """The bureau of `tests/reports/bureau.py`."""
    from tests.reports.bureau import build

    return build(village)


@pytest.fixture
def clinic(village: Village) -> Clinic:
    """The clinic of `tests/reports/clinic.py`."""
    from tests.reports.clinic import build

    return build(village)
