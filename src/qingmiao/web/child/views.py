"""The child's page: who, what may be given today and what not, the chart, every dose with its verdict."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from qingmiao.engine.reasons import EVALUATION_REASON
from qingmiao.engine.today import Offer, Refusal
from qingmiao.law.dated import threshold
from qingmiao.registry.ledger.problems import texts_of
from qingmiao.registry.models import Management, Person
from qingmiao.registry.queries.facts import facts_of
from qingmiao.registry.queries.imports import findings_about
from qingmiao.registry.queries.people import MOST, find_people
from qingmiao.schedule.child import ChildRecord, RecordedDose, record_of
from qingmiao.schedule.major_codes import is_from_memory
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.child.chart import record_chart, table_rows
from qingmiao.web.child.facts import facts_shown
from qingmiao.web.child.words import (
    dose_name,
    dose_word,
    finding_text,
    in_language,
    product_title,
    series_title,
    taken_as,
)
from qingmiao.web.liaison.shown import language
from qingmiao.web.status import Tone

SEE = "registry.see_record"
ENTER = "registry.enter_old_dose"
MANAGE = "registry.manage_child"
FACTS = "registry.record_fact"
PLAIN_AMOUNT = re.compile(r"[\d.]+ m[Ll]")  # longer ones are worded in English by the rule files


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Find a child by name, initials, number or phone; or write down a new one."""
    who = access.actor(request)
    if not who.paths_for(SEE):
        raise NotAllowed(SEE)
    text = request.GET.get("q", "").strip()
    found = find_people(who.visible(SEE, Person), text) if text else []
    if found:
        access.looked_at(request, "registry.search", found)
    context = {
        "text": text,
        "found": [strip_of(person) for person in found],
        "is_cut": len(found) == MOST,
        "may_register": bool(who.paths_for(MANAGE)),
    }
    return render(request, "child/find.html", context)


def strip_of(person: Person) -> dict[str, Any]:
    """Who a child is, as its pages and lists show it."""
    number = person.identifiers.order_by("pk").first()
    guardian = person.guardians.order_by("pk").first()
    phone = person.phones.order_by("pk").first()
    return {
        "pk": person.pk,
        "name": person.name or "—",
        "sex": person.get_sex_display(),
        "born_on": person.birth_date,
        "number": number.masked if number else "",
        "phone": phone.masked if phone else "",
        "unit": person.home.name if person.home else "",
        "group": _("guardian %(name)s") % {"name": guardian.name} if guardian else "",
        "note": person.get_residence_display(),
    }


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One child's page."""
    person = access.record(request, Person, SEE, pk=pk)
    who, today = access.actor(request), access.today(request)
    record, facts = record_of(person, on=today), facts_of([pk]).get(pk, {})
    context = {
        "person": person,
        "strip": strip_of(person),
        "allergies": "、".join([*facts.get("allergies", ()), *map(series_title, facts.get("anaphylaxis_after", ()))]),
        "facts": facts_shown(facts),
        "is_here": person.status == Person.Status.PRESENT,
        "record": record,
        "may": [offer_shown(offer) for offer in record.today.may if not offer.replaces],
        "instead": [offer_shown(offer) for offer in record.today.may if offer.replaces],
        "may_not": [refusal_shown(refusal) for refusal in record.today.may_not],
        "asks": [in_language(said.text) for said in record.today.asks],
        "notes": [in_language(said.text) for said in record.today.notes],
        "gap": gap_warning(record),
        "chart": {"svg": record_chart(record), "rows": table_rows(record)},
        "legend": [_("● given"), _("○ due"), _("✕ does not count"), _("━ late"), _("grey: printed time")],
        "columns": [_("Vaccine"), _("Counts"), _("Does not count"), pgettext("dose", "Next")],
        "source": _("rules %(ruleset)s, judged %(day)s") % {"ruleset": record.judgement.ruleset, "day": today},
        "talk_over": threshold("schedule", "lists", "injections_to_talk_over"),
        "classes_from_memory": is_from_memory(),
        "doses": [dose_shown(row, record) for row in record.doses],
        "birth_dose": birth_dose_shown(record),
        "findings": [texts_of(code, language()) for code in findings_about(person)],
        "managements": list(person.managements.select_related("unit")),
        "guardians": list(person.guardians.order_by("pk")),
        "endings": Management.Ending,
        "may_enter": who.may(ENTER, person),
        "may_manage": who.may(MANAGE, person),
        "may_state": who.may(FACTS, person),
        "may_write": bool(who.paths_for("outreach.write")),
    }
    return render(request, "child/record.html", context)


def offer_shown(offer: Offer) -> dict[str, Any]:
    """One line of what may be given today."""
    counts = "、".join(f"{series_title(group)} {dose_word(number)}" for group, _series, number in offer.counts_as)
    side = {"left": _("left"), "right": _("right")}.get(offer.site.side or "", "") if offer.site else ""
    return {
        "name": in_language(offer.name),
        "counts": counts,
        "is_overdue": offer.is_overdue,
        "amount": offer.amount if PLAIN_AMOUNT.fullmatch(offer.amount) else "",
        "site": f"{side} {in_language(offer.site.name)}".strip() if offer.site else "",
        "replaces": "、".join(product_title(family) for family in offer.replaces),
        "said": [said_shown(said) for said in offer.said],
    }


def refusal_shown(refusal: Refusal) -> dict[str, Any]:
    """One line of what may not be given today."""
    return {
        "name": in_language(refusal.name),
        "until": refusal.until,
        "code": refusal.said[0].code if refusal.said else "",
        "reason": reason_word(refusal.said[0].code) if refusal.said else "",
        "said": [said_shown(said) for said in refusal.said],
    }


def said_shown(said: Any) -> dict[str, Any]:
    """A text of the rules, with the rule it rests on and whether somebody still has to confirm it."""
    return {
        "text": in_language(said.text),
        "rule": said.rule_id,
        "from_memory": said.confidence.startswith("M"),
    }


def verdict_word(code: str) -> str:
    """Why a dose on record does not count, in a few words."""
    words = next((words for words in EVALUATION_REASON.values() if words.code == code), None)
    return "" if words is None else words.en.lower() if language() == "en" else words.zh


def reason_word(code: str) -> str:
    """Why a product may not be given today, in a few words."""
    ours = {
        "contraindicated": _("contraindicated"),
        "use_other_product": _("use another product"),
        "wrong_product": _("another vaccine is next"),
        "apart_from_covid": _("too soon after the COVID-19 vaccine"),
    }
    return ours.get(code) or verdict_word(code)


def gap_warning(record: ChildRecord) -> dict[str, Any] | None:
    """The live gap, when it is what stands in the way today."""
    for refusal in record.today.may_not:
        for said in refusal.said:
            if said.code == "live_conflict":
                return said_shown(said)
    return None


def dose_shown(row: RecordedDose, record: ChildRecord) -> dict[str, Any]:
    """One line of the table of doses."""
    valid = [one for one in row.judged if one.status == "valid"]
    return {
        "dose": row.dose,
        "name": dose_name(row.dose),
        "taken_as": taken_as(row.dose),
        "counts": "、".join(f"{series_title(one.group)} {dose_word(one.number)}" for one in valid),
        "source": row.back_entry.get_kind_display() if row.back_entry else row.dose.get_source_display(),
        "tag": _tag(row),
        "said": [said_shown(said) for said in row.said],
        "before": row.dose.given_on is not None and row.dose.given_on < (record.person.birth_date or row.dose.given_on),
    }


def _tag(row: RecordedDose) -> dict[str, Any]:
    """The verdict on a dose: word, tone, reason."""
    if row.finding:
        return {"word": _("Set aside"), "tone": Tone.STOP, "reason": finding_text(row.finding)}
    kinds = {one.status for one in row.judged}
    if "valid" in kinds and row.late_by_days:
        return {"word": _("Counts"), "tone": Tone.WAIT, "reason": _late_words(row.late_by_days)}
    if "valid" in kinds:
        return {"word": _("Counts"), "tone": Tone.GO, "reason": ""}
    if "extra" in kinds:
        return {"word": _("Extra"), "tone": Tone.LATER, "reason": _("the series was complete")}
    if not kinds:
        return {"word": _("Not of the programme"), "tone": Tone.LATER, "reason": ""}
    reason = next((one.reason for one in row.judged if one.reason), "") or ""
    return {"word": _("Does not count"), "tone": Tone.STOP, "reason": verdict_word(reason)}


def _late_words(days: int) -> str:
    return (
        _("%(days)s days late") % {"days": days} if days < 60 else _("%(months)s months late") % {"months": days // 30}
    )


def birth_dose_shown(record: ChildRecord) -> dict[str, Any] | None:
    """Whether the first hepatitis B dose was in time, in hours where the hours are known."""
    found = record.birth_dose
    if found is None:
        return None
    tone = {True: Tone.GO, False: Tone.STOP, None: Tone.WAIT}[found.is_timely]
    word = {True: _("In time"), False: _("Late"), None: _("Cannot be said")}[found.is_timely]
    hours = _("%(hours)s hours after birth") % {"hours": f"{found.hours:.1f}"} if found.hours is not None else ""
    limit = _("limit %(hours)s hours") % {"hours": found.limit_hours}
    missing = "" if found.hours is not None else _("hour of birth or of the dose not on record")
    return {"word": word, "tone": tone, "text": " · ".join(part for part in (hours or missing, limit) if part)}
