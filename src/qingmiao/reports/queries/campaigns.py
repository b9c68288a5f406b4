"""Which figure a campaign is read by: the rule of its kind, for the round that began with it."""

from __future__ import annotations

from qingmiao.campaign.models import Campaign
from qingmiao.campaign.queries.organisation import campaign_above, running
from qingmiao.campaign.rulebook import rulebook
from qingmiao.reports.indicators import Indicator, indicators
from qingmiao.staff.models import Organisation

USUAL = "covid19.vaccinated"  # where no campaign runs


def rule_of(campaign: Campaign) -> Indicator | None:
    """By which people of the campaign have begun; None when its kind has no figure."""
    return _of_its_round(campaign, campaign.indicator)


def course_of(campaign: Campaign) -> Indicator | None:
    """By which they are done with the whole course; None where that is the same as having begun."""
    template = rulebook("organisation")["campaigns"].get(campaign.kind, {})
    return _of_its_round(campaign, template.get("course", ""))


def _of_its_round(campaign: Campaign, name: str) -> Indicator | None:
    return indicators()[name].of_round(campaign.starts_on) if name else None


def campaign_of(top: Organisation) -> Campaign | None:
    """The running campaign that figures of `top` are about: of the nearest place at or above it, else one below."""
    below = running(Campaign.objects.filter(organisation__path__begins=top.path))
    return campaign_above(top.path) or below.first()


def rule_at(top: Organisation) -> Indicator:
    """The rule of the campaign that figures of `top` are about, or the usual one."""
    campaign = campaign_of(top)
    return (rule_of(campaign) if campaign else None) or indicators()[USUAL]


def rules_at(top: Organisation) -> list[Indicator]:
    """Every rule by which `top` may be asked: of the campaigns that run at, above or below it, with their courses."""
    above = [int(pk) for pk in top.path.strip("/").split("/")]
    campaigns = running(Campaign.objects.filter(organisation__in=above))
    campaigns |= running(Campaign.objects.filter(organisation__path__begins=top.path))
    found = {rule.id: rule for campaign in campaigns for rule in (rule_of(campaign), course_of(campaign)) if rule}
    first = rule_at(top)
    return list(({first.id: first} | found).values())


def counted_rules() -> list[Indicator]:
    """Every rule that counts are kept of: those of all time, and each round that a campaign began."""
    begun = Campaign.objects.order_by().exclude(indicator="").values_list("indicator", "starts_on").distinct()
    rounds = [indicators()[name].of_round(first_day) for name, first_day in begun if indicators()[name].of_a_round]
    return [*(rule for rule in indicators().values() if not rule.of_a_round), *rounds]


def is_counted(rule: Indicator) -> bool:
    """Whether counts are kept of `rule`: of every rule but a round that no campaign began."""
    if rule.since is None:
        return True
    return Campaign.objects.filter(indicator=rule.id.partition(":")[0], starts_on=rule.since).exists()
