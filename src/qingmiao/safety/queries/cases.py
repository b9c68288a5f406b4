"""Cases, their clocks, and what residents have reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from qingmiao.law.deadlines import Deadline, article_of, deadline, law_behind, title_of
from qingmiao.registry.models import Dose
from qingmiao.safety.models import Case, SelfReport
from qingmiao.safety.rules import needs_investigation, report_clock
from qingmiao.staff.access import Actor

SEE = "safety.see_case"
MOST_OTHERS = 10
State = Case.State
CLOSED = (State.CONCLUDED, State.DROPPED)


@dataclass(frozen=True)
class Clock:
    """What must be done on a case until a moment, by which article. `is_from_memory`: nobody read the text."""

    case: Case
    deadline: Deadline
    title: str
    law: str
    is_from_memory: bool
    is_late: bool
    article: str

    @property
    def due_at(self) -> datetime:
        return self.deadline.due_at


def clocks(actor: Actor, at: datetime) -> list[Clock]:
    """Every clock that runs on the actor's cases, the first to run out in front.

    Derived from what is stored, at the moment asked for: nothing has to be kept running between two looks.
    """
    return _running(actor.visible(SEE, Case), at)


def clocks_below(path: str, at: datetime) -> list[Clock]:
    """Every clock that runs at the sites below an organisation, for the page of its head."""
    return _running(Case.objects.filter(site__path__begins=path), at)


def _running(cases: QuerySet[Case], at: datetime) -> list[Clock]:
    open_ = cases.exclude(state__in=CLOSED).select_related("person", "dose", "site")
    running = [clock for case in open_ if (clock := clock_of(case, at)) is not None]
    return sorted(running, key=lambda clock: (clock.due_at, clock.case.pk))


def clock_of(case: Case, at: datetime) -> Clock | None:
    """The clock that runs on a case now; None when nothing is owed."""
    due = _due(case)
    if due is None:
        return None
    language = get_language() or "zh-hans"
    law = law_behind(due.reference)
    return Clock(
        case=case,
        deadline=due,
        title=title_of(due.clock, language),
        law=law.in_language(language),
        is_from_memory=law.is_from_memory,
        is_late=due.is_late(at),
        article=article_of(due, language),
    )


def _due(case: Case) -> Deadline | None:
    if case.reported_at is None:
        return deadline(report_clock(case.is_grave), case.grave_since or case.found_at)
    if is_graver_than_reported(case):
        return deadline("aefi.grave", case.grave_since or case.found_at)
    if case.state == State.REPORTED and needs_investigation(case.first_class, case.is_grave, case.is_serious):
        return deadline("aefi.investigation", case.reported_at)
    if case.state == State.INVESTIGATING and case.investigation_started_at and case.form_done_at is None:
        return deadline("aefi.form", case.investigation_started_at)
    if case.state == State.INVESTIGATED and case.investigated_at:
        return deadline("aefi.conclusion", case.investigated_at)
    return None


def is_graver_than_reported(case: Case) -> bool:
    """Whether a reported case became grave later, and nobody has reported that yet."""
    if case.grave_since is None:
        return False
    return not case.reports.filter(at__gte=case.grave_since).exists()


def cases_of(actor: Actor) -> QuerySet[Case]:
    """The actor's cases, the newest first."""
    cases = actor.visible(SEE, Case).select_related("person", "dose__lot__product", "site")
    return cases.order_by("-found_at", "-pk")


def cases_of_dose(dose: Dose) -> QuerySet[Case]:
    """Cases that name a dose first."""
    return Case.objects.filter(dose=dose).exclude(state=State.DROPPED).order_by("pk")


def other_doses(case: Case) -> list[Dose]:
    """Doses of the same person that may be suspected too: given before the onset, not named yet, the newest first."""
    doses = Dose.objects.filter(person_id=case.person_id, superseded_by=None, is_void=False, given_on__isnull=False)
    doses = doses.filter(given_on__lte=timezone.localdate(case.onset_at)).exclude(pk=case.dose.pk)
    return list(doses.exclude(cases_beside=case).order_by("-given_on", "-pk")[:MOST_OTHERS])


def self_reports_open(actor: Actor) -> QuerySet[SelfReport]:
    """What residents reported and nobody has finished with, the oldest first."""
    open_ = actor.visible("safety.answer_self_report", SelfReport).filter(
        state__in=[SelfReport.State.NEW, SelfReport.State.CALLED]
    )
    return open_.select_related("person", "dose", "site").order_by("at", "pk")


def waiting(actor: Actor, at: datetime) -> int:
    """For the left column: clocks that run, and residents who wait for a call."""
    if not actor.paths_for(SEE):
        return 0
    answers = self_reports_open(actor).count() if actor.paths_for("safety.answer_self_report") else 0
    return len(clocks(actor, at)) + answers
