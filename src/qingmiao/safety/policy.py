"""Who may report, investigate and conclude adverse reactions, and who may raise the alarm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from qingmiao.safety.models import Case, Drill, KitCheck, Pairing, Rescue, SelfReport
from qingmiao.staff.access import M, Policy, below
from qingmiao.staff.models import Role

REPORTERS = frozenset(
    {
        Role.OBSERVER,
        Role.CLINIC_DOCTOR,
        Role.SITE_HEAD,
        Role.VACCINATOR,
        Role.SCREENER,
        Role.REPORTING_DOCTOR,
        Role.VILLAGE_DOCTOR,
    }
)
INVESTIGATORS = frozenset({Role.DISEASE_CONTROL})
KEEPERS = frozenset({Role.SITE_HEAD, Role.CLINIC_DOCTOR})
READERS = REPORTERS | INVESTIGATORS | {Role.LEADER}


class _OfSite(Policy[M]):
    """Belongs to the site where the dose was given or the kit stands."""

    def paths(self, record: Any) -> Iterable[str]:
        return [record.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("site__path", paths)


class CasePolicy(_OfSite[Case]):
    """A case is reported by the site, investigated and concluded by disease control above it."""

    model = Case
    permissions = {
        "safety.see_case": READERS,
        "safety.report_case": REPORTERS,
        "safety.investigate_case": INVESTIGATORS,
    }


class SelfReportPolicy(_OfSite[SelfReport]):
    """What a resident reports is answered by the site that gave the dose."""

    model = SelfReport
    permissions = {"safety.answer_self_report": REPORTERS}


class RescuePolicy(_OfSite[Rescue]):
    """Whoever works at the site may raise the alarm and go on with it."""

    model = Rescue
    permissions = {"safety.rescue": REPORTERS}


class PairingPolicy(_OfSite[Pairing]):
    """The head and the doctors keep the pairing with the hospital."""

    model = Pairing
    permissions = {"safety.keep_green_channel": KEEPERS, "safety.see_green_channel": READERS}


class DrillPolicy(_OfSite[Drill]):
    """Drills are planned by the head and the doctors."""

    model = Drill
    permissions = {"safety.keep_green_channel": KEEPERS}


class KitCheckPolicy(_OfSite[KitCheck]):
    """The kit is counted by whoever works there."""

    model = KitCheck
    permissions = {"safety.check_kit": REPORTERS}
