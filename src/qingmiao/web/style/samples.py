"""What the style page shows in each component: invented people, places and numbers, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.safestring import mark_safe

from qingmiao.web.fields import SignatureField

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 8, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """One component of the page: its template and what it is given in each language."""

    name: str
    title: str
    title_english: str
    template: str
    chinese: Mapping[str, Any]
    english: Mapping[str, Any]


def _at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 22, hour - 8, minute, tzinfo=UTC)


def _part(name: str, title: str, title_english: str, chinese: Mapping[str, Any], english: Mapping[str, Any]) -> Sample:
    return Sample(name, title, title_english, f"components/{name}.html", chinese, english)


def _sheet(name: str, title: str, title_english: str, **both: Any) -> Sample:
    return Sample(name, title, title_english, f"style/{name}.html", both, both)


PERSON = {"ticket": "A046", "born_on": date(1992, 3, 11), "number": "239904********4526"}
CHILD = {"born_on": date(2024, 3, 15), "number": "239904********0368"}
STEPS = ("受理", "告知", "签字", "预检", "接种", "留观", "放行")
STEPS_ENGLISH = ("Arrived", "Informed", "Signed", "Screened", "Injection", "Observed", "Released")
STATES = ("done", "done", "done", "done", "now", "", "")
TIMES = ("09:31", "09:36", "09:41", "09:47", "09:57", "", "")


def _steps(titles: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"title": t, "state": s, "note": n} for t, s, n in zip(titles, STATES, TIMES, strict=True)]


def _counts(*labels: str) -> list[dict[str, object]]:
    figures = ((1, "is-stop"), (4, "is-go"), (14, "is-later"), (0, "is-wait"))
    return [
        {"count": count, "label": label, "url": f"#{tone}", "tone": tone}
        for (count, tone), label in zip(figures, labels, strict=True)
    ]


def _bars(missing: str, today: str, label: str) -> str:
    done = (871, 930, 958, 1012, 1047, 1103, 1188, 1036)
    bars = "".join(_bar(index, value, today) for index, value in enumerate(done))
    return mark_safe(
        f'<svg viewBox="0 0 440 150" role="img" aria-label="{label}"><line class="grid" x1="0" x2="440" y1="126" y2="126"/>'
        f'{bars}<g class="is-stop"><text class="mid tone" x="412" y="26">{missing}</text></g></svg>'
    )


def _bar(index: int, value: int, today: str) -> str:
    middle, height = 28 + index * 55 - index // 7, round(value * 0.0772)
    kind, word = ("bar", today) if index == 7 else ("past", f"11-{15 + index}")
    figure = f'<text class="mid" x="{middle}" y="{144 - height}">{value:,}</text>' if index < 7 else f'<text class="mid inv" x="{middle}" y="{144 - height}">{value:,}</text>'
    return (
        f'<rect class="{kind}" x="{middle - 19}" y="{126 - height}" width="38" height="{height}"/>'
        f'<line class="plan" x1="{middle - 24}" x2="{middle + 24}" y1="34" y2="34"/>{figure}'
        f'<text class="mid soft" x="{middle}" y="143">{word}</text>'
    )


class ChineseForm(forms.Form):
    """The form fields of the page, in Chinese."""

    name = forms.CharField(label="姓名", help_text="和身份证上一样。")
    phone = forms.CharField(label="手机", required=False)
    area = forms.ChoiceField(label="去哪个区", widget=forms.RadioSelect, choices=[("a", "A区"), ("b", "B区")])
    reason = forms.ChoiceField(label="未种原因", choices=[("", "请选"), ("fever", "发热"), ("refused", "拒种")])
    read = forms.BooleanField(label="姓名和身份证号已念给本人听")


class EnglishForm(forms.Form):
    """The form fields of the page, in English."""

    name = forms.CharField(label="Name", help_text="As on the ID card.")
    phone = forms.CharField(label="Phone", required=False)
    area = forms.ChoiceField(label="Area", widget=forms.RadioSelect, choices=[("a", "Area A"), ("b", "Area B")])
    reason = forms.ChoiceField(label="Not given because", choices=[("", "Choose"), ("fever", "fever"), ("refused", "refused")])
    read = forms.BooleanField(label="Name and ID number were read aloud")


class SignatureForm(forms.Form):
    """A drawn signature, as any form carries it."""

    signature = SignatureField()


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "tags", "状态", "Status tag: word, reason, colour", "style/tags.html",
        {"until": date(2026, 12, 3), "reason": "发热"}, {"until": date(2026, 12, 3), "reason": "fever"},
    ),
    _sheet("colours", "色值与字号", "Tokens and sizes"),
    _sheet("buttons", "按钮", "Buttons: one primary on a screen"),
    _part(
        "person", "人", "Person strip",
        {"person": PERSON | {"name": "李红梅", "sex": "女", "unit": "星海网吧"}, "allergies": "青霉素", "today": TODAY, "level": 3},
        {"person": PERSON | {"name": "Li Hongmei", "sex": "F", "unit": "Xinghai Internet Café"}, "allergies": "penicillin", "today": TODAY, "level": 3},
    ),
    Sample(
        "child", "儿童", "Person strip of a child", "components/person.html",
        {"person": CHILD | {"name": "陈雨桐", "sex": "女", "note": "监护人 陈立 138****1234", "unit": "青河里社区"}, "today": TODAY, "level": 3},
        {"person": CHILD | {"name": "Chen Yutong", "sex": "F", "note": "guardian Chen Li 138****1234", "unit": "Qingheli"}, "today": TODAY, "level": 3},
    ),
    _part("steps", "流程", "Step chain", {"steps": _steps(STEPS)}, {"steps": _steps(STEPS_ENGLISH)}),
    _part(
        "counts", "计数卡", "Count card: a door, gone at zero",
        {"counts": _counts("提前离开", "可放行", "在室", "快满")},
        {"counts": _counts("Left early", "Free to go", "In room", "Nearly over")},
    ),
    _part(
        "todo", "要办的", "Action required",
        {"todo": [
            {"count": 1, "text": "单位未报摸底", "url": "#t1", "note": "夜莺歌厅", "tone": "is-stop"},
            {"count": 7, "text": "今天第2批未到", "url": "#t2"},
        ]},
        {"todo": [
            {"count": 1, "text": "unit without head-count", "url": "#t3", "note": "Yeying Karaoke", "tone": "is-stop"},
            {"count": 7, "text": "of batch 2 not arrived", "url": "#t4"},
        ]},
    ),
    _part(
        "problems", "问题表", "Problem table: the original row beside its cure",
        {"caption": "有问题的行", "problems": [
            {"row": 88, "raw": "田野 男", "marked": "已打，11月", "problem": "接种日期不全", "reason": "只有月，没有日",
             "cures": [{"label": "记为待核实", "name": "row-88", "value": "unverified"}]},
        ]},
        {"caption": "Rows with problems", "problems": [
            {"row": 88, "raw": "田野 男", "marked": "已打，11月", "problem": "Day is missing", "reason": "a month, but no day",
             "cures": [{"label": "Keep as unverified", "name": "row-88", "value": "unverified"}]},
        ]},
    ),
    _part(
        "frozen", "冻结数字", "Frozen figure: number, rule, time, door",
        {"figure": {"done": 46, "done_url": "#46", "of": 120, "of_url": "#120", "label": "首剂", "frozen_at": NOON, "rule": "首剂-2",
                    "rule_url": "#rule", "snapshot": "1122-4", "snapshot_url": "#snapshot"}},
        {"figure": {"done": 46, "done_url": "#46e", "of": 120, "of_url": "#120e", "label": "first dose", "frozen_at": NOON,
                    "rule": "first-dose-2", "rule_url": "#rule-e", "snapshot": "1122-4", "snapshot_url": "#snapshot-e"}},
    ),
    _part(
        "timeline", "时间线", "Timeline: every step has a clock",
        {"events": [
            {"at": _at(10, 12), "text": "报告不适", "note": "周敏", "tone": "is-stop"},
            {"at": _at(10, 14), "text": "通知市第二医院", "note": "2分钟", "tone": "is-due"},
            {"at": _at(10, 31), "text": "交接完成", "note": "17分钟", "tone": "is-go"},
        ]},
        {"events": [
            {"at": _at(10, 12), "text": "Unwell", "note": "Zhou Min", "tone": "is-stop"},
            {"at": _at(10, 14), "text": "Second Hospital told", "note": "2 min", "tone": "is-due"},
            {"at": _at(10, 31), "text": "Handed over", "note": "17 min", "tone": "is-go"},
        ]},
    ),
    _part(
        "chart", "图框", "Chart frame: title, source, table, download",
        {"title": "计划与完成", "svg": _bars("差164", "今天", "近8日计划与完成：今天计划1200，完成1036"), "legend": ["柱：完成", "黑线：计划"],
         "source": "各接种点剂次", "columns": ["日期", "完成"], "rows": [["11-21", "1,188"], ["今天", "1,036"]], "download_url": "#d", "level": 3},
        {"title": "Plan and done", "svg": _bars("-164", "today", "Last 8 days; today plan 1200, done 1036"), "legend": ["bar: done", "line: plan"],
         "source": "doses of all sites", "columns": ["Day", "Done"], "rows": [["11-21", "1,188"], ["today", "1,036"]], "download_url": "#de", "level": 3},
    ),
    _part(
        "lot", "批号带", "Lot band: the product's own colour, never a state colour",
        {"level": 3, "lot": {"product": "新冠灭活疫苗（Vero细胞）", "code": "covid-vero", "volume": "0.5 mL", "route": "肌内注射", "number": "202609A17",
                 "expires_on": date(2027, 8, 31), "left": "1 / 2 剂",
                 "notes": [{"text": "09:31开启，10:31前用完", "more": "还有33分钟", "tone": "is-wait"}]}},
        {"level": 3, "lot": {"product": "COVID-19, inactivated (Vero)", "code": "covid-vero", "volume": "0.5 mL", "route": "intramuscular", "number": "202609A17",
                 "expires_on": date(2027, 8, 31), "left": "1 of 2",
                 "notes": [{"text": "Opened 09:31, use before 10:31", "more": "33 minutes left", "tone": "is-wait"}]}},
    ),
    _part(
        "scan", "扫码框", "Scan field: a scanner types and presses Enter",
        {"label": "来人", "name": "who", "hint": "扫身份证、登记条，或输姓名"},
        {"label": "Arrival", "name": "who", "hint": "Scan ID or slip, or type a name"},
    ),
    _part("sign", "签字板", "Signature pad", {"signer": "李红梅"}, {"signer": "Li Hongmei"}),
    _part(
        "undo", "撤回", "Undo bar: two minutes",
        {"undo": {"text": "A045 孙建国 09:55已接种", "url": "#undo", "also": [{"label": "补打留观条", "url": "#slip"}]}},
        {"undo": {"text": "A045 Sun Jianguo, given 09:55", "url": "#undo-e", "also": [{"label": "Slip again", "url": "#slip-e"}]}},
    ),
    _part(
        "empty", "空", "Empty state: why, and the next act",
        {"text": "明天还没有名单。截止时间今天18:00。", "url": "#pick", "label": "从台账里选人"},
        {"text": "No list for tomorrow yet. Cut-off today 18:00.", "url": "#pick-e", "label": "Choose from the ledger"},
    ),
    _part(
        "error", "错", "Error with cure",
        {"title": "没有写入：批号202608B03昨天已过有效期。", "cure": "请扫另一支。已打的剂次仍可补录，会记为差异。", "url": "#again", "label": "重新扫瓶"},
        {"title": "Not saved: lot 202608B03 expired yesterday.", "cure": "Scan another vial. A dose already given can still be entered; it is kept as a discrepancy.",
         "url": "#again-e", "label": "Scan again"},
    ),
    _part("note", "提示", "Notice", {"text": "今天18:00截止", "more": "还有2小时14分"}, {"text": "Cut-off today 18:00", "more": "2 h 14 min left"}),
    _part(
        "progress", "慢", "Progress: leave and come back",
        {"text": "正在核对第3,210行，共5,000行", "done": 3210, "of": 5000, "left": "还要约1分钟", "url": "#later"},
        {"text": "Checking row 3,210 of 5,000", "done": 3210, "of": 5000, "left": "About 1 minute left", "url": "#later-e"},
    ),
    _part(
        "tabs", "页签", "Tabs",
        {"label": "导入", "tabs": [{"title": "有问题", "url": "#p", "count": 4, "tone": "is-stop", "current": True}, {"title": "请您定", "url": "#a", "count": 7, "tone": "is-wait"}, {"title": "新增", "url": "#n", "count": 71, "tone": "is-go"}]},
        {"label": "Import", "tabs": [{"title": "Problems", "url": "#p-e", "count": 4, "tone": "is-stop", "current": True}, {"title": "Please decide", "url": "#a-e", "count": 7, "tone": "is-wait"}, {"title": "New", "url": "#n-e", "count": 71, "tone": "is-go"}]},
    ),
    Sample(
        "form", "表单", "Form field: label, help, error", "style/form.html",
        {"form": ChineseForm({"name": "", "area": "a"}, auto_id="zh_%s"), "save": "保存"},
        {"form": EnglishForm({"name": "", "area": "a"}, auto_id="en_%s"), "save": "Save"},
    ),
    Sample(
        "seats", "留观卡", "Seat cards", "style/seats.html",
        {"seats": [
            {"ticket": "A019", "name": "黄*", "word": "提前离开", "minutes": 18, "tone": "is-stop", "alarm": True},
            {"ticket": "A031", "name": "赵*国", "place": "3座", "word": "可放行", "minutes": 0, "tone": "is-go"},
            {"ticket": "A035", "name": "陈*军", "place": "8座", "word": "快满", "minutes": 3, "tone": "is-wait"},
        ], "go": "放行", "ill": "不适"},
        {"seats": [
            {"ticket": "A019", "name": "Huang *", "word": "Left early", "minutes": 18, "tone": "is-stop", "alarm": True},
            {"ticket": "A031", "name": "Zhao *guo", "place": "seat 3", "word": "Free to go", "minutes": 0, "tone": "is-go"},
            {"ticket": "A035", "name": "Chen *jun", "place": "seat 8", "word": "Nearly over", "minutes": 3, "tone": "is-wait"},
        ], "go": "Release", "ill": "Unwell"},
    ),
    _part(
        "slip", "留观条", "Slip, 58 mm",
        {"level": 3, "edge": True, "slip": {"title": "留观条", "place": "青河街道接种点 A区", "ticket": "A046", "name": "李*梅", "seat": "12座", "headline": "可离开时间", "big": "10:29",
                  "lines": ["09:59接种，留观满30分钟，由工作人员放行后再走"],
                  "facts": [{"term": "疫苗", "text": "新冠灭活（Vero细胞）"}, {"term": "批号", "text": "202609A17"}], "warning": "不适请马上举手"}},
        {"level": 3, "edge": True, "slip": {"title": "Observation slip", "place": "Qinghe site, area A", "ticket": "A046", "name": "Li *mei", "seat": "seat 12", "headline": "You may leave at", "big": "10:29",
                  "lines": ["Given 09:59. Wait 30 minutes; staff will release you."],
                  "facts": [{"term": "Vaccine", "text": "COVID-19, inactivated (Vero)"}, {"term": "Lot", "text": "202609A17"}], "warning": "Unwell? Raise your hand"}},
    ),
)  # fmt: skip


def desk_sample(now: datetime) -> dict[str, Any]:
    """Context of the invented injection desk: frame, person, lot, and one undo that ends in 102 seconds."""
    return {
        "place": "青河街道接种点",
        "place_detail": "A区 上午场",
        "role": "接种护士",
        "actor": {"name": "林晓"},
        "search_url": "#search",
        "desks": [
            {"title": "接种台", "url": "#injection", "waiting": 12, "is_current": True},
            {"title": "留观", "url": "#observation", "waiting": 14},
            {"title": "冷链", "url": "#cold", "waiting": 1, "tone": "is-stop"},
            {"title": "报表", "url": "#reports", "waiting": 0},
        ],
        "person": PERSON | {"name": "李红梅", "sex": "女", "unit": "星海网吧", "group": "从业人员", "note": "第2批"},
        "steps": _steps(STEPS),
        "lot": SAMPLES_BY_NAME["lot"].chinese["lot"],
        "undo": {"text": "A045 孙建国 09:55已接种", "url": "#undo", "until": now + timedelta(seconds=102)},
        "rows": [(f"A{number:03}", "09:58") for number in range(1, 91)],
    }


SAMPLES_BY_NAME = {sample.name: sample for sample in SAMPLES}
