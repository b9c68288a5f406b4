"""Writes of a suspected adverse reaction: opened from the dose, reported, investigated, concluded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.law.deadlines import SHANGHAI, deadline
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Dose
from qingmiao.safety.models import Case, Report, Rescue, SelfReport
from qingmiao.safety.queries.cards import card_of
from qingmiao.safety.queries.cases import is_graver_than_reported
from qingmiao.safety.rules import Grave, Refused, choices, classes, missing, reactions, report_clock
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

State, Kind = Case.State, Report.Kind
CHOSEN = ("outcome", "first_class")  # kept as columns too, because lists and clocks ask for them
TYPED = (
    "pregnancy",
    "occupation",
    "address",
    "phone",
    "guardian",
    "seen_at",
    "course",
    "fever",
    "redness",
    "induration",
    "diagnosis",
    "hospitalised",
    "how_found",
    "reporter_phone",
)
LONGEST = 2000


@dataclass(frozen=True)
class Seen:
    """What is known when a case is opened. `grave`: reasons why two hours count."""

    reaction: str
    onset_at: datetime
    found_at: datetime
    grave: Sequence[str] = ()
    is_serious: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)


class CardIncomplete(Refused):
    """Mandatory items are empty; names them."""

    def __init__(self, empty: Sequence[str]) -> None:
        self.empty = tuple(empty)
        super().__init__(
            _("The card cannot be handed in yet. Still empty: {items}.").format(items="、".join(self.empty))
        )


@action("safety.open_case")
def open_case(
    *,
    by: Actor,
    dose: Dose,
    seen: Seen,
    at: datetime,
    site: Organisation | None = None,
    request_id: UUID | None = None,
) -> Case:
    """Open a case from a dose, with what is known; the rest of the card is written later. The clocks run from now on.

    `site` reports it; left out: the place that gave the dose.
    """
    place = site or dose.site
    if place is None:
        raise Refused(_("This dose was given elsewhere: say which site reports the case."))
    by.must("safety.report_case", place)
    reaction = reactions().get(seen.reaction)
    if reaction is None:
        raise Refused(_("Choose the reaction; “something else” with a description is enough."))
    if dose.given_at is not None and seen.onset_at < dose.given_at:
        raise Refused(_("The onset lies before the dose. Compare both times."))
    if not seen.onset_at <= seen.found_at <= at:
        raise Refused(_("Onset, finding and now must follow each other. Compare the times."))
    same = Case.objects.filter(dose=dose, reaction=seen.reaction, onset_at=seen.onset_at).exclude(state=State.DROPPED)
    if (known := same.first()) is not None:
        return known
    note(dose=dose.pk, reaction=seen.reaction, grave=list(seen.grave))
    return Case.objects.create(
        person_id=dose.person_id,
        dose=dose,
        site=place,
        reaction=seen.reaction,
        onset_at=seen.onset_at,
        found_at=seen.found_at,
        is_serious=seen.is_serious or reaction.is_serious or bool(seen.grave),
        grave=sorted(set(map(Grave, seen.grave))),
        grave_since=seen.found_at if seen.grave else None,
        typed=Sealed.of(json.dumps(_clean(seen.typed), ensure_ascii=False)),
        opened_by_id=by.user_id or 0,
        opened_at=at,
    )


def _clean(typed: Mapping[str, str]) -> dict[str, str]:
    return {key: str(typed[key]).strip()[:LONGEST] for key in TYPED if str(typed.get(key, "")).strip()}


@dataclass(frozen=True)
class Edit:
    """What the card says now. A key that is left out stays as it was; `grave` None likewise."""

    typed: Mapping[str, str] = field(default_factory=dict)
    grave: Sequence[str] | None = None
    is_serious: bool | None = None
    reaction: str = ""
    onset_at: datetime | None = None


@action("safety.write_card")
def write_card(
    *, by: Actor, case: Case, version: int, edit: Edit, at: datetime, request_id: UUID | None = None
) -> Case:
    """Keep what was typed, complete or not. What becomes grave now starts the clock of two hours now."""
    by.must("safety.report_case", case)
    held = _held(case)
    if held.state in (State.CONCLUDED, State.DROPPED):
        raise Refused(_("This case is closed. A new report on it is a matter of disease control."))
    held.version = version
    typed = held.typed_items | {key: value for key, value in edit.typed.items() if key in TYPED}
    changes: dict[str, Any] = {"typed": Sealed.of(json.dumps(_clean(typed), ensure_ascii=False))}
    for key in CHOSEN:
        if key in edit.typed:
            changes[key] = edit.typed[key] if edit.typed[key] in choices(key) else ""
    changes |= _changed_facts(held, edit, at)
    change(held, **changes)
    note(changed=sorted(changes))
    return held


def _changed_facts(held: Case, edit: Edit, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if edit.reaction and edit.reaction in reactions():
        changes["reaction"] = edit.reaction
    if edit.onset_at is not None:
        if edit.onset_at > held.found_at or (held.dose.given_at and edit.onset_at < held.dose.given_at):
            raise Refused(_("Onset, finding and now must follow each other. Compare the times."))
        changes["onset_at"] = edit.onset_at
    if edit.is_serious is not None:
        changes["is_serious"] = edit.is_serious
    if edit.grave is not None:
        grave = sorted(set(map(Grave, edit.grave)))
        changes["grave"] = grave
        changes["grave_since"] = (held.grave_since or at) if grave else None
        changes["is_serious"] = changes.get("is_serious", held.is_serious) or bool(grave)
    return changes


def _held(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("dose", "person", "site").get(pk=case.pk)


@dataclass(frozen=True)
class HandedIn:
    """How a report left the house; `told` names who was told by phone (asked for when two hours count)."""

    how: Report.How
    told: str = ""


@action("safety.hand_in_report")
def hand_in_report(
    *, by: Actor, case: Case, handed_in: HandedIn, at: datetime, request_id: UUID | None = None
) -> Report:
    """Freeze the card as it is handed in; the first time the case gets its number. Qingmiao sends nothing by itself."""
    by.must("safety.report_case", case)
    held = _held(case)
    if held.state in (State.CONCLUDED, State.DROPPED):
        raise Refused(_("This case is closed. A new report on it is a matter of disease control."))
    if held.is_grave and not handed_in.told.strip():
        raise Refused(_("Two hours count: tell the health and drug offices by phone too, and write whom you told."))
    number = held.number or _next_number(held.site, at)
    card = card_of(held, by=by, at=at, number=number)
    if empty := missing(card):
        raise CardIncomplete([item.in_language(get_language() or "zh") for item in empty])
    due = deadline(report_clock(held.is_grave), held.grave_since or held.found_at)
    is_first = held.reported_at is None
    is_owed = is_first or is_graver_than_reported(held)
    change(held, number=number, **({"reported_at": at, "state": State.REPORTED} if is_first else {}))
    return Report.objects.create(
        case=held,
        kind=Kind.FIRST if is_first else Kind.AMENDED,
        content=Sealed.of(json.dumps(card, ensure_ascii=False)),
        how=handed_in.how,
        told=handed_in.told.strip()[:200],
        due_at=due.due_at if is_owed else None,
        is_late=is_owed and due.is_late(at),
        by_id=by.user_id or 0,
        at=at,
    )


def _next_number(site: Organisation, at: datetime) -> str:
    """County (6), year (4), running number (4): drawn under the lock of the county's row."""
    ancestors = [int(pk) for pk in site.path.strip("/").split("/")]
    county = (
        Organisation.objects.select_for_update()
        .filter(pk__in=ancestors, kind=Organisation.Kind.DISTRICT)
        .order_by("-path")
        .first()
    )
    code = county.code[:6] if county is not None else ""
    prefix = f"{code:0<6}{timezone.localtime(at, SHANGHAI).year}"
    last = Case.objects.filter(number__begins=prefix).order_by("-number").values_list("number", flat=True).first()
    return f"{prefix}{int((last or prefix + '0000')[-4:]) + 1:04d}"


@action("safety.begin_investigation")
def begin_investigation(*, by: Actor, case: Case, team: str, at: datetime, request_id: UUID | None = None) -> Case:
    """Disease control begins to investigate a reported case."""
    by.must("safety.investigate_case", case)
    held = _held(case)
    if held.state != State.REPORTED:
        raise Refused(_("Only a case that has been reported, and is not investigated yet, can be taken up."))
    if not team.strip():
        raise Refused(_("Name who investigates."))
    change(held, state=State.INVESTIGATING, investigation_started_at=at, team=team.strip()[:200])
    return held


@action("safety.hand_in_investigation")
def hand_in_investigation(
    *, by: Actor, case: Case, is_complete: bool, at: datetime, request_id: UUID | None = None
) -> Report:
    """The form of the investigation is in; `is_complete` says that nothing more is being looked for."""
    by.must("safety.investigate_case", case)
    held = _held(case)
    if held.state != State.INVESTIGATING or held.investigation_started_at is None:
        raise Refused(_("Begin the investigation first."))
    due = deadline("aefi.form", held.investigation_started_at)
    changes: dict[str, Any] = {"form_done_at": held.form_done_at or at}
    if is_complete:
        changes |= {"state": State.INVESTIGATED, "investigated_at": at}
    change(held, **changes)
    return _report(held, Kind.INVESTIGATION, by, at, due.due_at)


def _report(held: Case, kind: Report.Kind, by: Actor, at: datetime, due_at: datetime) -> Report:
    card = card_of(held, by=by, at=at, number=held.number or "")
    return Report.objects.create(
        case=held,
        kind=kind,
        content=Sealed.of(json.dumps(card, ensure_ascii=False)),
        how=Report.How.ONLINE,
        due_at=due_at,
        is_late=at > due_at,
        by_id=by.user_id or 0,
        at=at,
    )


@dataclass(frozen=True)
class Conclusion:
    """What the expert group found."""

    classification: str
    text: str
    experts: str


@action("safety.conclude_case")
def conclude_case(
    *, by: Actor, case: Case, conclusion: Conclusion, at: datetime, request_id: UUID | None = None
) -> Case:
    """The expert group concludes. A case that needs no investigation is concluded by disease control alone, as such."""
    by.must("safety.investigate_case", case)
    held = _held(case)
    if held.state not in (State.REPORTED, State.INVESTIGATED):
        raise Refused(_("The investigation is not complete yet, or the case is closed."))
    if conclusion.classification not in classes() or not conclusion.text.strip() or not conclusion.experts.strip():
        raise Refused(_("Choose the class, name the expert group, and write how it came to its conclusion."))
    started = held.investigated_at or held.reported_at
    change(
        held,
        state=State.CONCLUDED,
        concluded_at=at,
        classification=conclusion.classification,
        experts=conclusion.experts.strip()[:200],
        conclusion=Sealed.of(conclusion.text.strip()[:LONGEST]),
    )
    _report(held, Kind.FINAL, by, at, deadline("aefi.conclusion", started or at).due_at)
    return held


@action("safety.drop_case")
def drop_case(*, by: Actor, case: Case, why: str, at: datetime, request_id: UUID | None = None) -> Case:
    """The case was entered by mistake. A reported one is not dropped: its conclusion says what it was."""
    by.must("safety.report_case", case)
    held = _held(case)
    if held.state != State.OPEN:
        raise Refused(_("This case has been reported: it stays, and its conclusion says what it was."))
    if not why.strip():
        raise Refused(_("Say why it is no case."))
    change(held, state=State.DROPPED, dropped_because=why.strip()[:200])
    return held


@action("safety.name_another_dose")
def name_another_dose(*, by: Actor, case: Case, dose: Dose, request_id: UUID | None = None) -> Case:
    """Another dose of the same person is suspected too; three at most stand on the card."""
    by.must("safety.report_case", case)
    held = _held(case)
    if dose.person_id != held.person_id or dose.pk == held.dose_id:
        raise Refused(_("Choose another dose of the same person."))
    if held.others.count() >= 2 and not held.others.filter(pk=dose.pk).exists():
        raise Refused(_("The card has room for three vaccines."))
    held.others.add(dose)
    note(case=held.pk, dose=dose.pk)
    return held


@action("safety.follow_corrected_dose")
def follow_corrected_dose(*, by: Actor, old: Dose, new: Dose, request_id: UUID | None = None) -> Dose:
    """A dose was corrected: cases, residents' reports, rescues and treatments go with the row that counts now."""
    by.must("registry.correct_dose", old)
    moved = {"dose": new, "person_id": new.person_id}
    for case in Case.objects.select_for_update(of=("self",)).filter(dose=old):
        change(case, **moved)
    for told in SelfReport.objects.select_for_update(of=("self",)).filter(dose=old):
        change(told, **moved)
    for rescue in Rescue.objects.select_for_update(of=("self",)).filter(dose=old):
        change(rescue, dose=new)
    return new
