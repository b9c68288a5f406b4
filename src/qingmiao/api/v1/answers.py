"""JSON in, JSON out; refusals with a status, a code and a sentence for whoever sits at the desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import NotAllowed

View = Callable[..., HttpResponse]


class BadContent(Exception):
    """The body is no JSON object, or lacks something; `field` names the first thing that is wrong."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(_("The content cannot be read: {field}.").format(field=field))


def machine(view: View) -> View:
    """Answer anticipated errors as JSON: 400 unreadable, 403 not allowed, 404 not there, 409 refused."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadContent as error:
            return _refusal(HTTPStatus.BAD_REQUEST, "unreadable", str(error))
        except NotAllowed as error:
            return _refusal(HTTPStatus.FORBIDDEN, "not_allowed", str(error))
        except Refused as error:
            return _refusal(HTTPStatus.CONFLICT, "refused", str(error))
        except Http404:
            return _refusal(HTTPStatus.NOT_FOUND, "not_found", _("There is nothing here for you."))

    return answer


def _refusal(status: HTTPStatus, code: str, text: str) -> JsonResponse:
    return JsonResponse({"error": code, "text": text}, status=status)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent."""
    try:
        content = json.loads(request.body)
    except (ValueError, UnicodeDecodeError) as error:
        raise BadContent("JSON") from error
    if not isinstance(content, dict):
        raise BadContent("JSON")
    return content


def text_of(content: dict[str, Any], field: str, most: int) -> str:
    """A text of the object, not empty and not too long."""
    value = content.get(field)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise BadContent(field)
    return value.strip()
