"""A ruleset as numbers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from qingmiao.engine import tables as tb


@dataclass(frozen=True)
class Tape:
    """A ruleset ready for the kernel, with the indexes that turn columns into numbers and back.

    `antigens`, in the order of judging: each with the antigens that must be judged for it, itself among them.
    `assumed`: numbers of the observations that a person has of whom nothing else is stated.
    """

    ruleset: tb.Ruleset
    cells: npt.NDArray[np.int32]
    antigens: dict[str, frozenset[str]]
    vaccines: dict[str, int]
    observations: dict[str, int]
    assumed: tuple[int, ...]
    makers: dict[str, int]
    trade_names: dict[str, int]
    countries: dict[str, int]
    series: tuple[tb.Series, ...]
    antigen_of_series: tuple[str, ...]
    rules: tuple[tb.Rule, ...]
    most_forecasts: int
    most_products: int
    most_records_a_dose: int
    most_series_an_antigen: int
    series_group_count: int
    series_addresses: tuple[int, ...]
    target_numbers: tuple[tuple[int, ...], ...]

    @cached_property
    def version(self) -> str:
        """Name, version and the first ten hex digits of the tape's SHA-256."""
        digest = hashlib.sha256(self.cells.tobytes()).hexdigest()[:10]
        return f"{self.ruleset.name}@{self.ruleset.version}+{digest}"

    @cached_property
    def plain_cells(self) -> list[int]:
        """The tape as a list, for the uncompiled kernel."""
        return [int(cell) for cell in self.cells]
