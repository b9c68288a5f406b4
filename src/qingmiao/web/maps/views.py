"""Drawing the map: dragging its places, or reading their borders from a file of the office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qingmiao.staff.actions import draw_map
from qingmiao.staff.models import Organisation
from qingmiao.staff.outlines import NotAMap, Point, Rings, laid_out, middle, moved, read_geojson, tile
from qingmiao.staff.queries import outlines_of, places_on_map
from qingmiao.web import access
from qingmiao.web.maps.sheet import Area, area_map, places_of_tiles
from qingmiao.web.once import OnceForm

DRAW = "staff.draw_map"
FARTHEST = 5_000  # a place may be dragged below the sheet, not out of sight
LARGEST_FILE = 20 * 1024 * 1024


class FileForm(OnceForm):
    """A file with borders."""

    file = forms.FileField(
        label=gettext_lazy("File with borders"),
        help_text=gettext_lazy("GeoJSON; areas are known by the name or code of the community or village."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 20 MB. Simplify its borders first."))
        return file


class PlacesForm(OnceForm):
    """The middle of each place on the sheet."""

    def __init__(self, *args: Any, places: Sequence[Organisation], middles: dict[int, Point], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.places = places
        for place in places:
            for axis, value in zip("xy", middles[place.pk], strict=True):
                self.fields[f"{axis}{place.pk}"] = forms.IntegerField(
                    initial=value, min_value=0, max_value=FARTHEST, label=f"{place.name} {axis}"
                )

    def rows(self) -> list[tuple[Organisation, Any, Any]]:
        """Each place with its two fields."""
        return [(place, self[f"x{place.pk}"], self[f"y{place.pk}"]) for place in self.places]


@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """The map of an organisation, to be dragged or read from a file."""
    top = access.record(request, Organisation, DRAW, pk=pk)
    places = places_on_map(top)
    laid = outlines_of(place.pk for place in places)
    spots = dict(zip((place.pk for place in places), places_of_tiles(len(places)), strict=True))
    middles: dict[int, Point] = {
        place.pk: middle(laid[place.pk]) if place.pk in laid else spots[place.pk] for place in places
    }
    wants_file, posts = "file" in request.FILES or "read" in request.POST, request.POST or None
    by_hand = PlacesForm(None if wants_file else posts, places=places, middles=middles)
    by_file = FileForm(posts, request.FILES) if wants_file else FileForm()
    asked = by_file if wants_file else by_hand
    if posts and asked.is_valid():
        outlines = _read(by_file, places) if wants_file else _dragged(by_hand, laid)
        if outlines:
            content = {} if "clear" in request.POST else outlines
            cleared: dict[int, Rings] = {pk: [] for pk in laid}
            draw_map(by=access.actor(request), top=top, outlines=cleared | content,
                     request_id=asked.cleaned_data["request_id"])  # fmt: skip
            messages.success(request, _("{count} places are on the map.").format(count=len(content)))
            return redirect("maps:draw", pk=pk)
    areas = [Area(place.pk, place.name, "", 1) for place in places]
    context = {
        "place": top.name, "organisation": top, "by_hand": by_hand, "by_file": by_file, "is_laid": bool(laid),
        "map": area_map(areas, _("Map of {place}").format(place=top.name), to_drag=True), "places": places,
        "unplaced": [place.name for place in places if place.pk not in laid] if laid else [],
    }  # fmt: skip
    return render(request, "maps/draw.html", context, status=422 if asked.errors else 200)


def _dragged(form: PlacesForm, laid: Any) -> dict[int, Rings]:
    """Every place where it was let go, with its own shape."""
    outlines: dict[int, Rings] = {}
    for place in form.places:
        spot = form.cleaned_data[f"x{place.pk}"], form.cleaned_data[f"y{place.pk}"]
        outlines[place.pk] = moved(laid[place.pk], spot) if place.pk in laid else [tile(*spot)]
    return outlines


def _read(form: FileForm, places: Sequence[Organisation]) -> dict[int, Rings]:
    """The areas of the file that are called like one of the places; {} with what is wrong said on the form."""
    try:
        features = read_geojson(form.cleaned_data["file"].read())
    except NotAMap as wrong:
        form.add_error("file", str(wrong))
        return {}
    shapes: dict[int, Rings] = {}
    for place in places:
        known = {place.name, place.code} - {""}
        rings = [ring for feature in features if feature.names & known for ring in feature.rings]
        if rings:
            shapes[place.pk] = rings
    if not shapes:
        form.add_error("file", _("None of its {count} areas is called like a place here.").format(count=len(features)))
    return laid_out(shapes)
