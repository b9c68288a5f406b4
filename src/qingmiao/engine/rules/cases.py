"""Cases beside the rules: a person, the doses given, a day, and what must be said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .errors import RuleFileError
from .node import Node, read_yaml

SUFFIX = ".cases.yaml"
NOT_OF_THIS_GROUP = "-"


@dataclass(frozen=True, slots=True)
class DeskSays:
    """Of one product today: may it be given, else until when not, what the texts mention and what they leave out."""

    product: str
    may: bool
    until: date | None
    mentions: str
    omits: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence of a rule's meaning.

    `doses_are` says of each dose in turn "HepB 2" (counts as), "extra", the reason why it is invalid,
    or "-" when it does not count for the group. `next_dose` None: nothing is owed. Only the keys of
    `next_dose` that are written are asked. `desk`: what is said of products at the desk that day.
    `readings`: open questions answered otherwise than by default. `note` says why the case is there.
    """

    where: str
    group: str
    born: date
    sex: str
    on: date
    doses: tuple[tuple[date, str], ...]
    facts: dict[str, Any]
    doses_are: tuple[str, ...]
    status: str
    next_dose: dict[str, Any] | None
    desk: tuple[DeskSays, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()
    note: str = ""


def _dose(node: Node, text: str) -> tuple[date, str]:
    try:
        day, code = text.split()
        return date.fromisoformat(day), code
    except ValueError:
        raise node.refuse("Not a dose.", "write it as '2026-07-15 0202'.") from None


def _desk(node: Node) -> DeskSays:
    until, mentions, omits = (node.maybe(key) for key in ("until", "mentions", "omits"))
    found = DeskSays(
        product=node.take("product").text(),
        may=bool(node.take("may").one_of(True, False) == "True"),  # type: ignore[arg-type]
        until=until.day() if until and until.value is not None else None,
        mentions=mentions.text() if mentions else "",
        omits=omits.text() if omits else "",
    )
    node.finish()
    return found


def _doses(node: Node) -> tuple[tuple[date, str], ...]:
    return tuple(_dose(node, part) for part in node.text().split(";") if part.strip())


def _case(node: Node, group: str) -> Case:
    facts, doses, are, due = (node.maybe(key) for key in ("facts", "doses", "doses_are", "next"))
    sex, readings, note = (node.maybe(key) for key in ("sex", "readings", "note"))
    found = Case(
        where=node.where,
        group=group,
        born=node.take("born").day(),
        sex=sex.one_of("F", "M", "U") if sex else "F",
        on=node.take("day").day(),
        doses=_doses(doses) if doses else (),
        facts=dict(facts.mapping()) if facts else {},
        doses_are=are.texts() if are else (),
        status=node.take("status").text(),
        next_dose=dict(due.mapping()) if due else None,
        desk=tuple(map(_desk, node.several("desk"))),
        readings=tuple((key, choice.text()) for key, choice in readings.items()) if readings else (),
        note=note.text() if note else "",
    )
    node.finish()
    if len(found.doses) != len(found.doses_are):
        raise node.refuse("Doses and what they are do not match.", "say something of every dose.")
    return found


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file. Raises RuleFileError for what is not a case."""
    node = Node(read_yaml(path), path.name)
    node.take("rule")
    node.take("signed")
    also = node.maybe("also")
    group = node.take("group").text()
    found = tuple(_case(entry, group) for entry in node.take("cases").entries())
    if also:
        also.texts()
    node.finish()
    return found


def case_files(folder: Path) -> Iterator[Path]:
    """Every file of cases under a rules folder; one without a rule file beside it is refused."""
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        if not path.with_name(path.name.removesuffix(SUFFIX) + ".yaml").exists():
            raise RuleFileError(
                "Cases without a rule.", where=str(path.name), evidence=path.name, cure="name the file after the rule."
            )
        yield path
