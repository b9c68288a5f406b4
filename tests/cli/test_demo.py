"""A demo world is built once, in an empty installation, and nowhere else."""

from __future__ import annotations

import json

import pytest
from tests.cli.command import qingmiao

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data folder with the bureau's world."""
    folder = tmp_path_factory.mktemp("demo")
    answer = qingmiao(folder, "demo", "--world", "bureau")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "liaison" in answer.stdout
    assert "spring-rain-2021" in answer.stdout
    return folder


def test_it_is_never_mixed_with_data(home):
    answer = qingmiao(home, "demo", "--world", "bureau")
    assert answer.returncode == 4
    assert "QINGMIAO_HOME" in answer.stderr


def test_the_trail_of_its_building_is_whole(home):
    answer = qingmiao(home, "audit", "verify", "--json")
    report = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert report["entries"] > 20
    assert report["broken"] == []


def test_the_doctor_does_not_let_it_be_used_for_real_people(home):
    assert qingmiao(home, "doctor").returncode == 8


def test_an_unknown_world_is_a_mistake_of_the_command_line(tmp_path):
    answer = qingmiao(tmp_path, "demo", "--world", "atlantis")
    assert answer.returncode == 2
    assert "bureau" in answer.stderr
