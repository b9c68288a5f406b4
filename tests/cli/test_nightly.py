"""The night's work: done in order, and one step that fails does not stop the next."""

from __future__ import annotations

import pytest
from tests.clinic.site import open_site
from tests.village import Village

from qingmiao.cli import nightly
from qingmiao.cli.exits import Exit, Stop

pytestmark = pytest.mark.django_db


def test_a_quiet_night_ends_well(village: Village, capsys: pytest.CaptureFixture[str]):
    site = open_site(village)
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    nightly.run()
    said = capsys.readouterr().out
    assert "0 breaks" in said
    assert said.count("…") == 5


def test_a_step_that_fails_is_told_and_the_next_one_runs(capsys: pytest.CaptureFixture[str]):
    def breaks() -> None:
        raise ValueError("fridge")

    def differs() -> None:
        raise Stop(Exit.DIFFERENCES, "two")

    assert nightly._code_of("first", breaks) == Exit.UNEXPECTED
    assert nightly._code_of("second", differs) == Exit.DIFFERENCES
    assert nightly._code_of("third", lambda: None) == Exit.DONE
    told = capsys.readouterr()
    assert "ValueError: fridge" in told.err
    assert told.out.split(" …\n")[:3] == ["first", "second", "third"]
