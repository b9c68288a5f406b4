"""What is chosen at the screening desk and wherever somebody is sent away."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

AWAY_REASONS = (
    _("Afraid of reactions"),
    _("Wants to think it over"),
    _("Family does not agree"),
    _("No time to wait"),
)
