"""Server time of each page with 100,000 people on the ledger, from the request to the last byte of the answer.

    python -m benchmarks.pages [--people N] [--rounds N] [--smoke]

The world is the demo world; a street ledger of N people is imported into its culture bureau, and its site is in the
middle of a day. Each page is asked for by an account that works with it, through every middleware, on a real SQLite
file. Prints a table; writes var/bench/pages.json. Exit code 1 when a page does not answer 200.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

GOAL_P95_MS = 50
GOAL_BYTES = 100_000


@dataclass(frozen=True)
class Timed:
    """One page: milliseconds at the middle and at the 95th percentile, those in which this process worked (less, when
    the machine has other work), queries, bytes as sent."""

    page: str
    account: str
    p50_ms: float
    p95_ms: float
    worked_ms: float
    queries: int
    bytes_sent: int
    status: int


def world(people: int) -> None:
    """The demo world with `people` more on the ledger of the culture bureau."""
    from django.utils import timezone

    from benchmarks.import_ledger import draw
    from qingmiao.cli.installation import prepare_database, prepare_pages
    from qingmiao.demo.bureau import CULTURE, build
    from qingmiao.registry.actions.imports import import_ledger
    from qingmiao.registry.ledger.planning import LedgerFile
    from qingmiao.staff.access import system
    from qingmiao.staff.models import Organisation

    prepare_database()
    prepare_pages()
    build(now=timezone.now())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "street.csv"
        draw(path, people)
        ledger = LedgerFile(path, path.name, date.today())  # noqa: DTZ011 (a benchmark lives today)
        office = Organisation.objects.get(name=CULTURE.name)
        import_ledger(by=system("bench"), place=office, files=[ledger], at=timezone.now())


def pages() -> list[tuple[str, str, str]]:
    """(name, account, address) of every page, each with the record that has most to show."""
    from django.urls import reverse

    from qingmiao.clinic.models import Batch, Desk, Observation, Session
    from qingmiao.clinic.rules import Step
    from qingmiao.registry.models import LedgerImport, Person
    from qingmiao.reports.models import Snapshot
    from qingmiao.staff.models import Organisation

    culture = Organisation.objects.get(name="青河区文化和旅游局")
    site = Organisation.objects.get(kind="site")
    somebody = Person.objects.filter(memberships__unit__path__startswith=culture.path).order_by("-pk")[0]
    session = Session.objects.order_by("-day")[0]
    desks = {step: Desk.objects.filter(step=step).order_by("pk")[0].pk for step in Step}
    number = somebody.identifiers.all()[0].number.reveal() if somebody.identifiers.exists() else "赵"
    addressed: list[tuple[str, list[Any], str, str]] = [
        ("desks", [], "head", ""),
        ("search", [], "liaison", f"?q={somebody.name}"),
        ("search", [], "liaison", "?q=zh"),
        ("search", [], "liaison", f"?q={number}"),
        ("people:person", [somebody.pk], "liaison", ""),
        ("liaison:imports", [], "liaison", ""),
        ("liaison:review", [LedgerImport.objects.order_by("pk")[0].pk], "liaison2", ""),
        ("batches:batches", [], "liaison", ""),
        ("batches:name", [session.pk], "liaison", ""),
        ("reports:coverage", [culture.pk], "liaison", ""),
        ("reports:people", [culture.pk], "liaison", "?which=all"),
        ("reports:snapshot", [Snapshot.objects.order_by("-pk")[0].pk], "liaison2", ""),
        ("reports:head-count", [culture.pk], "liaison", ""),
        ("reports:bulletin-of-day", [culture.pk], "liaison", ""),
        ("command_room:home", [], "office", ""),
        ("front_desk:desk", [], "frontdesk", ""),
        ("front_desk:desk", [], "frontdesk", "?q=zh"),
        ("front_desk:desk", [], "frontdesk", f"?q={number}"),
        ("front_desk:list", [], "frontdesk", ""),
        ("front_desk:batches", [], "head", ""),
        ("front_desk:batch", [Batch.objects.order_by("pk")[0].pk], "head", ""),
        ("consent:desk", [desks[Step.CONSENT]], "consent", ""),
        ("screening:desk", [desks[Step.SCREENING]], "screener", ""),
        ("injection:desk", [desks[Step.INJECTION]], "vaccinator", ""),
        ("observation:room", [], "observer", ""),
        ("observation:slip", [Observation.objects.order_by("pk")[0].pk], "observer", ""),
        ("board:site", [site.pk], "frontdesk", ""),
        ("board:observation", [site.pk], "observer", ""),
        ("accounts:accounts", [], "security", ""),
        ("audit:trail", [], "auditor", ""),
    ]
    return [(f"{name}{query[:6]}", who, reverse(name, args=args) + query) for name, args, who, query in addressed]


def timed(page: str, account: str, address: str, rounds: int) -> Timed:
    """Ask for one page `rounds` times, after two that warm up."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from qingmiao.staff.models import User

    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(User.objects.get(username=account), "django.contrib.auth.backends.ModelBackend")
    for _warm in range(2):
        client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, follow=True)
        queries = len(asked)
    taken, busy = [], []
    for _round in range(rounds):
        started, worked = time.perf_counter(), time.process_time()
        answer = client.get(address, follow=True)
        taken.append((time.perf_counter() - started) * 1000)
        busy.append((time.process_time() - worked) * 1000)
    taken.sort()
    sent = (
        len(answer.content) if answer.headers.get("Content-Encoding") == "gzip" else len(gzip.compress(answer.content))
    )
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    return Timed(
        page, account, round(median(taken), 1), round(p95, 1), round(median(busy), 1), queries, sent, answer.status_code
    )


def report(people: int, rounds: int) -> int:
    """Build, ask, print, write."""
    from django.conf import settings

    from qingmiao.registry.models import Person

    settings.ALLOWED_HOSTS = ["testserver"]
    started = time.perf_counter()
    world(people)
    count = Person.objects.count()
    print(
        f"{count:,} people on the ledger (built in {time.perf_counter() - started:.0f} s), {rounds} rounds per page\n"
    )
    print(f"{'page':32}{'account':12}{'p50 ms':>8}{'p95 ms':>8}{'worked':>8}{'queries':>9}{'kB':>7}")
    found = []
    for page, account, address in pages():
        one = timed(page, account, address, rounds)
        found.append(one)
        mark = "" if one.p95_ms < GOAL_P95_MS and one.bytes_sent < GOAL_BYTES and one.status == 200 else "  <"
        mark += "" if one.status == 200 else f" {one.status}"
        times = f"{one.p50_ms:8.1f}{one.p95_ms:8.1f}{one.worked_ms:8.1f}"
        print(f"{page:32}{account:12}{times}{one.queries:9}{one.bytes_sent / 1000:7.1f}{mark}")
    slow = [one for one in found if one.p95_ms >= GOAL_P95_MS]
    print(f"\n{len(found) - len(slow)} of {len(found)} pages below p95 {GOAL_P95_MS} ms")
    figures = {"people": count, "rounds": rounds, "machine": platform.platform(), "cores": os.cpu_count()}
    target = Path("var/bench/pages.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures | {"pages": [asdict(one) for one in found]}, indent=1), encoding="utf-8")
    return int(any(one.status != 200 for one in found))


def main() -> int:
    """Measure in a data folder that is thrown away."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--smoke", action="store_true", help="2,000 people and 3 rounds: does every page answer?")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-") as home:
        os.environ["QINGMIAO_HOME"] = home
        from qingmiao.cli.django_ready import ready

        ready()
        return report(*((2_000, 3) if options.smoke else (options.people, options.rounds)))


if __name__ == "__main__":
    sys.exit(main())
