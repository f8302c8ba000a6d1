"""The car: its power, its state, what it must not do, its fault memory and its identity (all clauses)."""

from __future__ import annotations

from dataclasses import dataclass

from harness.actors.actor import Actor
from harness.bench.lines import BATTERY_VOLTS
from harness.can.uds import TroubleCode
from harness.catalogue import limit
from harness.clock import HOST_IS_LATE, lateness
from harness.errors import ExpectationError, HostWasLate
from harness.history import Value
from harness.timeline import Event
from harness.units import S, pretty

READY_TIME = 60 * S
"""From power-on to ready: self-test and attach, with three times what they usually take (bench default)."""

REQUEST_COUNTS = 16
"""Values of `OHC_Status.RequestCount`."""

SILENT_AFTER, SILENT_FOR = 3 * S, 5 * S
"""So soon after its announcement a network is silent, and so long it is watched (bench default)."""
TESTER_PRESENT = 0x7DF
"""Functional address of diagnostics (ISO 15765-4); the request asks for no answer."""
WAKE_TIME = 2 * S
"""So soon every ECU is back after a wake-up: as after power-on (bench default)."""

CALLING = ("DIALLING", "ALERTING", "CONNECTED")


@dataclass(frozen=True)
class Identity:
    """What one ECU says of itself over UDS."""

    ecu: str
    vin: str
    software: str


class Car(Actor):
    """The device under test as a whole."""

    def power(self, volts: float = BATTERY_VOLTS) -> int:
        """Connect the battery at `volts`, or change its voltage; returns when (ns)."""
        battery = self.bench.line("battery")
        start = self.note("power", volts=volts)
        battery.set_voltage(volts)
        battery.set_power(True)
        return start

    def power_off(self) -> int:
        """Take the battery away; returns when (ns)."""
        start = self.note("power_off")
        self.bench.line("battery").set_power(False)
        return start

    def wait_ready(self, within: int = READY_TIME) -> int:
        """Wait until the telematics unit calls itself ready and the modem answers; returns when (ns)."""
        since = self.now()
        ready = self.bench.networks["body"].expect("TCU_Status.Ready", 1, within)
        if "modem" in self.bench.file.serial:
            self.bench.modem.wait_answering(max(within - (self.now() - since), 5 * S))
        return ready

    def state(self, signal: str) -> Value:
        """The newest value of `Message.Signal`; None before its first frame."""
        return self.bench.networks["body"].value(signal)

    def expects(self, signal: str, value: Value, within: int, since: int | None = None) -> int:
        """Wait until the signal has `value`, however briefly; returns when (ns). Raises `ExpectationError`."""
        return self.bench.networks["body"].expect(signal, value, within, since)

    def dialled(self, since: int = 0, until: int | None = None) -> list[Event]:
        """What the modem dialled by its own account (^DSCI): events with `number`, oldest first."""
        calls = self.timeline.events("modem", "call", since, self.now() if until is None else until)
        return [call for call in calls if call.data["state"] == "dialling"]

    def numbers_dialled(self, since: int = 0, until: int | None = None) -> list[str]:
        """The numbers of `dialled`."""
        return [str(call.data["number"]) for call in self.dialled(since, until)]

    def expects_dialling(self, number: str | None = None, within: int | None = None, since: int | None = None) -> Event:
        """Wait until the modem dials (`number`, where given); returns that event. Raises `ExpectationError`."""
        begin = self.now() if since is None else since
        within = limit("call_start") if within is None else within

        def fitting() -> list[Event]:
            return [each for each in self.dialled(begin) if number in (None, each.data["number"])]

        left = max(0, begin + within - self.now())
        if not self.clock.wait(lambda: bool(fitting()), left + lateness(self.clock)):
            others = ", ".join(each.data["number"] for each in self.dialled(begin)) or "nothing"
            raise ExpectationError(
                f"expected the modem to dial {number or 'somebody'} within {pretty(within)}; it dialled {others}, and "
                f"TCU_Call.State is {self.state('TCU_Call.State')}. Is it registered, and does it answer AT?"
            )
        dialled = fitting()[0]
        if 0 < (late := dialled.time - begin - within) <= lateness(self.clock):
            raise HostWasLate(f"the modem dialled {pretty(late)} after {pretty(within)}: {HOST_IS_LATE}")
        return dialled

    def requests(self, since: int = 0, until: int | None = None) -> list[int]:
        """When the overhead console asked for a call (ns), oldest first: it counts its requests, modulo 16.

        A counter that falls back while no button is REQUESTED is that of a console that has just booted.
        """
        end = self.now() if until is None else until
        before, asked = self.timeline.value("OHC_Status.RequestCount", at=since), []
        for change in self.timeline.signal("OHC_Status.RequestCount", since, end):
            buttons = (self.timeline.value(f"OHC_Status.{name}", at=change.time) for name in ("Sos", "OnCall"))
            if before is not None and any(state is not None and state.value == "REQUESTED" for state in buttons):
                asked += [change.time] * ((int(change.value or 0) - int(before.value or 0)) % REQUEST_COUNTS)
            before = change
        return asked

    def stays_quiet(self, duration: int | None = None, since: int | None = None) -> None:
        """Let `duration` ns pass (default: the quiet time of the catalogue) in which no call may begin.

        Judged from `since` (default: now) by the modem, by CAN and off board alike; a call that runs may go on.
        Raises `ExpectationError` with whatever began.
        """
        begin = self.now() if since is None else since
        duration = limit("quiet_time") if duration is None else duration
        before = self.timeline.value("TCU_Call.State", at=begin)
        self.clock.sleep(duration)
        self.bench.offboard.pull()
        if not self.timeline.signal("TCU_Call.State", self.now() - duration):
            raise ExpectationError("expected TCU_Call on CAN while watching for calls; the telematics unit sent none")
        calling = before is not None and before.value in CALLING
        seen = [f"the modem dialled {each.data['number']} at {pretty(each.time)}" for each in self.dialled(begin)]
        for change in self.timeline.signal("TCU_Call.State", begin):
            if change.value == "DIALLING" or (change.value in CALLING and not calling):
                seen += [f"TCU_Call.State became {change.value} at {pretty(change.time)}"]
        for centre in ("assistance", "emergency"):
            seen += [
                f"a call came to {centre} at {pretty(e.time)}" for e in self.timeline.events(centre, "call", begin)
            ]
        if seen:
            raise ExpectationError(f"expected no call within {pretty(self.now() - begin)}; {'; '.join(seen)}")
        self.note("stayed_quiet", duration=pretty(duration))

    # Asleep

    def expects_sleep(self, within: int) -> int:
        """Wait until the body network has announced its sleep, and nobody sends any more; returns when (ns).

        Raises `ExpectationError` where somebody goes on sending.
        """
        start = self.expects("CEM_Network.State", "GOING_TO_SLEEP", within)
        self.clock.sleep(SILENT_AFTER)
        silent = self.now()
        self.clock.sleep(SILENT_FOR)
        if heard := list(self.timeline.frames("body", None, silent)):
            raise ExpectationError(
                f"expected nobody to send on a sleeping network; 0x{heard[0].identifier:X} came at "
                f"{pretty(heard[0].time)}, and {len(heard)} frames in all"
            )
        return start

    def wake(self) -> None:
        """Where its network sleeps, wake it by a frame; where it has just woken, wait until all ECUs are back.

        Raises `ExpectationError` where it does not wake.
        """
        if self.state("CEM_Network.State") == "GOING_TO_SLEEP":
            start = self.note("wakes_network")
            self.bench.networks["body"].send_raw(TESTER_PRESENT, bytes.fromhex("023E80AAAAAAAAAA"))
            self.expects("CEM_Network.State", "AWAKE", WAKE_TIME, since=start)
        changes = self.timeline.signal("CEM_Network.State")
        if len(changes) > 1:
            self.clock.sleep(max(0, changes[-1].time + WAKE_TIME - self.now()))

    # Over UDS

    def fault_memory(self) -> list[TroubleCode]:
        """Trouble codes of every ECU that is powered."""
        return self.bench.diagnostics.trouble_codes()

    def clear_fault_memory(self) -> None:
        """Clear them all."""
        self.note("clear_fault_memory")
        self.bench.diagnostics.clear_trouble_codes()

    def identity(self) -> dict[str, Identity]:
        """VIN and software version of every ECU, by its name."""
        return {name: Identity(name, uds.vin(), uds.software_version()) for name, uds in self.bench.diagnostics.items()}
