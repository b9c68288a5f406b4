"""Vaccine products and the documents that rules rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .node import Node
from .values import CONFIDENCES

LIVE = ("live", "inactivated", "vector", "unknown")
ROUTES = (
    "intradermal", "subcutaneous", "intramuscular", "oral", "intranasal", "inhaled", "scarification",
    "infiltration", "unknown",
)  # fmt: skip
USES = (
    "programme", "substitute", "historical", "self_paid", "key_group", "covid19", "campaign", "not_a_vaccine",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A document: title, issuer and number, days of issue and of force, and how well we know it."""

    key: str
    title: dict[str, str]
    issuer: dict[str, str]
    document_number: str | None
    issued: date | None
    in_force_from: date
    confidence: str
    note: str
    link: str


@dataclass(frozen=True, slots=True)
class Product:
    """A vaccine by its national 4-digit code. `short_is_ours`: the short name is not official."""

    code: str
    name: str
    short: str
    short_is_ours: bool
    family: str
    components: tuple[str, ...]
    live: str
    route: str
    use: str
    table: str
    major: str


@dataclass(frozen=True, slots=True)
class Family:
    """How products of a family are given. `sites`: keys of `Products.sites`, in order of choice."""

    name: str
    title: dict[str, str]
    amount: str
    sites: tuple[str, ...]
    reference: str
    confidence: str
    caution: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Products:
    """All products, the families that rules speak of, and the names of the sites."""

    by_code: dict[str, Product]
    families: dict[str, Family]
    sites: dict[str, dict[str, str]]

    def codes(self, families: tuple[str, ...]) -> tuple[str, ...]:
        """Codes of the products of some families, in the order of the table."""
        return tuple(code for code, product in self.by_code.items() if product.family in families)


def _text(node: Node, key: str) -> str:
    found = node.maybe(key)
    return found.text() if found and found.value is not None else ""


def _day(node: Node, key: str) -> date | None:
    found = node.take(key)
    return None if found.value is None else found.day()


def reference(key: str, node: Node) -> Reference:
    """One entry of references.yaml."""
    number = node.take("document_number")
    found = Reference(
        key=key,
        title=node.take("title").both_languages(),
        issuer=node.take("issuer").both_languages(),
        document_number=None if number.value is None else number.text(),
        issued=_day(node, "issued"),
        in_force_from=node.take("in_force_from").day(),
        confidence=node.take("confidence").one_of(*CONFIDENCES),
        note=_text(node, "note"),
        link=_text(node, "link"),
    )
    node.finish()
    return found


def _product(code: str, node: Node) -> Product:
    ours = node.maybe("short_is_ours")
    found = Product(
        code=code,
        name=node.take("name").text(),
        short=node.take("short").text(),
        short_is_ours=bool(ours),
        family=node.take("family").text(),
        components=node.take("components").texts(),
        live=node.take("live").one_of(*LIVE),
        route=node.take("route").one_of(*ROUTES),
        use=node.take("use").one_of(*USES),
        table=node.take("table").one_of("national", "legacy"),
        major=node.take("major").text(),
    )
    node.finish()
    return found


def _family(name: str, node: Node, sites: dict[str, dict[str, str]]) -> Family:
    caution = node.maybe("caution")
    found = Family(
        name=name,
        title={language: node.take(language).text() for language in ("zh", "en")},
        amount=node.take("amount").text(),
        sites=tuple(entry.one_of(*sites) for entry in node.take("sites").entries()),
        reference=node.take("reference").text(),
        confidence=node.take("confidence").one_of(*CONFIDENCES),
        caution=caution.both_languages() if caution else None,
    )
    node.finish()
    return found


def products(node: Node) -> Products:
    """The file of vaccines."""
    for key in ("id", "title", "reference"):
        node.take(key)
    sites = {name: entry.both_languages() for name, entry in node.take("sites").items()}
    found = Products(
        by_code={code: _product(code, entry) for code, entry in node.take("vaccines").items()},
        families={name: _family(name, entry, sites) for name, entry in node.take("families").items()},
        sites=sites,
    )
    node.finish()
    return found
