"""Writes of statutory forms: draft, submitted, amended."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.law.months import last_of_month
from qingmiao.reports.forms.counting import counted
from qingmiao.reports.forms.definitions import definition
from qingmiao.reports.models import Form, FormIssue
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

PERMISSION = "reports.submit_form"


class MonthNotOver(Exception):
    """A form was to be sent for a month that still runs."""

    def __init__(self, period: date) -> None:
        super().__init__(
            _("The month {month} is not over: submit it from the first of the next one.").format(
                month=f"{period:%Y-%m}"
            )
        )


class WrongState(Exception):
    """Only a draft is submitted, only what was submitted is amended."""

    def __init__(self, form: Form) -> None:
        super().__init__(
            _("This form is in the state “{state}”: open it again.").format(state=form.get_state_display())
        )


class NothingToAmend(Exception):
    """Counted anew, every cell is as it was sent."""

    def __init__(self) -> None:
        super().__init__(_("Counted anew, every cell is as it was sent: there is nothing to amend."))


class ReasonMissing(Exception):
    """An amendment without a reason."""

    def __init__(self) -> None:
        super().__init__(_("An amendment says why: write the reason."))


@action("reports.open_form")
def open_form(
    *, by: Actor, unit: Organisation, kind: str, period: date, at: datetime, request_id: UUID | None = None
) -> Form:
    """Open the form of a unit for a month and count its cells; an open one is returned as it stands.

    Raises UnknownForm.
    """
    by.must(PERMISSION, unit)
    period = period.replace(day=1)
    there = Form.objects.filter(unit=unit, kind=kind, period=period).first()
    if there is not None:
        return there
    content = counted(definition(kind), unit, period)
    return Form.objects.create(
        unit=unit, kind=kind, period=period, content=content, counted_at=at, opened_by_id=by.user_id
    )


@action("reports.count_form")
def count_form(*, by: Actor, form: Form, version: int, at: datetime, request_id: UUID | None = None) -> Form:
    """Count the cells of a draft anew. Raises WrongState for one that was sent."""
    by.must(PERMISSION, form)
    if form.state != Form.State.DRAFT:
        raise WrongState(form)
    form.version = version
    change(form, content=counted(definition(form.kind), form.unit, form.period), counted_at=at)
    return form


@action("reports.submit_form")
def submit_form(
    *, by: Actor, form: Form, version: int, today: date, at: datetime, request_id: UUID | None = None
) -> Form:
    """Send a draft as it was shown (`version`). Raises WrongState, MonthNotOver, ChangedMeanwhile."""
    by.must(PERMISSION, form)
    if form.state != Form.State.DRAFT:
        raise WrongState(form)
    if today <= last_of_month(form.period):
        raise MonthNotOver(form.period)
    form.version = version
    change(form, state=Form.State.SUBMITTED)
    _issue(form, 1, by, at, "")
    return form


@action("reports.amend_form")
def amend_form(
    *, by: Actor, form: Form, version: int, reason: str, at: datetime, request_id: UUID | None = None
) -> Form:
    """Send a form again, counted anew, with the reason. What was sent before stays on record.

    Raises WrongState, ReasonMissing, NothingToAmend, ChangedMeanwhile.
    """
    by.must(PERMISSION, form)
    if form.state == Form.State.DRAFT:
        raise WrongState(form)
    if not reason.strip():
        raise ReasonMissing
    content = counted(definition(form.kind), form.unit, form.period)
    last = form.issues.last()
    if last is not None and content["rows"] == last.content["rows"]:
        raise NothingToAmend
    form.version = version
    change(form, state=Form.State.AMENDED, content=content, counted_at=at)
    _issue(form, (last.number if last else 0) + 1, by, at, reason.strip()[:200])
    return form


def _issue(form: Form, number: int, by: Actor, at: datetime, reason: str) -> None:
    FormIssue.objects.create(
        form=form,
        number=number,
        content=form.content,
        counted_at=form.counted_at,
        submitted_at=at,
        submitted_by_id=by.user_id,
        submitted_by_name=by.name,
        reason=reason,
    )
    note(kind=form.kind, period=form.period.isoformat(), issue=number)
