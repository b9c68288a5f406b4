"""Every address of the product, asked for by three strangers: nobody signed in, an account without a role, and
somebody with every role in another district. A new address without a row here fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.campaign.office import one_of_each
from tests.clinic.site import Site, at, open_site
from tests.village import PASSWORD, Village

from qingmiao.archive.actions import Label, keep_document
from qingmiao.archive.kinds import period_from
from qingmiao.archive.models import Document
from qingmiao.clinic.actions.corrections import Proposal, propose_correction
from qingmiao.clinic.actions.sync import enrol_tablet, take_in
from qingmiao.clinic.models import Batch, Correction, DoseFinding, Observation, Period, VisitEvent
from qingmiao.outreach.actions.opinions import raise_complaint
from qingmiao.outreach.models import EntryCheck
from qingmiao.registry.actions.imports import upload_ledger
from qingmiao.registry.models import Dose, LedgerRow
from qingmiao.reports.actions import freeze_figure
from qingmiao.reports.actions.forms import open_form
from qingmiao.reports.actions.written import compile_facts
from qingmiao.safety.actions.cases import Seen, open_case
from qingmiao.safety.actions.green import plan_drill, raise_alarm
from qingmiao.safety.actions.self_reports import report_by_oneself
from qingmiao.staff.access import system
from qingmiao.staff.actions import open_account
from qingmiao.stock.actions.fridges import read_fridge, set_up_fridge
from qingmiao.stock.models import Breach, Fridge
from qingmiao.surveillance.actions.audits import open_audit
from qingmiao.surveillance.actions.cards import open_card
from qingmiao.surveillance.actions.deaths import open_certificate
from qingmiao.training.actions import Plan, add_material, hand_in_test, record_training, start_test
from qingmiao.training.models import Certificate

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Open to everybody: they show nobody, or only what a slip's secret token opens; boards hang where everybody waits.
BOARDS = {"board:site", "board:area", "board:observation"}
BOOKING = {"booking:times", "booking:find", "booking:book", "booking:cancel"}
STYLE = {"style", "style-desk", "style-board", "style-slip", "style-observation-board"}
FAMILY = {"verify", "family:rate", "family:complain"}
ALONE = {"sign-in", "demo-file", "sign-out", "language", "health", "slip", "slip-unwell"}
OPEN = ALONE | BOARDS | BOOKING | STYLE | FAMILY
# Behind the sign-in, but about nobody but oneself, or about no record at all.
ABOUT_NOBODY = {
    "home",
    "desks",
    "search",
    "campaign:mine",
    "accounts:own-password",
    "offline:worker",
    "reports:home",
    "reports:rule",
}
# What an address with parameters is asked for: the keys of `world`, by the group of its name or by its whole name.
ROWS: dict[str, dict[str, str]] = {
    "people": {"pk": "person", "identifier": "identifier"},
    "child": {"pk": "person"},
    "outreach": {"pk": "person", "home": "nothing"},
    "school": {"pk": "entry_check"},
    "family": {"pk": "complaint"},
    "accounts": {"pk": "user"},
    "accounts:end-role": {"pk": "assignment"},
    "reports": {"pk": "bureau", "unit": "unit"},
    **dict.fromkeys(
        (
            "reports:snapshot",
            "reports:snapshot-people",
            "reports:bulletin",
            "reports:bulletin-pdf",
            "reports:bulletin-word",
            "reports:summary-word",
        ),
        {"pk": "snapshot"},
    ),
    **dict.fromkeys(("reports:written", "reports:written-count"), {"pk": "bureau", "code": "report_kind"}),
    "reports:written-word": {"pk": "facts"},
    "forms": {"pk": "form", "unit": "centre"},
    "clinic_year": {"pk": "centre", "row": "nothing", "age": "nothing"},
    "liaison": {"pk": "import", "row": "row", "merge": "nothing"},
    **dict.fromkeys(("liaison:merge", "liaison:split"), {"pk": "person", "merge": "nothing"}),
    "batches": {"pk": "batch", "session_id": "session"},
    "front_desk": {"pk": "visit"},
    "site_head": {"pk": "session", "desk_id": "consent"},
    "booking": {"period_id": "period", "pk": "visit"},
    "front_desk:undo": {"pk": "event"},
    **dict.fromkeys(
        ("front_desk:batch", "front_desk:send-back", "front_desk:move-batch", "front_desk:call"), {"pk": "batch"}
    ),
    "consent": {"desk_id": "consent"},
    "screening": {"desk_id": "screening"},
    "injection": {"desk_id": "injection", "pk": "dose"},
    "observation": {"pk": "observation"},
    "observation:undo": {"pk": "event"},
    "observation:reaction": {"pk": "nothing"},
    "corrections": {"pk": "correction"},
    **dict.fromkeys(("corrections:dose", "corrections:propose"), {"pk": "dose", "kind": "wrong"}),
    "corrections:finding": {"pk": "finding"},
    "safety": {"pk": "case"},
    **dict.fromkeys(("safety:open", "safety:emergency", "safety:alarm"), {"pk": "dose"}),
    **dict.fromkeys(("safety:rescue", "safety:transfer"), {"pk": "rescue"}),
    "safety:resident": {"pk": "told"},
    "safety:drill": {"pk": "drill"},
    "api-v1": {"pk": "tablet"},
    "offline": {"pk": "sync_event"},
    "stock_room": {"pk": "lot"},
    **dict.fromkeys(("stock_room:fridge", "stock_room:read", "stock_room:logger"), {"pk": "fridge"}),
    "stock_room:breach": {"pk": "breach"},
    "stock_room:close-vial": {"pk": "nothing"},
    "stock_room:refund": {"pk": "nothing"},
    "board": {"site_id": "site", "area_id": "area"},
    "missed": {"pk": "missed_audit", "register": "nothing", "case": "nothing", "number": "nothing"},
    "missed:in-force": {"pk": "nothing"},
    "deaths": {"pk": "certificate", "verb": "card_verb"},
    "deaths:compare": {"pk": "nothing"},
    "villages": {"pk": "community", "form": "paper_form", "year": "paper_year", "month": "paper_month"},
    "cards": {"pk": "card", "kind": "zero_kind", "verb": "card_verb"},
    "cards:sign": {"pk": "nothing"},
    "training": {"pk": "training"},
    "archive": {"pk": "document"},
    "maps": {"pk": "bureau"},
    "campaign": {"pk": "campaign"},
    **dict.fromkeys(("campaign:change-group", "campaign:new-duty"), {"pk": "group"}),
    **dict.fromkeys(("campaign:duty", "campaign:change-duty", "campaign:hand-over"), {"pk": "duty"}),
    "campaign:end-member": {"pk": "member_unit"},
    "campaign:take-off": {"pk": "watch"},
    **dict.fromkeys(
        (f"campaign:{act}task" for act in ("", "report-", "accept-", "send-back-", "move-", "drop-")), {"pk": "task"}
    ),
    "campaign:picture": {"pk": "picture"},
    "meetings": {"pk": "meeting", "checklist": "checklist"},
    **dict.fromkeys(
        ("meetings:start", "meetings:points", "meetings:inspect"), {"pk": "campaign", "checklist": "checklist"}
    ),
    "meetings:seen": {"pk": "dispatch"},
    "meetings:inspection": {"pk": "inspection"},
    **dict.fromkeys(
        (f"meetings:{act}" for act in ("finding", "correct", "close-finding", "reopen-finding")),
        {"pk": "finding_on_site"},
    ),
    "fieldwork": {"pk": "unit"},
    **dict.fromkeys(("fieldwork:visit", "fieldwork:goes-first"), {"pk": "person"}),
    "publicity": {"pk": "rumour"},
    **dict.fromkeys(
        (f"publicity:{act}material" for act in ("", "approve-", "withdraw-")), {"pk": "publicity_material"}
    ),
    **dict.fromkeys(("publicity:approve-question", "publicity:heard"), {"pk": "question"}),
    "logistics": {"pk": "need"},
    "training:material-file": {"pk": "material"},
    "training:test": {"pk": "attempt"},
    "training:certificate": {"pk": "certificate"},
}
NAMES = ("张伟", "李红", "王芳", "陈小明", "110105198603110018")


def addresses(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """(name, parameters) of every address."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern.url_patterns, prefix + space)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", sorted(pattern.pattern.converters)


ALL = dict(addresses())
WITH_RECORDS = sorted(name for name, parameters in ALL.items() if parameters and name not in OPEN | ABOUT_NOBODY)
WITHOUT = sorted(name for name, parameters in ALL.items() if not parameters and name not in OPEN | ABOUT_NOBODY)


@pytest.fixture
def world(village: Village) -> dict[str, Any]:
    """One record of every kind: the village's site with somebody in the observation room, a ledger, a frozen figure."""
    site: Site = open_site(village)
    site.to_the_needle("zhangwei")
    dose = site.inject("zhangwei")
    liaison = village.actor("zhaoqian")
    day = site.session.day
    ledger = ContentFile("姓名,身份证号,联系电话,单位\n李红,,13800138000,星海网吧\n".encode(), name="roster.csv")
    uploaded = upload_ledger(by=liaison, place=village.bureau, files=[ledger], as_of=day, at=at(12))
    snapshot = freeze_figure(
        by=liaison, indicator_id="covid19.vaccinated", organisation=village.bureau, on=day, today=day, at=at(12)
    )
    person = site.people["zhangwei"]
    return {
        "person": person.pk,
        "identifier": person.identifiers.get().pk,
        "user": village.users["hejing"].pk,
        "assignment": village.users["hejing"].assignments.get().pk,
        "bureau": village.bureau.pk,
        "unit": village.cafe.pk,
        "snapshot": snapshot.pk,
        "import": uploaded.pk,
        "row": LedgerRow.objects.filter(file__ledger_import=uploaded)[0].pk,
        "session": site.session.pk,
        "period": Period.objects.create(
            session=site.session, starts_at=time(8), ends_at=time(9), vaccinators=1, open_places=5
        ).pk,
        "batch": Batch.objects.get().pk,
        "visit": site.visit("zhangwei").pk,
        "event": VisitEvent.objects.order_by("-pk")[0].pk,
        "dose": dose.pk,
        "observation": Observation.objects.get().pk,
        "site": village.site.pk,
        "area": site.area_a.pk,
        **training_records(village),
        "document": archived(village).pk,
        **tablet_records(site),
        **stock_records(site),
        **safety_records(site, dose),
        **report_records(village),
        "nothing": 987654,
        "entry_check": _entry_check(village).pk,
        "complaint": raise_complaint(by=system("test"), site=village.site, text="等", contact="", at=at(9)).pk,
        "checklist": "site",
        **one_of_each(village, person),
        "card": open_card(by=system("test"), place=village.centre, at=at(12)).pk,
        "missed_audit": open_audit(
            by=system("test"), place=village.centre, title="三季度", since=day, until=day, at=at(12)
        ).pk,
        "certificate": open_certificate(by=system("test"), place=village.centre, at=at(12)).pk,
        "community": village.community.pk,
        "paper_form": "outbreak",
        "paper_year": 2021,
        "paper_month": 5,
        "zero_kind": "measles",
        "card_verb": "accept",
        **{step: site.desks[step].pk for step in ("consent", "screening", "injection")},
    }


def report_records(village: Village) -> dict[str, Any]:
    """A form of the centre, and the kept facts of a week."""
    by, day = system("test"), at(9).date()
    form = open_form(by=by, unit=village.centre, kind="class2_month", period=day, at=at(9))
    facts = compile_facts(by=by, organisation=village.bureau, kind="weekly", since=day, until=day, today=day, at=at(9))
    return {"form": form.pk, "facts": facts.pk, "centre": village.centre.pk, "report_kind": "weekly"}


def tablet_records(site: Site) -> dict[str, Any]:
    """A tablet of the site, and a dose it sent that waits for somebody to answer."""
    by, place, ids = site.actor("zhoulin"), site.village.site, [UUID(int=number) for number in (1, 2)]
    tablet = enrol_tablet(by=by, site=place, tablet_id=ids[0], name="台1", key="a2V5", at=at(8))
    sent = {"id": str(ids[1]), "number": 1, "kind": "dose", "visit": site.visit("zhangwei").pk}
    sent |= {"made_at": at(10).isoformat(), "content": {"lot": site.lot.pk}}
    take_in(by=by, site=place, raw=[sent], received_at=at(12), tablet=tablet)
    return {"tablet": ids[0], "sync_event": ids[1]}


def safety_records(site: Site, dose: Dose) -> dict[str, Any]:
    """A correction and a finding that wait, a suspected reaction, a resident's report, a rescue, a drill."""
    by, place = site.actor("wumin"), site.village.site
    wrong = Proposal(Correction.Kind.VOID)
    seen = Seen("rash", at(10), at(10, 5))
    drill = plan_drill(by=site.actor("zhenghua"), site=place, planned_on=at(9).date(), scenario="晕厥")
    told = report_by_oneself(by=system("slip"), dose=dose, signs=["pain"], text="疼", phone="13800138000", at=at(11))
    return {
        "wrong": "void",
        "correction": propose_correction(by=by, dose=dose, proposal=wrong, reason="核对", at=at(10)).pk,
        "finding": DoseFinding.objects.create(dose=dose, code="lot_expired", at=at(10)).pk,
        "case": open_case(by=by, dose=dose, seen=seen, at=at(10, 6)).pk,
        "rescue": raise_alarm(by=by, site=place, dose=dose, at=at(10, 7)).pk,
        "told": told.pk,
        "drill": drill.pk,
    }


def archived(village: Village) -> Document:
    label = Label("summary", village.centre, period_from(at(9).date().replace(day=1), 1), "工作总结")
    return keep_document(by=system("test"), label=label, file=ContentFile(b"text", name="summary.txt"), at=at(9))


def stock_records(site: Site) -> dict[str, Any]:
    """The lot of the day, and a fridge that was too warm."""
    by = site.actor("zhenghua")
    fridge = set_up_fridge(by=by, place=site.village.site, number="1", kind=Fridge.Kind.FRIDGE)
    read_fridge(by=by, fridge=fridge, celsius=Decimal(12), at=at(9))
    return {"lot": site.lot.pk, "fridge": fridge.pk, "breach": Breach.objects.get().pk}


def training_records(village: Village) -> dict[str, Any]:
    head, vaccinator = village.actor("zhenghua"), village.users["zhoulin"]
    plan = Plan("接种规范", at(9).date(), Decimal(2))
    training = record_training(by=head, organisation=village.site, plan=plan, at=at(9))
    material = add_material(by=head, session=training, name="讲义.pdf", file=ContentFile(b"slides"), at=at(9))
    by = village.actor("zhoulin")
    attempt = start_test(by=by, user=vaccinator, organisation=village.site, at=at(9))
    right = [question["right"] for question in attempt.questions]
    hand_in_test(by=by, attempt=attempt, answers=right, at=at(9))
    certificate = Certificate.objects.get()
    return {
        "training": training.pk,
        "material": material.pk,
        "attempt": attempt.pk,
        "certificate": certificate.pk,
    }


def _entry_check(village: Village) -> EntryCheck:
    return EntryCheck.objects.create(
        school=village.cafe,
        clinic=village.centre,
        title="一班",
        term_from=at(9).date(),
        check_by=at(9).date(),
        recheck_by=at(9).date(),
        opened_at=at(9),
    )


def address(name: str, world: dict[str, Any]) -> str:
    """The address `name` with the world's records; a parameter without a row is a mistake in ROWS."""
    row = ROWS.get(name) or ROWS[name.partition(":")[0]]
    return reverse(name, kwargs={parameter: world[row[parameter]] for parameter in ALL[name]})


def signed_in(username: str) -> Client:
    client = Client()
    assert client.login(username=username, password=PASSWORD, request=HttpRequest())
    return client


def told(answer: HttpResponse) -> list[str]:
    """Names and numbers of the village's people in an answer."""
    body = b"" if answer.streaming else answer.content
    return [name for name in NAMES if name in body.decode(errors="replace")]


def test_nobody_sees_anything_without_signing_in(world: dict[str, Any]):
    client, seen = Client(), []
    for name in [*WITH_RECORDS, *WITHOUT, *sorted(ABOUT_NOBODY - {"reports:rule"})]:
        where = address(name, world) if ALL[name] else reverse(name)
        for answer in (client.get(where), client.post(where)):
            if name.startswith("api-") and answer.status_code == 401:
                continue  # a program is told to sign in; it is not led to a page
            if answer.status_code != 302 or not answer.headers["Location"].startswith("/sign-in/"):
                seen.append((name, answer.status_code))
    assert seen == [], seen


def test_boards_name_nobody(world: dict[str, Any]):
    """Somebody is under observation, and a ticket is all that shows."""
    answers = {name: Client().get(address(name, world)) for name in BOARDS}
    assert {name: (answer.status_code, told(answer)) for name, answer in answers.items()} == dict.fromkeys(
        BOARDS, (200, [])
    )


def test_an_account_without_a_role_reaches_no_desk_and_no_record(world: dict[str, Any]):
    newcomer = open_account(by=system("test"), username="newcomer", display_name="新来", password=PASSWORD)
    type(newcomer).objects.filter(pk=newcomer.pk).update(has_first_password=False)
    client, seen = signed_in("newcomer"), []
    for name in [*WITH_RECORDS, *WITHOUT]:
        where = address(name, world) if ALL[name] else reverse(name)
        for answer in (client.get(where), client.post(where)):
            if answer.status_code not in (403, 404, 405) or told(answer):
                seen.append((name, answer.status_code, told(answer)))
    assert seen == [], seen


def test_every_role_in_another_district_reaches_no_record_here(world: dict[str, Any]):
    client, seen = signed_in("fengyuan"), []
    for name in WITH_RECORDS:
        where = address(name, world)
        for answer in (client.get(where), client.post(where)):
            if answer.status_code not in (403, 404, 405) or told(answer):
                seen.append((name, answer.status_code, told(answer)))
    for name in [*WITHOUT, "home", "desks", "search"]:
        answer = client.get(f"{reverse(name)}?q=zw")
        if answer.status_code >= 500 or told(answer):
            seen.append((name, answer.status_code, told(answer)))
    assert seen == [], seen
