"""What every ECU is: supplied from the battery, booting, on the network as the DBC says, with diagnostics.

An ECU is a subclass that names its `node`, lists its processes, and says with `set` what its messages tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.can_bus import CanBus, Frame
from emulation.ecus.base.receive import CheckedMessage, Listener, Mailbox
from emulation.ecus.base.sleep import BusSleep
from emulation.ecus.base.transmit import Outgoing
from emulation.ecus.base.uds import UdsServer
from emulation.ecus.base.vehicle import SignalValue, database, decode, diagnostics, message, protections
from emulation.world import Condition, Process, Task, World
from harness.units import MS, S

SUPPLY_MIN_VOLTS = 6.0
"""An ECU runs above this voltage; the lowest that ISO 16750-2 has control units survive while cranking."""

MESSAGE_TIMEOUT = 5 * S
"""Silence of a message that is a fault; more than any ECU takes to boot."""


class Ecu:
    """A control unit of the car; built once, started once, booted whenever its supply comes."""

    node: ClassVar[str]
    """Name in the DBC."""
    BOOT: ClassVar[int] = 80 * MS
    """Supply to first frame."""
    SLEEPS: ClassVar[bool] = True
    """Off while the network sleeps; one that is not looks after itself."""

    def __init__(self, bench: EmulatedBench) -> None:
        self.bench = bench
        self.world: World = bench.world
        self.bus: CanBus = bench.buses["body"]
        self.battery = bench.line("battery")
        self.random = self.world.random(self.node)
        self.running = False
        self._wants_to_send = True
        self._may_send = True
        self.booted_at = 0
        """When it last booted, in ns."""
        self._reset = self.world.condition(f"{self.node} reset")
        self._mailbox = Mailbox.of(bench)
        self.sleep = BusSleep.of(bench)
        self._checked: dict[str, CheckedMessage] = {}
        self._tasks: list[Task] = []
        self._outgoing = {
            found.name: Outgoing(self.bus, found, protections().get(found.name), self)
            for found in database().messages
            if self.node in found.senders
        }
        self.uds = UdsServer(self, diagnostics()[self.node])

    @property
    def vin(self) -> str:
        """The car's identification number."""
        return self.uds.data.vin

    def start(self) -> None:
        """Live from now on: boot when supplied, stop when not."""
        self.world.spawn(self._live(), f"{self.node} supply")

    def processes(self) -> Iterable[Process]:
        """The ECU's behaviour: processes that begin at each boot and end with the supply."""
        return ()

    # supply

    def powered(self) -> bool:
        """Whether the ECU has what it needs to run."""
        return self.battery.volts > SUPPLY_MIN_VOLTS

    def power_changed(self) -> Condition:
        """Happens when `powered()` may have changed."""
        return self.battery.changed()

    def reset(self) -> None:
        """Boot anew, as UDS ECUReset asks."""
        self._reset.happen()

    def may_reset(self) -> bool:
        """Whether a tester may ask for a reset now."""
        return True

    def _up(self) -> bool:
        return self.powered() and not (self.SLEEPS and self.sleep.asleep)

    def _up_changed(self) -> Condition:
        return self.power_changed() | self.sleep.changed() if self.SLEEPS else self.power_changed()

    def _live(self) -> Process:
        while True:
            while not self._up():
                yield self._up_changed()
            booted = self.world.after(self.BOOT)
            while self._up() and not booted.happened:
                yield self._up_changed() | booted
            if booted.happened:
                self._reset = self.world.condition(f"{self.node} reset")
                self._run()
                while self._up() and not self._reset.happened:
                    yield self._up_changed() | self._reset
                self._halt()

    def _run(self) -> None:
        self.running = True
        self.booted_at = self.world.now
        for outgoing in self._outgoing.values():
            outgoing.reset()
        self._may_send = True
        self._update_transmission()
        self._tasks = [
            self.world.spawn(process, f"{self.node} {getattr(process, '__name__', 'process')}")
            for process in self.processes()
        ]

    def _halt(self) -> None:
        self.running = False
        self._update_transmission()
        for task in self._tasks:
            task.stop()
        self._tasks = []
        for checked in self._checked.values():
            checked.close()
        self._checked.clear()
        self.uds.halt()

    # network

    def transmit(self, on: bool) -> None:
        """Send its messages from now on, or none, as the ECU itself wants it (a chassis ECU without terminal 15)."""
        self._wants_to_send = on
        self._update_transmission()

    def allow_transmission(self, on: bool) -> None:
        """Let the ECU send its messages, or none, as a tester wants it (UDS CommunicationControl)."""
        if on != self._may_send:
            self._may_send = on
            self._update_transmission()

    def _update_transmission(self) -> None:
        """On cycle, messages begin at different moments, so that the bus is not bursty."""
        on = self.running and self._wants_to_send and self._may_send
        for outgoing in self._outgoing.values():
            if on:
                outgoing.start(self.random.randrange(outgoing.cycle))
            else:
                outgoing.stop()

    def set(self, name: str, **signals: SignalValue) -> None:
        """Change what message `name` tells: physical values, or names of the value table."""
        self._outgoing[name].set(signals)

    def heard(self, name: str, unlike: bytes | None = None) -> Condition:
        """Happens with the next frame of message `name`, or with the next whose payload is another than `unlike`.

        Its value is the `Frame`.
        """
        identifier = message(name).frame_id
        return self._mailbox.next(identifier) if unlike is None else self._mailbox.unlike(identifier, unlike)

    def decode(self, frame: Frame) -> dict[str, SignalValue]:
        """The signals of `frame`, names for what has a value table. Not to be changed."""
        return decode(frame.identifier, frame.data)

    def newest(self, name: str) -> bytes | None:
        """The newest payload of message `name` that arrived since the last boot; None where none did."""
        frame = self._mailbox.latest.get(message(name).frame_id)
        return None if frame is None or frame.time < self.booted_at else frame.data

    def last(self, name: str, signal: str) -> SignalValue | None:
        """The value of `signal` in the `newest` of message `name`; None where there is none."""
        data = self.newest(name)
        return None if data is None else decode(message(name).frame_id, data)[signal]

    def checked(self, name: str) -> Condition:
        """Happens with the next frame of message `name` that E2E lets pass; its value is the dict of its signals.

        The check runs over every frame from the first call on, whether somebody waits or not.
        """
        return self._check(name).next()

    def on_checked(self, name: str, listener: Listener) -> None:
        """Call `listener` with the signals of each frame of `name` that E2E lets pass, until the ECU goes off."""
        self._check(name).listen(listener)

    def _check(self, name: str) -> CheckedMessage:
        if name not in self._checked:
            self._checked[name] = CheckedMessage(self.bus, name)
        return self._checked[name]

    def supervise(self, name: str, fault: str) -> Process:
        """Store trouble code `fault` while message `name` does not come; looked at once a second."""
        identifier = message(name).frame_id
        while True:
            yield 1 * S
            frame = self._mailbox.latest.get(identifier)
            heard_at = self.booted_at if frame is None else max(self.booted_at, frame.time)
            self.judge(fault, failed=self.world.now - heard_at > MESSAGE_TIMEOUT)

    # fault memory

    def store_fault(self, name: str) -> None:
        """The test of trouble code `name` (`vehicle/diagnostics.toml`) failed: store it."""
        self.uds.memory.failed(name)

    def clear_fault(self, name: str) -> None:
        """The test of `name` passes again. What is confirmed stays in memory until a workshop clears it."""
        self.uds.memory.passed(name)

    def judge(self, name: str, *, failed: bool) -> None:
        """Store a trouble code, or say that its test passes."""
        if failed:
            self.store_fault(name)
        else:
            self.clear_fault(name)
