"""What the data cannot know and an office writes itself into its summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


@dataclass(frozen=True)
class Field:
    """One text: `name` in the template, what to call it, what to write, and whether the summary stands without it."""

    name: str
    section: Words
    label: Words
    help: Words
    is_needed: bool = True
    rows: int = 3


OPENING = _("Opening")
FIELDS: tuple[Field, ...] = (
    Field("basis", OPENING, _("What the work follows"), _("Documents with their numbers, ends with a comma."), rows=2),
    Field(
        "meeting", OPENING, _("Meetings"), _("Which meeting, when, who chaired it, how many attended. Whole sentences.")
    ),
    Field("leadership", _("1. Awareness"), _("Awareness and leadership"), _("Who took the lead, and how.")),
    Field(
        "channels",
        _("2. Publicity"),
        _("Channels used"),
        _("Tick only what was really done."),
        is_needed=False,
        rows=0,
    ),
    Field(
        "publicity", _("2. Publicity"), _("Publicity and doubts"), _("How doubts and negative opinion were answered.")
    ),
    Field("survey", _("3. Head-count"), _("How the head-count was done"), _("By patch, by whom, whom it covers.")),
    Field(
        "onsite",
        _("4. Coordination"),
        _("Coordination"),
        _("Who is in touch with the site, and how people are led there. The liaison on record is filled in."),
    ),
    Field(
        "example",
        _("5. Leading by example"),
        _("Leading by example"),
        _("What owners, officials and relatives did. How many owners are vaccinated is added from the ledger."),
    ),
    Field("dispatch", _("6. Regular dispatch"), _("Meetings and bulletins"), _("Morning meetings, evening dispatch.")),
    Field("supervision", _("6. Regular dispatch"), _("Supervision on site"), _("Who looked, and what was put right.")),
    Field("problems", _("Closing"), _("Problems"), _("Optional. What still stands in the way."), is_needed=False),
    Field(
        "next",
        _("Closing"),
        _("Next steps"),
        _("A sentence from the figures is filled in; change it as you need."),
    ),
)

CHANNELS: Mapping[str, Words] = {
    "banners": _("banners"),
    "leaflets": _("leaflets from door to door"),
    "loudspeaker": _("recordings over loudspeakers"),
    "official_account": _("the official account"),
    "groups": _("chat groups"),
    "moments": _("Moments"),
    "visits": _("visits from door to door"),
    "meetings": _("meetings with owners"),
}


def unknown_names(names: set[str]) -> set[str]:
    """Names that are no field of a summary."""
    return names - {field.name for field in FIELDS}
