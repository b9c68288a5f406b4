"""Which tests run where: by database, and never silently fewer in CI."""

from __future__ import annotations

import os

import pytest
from django.db import connection

USES_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
OUTSIDE = "outside the checkout"
skipped: list[str] = []
elsewhere: list[str] = []


def not_found(what: str, folder: object, variable: str) -> str:
    """Why a test is skipped whose cases are published apart from the program: no machine can bring them by itself."""
    return f"{what} lie {OUTSIDE} and not in {folder}: set {variable} to the folder that holds them"


def _belongs_here(item: pytest.Item) -> bool:
    """On SQLite everything but tests of PostgreSQL; on PostgreSQL only what uses a database."""
    if connection.vendor == "sqlite":
        return item.get_closest_marker("postgres") is None
    if item.get_closest_marker("sqlite") or item.get_closest_marker("browser") or item.get_closest_marker("story"):
        return False
    uses = item.get_closest_marker("django_db") or USES_DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(uses or item.get_closest_marker("postgres"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    others = [item for item in items if not _belongs_here(item)]
    items[:] = [item for item in items if _belongs_here(item)]
    config.hook.pytest_deselected(items=others)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        (elsewhere if OUTSIDE in str(report.longrepr) else skipped).append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if skipped and os.environ.get("CI") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not skipped and not elsewhere:
        return
    terminalreporter.section("NOT TESTED", red=True, bold=True)
    terminalreporter.write_line(f"{len(skipped) + len(elsewhere)} tests were skipped; the reasons stand above.")
    if elsewhere:
        terminalreporter.write_line(f"{len(elsewhere)} of them need cases that lie {OUTSIDE}.")
    if skipped and os.environ.get("CI"):
        terminalreporter.write_line("CI can run every other test, so this run has failed.")
