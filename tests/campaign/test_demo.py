"""The subdistrict of the demo, small: everything in it was written by the product's own actions."""

from datetime import datetime, timedelta

import pytest
from tests.campaign.office import CHINA

from qingmiao.audit.models import AuditEntry
from qingmiao.campaign.models import Campaign, Dispatch, Meeting, Rumour, Task
from qingmiao.campaign.queries.plan import planned_by_day, targets_of
from qingmiao.demo import subdistrict
from qingmiao.demo.subdistrict.people import COMMUNITIES, GROUPS, residents, unique
from qingmiao.registry.models import KeyGroup, Person

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=CHINA)


def test_the_same_people_come_again_and_no_number_twice():
    people = residents()
    assert people[:3] == residents(3)
    assert 37_900 < len(unique(people)) <= len(people) == 38_000
    assert {person.community for person in people} == set(COMMUNITIES)
    assert {person.group for person in people if person.group} == {code for code, *_rest in GROUPS}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_world_stands_as_its_story_needs_it():
    subdistrict.build(now=NOW, count=2_000)
    campaign = Campaign.objects.get()
    assert campaign.groups.filter(is_leading=False).count() == 9
    assert KeyGroup.objects.filter(members__isnull=False).distinct().count() == 12
    assert len({group for group, _place in targets_of(campaign) if group}) == 12
    assert Person.objects.count() == len(unique(residents(2_000)))
    today = NOW.date()
    assert [planned_by_day(campaign)[today - timedelta(days=number)] for number in (10, 1)] == [1150, 1150]
    assert Meeting.objects.count() == 3
    assert Dispatch.objects.exists()
    assert Task.objects.filter(state=Task.State.OPEN).count() == 3
    told = Rumour.objects.get(state=Rumour.State.CLOSED)
    assert told.time_to_answer < timedelta(hours=2)
    assert AuditEntry.objects.filter(verb__startswith="campaign.").count() > 200
