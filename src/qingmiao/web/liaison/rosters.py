"""Lists of people said to be vaccinated, held against the ledger. Nothing is kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingmiao.audit import door
from qingmiao.privacy.masking import masked_number
from qingmiao.registry.ledger.planning import LedgerFile
from qingmiao.registry.ledger.problems import texts_of
from qingmiao.registry.models import Person
from qingmiao.registry.queries.imports import words_known
from qingmiao.registry.queries.rosters import Found, RosterCheck, check_rosters
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.liaison.shown import language

SEE, IMPORT = "registry.see_person", "registry.import_ledger"


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Upload lists and see who matches, who is not on the ledger, who has another number, who is there twice."""
    who = access.actor(request)
    if not who.paths_for(IMPORT):
        raise NotAllowed(IMPORT)
    files = request.FILES.getlist("files")
    if request.method == "GET" or not files:
        return render(request, "imports/check.html", {"is_missing": request.method == "POST"})
    found = _checked(files, request)
    reachable = {person.pk: person for person in who.visible(SEE, Person).filter(pk__in=found.people)}
    door.look("registry.check_roster", by=who, at=access.now(request), people=reachable.values())
    context = {"cards": _cards(found), "groups": _groups(found, reachable), "people": len(found.people),
               "refused": _refused(found)}  # fmt: skip
    return render(request, "imports/check.html", context)


def _checked(files: list[UploadedFile[Any]], request: HttpRequest) -> RosterCheck:
    """The lists lie in a folder of their own only while they are read."""
    with tempfile.TemporaryDirectory() as folder:
        named = []
        for number, file in enumerate(files):
            path = Path(folder) / str(number)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
                out.writelines(file.chunks())
            named.append(LedgerFile(path, Path(file.name or str(number)).name, access.today(request)))
        return check_rosters(named, words_known())


def titles() -> dict[Found, tuple[str, str]]:
    """The word and the tone of each finding."""
    return {
        Found.MATCHED: (_("Matched"), "is-go"),
        Found.NOT_ON_LEDGER: (_("Not on the ledger"), "is-wait"),
        Found.OTHER_NUMBER: (_("Same name, other number"), "is-stop"),
        Found.TWICE: (_("Listed twice"), "is-later"),
        Found.UNCLEAR: (_("Cannot tell who"), "is-stop"),
    }


def _cards(found: RosterCheck) -> list[dict[str, Any]]:
    return [
        {"count": found.counts[kind], "label": title, "tone": tone, "url": f"#{kind}", "keep": kind is Found.MATCHED}
        for kind, (title, tone) in titles().items()
    ]


def _groups(found: RosterCheck, reachable: dict[int, Person]) -> list[dict[str, Any]]:
    """The rows under each finding; what needs an eye comes first."""
    order = (Found.OTHER_NUMBER, Found.NOT_ON_LEDGER, Found.UNCLEAR, Found.TWICE, Found.MATCHED)
    groups = []
    for kind in order:
        rows = [
            {
                "file": row.file,
                "row": row.row,
                "name": row.name,
                "number": masked_number(row.number),
                "person": reachable.get(row.person or 0),
                "said": "；".join(texts_of(code, language()).title for code in row.codes),
            }
            for row in found.rows
            if row.found is kind
        ]
        if rows:
            groups.append({"kind": kind, "title": titles()[kind][0], "rows": rows})
    return groups


def _refused(found: RosterCheck) -> list[dict[str, str]]:
    return [
        {"name": name, "title": texts_of(code, language()).title, "cure": texts_of(code, language()).cure}
        for name, code in found.refused.items()
    ]
