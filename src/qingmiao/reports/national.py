"""The bridge to the national statistics: a clinic's children and doses as columns, and rows asked of them.

The engine counts by 46号 and knows no database; here its columns are filled. What the registry does not know is said:
a record that names only the group of vaccines counts as the programme's product of that group (`GROUPS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from django.db.models import Q, QuerySet
from django.utils import timezone

from qingmiao.engine.coverage.answering import Answer, Coverage
from qingmiao.engine.coverage.asking import read
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.loading import load
from qingmiao.law.ages import adult_if_born_by
from qingmiao.registry.models import Dose, Fact, Management, Person
from qingmiao.staff.models import Organisation

GROUPS = {"02": "0202", "03": "0311", "04": "0402", "16": "1601", "17": "1701", "18": "1801", "19": "1901"}
NOT_HERE = {
    "own_province": "666666666666",
    "other_province": "777777777777",
    "abroad": "888888888888",
    "hk_macao_taiwan": "999999999999",
}
MOTHER = {"pos": "1", "neg": "2", "unknown": "3"}
Ask = Mapping[str, str]


@dataclass(frozen=True)
class National:
    """The figures of one clinic: ask rows, and open each to the people and doses behind it."""

    coverage: Coverage
    unit: str

    @property
    def ruleset(self) -> str:
        return self.coverage.rules.ruleset

    def ask(self, **words: str) -> Answer:
        """The answer to a row of the national tables; raises CannotAsk for a row that they do not have."""
        return self.coverage.answer(read({"unit": self.unit, **words}, self.coverage.rules))

    def behind(self, answer: Answer, figures: Iterable[str]) -> list[tuple[int, int | None]]:
        """Ids of person and dose (None for a child without one) behind some figures of an answer."""
        wanted, found = set(figures), []
        people = self.coverage.population
        for one in answer.behind:
            if one.figure not in wanted:
                continue
            persons = people.person_ids.take(people.children.file[one.child]).to_pylist()
            records = people.doses.record[one.dose]
            doses = people.record_ids.take(pa.array(records, mask=(records < 0) | (one.dose < 0))).to_pylist()
            found += [(int(p), int(d) if d else None) for p, d in zip(persons, doses, strict=True)]
        return found


def national(clinic: Organisation, until: date) -> National:
    """The national figures of `clinic` (with every site below it) by what is recorded now, up to `until`."""
    sites = set(Organisation.objects.filter(path__begins=clinic.path).values_list("pk", flat=True))
    own = f"Q{clinic.pk}"  # no digits first: the rules read a province from them
    children = _children(clinic, sites, until)
    found = population(
        _people(children),
        _doses(children, sites, own, until),
        pa.table({"unit": [own], "role": ["nip"]}),
        _moves(children, clinic, own),
        load(),
    )
    return National(Coverage(found, load()), own)


def _children(clinic: Organisation, sites: set[int], until: date) -> QuerySet[Person]:
    """Whoever the clinic manages or managed, or gave a dose to, and is not of age at the end."""
    managed = Management.objects.filter(unit__path__begins=clinic.path).values("person")
    given = Dose.objects.filter(site__in=sites, is_void=False).values("person")
    return Person.objects.filter(
        Q(pk__in=managed) | Q(pk__in=given),
        merged_into=None,
        birth_date__gt=adult_if_born_by(until),
        birth_date__lte=until,
    )


def _people(children: QuerySet[Person]) -> pa.Table:
    rows = children.order_by("pk").values_list("pk", "birth_date", "sex", "status", "status_on", "birth_time")
    columns = list(zip(*rows, strict=True)) or [()] * 6
    facts = _facts(children)
    return pa.table({
        "person_id": pa.array([str(pk) for pk in columns[0]], pa.string()),
        "birth_date": pa.array([day.isoformat() for day in columns[1]], pa.string()),
        "sex": pa.array([sex if sex in "12" else "" for sex in columns[2]], pa.string()),
        "birth_time": pa.array([f"{at:%H:%M}" if at else "" for at in columns[5]], pa.string()),
        "mother_hbsag": pa.array([facts.get(pk, {}).get("mother_hbsag", "") for pk in columns[0]], pa.string()),
        "birth_weight_g": pa.array([facts.get(pk, {}).get("birth_weight_g", "") for pk in columns[0]], pa.string()),
        "managing_unit": pa.array([""] * len(columns[0]), pa.string()),
        "state": pa.array(["dead" if status == "dead" else "" for status in columns[3]], pa.string()),
        "state_date": pa.array([on.isoformat() if on else "" for on in columns[4]], pa.string()),
    })  # fmt: skip


def _facts(children: QuerySet[Person]) -> dict[int, dict[str, str]]:
    """Mother's HBsAg and birth weight, as the national columns write them; the latest of each holds."""
    found: dict[int, dict[str, str]] = {}
    kept = Fact.objects.filter(person__in=children, code__in=("mother_hbsag", "birth_weight_g")).order_by("pk")
    for fact in kept.iterator():
        value = MOTHER.get(fact.value, "") if fact.code == "mother_hbsag" else str(fact.value)
        found.setdefault(fact.person_id, {})[fact.code] = value
    return found


def _doses(children: QuerySet[Person], sites: set[int], own: str, until: date) -> pa.Table:
    rows = list(
        Dose.objects.filter(
            person__in=children, held=Dose.Held.NO, is_void=False, superseded_by=None, given_on__lte=until
        )
        .order_by("person_id", "given_on", "pk")
        .values_list("pk", "person_id", "product_code", "given_on", "site_id", "back_entry__kind", "given_at")
    )
    known = [row for row in rows if len(GROUPS.get(row[2], row[2])) == 4]

    def unit(site: int | None, kind: str | None) -> str:
        return own if site in sites else f"Q{site}" if site else NOT_HERE[kind or "own_province"]

    return pa.table({
        "record_id": pa.array([str(row[0]) for row in known], pa.string()),
        "person_id": pa.array([str(row[1]) for row in known], pa.string()),
        "code": pa.array([GROUPS.get(row[2], row[2]) for row in known], pa.string()),
        "date": pa.array([str(row[3]) for row in known], pa.string()),
        "time": pa.array([f"{timezone.localtime(row[6]):%H:%M}" if row[6] else "" for row in known], pa.string()),
        "giving_unit": pa.array([unit(row[4], row[5]) for row in known], pa.string()),
        "entering_unit": pa.array([own] * len(known), pa.string()),
    })  # fmt: skip


def _moves(children: QuerySet[Person], clinic: Organisation, own: str) -> pa.Table:
    """Who managed whom from when; the end of the last stretch is a move to nobody."""
    rows = Management.objects.filter(person__in=children).select_related("unit").order_by("person_id", "since", "pk")
    moves: list[tuple[str, str, str]] = []
    for row in rows:
        unit = own if row.unit.path.startswith(clinic.path) else f"Q{row.unit_id}"
        moves.append((str(row.person_id), unit, row.since.isoformat()))
        if row.until is not None:
            moves.append((str(row.person_id), "", row.until.isoformat()))
    columns = list(zip(*moves, strict=True)) or [()] * 3
    names = ("person_id", "managing_unit", "from_date")
    return pa.table({name: pa.array(list(column), pa.string()) for name, column in zip(names, columns, strict=True)})
