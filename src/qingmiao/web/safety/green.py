"""The green channel: the emergency sheet, a rescue with its clock, hospital, kit, drills."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.law.dated import rule_file
from qingmiao.registry.models import Dose
from qingmiao.safety.actions.green import (
    Hospital,
    Line,
    check_kit,
    close_drill,
    go_on_with_rescue,
    note_treatment,
    pair_hospital,
    plan_drill,
    raise_alarm,
    weigh,
)
from qingmiao.safety.green import STEPS, kit, next_step, step_word, target_minutes
from qingmiao.safety.models import Drill, KitCheck, Pairing, Rescue, Treatment
from qingmiao.safety.queries.green import (
    compared,
    intervals_of,
    newest_check,
    pairing_of,
    phones_on_duty,
    rescues_of,
    treatments_of,
)
from qingmiao.safety.rules import Refused, adrenaline
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.once import request_id
from qingmiao.web.safety.shared import (
    CHECK,
    KEEP,
    RESCUE,
    age_months,
    attempt,
    language,
    looked_at,
    site_for,
    strip,
    who_may,
    words,
)

PHONE_LINES = 4
SEE_CHANNEL = "safety.see_green_channel"


def _sheet(dose: Dose | None, weight: Decimal | None, on: date) -> dict[str, Any]:
    """The emergency sheet: how much adrenaline, by which rule, and what else, in order."""
    file = rule_file("safety", "emergency")
    months = age_months(dose, on) if dose is not None else None
    return {
        "dose": adrenaline(months, float(weight) if weight else None),
        "months": months,
        "weight": weight,
        "route": words(file["adrenaline"]["route"]),
        "steps": [words(step) for step in file["steps"]],
        "source": words(file["source"]),
        "is_from_memory": file["from_memory"],
    }


@require_GET
def emergency(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet for one person, before or without an alarm."""
    dose = access.record(request, Dose, RESCUE, pk=pk)
    looked_at(request, [dose.person])
    context = {
        "dose": dose,
        "person": strip(dose.person),
        "sheet": _sheet(dose, _weight(request.GET.get("kg", "")), access.today(request)),
        "running": dose.rescues.filter(is_over=False).first(),
        "pairing": (pairing := pairing_of(dose.site) if dose.site else None),
        "phones": _phones(pairing, access.now(request)),
    }
    return render(request, "safety/emergency.html", context)


def _weight(text: str) -> Decimal | None:
    try:
        weight = Decimal(text.strip())
    except InvalidOperation:
        return None
    return weight if 1 <= weight <= 300 else None


def _phones(pairing: Pairing | None, at: datetime) -> list[dict[str, str]]:
    if pairing is None:
        return []
    return [
        {"name": phone.name, "what": phone.what, "number": phone.number.reveal()}
        for phone in phones_on_duty(pairing, at)
    ]


@require_POST
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """The button: the channel is open, the clock runs."""
    dose = access.record(request, Dose, RESCUE, pk=pk)
    site = dose.site
    raised = attempt(
        request,
        lambda: raise_alarm(
            by=access.actor(request),
            site=site or site_for(request, RESCUE),
            dose=dose,
            what=request.POST.get("what", ""),
            at=access.now(request),
            request_id=request_id(request),
        ),
    )
    return redirect("safety:rescue", raised.pk) if raised else redirect("safety:emergency", pk)


@require_http_methods(["GET", "POST"])
def rescue(request: HttpRequest, pk: int) -> HttpResponse:
    """A rescue or drill under way: the next step as one button, the phones, the sheet, what was given."""
    found = access.record(request, Rescue, RESCUE, pk=pk)
    at = access.now(request)
    if request.method == "POST":
        attempt(request, lambda: _went_on(request, found, at))
        return redirect("safety:rescue", pk)
    if found.dose is not None:
        looked_at(request, [found.dose.person])
    return render(request, "safety/rescue.html", _rescue_context(found, at, access.today(request)))


def _rescue_context(found: Rescue, at: datetime, today: date) -> dict[str, Any]:
    done = {step.step: step for step in found.steps.all()}
    following = next_step(done)
    return {
        "rescue": found,
        "person": strip(found.dose.person) if found.dose else None,
        "rows": [
            {
                "word": step_word(one.step, language()),
                "one": one,
                "said": done[one.step].note if one.step in done else "",
                "target": target_minutes(one.step),
            }
            for one in intervals_of(found)
        ],
        "minutes": int((at - done[STEPS[0]].at).total_seconds() // 60),
        "next": following,
        "next_word": step_word(following, language()) if following else "",
        "later": [(step, step_word(step, language())) for step in _after(following)],
        "sheet": _sheet(found.dose, found.weight_kg, today),
        "phones": _phones(found.pairing, at),
        "treatments": [
            {"at": one.at, "text": f"{one.get_what_display()} {one.text.reveal()}"} for one in treatments_of(found)
        ],
        "whats": Treatment.What.choices,
    }  # fmt: skip


def _after(step: str | None) -> tuple[str, ...]:
    """The steps behind the next one, to which a rescue may jump when one was left out."""
    return STEPS[STEPS.index(step) + 1 : -1] if step else ()


def _went_on(request: HttpRequest, found: Rescue, at: datetime) -> Any:
    by, posted, asked = access.actor(request), request.POST, request_id(request)
    if "step" in posted:
        return go_on_with_rescue(
            by=by, rescue=found, step=posted["step"], said=posted.get("said", ""), at=at, request_id=asked
        )
    if "kg" in posted:
        weight = _weight(posted["kg"])
        if weight is None:
            raise Refused(_("A weight lies between 1 and 300 kg."))
        return weigh(by=by, rescue=found, weight_kg=weight, request_id=asked)
    if posted.get("what") not in Treatment.What.values:
        raise Refused(_("Choose what was given or measured."))
    return note_treatment(
        by=by,
        site=found.site,
        rescue=found,
        what=Treatment.What(posted["what"]),
        text=posted.get("text", ""),
        at=at,
        request_id=asked,
    )


@require_GET
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that goes with the patient: who, which dose, what was seen and given, minute by minute."""
    found = access.record(request, Rescue, RESCUE, pk=pk)
    if found.dose is not None:
        looked_at(request, [found.dose.person])
    context = _rescue_context(found, access.now(request), access.today(request))
    reaction = found.dose.reactions.order_by("-pk").first() if found.dose else None
    return render(request, "safety/transfer.html", context | {"reaction": reaction, "printed_at": access.now(request)})


@require_GET
def channel(request: HttpRequest) -> HttpResponse:
    """The green channel of a site: whom to ring now, the way, the kit, rescues and drills with their minutes."""
    who, at = who_may(request, SEE_CHANNEL), access.now(request)
    site = site_for(request, SEE_CHANNEL)
    pairing, check = pairing_of(site), newest_check(site)
    rescues = list(rescues_of(who).filter(site=site)[:30]) if who.paths_for(RESCUE) else []
    looked_at(request, [one.dose.person for one in rescues if one.dose])
    context = {
        "site": site,
        "place": site.name,
        "pairing": pairing,
        "phones": _phones(pairing, at),
        "all_phones": list(pairing.phones.order_by("rank", "pk")) if pairing else [],
        "check": check,
        "faults": _fault_words(check),
        "is_checked_today": check is not None and check.at.astimezone().date() == access.today(request),
        "rescues": [{"rescue": one, "intervals": intervals_of(one)} for one in rescues],
        "steps": [step_word(step, language()) for step in STEPS[1:]],
        "compared": [{"word": step_word(one.step, language()), "one": one, "target": target_minutes(one.step)}
                     for one in compared(who)] if who.paths_for(RESCUE) else [],
        "drills": list(Drill.objects.filter(site=site).order_by("-planned_on", "-pk")[:20]),
        "may_keep": who.may(KEEP, site),
        "may_check": who.may(CHECK, site),
    }  # fmt: skip
    return render(request, "safety/green.html", context)


def _fault_words(check: KitCheck | None) -> list[str]:
    names = {item.code: item.in_language(language()) for item in kit()}
    return [names[code] for code in check.faults if code in names] if check else []


@require_http_methods(["GET", "POST"])
def hospital(request: HttpRequest) -> HttpResponse:
    """The paired hospital and its phones by hour."""
    site = site_for(request, KEEP)
    if request.method == "POST":
        done = attempt(request, lambda: _paired(request, site))
        if done is not None:
            messages.success(request, _("Written down."))
            return redirect("safety:green")
    pairing = pairing_of(site)
    context = {
        "site": site,
        "place": site.name,
        "pairing": pairing,
        "lines": _lines_shown(request, pairing),
        "typed": request.POST,
    }
    return render(request, "safety/hospital.html", context, status=422 if request.method == "POST" else 200)


def _lines_shown(request: HttpRequest, pairing: Pairing | None) -> list[dict[str, Any]]:
    """The lines of phones: as typed, else as on record, else empty."""
    empty = {"name": "", "what": "", "number": "", "days": "1234567", "from": "00:00", "until": "00:00"}
    rows = [
        {"name": phone.name, "what": phone.what, "number": phone.number.reveal(), "days": phone.weekdays,
         "from": phone.from_time.strftime("%H:%M"), "until": phone.until_time.strftime("%H:%M")}
        for phone in (pairing.phones.order_by("rank", "pk") if pairing else ())
    ]  # fmt: skip
    rows = (rows + [empty] * PHONE_LINES)[: max(PHONE_LINES, len(rows))]
    if request.method != "POST":
        return rows
    return [{key: request.POST.get(f"{key}-{n}", row[key]) for key in empty} for n, row in enumerate(rows)]


def _paired(request: HttpRequest, site: Organisation) -> Pairing:
    posted = request.POST
    minutes = posted.get("drive_minutes", "")
    return pair_hospital(
        by=access.actor(request),
        site=site,
        hospital=Hospital(
            posted.get("hospital", ""),
            posted.get("department", ""),
            posted.get("address", ""),
            posted.get("route", ""),
            int(minutes) if minutes.isdigit() else None,
        ),
        phones=[line for n in range(20) if (line := _line(request, n)) is not None],
        on=access.today(request),
        request_id=request_id(request),
    )


def _line(request: HttpRequest, n: int) -> Line | None:
    posted = request.POST
    number = posted.get(f"number-{n}", "").strip()
    if not number:
        return None
    try:
        hours = [time.fromisoformat(posted.get(f"{edge}-{n}") or "00:00") for edge in ("from", "until")]
    except ValueError:
        raise Refused(_("Write hours as 08:00.")) from None
    return Line(
        name=posted.get(f"name-{n}", "").strip() or _("Duty"),
        number=number,
        what=posted.get(f"what-{n}", "").strip(),
        weekdays=posted.get(f"days-{n}", "").strip() or "1234567",
        from_time=hours[0],
        until_time=hours[1],
        rank=n + 1,
    )


@require_http_methods(["GET", "POST"])
def kit_page(request: HttpRequest) -> HttpResponse:
    """Count the emergency kit: how many, until when."""
    site = site_for(request, CHECK)
    if request.method == "POST":
        done = attempt(request, lambda: _counted(request, site))
        if done is not None:
            if not done.faults:
                messages.success(request, _("Counted. Everything is there and in date."))
            return redirect("safety:green")
    check = newest_check(site)
    before = {line["code"]: line for line in check.lines} if check else {}
    context = {
        "site": site,
        "place": site.name,
        "check": check,
        "rows": [
            {
                "item": item,
                "title": item.in_language(language()),
                "unit": words(dict(item.unit)),
                "quantity": request.POST.get(f"q-{item.code}", ""),
                "expires_on": request.POST.get(f"e-{item.code}", before.get(item.code, {}).get("expires_on", "")),
                "before": before.get(item.code, {}).get("quantity"),
            }
            for item in kit()
        ],
    }
    return render(request, "safety/kit.html", context, status=422 if request.method == "POST" else 200)


def _counted(request: HttpRequest, site: Organisation) -> KitCheck:
    lines = []
    for item in kit():
        quantity, day = request.POST.get(f"q-{item.code}", ""), request.POST.get(f"e-{item.code}", "")
        if not quantity.isdigit():
            raise Refused(
                _("Count {item}: a whole number, 0 if there is none.").format(item=item.in_language(language()))
            )
        try:
            expires_on = date.fromisoformat(day).isoformat() if day else ""
        except ValueError:
            raise Refused(
                _("Write the last day of {item} as 2027-03-31.").format(item=item.in_language(language()))
            ) from None
        lines.append({"code": item.code, "quantity": int(quantity), "expires_on": expires_on})
    return check_kit(
        by=access.actor(request),
        site=site,
        lines=lines,
        remark=request.POST.get("remark", ""),
        at=access.now(request),
        request_id=request_id(request),
    )


@require_POST
def drills(request: HttpRequest) -> HttpResponse:
    """Plan a drill."""
    site = site_for(request, KEEP)
    attempt(request, lambda: _planned(request, site))
    return redirect("safety:green")


def _planned(request: HttpRequest, site: Organisation) -> Drill:
    try:
        day = date.fromisoformat(request.POST.get("planned_on", ""))
    except ValueError:
        raise Refused(_("Choose the day of the drill.")) from None
    return plan_drill(
        by=access.actor(request),
        site=site,
        planned_on=day,
        scenario=request.POST.get("scenario", ""),
        people=request.POST.get("people", ""),
        request_id=request_id(request),
    )


@require_POST
def drill(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a drill, or write what was learned."""
    found = access.record(request, Drill, KEEP, pk=pk)
    by, at = access.actor(request), access.now(request)
    if "lessons" in request.POST:
        attempt(request, lambda: close_drill(by=by, drill=found, lessons=request.POST["lessons"], at=at))
        return redirect("safety:green")
    begun = attempt(
        request,
        lambda: raise_alarm(
            by=by, site=found.site, drill=found, what=found.scenario, at=at, request_id=request_id(request)
        ),
    )
    return redirect("safety:rescue", begun.pk) if begun else redirect("safety:green")
