"""What is said at the consent desk."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SPOKEN: Mapping[str, str | Promise] = {
    "name": _("“What is your name?”"),
    "birth_date": _("“When were you born?”"),
    "number": _("“The last four of your number?”"),
    "phone": _("“The last four of your phone?”"),
}

RELATIONS: Mapping[str, str | Promise] = {
    "father": pgettext_lazy("relation", "Father"),
    "mother": pgettext_lazy("relation", "Mother"),
    "grandparent": pgettext_lazy("relation", "Grandparent"),
    "other": pgettext_lazy("relation", "Other guardian"),
}
