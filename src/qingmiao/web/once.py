"""An act that a page asks for once: its number goes out with the form and comes back, so that a repeat writes nothing.

A page that writes its form by hand puts `{% once %}` (of `{% load qm %}`) into it.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest


def request_id(request: HttpRequest) -> UUID:
    """The number that the form was shown with; a missing or broken one gets its own."""
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid4()


class OnceForm(forms.Form):
    """A form that is carried out once however often it is sent."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class VersionedForm(OnceForm):
    """The same for a record that a colleague may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)
