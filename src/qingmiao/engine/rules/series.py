"""The schedule of one vaccine group: paths, doses, ages, gaps, products, open readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .conditions import Reading, When, conditions
from .node import Node
from .values import Age, Dated, Quantity, Source, age, only_if, quantity, source

Title = dict[str, str]


@dataclass(frozen=True, slots=True)
class Gap:
    """A minimum time since something. `after` is ("dose", k), ("previous",), ("last_in", group),
    ("last_of", families) or ("fact", code); `products`: only when one of these is given.
    `counts_only_after`: a dose before the fact's day does not count."""

    after: tuple[str, object]
    minimum: Quantity
    valid_after: Quantity | None
    advised_maximum: Quantity | None
    products: tuple[str, ...]
    when: tuple[When, ...]
    counts_only_after: bool = False


@dataclass(frozen=True, slots=True)
class Give:
    """A product to name in a forecast between two days (both inclusive), if its conditions hold."""

    product: str
    from_day: date
    until: date | None
    when: tuple[When, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Accept:
    """Products that satisfy a dose."""

    products: tuple[str, ...]
    only_if: Reading


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """When a dose is passed over, between two days (both inclusive)."""

    when: tuple[When, ...]
    from_day: date
    until: date | None
    source: Source
    title: Title
    only_if: Reading


@dataclass(frozen=True, slots=True)
class Variant:
    """Other ages for some products or people; what it leaves out is as printed."""

    products: tuple[str, ...]
    when: tuple[When, ...]
    minimum_age: Quantity | None
    complete_before_age: Quantity | None
    only_if: Reading


@dataclass(frozen=True, slots=True)
class DoseRule:
    """One dose of a path. `number` 0 is satisfied but not counted; `repeats`: owed again and again."""

    rule_id: str
    number: int | None
    minimum_age: Quantity
    valid_from_age: Quantity | None
    complete_before_age: Quantity | None
    closes_at_age: Quantity | None
    variants: tuple[Variant, ...]
    gaps: tuple[Gap, ...]
    accept: tuple[Accept, ...]
    give: tuple[Give, ...]
    not_needed: tuple[NotNeeded, ...]
    only_if: Reading
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Seasons:
    """Seasons of a year each, from the first one's first day to the last one's last; a path's doses are owed anew
    in each of them."""

    first_day: date
    last_day: date
    source: Source

    def dated(self) -> tuple[tuple[date, date], ...]:
        """First and last day of every season."""
        starts = [self.first_day.replace(year=year) for year in range(self.first_day.year, self.last_day.year + 1)]
        ends = [start - timedelta(days=1) for start in starts[1:]]
        return tuple(zip(starts, ends, strict=False))


@dataclass(frozen=True, slots=True)
class PathRule:
    """One way to complete a group."""

    name: str
    title: Title
    is_default: bool
    verdict_series: str | None
    products: tuple[str, ...]
    sexes: tuple[str, ...]
    when: tuple[When, ...]
    only_if: Reading
    doses: tuple[DoseRule, ...]
    seasons: Seasons | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Products that count for the group, within an age window."""

    products: tuple[str, ...]
    from_age: Age | None
    before_age: Age | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A fact that contraindicates, or that is asked for: for the group, or some products of it, from an age, and
    only of people with `if_fact` where one is named."""

    fact: str
    products: tuple[str, ...]
    from_age: Age | None
    source: Source
    title: Title
    if_fact: str | None = None


@dataclass(frozen=True, slots=True)
class OpenReading:
    """A question that the texts leave open: its choices (none: the reading is fixed), ours, and why.

    `default` is the name of our choice, "" where the reading is fixed; `said` says it in words.
    """

    name: str
    default: str
    choices: tuple[tuple[str, Title], ...]
    said: Title
    why: Title


@dataclass(frozen=True, slots=True)
class Offered:
    """When, where and at what age the group is offered; outside it is not applicable."""

    from_day: Dated
    until: Dated | None
    unless: tuple[When, ...]
    if_facts: tuple[When, ...]
    from_age: Quantity | None
    below_age: Quantity | None


@dataclass(frozen=True, slots=True)
class GroupRule:
    """A rule file: everything about one vaccine group."""

    rule_id: str
    group: str
    title: Title
    programme: str
    judged_after: tuple[str, ...]
    offered: Offered
    counts: tuple[Counts, ...]
    forecast_unless_said: str | None
    paths: tuple[PathRule, ...]
    contraindicated: tuple[Stop, ...]
    asks: tuple[Stop, ...]
    readings: tuple[OpenReading, ...]
    notes: tuple[tuple[Title, Source], ...]

    def paths_on(self, day: date) -> tuple[PathRule, ...]:
        """The paths that a day's edition knows."""
        return tuple(path for path in self.paths if all(one.is_of(day) for one in path.when))


PROGRAMMES = ("national", "covid19", "key_group", "self_paid", "provincial")


def _maybe_quantity(node: Node, key: str, bound: str) -> Quantity | None:
    found = node.maybe(key)
    return quantity(found, bound=bound) if found else None


def _texts(node: Node, key: str) -> tuple[str, ...]:
    found = node.maybe(key)
    return found.texts() if found else ()


def _title(node: Node) -> Title:
    return node.take("title").both_languages()


def _after(node: Node) -> tuple[str, object]:
    found = node.take("after")
    if found.value == "previous_dose":
        return "previous", None
    if isinstance(found.value, str) and found.value.startswith("dose_"):
        return "dose", int(found.value.removeprefix("dose_"))
    (kind, value), *more = list(found.items()) or [("", found)]
    if more or kind not in ("last_in", "last_of", "fact"):
        raise found.refuse("Not an origin of a gap.", "write dose_1, previous_dose, last_in, last_of or fact.")
    return kind, value.texts() if kind == "last_of" else value.text()


def _gap(node: Node) -> Gap:
    only_after = node.maybe("counts_only_after")
    parts = {
        "after": _after(node),
        "counts_only_after": bool(only_after and only_after.value),
        "valid_after": _maybe_quantity(node, "valid_after", "inclusive"),
        "advised_maximum": _maybe_quantity(node, "advised_maximum", "inclusive"),
        "products": _texts(node, "products"),
        "when": conditions(node),
    }
    return Gap(minimum=quantity(node, bound="inclusive"), **parts)  # type: ignore[arg-type]


def _give(node: Node) -> Give:
    until = node.maybe("until")
    found = Give(
        product=node.take("product").text(),
        from_day=node.take("from").day(),
        until=until.day() if until else None,
        when=conditions(node),
        source=source(node),
    )
    node.finish()
    return found


def _accept(node: Node) -> Accept:
    found = Accept(node.take("products").texts(), only_if(node))
    node.finish()
    return found


def _not_needed(node: Node) -> NotNeeded:
    until = node.maybe("until")
    found = NotNeeded(
        when=conditions(node),
        from_day=node.take("from").day(),
        until=until.day() if until else None,
        source=source(node),
        title=_title(node),
        only_if=only_if(node),
    )
    node.finish()
    return found


def _variant(node: Node) -> Variant:
    found = Variant(
        products=_texts(node, "products"),
        when=conditions(node),
        minimum_age=_maybe_quantity(node, "minimum_age", "inclusive"),
        complete_before_age=_maybe_quantity(node, "complete_before_age", "exclusive"),
        only_if=only_if(node),
    )
    node.finish()
    return found


def _dose(node: Node, rule_id: str) -> DoseRule:
    number, repeats = node.maybe("number"), node.maybe("repeats")
    found = DoseRule(
        rule_id=rule_id,
        number=number.integer() if number else None,
        minimum_age=quantity(node.take("minimum_age"), bound="inclusive"),
        valid_from_age=_maybe_quantity(node, "valid_from_age", "inclusive"),
        complete_before_age=_maybe_quantity(node, "complete_before_age", "exclusive"),
        closes_at_age=_maybe_quantity(node, "closes_at_age", "exclusive"),
        variants=tuple(map(_variant, node.several("variants"))),
        gaps=tuple(map(_gap, node.several("gaps"))),
        accept=tuple(map(_accept, node.several("accept"))),
        give=tuple(map(_give, node.several("give"))),
        not_needed=tuple(map(_not_needed, node.several("not_needed"))),
        only_if=only_if(node),
        repeats=bool(repeats and repeats.value),
    )
    node.finish()
    return found


def _seasons(node: Node) -> Seasons:
    found = Seasons(node.take("first_day").day(), node.take("last_day").day(), source(node))
    node.finish()
    if not found.dated() or found.dated()[-1][1] != found.last_day:
        raise node.refuse("Seasons of a year each do not end on this last day.", "end them a day before a first day.")
    return found


def _path(name: str, node: Node, rule_id: str) -> PathRule:
    default, series, seasons = node.maybe("default"), node.maybe("verdict_series"), node.maybe("seasons")
    doses = node.take("doses").entries()
    prefix = rule_id if name == "standard" else f"{rule_id}.{name}"
    found = PathRule(
        name=name,
        title=_title(node),
        is_default=bool(default and default.value),
        verdict_series=series.text() if series else None,
        products=_texts(node, "products"),
        sexes=_texts(node, "sexes"),
        when=conditions(node),
        only_if=only_if(node),
        doses=tuple(_dose(dose, f"{prefix}.dose_{index}") for index, dose in enumerate(doses, 1)),
        seasons=_seasons(seasons) if seasons else None,
    )
    node.finish()
    return found


def _counts(node: Node) -> Counts:
    from_age, before_age = node.maybe("given_from_age"), node.maybe("given_before_age")
    windows = [_sourced_age(found) if found else None for found in (from_age, before_age)]
    found = Counts(node.take("products").texts(), windows[0], windows[1])
    node.finish()
    return found


def _sourced_age(node: Node) -> Age:
    source(node)
    return age(node)


def _stop(node: Node) -> Stop:
    from_age, if_fact = node.maybe("from_age"), node.maybe("if_fact")
    found = Stop(
        fact=node.take("fact").text(),
        products=_texts(node, "products"),
        from_age=age(from_age) if from_age else None,
        source=source(node),
        title=_title(node),
        if_fact=if_fact.text() if if_fact else None,
    )
    node.finish()
    return found


def open_reading(name: str, node: Node) -> OpenReading:
    """An open question as written: with choices and a default among them, or with words in place of both."""
    default, choices, why = node.take("default"), node.maybe("choices"), node.take("why").both_languages()
    node.finish()
    if choices is None:
        return OpenReading(name, "", (), default.both_languages(), why)
    pairs = {key: text.both_languages() for key, text in choices.items()}
    if default.text() not in pairs:
        raise node.refuse("The default is none of the choices.", "name one of the choices.")
    return OpenReading(name, default.text(), tuple(pairs.items()), pairs[default.text()], why)


def _flag(node: Node) -> Dated:
    (day, entry), *more = list(node.items())
    entry.take("value").one_of(True)  # type: ignore[arg-type]
    found = Dated(Node(day, node.where).day(), 1, source(entry))
    entry.finish()
    if more:
        raise node.refuse("One day is wanted here.", "write one date.")
    return found


def _offered(node: Node) -> Offered:
    until = node.maybe("until")
    found = Offered(
        from_day=_flag(node.take("from")),
        until=_flag(until) if until else None,
        unless=conditions(node, "unless"),
        if_facts=conditions(node, "if"),
        from_age=_maybe_quantity(node, "from_age", "inclusive"),
        below_age=_maybe_quantity(node, "below_age", "exclusive"),
    )
    node.finish()
    return found


def _note(node: Node) -> tuple[Title, Source]:
    written = source(node)
    return node.both_languages(), written


def group_rule(node: Node) -> GroupRule:
    """A series file as the loader understands it. Raises RuleFileError for what it does not know."""
    rule_id = node.take("id").text()
    forecast, readings = node.maybe("forecast_unless_said"), node.maybe("readings")
    found = GroupRule(
        rule_id=rule_id,
        group=node.take("group").text(),
        title=_title(node),
        programme=node.take("programme").one_of(*PROGRAMMES),
        judged_after=_texts(node, "judged_after"),
        offered=_offered(node.take("offered")),
        counts=tuple(map(_counts, node.take("counts").entries())),
        forecast_unless_said=forecast.text() if forecast else None,
        paths=tuple(_path(name, path, rule_id) for name, path in node.take("paths").items()),
        contraindicated=tuple(map(_stop, node.several("contraindicated"))),
        asks=tuple(map(_stop, node.several("asks"))),
        readings=tuple(open_reading(name, entry) for name, entry in readings.items()) if readings else (),
        notes=tuple(map(_note, node.several("notes"))),
    )
    node.finish()
    return found
