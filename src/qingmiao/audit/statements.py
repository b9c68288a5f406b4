"""Statements that every request asks: built by Django once, then asked again and again with other values.

Building a query with its joins takes Django about a millisecond, the database a twentieth of that. The queries stay
querysets (`Prepared`), and writes stay whole rows (`insert`) or named columns (`update`): only the building is kept.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)
AT_ONCE = 50  # rows in one statement
VENDORS = ("sqlite", "postgresql")
LAST = "\U0010ffff"


class Slot(Expression):
    """The place of a value in a prepared query; `name` is the argument it is asked with."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=models.Field())
        self.name = name


@dataclass(frozen=True)
class _Place:
    """A parameter that is filled in later; `field` says how the database writes its values."""

    name: str
    field: models.Field[Any, Any]
    written: Callable[[Any, str], Any]  # of a value and the kind of database

    def filled(self, values: dict[str, Any], database: Any) -> Any:
        value = values[self.name]
        if isinstance(value, (list, tuple, set, frozenset)):
            return self.written([_written(self.field, one, database) for one in value], database.vendor)
        return self.written(_written(self.field, value, database), database.vendor)


def _written(field: models.Field[Any, Any], value: Any, database: Any) -> Any:
    return field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, database)


def _as_it_is(value: Any, vendor: str) -> Any:
    return value


def _as_list(values: list[Any], vendor: str) -> Any:
    return values if vendor == "postgresql" else json.dumps(values)


def _as_end(text: str, vendor: str) -> str:
    return f"{text}{LAST}"


def _as_pattern(text: str, vendor: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text) + "%"


class _Asked(Exact):  # type: ignore[type-arg]
    """A comparison with a slot: the words of each kind of database, and how the value is written for each mark."""

    said: dict[str, str]
    written: dict[str, tuple[Callable[[Any, str], Any], ...]]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        vendor = connection.vendor
        field = self.lhs.output_field
        while isinstance(field, models.ForeignKey):
            field = field.target_field
        filled = []
        for way in self.written[vendor]:
            filled += [*parameters, _Place(self.rhs.name, field, way)]
        return self.said[vendor].format(column), filled


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Is(_Asked):
    """`column__is=Slot("x")`: equal to a value that is named when the query is asked."""

    lookup_name = "is"
    said = dict.fromkeys(VENDORS, "{0} = %s")
    written = dict.fromkeys(VENDORS, (_as_it_is,))


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(_Asked):
    """`column__among=Slot("x")`: one of a list that is named when the query is asked, however long it is."""

    lookup_name = "among"
    said = {"sqlite": "{0} IN (SELECT value FROM json_each(%s))", "postgresql": "{0} = ANY(%s)"}
    written = dict.fromkeys(VENDORS, (_as_list,))


@models.CharField.register_lookup
class Within(_Asked):
    """`path__within=Slot("x")`: starts with a text that is named when the query is asked, so that an index answers."""

    lookup_name = "within"
    said = {"sqlite": "({0} >= %s AND {0} < %s)", "postgresql": "{0} LIKE %s"}
    written = {"sqlite": (_as_it_is, _as_end), "postgresql": (_as_pattern,)}


class Prepared(Generic[M]):
    """A queryset of whole rows, with `select_related`, built by `build` and asked with the values of its slots."""

    def __init__(self, build: Callable[[], models.QuerySet[M]]) -> None:
        self.build = build
        self._kept = threading.local()

    def __call__(self, **values: Any) -> list[M]:
        """The rows, in the order of the queryset."""
        held: _Statement | None = getattr(self._kept, "statement", None)
        if held is None or held.connection is not connections[DEFAULT_DB_ALIAS]:
            held = self._kept.statement = _Statement(self.build())
        return held.rows(values)

    def first(self, **values: Any) -> M | None:
        """The first row, or None."""
        return next(iter(self(**values)), None)

    def one(self, **values: Any) -> M:
        """The row; the model's DoesNotExist when there is none."""
        rows = self(**values)
        if not rows:
            raise self.build().model.DoesNotExist  # type: ignore[attr-defined]
        return rows[0]


class _Statement:
    """One query in the words of one connection."""

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        self.connection = connections[DEFAULT_DB_ALIAS]
        compiler = queryset.query.get_compiler(using=queryset.db)
        self.sql, self.params = compiler.as_sql()
        self.compiler, info = compiler, compiler.klass_info
        select = compiler.select
        self.model = info["model"]
        self.start, self.end = info["select_fields"][0], info["select_fields"][-1] + 1
        self.names = [column[0].target.attname for column in select[self.start : self.end]]
        self.related = get_related_populators(info, select, queryset.db)  # type: ignore[call-arg]
        self.converters = compiler.get_converters([column[0] for column in select[: compiler.col_count]])

    def rows(self, values: dict[str, Any]) -> list[Any]:
        database = self.connection
        asked = [one.filled(values, database) if isinstance(one, _Place) else one for one in self.params]
        with _cursor(database) as cursor:
            cursor.execute(self.sql, asked)
            found = cursor.fetchall()
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        return [self._row(row) for row in found]

    def _row(self, values: Any) -> Any:
        row = self.model.from_db(self.connection.alias, self.names, values[self.start : self.end])
        for related in self.related:
            related.populate(values, row)
        return row


def _cursor(database: Any) -> Any:
    """A cursor whose statements PostgreSQL keeps planned: planning a read with its joins takes longer than reading."""
    if database.vendor != "postgresql":
        return database.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    database.ensure_connection()
    return database._prepare_cursor(ServerBindingCursor(database.connection))  # type: ignore[call-arg]


def insert(rows: Iterable[M]) -> list[M]:
    """Write new rows of one model, as `bulk_create` does; they get their keys."""
    written = list(rows)
    for start in range(0, len(written), AT_ONCE):
        _insert(written[start : start + AT_ONCE])
    return written


def _insert(rows: Sequence[models.Model]) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    statement, fields = _insert_into(type(rows[0]), len(rows))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), database) for row in rows for field in fields]
    with _cursor(database) as cursor:
        cursor.execute(statement, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = row._meta.pk.to_python(key)
        row._state.adding, row._state.db = False, database.alias


@cache
def _insert_into(model: type[models.Model], count: int) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    meta = model._meta
    fields = tuple(field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField))
    columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    rows = ", ".join([f"({marks})"] * count)
    return f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {rows} RETURNING "{meta.pk.column}"', fields  # noqa: S608


def update(model: type[models.Model], /, *, where: dict[str, Any], **changes: Any) -> int:
    """Write `changes` to the rows that hold exactly the values of `where` (none of them None); how many there were."""
    database = connections[DEFAULT_DB_ALIAS]
    named = (*changes.items(), *where.items())
    values = [_written(_field(model, name), value, database) for name, value in named]
    with _cursor(database) as cursor:
        cursor.execute(_update_of(model, tuple(changes), tuple(where)), values)
        return int(cursor.rowcount)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", model._meta.get_field(name))


@cache
def _update_of(model: type[models.Model], changed: tuple[str, ...], known: tuple[str, ...]) -> str:
    written, held = ([f'"{_field(model, name).column}" = %s' for name in names] for names in (changed, known))
    return f'UPDATE "{model._meta.db_table}" SET {", ".join(written)} WHERE {" AND ".join(held)}'  # noqa: S608
