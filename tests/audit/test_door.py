"""The one door for every write: one transaction, one line, once per request."""

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from qingmiao.audit import chain
from qingmiao.audit.door import RequestReused, action
from qingmiao.audit.models import AuditEntry, AuditHead, ChangedMeanwhile, change
from qingmiao.staff.access import system
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation

pytestmark = pytest.mark.django_db
BY = system("test")


def found(name: str, request_id: UUID | None = None) -> Organisation:
    return found_organisation(by=BY, kind="unit", name=name, request_id=request_id)


def test_every_action_leaves_one_line():
    place = found("星海网吧")
    [entry] = AuditEntry.objects.all()
    subject = f"staff.Organisation:{place.pk}"
    assert (entry.verb, entry.subject, entry.origin) == ("staff.found_organisation", subject, "test")


def test_asking_twice_writes_once():
    request_id = uuid4()
    first, second = found("星海网吧", request_id), found("星海网吧", request_id)
    assert first.pk == second.pk
    assert Organisation.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_same_request_with_other_content_is_refused_and_the_first_stands():
    request_id = uuid4()
    found("星海网吧", request_id)
    with pytest.raises(RequestReused):
        found("金麦歌厅", request_id)
    assert [unit.name for unit in Organisation.objects.all()] == ["星海网吧"]


def test_a_failed_action_leaves_nothing():
    @action("test.fails")
    def fails(*, by, request_id=None):
        found("星海网吧")
        raise ValueError("no")

    request_id = uuid4()
    with pytest.raises(ValueError, match="no"):
        fails(by=BY, request_id=request_id)
    assert Organisation.objects.count() == AuditEntry.objects.count() == 0
    with pytest.raises(ValueError, match="no"):
        fails(by=BY, request_id=request_id)  # nothing was done, so the same id may try again


def test_what_an_inner_action_said_is_undone_with_it():
    @action("test.inner")
    def inner(*, by):
        found("星海网吧")
        raise ValueError("inner")

    @action("test.outer")
    def outer(*, by):
        with pytest.raises(ValueError, match="inner"), transaction.atomic():
            inner(by=by)

    outer(by=BY)
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["test.outer"]


def test_the_whole_trail_verifies_and_its_head_is_kept():
    for name in "甲乙丙":
        found(name)
    head = AuditHead.objects.get()
    assert list(chain.breaks((head.seq, bytes(head.digest)))) == []


@pytest.mark.parametrize(
    ("tampering", "seq", "why"),
    [
        ("UPDATE audit_auditentry SET origin = 'other' WHERE seq = 2", 2, "altered"),
        ("DELETE FROM audit_auditentry WHERE seq = 2", 2, "missing"),
        ("DELETE FROM audit_auditentry WHERE seq = 3", 3, "head"),
    ],
)
def test_tampering_by_the_owner_of_the_database_shows(tampering: str, seq: int, why: str):
    for name in "甲乙丙":
        found(name)
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON audit_auditentry"
        cursor.execute(f"DROP TRIGGER audit_auditentry_no_update{on}")
        cursor.execute(f"DROP TRIGGER audit_auditentry_no_delete{on}")
        cursor.execute(tampering)
    assert (seq, why) in [(place.seq, place.why) for place in chain.breaks()]


def test_a_cut_tail_shows_against_a_head_kept_elsewhere():
    for name in "甲乙":
        found(name)
    head = AuditHead.objects.get()
    assert [place.why for place in chain.breaks((head.seq + 1, bytes(32)))] == ["missing"]


def test_the_database_refuses_to_change_the_trail():
    found("星海网吧")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.update(origin="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_an_edit_of_an_older_version_is_refused():
    unit = found("星海网吧")
    stale = Organisation.objects.get(pk=unit.pk)
    change(unit, code="A1")
    with pytest.raises(ChangedMeanwhile):
        change(stale, code="B2")
    assert Organisation.objects.get(pk=unit.pk).code == "A1"
