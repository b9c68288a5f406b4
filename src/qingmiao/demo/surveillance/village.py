"""Deaths, village papers, and two children on record, in the demo world of disease surveillance."""

from __future__ import annotations

from datetime import date, timedelta

from qingmiao.demo.surveillance.patients import Patient, patients
from qingmiao.demo.world import World
from qingmiao.law.months import month_before
from qingmiao.registry.actions.back_entry import OldDose, enter_old_dose
from qingmiao.registry.actions.people import Number, Particulars, register_person
from qingmiao.registry.models import BackEntry, Identifier
from qingmiao.staff.access import system
from qingmiao.surveillance.actions.deaths import issue_certificate, open_certificate, upload_certificate
from qingmiao.surveillance.actions.papers import hand_paper_in, remind_village
from qingmiao.surveillance.models import DeathCertificate
from qingmiao.surveillance.papers import forms

VILLAGES = ("柳林村", "望江村", "石桥村", "北坡村")
SILENT = "北坡村"
CHAINS = (
    {"a_text": "心力衰竭", "a_interval": "2", "a_unit": "day", "b_text": "急性心肌梗死", "b_interval": "6",
     "b_unit": "day", "c_text": "冠心病", "c_interval": "9", "c_unit": "year"},
    {"a_text": "呼吸衰竭", "a_interval": "1", "a_unit": "day", "b_text": "肺癌", "b_interval": "2", "b_unit": "year"},
    {"a_text": "颅脑损伤", "a_interval": "3", "a_unit": "hour", "b_text": "跌倒", "b_interval": "3", "b_unit": "hour"},
)  # fmt: skip


def register_children(world: World, children: list[Patient]) -> None:
    """Two children are on record: one with both doses against mumps, one with none."""
    hospital = world.places["hospital"]
    for place, child in enumerate(children[:2]):
        person = register_person(
            by=world.actor("paediatrics"),
            particulars=Particulars(child.name, child.sex, child.born, home=world.places[child.village]),
            numbers=[Number(Identifier.Kind.ID_CARD, child.number)],
            brought_by=hospital,
        )
        for months in (8, 18) if place == 0 else ():
            given_on = child.born + timedelta(days=round(30.5 * months) + 3)
            dose = OldDose("1201", "麻腮风疫苗", given_on)
            enter_old_dose(
                by=system("demo"), person=person, dose=dose, kind=BackEntry.Kind.HERE, proof=BackEntry.Proof.BOOKLET,
                unit=hospital, at=world.now,
            )  # fmt: skip


def certify_deaths(world: World) -> None:
    """Three deaths: one uploaded, one to be uploaded, and one half written whose chain stands the wrong way."""
    people = patients(99, 3, VILLAGES, (60, 88), world.today)
    old, new, wrong = (
        _certificate(world, patient, chain, days)
        for patient, chain, days in zip(people, CHAINS, (24, 4, 1), strict=True)
    )
    at = world.now - timedelta(days=12)
    for certificate in (old, new):
        issue_certificate(
            by=world.actor("medicine"), certificate=certificate, version=certificate.version, at=world.now
        )
    upload_certificate(
        by=world.actor("control"),
        certificate=old,
        version=old.version,
        uploaded_at=at,
        at=at,
        national_number="D2399001",
    )
    assert wrong.state == DeathCertificate.State.DRAFT


def _certificate(world: World, patient: Patient, chain: dict[str, str], days_ago: int) -> DeathCertificate:
    died_on = world.today - timedelta(days=days_ago)
    content = {
        "name": patient.name,
        "sex": patient.sex,
        "number": patient.number,
        "birth_date": patient.born.isoformat(),
        "died_at": f"{died_on.isoformat()}T05:40",
        "died_where": "1",
        "diagnosed_by": "2",
        "evidence": "4",
        "registered_place": f"{patient.village}12号",
        "family_name": f"{patient.name[0]}大山",
        "family_phone": patient.phone,
        "doctor": world.actor("medicine").name,
        "issued_on": (died_on + timedelta(days=1)).isoformat() if days_ago > 1 else "",
    } | chain
    if days_ago == 1:
        content |= {"a_text": "冠心病", "b_text": "心跳骤停", "c_text": "", "a_interval": "", "b_interval": ""}
    return open_certificate(by=world.actor("medicine"), place=world.places["hospital"], at=world.now, content=content)


def hand_papers_in(world: World) -> None:
    """Three villages hand in what they owe for two months; one sends nothing and is reminded."""
    last = month_before(world.today)
    for month in (month_before(last), last):
        for place, name in enumerate(VILLAGES):
            if name == SILENT:
                continue
            for form in forms():
                first = world.midnight.replace(day=1)
                at = first if month == last else first - timedelta(days=28)
                late = timedelta(days=8) if (place, form) == (1, "floating") else timedelta(hours=30 + place)
                hand_paper_in(
                    by=world.actor("district"), village=world.places[name], form=form, month=month, at=at + late,
                    kept_where="资料室2号柜", counts=_counts(form, place, month),
                )  # fmt: skip
    remind_village(
        by=world.actor("district"), village=world.places[SILENT], month=month_before(last), missing=list(forms()),
        how="phone", at=world.now - timedelta(days=9),
    )  # fmt: skip


def _counts(form: str, place: int, month: date) -> dict[str, int]:
    return {name: (place + month.month + number) % 4 for number, name in enumerate(forms()[form]["counts"])}
