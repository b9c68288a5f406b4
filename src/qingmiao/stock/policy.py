"""Who may see, receive, lay out and hold back vaccine, and where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role
from qingmiao.stock.models import Breach, Fee, Fridge, Lot, Movement, OpenVial

KEEPERS = frozenset({Role.STOCK_KEEPER, Role.SITE_HEAD})
RECALLERS = KEEPERS | {Role.CLINIC_DOCTOR, Role.DISEASE_CONTROL}
AT_THE_NEEDLE = KEEPERS | {Role.VACCINATOR, Role.CLINIC_DOCTOR}


class MovementPolicy(Policy[Movement]):
    """A movement belongs to the place where it happened. These permissions are also asked of a place."""

    model = Movement
    permissions = {
        "stock.see_stock": AT_THE_NEEDLE | {Role.LEADER, Role.OFFICE},
        "stock.receive_doses": KEEPERS,
        "stock.lay_out_lot": AT_THE_NEEDLE,
        "stock.take_dose": AT_THE_NEEDLE,
        "stock.move_doses": KEEPERS,
        "stock.count": AT_THE_NEEDLE,
        "stock.keep_cold": AT_THE_NEEDLE,
        "stock.take_fee": KEEPERS | {Role.FRONT_DESK},
        "stock.recall_lot": RECALLERS,
    }

    def paths(self, record: Movement) -> Iterable[str]:
        return [record.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("place__path", paths)


class LotPolicy(Policy[Lot]):
    """A lot is reached by whoever keeps stock at a place it came to."""

    model = Lot
    permissions = {
        "stock.hold_back_lot": KEEPERS | {Role.VACCINATOR, Role.CLINIC_DOCTOR},
        "stock.free_lot": KEEPERS,
        "stock.recall_lot": RECALLERS,
    }

    def paths(self, record: Lot) -> Iterable[str]:
        return record.movements.values_list("place__path", flat=True).distinct()

    def within(self, paths: Iterable[str]) -> Q:
        return below("movements__place__path", paths)


class FridgePolicy(Policy[Fridge]):
    """A fridge belongs to its place."""

    model = Fridge
    permissions = {"stock.keep_cold": AT_THE_NEEDLE}

    def paths(self, record: Fridge) -> Iterable[str]:
        return [record.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("place__path", paths)


class BreachPolicy(Policy[Breach]):
    """A breach belongs to the fridge's place: the keeper and the head decide on it."""

    model = Breach
    permissions = {"stock.decide_breach": KEEPERS}

    def paths(self, record: Breach) -> Iterable[str]:
        return [record.fridge.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("fridge__place__path", paths)


class OpenVialPolicy(Policy[OpenVial]):
    """An opened vial belongs to the table where it stands."""

    model = OpenVial
    permissions = {"stock.lay_out_lot": AT_THE_NEEDLE}

    def paths(self, record: OpenVial) -> Iterable[str]:
        return [record.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("place__path", paths)


class FeePolicy(Policy[Fee]):
    """A fee belongs to the place that took it."""

    model = Fee
    permissions = {"stock.take_fee": KEEPERS | {Role.FRONT_DESK}}

    def paths(self, record: Fee) -> Iterable[str]:
        return [record.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("place__path", paths)
