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


def coverage(home, office: str) -> tuple[int, int]:
    """Done and of, as the command counts them."""
    answer = qingmiao(home, "coverage", "unit", "--bureau", office, "--json")
    assert answer.returncode == 0, answer.stderr
    figure = json.loads(answer.stdout)
    return figure["done"], figure["of"]


def test_its_roster_has_120_people_and_every_kind_of_slip(home, tmp_path):
    answer = qingmiao(tmp_path, "ledger", "import", str(home / "demo/bureau-roster.xlsx"), "--dry-run", "--json")
    assert answer.returncode == 3, "one row cannot be imported"
    for code in (
        "id_precision_lost",
        "id_checksum",
        "missing_id",
        "phone_format",
        "duplicate_in_file",
        "unidentifiable",
    ):
        assert code in answer.stdout


def test_of_the_bureau_at_its_beginning_46_of_120_are_vaccinated_once_its_files_are_in(home):
    files = [str(home / "demo" / name) for name in ("bureau-roster.xlsx", "vaccinated-day1.csv", "vaccinated-day2.csv")]
    assert coverage(home, "青河区文化和旅游局") == (0, 0)
    assert qingmiao(home, "ledger", "import", *files, "--place", "青河区文化和旅游局").returncode == 3
    assert coverage(home, "青河区文化和旅游局") == (46, 120)


def test_whoever_stands_on_two_sheets_of_different_wording_belongs_to_their_unit(home):
    answer = qingmiao(home, "coverage", "unit", "--bureau", "青河区商务局", "--json")
    units = {unit["name"] for unit in json.loads(answer.stdout)["units"]}
    assert units == {"万家超市", "惠民超市", "老街饭店", "临江酒楼", "东门农贸市场", "建材市场"}


def test_of_the_bureau_in_its_day_eight_more_were_vaccinated_today(home):
    assert coverage(home, "青河区商务局") == (46 + 8, 120)
