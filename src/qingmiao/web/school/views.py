"""Entry checks: a class list in, every child judged, certificates and notices out, and checked again in December."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.audit import door
from qingmiao.outreach.actions.schools import JUDGE, OPEN, Class, judge_entry, open_entry_check
from qingmiao.outreach.models import EntryCheck, EntryVerdict
from qingmiao.outreach.queries.schools import Standing, by_code, counts, standings
from qingmiao.privacy.masking import masked_name
from qingmiao.registry.ledger.planning import LedgerFile
from qingmiao.registry.ledger.problems import texts_of
from qingmiao.registry.queries.imports import words_known
from qingmiao.registry.queries.rosters import RosterCheck, check_rosters
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.child.forms import SentForm, day_field
from qingmiao.web.child.words import dose_word, series_title
from qingmiao.web.export import as_xlsx
from qingmiao.web.liaison.shown import language
from qingmiao.web.middleware import open_to_all
from qingmiao.web.status import Tone

SEE = "outreach.see_entry_check"
Word = EntryVerdict.Standing
TONES = {
    Word.COMPLETE: Tone.GO,
    Word.CONTRAINDICATED: Tone.WAIT,
    Word.MISSING: Tone.STOP,
    Word.UNKNOWN: Tone.STOP,
    "": Tone.LATER,
}


class ClassForm(SentForm):
    """A class list of a school."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("School"))
    clinic = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Judged by the clinic"))
    title = forms.CharField(label=gettext_lazy("Class"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=EntryCheck.Kind.choices, widget=forms.RadioSelect)
    term_from = day_field(gettext_lazy("Term begins"))
    listed = forms.FileField(
        label=gettext_lazy("Class list"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        help_text=gettext_lazy("Excel or CSV with name, identity number and birth date; any wording of the header."),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, kind="entry", term_from=access.today(request).replace(month=9, day=1))
        self.files = request.FILES
        self._offer(request, "school", ("school",))
        self._offer(request, "clinic", ("centre",))

    def _offer(self, request: HttpRequest, name: str, kinds: tuple[str, ...]) -> None:
        """Schools and clinics of the districts in which the reader works."""
        roots = sorted({path.partition("/")[0] for path in access.actor(request).paths_for(OPEN)} - {""})
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        found = Organisation.objects.filter(kind__in=kinds, closed_on=None)
        field.queryset = found.filter(path__regex=f"^({'|'.join(roots)})/").order_by("path") if roots else found
        if len(field.queryset) == 1:
            field.initial, field.empty_label = field.queryset[0].pk, None


@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """Every class, with what is still to be done and until when."""
    who = access.actor(request)
    if not who.paths_for(SEE):
        raise NotAllowed(SEE)
    found = who.visible(SEE, EntryCheck).select_related("school", "clinic")
    rows = [_summary(check, request) for check in found[:200]]
    return render(request, "school/classes.html", {"rows": rows, "may_open": bool(who.paths_for(OPEN))})


def _summary(check: EntryCheck, request: HttpRequest) -> dict[str, Any]:
    found = counts(standings(check))
    today = access.today(request)
    is_open = bool(found[""] or found[Word.MISSING] or found[Word.UNKNOWN])
    by = check.check_by if found[""] else check.recheck_by
    return {
        "check": check,
        "children": sum(found.values()),
        "complete": found[Word.COMPLETE] + found[Word.CONTRAINDICATED],
        "missing": found[Word.MISSING],
        "unknown": found[Word.UNKNOWN],
        "open": found[""],
        "by": by if is_open else None,
        "is_late": is_open and by < today,
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a class list in; a reader who may judge sees the verdicts at once."""
    who = access.actor(request)
    if not who.paths_for(OPEN):
        raise NotAllowed(OPEN)
    form = ClassForm(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        found = _read(data["listed"], request)
        if found.refused:
            for code in found.refused.values():
                texts = texts_of(code, language())
                form.add_error("listed", f"{texts.title}. {texts.cure}")
        elif not found.rows:
            form.add_error("listed", _("No child was found in this file. The first row must name the columns."))
        elif (check := _opened(request, form, found)) is not None:
            return redirect("school:class", pk=check.pk)
    return render(request, "school/new.html", {"form": form}, status=422 if form.errors else 200)


def _opened(request: HttpRequest, form: ClassForm, found: RosterCheck) -> EntryCheck | None:
    who, at, data = access.actor(request), access.now(request), form.cleaned_data
    of = Class(data["school"], data["clinic"], data["title"], data["term_from"], data["kind"])
    try:
        with transaction.atomic():
            check = open_entry_check(by=who, of=of, rows=found.rows, at=at)
            if who.may(JUDGE, check):
                judge_entry(by=who, check=check, on=access.today(request), at=at)
    except IntegrityError:
        form.add_error("title", _("This class of this term is there already: open it, and judge it again."))
        return None
    return check


def _read(file: UploadedFile[Any], request: HttpRequest) -> RosterCheck:
    """The list lies in a folder of its own only while it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            out.writelines(file.chunks())
        name = Path(file.name or "list").name
        return check_rosters([LedgerFile(path, name, access.today(request))], words_known())


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: every child with its standing and what is missing; `?as=xlsx` for the school."""
    check, rows = _class(request, pk)
    if request.GET.get("as") == "xlsx":
        columns = [_("Row"), _("Name"), _("Standing"), _("Missing"), _("Checked on")]
        return as_xlsx(f"{check.school} {check.title}", columns, [_cells(row) for row in rows])
    found, who = counts(rows), access.actor(request)
    chosen = request.GET.get("show", "")
    lines = [_line(row) for row in rows]
    context = {
        "check": check,
        "lines": [line for line in lines if not chosen or line["code"] == chosen],
        "tabs": [
            {"title": _("All"), "url": "?", "count": len(rows), "current": not chosen},
            *(
                {"title": label, "url": f"?show={value}", "count": found[value], "tone": TONES[Word(value)],
                 "current": chosen == value}
                for value, label in Word.choices
            ),
        ],
        "not_judged": found[""],
        "caught_up": sum(row.has_caught_up for row in rows),
        "may_judge": who.may(JUDGE, check),
        "may_see_record": bool(who.paths_for("registry.see_record")),
        "is_late": access.today(request) > check.check_by and found[""],
    }  # fmt: skip
    return render(request, "school/class.html", context)


def _class(request: HttpRequest, pk: int) -> tuple[EntryCheck, list[Standing]]:
    check = access.record(request, EntryCheck, SEE, pk=pk)
    rows = standings(check)
    people = [row.child.person for row in rows if row.child.person is not None]
    door.look(SEE, by=access.actor(request), at=access.now(request), people=people)
    return check, rows


def _line(row: Standing) -> dict[str, Any]:
    verdict = row.verdict
    code = verdict.standing if verdict else ""
    return {
        "child": row.child,
        "code": code,
        "word": verdict.get_standing_display() if verdict else _("Not judged yet"),
        "tone": TONES[Word(code) if code else ""],
        "missing": missing_words(verdict),
        "on": verdict.on if verdict else None,
        "caught_up": row.has_caught_up,
        "person": row.child.person_id,
    }


def missing_words(verdict: EntryVerdict | None) -> str:
    """What is missing, in words."""
    doses = verdict.missing if verdict else []
    return "、".join(f"{series_title(series)}{dose_word(number)}" for series, number in doses)


def _cells(row: Standing) -> list[object]:
    line = _line(row)
    return [row.child.row, row.child.name, str(line["word"]), line["missing"], line["on"]]


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the class, or judge it again."""
    check = access.record(request, EntryCheck, JUDGE, pk=pk)
    judge_entry(by=access.actor(request), check=check, on=access.today(request), at=access.now(request))
    messages.success(request, _("Every child of the class was judged. Earlier verdicts stay on record."))
    return redirect("school:class", pk=pk)


@require_GET
def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """Certificates of the children who are complete, each with a code that verifies it."""
    check, rows = _class(request, pk)
    passes = (Word.COMPLETE, Word.CONTRAINDICATED)
    complete = [_line(row) for row in rows if row.verdict and row.verdict.standing in passes]
    return render(request, "school/certificates.html", {"check": check, "lines": complete})


@require_GET
def notices_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice for each guardian whose child has doses missing or no record."""
    check, rows = _class(request, pk)
    open_rows = [_line(row) for row in rows if row.verdict and row.verdict.standing in (Word.MISSING, Word.UNKNOWN)]
    return render(request, "school/notices.html", {"check": check, "lines": open_rows})


@open_to_all
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What a certificate's code says to whoever scans it: the masked name, the class, the standing and its day."""
    found = by_code(code)
    if found is None or found.verdict is None:
        raise Http404
    word = pgettext("certificate", "Genuine")
    context = {
        "word": word,
        "name": masked_name(found.child.name),
        "check": found.child.check_of,
        "verdict": found.verdict,
        "tone": TONES[Word(found.verdict.standing)],
    }
    return render(request, "school/verify.html", context)
