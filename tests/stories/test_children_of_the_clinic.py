"""Three children's stories at a township clinic, clicked through in a browser.

A birth dose at thirteen hours; the boy who moved in from another province; the school class of forty-five.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
import xlsxwriter
from playwright.sync_api import Browser, Page, expect
from tests.stories.day import CHINA, Story, word

from qingmiao.demo import routine

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)
TODAY = NOW.date()

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite]
Begin = Callable[[int], Story]
CODES = {
    "麻腮风": "1201",
    "乙肝": "0202",
    "百白破": "0402",
    "脊灰灭活": "0303",
    "脊灰减毒": "0311",
    "甲肝减毒": "1901",
    "乙脑减毒": "1801",
    "A群C群": "1701",
    "A群流脑": "1601",
    "卡介苗": "0101",
}


@pytest.fixture
def begin(browser: Browser, live_server) -> Iterator[Begin]:
    """A story at the clinic with some children on record, on a Tuesday morning."""
    with time_machine.travel(NOW, tick=True) as clock:
        story = Story(browser, live_server.url, clock)

        def begun(children: int) -> Story:
            routine.build(now=NOW, children=children)
            return story

        yield begun
        story.leave()


def press(page: Page, english: str, context: str = "") -> None:
    page.get_by_role("button", name=word(english, context), exact=True).click()


def choose(page: Page, field: str, value: str) -> None:
    """A radio that looks like a button: its label is what one presses."""
    radio = page.locator(f'[name={field}][value="{value}"]')
    page.locator(f"label[for={radio.get_attribute('id')}]").click()


def opens_a_record(page: Page, name: str, sex: str, born: date, **more: str) -> None:
    page.locator("main").get_by_role("link", name=word("Open a record")).first.click()
    page.locator("[name=name]").fill(name)
    choose(page, "sex", sex)
    page.locator("[name=birth_date]").fill(born.isoformat())
    page.locator("[name=guardian]").fill("李立")
    page.locator("[name=unit]").select_option(label="青禾镇卫生院")
    for field, value in more.items():
        if field == "residence":
            choose(page, field, value)
        else:
            page.locator(f"[name={field}]").fill(value)
    press(page, "Open the record", "new child")
    expect(page.get_by_text(word("Record opened. Enter the doses that the booklet shows."))).to_be_visible()


def enters_an_old_dose(page: Page, kind: str, code: str, day: date, time: str = "") -> None:
    page.locator("main").get_by_role("link", name=word("Enter an old dose")).first.click()
    choose(page, "kind", kind)
    page.locator("[name=product]").select_option(code)
    page.locator("[name=given_on]").fill(day.isoformat())
    if time:
        page.locator("[name=given_time]").fill(time)
    choose(page, "proof", "booklet")
    page.locator("[name=unit]").select_option(label="青禾镇卫生院")
    press(page, "Write it down")
    expect(page.get_by_text(word("Written down and judged."))).to_be_visible()


def test_a_birth_dose_at_thirteen_hours(begin: Begin):
    """The mother was not tested, so twelve hours are the limit; thirteen is late, and the page says so in hours."""
    story = begin(1)
    page = story.goes_to(story.sits_down("doctor"), "Children")
    opens_a_record(page, "李小满", "1", date(2026, 11, 23), birth_time="09:30")
    enters_an_old_dose(page, "own_province", "0202", date(2026, 11, 23), "22:30")
    expect(page.locator("main")).to_contain_text(word("%(hours)s hours after birth") % {"hours": "13.0"})
    expect(page.locator("main")).to_contain_text(word("limit %(hours)s hours") % {"hours": "12"})
    page.locator("main").get_by_role("link", name=word("Booklet page")).click()
    expect(page.locator("tr", has_text="乙肝疫苗 第1剂")).to_contain_text("2026-11-23")


def test_the_boy_who_moved_in_from_another_province(begin: Begin):
    """Old doses come from his booklet: one was too early and does not count; what he is owed is on the list at once."""
    story = begin(1)
    page = story.goes_to(story.sits_down("doctor"), "Children")
    opens_a_record(page, "王子航", "1", date(2025, 10, 10), residence="floating", came_from="四川省成都市某门诊")
    for code, day in (("0202", date(2025, 10, 10)), ("0101", date(2025, 10, 10)), ("1201", date(2026, 5, 2))):
        enters_an_old_dose(page, "other_province", code, day)
    early = page.locator("tr", has_text="2026-05-02").last  # the first is the table behind the chart
    expect(early).to_contain_text(word("Given in another province"))
    expect(early).to_contain_text(word("Does not count"))
    expect(page.locator("section", has=page.locator("#may"))).to_contain_text("麻腮风疫苗")
    expect(page.locator("main")).to_contain_text(word("from %(place)s") % {"place": "四川省成都市某门诊"})
    page = story.goes_to(page, "Due lists")
    expect(page.locator("main tbody")).to_contain_text("王子航")


@pytest.fixture
def class_list(tmp_path: Path) -> Path:
    """Forty-four children of the clinic and one whom nobody knows."""
    children = routine.invented(TODAY, 44)
    path = tmp_path / "class.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("一年级一班")
        sheet.write_row(0, 0, ["序号", "姓名", "身份证号", "出生日期"])
        for number, child in enumerate(children, 1):
            sheet.write_row(number, 0, [number, child.name, child.number, child.born.isoformat()])
        sheet.write_row(45, 0, [45, "外来小宝", "", "2020-03-03"])
    return path


def test_the_school_class_of_forty_five(begin: Begin, class_list: Path):
    """Every child is judged; the school sees what is missing; a dose later one more child is complete."""
    story = begin(44)
    page = story.goes_to(story.sits_down("doctor"), "Entry checks")
    page.locator("main").get_by_role("link", name=word("Hand in a class list")).first.click()
    page.locator("[name=title]").fill("一年级一班")
    page.locator("input[type=file]").set_input_files(class_list)
    press(page, "Read the list")
    assert counted(page)[0] == 45
    assert counted(page)[-1] == 1  # 外来小宝: no record, so never complete
    address = page.url
    missing_one = page.locator("tbody tr", has=page.locator(".is-stop")).filter(has=page.locator("a")).first
    before = counted(page)[1]
    missing_one.locator("a").click()
    name = page.locator("h1").inner_text()
    gives_everything_owed(page)
    page.goto(address)
    press(page, "Judge again")
    assert counted(page)[1] == before + 1
    expect(page.locator("tbody tr", has_text=name)).to_contain_text(word("caught up"))
    school = story.goes_to(story.sits_down("school"), "Entry checks")
    school.locator("main tbody a").first.click()
    expect(school.locator("tbody tr", has_text=name)).to_contain_text(word("Complete", "entry"))
    assert school.locator("tbody a").count() == 0  # the school sees standings, no records
    school.get_by_role("link", name=word("Certificates")).click()
    assert school.locator(".qm-code svg").count() == before + 1


def counted(page: Page) -> list[int]:
    """The figures of the tabs: all, complete, missing, contraindicated, unknown."""
    return [int(text) for text in page.locator("nav.qm-tabs b").all_inner_texts()]


def gives_everything_owed(page: Page) -> None:
    """Enter what the child can have today as given today by the clinic, until nothing is owed."""
    offers = page.locator("section", has=page.locator("#may")).locator("li b.name").all_inner_texts()
    for offer in offers:
        code = next((code for name, code in CODES.items() if name in re.sub("二价", "", offer)), None)
        if code:
            enters_an_old_dose(page, "own_province", code, TODAY)
