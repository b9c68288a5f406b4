"""What a clinic's year asks of the machine: due lists, a recall, and coverage by the national rules.

    python -m benchmarks.clinic [--smoke] [--only due|recall|coverage]

Prints a table; writes var/bench/clinic.json with each figure by its name. Exit code 1 when a figure misses its goal.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from benchmarks.clinic import coverage, due, recall
from benchmarks.clinic.figures import Figure

TARGET = Path("var/bench/clinic.json")
PARTS = {"due": due.measure, "recall": recall.measure, "coverage": coverage.measure}
# children, doses, children (with 23 doses each) of the three parts
WHOLE = {"due": 100_000, "recall": 10_000_000, "coverage": 880_000}
SMOKE = {"due": 1_000, "recall": 20_000, "coverage": 2_000}


def main() -> int:
    """Each part in a process of its own, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="Little data, to see that it runs; nothing is written.")
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    sizes = SMOKE if options.smoke else WHOLE
    figures: list[Figure] = []
    for name in [options.only] if options.only else list(PARTS):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            part = pool.submit(PARTS[name], sizes[name]).result()
        print(*part, sep="\n", flush=True)
        if not options.smoke:
            write(part)
        figures += part
    return int(not options.smoke and not all(figure.is_met for figure in figures))


def write(figures: list[Figure]) -> None:
    """Keep the figures with the machine they were measured on; those not measured now stay."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    machine = {"machine": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version()}
    kept = before.get("figures", {}) if isinstance(before.get("figures"), dict) else {}
    now = {figure.name.strip(): asdict(figure) for figure in figures}
    TARGET.write_text(json.dumps(machine | {"figures": kept | now}, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
