"""What is recorded: actions through the product's own database settings, each acknowledged once it has returned.

`python -m tests.config.power_cut.workload prepare` makes the tables; `… write COUNT SYNCHRONOUS` writes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def prepare() -> None:
    """Tables, and everything moved from the log into the database file, so that the recording starts from one file."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write(count: int, synchronous: str) -> None:
    """`count` actions; the name of each organisation is acknowledged in the file `acknowledged`."""
    from django.db import connection

    from qingmiao.staff.access import system
    from qingmiao.staff.actions import found_organisation

    if synchronous != "as shipped":
        connection.cursor().execute(f"PRAGMA synchronous={synchronous}")
    connection.cursor().execute("PRAGMA wal_autocheckpoint=30")  # often, because the recording is short
    answers = os.open(Path(os.environ["QINGMIAO_HOME"]) / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in range(count):
        found_organisation(by=system("power cut"), kind="unit", name=f"unit-{number}")
        os.write(answers, f"unit-{number}\n".encode())


if __name__ == "__main__":
    from qingmiao.cli.django_ready import ready

    ready()
    prepare() if sys.argv[1] == "prepare" else write(int(sys.argv[2]), sys.argv[3])
