"""The people and the staff of a rehearsed day: minute by minute, every desk acts at once, each through its browser."""

from __future__ import annotations

import random
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from qingmiao.clinic.models import Desk
from qingmiao.clinic.rules import Step
from qingmiao.clinic.screening import form_for
from qingmiao.demo.accounts import PASSWORD
from qingmiao.demo.people import Invented
from qingmiao.rehearsal.browser import Browser, Page, Weather
from qingmiao.rehearsal.world import CLOSES, MINUTES, OPENS, RehearsedSite

SIGNATURE = "M60 120L80 70L100 130L118 60L140 128L165 84L190 122L230 66L262 118L300 96L352 88"
LATEST = timedelta(hours=3)  # after closing time; whoever is inside then is stuck
MINUTE = timedelta(minutes=1)
OBSERVED_MINUTES = 30
UNKNOWN_VIAL = "99990000111122223333"
HANDS = 6  # browsers that really act at the same moment

# What people do, as shares of those who reach the place; invented, to exercise every way out of the chain.
STAYS_AWAY, DECLINES, LEAVES, FEVER, CONTRAINDICATED, DOCTOR = 0.02, 0.015, 0.01, 0.03, 0.01, 0.01
WRONG_VIAL, WITHDRAWN, LEFT_EARLY, PASSED = 0.02, 0.01, 0.01, 0.02


@dataclass
class Told:
    """What the staff believe to have done, because the server said so."""

    counts: Counter[str] = field(default_factory=Counter)
    given: set[str] = field(default_factory=set)  # visits whose dose was acknowledged


@dataclass
class Table:
    """A desk with its browser, and until when it is busy with somebody."""

    desk: Desk
    browser: Browser
    free_at: datetime

    @property
    def path(self) -> str:
        return f"/site/{self.desk.step}/{self.desk.pk}/"


class Day:
    """One day at a rehearsed site. `tell` is called once a minute with the instant and the share that is done."""

    def __init__(self, site: RehearsedSite, port: int, weather: Weather, tell: Callable[[datetime, float], None]):
        self.site, self.port, self.weather, self.tell = site, port, weather, tell
        self.told, self.chance = Told(), random.Random(weather.seed)
        self.into: Counter[Step] = Counter()
        self.out_of: Counter[Step] = Counter()
        self.opens, self.closes = (timezone.make_aware(datetime.combine(site.day, clock)) for clock in (OPENS, CLOSES))
        self.questions = {
            sex: [one.id for one in form_for("5601", site.day).questions_for(sex)] for sex in ("1", "2", "")
        }

    def play(self) -> Told:
        """Everybody signs in, the day passes, and it ends when nobody is left inside (or three hours after closing)."""
        with ThreadPoolExecutor(HANDS) as hands:
            self._sign_in(hands)
            coming, at = self._arrivals(), self.opens
            while at <= self.closes + LATEST:
                self._minute(hands, coming, at)
                at += MINUTE
                if not coming and self._gone() >= self.everybody:
                    break
        return self.told

    def _sign_in(self, hands: ThreadPoolExecutor) -> None:
        def browser(account: str) -> Browser:
            one = Browser(self.port, self.weather)
            one.at = self.opens - 5 * MINUTE
            one.sign_in(account, PASSWORD)
            return one

        desks = [desk for step in Step for desk in self.site.desks[step]]
        browsers = list(hands.map(browser, [self.site.accounts[desk.pk] for desk in desks]))
        self.tables = {
            step: [Table(d, b, self.opens) for d, b in zip(desks, browsers, strict=True) if d.step == step]
            for step in Step
        }
        self.front = list(hands.map(browser, self.site.front))
        self.room = list(hands.map(browser, self.site.observers))

    def _arrivals(self) -> deque[tuple[datetime, Invented, bool]]:
        """When who comes: units in their quarter of an hour, others when they like; some never."""
        minutes, named = 480, self.site.named
        plan = [
            (self.opens + MINUTE * (minutes * place / len(named) + self.chance.uniform(0, 12)), person, True)
            for place, person in enumerate(named)
            if self.chance.random() >= STAYS_AWAY
        ]
        plan += [(self.opens + MINUTE * self.chance.uniform(0, minutes), one, False) for one in self.site.walk_ins]
        self.told.counts["stayed_away"] = len(named) + len(self.site.walk_ins) - len(plan)
        self.everybody = len(plan)
        return deque(sorted(plan, key=lambda one: one[0]))

    def _minute(self, hands: ThreadPoolExecutor, coming: deque[tuple[datetime, Invented, bool]], at: datetime) -> None:
        """All that happens between `at` and the next minute, place after place, the browsers of each at once."""
        here = []
        while coming and coming[0][0] <= at:
            here.append(coming.popleft())
        shares = [(browser, here[place :: len(self.front)]) for place, browser in enumerate(self.front)]
        self._all(hands, lambda share: self._receive(share[0], share[1], at), shares)
        acts = {Step.CONSENT: self._sign, Step.SCREENING: self._ask, Step.INJECTION: self._inject}
        for seconds, (step, act) in enumerate(acts.items(), 1):
            moment = at + timedelta(seconds=10 * seconds)
            free = [table for table in self.tables[step] if table.free_at <= moment and self._is_worth_looking(step)]
            self._all(hands, lambda table, act=act, moment=moment: self._work(table, act, moment), free)
        looking = self.room[at.minute % len(self.room)]
        self._look_after(looking, at + timedelta(seconds=40))
        self.tell(at, min(1.0, self._gone() / max(1, self.everybody)))

    def _all(self, hands: ThreadPoolExecutor, act: Callable[..., None], over: Iterable[object]) -> None:
        for _done in hands.map(act, over):
            pass

    def _gone(self) -> int:
        """How many have left the place, as far as the staff know."""
        out = self.told.counts
        return sum(out[way] for way in ("released", "deferred", "contraindicated", "declined", "left", "not_found"))

    def _is_worth_looking(self, step: Step) -> bool:
        """Whether somebody should be on the way to these desks, as far as the staff know; saves empty looks."""
        return self.into[step] > self.out_of[step]

    def _moved(self, step: Step, to: Step | None = None) -> None:
        self.out_of[step] += 1
        if to is not None:
            self.into[to] += 1

    # --- the front desk

    def _receive(self, browser: Browser, here: list[tuple[datetime, Invented, bool]], at: datetime) -> None:
        browser.at = at
        for _when, person, _is_named in here:
            page = browser.get(f"/site/?q={person.number}")
            forms = page.actions(r"/arrive/|/admit/")
            if not forms:
                self.told.counts["not_found"] += 1
                continue
            action, fields = forms[0]
            if "/admit/" in action:
                product = re.search(r'<select[^>]*name="product".*?<option value="(\d+)"', page.text, re.S)
                fields["product"] = product[1] if product else ""
            browser.post(action, fields)
            self.told.counts["arrived"] += 1
            self.into[Step.CONSENT] += 1

    # --- the three desks with a queue

    def _work(self, table: Table, act: Callable[[Table, Page, str], int], at: datetime) -> None:
        """Call the next if nobody is there; do what is done here with whoever is."""
        table.browser.at = at
        page = table.browser.get(table.path)
        if (visit := _visit_of(page)) is None:
            fields = page.hidden("/next/")
            if fields is None or 'class="btn primary qm-go"' not in page.text:
                table.free_at = at + 2 * MINUTE  # nobody waits: look again in a while
                return
            table.browser.post(f"{table.path}next/", fields)
            page = table.browser.get(table.path)
            if (visit := _visit_of(page)) is None:
                return
        table.free_at = at + MINUTE * act(table, page, visit)

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _away(self, table: Table, page: Page, event: str) -> int:
        fields = page.hidden("/away/") or {}
        table.browser.post(f"{table.path}away/", fields | {"event": event, "reason_other": "演练"})
        self.told.counts["declined" if event == "decline" else "left"] += 1
        self._moved(Step(table.desk.step))
        return 1

    def _sign(self, table: Table, page: Page, visit: str) -> int:
        if self._happens(PASSED):  # calls, nobody comes; the front desk finds them, and they are called again
            table.browser.post(f"{table.path}pass/", page.hidden("/pass/") or {})
            table.browser.post(f"{table.path}call/", {"visit": visit})
            page = table.browser.get(table.path)
        if self._happens(DECLINES):
            return self._away(table, page, "decline")
        fields = page.hidden(mark='name="identity"') or {}
        fields["signature"] = SIGNATURE
        table.browser.post(table.path, fields | {"identity": ["name", "birth_date"], "informed": "on"})
        self.told.counts["signed"] += 1
        self._moved(Step.CONSENT, Step.SCREENING)
        return MINUTES[Step.CONSENT]

    def _ask(self, table: Table, page: Page, visit: str) -> int:
        if self._happens(LEAVES):
            return self._away(table, page, "leave")
        fields = page.hidden(mark="data-question") or {}
        asked = sorted(set(re.findall(r'name="(q-[^"]+)"', page.text)))
        answers: dict[str, str | list[str]] = {**fields, **dict.fromkeys(asked, "no"), "celsius": "36.5"}
        outcome = "screened"
        if self._happens(FEVER):
            answers["celsius"], outcome = "38.1", "deferred"
        elif self._happens(CONTRAINDICATED):
            answers["q-severe_allergy"], outcome = "yes", "contraindicated"
        elif self._happens(DOCTOR):
            answers["q-severe_allergy"] = "yes"
            answers |= {"decide": "other", "outcome": "go", "reason": "演练：复核病历，非严重过敏"}
            self.told.counts["doctor_decided"] += 1
        answers.setdefault("decide", "rules")
        shown = table.browser.post(table.path, answers)
        if shown.status == 200:  # a deferral is shown with its rule, and decided by the second press
            seen = shown.hidden(mark="data-question") or {}
            table.browser.post(table.path, {**answers, **seen})
        self.told.counts[outcome] += 1
        self._moved(Step.SCREENING, Step.INJECTION if outcome == "screened" else None)
        return MINUTES[Step.SCREENING]

    def _inject(self, table: Table, page: Page, visit: str) -> int:
        browser = table.browser
        if self._happens(WRONG_VIAL):
            browser.post(f"{table.path}vial/", (page.hidden("/vial/", 'name="vial"') or {}) | {"vial": UNKNOWN_VIAL})
            page = browser.get(table.path)
            self.told.counts["vials_stopped"] += 1
        browser.post(f"{table.path}vial/", page.hidden("/vial/", 'name="lot"') or {})
        page = browser.get(table.path)
        given = page.hidden("/given/")
        if given is None:
            self.told.counts["no_vial"] += 1
            return 1
        answer = browser.post(f"{table.path}given/", given | {"body_site": "left_deltoid"})
        if answer.status in (302, 200):
            self.told.given.add(visit)
            self._moved(Step.INJECTION)
        if self._happens(WITHDRAWN):
            self._withdraw(table, visit)
        return MINUTES[Step.INJECTION]

    def _withdraw(self, table: Table, visit: str) -> None:
        """A slip of the finger, taken back at once: the person waits for the needle again."""
        page = table.browser.get(table.path)
        for action, fields in page.actions(r"/withdraw/"):
            answer = table.browser.post(action, fields | {"reason_other": "演练：点错了人"})
            if answer.status == 302:
                self.told.given.discard(visit)
                self.told.counts["withdrawn"] += 1
                self.into[Step.INJECTION] += 1
            return

    # --- the observation room

    def _look_after(self, browser: Browser, at: datetime) -> None:
        browser.at = at
        page = browser.get("/site/observation/")
        for action, fields in page.actions(r"/observation/\d+/(release|left|back)/"):
            if action.endswith("/release/"):
                browser.post(action, fields)
                self.told.counts["released"] += 1
            elif action.endswith("/back/"):
                browser.post(action, fields)
            elif self._happens(LEFT_EARLY / OBSERVED_MINUTES):
                browser.post(action, fields)
                self.told.counts["gone_early"] += 1
            elif self._happens(
                LEFT_EARLY / OBSERVED_MINUTES
            ):  # pressed too early by somebody in a hurry: must be refused
                browser.post(action.replace("/left/", "/release/"), fields)
                self.told.counts["tried_too_early"] += 1


def _visit_of(page: Page) -> str | None:
    """The person at the desk: the visit that the page's forms carry."""
    found = re.search(r'name="visit" value="(\d+)"', page.text)
    return found[1] if found and "qm-person" in page.text else None
