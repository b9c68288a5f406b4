"""The site of the village at a quarter to ten, and who sits at its desks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from tests.clinic.site import Site
    from tests.village import Village


@pytest.fixture
def site(village: Village) -> Site:
    """The site of `tests/clinic/site.py`."""
    from tests.clinic.site import open_site

    return open_site(village)


@pytest.fixture
def clock() -> Iterator[Any]:
    """The clock of the whole process, standing at 09:45 of the village's day; `clock.move_to(at(10))`."""
    import time_machine
    from tests.clinic.site import at

    with time_machine.travel(at(9, 45), tick=False) as traveller:
        yield traveller


@pytest.fixture
def sit(site: Site, clock: Any) -> Callable[[str], Client]:
    """A browser in which an account such as `hejing` is signed in."""
    from django.test import Client

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(site.village.users[name])
        return client

    return signed_in
