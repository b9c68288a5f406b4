"""The rule book of a country: all its files read, cross-checked, and an overlay laid over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .errors import RuleFileError
from .node import Node, read_yaml
from .overlay import Overlay, lay_over, overlay_of
from .products import Products, Reference, products, reference
from .programme import Facts, Interactions, Programme, facts, interactions, programme
from .series import GroupRule, group_rule

RULES = Path(__file__).resolve().parents[2] / "rules"
"""The folder of rule files inside the package."""

_SHARED = ("programme", "interactions", "facts", "vaccines")
Documents = dict[str, Any]
"""Parsed YAML by address inside the rules folder, e.g. "cn/dtp"."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every rule of a country as read. `choices` holds the reading chosen for each open question by group."""

    country: str
    programme: Programme
    interactions: Interactions
    facts: Facts
    products: Products
    references: dict[str, Reference]
    groups: tuple[GroupRule, ...]
    choices: dict[str, dict[str, str]]
    overlay: Overlay | None = None

    def holds(self, group: GroupRule, only_if: tuple[tuple[str, str], ...]) -> bool:
        """True when the readings named are the ones chosen for the group."""
        chosen = self.choices[group.rule_id]
        return all(chosen[name] == choice for name, choice in only_if)


def documents(country: str, folder: Path = RULES, also: tuple[str, ...] = ()) -> Documents:
    """The parsed files of a country: the programme and, in `also`, folders of further series ("label")."""
    found = {"references": read_yaml(folder / "references.yaml")}
    for name in _SHARED:
        found[f"{country}/{name}"] = read_yaml(folder / country / f"{name}.yaml")
    for name in found[f"{country}/programme"]["series"]:
        found[f"{country}/{name}"] = read_yaml(folder / country / f"{name}.yaml")
    for extra in also:
        for path in sorted((folder / country / extra).glob("*.yaml")):
            if not path.name.endswith(".cases.yaml"):
                found[f"{country}/{extra}/{path.stem}"] = read_yaml(path)
    return found


def book(country: str, documents: Documents, overlay: Documents | None = None) -> RuleBook:
    """The rule book made of parsed files, checked as a whole. Raises RuleFileError."""
    laid = overlay_of(Node(overlay, "overlay")) if overlay else None
    if laid:
        documents = lay_over(laid, documents)
    shared = {name: Node(documents[f"{country}/{name}"], f"{country}/{name}.yaml") for name in _SHARED}
    references = {
        key: reference(key, entry)
        for key, entry in Node(documents["references"], "references.yaml").take("references").items()
    }
    names = [name for name in documents if name.startswith(f"{country}/") and name.split("/", 1)[1] not in _SHARED]
    groups = tuple(group_rule(Node(documents[name], f"{name}.yaml")) for name in names)
    found = RuleBook(
        country=country,
        programme=programme(shared["programme"]),
        interactions=interactions(shared["interactions"]),
        facts=facts(shared["facts"]),
        products=products(shared["vaccines"]),
        references=references,
        groups=groups,
        choices={group.rule_id: {reading.name: reading.default for reading in group.readings} for group in groups},
        overlay=laid,
    )
    if laid:
        found = replace(found, choices=_chosen(found, laid))
    _check(found, documents)
    return found


def _chosen(found: RuleBook, overlay: Overlay) -> dict[str, dict[str, str]]:
    choices = {rule_id: dict(readings) for rule_id, readings in found.choices.items()}
    for rule_id, name, choice, _ in overlay.readings:
        if name not in choices.get(rule_id, {}):
            raise RuleFileError(
                "The overlay chooses a reading that does not exist.",
                where=overlay.rule_id,
                evidence=f"{rule_id}: {name}",
                cure="name a reading of that rule file.",
            )
        choices[rule_id][name] = choice
    return choices


def load(country: str = "cn", *, overlay: str | None = None, also: tuple[str, ...] = ()) -> RuleBook:
    """Read a country's rules from the package, with a province's overlay by id if one is named."""
    laid = read_yaml(RULES / country / "overlays" / f"{overlay}.yaml") if overlay else None
    return book(country, documents(country, also=also), laid)


def _walk(value: Any, where: str) -> Iterator[tuple[str, str, Any]]:
    """Every (where, key, value) of a parsed document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield where, str(key), inner
            yield from _walk(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{where}[{index}]")


def _check(found: RuleBook, documents: Documents) -> None:
    names = [group.group for group in found.groups]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RuleFileError(
            "Two files rule the same group.", where=found.country, evidence=sorted(twice), cure="load one of them."
        )
    _check_readings(found, documents)
    families = {product.family for product in found.products.by_code.values()}
    readings = {name for choices in found.choices.values() for name in choices}
    facts_known = {fact.code for fact in found.facts.facts}
    groups = {group.group for group in found.groups}
    known: dict[str, tuple[set[str], str]] = {
        "reference": (set(found.references), "a key of references.yaml"),
        "restated": (set(found.references), "a key of references.yaml"),
        "products": (families, "a family of vaccines.yaml"),
        "product": (families, "a family of vaccines.yaml"),
        "of": (families, "a family of vaccines.yaml"),
        "last_of": (families, "a family of vaccines.yaml"),
        "fact": (facts_known, "a fact of facts.yaml"),
        "if_fact": (facts_known, "a fact of facts.yaml"),
        "only_if": (readings, "a reading of the same file"),
        "valid_in": (groups, "a group"),
        "last_in": (groups, "a group"),
        "judged_after": (groups, "a group"),
    }
    for name, document in documents.items():
        for where, key, value in _walk(document, f"{name}.yaml"):
            if key in known:
                _known_words(where, key, value, *known[key])


def _check_readings(found: RuleBook, documents: Documents) -> None:
    """A parameter that changes nothing is refused: every choice but the default is named in an only_if, or is the
    absence of what the default names."""
    named: dict[str, set[str]] = {}
    for document in documents.values():
        for _, key, value in _walk(document, ""):
            if key == "only_if" and isinstance(value, dict):
                for name, choice in value.items():
                    named.setdefault(name, set()).add(choice)
    for group in found.groups:
        for reading in group.readings:
            if reading.choices and not named.get(reading.name):
                raise RuleFileError(
                    "A reading that changes nothing.",
                    where=f"{group.rule_id}: readings",
                    evidence=reading.name,
                    cure="name it in an only_if, or take its choices away.",
                )


def _known_words(where: str, key: str, value: Any, words: set[str], kind: str) -> None:
    for word in value if isinstance(value, list | dict) else [value]:
        if word not in words:
            raise RuleFileError(
                f"{word!r} is not {kind}.", where=f"{where}.{key}", evidence=value, cure=f"write {kind}."
            )
