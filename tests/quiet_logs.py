"""Listens to every log line of the whole run: none may hold a number or a name of a person."""

from __future__ import annotations

import logging
import re

import pytest

NUMBERS = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
heard: list[str] = []


class _Listener(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if NUMBERS.search(line):
            heard.append(f"{record.name} {record.levelname}: {line[:200]}")


def pytest_configure() -> None:
    logging.getLogger().addHandler(_Listener(level=logging.DEBUG))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if heard and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if heard:
        terminalreporter.section("A PERSON'S NUMBER WAS LOGGED", red=True, bold=True)
        for line in heard[:20]:
            terminalreporter.write_line(line)
