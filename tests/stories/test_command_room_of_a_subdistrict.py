"""A day of a subdistrict's office: the morning meeting that inherits three open actions, the rumour answered within two
hours, the community that reports late. A small subdistrict of the demo world, clicked through in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from playwright.sync_api import Browser, Locator, Page, expect
from tests.stories.day import CHINA, Story, tag, word

from qingmiao.demo import subdistrict

TUESDAY = date(2026, 11, 24)
ACTIONS = ("增设两个登记台，早8时前到位", "核对昨日接种名单与台账，交差异清单", "为滨河社区老年人安排接送车两辆")

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture
def story(browser: Browser, live_server) -> Iterator[Story]:
    """Tuesday, half past seven, in a subdistrict of two thousand."""
    start = datetime(2026, 11, 24, 7, 30, tzinfo=CHINA)
    with time_machine.travel(start, tick=True) as clock:
        subdistrict.build(now=start, count=2_000)
        story = Story(browser, live_server.url, clock)
        yield story
        story.leave()


def press(page: Page | Locator, english: str, context: str = "") -> None:
    page.get_by_role("button", name=word(english, context), exact=True).click()


def follow(page: Page | Locator, english: str) -> None:
    page.get_by_role("link", name=word(english)).first.click()


def test_a_day_of_the_command_room(story: Story):
    unfinished = the_morning_meeting_inherits_three_open_actions(story)
    assert [title for title in ACTIONS if title in unfinished] == list(ACTIONS)
    answered = a_rumour_is_answered_within_two_hours(story)
    assert tag("rumour.answered") in answered
    assert tag("rumour.late") not in answered
    signed = a_community_reports_late(story)
    assert tag("unit.reported_late") in signed


def the_morning_meeting_inherits_three_open_actions(story: Story) -> str:
    """What the minutes say."""
    story.it_is(TUESDAY, 8, 10)
    page = story.goes_to(story.sits_down("office"), "Meetings")
    follow(page, "Open a meeting")
    page.locator("[name=chair]").fill("贺长青")
    press(page, "Open and freeze the figures")
    unfinished = page.locator("section[aria-labelledby=inherited]")
    for title in ACTIONS:
        expect(unfinished).to_contain_text(title)
    expect(unfinished.locator("li")).to_have_count(3)
    expect(unfinished.locator("li").first).to_contain_text(tag("task.late"))  # it was due at eight
    frozen = page.locator(".qm-frozen")
    expect(frozen).to_contain_text("covid19.vaccinated-1")
    shown = frozen.locator("b").inner_text()

    page.locator("section[aria-labelledby=problems] [name=text]").fill("早上入口车辆拥堵")
    press(page, "Add a problem")
    actions = page.locator("section[aria-labelledby=actions]")
    actions.locator("[name=duty]").select_option(label="现场秩序组 · 组长")
    actions.locator("[name=title]").fill("入口增派两名交警")
    actions.locator("[name=answers]").select_option(label="早上入口车辆拥堵")
    press(page, "Give the action")
    press(page, "Close and write the minutes")
    expect(page.locator("main")).to_contain_text("入口增派两名交警")
    minutes = page.locator("main").inner_text()
    page.go_back()
    page.reload()
    expect(page.locator(".qm-frozen b").first).to_have_text(shown)  # as it was shown, whatever happens at the site

    owner = story.goes_to(story.sits_down("head"), "My tasks")
    expect(owner.locator("main")).not_to_contain_text("入口增派两名交警")  # another duty's
    return minutes


def a_rumour_is_answered_within_two_hours(story: Story) -> str:
    """What the rumour's page says in the end."""
    story.it_is(TUESDAY, 9, 5)
    seen = story.goes_to(story.sits_down("liulin"), "Field work")
    follow(seen, "Write down what was seen")
    seen.locator("[name=text]").fill("群里说打了疫苗三天不能出门")
    seen.locator("[name=channel]").select_option("group")
    seen.locator("label[for=id_risk_0]").click()
    press(seen, "Write down")
    expect(seen.locator("main")).to_contain_text(tag("rumour.seen"))
    where = seen.url

    story.it_is(TUESDAY, 9, 40)
    writer = story.goes_to(story.sits_down("publicity"), "Publicity")
    follow(writer, "Opinion and rumours")
    writer.get_by_role("link", name="群里说打了疫苗三天不能出门").click()
    writer.locator("[name=answer]").fill("没有这样的规定。留观30分钟后可以正常活动，当天注意休息。")
    press(writer, "Hand in for approval")

    story.it_is(TUESDAY, 10, 0)
    head = story.sits_down("secretary")
    head.goto(where)
    press(head, "Approve the answer")

    story.it_is(TUESDAY, 10, 25)
    story.sits_down("publicity")
    writer.goto(where)
    press(writer, "The answer went out")
    expect(writer.locator("main")).to_contain_text("1小时2")
    return writer.locator("main").inner_text()


def a_community_reports_late(story: Story) -> str:
    """What the bulletin says of the unit that was late."""
    story.it_is(TUESDAY, 17, 5)
    office = story.goes_to(story.sits_down("office"), "Meetings")
    follow(office, "Open a meeting")
    office.locator("[name=chair]").fill("贺长青")
    press(office, "Open and freeze the figures")
    follow(office, "Bulletin")
    silent, bulletin = office.locator("#silent"), office.url
    expect(silent.locator(".qm-note")).to_contain_text("望江社区")
    expect(silent.locator(".qm-note")).to_contain_text("滨河社区")
    expect(silent.locator(".qm-note")).not_to_contain_text("柳林社区")

    story.it_is(TUESDAY, 17, 25)
    community = story.goes_to(story.sits_down("wangjiang"), "Field work")
    follow(community, "Sign")
    press(community, "Sign")
    expect(community.locator("main")).to_contain_text(tag("unit.reported_late"))

    story.sits_down("office").goto(bulletin)
    expect(silent.locator(".qm-note")).not_to_contain_text("望江社区")
    expect(silent.locator("li")).to_contain_text(["望江社区"])
    late = silent.locator("li").first.inner_text()
    press(office, "Send to the units' liaisons")

    story.it_is(TUESDAY, 17, 40)
    community = story.goes_to(story.sits_down("wangjiang"), "Field work")
    follow(community, "Sent to us")
    newest = community.locator("main li").first
    expect(newest).to_contain_text("望江社区")
    newest.get_by_role("button").click()
    expect(community.locator("main li").first.get_by_role("button")).to_have_count(0)
    return late
