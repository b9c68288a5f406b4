"""The world of report C: a clinic that gave, in 2023, exactly the doses that its report counts.

青河区 ─┬─ 青苗镇 ─── 8 villages with the children born since November 2016
        ├─ 青河区妇幼保健院   where they were born and had the first dose against hepatitis B
        └─ 青苗镇中心卫生院 ─── 青苗镇预防接种门诊

Each child follows the plan of its time; where the report counts fewer doses of a vaccine than the children needed, the
last ones are still open. The books are entered a day at a time, as a clinic does that comes to Qingmiao from paper.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from qingmiao.demo.accounts import PASSWORD
from qingmiao.demo.clinic_papers import hold_trainings, send_forms
from qingmiao.demo.people import GIVEN, PREFIXES, REGIONS, SURNAMES, check_digit
from qingmiao.demo.world import found
from qingmiao.engine.china import china_book
from qingmiao.law.months import months_later
from qingmiao.registry.actions.day_book import BookLine, enter_day_book
from qingmiao.registry.actions.facts import record_fact
from qingmiao.registry.actions.management import take_charge
from qingmiao.registry.actions.people import Number, Parent, Particulars, register_person
from qingmiao.registry.models import Identifier, Person
from qingmiao.reports.keeping import carry_everything
from qingmiao.staff.access import system
from qingmiao.staff.actions import assign_role, open_account
from qingmiao.staff.models import Organisation, Role

Kind = Organisation.Kind
YEAR = 2023
# 卡介苗, 乙肝, 糖丸, 麻风, 麻腮风, 乙脑, 甲肝, 无细胞百白破, A+C流脑, A群流脑, 白破: doses of the year by vaccine code
GIVEN_IN_YEAR = {
    "0101": 592, "0202": 1055, "0312": 2325, "1401": 529, "1201": 560, "1801": 1078,
    "1901": 537, "0402": 2196, "1701": 1058, "1601": 1120, "0601": 569,
}  # fmt: skip
# code: ages in months at which its doses are given; the first hepatitis B dose is the maternity hospital's
PLAN: dict[str, tuple[int, ...]] = {
    "0101": (1,), "0202": (1, 6), "0312": (2, 3, 4, 48), "0402": (3, 4, 5, 18), "1601": (6, 9), "1401": (8,),
    "1801": (8, 24), "1201": (18,), "1901": (18,), "1701": (36, 72), "0601": (72,),
}  # fmt: skip
BIRTHS_A_MONTH = 50
FIRST_BIRTH = date(2016, 11, 1)
LAST_BIRTH = date(2023, 12, 24)
VILLAGES = ("东沟村", "西岭村", "柳河村", "石桥村", "杨树村", "双泉村", "河湾村", "北山村")
MAKERS = {
    "0101": "成都生物",
    "0202": "康泰",
    "0312": "北京生物",
    "0402": "武汉生物",
    "1401": "北京生物",
    "1201": "上海生物",
}
STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("doctor", "沈悦", "centre", (Role.CLINIC_DOCTOR, Role.STOCK_KEEPER)),
    ("head", "郑华", "centre", (Role.SITE_HEAD, Role.LEADER)),
    ("nurse", "何静", "site", (Role.FRONT_DESK, Role.VACCINATOR)),
    ("office", "孔明", "district", (Role.OFFICE, Role.LEADER)),
    ("security", "严安", "district", (Role.SECURITY_ADMIN,)),
    ("auditor", "沈清", "district", (Role.AUDITOR,)),
)
Told = Callable[[str, int, int], None]


@dataclass(eq=False)
class Child:
    """An invented child; `visits` are its doses by vaccine in their order: (day, dose number)."""

    number: int
    born: date
    is_boy: bool
    village: str
    visits: dict[str, list[date]] = field(default_factory=dict)
    person: Person | None = None


def build(*, now: datetime, told: Told = lambda what, done, of: None) -> None:
    """Build the clinic and its books; `told` hears of progress: what, how many done, of how many."""
    places = found_places(timezone.localdate(now))
    children = invented()
    keep_to_the_report(children)
    register(children, places, now, told)
    write_books(children, places, now, told)
    carry_everything()
    hold_trainings(places["centre"])
    send_forms(places["centre"], YEAR)


def found_places(today: date) -> dict[str, Organisation]:
    """The township, its villages, its clinic, and the accounts."""
    by = system("demo")

    district = found(Kind.DISTRICT, "青河区")
    township = found(Kind.SUBDISTRICT, "青苗镇", district)
    centre = found(Kind.CENTRE, "青苗镇中心卫生院", district)
    places = {name: found(Kind.COMMUNITY, name, township) for name in VILLAGES}
    places |= {"district": district, "township": township, "centre": centre}
    places["maternity"] = found(Kind.HOSPITAL, "青河区妇幼保健院", district)
    places["site"] = found(Kind.SITE, "青苗镇预防接种门诊", centre)
    for username, name, where, roles in STAFF:
        user = open_account(by=by, username=username, display_name=name, password=PASSWORD, is_demo=True)
        for role in roles:
            assign_role(by=by, user=user, role=role, organisation=places[where], valid_from=min(today, FIRST_BIRTH))
    return places


def invented(seed: int = 2023) -> list[Child]:
    """Every child with the doses of the whole plan, a few days late each, in its order."""
    chance = random.Random(seed)
    children: list[Child] = []
    month = FIRST_BIRTH
    while month <= LAST_BIRTH:
        for _birth in range(BIRTHS_A_MONTH):
            born = month + timedelta(days=chance.randrange(28))
            child = Child(len(children), born, chance.random() < 0.52, chance.choice(VILLAGES))
            lateness = chance.choice((0, 0, 0, 7, 20))
            for code, ages in PLAN.items():
                child.visits[code] = [
                    clinic_day(months_later(born, age) + timedelta(days=chance.randrange(8) + lateness)) for age in ages
                ]
            children.append(child)
        month = months_later(month, 1)
    return [child for child in children if child.born <= LAST_BIRTH]


def clinic_day(day: date) -> date:
    """The clinic is closed on Sundays, and in the first three days of a year."""
    while day.weekday() == 6 or (day.month == 1 and day.day <= 3):
        day += timedelta(days=1)
    return day


def keep_to_the_report(children: list[Child]) -> None:
    """Take the last doses of a vaccine off, of children drawn by lot, until the year has as many as the report."""
    for code, wanted in GIVEN_IN_YEAR.items():
        chance = random.Random(int(code))
        of_year = [child for child in children if any(day.year == YEAR for day in child.visits[code])]
        surplus = sum(day.year == YEAR for child in of_year for day in child.visits[code]) - wanted
        if surplus < 0:
            raise ValueError(f"{code}: {-surplus} doses too few can be given in {YEAR}")
        chance.shuffle(of_year)
        for child in of_year:
            while surplus and any(day.year == YEAR for day in child.visits[code]):
                # What came after an open dose is open too: nobody has the second without the first.
                surplus -= child.visits[code].pop().year == YEAR
            if not surplus:
                break


def register(children: list[Child], places: dict[str, Organisation], now: datetime, told: Told) -> None:
    """Put every child on record, managed by the clinic from birth."""
    by, centre = system("demo"), places["centre"]
    for first in range(0, len(children), 200):
        with transaction.atomic():
            for child in children[first : first + 200]:
                child.person = _registered(by, child, places)
                take_charge(by=by, person=child.person, unit=centre, residence="local", since=child.born, at=now)
                record_fact(by=by, person=child.person, code="mother_hbsag", value=_mother(child), at=now)
        told("children", min(first + 200, len(children)), len(children))


def _mother(child: Child) -> str:
    """What is known of the mother's HBsAg: one in twenty-five is positive, a few were never tested."""
    return random.Random(child.number * 7 + 1).choices(("neg", "pos", "unknown"), (93, 4, 3))[0]


def _registered(by: object, child: Child, places: dict[str, Organisation]) -> Person:
    chance = random.Random(child.number)
    surname = chance.choice(SURNAMES)
    body = f"{chance.choice(REGIONS)}{child.born:%Y%m%d}{child.number % 100:02}{child.number % 5 * 2 + child.is_boy}"
    return register_person(
        by=by,  # type: ignore[arg-type]
        particulars=Particulars(
            surname + "".join(chance.sample(GIVEN, chance.choice((1, 2)))),
            Person.Sex.MALE if child.is_boy else Person.Sex.FEMALE,
            child.born,
            residence=Person.Residence.LOCAL,
            home=places[child.village],
        ),
        numbers=[Number(Identifier.Kind.CHILD_CODE, f"{body}{check_digit(body)}{child.number:05}"[-18:])],
        phones=[f"{chance.choice(PREFIXES)}{chance.randrange(10**8):08}"],
        guardians=[Parent(surname + chance.choice(GIVEN), "母亲")],
        brought_by=places["centre"],
    )


def write_books(children: Iterable[Child], places: dict[str, Organisation], now: datetime, told: Told) -> None:
    """Enter the day books, oldest first, up to yesterday."""
    products = china_book().products.by_code
    pages: defaultdict[tuple[str, date], list[BookLine]] = defaultdict(list)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    for child in children:
        for site, code, number, day in _given(child):
            if day <= yesterday and child.person is not None:
                name, maker = products[code].name, MAKERS.get(code, "北京生物")
                pages[site, day].append(BookLine(child.person, code, name, number, f"{day:%Y%m}{code}", maker))
    by, books = system("demo"), sorted(pages, key=lambda page: page[1])
    for first in range(0, len(books), 100):
        with transaction.atomic():
            for site, day in books[first : first + 100]:
                written_at = timezone.make_aware(datetime.combine(day, time(17)))
                enter_day_book(by=by, site=places[site], day=day, lines=pages[site, day], at=written_at)
        told("books", min(first + 100, len(books)), len(books))


def _given(child: Child) -> Iterator[tuple[str, str, int, date]]:
    """Site, vaccine, number and day of each dose: the first of hepatitis B was given where the child was born."""
    yield "maternity", "0202", 1, child.born
    for code, days in child.visits.items():
        for number, day in enumerate(days, 2 if code == "0202" else 1):
            yield "site", code, number, day
