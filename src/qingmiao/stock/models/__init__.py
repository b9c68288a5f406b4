"""Vaccine on the shelf: products, lots, movements, deliveries, open vials, counts, fridges, fees."""

from qingmiao.stock.models.cold_chain import Breach, Fridge, Reading
from qingmiao.stock.models.counts import Count, Fee, OpenVial, SupplyCount
from qingmiao.stock.models.lots import Delivery, Lot, Movement, Product, TodaysLot

__all__ = [
    "Breach",
    "Count",
    "Delivery",
    "Fee",
    "Fridge",
    "Lot",
    "Movement",
    "OpenVial",
    "Product",
    "Reading",
    "SupplyCount",
    "TodaysLot",
]
