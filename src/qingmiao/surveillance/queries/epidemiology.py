"""Cases by disease, place, time and age, and what is on record of each case's vaccinations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min, QuerySet

from qingmiao.schedule.queries import judgements
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.aberration import WEEK, Week, week
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.models import ReportCard

COUNTED = (ReportCard.State.SUBMITTED, ReportCard.State.REPORTED, ReportCard.State.ACCEPTED)
AGES = ((0, 1), (1, 4), (4, 7), (7, 15), (15, 25), (25, 45), (45, 65), (65, 200))


def cases(by: Actor, disease: str = "") -> QuerySet[ReportCard]:
    """The cases that count: handed in or further, no duplicates, no carriers; a disease counts with its subtypes."""
    found = by.visible("surveillance.see_cards", ReportCard).filter(state__in=COUNTED, onset_on__isnull=False)
    found = found.exclude(case_kind="4")
    if not disease:
        return found
    family = [name for name, entry in diseases().items() if disease in (name, entry.parent)]
    return found.filter(disease__in=family)


def this_week(by: Actor, on: date) -> list[tuple[str, Week]]:
    """Every disease with cases in the last seven days against its five years, the unusual ones first."""
    found = cases(by)
    since = found.aggregate(first=Min("onset_on"))["first"]
    if since is None:
        return []
    onsets: dict[str, list[date]] = {}
    for name, onset in found.values_list("disease", "onset_on"):
        if onset is not None:
            onsets.setdefault(_family(name), []).append(onset)
    weeks = [(name, week(days, on, since)) for name, days in onsets.items()]
    shown = [(name, one) for name, one in weeks if one.cases]
    return sorted(shown, key=lambda pair: (not pair[1].is_unusual, -pair[1].cases, pair[0]))


def _family(name: str) -> str:
    return diseases()[name].parent or name if name in diseases() else name


def curve(found: QuerySet[ReportCard], last: date, weeks: int) -> list[tuple[date, int, int]]:
    """Last day, cases, and cases of the same week a year before, of each of so many weeks up to `last`."""
    onsets = list(found.values_list("onset_on", flat=True))
    ends = [last - WEEK * back for back in range(weeks - 1, -1, -1)]
    return [(end, _within(onsets, end), _within(onsets, end - timedelta(days=364))) for end in ends]


def _within(onsets: Sequence[date | None], end: date) -> int:
    return sum(onset is not None and end - WEEK < onset <= end for onset in onsets)


def by_area(found: QuerySet[ReportCard]) -> list[tuple[Organisation | None, int]]:
    """Cases by the place where the person lives, most first; None for those whose place is not known."""
    counted = Counter(found.values_list("area", flat=True))
    places = Organisation.objects.in_bulk([pk for pk in counted if pk])
    rows = [(places.get(pk) if pk else None, count) for pk, count in counted.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0].path if row[0] else "~"))


def by_age(found: QuerySet[ReportCard]) -> list[tuple[str, int, int]]:
    """Age group, cases of men, cases of women (and of unknown sex)."""
    rows = list(found.values_list("age_years", "sex"))
    shown = []
    for first, after in AGES:
        group = [sex for age, sex in rows if age is not None and first <= age < after]
        men = sum(sex == "1" for sex in group)
        shown.append((_ages(first, after), men, len(group) - men))
    return shown


def _ages(first: int, after: int) -> str:
    if after - first == 1:
        return f"{first}"
    return f"{first}–{after - 1}" if after < 200 else f"{first}+"


@dataclass(frozen=True)
class Vaccinated:
    """What is on record of a case's vaccinations on the day of onset.

    `valid` is the number of valid doses of the series before onset, None when the person is not on record here;
    `status` is the schedule's word for the series on that day.
    """

    card: ReportCard
    series: str
    valid: int | None
    status: str | None

    @property
    def missed(self) -> bool:
        """A dose was owed on the day of onset."""
        return self.status in ("due", "overdue", "late")


def vaccinated(cards: Sequence[ReportCard]) -> list[Vaccinated]:
    """The vaccine-preventable cases with their doses before the onset."""
    found = []
    for card in cards:
        series = diseases()[card.disease].series
        if series:
            found.append(_vaccinated(card, series))
    return found


def _vaccinated(card: ReportCard, series: str) -> Vaccinated:
    if card.person is None or card.onset_on is None:
        return Vaccinated(card, series, None, None)
    [judged] = judgements([card.person], on=card.onset_on)
    valid = sum(
        dose.group == series and dose.status == "valid" and (dose.dose.given_on or date.max) < card.onset_on
        for dose in judged.doses
    )
    status = next((one.status for one in judged.series if one.series.partition("-")[0] == series), None)
    return Vaccinated(card, series, valid, status)
