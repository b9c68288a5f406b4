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
class Case:
    """One sentence of a rule's meaning.

    `doses_are` says of each dose in turn "HepB 2" (counts as), "extra", the reason why it is invalid,
    or "-" when it does not count for the group. `next_dose` None: nothing is owed. Only the keys of
    `next_dose` that are written are asked. `note` says why the case is there.
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
    note: str = ""


def _dose(node: Node, text: str) -> tuple[date, str]:
    try:
        day, code = text.split()
        return date.fromisoformat(day), code
    except ValueError:
        raise node.refuse("Not a dose.", "write it as '2026-07-15 0202'.") from None


def _doses(node: Node) -> tuple[tuple[date, str], ...]:
    return tuple(_dose(node, part) for part in node.text().split(";") if part.strip())


def _case(node: Node, group: str) -> Case:
    facts, note, doses, are, due = (node.maybe(key) for key in ("facts", "note", "doses", "doses_are", "next"))
    sex = node.maybe("sex")
    found = Case(
        where=node.where,
        group=group,
        born=node.take("born").day(),
        sex=sex.one_of("F", "M", "U") if sex else "F",
        on=node.take("on").day(),
        doses=_doses(doses) if doses else (),
        facts=dict(facts.mapping()) if facts else {},
        doses_are=are.texts() if are else (),
        status=node.take("status").text(),
        next_dose=dict(due.mapping()) if due else None,
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
