"""Change every number and every date in China's rule files, one at a time: how many changes turn a case red?

    python -m tests.engine.mutate_rules [--dates] [--survivors] [FILE …]

A change that the loader refuses counts as found. FILE is the beginning of an address ("cn/dtp"). Texts for
people (notes, cautions) hold no values the engine reads and are left alone. Exit 1 below --goal (95 %).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qingmiao.engine.china.cases import failures
from qingmiao.engine.rules import RULES, RuleFileError, book, documents
from qingmiao.engine.rules.cases import Case, case_files, read_cases

ALSO = ("label", "key_groups")
DAY = timedelta(days=1)
NOT_READ = ("references", "cn/vaccines")
"""Files whose numbers are document numbers, codes and dates of issue: no rule is computed from them."""


@dataclass(frozen=True)
class Mutation:
    """One change of one value: `where` it stands and how to make and unmake it."""

    where: str
    change: str
    make: Callable[[], None]
    unmake: Callable[[], None]


def _set(container: Any, key: Any, value: Any) -> Callable[[], None]:
    def put() -> None:
        container[key] = value

    return put


def _rename(mapping: dict[Any, Any], old: Any, new: Any) -> Callable[[], None]:
    def put() -> None:
        pairs = [(new if key == old else key, value) for key, value in mapping.items()]
        mapping.clear()
        mapping.update(pairs)

    return put


def mutations(value: Any, where: str, dates: bool, seen: set[int]) -> Iterator[Mutation]:
    """Every change of a number (or, with `dates`, of a date) in a parsed document; shared parts once."""
    if not isinstance(value, dict | list) or id(value) in seen:
        return
    seen.add(id(value))
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, inner in pairs:
        here = f"{where}.{key}"
        if dates and type(key) is date and isinstance(value, dict):
            for step in (DAY, -DAY):
                yield Mutation(
                    here, f"{key} -> {key + step}", _rename(value, key, key + step), _rename(value, key + step, key)
                )
        if type(inner) is (date if dates else int):
            for step in (DAY, -DAY) if dates else (1, -1):
                yield Mutation(
                    here, f"{inner} -> {inner + step}", _set(value, key, inner + step), _set(value, key, inner)
                )
        yield from mutations(inner, here, dates, seen)


@contextmanager
def made(mutation: Mutation) -> Iterator[None]:
    """The documents with one change, and without it again."""
    mutation.make()
    try:
        yield
    finally:
        mutation.unmake()


def is_found(docs: dict[str, Any], cases: list[Case]) -> bool:
    """Does the loader refuse the documents, or a case come out otherwise?"""
    try:
        return next(failures(book("cn", docs), cases), None) is not None
    except (RuleFileError, AssertionError):
        return True


def all_cases() -> list[Case]:
    """The cases beside China's rules."""
    return [case for path in case_files(RULES / "cn") if "overlays" not in path.parts for case in read_cases(path)]


def run(wanted: list[str], dates: bool) -> tuple[dict[str, list[int]], list[Mutation]]:
    """Found and tried by file, and the changes nobody noticed."""
    docs, cases = documents("cn", also=ALSO), all_cases()
    by_group: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_group[case.group].append(case)
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    survivors = []
    for name, document in docs.items():
        if name in NOT_READ or (wanted and not any(name.startswith(word) for word in wanted)):
            continue
        own = by_group.get(document.get("group", ""), [])
        for mutation in mutations(document, name, dates, set()):
            with made(mutation):
                found = (bool(own) and is_found(docs, own)) or is_found(docs, cases)
            tally[name][0] += found
            tally[name][1] += 1
            if not found:
                survivors.append(mutation)
    return tally, survivors


def main() -> int:
    """Print the rate by file; 1 when it is below the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="addresses to change, such as cn/dtp; all by default")
    parser.add_argument("--dates", action="store_true", help="change dates instead of numbers")
    parser.add_argument("--survivors", action="store_true", help="list the changes that no case noticed")
    parser.add_argument("--goal", type=float, default=95.0)
    options = parser.parse_args()
    started = time.monotonic()
    tally, survivors = run(options.files, options.dates)
    for name, (found, tried) in sorted(tally.items()):
        print(f"  {name:<28} {found:>4} of {tried:<4}")
    if options.survivors:
        for mutation in survivors:
            print(f"  unnoticed: {mutation.where}: {mutation.change}")
    found, tried = (sum(pair[i] for pair in tally.values()) for i in (0, 1))
    rate = 100 * found / max(1, tried)
    kind = "dates" if options.dates else "numbers"
    print(f"{kind}: {found} of {tried} changes turn a case red: {rate:.1f} % ({time.monotonic() - started:.0f} s)")
    return 0 if rate >= options.goal else 1


if __name__ == "__main__":
    sys.exit(main())
