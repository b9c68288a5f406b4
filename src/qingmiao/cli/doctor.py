"""`qingmiao doctor`: is this installation fit for real people? Each check says what it found and what cures it."""

from __future__ import annotations

import ctypes.util
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

GOOD, WARNING, UNFIT = "good", "warning", "unfit"
MARKS = {GOOD: "✓", WARNING: "!", UNFIT: "✗"}
FEWEST_KEY_CHARACTERS = 64  # 256 bits as hexadecimal text
FEWEST_DIFFERENT_CHARACTERS = 8  # 64 random hexadecimal digits show nearly all 16; typed ones far fewer
FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """What one check found: `name` is stable and may be read by a program; `says` and `cure` are for people."""

    name: str
    level: str
    says: str
    cure: str = ""


def run(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Is this installation fit for real people? Exit code 8 unless it is; a warning stops only some functions."""
    ready()
    found = list(findings())
    is_ready = all(finding.level != UNFIT for finding in found)
    if as_json:
        checks = [asdict(finding) for finding in found]
        typer.echo(json.dumps({"ready": is_ready, "checks": checks}, ensure_ascii=False, indent=2))
    else:
        _print(found, is_ready)
    if not is_ready:
        raise Stop(Exit.UNFIT)


def _print(found: list[Finding], is_ready: bool) -> None:
    from django.utils.translation import gettext as _

    for finding in found:
        typer.echo(f"{MARKS[finding.level]} {finding.says}")
        if finding.cure:
            typer.echo(f"    {finding.cure}")
    typer.echo(_("Ready for real people.") if is_ready else _("NOT ready for real people: see ✗ above."))


def findings() -> Iterator[Finding]:
    """All checks, those that stop a deployment first; a check that breaks is itself a finding."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:
            yield Finding(check.__name__.strip("_"), UNFIT, f"{type(error).__name__}: {error}")


def _database() -> Iterator[Finding]:
    from django.db import connection
    from django.utils.translation import gettext as _

    from qingmiao.cli.installation import database_line

    line = database_line()
    durable = "wal" in line and ("FULL" in line or "EXTRA" in line)
    if connection.vendor == "postgresql":
        durable = "fsync=on" in line and "synchronous_commit=off" not in line
    if durable:
        yield Finding("database", GOOD, line)
        return
    yield Finding("database", UNFIT, line, _("What was acknowledged could be lost in a power cut: turn this back on."))


def _sqlite_build() -> Iterator[Finding]:
    import pysqlite3
    from django.utils.translation import gettext as _

    from qingmiao.config.sqlite_build import AffectedSqlite, is_sound

    version = pysqlite3.sqlite_version
    if is_sound(pysqlite3.sqlite_version_info):
        yield Finding(
            "sqlite_build", GOOD, _("SQLite {version} is free of the WAL-reset fault").format(version=version)
        )
    else:
        yield Finding("sqlite_build", UNFIT, str(AffectedSqlite(version)))


def _tables() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils.translation import gettext as _

    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        says = _("The tables are of another version: {count} steps are missing").format(count=missing)
        yield Finding("tables", UNFIT, says, _("Start the server once (qingmiao serve): it brings them up to date."))
    else:
        yield Finding("tables", GOOD, _("The tables are of this version"))


def _keys() -> Iterator[Finding]:
    from django.utils.translation import gettext as _

    from qingmiao.config.keys import keys

    values = list(asdict(keys()).values())
    weak = [v for v in values if len(v) < FEWEST_KEY_CHARACTERS or len(set(v)) < FEWEST_DIFFERENT_CHARACTERS]
    if weak or len(set(values)) < len(values):
        cure = _("Before any data are entered, delete the file of keys and start again: new ones are made.")
        yield Finding("keys", UNFIT, _("A key is too short, repeated or made for tests"), cure)
    else:
        yield Finding("keys", GOOD, _("The keys are long and different"))


def _private_files() -> Iterator[Finding]:
    from django.conf import settings
    from django.utils.translation import gettext as _

    files = [Path(os.environ.get("QINGMIAO_KEYS", settings.HOME / "keys.json")), *settings.HOME.glob("*.sqlite3*")]
    open_ones = [path.name for path in files if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    behind_a_door = not settings.HOME.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    if "keys.json" in open_ones or (open_ones and not behind_a_door):
        says = _("Others on this machine can read: {files}").format(files=", ".join(open_ones))
        yield Finding(
            "private_files", UNFIT, says, f"chmod 600 {' '.join(str(settings.HOME / name) for name in open_ones)}"
        )
    else:
        yield Finding("private_files", GOOD, _("Only the owner can read keys and data"))


def _demo() -> Iterator[Finding]:
    from django.utils.translation import gettext as _

    from qingmiao.staff.models import User

    count = User.objects.filter(is_demo=True).count()
    if count:
        says = _("{count} demo accounts, whose password is printed on the sign-in page").format(count=count)
        cure = _("A demo world is for trying out: start with an empty data folder (QINGMIAO_HOME).")
        yield Finding("demo", UNFIT, says, cure)
    else:
        yield Finding("demo", GOOD, _("No demo accounts"))


def _settings() -> Iterator[Finding]:
    from django.conf import settings
    from django.utils.translation import gettext as _

    if settings.DEBUG:
        yield Finding("debug", UNFIT, "QINGMIAO_DEBUG=1", _("Error pages would show data: unset it."))
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("hosts", UNFIT, "QINGMIAO_HOSTS=*", _("Name the hosts by which this installation is reached."))
    if settings.BEHIND_TLS:
        yield Finding("tls", GOOD, _("Pages are only sent over TLS"))
    else:
        cure = _("Put a TLS proxy in front and set QINGMIAO_TLS=1, unless only this machine uses it.")
        yield Finding("tls", WARNING, _("Pages are sent without TLS"), cure)


def _printing() -> Iterator[Finding]:
    from django.utils.translation import gettext as _

    if ctypes.util.find_library("pango-1.0") is None or ctypes.util.find_library("pangoft2-1.0") is None:
        cure = _(
            "On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0. Printing from the browser works without."
        )
        yield Finding("pango", WARNING, _("Pango is missing: no PDF files can be made"), cure)
    else:
        yield Finding("pango", GOOD, _("Pango is there: PDF files can be made"))
    if _has_chinese_font():
        yield Finding("fonts", GOOD, _("A Chinese font is there"))
    else:
        cure = _("On Debian: apt-get install fonts-noto-cjk. Printing from the browser works without.")
        yield Finding("fonts", WARNING, _("No Chinese font: PDF files and charts would show boxes"), cure)


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())  # noqa: S603


def _room() -> Iterator[Finding]:
    from django.conf import settings
    from django.utils.translation import gettext as _

    free = shutil.disk_usage(settings.HOME).free
    says = _("{free} GB are free for data").format(free=round(free / 1024**3, 1))
    yield Finding("room", GOOD if free >= FREE_BYTES else WARNING, says)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _sqlite_build,
    _database,
    _tables,
    _keys,
    _private_files,
    _demo,
    _settings,
    _printing,
    _room,
)
