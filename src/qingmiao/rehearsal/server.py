"""The real server as a process of its own, in a data folder of its own, until the block ends."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
SECONDS_TO_START = 60
TOLD_CLOCK = "qingmiao.rehearsal.wsgi:application"


class DidNotStart(RuntimeError):
    """The server gave no answer in time; the message is what it printed."""


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


@contextmanager
def serving(folder: Path, application: str = TOLD_CLOCK) -> Iterator[int]:
    """Start the server on the data in `folder`; gives its port. Raises DidNotStart."""
    port = free_port()
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-m", "qingmiao.rehearsal.server", str(port), application],
            env=os.environ | {"QINGMIAO_HOME": str(folder)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
    raise DidNotStart(log.read_text(errors="replace")[-2000:])


def main() -> None:
    """Answer on the port of the command line, as `serve` does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingmiao.config.settings")
    from django.conf import settings

    from qingmiao.config import server

    threads = server.THREADS["sqlite" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "postgresql"]
    server.answer(HOST, int(sys.argv[1]), threads, sys.argv[2])


if __name__ == "__main__":
    main()
