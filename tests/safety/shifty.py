"""A modem that cannot be trusted, and relays that remember: seeded parts for an emulated or a served bench.

What the modem does stands in the file `$SHIFTY_MODE`, and may change at any time. Every byte that arrives at its AT
port, and every relay that closes, goes to `$SHIFTY_RECORD`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emulation.bench import EmulatedBench
from emulation.ecus.modem.modem import Modem
from emulation.faults import seeded
from emulation.lab.switch_34980a import Switch34980A
from emulation.world import Condition
from harness.units import MS

MODE, RECORD, LATE = "SHIFTY_MODE", "SHIFTY_RECORD", "SHIFTY_LATE_MS"
TEST_PLMN, PUBLIC_PLMN = b"00101", b"24001"


def record(kind: str, what: str) -> None:
    with Path(os.environ[RECORD]).open("a", encoding="utf-8") as file:
        file.write(f"{kind} {what}\n")


@seeded(breaks="B-24", story="its AT port is recorded, and answers as a test wants it")
class ShiftyModem(Modem):
    """Honest by default."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        line: Any = bench.port("modem")
        self._hear, self._say = line.on_bytes, line.write
        line.on_bytes, line.write = self._heard, self._said
        self._changed_plmn = False

    def _heard(self, data: bytes) -> None:
        record("at", repr(data))
        self._hear(data)

    def _said(self, data: bytes) -> None:
        mode = Path(os.environ[MODE]).read_text(encoding="utf-8").strip()
        if mode == "public SIM":
            data = data.replace(TEST_PLMN + b"012", PUBLIC_PLMN + b"012")
        elif mode == "public network":
            data = data.replace(b'"' + TEST_PLMN + b'"', b'"' + PUBLIC_PLMN + b'"')
        elif mode == "changes network" and b"+COPS:" in data:  # the first answer is true, and none after it
            if self._changed_plmn:
                data = data.replace(b'"' + TEST_PLMN + b'"', b'"' + PUBLIC_PLMN + b'"')
            self._changed_plmn = True
        elif mode == "nothing":
            return
        elif mode == "garbage":
            data = bytes(byte ^ 0x55 for byte in data)
        elif mode == "late":
            self.world.call_at(self.world.now + int(os.environ[LATE]) * MS, lambda _, late=data: self._say(late))
            return
        if mode != "changes network":
            self._changed_plmn = False
        self._say(data)


@seeded(breaks="B-24", story="every relay that closes is recorded")
class RecordedSwitch(Switch34980A):
    """The same relays."""

    def _move(self, channels: Sequence[int], closed: bool) -> Condition:
        if closed:
            record("closed", " ".join(map(str, channels)))
        return super()._move(channels, closed)
