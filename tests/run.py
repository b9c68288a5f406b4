"""Run the tests as `make test` does: on SQLite, then on a throw-away PostgreSQL where one is found.

What cannot run here is said loudly at the end; with CI set in the environment it fails the run instead, because
.ci/run installs everything that a test may need.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from tests import postgres

NO_TESTS = 5  # pytest's exit code when everything was deselected


def pytest(name: str, arguments: list[str], **environment: str) -> int:
    """One run of pytest in a process of its own; returns its exit code."""
    print(f"\n=== {name} ===", flush=True)
    started = time.monotonic()
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | environment
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=env, check=False).returncode
    print(f"=== {name}: exit {code}, {time.monotonic() - started:.0f} s ===", flush=True)
    return 0 if code == NO_TESTS and arguments != ["tests"] else code


def on_postgres(arguments: list[str], left_out: list[str]) -> int:
    """The tests that use a database, on a PostgreSQL that exists only meanwhile."""
    if postgres.binaries() is None:
        left_out.append("PostgreSQL was not found: its tests did not run. On Debian: apt-get install postgresql")
        return 0
    with postgres.throw_away() as url:
        return pytest("tests on PostgreSQL", arguments, DATABASE_URL=url)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("arguments", nargs="*", default=["tests"], help="Folders, files or other words for pytest.")
    options, words = parser.parse_known_args()
    arguments = [*options.arguments, *words]
    left_out: list[str] = []
    codes = []
    if options.on in ("sqlite", "both"):
        codes.append(pytest("tests on SQLite", arguments))
    if options.on in ("postgres", "both"):
        codes.append(on_postgres(arguments, left_out))
    for line in left_out:
        print(f"\n!!! NOT TESTED: {line}", file=sys.stderr)
    return max([*codes, 1 if left_out and os.environ.get("CI") else 0])


if __name__ == "__main__":
    sys.exit(main())
