"""What the office has done so far: organisation, plan, meetings, publicity, supplies, supervision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from qingmiao.campaign.actions.logistics import ask_for, deliver
from qingmiao.campaign.actions.meetings import close_meeting, decide_action, note_point, open_meeting, send_bulletin
from qingmiao.campaign.actions.organisation import (
    add_member_unit,
    change_duty,
    hand_over_duty,
    open_campaign,
    put_on_call,
)
from qingmiao.campaign.actions.plan import add_phase, plan_days, set_strength, set_target
from qingmiao.campaign.actions.publicity import (
    answer_rumour,
    approve_answer,
    approve_material,
    approve_rumour_answer,
    close_rumour,
    draft_answer,
    record_activity,
    tell_rumour,
    write_answer,
    write_material,
)
from qingmiao.campaign.actions.supervision import Found, correct_finding, inspect
from qingmiao.campaign.actions.tasks import accept_task, report_task
from qingmiao.campaign.models import Campaign, Duty, Finding, Meeting, Point, Target
from qingmiao.campaign.queries.organisation import duties_of
from qingmiao.demo.subdistrict.ledgers import DAYS
from qingmiao.demo.world import World
from qingmiao.registry.models import KeyGroup
from qingmiao.reports.actions import freeze_figure
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import rule_at
from qingmiao.reports.queries.field import shown_to_meeting

LEADERS = {
    "领导小组": ("贺长青", "secretary", "工委书记、办事处主任"),
    "综合协调组": ("孔明远", "office", "党政办公室"),
    "数据信息组": ("陈数", "figures", "统计所"),
    "宣传舆情组": ("苏晓", "publicity", "宣传办公室"),
    "后勤保障组": ("马力", "", "后勤服务中心"),
    "医护工作组": ("郑华", "head", "社区卫生服务中心"),
    "摸排动员组": ("柳春梅", "liulin", "社区建设办公室"),
    "现场秩序组": ("石岩", "", "派出所"),
    "应急救治组": ("华一针", "", "社区卫生服务中心"),
    "督导检查组": ("严督", "", "纪检监察工委"),
}
MEMBERS = ("街道各科室", "社区卫生服务中心", "派出所", "消防救援站", "交通大队", "各接种单位", "十四个社区")
Rank = Duty.Rank


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def organise(world: World) -> Campaign:
    """The campaign with its nine groups, who holds their duties, and who is on call tonight."""
    by, start = world.actor("office"), world.today - timedelta(days=DAYS)
    campaign = open_campaign(
        by=by,
        organisation=world.places["subdistrict"],
        kind="covid19",
        title="重点人群新冠病毒疫苗接种",
        starts_on=start,
        ends_on=world.today + timedelta(days=8),
    )
    for number, duty in enumerate(duties_of(campaign)):
        change_duty(by=by, duty=duty, version=duty.version, changes={"phone": f"0453-770{number:02}"})
        name, account, unit = LEADERS[duty.group.name]
        if duty.rank == Rank.LEADER:
            hand_over_duty(
                by=by, duty=duty, name=name, user=world.users.get(account), belongs_to=unit, valid_from=start
            )
        elif duty.rank == Rank.DEPUTY:
            hand_over_duty(by=by, duty=duty, name=f"{name[0]}副主任", belongs_to=unit, valid_from=start)
    contact = duties_of(campaign).get(group__name="数据信息组", rank=Rank.CONTACT)
    hand_over_duty(by=by, duty=contact, name="罗新", belongs_to="统计所", valid_from=start)
    hand_over_duty(by=by, duty=contact, name="江晚", belongs_to="统计所", valid_from=start, is_deputy=True)
    for name in MEMBERS:
        add_member_unit(by=by, campaign=campaign, name=name, valid_from=start)
    for group in ("综合协调组", "医护工作组", "应急救治组"):
        on_call = duties_of(campaign).get(group__name=group, rank=Rank.LEADER)
        for night in range(3):
            begin = at(world.today + timedelta(days=night), 0)
            put_on_call(
                by=by, duty=on_call, name=LEADERS[group][0], starts_at=begin, ends_at=begin + timedelta(hours=24)
            )
    return campaign


def plan(world: World, campaign: Campaign, given: Mapping[date, int]) -> None:
    """Targets of the twelve groups from the ledger, the site's strength, and doses for every day."""
    by, site, rule = world.actor("office"), world.places["site"], rule_at(campaign.organisation)
    shares = live.figures_by_group(rule, campaign.organisation, campaign.starts_on)
    for group in KeyGroup.objects.filter(pk__in=shares.keys()).order_by("pk"):
        set_target(
            by=by,
            campaign=campaign,
            key_group=group,
            people=shares[group.pk].of,
            on_ledger=shares[group.pk].of,
            source=Target.Source.LEDGER,
            said_by="陈数",
            said_on=campaign.starts_on,
            at=at(campaign.starts_on, 8),
        )
    set_target(
        by=by,
        campaign=campaign,
        people=22_000,
        on_ledger=live.figure_of(rule, campaign.organisation, campaign.starts_on).of,
        source=Target.Source.TOLD,
        said_by="区指挥部",
        said_on=campaign.starts_on,
        at=at(campaign.starts_on, 8),
    )
    set_strength(
        by=by,
        campaign=campaign,
        site=site,
        from_day=campaign.starts_on,
        vaccinators=6,
        hours=Decimal(8),
        minutes_per_dose=Decimal("2.4"),
    )
    add_phase(by=by, campaign=campaign, title="集中接种", starts_on=campaign.starts_on, ends_on=world.today)
    add_phase(
        by=by, campaign=campaign, title="扫尾补种", starts_on=world.today + timedelta(days=1), ends_on=campaign.ends_on
    )
    coming = {world.today + timedelta(days=number): 1200 for number in range(9)}
    plan_days(by=by, campaign=campaign, place=site, doses=dict.fromkeys(given, 1150) | coming)
    for name in ("柳林社区", "望江社区", "石桥社区"):
        plan_days(by=by, campaign=campaign, place=world.places[name], doses={world.today: 85})


def hold_meetings(world: World, campaign: Campaign) -> None:
    """Yesterday's meetings: the evening one was sent to the units and left three actions unfinished."""
    yesterday = world.today - timedelta(days=1)
    before = world.today - timedelta(days=2)
    _meeting(world, campaign, Meeting.Kind.EVENING, before, 18, None)
    morning = _meeting(world, campaign, Meeting.Kind.MORNING, yesterday, 8, None)
    _done_action(world, morning, yesterday)
    by = world.actor("office")
    snapshot = freeze_figure(
        by=by,
        indicator_id=rule_at(campaign.organisation).id,
        organisation=campaign.organisation,
        on=yesterday,
        today=world.today,
        at=at(yesterday, 18),
    )
    evening = _meeting(world, campaign, Meeting.Kind.EVENING, yesterday, 18, snapshot.pk)
    said_at = at(yesterday, 18, 20)
    queue = note_point(
        by=by, meeting=evening, kind=Point.Kind.PROBLEM, text="上午9至10时候种区排队超过40分钟", at=said_at,
        place=world.places["site"],
    )  # fmt: skip
    late = note_point(
        by=by, meeting=evening, kind=Point.Kind.PROBLEM, text="滨河社区60岁及以上老年人接种进度偏慢", at=said_at,
        place=world.places["滨河社区"],
    )  # fmt: skip
    note_point(by=by, meeting=evening, kind=Point.Kind.DECISION, text="明日起按半小时分批通知，错峰到场", at=said_at)
    for title, group, day, hour, answers in (
        ("增设两个登记台，早8时前到位", "后勤保障组", world.today, 8, queue),
        ("核对昨日接种名单与台账，交差异清单", "数据信息组", world.today, 10, None),
        ("为滨河社区老年人安排接送车两辆", "摸排动员组", world.today, 17, late),
    ):
        duty = duties_of(campaign).get(group__name=group, rank=Rank.LEADER)
        decide_action(by=by, meeting=evening, duty=duty, title=title, due_at=at(day, hour), at=said_at, answers=answers)
    send_bulletin(by=by, meeting=evening, text="请各社区今晚核对未接种名单。", at=at(yesterday, 18, 45))
    evening.refresh_from_db()
    close_meeting(by=by, meeting=evening, version=evening.version, at=at(yesterday, 19))


def _meeting(
    world: World, campaign: Campaign, kind: Meeting.Kind, day: date, hour: int, snapshot: int | None
) -> Meeting:
    by = world.actor("office")
    meeting = open_meeting(
        by=by,
        campaign=campaign,
        kind=kind,
        day=day,
        chair="贺长青",
        present="各工作组组长、各社区书记、卫生服务中心主任",
        minutes_by="孔明远",
        figures=shown_to_meeting(campaign, day, at(day, hour)),
        snapshot=snapshot,
        at=at(day, hour),
    )
    if kind == Meeting.Kind.EVENING and snapshot is None:
        send_bulletin(by=by, meeting=meeting, at=at(day, hour, 40))
        close_meeting(by=by, meeting=meeting, version=meeting.version, at=at(day, hour + 1))
    return meeting


def _done_action(world: World, meeting: Meeting, day: date) -> None:
    by = world.actor("office")
    duty = duties_of(meeting.campaign).get(group__name="宣传舆情组", rank=Rank.LEADER)
    task = decide_action(
        by=by, meeting=meeting, duty=duty, title="接种点入口更换指引牌", due_at=at(day, 12), at=at(day, 8, 30)
    )
    report_task(
        by=world.actor("publicity"),
        task=task,
        version=1,
        evidence="指引牌8块已更换，入口、A区、B区各有",
        at=at(day, 11),
    )
    accept_task(by=by, task=task, version=2, at=at(day, 11, 30))
    meeting.refresh_from_db()
    close_meeting(by=by, meeting=meeting, version=meeting.version, at=at(day, 9))


def tell_people(world: World, campaign: Campaign) -> None:
    """Materials, activities, questions; one rumour answered within two hours, one that waits."""
    by, head, day = world.actor("publicity"), world.actor("secretary"), world.today - timedelta(days=3)
    poster = write_material(
        by=by, campaign=campaign, title="接种疫苗 人人有责",
        text="打疫苗、防重症，保护家人。带身份证、戴好口罩，错峰到场。",
        source="国家卫生健康委公开宣传口径", expires_on=campaign.ends_on, at=at(day, 9),
    )  # fmt: skip
    approve_material(by=head, material=poster, version=1, at=at(day, 10))
    write_material(
        by=by, campaign=campaign, title="老年人接种问答折页",
        text="有慢性病、病情稳定的老年人也可以接种，由医生预检后决定。",
        source="接种技术指南", expires_on=campaign.ends_on, at=at(world.today, 8),
    )  # fmt: skip
    for channel, place, where, reach in (
        ("banner", "subdistrict", "主干道与接种点入口", 36),
        ("leaflet", "柳林社区", "入户发放", 2100),
        ("loudspeaker", "望江社区", "早晚各两次", None),
        ("official_account", "subdistrict", "临河发布", 5400),
        ("group", "石桥社区", "楼栋群12个", 1800),
        ("moments", "subdistrict", "", None),
        ("door", "滨河社区", "60岁及以上住户", 210),
    ):
        record_activity(
            by=by, campaign=campaign, channel=channel, place=world.places[place], where=where, reach=reach,
            material=poster, happened_at=at(day, 15), at=at(day, 18),
        )  # fmt: skip
    for question, answer in (
        (
            "高血压、糖尿病能打吗？",
            "病情稳定、控制良好的可以接种；正在发作或近期住院的，先听医生意见。到场由医生逐人预检。",
        ),
        ("打完为什么要留观30分钟？", "严重过敏反应多在30分钟内出现，留观是为了一旦发生能立即救治。"),
        ("需要带什么？", "本人身份证，戴好口罩，穿方便露出上臂的衣服。"),
    ):
        asked = write_answer(
            by=by, campaign=campaign, question=question, answer=answer, source="接种技术指南", at=at(day, 10)
        )
        approve_answer(by=head, question=asked, version=1, at=at(day, 11))
    _rumours(world, campaign)


def _rumours(world: World, campaign: Campaign) -> None:
    by, head, day = world.actor("publicity"), world.actor("secretary"), world.today - timedelta(days=1)
    rumour = tell_rumour(
        by=by, campaign=campaign, text="群里说“打了疫苗会查出别的病被扣医保”", channel="group", where="楼栋群3群",
        place=world.places["滨河社区"], risk="high", seen_at=at(day, 14), at=at(day, 14, 10),
    )  # fmt: skip
    draft_answer(
        by=by, rumour=rumour, version=1, answer="接种信息只用于接种管理，与医保待遇无关；有疑问请拨打社区电话。"
    )
    approve_rumour_answer(by=head, rumour=rumour, version=2, at=at(day, 14, 50))
    answer_rumour(by=by, rumour=rumour, version=3, answered_where="楼栋群3群", at=at(day, 15, 5))
    close_rumour(by=by, rumour=rumour, version=4, outcome="当晚无再转发", at=at(day, 20))
    tell_rumour(
        by=by, campaign=campaign, text="有人说“疫苗快过期了才免费打”", channel="moments", where="",
        place=world.places["望江社区"], risk="medium", seen_at=world.now - timedelta(hours=1), at=world.now,
    )  # fmt: skip


def supply(world: World, campaign: Campaign) -> None:
    """Requests of today and tomorrow: brought, partly brought, waiting."""
    by, head, today = world.actor("office"), world.actor("head"), world.today
    for kind, item, quantity, unit, hour, brought, detail in (
        ("people", "志愿者（引导、测温）", 24, "人", 7, 24, "文昌社区、梅园社区志愿者"),
        ("vehicle", "老年人接送车", 4, "辆", 8, 3, "0453号中巴，司机老周"),
        ("material", "一次性口罩", 1500, "只", 7, 1500, "仓库出库"),
        ("material", "注射器", 1400, "支", 17, 0, ""),
        ("material", "候种区座椅", 60, "把", 17, 0, ""),
    ):
        need = ask_for(
            by=head, campaign=campaign, place=world.places["site"], kind=kind, item=item, quantity=quantity, unit=unit,
            needed_at=at(today, hour), at=at(today - timedelta(days=1), 16),
        )  # fmt: skip
        if brought:
            deliver(by=by, need=need, quantity=brought, detail=detail, at=at(today, 7))


def supervise(world: World, campaign: Campaign) -> None:
    """Yesterday's visit to the site: two findings, one put right already."""
    by, day = world.actor("office"), world.today - timedelta(days=1)
    items = ("one_way", "informed", "screened", "three_checks", "observed", "emergency", "cold_chain", "signs", "order")
    answers = dict.fromkeys(items, "yes") | {"order": "no", "signs": "no"}
    inspect(
        by=by,
        campaign=campaign,
        place=world.places["site"],
        checklist="site",
        answers=answers,
        found=[Found("order", "9时许候种区排队过密"), Found("signs", "B区入口指引牌被遮挡")],
        at=at(day, 9, 30),
    )
    finding = Finding.objects.get(item="signs")
    correct_finding(
        by=world.actor("head"), finding=finding, version=1, correction="指引牌移至入口右侧，已能看清", at=at(day, 11)
    )
