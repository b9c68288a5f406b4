"""Exit codes: one per family of error, so that whoever runs a command need not read what it printed.

0 done · 1 unexpected (a defect) · 2 the command line is wrong · 3 some lines of the input were bad, the rest was done
4 the input was refused whole · 5 not allowed · 6 something changed meanwhile, or was asked twice differently
7 no rule in force · 8 the installation is not fit (database, keys, system libraries) · 9 a check found differences
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import typer


class Exit(IntEnum):
    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    BAD_LINES = 3
    REFUSED = 4
    NOT_ALLOWED = 5
    CHANGED = 6
    NO_RULE = 7
    UNFIT = 8
    DIFFERENCES = 9


class Stop(Exception):
    """A command ends here with `code`; `message` goes to stderr."""

    def __init__(self, code: Exit, message: str = "") -> None:
        self.code = code
        super().__init__(message)


def _code_of(error: Exception) -> Exit | None:
    """The family of an expected error, found by the name of its class so that no library is loaded for it."""
    if isinstance(error, Stop):
        return error.code
    families = {
        "NotAllowed": Exit.NOT_ALLOWED,
        "ChangedMeanwhile": Exit.CHANGED,
        "RequestReused": Exit.CHANGED,
        "NoRuleInForce": Exit.NO_RULE,
        "AffectedSqlite": Exit.UNFIT,
        "UnknownDatabase": Exit.UNFIT,
        "OperationalError": Exit.UNFIT,
        "SparkMissing": Exit.UNFIT,
    }
    return next((families[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in families), None)


def guarded(run: Callable[[], Any]) -> int:
    """Run a command and turn what it raises into an exit code; an unexpected error shows its trace."""
    try:
        run()
    except SystemExit as stop:
        return int(stop.code or 0)
    except Exception as error:
        code = _code_of(error)
        if code is None:
            raise
        if str(error):
            typer.echo(str(error), err=True)
        return int(code)
    return int(Exit.DONE)
