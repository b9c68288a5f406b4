"""A PostgreSQL that exists only while the tests run: its own folder, its own socket, no port, no service."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "qingmiao"


def binaries() -> Path | None:
    """The newest server's programs on this machine, or None."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(on_path).parent if on_path else found[-1].parent if found else None


def _servant() -> str | None:
    """Who the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def throw_away(*, durable: bool = False) -> Iterator[str]:
    """Start a server in a temporary folder; gives its DATABASE_URL; nothing is left of it afterwards.

    `durable`: it syncs as a real one does, for measurements.
    """
    programs, servant = binaries(), _servant()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="qingmiao-pg-"))
    if servant:
        shutil.chown(folder, servant)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        subprocess.run(command, user=servant, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    # The folder is thrown away, so nothing need survive a power cut here; doctor asks for fsync on real ones.
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    if not durable:
        options += " -c fsync=off -c full_page_writes=off"
    try:
        run("initdb", "--pgdata", data, "--username", NAME, "--auth", "trust", "--encoding", "UTF8", "--no-sync")
        run("pg_ctl", "--pgdata", data, "--wait", "--log", str(folder / "log"), "--options", options, "start")
        try:
            yield f"postgresql://{NAME}@/postgres?host={folder}"
        finally:
            run("pg_ctl", "--pgdata", data, "--wait", "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
