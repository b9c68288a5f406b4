"""Rewards and penalties: rules by their day, what they would do, the quarter's sheet, objections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.audits import (
    AlreadySigned,
    decide_objection,
    make_sheet,
    object_to_sheet,
    propose_rewards,
    put_rewards_in_force,
    sign_sheet,
)
from qingmiao.surveillance.actions.cards import ReasonMissing
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.models import MissedAudit, RewardRule
from qingmiao.surveillance.queries.audits import sheet as sheet_of_audit
from qingmiao.surveillance.queries.audits import simulated
from qingmiao.surveillance.rewards import Line, kinds
from qingmiao.surveillance.words import language
from qingmiao.web import access
from qingmiao.web.fields import SignatureField
from qingmiao.web.once import OnceForm, request_id

AUDIT, SEE, SIGN = "surveillance.audit_cards", "surveillance.see_audit", "surveillance.sign_sheet"
PROPOSE, DECIDE = "surveillance.propose_rewards", "surveillance.decide_rewards"


class RewardForm(OnceForm):
    """A proposed rule: from which day, how much for what, by which decision."""

    place = forms.ModelChoiceField(
        Organisation.objects.none(), label=pgettext_lazy("surveillance", "Where"), empty_label=None
    )
    effective_from = forms.DateField(
        label=gettext_lazy("Effective from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=gettext_lazy("Decision it rests on"), max_length=200)

    def __init__(self, request: HttpRequest) -> None:
        initial = {"effective_from": access.today(request)}
        super().__init__(request.POST if request.method == "POST" else None, initial=initial)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)
        wanted = (Organisation.Kind.HOSPITAL, Organisation.Kind.CENTRE)
        field.queryset = access.actor(request).visible(PROPOSE, Organisation).filter(kind__in=wanted).order_by("path")
        for kind, entry in kinds().items():
            self.fields[kind] = forms.IntegerField(
                label=str(entry[language()]),
                min_value=0,
                max_value=100_000,
                initial=rule_file("rewards")["example"][kind],
                help_text=_("yuan a card, paid") if entry["sign"] == 1 else _("yuan a card, deducted"),
            )

    def amounts(self) -> dict[str, int]:
        """What was typed for each kind."""
        return {kind: self.cleaned_data[kind] for kind in kinds()}


class SignForm(forms.Form):
    """The signature of the head."""

    signature = SignatureField()


@require_http_methods(["GET", "POST"])
def rewards(request: HttpRequest) -> HttpResponse:
    """The rules by their day; propose one; look at what it would have done to the last audit."""
    who = access.actor(request)
    if not who.paths_for(SEE):
        raise NotAllowed(SEE)
    if request.method == "POST" and not who.paths_for(PROPOSE):
        raise NotAllowed(PROPOSE)
    form = RewardForm(request)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        propose_rewards(
            by=who, place=cleaned["place"], effective_from=cleaned["effective_from"], amounts=form.amounts(),
            reason=cleaned["reason"], at=access.now(request), request_id=cleaned["request_id"],
        )  # fmt: skip
        return redirect("missed:rewards")
    context = {
        "form": form,
        "may_propose": bool(who.paths_for(PROPOSE)),
        "rows": [_rule(who, rule) for rule in _rules(who)],
        "kinds": [entry[language()] for entry in kinds().values()],
    }
    return render(request, "surveillance/rewards.html", context, status=422 if form.errors else 200)


def _rules(who: Actor) -> list[RewardRule]:
    seen = who.visible(PROPOSE, RewardRule) | who.visible(DECIDE, RewardRule)
    return list(seen.select_related("place").distinct()[:30])


def _rule(who: Actor, rule: RewardRule) -> dict[str, Any]:
    """A rule with what it would have done to the last examined audit of its place."""
    audit = MissedAudit.objects.filter(place=rule.place, examined_at__isnull=False).first()
    lines = simulated(audit, rule.amounts) if audit else []
    return {
        "rule": rule,
        "amounts": [rule.amounts.get(kind, 0) for kind in kinds()],
        "audit": audit,
        "lines": lines,
        "yuan": sum(line.yuan for line in lines),
        "may_decide": rule.decided_at is None and who.may(DECIDE, rule),
    }


@require_POST
def in_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a proposed rule in force."""
    rule = access.record(request, RewardRule, DECIDE, pk=pk)
    version = int(request.POST.get("version") or rule.version)
    put_rewards_in_force(by=access.actor(request), rule=rule, version=version, at=access.now(request))
    messages.success(request, _("In force from {day}.").format(day=rule.effective_from.isoformat()))
    return redirect("missed:rewards")


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The quarter's sheet by doctor: made by the rule in force, to be signed, printed, objected to."""
    found, is_reader = _readable(request, pk)
    who = access.actor(request)
    if request.method == "POST":
        found = access.record(request, MissedAudit, AUDIT, pk=pk)
        rule = rule_for(found)
        if rule is None:
            messages.error(request, _("No rule is in force for these days. Propose one; the head puts it in force."))
            return redirect("missed:rewards")
        try:
            make_sheet(by=who, audit=found, rule=rule, at=access.now(request), request_id=request_id(request))
        except (AlreadySigned, ReasonMissing) as refused:
            messages.error(request, str(refused))
        return redirect("missed:sheet", pk=pk)
    made = sheet_of_audit(found)
    lines = [Line(**line) for line in made.lines] if made else []
    shown = lines if is_reader else [line for line in lines if line.doctor == who.name]
    objections = list(made.objections.order_by("pk")) if made else []
    context = {
        "audit": found,
        "sheet": made,
        "lines": [(line, [line.counts[kind] for kind in kinds()]) for line in shown],
        "yuan": sum(line.yuan for line in shown),
        "kinds": [entry[language()] for entry in kinds().values()],
        "objections": objections if is_reader else [one for one in objections if one.doctor == who.name],
        "signature": made.signature.reveal() if made and made.signature else "",
        "may_make": who.may(AUDIT, found) and not (made and made.signed_at),
        "may_sign": made is not None and made.signed_at is None and who.may(SIGN, found),
        "may_decide": who.may(SIGN, found),
        "may_object": any(line.doctor == who.name for line in lines),
        "is_reader": is_reader,
    }
    return render(request, "surveillance/sheet.html", context)


def _readable(request: HttpRequest, pk: int) -> tuple[MissedAudit, bool]:
    """The audit, and whether the actor reads all of it; a doctor whom it names reads the own line."""
    who = access.actor(request)
    if who.paths_for(SEE) and who.visible(SEE, MissedAudit).filter(pk=pk).exists():
        return access.record(request, MissedAudit, SEE, pk=pk), True
    found = access.record(request, MissedAudit, "surveillance.answer_finding", pk=pk)
    made = sheet_of_audit(found)
    if made is None or who.name not in {line["doctor"] for line in made.lines}:
        raise Http404
    return found, False


def rule_for(audit: MissedAudit) -> RewardRule | None:
    """The rule that was in force at the end of the audited days, None when there was none."""
    rules = RewardRule.objects.filter(place=audit.place, decided_at__isnull=False, effective_from__lte=audit.until)
    return rules.order_by("-effective_from", "-pk").first()


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The head signs."""
    found = access.record(request, MissedAudit, SIGN, pk=pk)
    made = sheet_of_audit(found)
    if made is None:
        raise Http404
    form = SignForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["signature"][0]))
        return redirect("missed:sheet", pk=pk)
    signature = form.cleaned_data["signature"]
    try:
        sign_sheet(
            by=access.actor(request), quarter_sheet=made, version=int(request.POST.get("version") or made.version),
            signature=signature.path or signature.typed, at=access.now(request), request_id=request_id(request),
        )  # fmt: skip
        messages.success(request, _("Signed."))
    except (AlreadySigned, ReasonMissing) as refused:
        messages.error(request, str(refused))
    return redirect("missed:sheet", pk=pk)


@require_POST
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """A doctor objects to the own line."""
    found, _is_reader = _readable(request, pk)
    made = sheet_of_audit(found)
    if made is None:
        raise Http404
    try:
        object_to_sheet(
            by=access.actor(request), quarter_sheet=made, text=request.POST.get("text", ""), at=access.now(request),
            request_id=request_id(request),
        )  # fmt: skip
        messages.success(request, _("Your objection is written down; the head decides it."))
    except ReasonMissing as refused:
        messages.error(request, str(refused))
    return redirect("missed:sheet", pk=pk)


@require_POST
def decide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The head decides an objection."""
    found = access.record(request, MissedAudit, SIGN, pk=pk)
    made = sheet_of_audit(found)
    one = made.objections.filter(pk=number).first() if made else None
    if one is None:
        raise Http404
    try:
        decide_objection(
            by=access.actor(request), objection=one, version=int(request.POST.get("version") or one.version),
            is_granted=request.POST.get("granted") == "yes", decision=request.POST.get("decision", ""),
            at=access.now(request), request_id=request_id(request),
        )  # fmt: skip
    except ReasonMissing as refused:
        messages.error(request, str(refused))
    return redirect("missed:sheet", pk=pk)
