"""A bench on wall time is opened by one at a time: each of its ends is locked, and its holder told by name.

What is locked is the hardware, not the bench file: every instrument, serial port and CAN channel that the file names.
So two files that share one supply exclude each other, and two copies of one file do as well. The locks are `flock`s on
files in a folder that all users of the host share (`FOLDERS`, or the environment variable `CONNECT_HIL_LOCKS`); the
kernel releases them however the holder dies. A watchdog shares them, so a bench counts as taken until it is safe.
"""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
import re
import stat
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.bench.schema import BenchFile
from harness.errors import BenchError
from harness.units import MS, S, pretty

FOLDER_VARIABLE = "CONNECT_HIL_LOCKS"
FOLDERS = ("/run/lock", "/tmp")  # noqa: S108  the folders that all users of a host share
"""The first of these that is there gets a folder `connect-hil`; not TMPDIR, which differs from user to user."""

RUN_VARIABLE = "CONNECT_HIL_RUN"
"""Name of the run that this process belongs to: `hil run` holds the bench for all its processes."""

WAIT = 15 * S
"""So long a second one waits: longer than a watchdog tries (`harness.rescue.PATIENCE`)."""
LOOK = 20 * MS
LONGEST_RECORD = 16_384
"""Bytes of a lock file that are read."""

PRIVATE_CAN = frozenset({"virtual", "emulated", "udp_multicast"})
"""Interfaces that nobody can take from another: inside a process, or groups that anybody may join."""
PRIVATE_SERIAL = ("loop://", "emulated://", "spy://loop://")
PRIVATE_VISA = frozenset({"@emulated", "@sim"})


class Taken(BenchError):
    """Somebody else has the bench; the message tells who, since when, and what to do."""


def ends(file: BenchFile) -> list[str]:
    """What one bench takes from all others: its instruments, ports and channels, as the bench file writes them."""
    found = [] if file.visa.backend in PRIVATE_VISA else [f"instrument {t.resource}" for t in file.instrument.values()]
    found += [
        f"port {os.path.realpath(table.url) if table.url.startswith('/') else table.url}"
        for table in file.serial.values()
        if not table.url.startswith(PRIVATE_SERIAL)
    ]
    for table in file.can.values():
        if table.interface not in PRIVATE_CAN:
            place = " ".join(f"{key}={table.options[key]}" for key in ("host", "port") if key in table.options)
            found.append(f"CAN {table.interface} {table.channel} {place}".strip())
    return sorted(set(found))


def folder() -> Path:
    """Where the lock files are: made for all users of the host where it is not there yet."""
    named = os.environ.get(FOLDER_VARIABLE)
    place = Path(
        named or next((each for each in FOLDERS if Path(each).is_dir()), FOLDERS[-1]),
        *([] if named else ["connect-hil"]),
    )
    try:
        place.mkdir(parents=True, exist_ok=True)
        if place.stat().st_uid == os.getuid():
            place.chmod(0o1777)
    except OSError as error:
        raise BenchError(
            f"the folder of bench locks {place} cannot be made: {error}. Name another in {FOLDER_VARIABLE}, the same "
            "for all users of the bench"
        ) from error
    return place


def whoami(what: str) -> dict[str, Any]:
    """Who holds a lock from now on: user, process, since when, what run (or `what`)."""
    run = os.environ.get(RUN_VARIABLE)
    return {
        "user": getpass.getuser(),
        "pid": os.getpid(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "what": f"run {run}" if run else what,
    }


class BenchLock:
    """The locks on `wanted`, taken together or not at all. Keeps its files open from the first `take` on."""

    def __init__(self, wanted: Sequence[str], where: str, kind: str = "bench") -> None:
        self.held = False
        self._wanted = tuple(wanted)
        self._where = where
        self._kind = kind
        self._files: dict[str, int] = {}

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The open lock files: who inherits them holds the locks as well, until both have let go or died."""
        return tuple(self._files.values())

    def take(self, wait: int = WAIT) -> dict[str, Any] | None:
        """Take the bench; returns how its last run ended, where that was not in order (`harness.rescue` reports it).

        Waits up to `wait` ns. Raises `Taken`.
        """
        looks = wait // LOOK
        while (busy := self._try()) is not None:
            if looks <= 0:
                raise Taken(self._complaint(busy, wait))
            looks -= 1
            threading.Event().wait(LOOK / S)
        self.held = True
        last = self.last()
        self._write({"holder": whoami(Path(sys.argv[0]).name or "python"), "last": last})
        return last

    def release(self, last: Mapping[str, Any] | None = None) -> None:
        """Let go. `last` is what the next one must know of; None where the bench was left safe."""
        if not self.held:
            return
        self.held = False
        self._write({"holder": None, "last": last})
        for descriptor in self._files.values():
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    def close(self, *, tidy: bool = False) -> None:
        """Close the lock files; what others inherited of them stays locked. `tidy` removes those that say nothing."""
        for end, descriptor in self._files.items():
            if tidy and not self.held:
                with suppress(OSError):  # somebody else has it by now
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if not read_record(descriptor).get("last"):
                        self._path(end).unlink()
            os.close(descriptor)
        self.held = False
        self._files.clear()

    def last(self) -> dict[str, Any] | None:
        """How the last run on one of these ends came to its end, where that was not in order."""
        for descriptor in self._files.values():
            record = read_record(descriptor)
            if record.get("last"):
                return dict(record["last"])
            if record.get("holder") and record["holder"].get("pid") != os.getpid():
                return {"safe": False, "who": record["holder"], "lines": ["nobody made it safe: there was no watchdog"]}
        return None

    def _try(self) -> str | None:
        """Take all; None, or the end that is taken."""
        for end in self._wanted:
            if end not in self._files or not os.fstat(self._files[end]).st_nlink:  # new, or tidied away by another
                with suppress(KeyError):
                    os.close(self._files.pop(end))
                self._files[end] = _open(self._path(end))
        taken: list[int] = []
        for end, descriptor in self._files.items():
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                for mine in taken:
                    fcntl.flock(mine, fcntl.LOCK_UN)
                return end
            taken.append(descriptor)
            if not os.fstat(descriptor).st_nlink:  # tidied away between opening and locking
                for mine in taken:
                    fcntl.flock(mine, fcntl.LOCK_UN)
                return end
        return None

    def _path(self, end: str) -> Path:
        return folder() / _name(self._kind, end)

    def _write(self, record: Mapping[str, Any]) -> None:
        for descriptor in self._files.values():
            write_record(descriptor, record)

    def _complaint(self, end: str, wait: int) -> str:
        holder = read_record(self._files[end]).get("holder") or {}
        who = tell(holder) if holder else "somebody who has just come"
        return (
            f"{self._where} cannot be opened: {end} is in use by {who}; waited {pretty(wait)}. Wait for its end, or "
            "end that process: its watchdog switches the bench off"
        )


def peek(file: BenchFile) -> dict[str, Any] | None:
    """How the last run on a bench ended, where that was not in order, without taking the bench."""
    for end in ends(file):
        try:
            descriptor = os.open(folder() / _name("bench", end), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if last := read_record(descriptor).get("last"):
                return dict(last)
        finally:
            os.close(descriptor)
    return None


def tell(holder: Mapping[str, Any]) -> str:
    """A holder in words."""
    return f"{holder.get('user')} ({holder.get('what')}, process {holder.get('pid')}, since {holder.get('since')})"


def read_record(descriptor: int) -> dict[str, Any]:
    """What a lock file says; empty where it says nothing that can be read."""
    with suppress(OSError, ValueError):
        record = json.loads(os.pread(descriptor, LONGEST_RECORD, 0))
        if isinstance(record, dict):
            return record
    return {}


def write_record(descriptor: int, record: Mapping[str, Any]) -> None:
    """Replace what a lock file says."""
    text = json.dumps(record).encode()
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text, 0)


def _name(kind: str, end: str) -> str:
    return f"{kind}-{re.sub(r'[^A-Za-z0-9]+', '-', end)[:60].strip('-')}-{hashlib.sha256(end.encode()).hexdigest()[:8]}"


def _open(path: Path) -> int:
    """Open a lock file of any user. Without O_CREAT first: Linux refuses that for another's file in a shared folder."""
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        try:
            return os.open(path, flags)
        except FileNotFoundError:
            descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:  # another was first
        return os.open(path, flags)
    except OSError as error:
        raise BenchError(
            f"the bench lock {path} cannot be opened: {error}. Whose file is it, and may all write it?"
        ) from error
    os.fchmod(descriptor, stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH)
    return descriptor
