"""How the car hears of the charger's contract, and asks for what to do with it: CAN and UDS (C-10, C-13 ... C-16)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from emulation.ecus.base.negative_response import expect_length
from emulation.ecus.base.routine_control import RoutineHandler
from emulation.ecus.charger.contract_store import ContractStore
from emulation.world import Process
from harness.units import MS, US, H, S

if TYPE_CHECKING:
    from emulation.ecus.charger.charger import Charger

CHARACTERS = 6
"""Of a name in one frame of `OBC_Identity`."""
PARTS = 3
"""Frames that a name of up to 18 characters takes."""
BETWEEN_PARTS = 100 * MS
"""Between two frames of names (own choice)."""
SAY_AGAIN = 5 * S
"""Names are told anew so often, for who boots later (own choice)."""
DAY = 24 * H

STATES = ("NONE", "VALID", "EXPIRED", "NOT_YET", "INVALID")
"""`OBC_Contract.State` by raw value."""
DAYS_MAX = 1023


class ContractLink:
    """Between the store and the rest of the car."""

    def __init__(self, charger: Charger, store: ContractStore) -> None:
        self.charger = charger
        self.store = store
        charger.uds.live |= {
            0x4C01: lambda: store.pcid.encode() if store.provisioning else b"",
            0x4C02: lambda: store.contract.emaid.encode() if store.contract else b"",
            0x4C03: self.state,
        }
        charger.uds.routines.update(
            {
                0x0C01: self.routine(self.state),
                0x0C02: self.routine(lambda: bytes([store.provisioning is not None])),
                0x0C03: self.routine(store.delete),
                0x0C04: self.routine(store.delete_provisioning),
                0x0C05: self.routine(store.restore_provisioning),
            }
        )

    def processes(self) -> Iterable[Process]:
        """Tell what is kept, and hear what is wanted."""
        return [self.tell(), self.tell_names(), self.follow_settings(), self.follow_driver()]

    # To the car

    def tell(self) -> Process:
        """`OBC_Contract`, whenever it changes, and when another day is over."""
        while True:
            store = self.store
            ends = store.ends()
            days = max(0, (ends - store.now).days) if ends else 0
            self.charger.set(
                "OBC_Contract",
                State=store.state(),
                UseAllowed="YES" if store.usable() else "NO",
                Provisioned="YES" if store.provisioning else "NO",
                InstallWanted="YES" if store.wants_install() else "NO",
                InstallCount=store.installed,
                ValidDays=min(days, DAYS_MAX),
            )
            if store.state() == "INVALID":
                self.charger.store_fault("CONTRACT_CERTIFICATE_INVALID")
            left = (ends - store.now) % timedelta(days=1) if ends else timedelta(days=1)
            yield store.changed | self.charger.world.after(left // timedelta(microseconds=1) * US + 1 * MS)

    def tell_names(self) -> Process:
        """`OBC_Identity`: both names in parts, at once when they change, and every `SAY_AGAIN`."""
        while True:
            changed = self.store.changed
            for kind, name in (("PCID", self.shown_pcid()), ("EMAID", self.shown_emaid())):
                for part in range(PARTS):
                    text = name[part * CHARACTERS : (part + 1) * CHARACTERS].encode("ascii")
                    self.charger.set("OBC_Identity", Kind=kind, Part=part, Text=int.from_bytes(text, "little"))
                    yield BETWEEN_PARTS
            yield changed | self.charger.world.after(SAY_AGAIN)

    def shown_pcid(self) -> str:
        """The PCID, empty without a provisioning certificate."""
        return self.store.pcid if self.store.provisioning else ""

    def shown_emaid(self) -> str:
        """The contract's eMAID, empty without one."""
        return self.store.contract.emaid if self.store.contract else ""

    # From the car

    def follow_settings(self) -> Process:
        """The switch in settings; while the head unit says nothing, what it said last holds."""
        known: bytes | None = None
        while True:
            yield self.charger.heard("IHU_Settings", known)
            known = self.charger.newest("IHU_Settings")
            self.store.allow(self.charger.last("IHU_Settings", "PlugAndCharge") == "ON")

    def follow_driver(self) -> Process:
        """Each count that is one more is a wish of its own."""
        known: tuple[int, int] | None = None
        told: bytes | None = None
        while True:
            yield self.charger.heard("IHU_Charging", told)
            told = self.charger.newest("IHU_Charging")
            counts = (self.count("RemoveCount"), self.count("AddCount"))
            if known is not None:
                if counts[0] == (known[0] + 1) % 16:
                    self.store.delete()
                if counts[1] == (known[1] + 1) % 16:
                    self.store.add()
            known = counts

    def count(self, signal: str) -> int:
        """A counter of the head unit."""
        return int(self.charger.last("IHU_Charging", signal) or 0)

    # To the workshop

    def state(self) -> bytes:
        """The raw value of `OBC_Contract.State`."""
        return bytes([STATES.index(self.store.state())])

    def routine(self, act: Callable[[], bytes | None]) -> RoutineHandler:
        """A UDS routine without option record that does `act`, and answers with what that returns."""

        def run(option: bytes) -> bytes:
            expect_length(option, 0)
            return act() or b""

        return run
