"""Keeping the counts: carrying noted changes into them, and holding them against a count of everything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Sum

from qingmiao.audit.door import action, note
from qingmiao.registry.models import Dose, KeyGroupMembership, Person, UnitMembership
from qingmiao.reports.models import (
    ChangedPerson,
    DoseLog,
    FigureCheck,
    HomeDoses,
    PeopleTally,
    PersonTally,
    SiteDoses,
    TallyLock,
)
from qingmiao.reports.queries.campaigns import counted_rules
from qingmiao.reports.queries.full_count import counted_doses
from qingmiao.reports.tallies import NEVER, Belonging, Key, Stand, difference, known, rows_of, stand_of_text
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

AT_ONCE = 2_000  # people whom a page may carry over before it answers; more are left to the nightly run
BATCH = 5_000
TOLD = 50  # differences kept in words
PEOPLE_UPSERT = (
    "INSERT INTO reports_peopletally (place_id, group_id, is_direct, indicator, day, dose_on, people)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (place_id, indicator, group_id, is_direct, day, dose_on)"
    " DO UPDATE SET people = reports_peopletally.people + excluded.people"
)
STAND_UPSERT = (
    "INSERT INTO reports_persontally (person_id, stand, done) VALUES (%s, %s, %s)"
    " ON CONFLICT (person_id) DO UPDATE SET stand = excluded.stand, done = excluded.done"
)
MONTH = {"sqlite": "substr(day, 1, 7) || '-01'", "postgresql": "date_trunc('month', day)::date"}
SITE_UPSERT = (
    "INSERT INTO reports_sitedoses (site_id, product_code, day, doses)"
    " SELECT site_id, product_code, day, SUM(doses) FROM {source} WHERE 1 = 1 GROUP BY site_id, product_code, day"
    " ON CONFLICT (site_id, day, product_code) DO UPDATE SET doses = reports_sitedoses.doses + excluded.doses"
)
HOME_UPSERT = (
    "INSERT INTO reports_homedoses (home_id, product_code, month, doses)"
    " SELECT home_id, product_code, {month}, SUM(doses) FROM {source} WHERE 1 = 1 GROUP BY home_id, product_code, 3"
    " ON CONFLICT (home_id, month, product_code) DO UPDATE SET doses = reports_homedoses.doses + excluded.doses"
)


def catch_up(most: int = AT_ONCE) -> bool:
    """Carry the noted changes of people into the counts, if there are at most `most`. Whether the counts are true now.

    A page asks this before it reads: what was recorded a moment ago is in its figures.
    """
    waiting = ChangedPerson.objects.order_by()[: most + 1].count()
    if waiting == 0:
        return True
    if waiting > most:
        return False
    with transaction.atomic():
        _lock()
        notes = dict(ChangedPerson.objects.order_by().values_list("pk", "person_id"))
        for people in _slices(sorted(set(notes.values())), BATCH):
            _count_again(people)
        for pks in _slices(list(notes), 900):
            ChangedPerson.objects.filter(pk__in=pks).delete()
    return True


def carry_everything() -> tuple[int, int]:
    """Carry all noted people and doses into the counts; how many of each there were."""
    people = ChangedPerson.objects.order_by().values("person_id").distinct().count()
    catch_up(most=people * 100 + AT_ONCE)
    return people, carry_doses()


def _slices(ids: list[int], size: int) -> Iterable[list[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _lock() -> None:
    TallyLock.objects.get_or_create(pk=1)
    TallyLock.objects.select_for_update().get(pk=1)


def _count_again(people: Iterable[int]) -> None:
    """Take off how `people` stood, and add how they stand."""
    ids = list(people)
    now = stands_of({"in": ids})
    kept = dict(PersonTally.objects.filter(pk__in=ids).values_list("pk", "stand"))
    leaves = leaf_places()
    changes: Counter[Key] = Counter()
    for person in ids:
        before = stand_of_text(kept[person]) if person in kept else Stand()
        after = now.get(person, Stand())
        if before != after:
            changes.update(difference(rows_of(before, leaves), rows_of(after, leaves)))
    with connection.cursor() as cursor:
        _add(cursor, changes)
        texts = [(person, now[person].as_text(), now[person].done) for person in ids if person in now]
        if texts:
            cursor.executemany(STAND_UPSERT, texts)
    PersonTally.objects.filter(pk__in=[person for person in kept if person not in now]).delete()


def _add(cursor: Any, changes: Mapping[Key, int]) -> None:
    rows = [(*key, people) for key, people in sorted(changes.items()) if people]
    if rows:
        cursor.executemany(PEOPLE_UPSERT, rows)


def leaf_places() -> frozenset[int]:
    """Places where people work and nobody lives."""
    kinds = (Organisation.Kind.BUREAU, Organisation.Kind.UNIT)
    return frozenset(Organisation.objects.filter(kind__in=kinds).values_list("pk", flat=True))


def stands_of(people: Mapping[str, Any]) -> dict[int, Stand]:
    """How each of `people` stands, by id; those who do not count at all are left out.

    `people` are lookups of ids: {"in": [1, 2]} or {"gte": 1, "lte": 5000}.
    """
    beside = {f"person__{lookup}": value for lookup, value in people.items()}
    rows = {
        row["pk"]: known(row)
        for row in Person.objects.filter(**{f"pk__{lookup}": value for lookup, value in people.items()})
        .order_by()
        .values("pk", "home__path", "status", "status_on", "merged_into")
    }
    belongings: defaultdict[int, list[Belonging]] = defaultdict(list)
    for person, (home, _gone, counts) in rows.items():
        if counts and home:
            belongings[person].append(Belonging(home, is_home=True))
    members = UnitMembership.objects.filter(**beside).order_by("person_id", "pk")
    for person, path, since, until in members.values_list("person_id", "unit__path", "since", "until"):
        belongings[person].append(Belonging(path, since=since, until=until))
    groups: defaultdict[int, list[tuple[int, date | None]]] = defaultdict(list)
    for person, group, since in (
        KeyGroupMembership.objects.filter(**beside).order_by("pk").values_list("person_id", "group_id", "since")
    ):
        groups[person].append((group, since))
    first = _first_doses(beside)
    return {
        person: Stand(tuple(belongings[person]), gone, tuple(groups[person]), tuple(first[person]))
        for person, (_home, gone, counts) in rows.items()
        if counts
    }


def _first_doses(beside: Mapping[str, Any]) -> defaultdict[int, list[tuple[str, date]]]:
    """When each person came above the line of each rule. Their doses are read once for all rules."""
    rules = counted_rules()
    doses = counted_doses([course for rule in rules for course in rule.courses], NEVER).filter(**beside)
    given: defaultdict[int, list[tuple[date, str, str]]] = defaultdict(list)
    # By person first: ordered by day alone, SQLite would walk the index of days, which is every dose there is.
    columns = doses.order_by("person_id", "given_on").values_list("person_id", "given_on", "product_code", "vaccine")
    for person, day, code, name in columns.iterator():
        given[person].append((day or NEVER, code, name))
    first: defaultdict[int, list[tuple[str, date]]] = defaultdict(list)
    for person, mine in given.items():
        reached = ((rule.id, rule.reached_on(mine)) for rule in rules)
        first[person] = [(name, day) for name, day in reached if day is not None]
    return first


def carry_doses() -> int:
    """Carry the noted doses into the sums by site and by home; how many notes there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock()
        notes = DoseLog.objects.count()
        if not notes:
            return 0
        # Notes that arrive while we add stay: only what the sums saw is taken out.
        last = DoseLog.objects.aggregate(last=Max("pk"))["last"]
        if connection.vendor == "sqlite":
            _sum_up(cursor, f"(SELECT * FROM reports_doselog WHERE id <= {int(last)})")  # noqa: S608 (a number of ours)
            cursor.execute("DELETE FROM reports_doselog WHERE id <= %s", [last])
        else:
            cursor.execute("DROP TABLE IF EXISTS carried")
            cursor.execute("CREATE TEMPORARY TABLE carried (LIKE reports_doselog) ON COMMIT DROP")
            cursor.execute(
                "WITH taken AS (DELETE FROM reports_doselog RETURNING *) INSERT INTO carried SELECT * FROM taken"
            )
            _sum_up(cursor, "carried")
    return notes


def _sum_up(cursor: Any, source: str) -> None:
    month = MONTH[connection.vendor]
    cursor.execute(SITE_UPSERT.format(source=source))
    cursor.execute(HOME_UPSERT.format(source=source, month=month))


def count_everything(*, progress: Any = None) -> tuple[Counter[Key], int]:
    """The people's tally of everybody, counted anew from the registry; and how many people there are.

    Keeps every stand as well. Inside the caller's transaction.
    """
    leaves = leaf_places()
    total: Counter[Key] = Counter()
    people = 0
    highest = Person.objects.aggregate(last=Max("pk"))["last"] or 0
    with connection.cursor() as cursor:
        for first in range(1, highest + 1, BATCH):
            stands = stands_of({"gte": first, "lte": first + BATCH - 1})
            for stand in stands.values():
                for key, change in rows_of(stand, leaves).items():
                    total[key] += change
            if stands:
                cursor.executemany(STAND_UPSERT, [(pk, stand.as_text(), stand.done) for pk, stand in stands.items()])
            people += len(stands)
            if progress:
                progress(min(first + BATCH - 1, highest), highest)
    return Counter({key: count for key, count in total.items() if count}), people


@action("reports.check_figures")
def check_figures(*, by: Actor, at: datetime, progress: Any = None) -> FigureCheck:
    """Count everything anew, keep the result, and say where the kept counts had differed from it.

    Meant for the night: it reads every person and dose.
    """
    _lock()
    catch_up(most=10**9)
    carry_doses()
    kept = {key: row.people for row in PeopleTally.objects.iterator() if row.people for key in [_key(row)]}
    PersonTally.objects.all().delete()
    counted, people = count_everything(progress=progress)
    found = [
        _told(key, kept.get(key, 0), counted[key])
        for key in kept.keys() | counted.keys()
        if kept.get(key, 0) != counted[key]
    ]
    PeopleTally.objects.all().delete()
    with connection.cursor() as cursor:
        _add(cursor, counted)
    ChangedPerson.objects.all().delete()
    doses, wrong_doses = _check_doses()
    check = FigureCheck.objects.create(
        at=at, people=people, doses=doses, differences=len(found) + len(wrong_doses), found=(found + wrong_doses)[:TOLD]
    )
    TallyLock.objects.update(folded_at=at)
    note(people=people, doses=doses, differences=check.differences)
    return check


def _key(row: PeopleTally) -> Key:
    return Key(row.place_id, row.group_id, row.is_direct, row.indicator, row.day, row.dose_on)


def _told(key: Key, kept: int, counted: int) -> dict[str, Any]:
    return {"place": key.place, "day": key.day.isoformat(), "kept": kept, "counted": counted}


def _check_doses() -> tuple[int, list[dict[str, Any]]]:
    """How many doses count, and where the sums by site or home differ; they are written anew if so."""
    counting = Dose.objects.filter(held="", is_void=False, superseded_by=None, given_on__isnull=False).order_by()
    by_site = counting.values_list("site_id", "product_code", "given_on").annotate(n=Count("pk"))
    sites = {(site or 0, code, day): n for site, code, day, n in by_site.iterator()}
    kept = {
        (row.site_id, row.product_code, row.day): row.doses for row in SiteDoses.objects.exclude(doses=0).iterator()
    }
    wrong = [
        {"place": key[0], "day": key[2].isoformat(), "kept": kept.get(key, 0), "counted": sites.get(key, 0)}
        for key in kept.keys() | sites.keys()
        if kept.get(key, 0) != sites.get(key, 0) and key[2] is not None
    ]
    total = sum(sites.values())
    if wrong or (HomeDoses.objects.aggregate(n=Sum("doses"))["n"] or 0) != total:
        recount_doses()
    return total, wrong


def recount_doses() -> None:
    """Write the sums of doses anew from the ledger."""
    source = (
        "(SELECT COALESCE(d.site_id, 0) AS site_id, COALESCE(p.home_id, 0) AS home_id, d.product_code,"
        " d.given_on AS day, 1 AS doses FROM registry_dose d JOIN registry_person p ON p.id = d.person_id"
        " WHERE d.held = '' AND NOT d.is_void AND d.given_on IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM registry_dose s WHERE s.supersedes_id = d.id)) counted"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        _lock()
        for table in (SiteDoses, HomeDoses, DoseLog):
            table._default_manager.all().delete()
        _sum_up(cursor, source)
