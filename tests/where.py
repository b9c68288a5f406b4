"""Which tests run where: by database, and never silently fewer in CI."""

from __future__ import annotations

import os

import pytest
from django.db import connection

USES_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
skipped: list[str] = []


def _belongs_here(item: pytest.Item) -> bool:
    """On SQLite everything but tests of PostgreSQL; on PostgreSQL only what uses a database."""
    if connection.vendor == "sqlite":
        return item.get_closest_marker("postgres") is None
    if item.get_closest_marker("sqlite") or item.get_closest_marker("browser") or item.get_closest_marker("story"):
        return False
    uses = item.get_closest_marker("django_db") or USES_DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(uses or item.get_closest_marker("postgres"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    elsewhere = [item for item in items if not _belongs_here(item)]
    items[:] = [item for item in items if _belongs_here(item)]
    config.hook.pytest_deselected(items=elsewhere)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if skipped and os.environ.get("CI") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not skipped:
        return
    terminalreporter.section("NOT TESTED", red=True, bold=True)
    terminalreporter.write_line(f"{len(skipped)} tests were skipped; the reasons stand above.")
    if os.environ.get("CI"):
        terminalreporter.write_line("CI can run every test, so this run has failed.")
