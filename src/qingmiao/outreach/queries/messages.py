"""What a message may say, to whom it goes, and how its child stands."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, QuerySet

from qingmiao.engine.china import china_book
from qingmiao.outreach.models import Address, Call, Message
from qingmiao.outreach.models.messages import Channel
from qingmiao.outreach.rules import rule_file
from qingmiao.outreach.withholding import Standing, worded
from qingmiao.registry.models import Guardian, Management, Person, Phone
from qingmiao.schedule.models import DueDose
from qingmiao.staff.models import Organisation


def address_of(person: Person, channel: str) -> str:
    """Where to: the address kept for the channel, for texts the phone on record; empty if there is none."""
    kept = Address.objects.filter(person=person, channel=channel).first()
    if kept is not None and kept.address is not None:
        return str(kept.address.reveal())
    if channel == Channel.LETTER:
        return person.address or (person.home.name if person.home else "") or "-"
    if channel != Channel.SMS:
        return ""
    guardian = Guardian.objects.filter(child=person).exclude(phone=None).order_by("pk").first()
    if guardian is not None and guardian.phone is not None:
        return str(guardian.phone.reveal())
    phone = Phone.objects.filter(person=person).order_by("pk").first()
    return str(phone.number.reveal()) if phone else ""


def standing_of(message: Message, on: date) -> Standing:
    """How the child of a message stands now."""
    person = message.person
    last = Call.objects.filter(person=person).order_by("-at", "-pk").first()
    holds = last is not None and last.closes and (last.until is None or last.until > on)
    return Standing(
        status=person.status,
        is_merged=person.merged_into_id is not None,
        asked=[(series, number) for series, number in message.series],
        owed=list(DueDose.objects.filter(person=person).values_list("series", "dose_number")),
        said=last.outcome if last is not None and holds else "",
        for_day=message.for_day,
        has_address=bool(address_of(person, message.channel)),
    )


def text_of(message: Message, clinic: Organisation | None = None) -> str:
    """What it says, in its language; doses that were given meanwhile are left out."""
    owed = set(DueDose.objects.filter(person=message.person).values_list("series", "dose_number"))
    asked = [(series, number) for series, number in message.series if (series, number) in owed]
    unit = clinic or clinic_of(message.person)
    return (
        worded(
            message.kind,
            message.language,
            clinic=unit.name if unit else "",
            name=message.person.name,
            vaccines="、".join(_vaccine(series, number, message.language) for series, number in asked),
            day=message.for_day.isoformat(),
            old_day=message.instead_of.isoformat() if message.instead_of else "",
            phone="",
        )
        .replace("，咨询。", "。")
        .replace("咨询。", "")
        .replace(" Questions: .", "")
        .replace("  .", "")
    )


def _vaccine(series: str, number: int, language: str) -> str:
    title = next((rule.title[language] for rule in china_book().groups if rule.group == series), series)
    return f"{title}第{number}剂" if language == "zh" else f"{title} dose {number}"


def clinic_of(person: Person) -> Organisation | None:
    """The unit that manages the record, else the one that opened it."""
    running = Management.objects.filter(person=person, until=None).select_related("unit").first()
    return running.unit if running else person.brought_by


def expected_soon(people: QuerySet[Person], on: date) -> QuerySet[Call]:
    """Children whose guardian said that they would come within the rule's days."""
    last = on + timedelta(days=rule_file("messages")["remind_days_before"]["value"])
    return Call.objects.filter(person__in=people, outcome="will_come", until__gte=on, until__lte=last)


def owed_by(person: Person, on: date) -> tuple[tuple[str, int], ...]:
    """Series and dose numbers that may be given to a child by a day."""
    rows = DueDose.objects.filter(person=person, earliest__lte=on)
    return tuple(rows.values_list("series", "dose_number"))


def counts_by_state(messages: QuerySet[Message]) -> dict[str, int]:
    """How many messages stand where."""
    return dict(messages.order_by().values_list("state").annotate(n=Count("pk")))


def reasons(messages: QuerySet[Message]) -> dict[str, int]:
    """Why messages were withheld, and how many."""
    withheld = messages.filter(state=Message.State.WITHHELD).order_by()
    return dict(withheld.values_list("reason").annotate(n=Count("pk")))
