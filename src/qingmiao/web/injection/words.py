"""What is said at the injection desk."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBSTACLES: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "expired": (_("Do not give it: this lot has expired"), _("Put the vial aside and scan another one.")),
    "quarantined": (_("Do not give it: this lot is quarantined"), _("Put the vial aside and scan another one.")),
    "recalled": (_("Do not give it: this lot is recalled"), _("Put the vial aside and tell the stock keeper.")),
    "other_product": (
        _("Do not give it: another vaccine was ordered"),
        _("Ordered is {product}. Put this vial back, take the right one and scan it."),
    ),
    "unknown": (
        _("This vial is not in the books"),
        _("Scan the lot code on the box, or choose a lot below; else ask the stock keeper to receive it first."),
    ),
    "unreadable": (_("The code could not be read"), _("Scan once more, or type the lot number.")),
}

ROUTES: Mapping[str, str | Promise] = {
    "im": _("Intramuscular"),
    "sc": _("Subcutaneous"),
    "id": _("Intradermal"),
    "po": _("Oral"),
    "inh": _("Inhaled"),
}

WITHDRAW_REASONS = (_("Wrong person tapped"), _("Not given in the end"), _("Wrong vial tapped"))
