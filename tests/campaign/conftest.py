"""A campaign of the village."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.village import Village

    from qingmiao.campaign.models import Campaign


@pytest.fixture
def campaign(village: Village) -> Campaign:
    from tests.campaign.office import opened

    return opened(village)
