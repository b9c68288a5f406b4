"""Who may see, receive, lay out and hold back vaccine, and where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role
from qingmiao.stock.models import Lot, Movement

KEEPERS = frozenset({Role.STOCK_KEEPER, Role.SITE_HEAD})
AT_THE_NEEDLE = KEEPERS | {Role.VACCINATOR, Role.CLINIC_DOCTOR}


class MovementPolicy(Policy[Movement]):
    """A movement belongs to the place where it happened. These permissions are also asked of a place."""

    model = Movement
    permissions = {
        "stock.see_stock": AT_THE_NEEDLE | {Role.LEADER, Role.OFFICE},
        "stock.receive_doses": KEEPERS,
        "stock.lay_out_lot": AT_THE_NEEDLE,
        "stock.take_dose": AT_THE_NEEDLE,
    }

    def paths(self, record: Movement) -> Iterable[str]:
        return [record.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("place__path", paths)


class LotPolicy(Policy[Lot]):
    """A lot is reached by whoever keeps stock at a place it came to."""

    model = Lot
    permissions = {"stock.hold_back_lot": KEEPERS | {Role.VACCINATOR, Role.CLINIC_DOCTOR}, "stock.free_lot": KEEPERS}

    def paths(self, record: Lot) -> Iterable[str]:
        return record.movements.values_list("place__path", flat=True).distinct()

    def within(self, paths: Iterable[str]) -> Q:
        return below("movements__place__path", paths)
