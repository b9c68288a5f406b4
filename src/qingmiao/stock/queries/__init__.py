"""Reads of stock, by subject."""

from qingmiao.stock.queries.lots import doses_left, lot_meant, lots_at, product_meant, todays_lot

__all__ = ["doses_left", "lot_meant", "lots_at", "product_meant", "todays_lot"]
