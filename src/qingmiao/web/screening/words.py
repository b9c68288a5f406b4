"""What is chosen wherever somebody is sent away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qingmiao.clinic.reasons import LISTED, reasons_for
from qingmiao.clinic.rules import Event

TITLES: Mapping[Event, str | Promise] = {
    Event.DECLINE: _("Declines"),
    Event.LEAVE: _("Leaves, may come back"),
    Event.TRANSFER: _("Is sent on to another place"),
}
TONES = {Event.DECLINE: "is-stop", Event.LEAVE: "is-wait", Event.TRANSFER: "is-due"}


class AwayReasons:
    """The reasons by what happens, in the language of the page; read anew each time a page goes through them."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        language = get_language() or "zh-hans"
        for event in LISTED:
            choices = [{"code": one.code, "word": one.word.in_language(language)} for one in reasons_for(event)]
            yield {"event": event.value, "title": TITLES[event], "tone": TONES[event], "choices": choices}


AWAY_REASONS = AwayReasons()
