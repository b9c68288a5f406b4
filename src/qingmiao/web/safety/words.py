"""What is said on the pages of adverse reactions."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingmiao.safety.rules import Grave

GRAVE: Mapping[str, str | Promise] = {
    Grave.DEATH.value: _("Death"),
    Grave.DISABILITY.value: _("Severe disability"),
    Grave.CLUSTER.value: _("Several people"),
    Grave.CONCERN.value: _("Public concern"),
}

PARTS: Mapping[str, str | Promise] = {
    "fever": _("Fever (armpit)"),
    "redness": _("Redness and swelling"),
    "induration": _("Induration"),
    "reporter_phone": _("Phone of who reports"),
}
