"""Report B's working day, clicked through in a browser: from a bureau's Excel to "46 of 120".

Day 1, a Monday: the liaison takes the ledger in and names tomorrow's batch. Day 2: the site. Day 4: the site's lists of
two days are checked and taken in, the figure is frozen, the bulletin printed, the summary written.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect
from tests.stories.day import CHINA, Story, tag, word

from qingmiao.demo import bureau
from qingmiao.demo.ledgers import LOT
from qingmiao.demo.people import Invented
from qingmiao.demo.world import World

MONDAY, TUESDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 26)

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture
def story(browser: Browser, live_server) -> Iterator[Story]:
    """Monday, half past eight, in the demo world."""
    start = datetime(2026, 11, 23, 8, 30, tzinfo=CHINA)
    with time_machine.travel(start, tick=True) as clock:
        bureau.build(now=start)
        story = Story(browser, live_server.url, clock)
        yield story
        story.leave()


@pytest.fixture
def lists(tmp_path: Path) -> list[Path]:
    """The site's lists of Tuesday and Wednesday, as the site will write them."""
    now = datetime(2026, 11, 26, 8, tzinfo=CHINA)
    _roster, *lists = bureau.write_files(World(now, {}, {}), bureau.CULTURE, tmp_path)
    return lists


def button(page: Page | Locator, english: str, context: str = "") -> Locator:
    return page.get_by_role("button", name=word(english, context))


def who_comes() -> list[Invented]:
    """Four of one unit who will be on the site's list of Tuesday."""
    done = bureau.vaccinated_of(bureau.CULTURE)[: bureau.DONE // 2]
    unit = max({p.unit for p in done}, key=lambda unit: (sum(p.unit == unit for p in done), unit))
    return [person for person in done if person.unit == unit][:4]


def test_from_a_bureaus_excel_to_46_of_120(story: Story, lists: list[Path], tmp_path: Path):
    people = who_comes()
    the_liaison_takes_the_ledger_in(story)
    the_liaison_names_tomorrows_batch(story, people)
    the_site_accepts_it_with_number_time_leader_and_area(story, people[0].unit)
    story.it_is(MONDAY, 11, 0)
    the_room_is_emptied(story)
    story.it_is(TUESDAY, 9, 0)
    the_batch_is_called(story)
    for minute, person in enumerate(people[:2]):
        story.it_is(TUESDAY, 9, 5 + 10 * minute)
        the_front_desk_records_the_arrival(story, person)
        the_person_is_informed_and_signs(story, person)
        the_doctor_asks_and_clears(story, person)
        the_dose_is_given_in_three_taps(story, person)
    story.it_is(TUESDAY, 9, 26)
    the_board_shows_who_is_called_and_who_waits(story, people[2:])
    the_observation_room_counts_and_alarms(story)
    story.it_is(THURSDAY, 8, 30)
    the_lists_of_the_vaccinated_are_checked(story, lists)
    the_lists_are_taken_in(story, lists)
    the_figure_reads_46_of_120_and_is_frozen(story)
    the_bulletin_and_the_summary_come_out(story, tmp_path)


def figure(page: Page) -> str:
    """The sentence at the head of a coverage page, without spaces: 46/120."""
    found = re.search(r"(\d+)\s*/\s*(\d+)", page.locator("h1.qm-say, .qm-frozen").first.inner_text())
    assert found is not None
    return f"{found[1]}/{found[2]}"


def read_and_write(page: Page, files: list[Path]) -> None:
    """Upload, accept what is proposed, write."""
    page.locator("input[type=file]").set_input_files(files)
    button(page, "Read the files").click()
    if button(page, "Accept all proposals").count():
        button(page, "Accept all proposals").click()
    expect(page.get_by_text(word("Nothing is unanswered."))).to_be_visible()
    button(page, "Write everything").click()
    expect(page.locator(".qm-facts")).to_contain_text(word("Written"))


def the_liaison_takes_the_ledger_in(story: Story) -> None:
    """Step 1: seen before it is written; one approval writes it; one click undoes it; then for good."""
    roster = [settings.HOME / "demo" / "bureau-roster.xlsx"]
    page = story.goes_to(story.sits_down("liaison"), "Ledgers")
    page.locator("input[type=file]").set_input_files(roster)
    button(page, "Read the files").click()
    review = page.url.partition("?")[0]
    page.goto(f"{review}?group=problem")
    for problem in ("身份证号被存成数字", "无法确定是谁", "身份证号校验位不对"):
        expect(page.get_by_text(problem).first).to_be_visible()
    expect(page.locator(".qm-facts")).to_contain_text("120")
    page.goto(f"{story.address}/figures/")
    expect(
        page.get_by_text(
            word("Nobody is on this ledger yet. Import the head-count first; the figures follow by themselves.")
        )
    ).to_be_visible()
    page.goto(review)
    if button(page, "Accept all proposals").count():
        button(page, "Accept all proposals").click()
    button(page, "Write everything").click()
    assert figure(story.goes_to(page, "Coverage")) == "0/120"
    page.goto(review)
    button(page, "Undo this import").click()
    expect(
        story.goes_to(page, "Coverage").get_by_text(
            word("Nobody is on this ledger yet. Import the head-count first; the figures follow by themselves.")
        )
    ).to_be_visible()
    read_and_write(story.goes_to(page, "Ledgers"), roster)
    assert figure(story.goes_to(page, "Coverage")) == "0/120"


def the_liaison_names_tomorrows_batch(story: Story, people: list[Invented]) -> None:
    """Step 2: before the cut-off, from the unit's own people."""
    page = story.goes_to(story.sits_down("liaison"), "Lists")
    page.locator("section", has_text="2026-11-24").get_by_role("link", name=word("Name the people")).click()
    page.locator("#unit").select_option(label=people[0].unit)
    button(page, "Show").click()
    for person in people:
        page.get_by_role("checkbox", name=re.compile(person.name)).check()
    page.locator("#leader").fill("马老板")
    button(page, "Hand in the list").click()
    handed_in = page.locator("main li", has_text=people[0].unit)
    expect(handed_in).to_contain_text(tag("roster.submitted"))
    expect(handed_in).not_to_contain_text(tag("roster.late"))


def the_site_accepts_it_with_number_time_leader_and_area(story: Story, unit: str) -> None:
    page = story.sits_down("head")
    page.goto(f"{story.address}/site/batches/")
    page.locator("main li", has_text=unit).get_by_role("link", name=word("Accept…")).click()
    page.locator("#terms [name=starts_at]").fill("09:00")
    page.locator("#terms label", has_text="A区").click()
    button(page, "Accept the batch").click()
    liaison = story.goes_to(story.sits_down("liaison"), "Lists")
    expect(liaison.locator("section", has_text=unit)).to_contain_text(tag("roster.accepted"))


def releases(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(word("Release %(ticket)s") % {"ticket": ".*"}))


def the_room_is_emptied(story: Story) -> None:
    """Monday's people of the other bureau go home."""
    page = story.sits_down("observer")
    while releases(page).count():
        releases(page).first.click()


def the_batch_is_called(story: Story) -> None:
    page = story.sits_down("frontdesk")
    button_of_next = page.get_by_role(
        "button", name=re.compile(word("Call the next: batch %(number)s") % {"number": r"\d+"})
    )
    button_of_next.click()
    expect(page.locator("main")).to_contain_text(word("Called"))


def the_front_desk_records_the_arrival(story: Story, person: Invented) -> None:
    """Step 3: found by number, as a scanner types it; one tap draws the ticket."""
    page = story.sits_down("frontdesk")
    page.keyboard.type(person.number)
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_visible()
    button(page, "Arrived", "button").click()
    expect(page.locator("main")).to_contain_text(person.name)


def sits_at(story: Story, account: str, step: str) -> Page:
    """The first desk of area A where `step` is done, with the next person called to it."""
    page = story.sits_down(account)
    page.goto(f"{story.address}/site/{step}/")
    if page.get_by_role("link", name=word("Sit here")).count():
        page.get_by_role("link", name=word("Sit here")).first.click()
    button(page, "Next person").click()
    return page


def the_person_is_informed_and_signs(story: Story, person: Invented) -> None:
    page = sits_at(story, "consent", "consent")
    expect(page.locator("main")).to_contain_text(person.name)
    for box in page.locator("input[type=checkbox]").all():
        expect(box).not_to_be_checked()
    for box in page.locator("input[name=identity]").all()[:2]:
        box.check()
    page.locator("input[name=informed]").check()
    draw_a_signature(page)
    button(page, "Signed", "button").click()
    expect(page.locator("main")).to_contain_text(word("Nobody is waiting"))


def draw_a_signature(page: Page) -> None:
    pad = page.locator("[data-sign] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for stroke in range(1, 16):
        page.mouse.move(box["x"] + 40 + stroke * 14, box["y"] + (40 if stroke % 2 else 80))
    page.mouse.up()


def the_doctor_asks_and_clears(story: Story, person: Invented) -> None:
    page = sits_at(story, "screener", "screening")
    expect(page.locator("main")).to_contain_text(person.name)
    page.locator("#celsius").fill("36.6")
    for question in page.locator("li[data-question]").all():
        question.locator("label.btn", has_text=word("No")).first.click()
    judge = page.locator("button.qm-go[name=decide]")
    judge.click()
    if judge.count():
        judge.click()
    expect(page.locator("main")).to_contain_text(word("Nobody is waiting"))


def the_dose_is_given_in_three_taps(story: Story, person: Invented) -> None:
    """Next (tap one), the first vial scanned or the lot of the day accepted (two), given (three)."""
    page = sits_at(story, "vaccinator", "injection")
    expect(page.locator("main")).to_contain_text(person.name)
    if button(page, "Accept this lot").count():
        button(page, "Accept this lot").click()
    else:
        page.keyboard.type(LOT)
        page.keyboard.press("Enter")
    button(page, "Given", "button").click()
    expect(page.locator("main")).to_contain_text(word("Nobody is waiting"))
    slip = page.request.get(story.address + (page.locator("a[data-print-now]").get_attribute("href") or "")).text()
    for line in ("Observation slip", "Time in", "Time out"):
        assert word(line) in slip
    assert person.name not in slip


def the_observation_room_counts_and_alarms(story: Story) -> None:
    """The first was vaccinated at 9:05, the second at 9:15: at 9:36 one may go, and the other one is gone."""
    story.it_is(TUESDAY, 9, 30)
    page = story.sits_down("observer")
    assert releases(page).count() == 0
    story.it_is(TUESDAY, 9, 36)
    page = story.sits_down("observer")
    releases(page).click()
    page.get_by_role("button", name=re.compile(f"^{word('Gone')} A")).click()
    expect(page.locator("main")).to_contain_text(tag("observation.left_early"))
    expect(page.get_by_role("link", name=word("Call back…"))).to_have_count(2)  # one stands since Monday


def the_board_shows_who_is_called_and_who_waits(story: Story, people: list[Invented]) -> None:
    """Two more arrive; one of them is called to sign. The board has numbers and desks, and nobody's name."""
    for person in people:
        the_front_desk_records_the_arrival(story, person)
    sits_at(story, "consent", "consent")
    page = story.sits_down("frontdesk")
    page.goto(story.address + (page.get_by_role("link", name=word("Wall board")).get_attribute("href") or ""))
    expect(page.locator("body")).to_contain_text("A003")
    expect(page.locator("body")).to_contain_text("签字台1号")
    expect(page.locator("body")).to_contain_text("等候1人")
    for person in who_comes():
        expect(page.locator("body")).not_to_contain_text(person.name)


def the_lists_of_the_vaccinated_are_checked(story: Story, lists: list[Path]) -> None:
    """Step 4: matched, not on the ledger, same name with another number, twice; nothing is written."""
    page = story.goes_to(story.sits_down("liaison"), "Ledgers")
    page.get_by_role("link", name=word("Check a list of vaccinated people")).click()
    page.locator("input[type=file]").set_input_files(lists)
    button(page, "Check against the ledger").click()
    expect(page.locator("main")).to_contain_text("46")
    for group in ("Not on the ledger", "Listed twice"):
        expect(page.get_by_role("heading", name=re.compile(word(group)))).to_be_visible()
    assert figure(story.goes_to(page, "Coverage")) == "2/120"


def the_lists_are_taken_in(story: Story, lists: list[Path]) -> None:
    read_and_write(story.goes_to(story.sits_down("liaison"), "Ledgers"), lists)


def the_figure_reads_46_of_120_and_is_frozen(story: Story) -> None:
    """Step 5: the figure with its names, frozen; what comes later does not move it."""
    page = story.goes_to(story.sits_down("liaison"), "Coverage")
    assert figure(page) == "46/120"
    expect(page.locator("h1.qm-say")).to_contain_text("38.3")
    page.locator("h1.qm-say a").first.click()
    assert page.locator("main tbody tr, main ul.qm-rows li").count() == 46
    story.goes_to(page, "Coverage")
    button(page, "Freeze").click()
    expect(page.locator(".qm-frozen")).to_contain_text("38.3")


def the_bulletin_and_the_summary_come_out(story: Story, folder: Path) -> None:
    page = story.desks["liaison"]
    page.get_by_role("link", name=word("Bulletin of the day")).first.click()
    expect(page.locator("body")).to_contain_text("46")
    page.go_back()
    page.get_by_role("link", name=word("Work summary")).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name=word("Download the Word file")).click()
    file = folder / "summary.docx"
    download.value.save_as(file)
    text = re.sub(r"<[^>]+>", "", zipfile.ZipFile(file).read("word/document.xml").decode())
    assert "120" in text
    assert "46" in text
    assert "38.3" in text
