"""A deadline as a screen says it: how long is left, or how late it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

SOON = timedelta(hours=4)


def clock_of(due_at: datetime | None, done_at: datetime | None, now: datetime) -> dict[str, Any] | None:
    """{text, tone, due_at} of a deadline; None when there is none. `done_at` stops the clock."""
    if due_at is None:
        return None
    left = due_at - (done_at or now)
    if done_at is not None:
        text = _("in time") if left >= timedelta() else _("{time} late").format(time=length(-left))
        tone = "is-go" if left >= timedelta() else "is-stop"
    elif left < timedelta():
        text, tone = _("{time} past the deadline").format(time=length(-left)), "is-stop"
    else:
        until = timezone.localtime(due_at).strftime("%m-%d %H:%M")
        text = _("{time} left, until {until}").format(time=length(left), until=until)
        tone = "is-wait" if left < SOON else "is-due"
    return {"text": text, "tone": tone, "due_at": due_at}


def length(time: timedelta) -> str:
    """A time as people say it: minutes below two hours, hours below three days, then days."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return _("{n} min").format(n=minutes)
    if minutes < 72 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} days").format(n=minutes // 1440)
