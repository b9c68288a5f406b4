"""What holds for the whole programme: editions, catch-up, gaps between vaccines, facts about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .node import Node
from .series import OpenReading, Title, open_reading
from .values import CONFIDENCES, Quantity, Source, quantity, source


@dataclass(frozen=True, slots=True)
class Edition:
    """A text in force from a day."""

    key: str
    from_day: date
    reference: str


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme file. `series` names the group files in the order in which they are printed."""

    title: Title
    missing_day: str
    calendar_reference: str
    editions: tuple[Edition, ...]
    series: tuple[str, ...]
    catch_up_closes_at_age: Quantity
    repeat_after_invalid_dose: Quantity
    readings: tuple[OpenReading, ...]
    general: tuple[tuple[Title, Source], ...]


@dataclass(frozen=True, slots=True)
class BloodProductGap:
    """Time after a blood product, stated as a fact or given as a dose of `after`, before some products may be given."""

    key: str
    title: Title
    families: tuple[str, ...]
    fact: str
    after: tuple[str, ...]
    minimum: Quantity


@dataclass(frozen=True, slots=True)
class ApartGap:
    """Time between some products and all others, at the desk only; `except_families` are free."""

    title: Title
    families: tuple[str, ...]
    except_families: tuple[str, ...]
    gap: Quantity


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What to avoid after a product."""

    families: tuple[str, ...]
    unit: str
    value: int
    text: Title
    source: Source


@dataclass(frozen=True, slots=True)
class Interactions:
    """The file of gaps between vaccines and after blood products."""

    live_title: Title
    live_routes: tuple[str, ...]
    live_gap: Quantity
    blood_products: tuple[BloodProductGap, ...]
    apart: ApartGap
    afterwards: tuple[Afterwards, ...]
    readings: tuple[OpenReading, ...]


@dataclass(frozen=True, slots=True)
class FactTest:
    """A test of one key of a person's record. `absent`: what a missing key means; `unknown`: values that leave
    the fact open, to be asked for."""

    key: str
    is_in: tuple[object, ...] = ()
    has: str | None = None
    below: int | None = None
    unknown: tuple[object, ...] = ()
    date_key: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact rules ask for: all or any of its tests."""

    code: str
    title: Title
    tests: tuple[FactTest, ...]
    all_must_hold: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """The file of facts; `allergy_key` holds the groups after whose vaccine the person reacted severely, `words` what
    may be written under a key."""

    facts: tuple[Fact, ...]
    words: dict[str, tuple[str, ...]]
    allergy_key: str
    allergy_title: Title
    allergy_source: Source
    not_contraindications: dict[str, Title]
    harmless: tuple[tuple[str, Title, Source], ...]


def _readings(node: Node) -> tuple[OpenReading, ...]:
    found = node.maybe("readings")
    return tuple(open_reading(name, entry) for name, entry in found.items()) if found else ()


def _sourced_text(node: Node) -> tuple[Title, Source]:
    written = source(node)
    return node.both_languages(), written


def _edition(node: Node) -> Edition:
    found = Edition(node.take("id").text(), node.take("from").day(), node.take("reference").text())
    node.finish()
    return found


def programme(node: Node) -> Programme:
    """The programme file."""
    node.take("id")
    calendar = node.take("calendar")
    calendar.take("confidence").one_of(*CONFIDENCES)
    found = Programme(
        title=node.take("title").both_languages(),
        missing_day=calendar.take("missing_day").one_of("last_day_of_month", "first_of_next_month"),
        calendar_reference=calendar.take("reference").text(),
        editions=tuple(map(_edition, node.take("editions").entries())),
        series=node.take("series").texts(),
        catch_up_closes_at_age=quantity(node.take("catch_up_closes_at_age"), bound="exclusive"),
        repeat_after_invalid_dose=quantity(node.take("repeat_after_invalid_dose"), bound="inclusive"),
        readings=_readings(node),
        general=tuple(map(_sourced_text, node.take("general").entries())),
    )
    calendar.finish()
    node.finish()
    return found


def _blood_product(node: Node) -> BloodProductGap:
    parts = (
        node.take("id").text(),
        node.take("title").both_languages(),
        node.take("products").texts(),
        node.take("fact").text(),
        node.take("last_of").texts(),
    )
    return BloodProductGap(*parts, quantity(node, bound="inclusive"))


def _apart(node: Node) -> ApartGap:
    parts = (node.take("title").both_languages(), node.take("products").texts(), node.take("except").texts())
    return ApartGap(*parts, quantity(node, bound="inclusive"))


def _afterwards(node: Node) -> Afterwards:
    families, unit, value = node.take("products").texts(), node.take("unit").text(), node.take("value").integer()
    written = source(node)
    return Afterwards(families, unit, value, node.both_languages(), written)


def _unlimited(node: Node) -> None:
    """Two kinds of vaccine that keep no distance: nothing to ask, but the text that says so must be named."""
    node.take("a").one_of("inactivated", "oral_live", "nasal_live")
    node.take("b").one_of("any")
    source(node)
    node.finish()


def interactions(node: Node) -> Interactions:
    """The file of interactions."""
    for key in ("id", "title"):
        node.take(key)
    for pair in node.take("no_limit").entries():
        _unlimited(pair)
    live = node.take("live_gap")
    title, routes = live.take("title").both_languages(), live.take("routes").texts()
    found = Interactions(
        live_title=title,
        live_routes=routes,
        live_gap=quantity(live, bound="inclusive"),
        blood_products=tuple(map(_blood_product, node.take("blood_products").entries())),
        apart=_apart(node.take("covid19_apart")),
        afterwards=tuple(map(_afterwards, node.take("after_the_vaccine").entries())),
        readings=_readings(node),
    )
    node.finish()
    return found


def _fact_test(node: Node) -> FactTest:
    below, absent, has, words, unknown = (node.maybe(key) for key in ("below", "absent", "has", "is", "unknown"))
    found = FactTest(
        key=node.take("from").text(),
        is_in=tuple(entry.value for entry in words.entries()) if words else (),
        has=has.text() if has else None,
        below=below.integer() if below else None,
        unknown=tuple(entry.value for entry in unknown.entries()) if unknown else (),
        absent=bool(absent and absent.one_of("yes", "no") == "yes"),
    )
    if node.has("reference"):
        source(node)
    return found


def _fact(code: str, node: Node) -> Fact:
    title = node.take("title").both_languages()
    joined = next((key for key in ("all", "any") if node.has(key)), None)
    if joined:
        tests = tuple(map(_finished_test, node.take(joined).entries()))
    elif node.has("date"):
        tests = (FactTest(node.take("date").text(), date_key=True),)
    else:
        tests = (_fact_test(node),)
    node.finish()
    return Fact(code, title, tests, joined != "any")


def _finished_test(node: Node) -> FactTest:
    found = _fact_test(node)
    node.finish()
    return found


def _harmless(node: Node) -> tuple[str, Title, Source]:
    found = (node.take("fact").text(), node.take("title").both_languages(), source(node))
    node.finish()
    return found


def facts(node: Node) -> Facts:
    """The file of facts."""
    for key in ("id", "title"):
        node.take(key)
    allergy, harmless = node.take("allergy"), node.take("not_contraindications")
    source(harmless)
    found = Facts(
        facts=tuple(_fact(code, entry) for code, entry in node.take("facts").items()),
        words={key: words.texts() for key, words in node.take("words").items()},
        allergy_key=allergy.take("from").text(),
        allergy_title=allergy.take("title").both_languages(),
        allergy_source=source(allergy),
        not_contraindications={key: text.both_languages() for key, text in harmless.take("conditions").items()},
        harmless=tuple(map(_harmless, node.take("harmless").entries())),
    )
    for part in (allergy, harmless, node):
        part.finish()
    return found
