"""Writes of stock, by subject: doses and lots, deliveries and moves, counts and vials, fridges, fees."""

from qingmiao.stock.actions.doses import (
    LotNotUsable,
    enter_product,
    free_lot,
    hold_back_lot,
    lay_out_lot,
    receive_doses,
    take_back_dose,
    take_dose,
)

__all__ = [
    "LotNotUsable",
    "enter_product",
    "free_lot",
    "hold_back_lot",
    "lay_out_lot",
    "receive_doses",
    "take_back_dose",
    "take_dose",
]
