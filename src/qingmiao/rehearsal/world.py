"""The site of a rehearsed day: its desks, their staff, and the people whom units have named, built through actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone

from qingmiao.clinic.actions.batches import accept_batch, name_batch
from qingmiao.clinic.actions.sessions import PlacesFor, plan_session, set_up_desk
from qingmiao.clinic.models import Desk, Session
from qingmiao.clinic.rules import Step
from qingmiao.demo.accounts import PASSWORD
from qingmiao.demo.people import Invented, invent
from qingmiao.demo.site import covid_vaccine
from qingmiao.registry.actions.people import Number, Particulars, register_person
from qingmiao.registry.models import Identifier, Person
from qingmiao.staff.access import Actor, actor_of, system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role, User
from qingmiao.stock.actions import lay_out_lot, receive_doses
from qingmiao.stock.models import Lot, Product

Kind = Organisation.Kind
OPENS, CLOSES = time(8), time(17, 30)
BATCH = 40
LOT = "REHEARSAL01"
SPARE = 1.1  # doses in the fridge for each person named
ONE_IN_WALKS_IN = 20  # comes without being named

ROLES = {Step.CONSENT: Role.CONSENT_DESK, Step.SCREENING: Role.SCREENER, Step.INJECTION: Role.VACCINATOR}
TITLES = {Step.CONSENT: "签字台", Step.SCREENING: "预检台", Step.INJECTION: "接种台"}


@dataclass(frozen=True)
class Seats:
    """How many desks of each kind the day needs, and how many minutes one person takes there."""

    consent: int
    screening: int
    injection: int
    front: int = 2
    observers: int = 2

    @classmethod
    def for_people(cls, people: int, minutes: int = 480) -> Seats:
        """Enough for `people` in `minutes`, with a sixth to spare, in two areas."""
        per_minute = people / minutes * 7 / 6
        return cls(*(max(2, ceil(per_minute * MINUTES[step] / 2) * 2) for step in Step))


MINUTES = {Step.CONSENT: 3, Step.SCREENING: 2, Step.INJECTION: 2}


@dataclass
class RehearsedSite:
    """What the players need: the day, the accounts by desk, and whom they expect."""

    day: date
    site: Organisation
    session: Session
    lot: Lot
    desks: dict[Step, list[Desk]]
    accounts: dict[int, str]  # desk -> account name
    front: list[str]
    observers: list[str]
    named: list[Invented]
    walk_ins: list[Invented]


def build(people: int, day: date) -> RehearsedSite:
    """A site ready to open at 08:00 of `day` for `people`; tables must exist and be empty."""
    with transaction.atomic():
        return _Builder(people, day).build()


class _Builder:
    def __init__(self, people: int, day: date) -> None:
        self.by, self.day, self.people = system("rehearsal"), day, people
        self.eve = self.at(time(15)) - timedelta(days=1)

    def at(self, clock: time) -> datetime:
        return timezone.make_aware(datetime.combine(self.day, clock))

    def build(self) -> RehearsedSite:
        district = self._found(Kind.DISTRICT, "演练区")
        bureau = self._found(Kind.BUREAU, "演练局", district)
        self.site = self._found(Kind.SITE, "演练接种点", self._found(Kind.CENTRE, "演练社区卫生服务中心", district))
        self.head = self._hire("head", self.site, Role.SITE_HEAD, Role.STOCK_KEEPER)
        liaison = self._hire("liaison", bureau, Role.BUREAU_LIAISON)
        seats = Seats.for_people(self.people)
        accounts, desks = self._furnish(seats)
        product, lot = self._vaccine()
        session = plan_session(
            by=self.head,
            site=self.site,
            day=self.day,
            opens_at=OPENS,
            closes_at=CLOSES,
            cut_off_at=self.eve + timedelta(hours=3),
            products=[product],
            places=[PlacesFor(bureau, None)],
        )
        invited = self.people - self.people // ONE_IN_WALKS_IN
        sizes = {f"演练单位{n:02d}": min(BATCH, invited - n * BATCH) for n in range(ceil(invited / BATCH))}
        everybody = invent(self.people, {**sizes, "": self.people - invited}, seed=11)
        self._name(everybody[:invited], sizes, bureau, liaison, session, product)
        for person in everybody[invited:]:
            self._register(person, [])
        return RehearsedSite(
            self.day,
            self.site,
            session,
            lot,
            desks,
            accounts,
            [self._at_the("front", n, Role.FRONT_DESK) for n in range(seats.front)],
            [self._at_the("observer", n, Role.OBSERVER) for n in range(seats.observers)],
            everybody[:invited],
            everybody[invited:],
        )

    def _found(self, kind: str, name: str, parent: Organisation | None = None) -> Organisation:
        return found_organisation(by=self.by, kind=kind, name=name, parent=parent)

    def _hire(self, username: str, place: Organisation, *roles: Role) -> Actor:
        user: User = open_account(by=self.by, username=username, display_name=username, password=PASSWORD, is_demo=True)
        for role in roles:
            assign_role(by=self.by, user=user, role=role, organisation=place, valid_from=self.day - timedelta(days=9))
        return actor_of(user, on=self.day, origin="rehearsal")

    def _at_the(self, post: str, number: int, role: Role) -> str:
        self._hire(f"{post}{number + 1}", self.site, role)
        return f"{post}{number + 1}"

    def _furnish(self, seats: Seats) -> tuple[dict[int, str], dict[Step, list[Desk]]]:
        """Half of the desks in area A, half in B, one member of staff at each."""
        areas = [self._found(Kind.AREA, f"{letter}区", self.site) for letter in "AB"]
        counts = {Step.CONSENT: seats.consent, Step.SCREENING: seats.screening, Step.INJECTION: seats.injection}
        accounts: dict[int, str] = {}
        desks: dict[Step, list[Desk]] = {step: [] for step in counts}
        for step, count in counts.items():
            for number in range(count):
                table = self._found(Kind.DESK, f"{TITLES[step]}{number // 2 + 1}号", areas[number % 2])
                desk = set_up_desk(by=self.head, organisation=table, step=step)
                desks[step].append(desk)
                accounts[desk.pk] = self._at_the(step.value, number, ROLES[step])
        return accounts, desks

    def _vaccine(self) -> tuple[Product, Lot]:
        product = covid_vaccine(by=self.head, place=self.site, manufacturer="演练生物")
        lot = receive_doses(
            by=self.head,
            place=self.site,
            product=product,
            lot_number=LOT,
            expires_on=self.day + timedelta(days=300),
            doses=ceil(self.people * SPARE),
            at=self.eve,
        ).lot
        lay_out_lot(by=self.head, place=self.site, lot=lot, at=self.at(OPENS))
        return product, lot

    def _name(
        self,
        people: list[Invented],
        sizes: dict[str, int],
        bureau: Organisation,
        liaison: Actor,
        session: Session,
        product: Product,
    ) -> None:
        """One list per unit, accepted for its quarter of an hour, the areas by turns."""
        areas = list(self.site.children.filter(kind=Kind.AREA).order_by("name"))
        for number, (unit_name, size) in enumerate(sizes.items()):
            unit = self._found(Kind.UNIT, unit_name, bureau)
            members = people[number * BATCH : number * BATCH + size]
            batch = name_batch(
                by=liaison,
                session=session,
                unit=unit,
                product=product,
                people=[self._register(one, [unit]) for one in members],
                leader="领队",
                at=self.eve,
            )
            accept_batch(
                by=self.head,
                batch=batch,
                version=batch.version,
                starts_at=self.at(OPENS) + timedelta(minutes=480 * number // len(sizes)),
                area=areas[number % len(areas)],
                leader="领队",
                at=self.eve,
            )

    def _register(self, one: Invented, units: list[Organisation]) -> Person:
        return register_person(
            by=self.by,
            particulars=Particulars(one.name, sex="1" if one.sex == "男" else "2", birth_date=one.born),
            numbers=[Number(Identifier.Kind.ID_CARD, one.number)],
            phones=[one.phone],
            units=units,
        )
