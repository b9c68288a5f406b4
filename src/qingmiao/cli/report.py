"""`qingmiao report`: bulletins and work summaries."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qingmiao.cli.coverage import day_of, frozen, organisation_named
from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.reports.models import Snapshot
    from qingmiao.reports.summary.document import Summary

app = typer.Typer(no_args_is_help=True)


class Paper(StrEnum):
    """A paper that is made from a template."""

    BUREAU = "bureau_summary"
    SUBDISTRICT = "subdistrict_summary"
    CLINIC = "clinic_summary"
    WEEKLY = "weekly_summary"
    BULLETIN = "daily_bulletin"
    MINUTES = "meeting_minutes"


class Kind(StrEnum):
    """Which summary."""

    BUREAU = "bureau"
    SUBDISTRICT = "subdistrict"
    CLINIC = "clinic"
    WEEKLY = "weekly"


Bureau = Annotated[str, typer.Option("--bureau", help="Name of the bureau; may be left out if there is one.")]
On = Annotated[str, typer.Option("--on", help="Up to the end of this day, YYYY-MM-DD. Default: today.")]
Number = Annotated[int, typer.Option("--snapshot", help="Use this frozen figure instead of taking a new one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object about what was written.")]


@app.command()
def summary(
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the Word file.")],
    kind: Annotated[Kind, typer.Option(help="Whose summary.")] = Kind.BUREAU,
    bureau: Bureau = "",
    on: On = "",
    snapshot: Number = 0,
    template: Annotated[Path | None, typer.Option(help="A template of your own, made from `report template`.")] = None,
    of: Annotated[str, typer.Option("--of", help="Name of the subdistrict or clinic, if there are several.")] = "",
    since: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD; for all kinds but bureau.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD. Default: today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write the work summary as a Word file; every figure in it was kept at one moment and is listed in its annex.

    Kind bureau is made from a snapshot, the others from facts counted from one day to another. Text that the data
    cannot know comes from the summary's page; what nobody has written yet stands as a marked blank and is listed
    here. Exit codes: 2 the place, day or snapshot is not known, 4 the template cannot be filled.
    """
    ready()
    from django.utils.translation import gettext as _

    from qingmiao.reports.queries.texts import summary_texts
    from qingmiao.reports.summary.document import TemplateWrong, bureau_summary

    if kind is not Kind.BUREAU:
        _written(kind, output, of, since, until, template, as_json)
        return
    taken = _snapshot(snapshot, bureau, on)
    try:
        made = bureau_summary(taken, summary_texts(taken.organisation, kind.value).texts, template)
    except TemplateWrong as wrong:
        raise Stop(Exit.REFUSED, str(wrong)) from wrong
    _told(made, output, as_json, _("{file}: {count} figures from snapshot {number}."), snapshot=taken.pk)


def _told(made: Summary, output: Path, as_json: bool, sentence: str, **source: int) -> None:
    """Write the file; say what is still blank in it, and from which row (`source`: its kind and number) it was made."""
    from django.utils.translation import gettext as _

    output.write_bytes(made.content)
    for field in made.blanks:
        typer.echo(
            _("Still to be written: {section} · {what}").format(section=field.section, what=field.label), err=True
        )
    [number] = source.values()
    figures = {row["field"]: row["value"] for row in made.annex}
    told = {"file": str(output), **source, "figures": figures, "blank": [field.name for field in made.blanks]}
    said = sentence.format(file=output, count=len(made.annex), number=number)
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else said)


def _written(kind: Kind, output: Path, of: str, since: str, until: str, template: Path | None, as_json: bool) -> None:
    """A report of a stretch of days: its facts are counted now and kept."""
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from qingmiao.reports.actions.written import DaysWrong, compile_facts
    from qingmiao.reports.queries.texts import summary_texts
    from qingmiao.reports.summary.document import TemplateWrong
    from qingmiao.reports.summary.written import written
    from qingmiao.staff.access import system

    now = timezone.now()
    today = timezone.localdate(now)
    last = day_of(until, today)
    place = organisation_named(of, {"subdistrict": "subdistrict", "clinic": "centre"}.get(kind.value, "subdistrict"))
    try:
        facts = compile_facts(
            by=system("cli"),
            organisation=place,
            kind=kind.value,
            since=day_of(since, first_day_of(kind, last)),
            until=last,
            today=today,
            at=now,
        )
        made = written(facts, summary_texts(place, kind.value).texts, template)
    except DaysWrong as wrong:
        raise Stop(Exit.USAGE, str(wrong)) from wrong
    except TemplateWrong as wrong:
        raise Stop(Exit.REFUSED, str(wrong)) from wrong
    _told(made, output, as_json, _("{file}: {count} figures, kept as {number}."), facts=facts.pk)


def first_day_of(kind: Kind, last: date) -> date:
    """Where a report begins when nobody says: a week before for the weekly one, else the first of the year."""
    return last - timedelta(days=6) if kind is Kind.WEEKLY else last.replace(month=1, day=1)


@app.command()
def bulletin(
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write it: .docx, .pdf or .html.")],
    bureau: Bureau = "",
    on: On = "",
    snapshot: Number = 0,
    as_json: AsJson = False,
) -> None:
    """Write the bulletin of a day, as a Word file, a PDF or a page that any browser prints.

    Exit codes: 2 the bureau, day or snapshot is not known, 4 the template cannot be filled, 8 no PDF can be made here.
    """
    ready()
    from django.utils.translation import gettext as _

    from qingmiao.reports.bulletin import bulletin_of
    from qingmiao.reports.paper import NoPdfHere, as_pdf, bulletin_html
    from qingmiao.reports.summary.document import TemplateWrong
    from qingmiao.reports.summary.papers import bulletin_as_word

    if output.suffix not in (".docx", ".pdf", ".html"):
        raise Stop(Exit.USAGE, f"{output.name}: .docx / .pdf / .html")
    taken = _snapshot(snapshot, bureau, on)
    made = bulletin_of(taken)
    try:
        if output.suffix == ".docx":
            output.write_bytes(bulletin_as_word(made))
        else:
            html = bulletin_html(made)
            output.write_bytes(as_pdf(html) if output.suffix == ".pdf" else html.encode())
    except TemplateWrong as wrong:
        raise Stop(Exit.REFUSED, str(wrong)) from wrong
    except NoPdfHere as lacking:
        raise Stop(Exit.UNFIT, str(lacking)) from lacking
    if as_json:
        told = {"file": str(output), "snapshot": taken.pk, "done": taken.numerator, "of": taken.denominator}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(_("{file}: from snapshot {number}.").format(file=output, number=taken.pk))


@app.command()
def template(
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the template.")],
    paper: Annotated[Paper, typer.Option(help="Which paper.")] = Paper.BUREAU,
) -> None:
    """Write out the template of a summary, the weekly report, the day's bulletin or the minutes, to be edited in Word.

    Put the edited file into the folder `documents` of the data folder under its own name: from then on it is used.
    """
    ready()
    from django.utils.translation import gettext as _

    from qingmiao.reports.summary.document import template_of

    source = template_of(paper.value)
    output.write_bytes(source.read_bytes())
    typer.echo(
        _("{file}: edit it, and keep it as documents/{name} in the data folder.").format(file=output, name=source.name)
    )


@app.command("carry-over")
def carry_over(
    every: Annotated[int, typer.Option(help="Do it again every so many seconds, until stopped; 0: once.", min=0)] = 0,
) -> None:
    """Carry every change of the registry into the kept counts: after a large import, or every few minutes.

    Pages do this by themselves for small changes; until it is done for large ones they count in full, which is slow.
    """
    ready()
    from django.utils.translation import gettext as _
    from rich.console import Console

    from qingmiao.reports.keeping import carry_everything

    text = _("{people} people and {doses} doses carried into the counts.")
    while True:
        with Console(stderr=True).status(_("Carrying changes into the counts")):
            people, doses = carry_everything()
        if people or doses or not every:
            typer.echo(text.format(people=people, doses=doses))
        if not every:
            return
        time.sleep(every)


@app.command("check-figures")
def check_figures(as_json: AsJson = False) -> None:
    """Count everything anew and hold the kept counts against it; what differs is put right. Meant for the night.

    Exit code 9 when something differed; the command room shows it too.
    """
    ready()
    from django.utils import timezone
    from django.utils.translation import gettext as _
    from rich.progress import Progress

    from qingmiao.reports.keeping import check_figures as check
    from qingmiao.staff.access import system

    with Progress(transient=True, disable=as_json) as bar:
        task = bar.add_task(_("Counting"), total=None)
        found = check(
            by=system("cli"), at=timezone.now(), progress=lambda done, of: bar.update(task, completed=done, total=of)
        )
    told = {"people": found.people, "doses": found.doses, "differences": found.differences, "found": found.found}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(
            _("{people} people and {doses} doses counted; {differences} of the kept counts differed.").format(**told)
        )
    if found.differences:
        raise Stop(Exit.DIFFERENCES)


def _snapshot(number: int, bureau: str, on: str) -> Snapshot:
    """The snapshot of that number, else a new one."""
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from qingmiao.reports.models import Snapshot

    if number:
        taken = Snapshot.objects.filter(pk=number).first()
        if taken is None:
            raise Stop(Exit.USAGE, _("There is no snapshot {number}.").format(number=number))
        return taken
    now = timezone.now()
    organisation = organisation_named(bureau, "bureau")
    from qingmiao.reports.queries.campaigns import rule_at

    return frozen(organisation, rule_at(organisation).id, day_of(on, timezone.localdate(now)), now)
