"""One exit code per family of error."""

from __future__ import annotations

import pytest

from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.cli.exits import Exit, Stop, guarded
from qingmiao.config.home import UnknownDatabase
from qingmiao.config.sqlite_build import AffectedSqlite
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation


def failing(error: BaseException):
    def run() -> None:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Stop(Exit.BAD_LINES, "3 lines"), 3),
        (NotAllowed("registry.see_person"), 5),
        (ChangedMeanwhile(Organisation()), 6),
        (AffectedSqlite("3.40.1"), 8),
        (UnknownDatabase("mysql"), 8),
        (SystemExit(2), 2),
        (SystemExit(None), 0),
    ],
)
def test_an_expected_error_ends_with_the_code_of_its_family(error: BaseException, code: int):
    assert guarded(failing(error)) == code


def test_what_went_wrong_is_said_on_stderr_only(capsys):
    guarded(failing(Stop(Exit.REFUSED, "the file is damaged")))
    assert capsys.readouterr() == ("", "the file is damaged\n")


def test_an_unexpected_error_keeps_its_trace():
    with pytest.raises(ZeroDivisionError):
        guarded(failing(ZeroDivisionError()))


def test_done_is_zero():
    assert guarded(lambda: None) == 0
