"""A clinic's year (report C): doses by vaccine and month, coverage, timeliness, dropout, cards, forms, training."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingmiao.engine.coverage.answering import Answer
from qingmiao.law.dated import rule_file
from qingmiao.law.months import months_from
from qingmiao.reports.indicators import Words as Titles
from qingmiao.reports.models import Compilation, Form, SummaryText
from qingmiao.reports.national import National, national
from qingmiao.reports.queries.doses import doses_given, sites_below
from qingmiao.reports.queries.forms import expected
from qingmiao.reports.rules import Share
from qingmiao.reports.summary.chart import columns_chart
from qingmiao.reports.summary.fields import Field
from qingmiao.reports.summary.kinds import Facts, Kind, Named
from qingmiao.safety.models import Case
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.models import ReportCard
from qingmiao.training.models import Attendance, TrainingSession

REPORTED = ("reported", "accepted", "corrected")


def _file() -> Mapping[str, Any]:
    return rule_file("reports", "clinic_year")


def counted_vaccines() -> list[Mapping[str, Any]]:
    """The rows of the report, in its order: key, codes, title, and `if_any` for rows that are left out at zero."""
    return list(_file()["vaccines"])


def cohort_rows() -> list[Mapping[str, Any]]:
    """Rows of the national cohort table that are named: vaccine, dose, title."""
    return list(_file()["cohort"])


def title_of(vaccine: Mapping[str, Any]) -> str:
    """What the report calls a vaccine, in the language now active."""
    return str(Titles(**vaccine["title"]))


def count(clinic: Organisation, since: date, until: date, at: datetime) -> Facts:
    """The facts of a clinic's report from `since` to `until`."""
    sites = sites_below(clinic)
    monthly = doses_given(sites, since, until, by=("product_code", "month"))
    rows = [_vaccine_row(vaccine, monthly) for vaccine in counted_vaccines()]
    rows = [
        row for row, vaccine in zip(rows, counted_vaccines(), strict=True) if row["doses"] or not vaccine.get("if_any")
    ]
    figures = national(clinic, until)
    return {
        "total": sum(monthly.values()),
        "counted": sum(row["doses"] for row in rows),
        "vaccines": rows,
        "months": [month.isoformat() for month in months_from(since, until)],
        "managed": figures.ask(report="cohort", vaccine="DTP", dose="1", census_date=until.isoformat(), age_group="1")
        .counts.get("due", 0),
        "cohort": _cohort(figures, until),
        "dropout": _dropout(figures, until),
        "timely": _timely(figures, since, until),
        **_kept_elsewhere(clinic, sites, since, until),
    }  # fmt: skip


def _vaccine_row(vaccine: Mapping[str, Any], monthly: Mapping[tuple[Any, ...], int]) -> dict[str, Any]:
    mine = {key: doses for key, doses in monthly.items() if key[0].startswith(tuple(vaccine["codes"]))}
    by_month: dict[str, int] = {}
    for (_code, month), doses in mine.items():
        by_month[month.isoformat()] = by_month.get(month.isoformat(), 0) + doses
    return {"key": vaccine["key"], "doses": sum(mine.values()), "by_month": by_month}


def _cohort(figures: National, until: date) -> list[dict[str, Any]]:
    """Rows among children of one year; those of later doses have nobody to count there and are left out."""
    rows = []
    for row in cohort_rows():
        counts = cohort_counts(figures, row, until, 1)
        if row["dose"] != "4":
            rows.append({"row": f"{row['vaccine']}-{row['dose']}", "done": counts["done"], "of": counts["due"]})
    return rows


def cohort_answer(figures: National, row: Mapping[str, Any], census: date, age: int) -> Answer:
    """A row of the cohort table among the children of an age group managed on the day."""
    asked = {"report": "cohort", "vaccine": row["vaccine"], "dose": row["dose"], "census_date": census.isoformat()}
    return figures.ask(age_group=str(age), **asked)


def cohort_counts(figures: National, row: Mapping[str, Any], census: date, age: int) -> dict[str, int]:
    """Children of an age group managed on the day (`due`), and those with the dose (`done`)."""
    counts = cohort_answer(figures, row, census, age).counts
    return {"due": counts.get("due", 0), "done": counts.get("done", 0)}


def _dropout(figures: National, until: date) -> dict[str, int]:
    """DTP1 and DTP3 among children of one year."""
    asked = {"report": "cohort", "vaccine": "DTP", "census_date": until.isoformat(), "age_group": "1"}
    first, third = (figures.ask(dose=dose, **asked).counts.get("done", 0) for dose in ("1", "3"))
    return {"first": first, "third": third}


def _timely(figures: National, since: date, until: date) -> dict[str, int]:
    """First hepatitis B doses of the year given in time, and all of them, wherever they were given to our children."""
    asked = {"report": "cohort", "vaccine": "HepB", "census_date": until.isoformat(), "age_group": "1"}
    return {
        "of": figures.ask(dose="1", **asked).counts.get("done", 0),
        "done": figures.ask(dose="1T", **asked).counts.get("done", 0),
    }


def _kept_elsewhere(clinic: Organisation, sites: list[int], since: date, until: date) -> Facts:
    """What other parts of Qingmiao know of the year."""
    cards = ReportCard.objects.filter(
        place__path__begins=clinic.path, diagnosed_at__date__range=(since, until), state__in=REPORTED
    )
    owed = expected([clinic], list(months_from(since, until)))
    sent = [one for one in owed if one.is_sent]
    trainings = TrainingSession.objects.filter(organisation__path__begins=clinic.path, held_on__range=(since, until))
    return {
        "cards": cards.count(),
        "cards_late": sum(1 for card in cards if card.reported_at and card.due_at and card.reported_at > card.due_at),
        "forms_owed": len(owed),
        "forms_sent": len(sent),
        "forms_amended": sum(one.form is not None and one.form.state == Form.State.AMENDED for one in owed),
        "trainings": trainings.count(),
        "trained": Attendance.objects.filter(session__in=trainings, came=True).values("user").distinct().count(),
        "reactions": Case.objects.filter(site__in=sites, found_at__date__range=(since, until))
        .exclude(state="dropped")
        .count(),
    }


def names(facts: Facts) -> Mapping[str, Named]:
    """Titles and queries of the facts."""
    doses, national_rules = "reports.doses-1", "cn.coverage (46号)"
    titles = {vaccine["key"]: title_of(vaccine) for vaccine in counted_vaccines()}
    return {
        "total": Named(_("Doses given, all vaccines"), doses),
        "counted": Named(_("Doses of the vaccines of this report"), doses),
        **{row["key"]: Named(titles[row["key"]], doses) for row in facts["vaccines"]},
        "vaccines": Named(_("Doses by vaccine and month"), doses),
        "managed": Named(_("Children of one year managed here"), national_rules),
        "cohort": Named(_("Coverage of the children of one year"), national_rules),
        "dropout": Named(_("Dropout from DTP 1 to DTP 3"), national_rules),
        "timely": Named(_("HepB 1 in time"), national_rules),
        "cards": Named(_("Report cards"), "surveillance.cards-1"),
        "cards_late": Named(_("Report cards that were late"), "surveillance.cards-1"),
        "forms_owed": Named(_("Forms that were due"), "reports.forms-1"),
        "forms_sent": Named(_("Forms that were sent"), "reports.forms-1"),
        "forms_amended": Named(_("Forms that were amended"), "reports.forms-1"),
        "trainings": Named(_("Trainings"), "training.sessions-1"),
        "trained": Named(_("Staff who were trained"), "training.sessions-1"),
        "reactions": Named(_("Suspected reactions"), "safety.cases-1"),
    }


def words(compilation: Compilation) -> Facts:
    """What the page prints of the facts: one field for each vaccine, rows of the tables, and what there is at all."""
    facts = compilation.facts
    titles = {vaccine["key"]: title_of(vaccine) for vaccine in counted_vaccines()}
    cohort = {f"{row['vaccine']}-{row['dose']}": title_of(row) for row in cohort_rows()}
    fall = facts["dropout"]["first"] - facts["dropout"]["third"]
    return {
        **{row["key"]: str(row["doses"]) for row in facts["vaccines"]},
        "vaccines": [_printed(row, titles, facts["months"]) for row in facts["vaccines"]],
        "cohort": [
            {"name": cohort[row["row"]], "done": str(row["done"]), "of": str(row["of"]),
             "rate": Share(row["done"], row["of"]).text()}
            for row in facts["cohort"]
        ],
        "dropout": Share(fall, facts["dropout"]["first"]).text(),
        "timely": Share(facts["timely"]["done"], facts["timely"]["of"]).text(),
    }  # fmt: skip


def _printed(row: Mapping[str, Any], titles: Mapping[str, str], months: list[str]) -> dict[str, str]:
    quarters = [0, 0, 0, 0]
    for month in months:
        quarters[(int(month[5:7]) - 1) // 3] += row["by_month"].get(month, 0)
    cells = {f"q{number}": str(doses) for number, doses in enumerate(quarters, 1)}
    return {"key": row["key"], "name": titles[row["key"]], "doses": str(row["doses"])} | cells


def chart(facts: Facts) -> bytes | None:
    """Doses by month."""
    months = [(month[:7], sum(row["by_month"].get(month, 0) for row in facts["vaccines"])) for month in facts["months"]]
    return columns_chart(months, _("Doses")) if facts["counted"] else None


def said(facts: Facts) -> Mapping[str, str]:
    """Sentences that the data can say for the office."""
    found = {}
    if facts["trainings"]:
        found["study"] = _("{trainings} trainings were held; {people} staff took part.").format(
            trainings=facts["trainings"], people=facts["trained"]
        )
    return found


WORK, SERVICE, CARDS, FORMS, END = (
    gettext_lazy("1. Training"),
    gettext_lazy("2. Service"),
    gettext_lazy("3. Report cards"),
    gettext_lazy("4. Forms and papers"),
    gettext_lazy("Closing"),
)
FIELDS = (
    Field("lead", gettext_lazy("Opening"), gettext_lazy("Under whose guidance"), gettext_lazy("One sentence.")),
    Field("study", WORK, gettext_lazy("Training"), gettext_lazy("What was studied, and what it changed.")),
    Field("parents", WORK, gettext_lazy("Telling parents"), gettext_lazy("How parents hear of vaccines and dates.")),
    Field("service", SERVICE, gettext_lazy("Service"), gettext_lazy("How the clinic's work was made better.")),
    Field(
        "catch_up",
        SERVICE,
        gettext_lazy("Catch-up of measles and polio"),
        gettext_lazy("Whom you looked for, and what came of it."),
    ),
    Field("cards", CARDS, gettext_lazy("Report cards"), gettext_lazy("Rules of reward and penalty; what got better.")),
    Field("deaths", FORMS, gettext_lazy("Cause-of-death reporting"), gettext_lazy("How many, in time or not.")),
    Field(
        "village", FORMS, gettext_lazy("Papers of village doctors"), gettext_lazy("How they are collected and kept.")
    ),
    Field(
        "problems",
        END,
        gettext_lazy("Problems"),
        gettext_lazy("Optional. What still stands in the way."),
        is_needed=False,
    ),
    Field("next", END, gettext_lazy("Next steps"), gettext_lazy("What will be done better next year.")),
)
KIND = Kind("clinic", SummaryText.Kind.CLINIC.label, FIELDS, count, names, words, chart, said)
