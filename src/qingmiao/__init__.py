"""Qingmiao 青苗: a neighbourhood gets everyone vaccinated who should be, safely, and can prove it."""

__version__ = "0.1.0"
