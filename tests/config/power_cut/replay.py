"""Cut the power at any point of a recording, and look at what is left.

Up to the cut, everything before a file's last sync is on the disk. Of what came after it, the disk may hold nothing,
any part, torn sectors, or everything: SQLite must come back from each, with every acknowledged write.
Not modelled: a lost entry of a folder (a file that was created but whose name did not reach the disk).
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pysqlite3

HEAD = struct.Struct("<iiiiq")
SECTOR = 512
KEPT = ("nothing", "some", "torn", "everything")
DATABASE = "qingmiao.sqlite3"
ACKNOWLEDGED = "acknowledged"
SHARED_MEMORY = "-shm"  # an index of the log: SQLite rebuilds it


@dataclass(frozen=True)
class Step:
    """One recorded act: W write, T truncate, S sync, U unlink."""

    kind: str
    name: str
    offset: int
    content: bytes


def steps(recording: bytes) -> Iterator[Step]:
    """The acts of a recording, in order."""
    place = 0
    while place < len(recording):
        kind, name_length, length, _unused, offset = HEAD.unpack_from(recording, place)
        place += HEAD.size
        name = recording[place : place + name_length].decode()
        place += name_length
        yield Step(chr(kind), name, offset, recording[place : place + length])
        place += length


def _apply(file: bytearray, step: Step) -> None:
    end = step.offset + (len(step.content) if step.kind == "W" else 0)
    if step.kind == "T":
        del file[step.offset :]
    if len(file) < end:
        file.extend(bytes(end - len(file)))
    if step.kind == "W":
        file[step.offset : end] = step.content


def _survives(step: Step, kept: str, chance: random.Random) -> Iterator[Step]:
    """What of an unsynced act is on the disk after the cut."""
    if kept == "nothing" or (kept in ("some", "torn") and chance.random() < 0.5):
        return
    if kept != "torn" or step.kind != "W":
        yield step
        return
    for start in range(0, len(step.content), SECTOR):
        if chance.random() < 0.6:
            yield Step("W", step.name, step.offset + start, step.content[start : start + SECTOR])


def after_cut(
    before: dict[str, bytes], acts: list[Step], kept: str, chance: random.Random
) -> tuple[dict[str, bytearray], set[str]]:
    """The files as the disk holds them, and what had been acknowledged by then."""
    files = {name: bytearray(content) for name, content in before.items()}
    unsynced: dict[str, list[Step]] = {}
    acknowledged: set[str] = set()
    for act in acts:
        if act.name == ACKNOWLEDGED:
            acknowledged.update(act.content.decode().split())
        elif act.kind == "U":
            files.pop(act.name, None)
            unsynced.pop(act.name, None)
        elif act.kind == "S":
            for done in unsynced.pop(act.name, []):
                _apply(files.setdefault(act.name, bytearray()), done)
        else:
            unsynced.setdefault(act.name, []).append(act)
    for name, pending in unsynced.items():
        for act in pending:
            for part in _survives(act, kept, chance):
                _apply(files.setdefault(name, bytearray()), part)
    return files, acknowledged


@dataclass
class Damage:
    """Of a number of power cuts: how many left a corrupt database, lost a write, or tore a write from its line."""

    cuts: int = 0
    corrupt: int = 0
    lost: int = 0
    torn_apart: int = 0


def look(folder: Path, acknowledged: set[str]) -> tuple[bool, bool, bool]:
    """(corrupt, lost, torn apart) of the database in `folder`."""
    try:
        database = pysqlite3.connect(folder / DATABASE)
        if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return True, False, False
        written = {name for (name,) in database.execute("SELECT name FROM staff_organisation")}
        lines = database.execute("SELECT count(*), coalesce(max(seq), 0) FROM audit_auditentry").fetchone()
        head = database.execute("SELECT seq FROM audit_audithead").fetchone() or (0,)
        database.close()
    except pysqlite3.DatabaseError:
        return True, False, False
    return False, bool(acknowledged - written), not len(written) == lines[0] == lines[1] == head[0]


def cut_power(before: dict[str, bytes], recording: bytes, cuts: int, seed: int, folder: Path) -> Damage:
    """Cut the power `cuts` times at points drawn with `seed`."""
    chance, damage = random.Random(seed), Damage()
    acts = [act for act in steps(recording) if act.name.startswith((DATABASE, ACKNOWLEDGED))]
    for number in range(cuts):
        point = chance.randrange(1, len(acts) + 1)
        files, acknowledged = after_cut(before, acts[:point], KEPT[number % len(KEPT)], chance)
        for old in folder.iterdir():
            old.unlink()
        for name, content in files.items():
            if not name.endswith(SHARED_MEMORY):
                (folder / name).write_bytes(content)
        corrupt, lost, torn_apart = look(folder, acknowledged)
        damage.cuts += 1
        damage.corrupt += corrupt
        damage.lost += lost
        damage.torn_apart += torn_apart
    return damage
