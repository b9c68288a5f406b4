"""Triggers that note every change of the registry for the kept counts, whoever makes it: action, import or hand.

They are made after each migration and taken away before one: SQLite rebuilds a table to change it, which drops the
triggers on it and refuses those of other tables that name it.
"""

# ruff: noqa: S608 (statements over the names of our own tables)
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connection

COUNTS = "{r}.held = '' AND NOT {r}.is_void AND {r}.given_on IS NOT NULL"
CURRENT = "NOT EXISTS (SELECT 1 FROM registry_dose s WHERE s.supersedes_id = {r}.id)"


@dataclass(frozen=True)
class Trigger:
    """What happens after an event on a table: SQL statements over NEW and OLD that both databases read."""

    name: str
    table: str
    event: str
    statements: tuple[str, ...]


def _mark(person: str) -> str:
    """Note a person. `{unless_noted}` is filled for SQLite alone: its writers stand in a queue, so nobody can be
    carrying the earlier note into the counts at this moment; elsewhere that note may be on its way out."""
    return f"INSERT INTO reports_changedperson (person_id) SELECT {person} {{unless_noted({person})}}"


def _log(row: str, doses: int) -> str:
    """Note a dose that now counts, or no longer does, if it is the current one."""
    condition = f"{COUNTS} AND {CURRENT}".format(r=row)
    return (
        "INSERT INTO reports_doselog (site_id, home_id, product_code, day, doses)"
        f" SELECT COALESCE({row}.site_id, 0),"
        f" COALESCE((SELECT p.home_id FROM registry_person p WHERE p.id = {row}.person_id), 0),"
        f" {row}.product_code, {row}.given_on, {doses} WHERE {condition}"
    )


def _log_superseded(row: str, doses: int) -> str:
    """Note the dose that `row` supersedes, which then does not count, or does again."""
    condition = COUNTS.format(r="o")
    return (
        "INSERT INTO reports_doselog (site_id, home_id, product_code, day, doses)"
        " SELECT COALESCE(o.site_id, 0),"
        " COALESCE((SELECT p.home_id FROM registry_person p WHERE p.id = o.person_id), 0),"
        f" o.product_code, o.given_on, {doses} FROM registry_dose o WHERE o.id = {row}.supersedes_id AND {condition}"
    )


def _log_move(home: str, doses: int) -> str:
    """Note every counted dose of a person under the home they leave or come to."""
    condition = f"{COUNTS} AND {CURRENT}".format(r="o")
    return (
        "INSERT INTO reports_doselog (site_id, home_id, product_code, day, doses)"
        f" SELECT COALESCE(o.site_id, 0), COALESCE({home}.home_id, 0), o.product_code, o.given_on, {doses}"
        " FROM registry_dose o WHERE o.person_id = NEW.id"
        f" AND COALESCE(OLD.home_id, 0) <> COALESCE(NEW.home_id, 0) AND {condition}"
    )


def _mark_given_since(*first_days: str) -> str:
    """Note who was vaccinated since a round began: a round is counted for itself."""
    since = " OR ".join(f"d.given_on >= {day}" for day in first_days)
    return (
        f"INSERT INTO reports_changedperson (person_id) SELECT DISTINCT d.person_id FROM registry_dose d WHERE {since}"
    )


_EITHER = (_mark("NEW.person_id"), _mark("OLD.person_id"))
TRIGGERS = (
    Trigger(
        "dose_added",
        "registry_dose",
        "INSERT",
        (_mark("NEW.person_id"), _log("NEW", 1), _log_superseded("NEW", -1)),
    ),
    Trigger(
        "dose_changed",
        "registry_dose",
        "UPDATE OF person_id, held",
        (*_EITHER, _log("OLD", -1), _log("NEW", 1)),
    ),
    Trigger(
        "dose_deleted",
        "registry_dose",
        "DELETE",
        (_mark("OLD.person_id"), _log("OLD", -1), _log_superseded("OLD", 1)),
    ),
    Trigger("person_added", "registry_person", "INSERT", (_mark("NEW.id"),)),
    Trigger(
        "person_changed",
        "registry_person",
        "UPDATE OF home_id, status, status_on, merged_into_id",
        (_mark("NEW.id"), _log_move("OLD", -1), _log_move("NEW", 1)),
    ),
    Trigger("round_begun", "campaign_campaign", "INSERT", (_mark_given_since("NEW.starts_on"),)),
    Trigger(
        "round_changed",
        "campaign_campaign",
        "UPDATE OF indicator, starts_on",
        (_mark_given_since("OLD.starts_on", "NEW.starts_on"),),
    ),
    Trigger("person_deleted", "registry_person", "DELETE", (_mark("OLD.id"),)),
    *(
        Trigger(f"{name}_{verb}", table, event, marks)
        for name, table in (("unit", "registry_unitmembership"), ("group", "registry_keygroupmembership"))
        for verb, event, marks in (
            ("added", "INSERT", (_mark("NEW.person_id"),)),
            ("changed", "UPDATE", _EITHER),
            ("deleted", "DELETE", (_mark("OLD.person_id"),)),
        )
    ),
)


def make(**_more: Any) -> None:
    """Make the triggers that are not there yet; nothing where the tables are not there yet."""
    tables = set(connection.introspection.table_names())
    if not {"reports_changedperson", "reports_doselog", *(trigger.table for trigger in TRIGGERS)} <= tables:
        return
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in _statements(trigger):
                cursor.execute(statement)


def drop(plan: Any = (), **_more: Any) -> None:
    """Take the triggers away where tables are about to change."""
    if not plan:
        return
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS tally_{trigger.name}")
            elif trigger.table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS tally_{trigger.name} ON {trigger.table}")


def watch_migrations(sender: AppConfig) -> None:
    """Take the triggers away before, and make them after, whatever migrates the tables."""
    from django.db.models.signals import post_migrate, pre_migrate

    pre_migrate.connect(drop, sender=sender)
    post_migrate.connect(make, sender=sender)


def _statements(trigger: Trigger) -> list[str]:
    name, on = f"tally_{trigger.name}", f"AFTER {trigger.event} ON {trigger.table} FOR EACH ROW"
    if connection.vendor == "sqlite":
        body = "; ".join(_unless_noted(statement) for statement in trigger.statements)
        return [f"CREATE TRIGGER IF NOT EXISTS {name} {on} BEGIN {body}; END"]
    body = "; ".join(_plain(statement) for statement in trigger.statements)
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {name} {on} EXECUTE FUNCTION {name}()",
    ]


def _unless_noted(statement: str) -> str:
    for person in ("NEW.person_id", "OLD.person_id", "NEW.id", "OLD.id"):
        noted = f"WHERE NOT EXISTS (SELECT 1 FROM reports_changedperson c WHERE c.person_id = {person})"
        statement = statement.replace(f"{{unless_noted({person})}}", noted)
    return statement


def _plain(statement: str) -> str:
    return statement.partition("{unless_noted")[0]
