"""The demo quarter: 600 outpatient rows, 37 people who should have had a card, 9 without one, found exactly."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from tests.surveillance.hospital import CHINA

from qingmiao.cli.exits import Exit, Stop
from qingmiao.cli.surveillance import audit as audit_command
from qingmiao.demo.surveillance import STAFF, found_places
from qingmiao.demo.surveillance.quarter import MISSED, take_quarter_in
from qingmiao.demo.world import opened
from qingmiao.surveillance.models import MissedAudit, RegisterLine
from qingmiao.surveillance.queries.audits import figures_of

NOW = datetime(2026, 11, 22, 20, tzinfo=CHINA)


@pytest.mark.django_db
@pytest.mark.slow
def test_the_demo_quarter_is_found_exactly(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    take_quarter_in(opened(NOW, found_places(), STAFF, for_days=2200))
    assert RegisterLine.objects.count() == 600
    counts = figures_of(MissedAudit.objects.get())
    assert (counts.should_report, counts.reported, counts.missed, counts.late) == (37, 28, 9, 4)

    monkeypatch.setattr("qingmiao.cli.surveillance.ready", lambda: None)
    with pytest.raises(Stop) as stopped:
        audit_command(since="2026-07-01", until="2026-09-30", place="", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert stopped.value.code == Exit.DIFFERENCES
    assert [told[name] for name in ("should_report", "reported", "missed", "late")] == [37, 28, 9, 4]
    assert len(told["rows"]["missed"]) == MISSED
    assert all(row["rows"] and row["words"] in row["diagnosis"] for row in told["rows"]["missed"])
    assert all("*" in row["person"] for row in told["rows"]["missed"])


@pytest.mark.parametrize(("since", "until", "place"), [("2026-7", "2026-09-30", ""), ("2026-07-01", "x", "")])
def test_a_day_that_is_none_is_refused(since: str, until: str, place: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qingmiao.cli.surveillance.ready", lambda: None)
    with pytest.raises(Stop) as stopped:
        audit_command(since=since, until=until, place=place, as_json=False)
    assert stopped.value.code == Exit.USAGE
