"""The product's application with a clock that is told: for rehearsals in a data folder of their own, never for use.

`qingmiao serve` runs `qingmiao.config.wsgi` and knows nothing of this header. This program starts only in a folder
that `qingmiao site rehearse` made for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from qingmiao.config.home import home
from qingmiao.config.wsgi import application as product

MARK = "rehearsal"  # a file in the data folder; its presence says that nothing there is about real people
HEADER = "HTTP_X_REHEARSED_AT"
TOLD = "qingmiao.rehearsed_at"


class NotARehearsal(RuntimeError):
    """This data folder was not made for a rehearsal."""

    def __init__(self) -> None:
        super().__init__(f"{home()} holds no rehearsal: a clock that can be told is refused here.")


if not (home() / MARK).exists():
    raise NotARehearsal


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the product does, at the instant that the request tells."""
    if told := environ.get(HEADER):
        environ[TOLD] = datetime.fromisoformat(told)
    return product(environ, start_response)
