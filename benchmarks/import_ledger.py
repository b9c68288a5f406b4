"""Importing a large ledger into the registry: reading, judging, matching, sealing, writing, in one transaction.

    python -m benchmarks.import_ledger [--rows N] [--file LEDGER.csv] [--smoke]

The floor is measured in the same run: the file read with Python's csv module, and the very rows that the import wrote
inserted once more as they are (no judging, no sealing) into the same tables with their indexes in an empty database.
Prints a table; writes var/bench/import.json. Without --file a street ledger of 40 columns is drawn first.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

GOAL_TIMES_FLOOR, GOAL_SECONDS_PER_MILLION, GOAL_MEGABYTES = 3, 120, 500
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = (
    "栎澍珩玥岚朔霁芃昀泠桉榆槿筱蕴苒茉葭棠梓杉柠枫檀楠桦桐楸樾澜沅沁淇渝湉溪滢漪潇泓浔汐洛珏琛瑾璟瑶琬琪珂晗昕晟晞暄曦"
)
SLOTS = ("第一针", "第二针", "第三针", "加强1", "加强2")
SITE = "临河社区卫生服务中心"
HEADER = (
    "序号,网格,姓名,性别,身份证号,出生日期,联系电话,单位,户籍地址,现住址,常住/流动,人员类别,监护人,"
    + ",".join(
        f"{n}{part}"
        for n in ("第一针", "第二针", "第三针", "加强1", "加强2")
        for part in ("日期", "厂家", "批号", "接种点")
    )
    + ",未种原因,缓种至,预约时间,包保人,包保人电话,复核日期,备注"
).split(",")


def draw(path: Path, rows: int, seed: int = 7) -> None:
    """A ledger of people nobody is: region codes not allotted, mobile prefixes not issued; 3 % of rows have a fault."""
    from qingmiao.registry.identity import check_character

    r = random.Random(seed)
    first_day = date(1940, 1, 1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for i in range(rows):
            born, sex = first_day + timedelta(days=i * 7919 % 23_000), r.randrange(2)
            first_17 = f"23{99}{1 + i // 23_000 % 99:02d}{born:%Y%m%d}{i // 2_277_000 % 400 * 2 + sex:03d}"
            number = first_17 + check_character(first_17)
            if r.random() < 0.03:
                number = r.choice([number[:-1], "", f"{number[0]}.{number[1:6]}E+17", number[:-1] + "*"])
            address = f"临河街道柳堤社区{r.randrange(1, 40)}号楼{r.randrange(101, 1800)}室"
            row = [i + 1, f"柳堤社区第{r.randrange(1, 7)}网格", r.choice(SURNAMES) + r.choice(GIVEN) + r.choice(GIVEN),
                   "男" if sex else "女", number, born.isoformat(), f"164{i % 10**8:08d}", "", address, address, "常住",
                   "普通居民", "" if born < date(2003, 1, 1) else r.choice(SURNAMES) + r.choice(GIVEN), *[""] * 20,
                   "", "", "", "王栎澍", "16400000001", "2022-03-30", ""]  # fmt: skip
            day = date(2021, 3, 1) + timedelta(days=r.randrange(80))
            for at in (13, 17, 25)[: r.randrange(4)]:
                row[at : at + 4] = [
                    day.isoformat(),
                    "北京生物",
                    f"202103B{r.randrange(10_000):04d}",
                    "临河社区卫生服务中心",
                ]
                day += timedelta(days=28 + r.randrange(120))
            out.writerow(row)


def measured(run: Callable[[], Any]) -> tuple[float, float, Any]:
    """(seconds by the wall, seconds of processor in this process, what it returned)."""
    wall, processor = time.perf_counter(), time.process_time()
    result = run()
    return time.perf_counter() - wall, time.process_time() - processor, result


def floor(path: Path, models: Sequence[type[Model]]) -> tuple[float, float]:
    """(wall, processor) seconds to read the file and to insert the rows that the import wrote, as they are, into the
    same tables of an empty database, in one transaction."""
    from django.db import connections, transaction

    with path.open(encoding="utf-8-sig", newline="") as file:
        wall, processor, _ = measured(lambda: sum(1 for _ in csv.reader(file)))
    with transaction.atomic(using="floor"), connections["default"].cursor() as source:
        connections["floor"].cursor().execute("PRAGMA cache_size = -131072")
        for model in models:
            source.execute(f"SELECT * FROM {model._meta.db_table}")
            marks = ", ".join(["%s"] * len(source.description))
            statement = f"INSERT INTO {model._meta.db_table} VALUES ({marks})"
            while rows := source.fetchmany(5_000):
                spent = measured(partial(insert, statement, rows))
                wall, processor = wall + spent[0], processor + spent[1]
        started = time.perf_counter()
    return wall + time.perf_counter() - started, processor


def insert(statement: str, rows: list[tuple[Any, ...]]) -> None:
    """One batch."""
    from django.db import connections

    with connections["floor"].cursor() as cursor:
        cursor.executemany(statement, rows)


def main() -> int:
    """Draw, import, measure the floor, print, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    rows = 2_000 if options.smoke else options.rows
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QINGMIAO_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "qingmiao.config.settings"
        path = options.file or Path(folder) / "ledger.csv"
        if options.file is None:
            draw(path, rows)
        return report(path)


def report(path: Path) -> int:
    """Import `path` into an empty installation and print how it went."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone

    from qingmiao.registry.actions.imports import import_ledger
    from qingmiao.registry.ledger.planning import LedgerFile
    from qingmiao.registry.models import Dose, Guardian, Identifier, LedgerImport, LedgerRow, Person, Phone
    from qingmiao.registry.models import LedgerFile as StoredFile
    from qingmiao.staff.access import system
    from qingmiao.staff.actions import found_organisation
    from qingmiao.staff.models import Organisation

    connections.databases["floor"] = {
        **connections.databases["default"],
        "NAME": f"{os.environ['QINGMIAO_HOME']}/floor.sqlite3",
    }
    for name in ("default", "floor"):
        call_command("migrate", verbosity=0, database=name)
    by = system("bench")
    district = found_organisation(by=by, kind="district", name="区")
    street = found_organisation(by=by, kind="subdistrict", name="街道", parent=district)
    ledger = LedgerFile(path, path.name, date(2022, 3, 31))
    seconds, processor, done = measured(lambda: import_ledger(by=by, place=street, files=[ledger], at=timezone.now()))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    written = (Organisation, LedgerImport, StoredFile, Person, Identifier, Phone, Guardian, Dose, LedgerRow)
    floor_seconds, floor_processor = floor(path, written)
    rows = done.totals["rows_read"]
    figures = {
        "rows": rows,
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "processor_seconds": round(processor, 1),
        "reader_processor_seconds": round(reader.ru_utime + reader.ru_stime, 1),
        "floor_seconds": round(floor_seconds, 1),
        "times_floor": round(seconds / floor_seconds, 2),
        "times_floor_by_processor": round(processor / floor_processor, 2),
        "megabytes": round(megabytes),
        "reader_megabytes": round(reader.ru_maxrss / 1024),
        "written": {model._meta.label: model.objects.count() for model in written},
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "database": connections["default"].vendor,
    }
    show(figures)
    out = Path("var/bench")
    out.mkdir(parents=True, exist_ok=True)
    (out / "import.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1))
    return 0


def show(figures: dict[str, Any]) -> None:
    """The table."""
    million = f"a million in {figures['seconds'] / figures['rows'] * 1e6:.0f} s (goal {GOAL_SECONDS_PER_MILLION})"
    times = f"goal {GOAL_TIMES_FLOOR}; by processor time {figures['times_floor_by_processor']}"
    memory = f"{figures['megabytes']} MB + reader {figures['reader_megabytes']} MB"
    lines = [
        ("rows", f"{figures['rows']:,}", ""),
        ("import", f"{figures['seconds']} s, {figures['rows_per_second']:,} rows/s", million),
        ("floor", f"{figures['floor_seconds']} s", "read the file, insert the same rows bare"),
        ("import / floor", f"{figures['times_floor']}", times),
        ("memory", memory, f"goal {GOAL_MEGABYTES}"),
        ("machine", figures["machine"], figures["database"]),
    ]
    for name, value, note in lines:
        print(f"{name:<16}{value:<34}{note}")


if __name__ == "__main__":
    sys.exit(main())
