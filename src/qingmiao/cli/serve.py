"""`qingmiao serve`: make the installation ready, then answer until told to stop."""

from __future__ import annotations

import http.client
import os
import socket
import threading
import time
from typing import Annotated

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop
from qingmiao.config import server

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


def run(
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for every one of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 8000,
    demo: Annotated[str, typer.Option(help="Build this demo world first, if there is no data yet.")] = "",
) -> None:
    """Start the server: keys, tables, translations and static files are made ready first. Stop it with Ctrl+C."""
    os.umask(0o077)  # whatever is written from here on is for its owner only
    ready()
    must_be_free(host, port)
    from django.conf import settings
    from django.db import connection
    from django.utils.translation import gettext as _

    from qingmiao.cli import installation
    from qingmiao.cli.demo import accounts_table, build_if_empty

    installation.prepare_database()
    installation.prepare_pages()
    if demo:
        build_if_empty(demo)
    typer.echo(_("{database}, data in {folder}").format(database=installation.database_line(), folder=settings.HOME))
    if accounts := accounts_table():
        typer.echo(accounts)
    threads = server.THREADS[connection.vendor]
    connection.close()
    near = "127.0.0.1" if host in ANYWHERE else host
    news = _("Ready: {address} (stop with Ctrl+C)").format(address=f"http://{near}:{port}/")
    threading.Thread(target=_say_when_ready, args=(near, port, news), daemon=True).start()
    server.answer(host, port, threads)


def must_be_free(host: str, port: int) -> None:
    """Raise Stop with what to do when something else listens on `port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            from django.utils.translation import gettext as _

            raise Stop(
                Exit.UNFIT,
                _(
                    "Cannot listen on {host}:{port}: {why}. Another program, or another Qingmiao, may be running "
                    "there: stop it, or take another port, for example: make run PORT={other}"
                ).format(host=host, port=port, why=os.strerror(error.errno or 0), other=port + 1),
            ) from None


def _say_when_ready(host: str, port: int, news: str) -> None:
    """Print `news` once the first answer has come."""
    for _try in range(300):
        if _answers(host, port):
            typer.echo(news)
            return
        time.sleep(0.1)


def _answers(host: str, port: int) -> bool:
    try:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        connection.request("GET", "/health/")
        return connection.getresponse().status < 500
    except OSError:
        return False
