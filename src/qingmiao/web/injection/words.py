"""What is said at the injection desk."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LAW = _("Vaccine Administration Law, articles 40 and 45")
CHECKS = _("Three checks, seven comparisons, one verification (三查七对一验证)")

# obstacle -> (what it is, which rule, what to do now)
OBSTACLES: Mapping[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "expired": (_("Do not give it: this lot has expired"), LAW, _("Put the vial aside and scan another one.")),
    "quarantined": (
        _("Do not give it: this lot is quarantined"),
        LAW,
        _("Put the vial aside and scan another one."),
    ),
    "recalled": (
        _("Do not give it: this lot is recalled"),
        LAW,
        _("Put the vial aside and tell the stock keeper."),
    ),
    "other_product": (
        _("Do not give it: another vaccine was ordered"),
        CHECKS,
        _("Ordered is {product}. Put this vial back, take the right one and scan it."),
    ),
    "unknown": (
        _("This vial is not in the books"),
        LAW,
        _("Scan the lot code on the box, or choose a lot below; else ask the stock keeper to receive it first."),
    ),
    "other_expiry": (
        _("Do not give it: the code and the books name different last days"),
        LAW,
        _("Put the vial aside; the stock keeper compares box and books and corrects the lot. Scan another one."),
    ),
    "used": (
        _("Do not give it: this vial has been given to somebody already"),
        CHECKS,
        _("Look at the vial in your hand: if it is full, its label was scanned for another person; take a new one."),
    ),
    "unreadable": (_("The code could not be read"), CHECKS, _("Scan once more, or type the lot number.")),
}

ROUTES: Mapping[str, str | Promise] = {
    "im": _("Intramuscular"),
    "sc": _("Subcutaneous"),
    "id": _("Intradermal"),
    "po": _("Oral"),
    "inh": _("Inhaled"),
}

WITHDRAW_REASONS = (_("Wrong person tapped"), _("Not given in the end"), _("Wrong vial tapped"))
