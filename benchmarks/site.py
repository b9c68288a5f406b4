"""A mass site against the real server: doses through the tablets' sending, and full chains by single requests.

    python -m benchmarks.site [--doses N] [--chains N] [--on sqlite|postgresql|both] [--smoke]

The server is the one `qingmiao serve` starts, in a process of its own, on SQLite and then on PostgreSQL (with fsync).
The clients are another process: 32 and 256 of them, each signed in, each with a connection of its own; 30 % of their
requests are sent again although answered, 10 % of the answers are lost and asked for again. The floor is bare commits
of one row in the same database, in the same run. Afterwards every acknowledged dose is looked for in the database and
the trail is verified. Prints a table; writes var/bench/site.json. Exit code 1 when a dose is lost or twice, or the
trail is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

GOAL_DOSES, GOAL_CHAINS, GOAL_P99_MS = 700, 100, 200
CLIENTS = (32, 256)
LOST, RETRIED = 0.10, 0.30
IN_ONE_SENDING = 100
ACCOUNTS = 8
CHINA = ZoneInfo("Asia/Shanghai")
SIGNATURE = "M60 120L80 70L100 130L118 60L140 128L165 84L190 122L230 66L262 118L300 96L352 88"


# --- the site


def world(doses: int, chains: int) -> dict[str, Any]:
    """A site of today with `doses` people at the needle and `chains` who are expected, per run; what clients need."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from qingmiao.clinic.actions.sync import enrol_tablet
    from qingmiao.clinic.models import Desk, Visit
    from qingmiao.clinic.screening import form_for
    from qingmiao.rehearsal.world import build
    from qingmiao.staff.access import actor_of, system
    from qingmiao.staff.actions import assign_role, open_account
    from qingmiao.staff.models import Role

    site = build(20, timezone.localdate())
    lot, product = site.lot, site.lot.product
    stocked(site, (doses + chains) * len(CLIENTS))
    needle = visits(site.session, product, doses * len(CLIENTS), "screened")
    expected = visits(site.session, product, chains * len(CLIENTS), "booked")
    sessions, tablets = [], []
    roles = (Role.FRONT_DESK, Role.CONSENT_DESK, Role.SCREENER, Role.VACCINATOR, Role.OBSERVER)
    for number in range(ACCOUNTS):
        user = open_account(
            by=system("bench"), username=f"bench{number}", display_name="bench", password=uuid.uuid4().hex, is_demo=True
        )
        for role in roles:
            assign_role(by=system("bench"), user=user, role=role, organisation=site.site, valid_from=site.day)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.create()
        sessions.append(session.session_key)
        actor = actor_of(user, on=site.day, origin="bench")
        for _tablet in range(max(CLIENTS) // ACCOUNTS):
            tablet_id = uuid.uuid4()
            enrol_tablet(by=actor, site=site.site, tablet_id=tablet_id, name="bench", key="a2V5", at=timezone.now())
            tablets.append(str(tablet_id))
    return {
        "sessions": sessions,
        "tablets": tablets,
        "lot": lot.pk,
        "area": site.site.children.filter(kind="area").order_by("pk")[0].pk,
        "desk": Desk.objects.filter(step="injection").order_by("pk")[0].pk,
        "questions": [question.id for question in form_for(product.code, site.day).questions_for("1")],
        "needle": needle,
        "expected": expected,
        "visits": Visit.objects.count(),
    }


def stocked(site: Any, doses: int) -> None:
    """Enough vaccine for everybody."""
    from django.utils import timezone

    from qingmiao.staff.access import system
    from qingmiao.stock.models import Movement

    Movement.objects.create(
        lot=site.lot, place=site.site, kind="received", doses=doses, at=timezone.now(), by_id=system("bench").user_id
    )


def visits(session: Any, product: Any, count: int, state: str) -> list[int]:
    """`count` people of the session who stand at `state`, with the papers of the steps before; rows written in bulk."""
    from django.utils import timezone

    from qingmiao.clinic.models import Consent, Screening, Visit
    from qingmiao.registry.models import Person

    now = timezone.now() - timedelta(hours=1)
    start = Visit.objects.count()
    people = Person.objects.bulk_create(
        [Person(name=f"测{start + place}", sex="1", birth_date=datetime(1980, 1, 1).date()) for place in range(count)],  # noqa: DTZ001
        batch_size=500,
    )
    here = {} if state == "booked" else {"arrived_at": now, "informed_at": now, "consented_at": now, "screened_at": now}
    rows = Visit.objects.bulk_create(
        [
            Visit(
                session=session,
                person=person,
                product=product,
                state=state,
                ticket=None if state == "booked" else f"Z{start + place}",
                queued_at=None if state == "booked" else now,
                **here,
            )
            for place, person in enumerate(people)
        ],
        batch_size=400,
    )
    if state == "screened":
        signed = {"notice": "n", "notice_version": "1", "notice_digest": "d", "language": "zh-hans", "digest": "d"}
        Consent.objects.bulk_create(
            [
                Consent(visit=visit, signer="测", signature_typed="测", explained_by_id=1,
                        identity_fields=["name", "number"],
                        signed_at=now, **signed)
                for visit in rows
            ],
            batch_size=400,
        )  # fmt: skip
        Screening.objects.bulk_create(
            [
                Screening(visit=visit, form="f", form_version="1", form_digest="d", answers={},
                          judged="go", decided="go", by_id=1, at=now)
                for visit in rows
            ],
            batch_size=400,
        )  # fmt: skip
    return [visit.pk for visit in rows]


def bare_commits(seconds: float) -> float:
    """The floor: commits of one row a second, one after another, in the same database with the same settings."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id INTEGER PRIMARY KEY, said VARCHAR(100))")
        count, started = 0, time.perf_counter()
        while time.perf_counter() - started < seconds:
            count += 1
            with transaction.atomic():
                cursor.execute("INSERT INTO bench_floor VALUES (%s, %s)", [count, "x" * 80])
    return count / (time.perf_counter() - started)


# --- the clients, in a process of their own


class Client(threading.Thread):
    """One tablet: its share of the work, its connection, its bad luck; `taken` are milliseconds per step."""

    def __init__(self, number: int, port: int, given: dict[str, Any], work: list[Any], taken: dict[str, list[float]]):
        super().__init__(daemon=True)
        self.port, self.given, self.work, self.taken = port, given, work, taken
        self.head = head_of(given["sessions"][number % ACCOUNTS])
        self.tablet = given["tablets"][number]
        self.chance = random.Random(number)
        self.line: socket.socket | None = None
        self.number, self.acknowledged, self.wrong = 0, 0, 0
        self.failure = ""

    def run(self) -> None:
        try:
            for step, events in self.work:
                self.send(step, events)
        except Exception as error:
            self.failure = repr(error)

    def send(self, step: str, events: list[dict[str, Any]]) -> None:
        """Send until an answer is seen; some answers are lost, some requests are sent again for nothing."""
        started = time.perf_counter()
        while self.chance.random() < LOST:
            self.ask(events).close()
            self.line = None
        answers = self.answer(self.ask(events))
        self.taken[step].append((time.perf_counter() - started) * 1000)
        for one in answers:
            fine = one["outcome"] == "new" or (one["outcome"] == "identical" and one.get("stands") == "new")
            self.acknowledged += fine and step in ("batch", "dose")
            self.wrong += len(events) if step == "batch" and not fine else not fine
        if self.chance.random() < RETRIED:
            self.answer(self.ask(events))

    def ask(self, events: list[dict[str, Any]]) -> socket.socket:
        if self.line is None:
            self.line = socket.create_connection(("127.0.0.1", self.port), timeout=120)
            self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        content = {"tablet": self.tablet, "sent_at": datetime.now(CHINA).isoformat(), "unsent": 0, "events": events}
        body = json.dumps(content).encode()
        self.line.sendall(b"%sContent-Length: %d\r\n\r\n%s" % (self.head, len(body), body))
        return self.line

    @staticmethod
    def answer(line: socket.socket) -> list[dict[str, Any]]:
        """Read one answer: its head up to the empty line, then as much as it says."""
        read = b""
        while b"\r\n\r\n" not in read:
            read += more(line)
        head, _gap, text = read.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(text) < length:
            text += more(line)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{head[:60]!r} {text[:300]!r}")
        found: list[dict[str, Any]] = json.loads(text)["answers"]
        return found


def head_of(session: str) -> bytes:
    """The head of every request but for its length. The clients share two cores with the server: they are spare."""
    return (
        "POST /api/v1/sync/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Cookie: sessionid={session}; csrftoken={'c' * 32}\r\nX-CSRFToken: {'c' * 32}\r\n"
    ).encode()


def more(line: socket.socket) -> bytes:
    """What comes next on a connection; an error when the server has closed it."""
    if not (read := line.recv(65536)):
        raise ConnectionError("the server closed the connection")
    return read


def event(kind: str, visit: int, number: int, minutes_ago: float, **content: Any) -> dict[str, Any]:
    """One event as a tablet writes it down."""
    at = datetime.now(CHINA) - timedelta(minutes=minutes_ago)
    return {
        "id": str(uuid.uuid4()), "number": number, "kind": kind, "visit": visit, "made_at": at.isoformat(),
        "seconds_behind": 0, "content": content,
    }  # fmt: skip


def sendings(given: dict[str, Any], people: list[int]) -> list[Any]:
    """Doses in sendings of `IN_ONE_SENDING`."""
    dose = {"lot": given["lot"], "desk": given["desk"], "body_site": "left_deltoid"}
    return [
        ("batch", [event("dose", visit, n, 1, **dose) for n, visit in enumerate(people[at : at + IN_ONE_SENDING])])
        for at in range(0, len(people), IN_ONE_SENDING)
    ]


def chain_of(given: dict[str, Any], visit: int) -> list[Any]:
    """One person from the door to the door: five requests with one event each."""
    dose = {"lot": given["lot"], "desk": given["desk"], "body_site": "left_deltoid"}
    answers = dict.fromkeys(given["questions"], "no")
    return [
        ("arrive", [event("arrive", visit, 1, 50, area=given["area"])]),
        ("consent", [event("consent", visit, 2, 48, identity=["name", "number"], signature=SIGNATURE)]),
        ("screen", [event("screen", visit, 3, 45, answers=answers, celsius="36.5")]),
        ("dose", [event("dose", visit, 4, 40, **dose)]),
        ("release", [event("release", visit, 5, 5)]),
    ]


def play(port: int, given: dict[str, Any], clients: int, kind: str, people: list[int]) -> dict[str, Any]:
    """All clients at once; seconds, doses acknowledged, and the milliseconds of each step."""
    taken: dict[str, list[float]] = defaultdict(list)
    if kind == "batch":
        work = sendings(given, people)
        shares = [work[number::clients] for number in range(clients)]
    else:
        shares = [
            [step for visit in people[number::clients] for step in chain_of(given, visit)] for number in range(clients)
        ]
    threads = [Client(number, port, given, share, taken) for number, share in enumerate(shares) if share]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "seconds": time.perf_counter() - started,
        "acknowledged": sum(thread.acknowledged for thread in threads),
        "wrong": sum(thread.wrong for thread in threads),
        "failures": [thread.failure for thread in threads if thread.failure][:3],
        "taken": taken,
    }


# --- one database


def measured(database: str, doses: int, chains: int, floor_seconds: float) -> dict[str, Any]:
    """Build the site, start the server, let the clients play, look at what is in the database."""
    (Path(os.environ["QINGMIAO_HOME"]) / "rehearsal").touch()
    from qingmiao.cli.django_ready import ready
    from qingmiao.cli.installation import database_line, prepare_database, prepare_pages

    ready()
    from django.db import connection

    from qingmiao.audit import chain
    from qingmiao.config.server import APPLICATION
    from qingmiao.registry.models import Dose
    from qingmiao.rehearsal.server import serving

    prepare_database()
    prepare_pages()
    given = world(doses, chains)
    found: dict[str, Any] = {
        "database": database_line(),
        "floor_commits_per_second": round(bare_commits(floor_seconds)),
    }
    connection.close()
    acknowledged = 0
    with serving(Path(os.environ["QINGMIAO_HOME"]), APPLICATION) as port:
        for place, clients in enumerate(CLIENTS):
            for kind, people in (
                ("batch", given["needle"][place * doses : (place + 1) * doses]),
                ("chain", given["expected"][place * chains : (place + 1) * chains]),
            ):
                run = played(port, given, clients, kind, people)
                acknowledged += run["acknowledged"]
                found[f"{kind}_{clients}"] = summed(kind, len(people), run)
    counting = Dose.objects.filter(source="here", is_void=False, superseded_by=None)
    visits_with = counting.values("injection__visit").distinct().count()
    found |= {
        "acknowledged": acknowledged,
        "lost": max(0, acknowledged - visits_with),
        "double": counting.count() - visits_with,
        "audit_verified": next(chain.breaks(), None) is None,
    }
    return found


def played(port: int, given: dict[str, Any], clients: int, kind: str, people: list[int]) -> dict[str, Any]:
    """Let another process be the clients."""
    task = {
        "port": port,
        "given": {**given, "needle": [], "expected": []},
        "clients": clients,
        "kind": kind,
        "people": people,
    }
    call = [sys.executable, "-m", "benchmarks.site", "--play"]
    answer = subprocess.run(call, input=json.dumps(task), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def summed(kind: str, people: int, run: dict[str, Any]) -> dict[str, Any]:
    """Rates and percentiles of one run."""
    name = "doses_per_second" if kind == "batch" else "chains_per_second"
    steps = {
        step: {"p50_ms": round(share(times, 0.5), 1), "p99_ms": round(share(times, 0.99), 1)}
        for step, times in run["taken"].items()
    }
    return {
        name: round(people / run["seconds"], 1), "seconds": round(run["seconds"], 1), "people": people,
        "wrong": run["wrong"], "failures": run["failures"], "steps": steps,
    }  # fmt: skip


def share(times: list[float], part: float) -> float:
    """A percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


# --- all of it


def main() -> int:
    """Each database in a process of its own, because settings are read once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--doses", type=int, default=10_000)
    parser.add_argument("--chains", type=int, default=1_000)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--smoke", action="store_true", help="A few people, to see that it runs.")
    parser.add_argument("--play", action="store_true", help="Be the clients of a task on standard input.")
    parser.add_argument("--inside", default="", help="Measure one database in this process.")
    options = parser.parse_args()
    if options.play:
        task = json.load(sys.stdin)
        print(json.dumps(play(task["port"], task["given"], task["clients"], task["kind"], task["people"])))
        return 0
    doses, chains = (400, 64) if options.smoke else (options.doses, options.chains)
    if options.inside:
        print(json.dumps(measured(options.inside, doses, chains, 0.5 if options.smoke else 5)))
        return 0
    wanted = ["sqlite", "postgresql"] if options.on == "both" else [options.on]
    found = {name: on_database(name, doses, chains, smoke=options.smoke) for name in wanted}
    report({name: one for name, one in found.items() if one is not None})
    return int(
        any(one is not None and (one["lost"] or one["double"] or not one["audit_verified"]) for one in found.values())
    )


def on_database(name: str, doses: int, chains: int, *, smoke: bool) -> dict[str, Any] | None:
    """One database, or None with a word about why it was left out."""
    from tests import postgres

    call = [sys.executable, "-m", "benchmarks.site", "--inside", name, "--doses", str(doses), "--chains", str(chains)]
    call += ["--smoke"] if smoke else []
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-site-") as home:
        env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"QINGMIAO_HOME": home}
        if name == "sqlite":
            return read(call, env)
        if postgres.binaries() is None:
            print("PostgreSQL was not found: left out", file=sys.stderr)
            return None
        with postgres.throw_away(durable=True) as url:
            return read(call, env | {"DATABASE_URL": url})


def read(call: list[str], env: dict[str, str]) -> dict[str, Any]:
    """The figures that the process prints on its last line."""
    answer = subprocess.run(call, env=env, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(answer.stdout.strip().splitlines()[-1])
    return found


def report(found: dict[str, dict[str, Any]]) -> None:
    """The table, and var/bench/site.json."""
    for name, one in found.items():
        print(f"\n{name}: {one['database']}\n  floor: {one['floor_commits_per_second']:,} bare commits/s")
        for clients in CLIENTS:
            batch, full = one[f"batch_{clients}"], one[f"chain_{clients}"]
            print(
                f"  {clients} clients: {batch['doses_per_second']:,} durable doses/s through sendings "
                f"(goal {GOAL_DOSES})"
            )
            print(f"    sendings of {IN_ONE_SENDING}: {line(batch['steps'])}")
            print(f"    {full['chains_per_second']:,} full chains/s by single requests (goal {GOAL_CHAINS})")
            print(f"    {line(full['steps'])} (goal p99 {GOAL_P99_MS} ms)")
            for problem in (*batch["failures"], *full["failures"]):
                print(f"    failed: {problem}")
        trail = "whole" if one["audit_verified"] else "BROKEN"
        print(
            f"  {one['acknowledged']:,} acknowledged, {one['lost']} lost, {one['double']} double; the trail is {trail}"
        )
    load = os.getloadavg()
    facts = {"cores": os.cpu_count(), "machine": platform.platform(), "load": [round(value, 1) for value in load]}
    print(f"\n{facts['cores']} cores, load {load[0]:.1f}; {RETRIED:.0%} retried, {LOST:.0%} of answers lost")
    target = Path("var/bench/site.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({**facts, **found}, indent=1), encoding="utf-8")


def line(steps: dict[str, dict[str, float]]) -> str:
    """p50 and p99 of every step."""
    return (
        ", ".join(f"{step} {times['p50_ms']:.0f}/{times['p99_ms']:.0f}" for step, times in steps.items())
        + " ms p50/p99"
    )


if __name__ == "__main__":
    sys.exit(main())
