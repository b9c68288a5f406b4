"""Where to give each product, so that no two injections share a site while there are sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qingmiao.engine.desk.answers import Offer, Site
from qingmiao.engine.desk.desk import Desk
from qingmiao.engine.rules.values import Age

_INJECTED = ("deltoid", "thigh", "deltoid_lower_edge", "left_deltoid")
_ONE_YEAR = Age("year", 1)


def with_sites(desk: Desk, offers: list[Offer]) -> Iterator[Offer]:
    """Sites so that no two injections share one, as long as there are sites; combinations are alternatives."""
    taken: list[tuple[str, str]] = []
    for offer in offers:
        site = _site(desk, offer.product, taken if not offer.replaces else [])
        if site and site.side and not offer.replaces:
            taken.append((_limb(site.key), site.side))
        yield replace(offer, site=site)


def _limb(site: str) -> str:
    return "thigh" if site == "thigh" else "arm"


def _site(desk: Desk, family: str, taken: list[tuple[str, str]]) -> Site | None:
    known = desk.book.products
    keys = known.families[family].sites
    if not desk.is_aged(_ONE_YEAR) or "thigh" not in keys:
        choices = keys
    else:
        choices = (*(key for key in keys if key != "thigh"), "thigh")
    sided = [(key, side) for key in choices for side in (("left",) if key == "left_deltoid" else ("left", "right"))]
    if choices[0] not in _INJECTED:
        return Site(choices[0], None, known.sites[choices[0]])
    free = [(key, side) for key, side in sided if (_limb(key), side) not in taken]
    key, side = (free or sided)[0]
    return Site(key, side, known.sites[key])
