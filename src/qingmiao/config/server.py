"""How the server runs: how many processes and threads, measured for each database. Used by `serve` and by whatever
plays a day against the real server."""

from __future__ import annotations

# Measured (make bench-site): more threads per worker only queue for SQLite's one writer; PostgreSQL gains from two.
WORKERS = 2
THREADS = {"sqlite": 1, "postgresql": 2}
APPLICATION = "qingmiao.config.wsgi:application"


def answer(host: str, port: int, threads: int, application: str = APPLICATION) -> None:
    """Answer at `host` and `port` until told to stop."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
    ).serve()
