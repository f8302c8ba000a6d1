"""Each wire of a bench tried by itself, side by side and each for a bounded time; then the bench of those that open.

A host that is off must not hold up the rest: its address is reached by a bare TCP connection first, and whatever opens
longer than `OPENING` is given up. The bench is then opened as any run opens it, with its lock, its watchdog and its
interlock; a wire that is dead is left out, a network that is dead is replaced by one on which nothing is ever heard.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from queue import Empty, Queue
from threading import Thread
from typing import Any, cast
from urllib.parse import urlsplit

from harness.bench import opening
from harness.bench.doctor_findings import Finding, Sheet
from harness.bench.schema import BenchFile, CanTable
from harness.clock import Clock, WallClock
from harness.errors import BenchError
from harness.timeline import Timeline
from harness.toml_file import Key
from harness.units import MS, S, pretty, seconds

REACH = 1 * S
"""A host of a lab's network answers a TCP connection within this time."""
SETTLE = 300 * MS
"""A server of a port notices within this time that its user has gone, and lets the next one in."""
OPENING = 3 * S
"""A wire that does not open for so long is dead."""
SHORT = {"instrument": 1_500 * MS, "at": 1_500 * MS, "http": 2 * S}
"""The doctor's own timeouts; a run is more patient."""

STAND_IN = "in the place"
"""How the channel begins on which nothing is heard."""

Attempt = Callable[[], None]

ADVICE = {
    "can": "Is the interface plugged in, is its server up, is it free?",
    "serial": "Is it plugged in, is its server up, is no other program using it?",
    "offboard": "Is the service up, and is its token right?",
    "instrument": "Is it switched on and in the network, is its address right, does nobody else control it?",
}


def impatient(file: BenchFile) -> BenchFile:
    """`file` with timeouts as a doctor's are: at most those of `SHORT`."""
    timeouts = file.timeouts
    return file.model_copy(
        update={"timeouts": timeouts.model_copy(update={k: min(v, getattr(timeouts, k)) for k, v in SHORT.items()})}
    )


def try_all(file: BenchFile, sheet: Sheet) -> tuple[dict[Key, str], list[Finding]]:
    """Open and close every wire of a bench; what is dead, with its reason, and the findings."""
    clock = opening.clock(file, 0, (), ())
    try:
        attempts = _attempts(file, clock)
        dead = _side_by_side(attempts) if isinstance(clock, WallClock) else _in_turn(attempts)
    finally:
        clock.close()
    return dead, [
        sheet.at(*map(str, key)).wrong("opens", dead[key], ADVICE[str(key[0])], _address_key(key))
        if key in dead
        else sheet.at(*map(str, key)).ok("opens", _address(file, key))
        for key in attempts
    ]


def _in_turn(attempts: Mapping[Key, Attempt]) -> dict[Key, str]:
    """In emulated time nothing hangs, and there is one world for all."""
    return {key: problem for key, attempt in attempts.items() if (problem := _try(attempt))}


def _side_by_side(attempts: Mapping[Key, Attempt]) -> dict[Key, str]:
    answers: Queue[tuple[Key, str]] = Queue()

    def answer(key: Key) -> None:
        answers.put((key, _try(attempts[key])))

    for key in attempts:
        Thread(target=answer, args=(key,), name=f"doctor tries {key}", daemon=True).start()
    waiting, clock, dead = set(attempts), WallClock(), dict[Key, str]()
    while waiting and (left := OPENING - clock.now()) > 0:
        try:
            key, problem = answers.get(timeout=seconds(left))
        except Empty:
            break
        waiting.discard(key)
        if problem:
            dead[key] = problem
    return dead | {key: f"does not open within {pretty(OPENING)}" for key in waiting}


def without(file: BenchFile, dead: Mapping[Key, str]) -> BenchFile:
    """`file` without the wires that are dead, so that the rest of the bench opens."""
    silent = {"interface": "virtual", "channel": f"{STAND_IN} of {file.path}", "options": {}}
    return file.model_copy(
        update={
            "can": {n: t.model_copy(update=silent) if ("can", n) in dead else t for n, t in file.can.items()},
            "serial": {n: t for n, t in file.serial.items() if ("serial", n) not in dead},
            "instrument": {n: t for n, t in file.instrument.items() if ("instrument", n) not in dead},
            "offboard": None if ("offboard",) in dead else file.offboard,
        }
    )


def is_stand_in(table: CanTable) -> bool:
    """Whether a network of `without` stands for one that is dead."""
    return str(table.channel).startswith(STAND_IN)


def _attempts(file: BenchFile, clock: Clock) -> dict[Key, Attempt]:
    found: dict[Key, Attempt] = {("can", name): partial(_open_network, file, name, clock) for name in file.can}
    found |= {("serial", name): partial(_open_port, file, name) for name in file.serial}
    if file.offboard is not None:
        found[("offboard",)] = partial(_ask_offboard, file, clock)
    return found | {("instrument", name): partial(_open_instrument, file, name, clock) for name in file.instrument}


def _try(attempt: Attempt) -> str:
    try:
        attempt()
    except BenchError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  a driver or a plug-in may raise anything; here it is a finding
        return f"{type(error).__name__}: {error}"
    return ""


def _open_network(file: BenchFile, name: str, clock: Clock) -> None:
    options = file.can[name].options
    if "host" in options and "port" in options:
        reach(str(options["host"]), int(options["port"]))
    opening.network(file, name, clock, Timeline()).close()


def _open_port(file: BenchFile, name: Any) -> None:
    opening.port(file, name).close()  # not reached before: a port has one user, and that would have been one


def _ask_offboard(file: BenchFile, clock: Clock) -> None:
    url = urlsplit(file.offboard.url if file.offboard else "")
    if url.scheme in {"http", "https"} and url.hostname:
        reach(url.hostname, url.port or (443 if url.scheme == "https" else 80))
    service = opening.offboard(file, clock, Timeline())
    try:
        service.now()
    finally:
        service.close()


def _open_instrument(file: BenchFile, name: str, clock: Clock) -> None:
    place = _tcp_of(file.instrument[name].resource)
    if place is not None and isinstance(clock, WallClock):
        reach(*place)
    with ExitStack() as closing:
        opening.instrument(file, name, clock, Timeline(), closing)


def _tcp_of(resource: str) -> tuple[str, int] | None:
    """Host and port of a LAN resource name, where it has them: HiSLIP's default port is 4880 (IVI-6.1)."""
    if found := re.fullmatch(r"TCPIP\d*::([^:]+)::(\d+)::SOCKET", resource, re.IGNORECASE):
        return found[1], int(found[2])
    if found := re.fullmatch(r"TCPIP\d*::([^:]+)::hislip\d+(?:,(\d+))?(?:::INSTR)?", resource, re.IGNORECASE):
        return found[1], int(found[2] or 4880)
    return None


def reach(host: str, port: int) -> None:
    """Raises `BenchError` where nothing listens at an address, or nobody answers within `REACH`."""
    try:
        socket.create_connection((host, port), timeout=seconds(REACH)).close()
    except OSError as error:
        raise BenchError(f"nothing answers at {host} port {port}: {error}") from error


def _address_key(key: Key) -> str:
    return {"can": "interface", "serial": "url", "offboard": "url", "instrument": "resource"}[str(key[0])]


def _address(file: BenchFile, key: Key) -> str:
    kind, name = str(key[0]), cast("Any", key[-1])
    if kind == "can":
        return f"{file.can[name].interface} {file.can[name].channel}"
    if kind == "serial":
        return file.serial[name].url
    if kind == "instrument":
        return file.instrument[name].resource
    return file.offboard.url if file.offboard else ""
