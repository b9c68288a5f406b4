"""The audit of missed cards (漏报调查): register rows against report cards.

Pure: rows and cards come as plain values, people as keys that are equal for one person. A finding is a hint for the
auditor, with the words it rests on; the doctor answers it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.deadlines import SHANGHAI
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.finding import Hint, hints_in_code, hints_in_result, hints_in_text, is_same_disease


@dataclass(frozen=True)
class RegisterRow:
    """One line of an outpatient, inpatient, laboratory or imaging register."""

    key: str  # of the row: source and line
    person: str
    at: datetime
    diagnosis: str = ""
    icd10: str = ""
    item: str = ""
    result: str = ""
    doctor: str = ""
    department: str = ""
    has_time: bool = True  # a register that names only the day says nothing about hours
    name: str = ""
    sex: str = ""
    age: int | None = None


@dataclass(frozen=True)
class Card:
    """One report card as the audit needs it."""

    key: str
    person: str
    disease: str
    diagnosed_at: datetime
    reported_at: datetime
    is_complete: bool = True
    name: str = ""
    sex: str = ""
    age: int | None = None


@dataclass(frozen=True)
class Case:
    """One person with one disease in one episode, as the registers tell it, and the card that belongs to it.

    `card` is None when it was missed; `is_late` is None then. `rows` are all register rows of the case, first first;
    `differs` names the key fields in which register and card disagree.
    """

    person: str
    disease: str
    rows: tuple[RegisterRow, ...]
    hints: tuple[Hint, ...]
    card: Card | None
    is_late: bool | None
    differs: tuple[str, ...] = ()

    @property
    def first(self) -> RegisterRow:
        return self.rows[0]


@dataclass(frozen=True)
class Figures:
    """What the audit counts. Rates are percentages, None without a denominator.

    Of should_report: report_rate (报告率) those reported, missed_rate (漏报率) those not. Of reported: timely_rate
    (及时率) those in time, complete_rate (完整率) the complete ones, consistent_rate (一致率) those whose key fields
    agree with the register.
    """

    should_report: int
    reported: int
    missed: int
    late: int
    incomplete: int = 0
    inconsistent: int = 0

    @property
    def report_rate(self) -> float | None:
        return 100 * self.reported / self.should_report if self.should_report else None

    @property
    def complete_rate(self) -> float | None:
        return 100 * (self.reported - self.incomplete) / self.reported if self.reported else None

    @property
    def consistent_rate(self) -> float | None:
        return 100 * (self.reported - self.inconsistent) / self.reported if self.reported else None

    @property
    def missed_rate(self) -> float | None:
        return 100 * self.missed / self.should_report if self.should_report else None

    @property
    def timely_rate(self) -> float | None:
        return 100 * (self.reported - self.late) / self.reported if self.reported else None


def hints_of(row: RegisterRow) -> list[Hint]:
    """What one row says; only what the law listed on its day. Suspected cases count: they are to be reported too."""
    hints = hints_in_text(row.diagnosis) or hints_in_code(row.icd10)
    hints = hints or hints_in_result(row.item, row.result)
    return [hint for hint in hints if _is_notifiable(hint.disease, row.at)]


def _is_notifiable(name: str, at: datetime) -> bool:
    disease = diseases()[name]
    return disease.is_notifiable_on(at.astimezone(SHANGHAI).date())


def cases(rows: Iterable[RegisterRow], cards: Iterable[Card]) -> list[Case]:
    """Every case that should have had a card, by the moment of its first row; the order of input does not matter."""
    cards_of: dict[str, list[Card]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: (card.diagnosed_at, card.key)):
        cards_of[card.person].append(card)
    found = [_case(episode, cards_of[episode[0][0].person]) for episode in _episodes(rows)]
    return sorted(found, key=lambda case: (case.first.at, case.first.key, case.disease))


Mention = tuple[RegisterRow, Hint]


def _episodes(rows: Iterable[RegisterRow]) -> list[list[Mention]]:
    """Mentions of one disease by one person, cut where a new episode begins; chronic diseases have one episode."""
    by_person: dict[str, list[list[Mention]]] = defaultdict(list)
    for row in sorted(set(rows), key=lambda row: (row.at, row.key)):
        for hint in hints_of(row):
            for episode in by_person[row.person]:
                if _belongs(row, hint, episode):
                    episode.append((row, hint))
                    break
            else:
                by_person[row.person].append([(row, hint)])
    return [episode for episodes in by_person.values() for episode in episodes]


def _belongs(row: RegisterRow, hint: Hint, episode: Sequence[Mention]) -> bool:
    last_row, last_hint = episode[-1]
    if not is_same_disease(hint.disease, last_hint.disease):
        return False
    return diseases()[hint.disease].is_reported_once or row.at - last_row.at <= episode_after()


def _before() -> timedelta:
    return timedelta(days=rule_file("finding")["same_episode_days"]["before"])


def episode_after() -> timedelta:
    """How long after a row a card or a row may still be about the same illness."""
    return timedelta(days=rule_file("finding")["same_episode_days"]["after"])


def _case(episode: Sequence[Mention], cards: Sequence[Card]) -> Case:
    rows = tuple(row for row, _hint in episode)
    hints = tuple(hint for _row, hint in episode)
    first, disease = rows[0], _most_exact(hints)
    card = next((card for card in cards if _card_fits(card, disease, rows)), None)
    is_late = (
        None if card is None else diseases()[card.disease].card_deadline(_known(first, card)).is_late(card.reported_at)
    )
    return Case(first.person, disease, rows, hints, card, is_late, _differences(first, card))


def _known(row: RegisterRow, card: Card) -> datetime:
    """When the clock began: the register's moment; where it names only the day, the card's moment of that day, else the
    end of the day, which is the reading that accuses nobody wrongly."""
    if row.has_time:
        return row.at
    day = row.at.astimezone(SHANGHAI).date()
    if card.diagnosed_at.astimezone(SHANGHAI).date() == day:
        return card.diagnosed_at
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def _differences(row: RegisterRow, card: Card | None) -> tuple[str, ...]:
    """The key fields that both name and that disagree."""
    if card is None:
        return ()
    may_differ = rule_file("registers")["consistent"]
    days = abs((row.at.astimezone(SHANGHAI).date() - card.diagnosed_at.astimezone(SHANGHAI).date()).days)
    found = {
        "name": bool(row.name and card.name) and row.name != card.name,
        "sex": bool(row.sex and card.sex) and row.sex != card.sex,
        "age": row.age is not None and card.age is not None and abs(row.age - card.age) > may_differ["age_years"],
        "diagnosed_at": not diseases()[card.disease].is_reported_once and days > may_differ["diagnosed_days"],
    }
    return tuple(name for name, differs in found.items() if differs)


def _most_exact(hints: Sequence[Hint]) -> str:
    subtypes = [hint.disease for hint in hints if diseases()[hint.disease].parent]
    return subtypes[0] if subtypes else hints[0].disease


def _card_fits(card: Card, disease: str, rows: Sequence[RegisterRow]) -> bool:
    if not is_same_disease(card.disease, disease):
        return False
    if diseases()[disease].is_reported_once:
        return card.diagnosed_at <= rows[-1].at + episode_after()
    return rows[0].at - _before() <= card.diagnosed_at <= rows[-1].at + episode_after()


def figures(audited: Sequence[Case]) -> Figures:
    """The audit's counts."""
    missed = sum(case.card is None for case in audited)
    late = sum(bool(case.is_late) for case in audited)
    incomplete = sum(case.card is not None and not case.card.is_complete for case in audited)
    inconsistent = sum(bool(case.differs) for case in audited)
    return Figures(len(audited), len(audited) - missed, missed, late, incomplete, inconsistent)
