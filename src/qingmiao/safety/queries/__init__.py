"""Reads about adverse reactions and the way to the hospital."""

from qingmiao.safety.queries.cases import Clock, clocks

__all__ = ["Clock", "clocks"]
