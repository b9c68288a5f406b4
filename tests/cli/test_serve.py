"""The server as `make run` starts it: a process, a port, a data folder."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.command import START, environment, qingmiao

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def serving(home: Path, port: int) -> Iterator[str]:
    """The server, answering; gives what it printed until then. Stopped as Ctrl+C stops it."""
    command = [*START, "serve", "--demo", "bureau"]
    with subprocess.Popen(
        command, env=environment(home, PORT=str(port)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        printed = ""
        assert server.stdout is not None
        watchdog = threading.Timer(90, server.kill)
        watchdog.start()
        for line in server.stdout:
            printed += line
            if "Ready" in line:
                break
        try:
            yield printed
        finally:
            server.send_signal(signal.SIGINT)
            server.stdout.read()
            watchdog.cancel()
    assert server.returncode == 0


def asked(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_it_starts_on_an_empty_folder_stops_and_starts_again(tmp_path):
    port = free_port()
    with serving(tmp_path, port) as printed:
        assert f"http://127.0.0.1:{port}/" in printed
        assert "journal_mode=wal, synchronous=FULL" in printed
        assert "spring-rain-2021" in printed
        assert asked(port, "/health/") == (200, '{"status": "ok"}')
        status, page = asked(port, "/sign-in/")
        assert status == 200
        assert "spring-rain-2021" in page
        assert 'lang="zh-CN"' in page
    before = (tmp_path / "keys.json").read_bytes()
    with serving(tmp_path, port):
        assert asked(port, "/health/")[0] == 200
    assert (tmp_path / "keys.json").read_bytes() == before


def test_only_its_owner_can_read_what_it_writes(tmp_path):
    with serving(tmp_path, free_port()):
        pass
    open_ones = [path.name for path in tmp_path.glob("*.sqlite3*") if path.stat().st_mode & 0o077]
    assert open_ones == []


def test_a_taken_port_is_said_with_what_to_do(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = qingmiao(tmp_path, "serve", "--port", str(port))
    assert answer.returncode == 8
    assert f"127.0.0.1:{port}" in answer.stderr
    assert f"make run PORT={port + 1}" in answer.stderr
    assert not list(tmp_path.glob("*.sqlite3"))
