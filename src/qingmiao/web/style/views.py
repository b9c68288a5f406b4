"""The style page: every component in both languages, side by side, with invented people."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from qingmiao.web import access
from qingmiao.web.middleware import open_to_all
from qingmiao.web.style.samples import SAMPLES, Sample, desk_sample, full_room, slip_sample

COLUMNS = (("zh-hans", "zh-CN"), ("en", "en"))


@open_to_all
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """All components; `?only=slip` shows one, for a closer look."""
    only = request.GET.get("only", "")
    wanted = [sample for sample in SAMPLES if only in ("", sample.name)]
    return render(request, "style/sheet.html", {"parts": [_drawn(sample, request) for sample in wanted]})


@open_to_all
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The frame around an invented injection desk, to look at and to test without an account."""
    return render(request, "style/desk.html", desk_sample(access.now(request)))


@open_to_all
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The calling board with invented tickets."""
    return render(request, "style/board.html")


@open_to_all
@require_GET
def observation_board(request: HttpRequest) -> HttpResponse:
    """The observation board with 65 invented tickets: a full room."""
    return render(request, "style/board_observation.html", {"seats": full_room()})


@open_to_all
@require_GET
def slip(request: HttpRequest) -> HttpResponse:
    """The observation slip on its own paper, 58 mm or with `?wide=1` 80 mm."""
    return render(request, "style/paper.html", slip_sample() | {"wide": "wide" in request.GET})


def _drawn(sample: Sample, request: HttpRequest) -> dict[str, object]:
    return {"sample": sample, "columns": list(_columns(sample, request))}


def _columns(sample: Sample, request: HttpRequest) -> Iterable[tuple[str, SafeString]]:
    for (code, lang), context in zip(COLUMNS, (sample.chinese, sample.english), strict=True):
        with translation.override(code):
            yield lang, render_to_string(sample.template, {**context, "uid": f"{sample.name}_{lang}"}, request)
