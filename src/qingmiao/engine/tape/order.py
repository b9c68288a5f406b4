"""In which order antigens and series are judged: whoever is counted or named by another comes first."""

from __future__ import annotations

from collections.abc import Sequence

from qingmiao.engine import tables as tb
from qingmiao.engine.settings import rows_of
from qingmiao.engine.tape.cells import UnknownWord


def antigens_in_order(ruleset: tb.Ruleset) -> list[tb.Antigen]:
    """Antigens so that a ledger is judged before whoever counts it; file order otherwise."""
    writers: dict[str, set[str]] = {}
    for antigen in ruleset.antigens:
        for series in antigen.series:
            if series.ledger:
                writers.setdefault(series.ledger, set()).add(antigen.name)
    needs = {a.name: _ledgers_read(a) for a in ruleset.antigens}
    done: list[tb.Antigen] = []
    waiting = list(ruleset.antigens)
    while waiting:
        names = {a.name for a in waiting}
        ready = [a for a in waiting if not any(writers.get(x, set()) & names - {a.name} for x in needs[a.name])]
        if not ready:
            raise UnknownWord(f"ledgers ask for each other in a circle: {sorted(names)}")
        done.append(ready[0])
        waiting.remove(ready[0])
    return done


def judged_for(ordered: Sequence[tb.Antigen]) -> dict[str, frozenset[str]]:
    """Each antigen with itself and all whose ledgers it reads, they or those before them."""
    found: dict[str, frozenset[str]] = {}
    for antigen in ordered:
        read = _ledgers_read(antigen)
        writers = [other.name for other in ordered if any(series.ledger in read for series in other.series)]
        found[antigen.name] = frozenset({antigen.name}).union(*(found.get(name, {name}) for name in writers))
    return found


def _ledgers_read(antigen: tb.Antigen) -> set[str]:
    found: set[str] = set()
    for series in antigen.series:
        conditions = list(series.requires)
        for target in series.targets:
            conditions += [c for row in rows_of(target) for c in row.when]
            conditions += [c for skip in target.skips for s in skip.sets for c in s.conditions]
            found |= {i.ledger for i in (*target.intervals, *target.allowable_intervals) if i.ledger}
        found |= {c.ledger for c in conditions if c.ledger}
    return found


def series_in_order(antigen: tb.Antigen) -> list[tb.Series]:
    """Series so that a group is complete before those ask whose skips name it ("Completed Series")."""
    done: list[tb.Series] = []
    waiting = list(antigen.series)
    while waiting:
        groups = {s.series_group: s for s in waiting}
        ready = [s for s in waiting if not (_groups_asked(s) - {s.series_group}) & set(groups)]
        chosen = (ready or waiting)[0]
        done.append(chosen)
        waiting.remove(chosen)
    return done


def _groups_asked(series: tb.Series) -> set[int]:
    return {
        group
        for target in series.targets
        for skip in target.skips
        for one in skip.sets
        for condition in one.conditions
        for group in condition.series_groups
    }
