"""合并个案与剔除重复: files of the same child become one child, records of the same dose become one dose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from qingmiao.engine.coverage.days import Days, Index, Mask
from qingmiao.engine.coverage.texts import Numbers, Words


def same_child(files: int, keys: Sequence[tuple[Sequence[Numbers], Mask]]) -> Index:
    """个案合并: for each file the number of its child, counted from 0 in the order of the first file.

    `keys`: columns that together make two files one child (姓名+证件号; 姓名+性别+出生日期+监护人), and where all of
    them are known. Files are joined through any chain of keys.
    """
    label = np.arange(files)
    groups = [(known, _group(columns, known)) for columns, known in keys]
    while True:
        before = label
        for known, group in groups:
            label = _least_of_group(label, known, group)
        if np.array_equal(before, label):
            return np.unique(label, return_inverse=True)[1]


def _group(columns: Sequence[Numbers], known: Mask) -> Index:
    """Equal rows of `columns` share a number."""
    group: Index = np.zeros(int(known.sum()), np.int64)
    for column in columns:
        pair = group * (int(column.max(initial=0)) + 1) + column[known]
        group = np.unique(pair, return_inverse=True)[1]
    return group


def _least_of_group(label: Index, known: Mask, group: Index) -> Index:
    least = np.full(len(group), len(label))
    np.minimum.at(least, group, label[known])
    joined = label.copy()
    joined[known] = np.minimum(label[known], least[group])
    # A label is itself a file: following it shortens long chains.
    return joined[joined]


def last_file(child: Index, latest_entry: Days, rank: Index, children: int) -> Index:
    """The file that speaks for each child: the one with the latest entry of a dose, then the highest `rank`."""
    order = np.lexsort((rank, latest_entry, child))
    speaks = np.empty(children, np.int64)
    speaks[child[order]] = order
    return speaks


def twins(like_next: Mask) -> Index:
    """Positions of records that equal a neighbour; `like_next`: of each but the last, whether it equals the next."""
    same = np.zeros(len(like_next) + 2, np.bool_)
    same[1:-1] = like_next
    return (same[1:] | same[:-1]).nonzero()[0]


def repeated(child: Numbers, when: Numbers, own_entry: Mask, entered_on: Days, rank: Index) -> Mask:
    """剔除重复: which of the records with the same child, code and date to drop.

    Kept is the one whose giving unit entered it, then the earliest entry, then the lowest `rank`, so that the order of
    lines does not matter.
    """
    best_first = np.lexsort((rank, entered_on, ~own_entry, when, child))
    child, when = child[best_first], when[best_first]
    drop = np.zeros(len(child), np.bool_)
    drop[best_first[1:]] = (child[1:] == child[:-1]) & (when[1:] == when[:-1])
    return drop


def rank_of(ids: Words) -> Index:
    """The place of each id in the order of ids."""
    return pc.rank(ids, tiebreaker="first").to_numpy().astype(np.int64)
