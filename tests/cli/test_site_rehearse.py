"""A rehearsed day: everything that must hold is counted, and nobody else can tell the server the time."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone
from tests.cli.command import START, environment

from qingmiao.web import access

TOLD = "2021-06-01T09:00:00+08:00"


@pytest.mark.slow
def test_a_small_day_holds(tmp_path):
    command = [*START, "site", "rehearse", "--people", "24", "--json", "--seed", "3"]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["vaccinated"] > 12
    assert found["lost_answers"] > 0
    assert found["retries"] > 0
    for name in ("unsigned", "unscreened", "released_early", "recorded_twice", "stock_difference", "lost", "stuck"):
        assert found[name] == 0, name
    assert found["audit_verified"] is True
    assert list(tmp_path.glob("*.sqlite3")) == []  # this installation was not touched


def test_a_header_tells_a_real_server_nothing():
    request = RequestFactory().get("/", headers={"X-Rehearsed-At": TOLD})
    assert abs((access.now(request) - timezone.now()).total_seconds()) < 60


def test_the_rehearsing_server_tells_through_the_environment():
    request = RequestFactory().get("/", **{access.REHEARSED_AT: datetime.fromisoformat(TOLD)})
    assert access.now(request) == datetime.fromisoformat(TOLD)


@pytest.mark.slow
def test_a_folder_of_real_people_is_refused(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import qingmiao.rehearsal.wsgi"],
        env=environment(tmp_path, DJANGO_SETTINGS_MODULE="qingmiao.config.settings"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    assert "NotARehearsal" in done.stderr
