"""The files of a demo world as offices write them: three sheets with three wordings, merged titles, totals, slips."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import xlsxwriter

from qingmiao.demo.people import Invented, check_digit

Cell = str | int | date | None


@dataclass(frozen=True)
class Sheet:
    """One sheet of a roster: its title, its units and the wording of its header, in order."""

    title: str
    units: tuple[str, ...]
    header: tuple[str, ...]


FIELDS = {
    "序号": "serial",
    "单位": "unit",
    "所在单位": "unit",
    "姓名": "name",
    "人员姓名": "name",
    "身份证号": "number",
    "证件号码": "number",
    "身份证": "number",
    "性别": "sex",
    "出生日期": "born",
    "出生年月日": "born",
    "联系电话": "phone",
    "手机": "phone",
    "人员类别": "position",
    "类别": "position",
    "摸底日期": "asked",
    "登记日期": "asked",
    "摸排日期": "asked",
    "备注": "remark",
}


@dataclass(frozen=True)
class Written:
    """A person as one row of a file writes it."""

    person: Invented
    number: str | int | None
    phone: str
    remark: str = ""

    @property
    def can_be_matched(self) -> bool:
        """Whether the site's list, which has the right number and phone, finds this row."""
        numbers = (self.person.number, int(f"{self.person.number[:15]}000"))
        return self.number in numbers and self.phone == self.person.phone


def as_written(people: Sequence[Invented]) -> list[Written]:
    """Most rows are right; a few lost digits, a check digit, a number or a digit of the phone."""
    chance = random.Random(people[0].number)
    rows = [Written(person, person.number, person.phone) for person in people]
    slips = chance.sample(range(len(rows)), 6)
    for place in slips[:3]:  # typed as a number: Excel keeps 15 digits
        rows[place] = replace(rows[place], number=int(f"{people[place].number[:15]}000"))
    wrong = people[slips[3]].number
    rows[slips[3]] = replace(rows[slips[3]], number=wrong[:17] + _other(wrong[:17]))
    rows[slips[4]] = replace(rows[slips[4]], number=None, remark="证件补办中")
    rows[slips[5]] = replace(rows[slips[5]], phone=people[slips[5]].phone[:10])
    return rows


def _other(first_17: str) -> str:
    right = check_digit(first_17)
    return next(digit for digit in "0123456789" if digit != right)


def write_roster(path: Path, office: str, sheets: Sequence[Sheet], people: Sequence[Invented], asked: date) -> None:
    """The bureau's head-count: every person on the sheet of their unit, six of them on a second sheet as well."""
    rows = as_written(people)
    twice = random.Random(office).sample([row for row in rows if isinstance(row.number, str)], 6)
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        heading = book.add_format({"bold": True, "align": "center", "font_size": 14})
        for number, sheet in enumerate(sheets):
            page = book.add_worksheet(sheet.title)
            width = len(sheet.header) - 1
            page.merge_range(0, 0, 0, width, f"{office}{sheet.title}从业人员疫苗接种摸底表", heading)
            page.merge_range(1, 0, 1, width, f"填报单位：市场管理科        填报日期：{asked:%Y年%m月%d日}")
            page.write_row(2, 0, sheet.header)
            here = [row for row in rows if row.person.unit in sheet.units]
            again = [row for row in twice if row.person.unit not in sheet.units][number * 2 : number * 2 + 2]
            last = 3
            for serial, row in enumerate([*here, *again], 1):
                for column, wording in enumerate(sheet.header):
                    value = _value(FIELDS[wording], serial, row, asked, number)
                    page.write(last, column, value, day if isinstance(value, date) else None)
                last += 1
            if number == 1:  # nobody can tell who this is
                page.write(last + 1, sheet.header.index("人员姓名"), "小刘")
                page.write(last + 1, len(sheet.header) - 1, "临时工，未带证件")
                last += 2
            page.write_row(last, 0, ["合计", None, f"{len(here) + len(again)}人"])
            page.merge_range(last + 2, 0, last + 2, width, "注：人员有变动请于当日报市场科。")


def _value(field: str, serial: int, row: Written, asked: date, style: int) -> Cell:
    person = row.person
    born: Cell = (
        person.born,
        f"{person.born:%Y.%m.%d}",
        f"{person.born.year}年{person.born.month}月{person.born.day}日",
    )[style % 3]
    values: dict[str, Cell] = {
        "serial": serial,
        "unit": person.unit,
        "name": f"{person.name} " if serial % 7 == 0 else person.name,
        "number": row.number,
        "sex": person.sex,
        "born": born,
        "phone": f"{row.phone[:3]}-{row.phone[3:7]}-{row.phone[7:]}" if serial % 5 == 0 else row.phone,
        "position": person.position,
        "asked": asked if style % 2 else f"{asked:%Y-%m-%d}",
        "remark": row.remark,
    }
    return values[field]


@dataclass(frozen=True)
class Given:
    """One line of a site's list of the day."""

    name: str
    number: str
    phone: str
    dose: str
    at: str


LIST_HEADERS = (
    ("序号", "姓名", "证件号码", "联系电话", "疫苗名称", "生产企业", "批号", "剂次", "接种时间", "接种单位"),
    ("序号", "受种者姓名", "身份证号", "手机号", "疫苗", "生产厂家", "疫苗批号", "针次", "接种日期", "接种点"),
)
VACCINE, MAKER, LOT = "新型冠状病毒灭活疫苗(Vero细胞)", "北京科兴", "202609A017"


def vaccinated(people: Sequence[Invented], strangers: Sequence[Invented], days: tuple[date, date]) -> list[list[Given]]:
    """The lists of two days: `people` over both, two of them written twice, and some who are on no roster."""
    half = len(people) // 2 + 1
    lists = []
    for day, here, foreign in ((days[0], people[:half], strangers[:1]), (days[1], people[half:], strangers[1:])):
        lists.append(
            [
                Given(p.name, p.number, p.phone, "第1剂", f"{day:%Y-%m-%d} {8 + place // 12:02}:{place * 5 % 60:02}")
                for place, p in enumerate([*here, *foreign])
            ]
        )
    lists[0].append(lists[0][3])
    lists[1].append(replace(lists[0][5], dose="1"))
    return lists


def write_list(path: Path, lines: Sequence[Given], site: str, *, style: int) -> None:
    """One day's list: style 0 is UTF-8 with a mark, style 1 is GB18030 with another header."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(LIST_HEADERS[style])
    for serial, line in enumerate(lines, 1):
        table.writerow(
            [serial, line.name, f'="{line.number}"', line.phone, VACCINE, MAKER, LOT, line.dose, line.at, site]
        )
    path.write_bytes(text.getvalue().encode("gb18030" if style else "utf-8-sig"))
