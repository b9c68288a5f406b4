"""The vaccination site of the village on a working day: areas A and B, desks, a product, a lot, four named people.

张伟 and 李红 of 星海网吧, 王芳 of 金麦歌厅, 陈小明 (a child of seven) of nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.village import TODAY, Village

from qingmiao.clinic.actions.batches import accept_batch, name_batch
from qingmiao.clinic.actions.consent import Signed, take_consent
from qingmiao.clinic.actions.front_desk import record_arrival
from qingmiao.clinic.actions.injection import check_lot, record_dose
from qingmiao.clinic.actions.queue import take_next
from qingmiao.clinic.actions.screening import Answers, screen
from qingmiao.clinic.actions.sessions import PlacesFor, plan_session, set_up_desk
from qingmiao.clinic.models import Batch, Consent, Desk, Screening, Session, Visit
from qingmiao.clinic.rules import Step
from qingmiao.clinic.screening import form_for
from qingmiao.registry.actions.people import Number, Particulars, register_person
from qingmiao.registry.models import Dose, Identifier, Person
from qingmiao.staff.access import Actor, system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role
from qingmiao.stock.actions import enter_product, receive_doses
from qingmiao.stock.models import Lot, Product

CHINA = ZoneInfo("Asia/Shanghai")
PATH = "M10 100" + "".join(f"L{x} {80 + x % 7}" for x in range(12, 60, 4))

PEOPLE: dict[str, tuple[str, str, date, str, str]] = {
    # key: name, sex, birth date, number, unit
    "zhangwei": ("张伟", "1", date(1986, 3, 11), "110105198603110018", "cafe"),
    "lihong": ("李红", "2", date(1992, 3, 11), "110105199203110023", "cafe"),
    "wangfang": ("王芳", "2", date(1970, 1, 2), "110105197001020024", "karaoke"),
    "chenxiaoming": ("陈小明", "1", date(2014, 5, 1), "110105201405010015", ""),
}


def at(hour: int, minute: int = 0, day: date = TODAY, second: int = 0) -> datetime:
    """An instant of the village's day, in local time."""
    return datetime.combine(day, time(hour, minute, second), CHINA)


@dataclass
class Site:
    village: Village
    area_a: Organisation
    area_b: Organisation
    desks: dict[str, Desk]
    product: Product
    other_product: Product
    lot: Lot
    session: Session
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return self.village.actor(name)

    def batch(self, *names: str, unit: str = "cafe", by: str = "zhaoqian", named_at: datetime | None = None) -> Batch:
        """A batch named in time (if not said otherwise) and accepted for area A at 09:30."""
        batch = name_batch(
            by=self.actor(by),
            session=self.session,
            unit=getattr(self.village, unit),
            product=self.product,
            people=[self.people[name] for name in names],
            leader="钱多",
            at=named_at or at(16, day=TODAY - timedelta(days=1)),
        )
        return accept_batch(
            by=self.actor("zhenghua"),
            batch=batch,
            version=batch.version,
            starts_at=at(9, 30),
            area=self.area_a,
            leader="钱多",
            at=at(17, day=TODAY - timedelta(days=1)),
        )

    def visit(self, name: str) -> Visit:
        return Visit.objects.get(session=self.session, person=self.people[name])

    def arrive(self, name: str, when: datetime | None = None, area: Organisation | None = None) -> Visit:
        return record_arrival(
            by=self.actor("hejing"), visit=self.visit(name), area=area or self.area_a, at=when or at(9, 31)
        )

    def sign(self, name: str, when: datetime | None = None) -> Consent:
        when = when or at(9, 40)
        visit = take_next(by=self.actor("xulan"), desk=self.desks["consent"], at=when)
        assert visit.person == self.people[name]
        return take_consent(
            by=self.actor("xulan"),
            desk=self.desks["consent"],
            visit=visit,
            identity_fields=["name", "birth_date"],
            signed=Signed(path=PATH),
            language="zh-hans",
            at=when,
        )

    def all_no(self, name: str, **other: str) -> Answers:
        form = form_for(self.product.code, TODAY)
        answers = {question.id: "no" for question in form.questions_for(self.people[name].sex)}
        return Answers(answers | other)

    def screen(self, name: str, when: datetime | None = None, answered: Answers | None = None) -> Screening:
        when = when or at(9, 50)
        visit = take_next(by=self.actor("sunming"), desk=self.desks["screening"], at=when)
        return screen(
            by=self.actor("sunming"),
            desk=self.desks["screening"],
            visit=visit,
            answered=answered or self.all_no(name),
            at=when,
        )

    def to_the_needle(self, name: str) -> Visit:
        """Everything before the needle: named, accepted, arrived, signed, screened and called to the injection desk."""
        self.batch(name)
        self.arrive(name)
        self.sign(name)
        self.screen(name)
        return take_next(by=self.actor("zhoulin"), desk=self.desks["injection"], at=at(9, 57))

    def inject(self, name: str, when: datetime | None = None, request_id: UUID | None = None) -> Dose:
        """The lot of the day accepted and the dose recorded."""
        when, visit = when or at(9, 58), self.visit(name)
        check = check_lot(by=self.actor("zhoulin"), desk=self.desks["injection"], visit=visit, lot=self.lot, at=when)
        assert check.obstacle == ""
        return record_dose(
            by=self.actor("zhoulin"),
            desk=self.desks["injection"],
            visit=visit,
            lot=self.lot,
            check=check,
            body_site="left_deltoid",
            at=when,
            request_id=request_id,
        )


def open_site(village: Village) -> Site:
    """The site with its session of today, planned a week before by its head."""
    by, kinds = system("test"), Organisation.Kind
    place = {
        letter: found_organisation(by=by, kind=kinds.AREA, name=f"{letter}区", parent=village.site) for letter in "AB"
    }
    desks = {}
    for name, title, step in (
        ("consent", "签字台1号", Step.CONSENT),
        ("screening", "预检台1号", Step.SCREENING),
        ("injection", "接种台1号", Step.INJECTION),
        ("injection2", "接种台2号", Step.INJECTION),
    ):
        table = found_organisation(by=by, kind=kinds.DESK, name=title, parent=place["A"])
        desks[name] = set_up_desk(by=village.actor("zhenghua"), organisation=table, step=step)
    head = village.actor("zhenghua")
    product = enter_product(
        by=head,
        place=village.site,
        code="5601",
        name="新型冠状病毒灭活疫苗（Vero细胞）",
        manufacturer="北京生物",
        trace_prefix="8400001",
        gtin="06901234567892",
        route="im",
    )
    other = enter_product(by=head, place=village.site, code="5602", name="腺病毒载体疫苗", gtin="06901234567908")
    receive_doses(
        by=head,
        place=village.site,
        product=product,
        lot_number="202103B0291",
        expires_on=date(2023, 3, 1),
        doses=100,
        at=at(8, day=TODAY - timedelta(days=3)),
    )
    session = plan_session(
        by=head,
        site=village.site,
        day=TODAY,
        opens_at=time(8),
        closes_at=time(17, 30),
        cut_off_at=at(18, day=TODAY - timedelta(days=1)),
        products=[product],
        places=[PlacesFor(village.bureau)],
    )
    site = Site(village, place["A"], place["B"], desks, product, other, product.lots.get(), session)
    for key, (name, sex, born, number, unit) in PEOPLE.items():
        site.people[key] = register_person(
            by=village.actor("zhaoqian"),
            particulars=Particulars(name, sex=sex, birth_date=born),
            numbers=[Number(Identifier.Kind.ID_CARD, number)],
            phones=["13800138000"],
            units=[getattr(village, unit)] if unit else [],
        )
    return site


def hire(site: Site, username: str, *roles: Role) -> Actor:
    """One more member of staff of the site."""
    user = open_account(by=system("test"), username=username, display_name=username, password="village-lantern-42")
    for role in roles:
        assign_role(
            by=system("test"), user=user, role=role, organisation=site.village.site, valid_from=date(2020, 1, 1)
        )
    site.village.users[username] = user
    return site.actor(username)
