"""Report B's bureau for the tests of figures."""

import pytest
from tests.reports import bureau as bureau_world
from tests.village import Village


@pytest.fixture
def bureau(village: Village) -> bureau_world.Bureau:
    """The bureau of `tests/reports/bureau.py`."""
    return bureau_world.build(village)
