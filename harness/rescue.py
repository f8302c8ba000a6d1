"""The watchdog's process: makes a bench safe once its run is gone. `python -m harness.rescue SOCKET`.

`harness.bench.watchdog` starts it with one end of a socket pair and the bench's lock files. Lines of JSON come in:
first what to watch, then `armed`, `safe` and `rescue`. The end of the stream while it is armed means that the run died.
Then it opens every instrument anew, all at once so that a silent one holds up nobody, makes each safe and has it say so
itself, and ends the modem's calls. What came of it goes into the lock files, where the next run finds it.

It imports little, and nothing of `harness.bench`: it must be ready while the bench is still being opened.
"""

from __future__ import annotations

import getpass
import json
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from typing import Any

import pyvisa

from harness.clock import WallClock
from harness.serial_port import open_port
from harness.units import MS, S

PATIENCE = 10 * S
"""So long an instrument is tried that does not answer: it may hold the dead connection for a while."""
ANSWER = 1 * S
"""First timeout of an instrument's answer; a second try gives it what the bench file gives."""
PAUSE = 50 * MS
"""Between two tries; a server that has just lost its client is there again within this."""

MODEM_ANSWER = 1 * S
MODEM_LOOK = 20 * MS
HANG_UP = 3 * S
"""A call has ended so long after AT+CHUP, or the modem is asked again."""

Part = dict[str, Any]


def main() -> None:
    """Watch until the stream ends; deaf to every signal that ends a run."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[1])) as line, line.makefile("r", encoding="utf-8") as orders:
        watched = json.loads(orders.readline())
        rescue = Rescue(watched)
        _say(line, {"ready": os.getpid()})
        armed = False
        for order in orders:
            word = json.loads(order)
            armed = word == "armed"
            if word == "rescue":
                _say(line, rescue.run("could not be made safe by its own run"))
        if armed:
            rescue.run("was killed")


def _say(line: socket.socket, answer: Mapping[str, Any]) -> None:
    with suppress(OSError):  # the run may be gone
        line.sendall(json.dumps(answer).encode() + b"\n")


class Rescue:
    """Everything that was switched on, off again. When it is needed, every driver is imported already."""

    def __init__(self, watched: Mapping[str, Any]) -> None:
        self._watched = watched
        self._clock = WallClock()
        instruments: list[Part] = watched["instruments"]
        self._manager: Any = pyvisa.ResourceManager(watched["visa"]) if instruments else None
        self._steps: dict[str, Callable[[int], str]] = {}
        for part in instruments:
            module, _, name = part["driver"].partition(":")
            self._steps[part["name"]] = self._instrument(part, getattr(import_module(module), name))
        if watched["modem"]:
            self._steps["modem"] = self._modem

    def run(self, what: str) -> dict[str, Any]:
        """Take every step at once; returns, and writes into the lock files, what came of it."""
        start = self._clock.now()
        self._record({"holder": self._holder()})
        said: dict[str, tuple[bool, str]] = {}
        threads = [
            threading.Thread(target=self._insist, args=(name, step, said), name=name)
            for name, step in self._steps.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        report = {
            "safe": all(safe for safe, _ in said.values()),
            "ended": what,
            "took_ms": (self._clock.now() - start) // MS,
            "who": self._watched["holder"],
            "when": datetime.now().astimezone().isoformat(timespec="seconds"),
            "lines": [f"{name}: {text}" for name, (_, text) in said.items()],
            "unsafe": sorted(name for name, (safe, _) in said.items() if not safe),
        }
        self._record({"holder": None, "last": report})
        return report

    def _insist(self, name: str, step: Callable[[int], str], said: dict[str, tuple[bool, str]]) -> None:
        """Try until it works or patience is over."""
        start, timeout = self._clock.now(), ANSWER
        while True:
            try:
                text = step(timeout)
            except Exception as error:  # noqa: BLE001  whatever a driver raises, the next try may work
                if self._clock.now() - start > self._watched["patience"]:
                    said[name] = False, f"{type(error).__name__}: {error}"
                    return
            else:
                said[name] = True, f"{text} after {(self._clock.now() - start) // MS} ms"
                return
            timeout = max(ANSWER, self._watched["timeout"])
            threading.Event().wait(PAUSE / S)

    def _instrument(self, part: Part, driver: Any) -> Callable[[int], str]:
        def step(timeout: int) -> str:
            resource = self._manager.open_resource(part["resource"])
            try:
                resource.timeout = timeout // MS
                driver(resource, self._clock, **part["options"]).make_safe()
            finally:
                with suppress(Exception):  # it may be gone again; what counts was said before
                    resource.close()
            return "is safe by its own answer"

        return step

    def _modem(self, _timeout: int) -> str:
        port = open_port(self._watched["modem"]["url"], self._watched["modem"]["baudrate"], "modem")
        try:
            return hang_up(port, self._clock)
        finally:
            port.close()

    def _holder(self) -> dict[str, Any]:
        return {
            "user": getpass.getuser(),
            "pid": os.getpid(),
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
            "what": "the watchdog, making it safe",
        }

    def _record(self, record: Mapping[str, Any]) -> None:
        text = json.dumps(record).encode()
        for descriptor in self._watched["locks"]:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, text, 0)


def hang_up(port: Any, clock: WallClock) -> str:
    """End every call of the modem at an open `port`, if it answers. Sends AT, AT+CHUP and AT+CLCC, and nothing else.

    Raises `OSError` where the port fails, `RuntimeError` where a call stays.
    """

    def ask(command: bytes, timeout: int) -> str:
        port.reset_input_buffer()
        port.write(command)
        heard = bytearray()

        def over() -> bool:
            heard.extend(port.read(port.in_waiting or 1) if port.in_waiting else b"")
            return re.search(rb"(?m)^(OK|ERROR|NO CARRIER|\+CM[ES] ERROR.*)\r?$", heard) is not None

        clock.wait(over, timeout)
        return heard.decode("ascii", "replace")

    ask(b"\r", 5 * MODEM_LOOK)  # ends what the run had half said; in a command that dials, it ends the dialling as well
    if not any("OK" in ask(b"AT\r", MODEM_ANSWER) for _ in range(2)):
        return "does not answer, so it has no power and no call;"
    deadline = clock.now() + HANG_UP
    while True:
        ask(b"AT+CHUP\r", HANG_UP)
        listed = ask(b"AT+CLCC\r", MODEM_ANSWER)
        if "+CLCC:" not in listed and "OK" in listed:
            return "has no call"
        if clock.now() > deadline:
            raise RuntimeError(f"still in a call after AT+CHUP: {listed.strip()!r}")


if __name__ == "__main__":
    main()
