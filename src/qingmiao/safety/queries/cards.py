"""The case card as it reads now: what the registry knows, and what was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from qingmiao.registry.models import Dose
from qingmiao.safety.models import Case
from qingmiao.staff.access import Actor


def card_of(case: Case, *, by: Actor, at: datetime, number: str = "") -> dict[str, Any]:
    """The 22 items of a case, by key; empty where nothing is known. `by` and `at`: who reports it, and when."""
    person, typed = case.person, case.typed_items
    phone = person.phones.first()
    guardian = person.guardians.first()
    return typed | {
        "number": number or case.number or "",
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "address": typed.get("address") or _address(case),
        "phone": typed.get("phone") or (phone.number.reveal() if phone else ""),
        "guardian": typed.get("guardian") or (guardian.name if guardian else ""),
        "vaccines": [_vaccine(dose) for dose in (case.dose, *case.others.order_by("pk"))],
        "reaction": case.reaction,
        "onset_at": timezone.localtime(case.onset_at).isoformat(timespec="minutes"),
        "found_at": timezone.localtime(case.found_at).isoformat(timespec="minutes"),
        "outcome": case.outcome,
        "first_class": case.first_class,
        "grave": list(case.grave),
        "is_serious": case.is_serious,
        "reported_on": timezone.localdate(at).isoformat(),
        "reporting_unit": case.site.name,
        "reporter": " ".join(part for part in (by.name, typed.get("reporter_phone", "")) if part),
        "classification": case.classification,
        "experts": case.experts,
    }


def _address(case: Case) -> str:
    person = case.person
    return " ".join(part for part in (person.home.name if person.home else "", person.address) if part)


def _vaccine(dose: Dose) -> dict[str, Any]:
    """One line of item 10."""
    return {
        "name": dose.vaccine,
        "manufacturer": dose.manufacturer,
        "lot": dose.lot_number,
        "given_at": timezone.localtime(dose.given_at).isoformat(timespec="minutes") if dose.given_at else "",
        "given_on": dose.given_on.isoformat() if dose.given_on else "",
        "dose_number": dose.dose_number,
        "body_site": dose.body_site,
        "site": dose.site_name,
        "volume": "",
        "route": dose.lot.product.route if dose.lot else "",
    }
