"""Every output of a served bench, asked from the instruments themselves over connections of the asker's own."""

from __future__ import annotations

import gc
import logging
import time
import warnings

import pyvisa

from harness.bench.schema import BenchFile

ASKED = {
    "supply": "OUTP? (@1,2,3)",
    "switch": "ROUT:CLOS? (@1001:1064)",
    "generator": "OUTP1?;OUTP2?",
    "network_tester": "SOUR:LTE:SIGN1:CELL:STAT:ALL?",
}
OFF = {"0", "+0", "OFF"}
BATTERY_OFF_VOLTS = 0.5
PATIENCE_S = 30.0
"""So long an instrument that a trouble keeps away is asked again."""


class Outputs:
    """Asks all outputs, each time over new sessions of its own."""

    def __init__(self, file: BenchFile) -> None:
        self._file = file
        self._manager = pyvisa.ResourceManager(file.visa.backend)

    def on(self) -> list[str]:
        """What is on, in the instruments' own words, over fresh connections."""
        found = []
        for name, question in ASKED.items():
            answer = self.ask(name, question)
            if any(state not in OFF for state in answer.replace(";", ",").replace(",ADJ", "").split(",")):
                found.append(f"{name}: {answer}")
        return found

    def ask(self, name: str, question: str) -> str:
        """One question to one instrument over a connection of its own, again where it is away."""
        deadline = time.monotonic() + PATIENCE_S
        while (answer := self._once(name, question, last=time.monotonic() > deadline)) is None:
            time.sleep(0.02)
        return answer

    def _once(self, name: str, question: str, *, last: bool) -> str | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # PyVISA-py forgets sockets of an opening that failed
            logging.disable()  # pytest would keep its log records, and the sockets in their tracebacks
            try:
                session = self._manager.open_resource(self._file.instrument[name].resource)
                try:
                    session.timeout = 2_000
                    session.read_termination = session.write_termination = "\n"
                    return str(session.query(question)).strip()
                finally:
                    session.close()
            except Exception:
                if last:
                    raise
            finally:
                logging.disable(logging.NOTSET)
            gc.collect()
            return None

    def wait_off(self) -> float:
        """Seconds until everything is off. Raises `AssertionError` with what stays on."""
        start = time.monotonic()
        while on := self.on():
            assert time.monotonic() - start < PATIENCE_S, f"still on after {PATIENCE_S} s: {on}"
            time.sleep(0.02)
        return time.monotonic() - start
