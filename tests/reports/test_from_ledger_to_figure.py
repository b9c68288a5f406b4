"""From a unit's list to a frozen figure, and back: imports change the live figure, never the frozen one."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.reports.bureau import COVID
from tests.village import Village

from qingmiao.registry.actions.imports import import_ledger
from qingmiao.registry.actions.undoing import undo_import
from qingmiao.registry.ledger.planning import LedgerFile
from qingmiao.registry.models import LedgerImport, Person
from qingmiao.registry.queries.imports import words_known
from qingmiao.registry.queries.rosters import check_rosters
from qingmiao.reports.actions import freeze_figure
from qingmiao.reports.bulletin import bulletin_of
from qingmiao.reports.indicators import indicator
from qingmiao.reports.models import Snapshot
from qingmiao.reports.queries import frozen, live
from qingmiao.reports.rules import Share

pytestmark = pytest.mark.django_db
DAY = date(2021, 4, 9)
AT = datetime(2021, 4, 9, 12, tzinfo=UTC)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(serial: int) -> str:
    """An identity number of a region that is not allotted, with a right check digit (GB 11643)."""
    body = f"23990119800101{serial:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


PEOPLE = {
    "徐鸣": ("星海网吧", 1),
    "张湉": ("星海网吧", 2),
    "邱宥": ("金麦歌厅", 3),
    "林彦": ("金麦歌厅", 4),
    "任烨": ("金麦歌厅", 5),
}


def taken_in(village: Village, path: Path, lines: list[str]) -> LedgerImport:
    path.write_text("\n".join(lines), encoding="utf-8")
    return import_ledger(
        by=village.actor("zhaoqian"), place=village.bureau, at=AT, files=[LedgerFile(path, path.name, DAY)]
    )


@pytest.fixture
def roster(village: Village, tmp_path: Path) -> LedgerImport:
    """Five people of two units; 徐鸣 of 星海网吧 sings at 金麦歌厅 as well."""
    rows = [f"{unit},{name},{number(serial)},从业人员" for name, (unit, serial) in PEOPLE.items()]
    return taken_in(
        village, tmp_path / "roster.csv", ["单位,姓名,身份证号,人员类别", *rows, f"金麦歌厅,徐鸣,{number(1)},从业人员"]
    )


@pytest.fixture
def given(village: Village, roster: LedgerImport, tmp_path: Path) -> LedgerImport:
    """徐鸣 and 邱宥 were vaccinated, and an outsider; 徐鸣 is on the list twice."""
    rows = [("徐鸣", 1), ("邱宥", 3), ("外来", 9), ("徐鸣", 1)]
    lines = [f"{name},{number(serial)},新冠疫苗(Vero细胞),北京科兴,A1,1,2021-04-09 08:01" for name, serial in rows]
    return taken_in(village, tmp_path / "day1.csv", ["姓名,证件号码,疫苗名称,生产企业,批号,剂次,接种时间", *lines])


def undo(village: Village, ledger_import: LedgerImport) -> None:
    ledger_import.refresh_from_db()
    undo_import(by=village.actor("zhaoqian"), ledger_import=ledger_import, version=ledger_import.version, at=AT)


def live_share(village: Village) -> Share:
    return live.figure_of(indicator(COVID), village.bureau, DAY)


def freeze(village: Village) -> Snapshot:
    return freeze_figure(
        by=village.actor("zhaoqian"), indicator_id=COVID, organisation=village.bureau, on=DAY, today=DAY, at=AT
    )


def test_the_lists_of_units_and_site_make_the_figure(village: Village, given: LedgerImport):
    assert live_share(village) == Share(2, 5)
    units = {row.unit.name: (row.done, row.of) for row in live.figures_by_unit(indicator(COVID), village.bureau, DAY)}
    assert units == {"星海网吧": (1, 2), "金麦歌厅": (2, 4)}


def test_the_bulletin_tells_how_the_sites_list_differs_from_the_ledger(village: Village, given: LedgerImport):
    check = bulletin_of(freeze(village)).check
    assert (check.listed, check.matched, dict(check.counts)) == (4, 2, {"not_on_ledger": 1, "twice": 1})
    assert [(row.row, row.name, row.what) for row in check.rows] == [(4, "外*", "not_on_ledger"), (5, "徐*", "twice")]


def test_the_list_is_judged_alike_before_and_after_it_is_taken_in(
    village: Village, given: LedgerImport, tmp_path: Path
):
    undo(village, given)
    before = check_rosters([LedgerFile(tmp_path / "day1.csv", "day1.csv", DAY)], words_known()).counts
    given = taken_in(village, tmp_path / "day1.csv", (tmp_path / "day1.csv").read_text("utf-8").splitlines())
    check = bulletin_of(freeze(village)).check
    assert {found: rows for found, rows in before.items() if found != "matched"} == dict(check.counts)
    assert before["matched"] == check.matched


def test_undoing_a_list_moves_the_live_figure_and_not_the_frozen_one(village: Village, given: LedgerImport):
    snapshot = freeze(village)
    undo(village, given)
    assert live_share(village) == Share(0, 5)
    assert [row.name for row in frozen.members_of(snapshot, "done", snapshot.parts.get(name="金麦歌厅"))] == [
        "邱宥",
        "徐鸣",
    ]
    assert frozen.share_of(Snapshot.objects.get(pk=snapshot.pk)) == Share(2, 5)


def test_undoing_the_whole_ledger_leaves_the_frozen_names(village: Village, roster: LedgerImport):
    snapshot = freeze(village)
    undo(village, roster)
    assert not Person.objects.exists()
    assert live_share(village) == Share(0, 0)
    assert {row.name for row in frozen.members_of(snapshot)} == set(PEOPLE)
