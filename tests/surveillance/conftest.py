from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.surveillance.hospital import Hospital
    from tests.village import Village


@pytest.fixture
def hospital(village: Village) -> Hospital:
    """The hospital of tests/surveillance/hospital.py."""
    from tests.surveillance.hospital import open_hospital

    return open_hospital(village)
