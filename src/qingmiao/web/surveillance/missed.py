"""The audit of missed cards: registers in, cases out, each with its rows, the doctor's answer and the verdict."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.audit import door
from qingmiao.law.months import quarter_before
from qingmiao.privacy.masking import masked_number, masked_phone
from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.audits import (
    AlreadySigned,
    ColumnsUnknown,
    answer_finding,
    decide_finding,
    examine_registers,
    map_columns,
    open_audit,
    take_register_in,
)
from qingmiao.surveillance.actions.cards import ReasonMissing, open_card
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.missed import Figures
from qingmiao.surveillance.models import AuditCase, MissedAudit, Register, RegisterLine
from qingmiao.surveillance.queries.audits import (
    cases_to_answer,
    figures,
    figures_by,
    needs_answer,
    sheet,
    standing,
)
from qingmiao.surveillance.queries.cards import cards_of
from qingmiao.surveillance.registers import card_of, cell, fields, lacking
from qingmiao.surveillance.words import language
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import OnceForm, request_id

FILL = "surveillance.fill_card"
AUDIT, SEE, ANSWER = "surveillance.audit_cards", "surveillance.see_audit", "surveillance.answer_finding"
WHICH = ("all", "missed", "late", "incomplete", "inconsistent", "suspected")


class AuditForm(OnceForm):
    """A new audit: of which place, over which days, how many rows."""

    place = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Audited place"), empty_label=None)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))
    sample_size = forms.IntegerField(
        label=gettext_lazy("Rows to draw from each register"),
        help_text=gettext_lazy("0: all rows. The same rows are drawn whenever the audit is examined."),
        min_value=0,
        initial=0,
    )

    def __init__(self, request: HttpRequest) -> None:
        since, until = quarter_before(access.today(request))
        title = _("{year} Q{quarter} audit of missed cards").format(year=since.year, quarter=(since.month + 2) // 3)
        initial = {"since": since, "until": until, "title": title}
        super().__init__(request.POST if request.method == "POST" else None, initial=initial)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        kinds = (Organisation.Kind.HOSPITAL, Organisation.Kind.CENTRE, Organisation.Kind.COMMUNITY)
        field.queryset = access.actor(request).visible(AUDIT, Organisation).filter(kind__in=kinds).order_by("path")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned


@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The audits so far; begin one."""
    who = access.actor(request)
    if not who.paths_for(SEE):
        raise NotAllowed(SEE)
    may_audit = bool(who.paths_for(AUDIT))
    if request.method == "POST" and not may_audit:
        raise NotAllowed(AUDIT)
    form = AuditForm(request)
    if request.method == "POST" and form.is_valid():
        audit = open_audit(by=who, at=access.now(request), **form.cleaned_data)
        return redirect("missed:audit", pk=audit.pk)
    audits = who.visible(SEE, MissedAudit).select_related("place")
    rows = [{"audit": audit, "figures": figures(standing(audit))} for audit in audits[:40]]
    context = {"form": form, "rows": rows, "may_audit": may_audit}
    return render(request, "surveillance/audits.html", context, status=422 if form.errors else 200)


@require_GET
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """One audit: its registers, its counts, and the cases behind the count that was asked for."""
    found = access.record(request, MissedAudit, SEE, pk=pk)
    who = access.actor(request)
    cases = standing(found)
    asked = {name: request.GET[name] for name in ("doctor", "department", "disease") if name in request.GET}
    which = request.GET.get("which", "missed")
    which = which if which in WHICH else "missed"
    shown = [case for case in cases if _is(case, which) and all(getattr(case, k) == v for k, v in asked.items())]
    if shown:
        door.look(SEE, by=who, at=access.now(request), people=shown)
    if request.GET.get("as") == "xlsx":
        return _as_file(found, shown)
    registers = list(found.registers.order_by("pk"))
    context = {
        "audit": found,
        "registers": [_register(register) for register in registers],
        "figures": figures(cases),
        "counts": _counts(figures(cases), which),
        "which": which,
        "asked": asked,
        "rows": [_line(case) for case in shown],
        "tables": [(title, name, figures_by(cases, name)) for title, name in _groupings()],
        "may_audit": who.may(AUDIT, found),
        "kinds": [(code, words[language()]) for code, words in rule_file("registers")["kinds"].items()],
        "sheet": sheet(found),
        "unmapped": any(lacking(register.mapping) for register in registers),
    }
    return render(request, "surveillance/audit.html", context)


def _as_file(found: MissedAudit, shown: list[AuditCase]) -> HttpResponse:
    """The cases that the page shows, as a spreadsheet."""
    columns = [_("Day"), _("Patient"), _("As written"), _("Disease"), _("Doctor"), _("Department"), _("Missed card"),
               _("Reported late"), _("Differs from the register"), _("The doctor's answer"),
               _("Reason of the verdict")]  # fmt: skip
    rows = [
        (timezone.localdate(case.first_at), line["name"], line["diagnosis"], line["disease"], case.doctor,
         case.department,
         "×" if case.is_missed else "", "×" if case.is_late else "", "、".join(line["differs"]),
         f"{case.get_answer_display() if case.answer else ''} {case.answer_text}".strip(), case.verdict_reason)
        for case, line in ((case, _line(case)) for case in shown)
    ]  # fmt: skip
    return as_xlsx(found.title, columns, rows)


def _groupings() -> tuple[tuple[str, str], ...]:
    return (
        (_("Doctor"), "doctor"),
        (_("Department"), "department"),
        (_("Disease"), "disease"),
        (_("Quarter"), "quarter"),
    )


def _is(case: AuditCase, which: str) -> bool:
    if which == "all":
        return True
    return bool(case.differs) if which == "inconsistent" else bool(getattr(case, f"is_{which}"))


def _counts(counts: Figures, current: str) -> list[dict[str, Any]]:
    words = (
        ("all", _("To be reported"), counts.should_report, "is-due"),
        ("missed", _("Missed card"), counts.missed, "is-stop"),
        ("late", _("Reported late"), counts.late, "is-wait"),
        ("incomplete", _("Incomplete"), counts.incomplete, "is-wait"),
        ("inconsistent", _("Differs from the register"), counts.inconsistent, "is-wait"),
    )
    return [
        {
            "count": count,
            "label": label,
            "tone": tone,
            "url": f"?which={code}",
            "current": code == current,
            "keep": True,
        }
        for code, label, count, tone in words
    ]


def _register(register: Register) -> dict[str, Any]:
    words: str = rule_file("registers")["kinds"][register.kind][language()]
    return {"register": register, "kind": words, "lacking": lacking(register.mapping)}


def _line(case: AuditCase) -> dict[str, Any]:
    """What the list shows of a case."""
    line = case.lines.select_related("register").order_by("line").first()
    mapping = line.register.mapping if line else {}
    return {
        "case": case,
        "name": cell(line.cells, mapping, "name") if line else "",
        "diagnosis": cell(line.cells, mapping, "diagnosis") if line else "",
        "row": line.line if line else None,
        "disease": _disease(case),
        "differs": [_difference(name) for name in case.differs],
    }


def _disease(case: AuditCase) -> str:
    found = diseases()[case.disease]
    return found.name if language() == "zh" else found.name_en


def _difference(name: str) -> str:
    words = {"name": _("Name"), "sex": _("Sex"), "age": _("Age"), "diagnosed_at": _("Day of the diagnosis")}
    return words[name]


@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a register file in."""
    found = access.record(request, MissedAudit, AUDIT, pk=pk)
    file, kind = request.FILES.get("file"), request.POST.get("kind", "")
    if file is None or kind not in rule_file("registers")["kinds"]:
        messages.error(request, _("Choose a file, and which register it is."))
        return redirect("missed:audit", pk=pk)
    try:
        register = take_register_in(
            by=access.actor(request), audit=found, kind=kind, file=file, name=file.name or "", at=access.now(request)
        )
    except FileRefused:
        messages.error(
            request, _("No table with a header was found in this file. Save it as .xlsx or .csv and try again.")
        )
        return redirect("missed:audit", pk=pk)
    except AlreadySigned as signed:
        messages.error(request, str(signed))
        return redirect("missed:audit", pk=pk)
    return redirect("missed:columns", pk=pk, register=register.pk)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int, register: int) -> HttpResponse:
    """Which column is which: proposed by their words, corrected by a person."""
    found = access.record(request, MissedAudit, AUDIT, pk=pk)
    table = found.registers.filter(pk=register).first()
    if table is None:
        raise Http404
    who, at = access.actor(request), access.now(request)
    if request.method == "POST":
        sent = {name: request.POST.get(name, "") for name in fields()}
        mapping = {name: int(column) for name, column in sent.items() if column.isdigit()}
        map_columns(by=who, register=table, mapping=mapping, at=at)
        if not (missing := lacking(mapping)):
            return redirect("missed:audit", pk=pk)
        words = "、".join(fields()[name][language()] for name in missing)
        messages.error(request, _("Say which columns these are: {words}").format(words=words))
        return redirect("missed:columns", pk=pk, register=register)
    example = table.lines.order_by("line").first()
    door.look(SEE, by=who, at=at, people=[table])
    context = {
        "audit": found,
        "register": table,
        "header": list(enumerate(table.header)),
        "rows": [
            {"name": name, "label": entry[language()], "column": table.mapping.get(name),
             "example": _masked(name, cell(example.cells, table.mapping, name)) if example else ""}
            for name, entry in fields().items()
        ],
        "lacking": lacking(table.mapping),
    }  # fmt: skip
    return render(request, "surveillance/columns.html", context)


def _masked(name: str, text: str) -> str:
    return masked_number(text) if name == "number" else masked_phone(text) if name == "phone" else text


@require_POST
def examine(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the cases and match them to the cards."""
    found = access.record(request, MissedAudit, AUDIT, pk=pk)
    try:
        examine_registers(by=access.actor(request), audit=found, at=access.now(request), request_id=request_id(request))
        counts = figures(standing(found))
        messages.success(
            request,
            _("{should_report} cases found, {missed} without a card, {late} late.").format(
                should_report=counts.should_report, missed=counts.missed, late=counts.late
            ),
        )
    except (ColumnsUnknown, AlreadySigned) as refused:
        messages.error(request, str(refused))
    return redirect("missed:audit", pk=pk)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What the audits say about the doctor who asks."""
    who = access.actor(request)
    if not who.paths_for(ANSWER):
        raise NotAllowed(ANSWER)
    found = cases_to_answer(who)
    if found:
        door.look(ANSWER, by=who, at=access.now(request), people=found)
    return render(request, "surveillance/mine.html", {"rows": [_line(one) for one in found]})


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, pk: int, case: int) -> HttpResponse:
    """One case: its rows as written, its card, the answer of the doctor, the verdict of the auditor."""
    who, at = access.actor(request), access.now(request)
    found = _case(request, pk, case)
    if request.method == "POST" and "write_card" in request.POST:
        return _write_card(request, found)
    if request.method == "POST":
        try:
            _say(request, found)
            return redirect("missed:case", pk=pk, case=case)
        except (ReasonMissing, AlreadySigned) as refused:
            messages.error(request, str(refused))
    door.look(SEE, by=who, at=at, people=[found])
    lines = list(found.lines.select_related("register").order_by("line"))
    context = {
        "audit": found.audit,
        "case": found,
        "disease": _disease(found),
        "tables": [_raw(line, found.words) for line in lines],
        "differs": [_difference(name) for name in found.differs],
        "may_see_card": found.card is not None and cards_of(who).filter(pk=found.card_id or 0).exists(),
        "answers": [choice for choice in AuditCase.Answer.choices if choice[0]],
        "may_write": found.card is None and found.verdict != "withdrawn" and who.may(FILL, found.audit.place),
        "may_answer": found.doctor == who.name and needs_answer(found),
        "may_decide": who.may(AUDIT, found.audit) and needs_answer(found),
    }
    return render(request, "surveillance/case.html", context)


def _case(request: HttpRequest, audit: int, pk: int) -> AuditCase:
    """The case, for whoever reads the audit or is the doctor it names; else 404."""
    who = access.actor(request)
    if who.paths_for(SEE) and who.visible(SEE, MissedAudit).filter(pk=audit).exists():
        found = AuditCase.objects.filter(pk=pk, audit_id=audit)
    else:
        place = access.record(request, MissedAudit, ANSWER, pk=audit)
        found = AuditCase.objects.filter(pk=pk, audit=place, doctor=who.name)
    case = found.select_related("audit", "audit__place", "card").first()
    if case is None:
        raise Http404
    return case


def _write_card(request: HttpRequest, found: AuditCase) -> HttpResponse:
    """Begin the missing card with what the register says; it is late, and says so when it is reported."""
    first = found.lines.select_related("register", "register__audit").order_by("line").first()
    content = card_of(first.cells, first.register.mapping, found.disease, found.audit.since.year) if first else {}
    card = open_card(
        by=access.actor(request), place=found.audit.place, at=access.now(request), content=content,
        request_id=request_id(request),
    )  # fmt: skip
    return redirect("cards:write", pk=card.pk)


def _say(request: HttpRequest, found: AuditCase) -> None:
    common: dict[str, Any] = {
        "by": access.actor(request),
        "case": found,
        "version": int(request.POST.get("version") or found.version),
        "at": access.now(request),
        "request_id": request_id(request),
    }
    if "verdict" in request.POST:
        is_upheld = request.POST["verdict"] == "upheld"
        decide_finding(**common, is_upheld=is_upheld, reason=request.POST.get("reason", ""))
        messages.success(request, _("Verdict written down."))
    else:
        answer_finding(**common, answer=request.POST.get("answer", ""), text=request.POST.get("text", ""))
        messages.success(request, _("Answer written down."))


def _raw(line: RegisterLine, words: str) -> dict[str, Any]:
    """A row as it came: header and cell, numbers masked, the cell that the finding rests on marked."""
    masked = {line.register.mapping.get("number"): masked_number, line.register.mapping.get("phone"): masked_phone}
    cells = [
        {"head": head, "text": masked.get(place, str)(text), "is_said": any(word in text for word in words.split("、"))}
        for place, (head, text) in enumerate(zip(line.register.header, line.cells, strict=False))
        if text
    ]
    return {"line": line, "cells": cells}


def count_to_answer(by: Any, at: Any) -> int:
    """How many findings wait for this doctor, for the left column."""
    return len(cases_to_answer(by))
