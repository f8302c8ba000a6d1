"""Overhead console: SOS and ON CALL, the two buttons above the mirror, and their lamps (B-09, B-10, B-13, B-14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.lines import Line
from emulation.world import Process
from harness.units import MS, US, S

CRYSTAL_PPM = 100
"""Limit of error of the console's clock; a plain crystal over temperature."""


class OverheadConsole(Ecu):
    """Tells CAN about its buttons, and asks for a call once one was held for `HOLD`.

    A press begins with the first edge. An opening of the contact is chatter until it has lasted `DEBOUNCE`; then it was
    a release, dated at its own first edge.
    """

    node = "OHC"
    BOOT = 60 * MS

    HOLD = 2 * S - 500 * US
    """The manual promises that 2 s call and that less does not; the catalogue allows 1 ms of tolerance. The threshold
    stands in its middle, so that a crystal within `CRYSTAL_PPM` (200 us in 2 s) keeps it on the right side."""
    HOLDS: ClassVar[dict[str, int]] = {}
    """Buttons with a time of their own; none."""
    DEBOUNCE = 5 * MS
    """Longest opening that still is chatter."""
    STUCK = 30 * S
    """A button held for longer is taken for broken."""

    CALLS: ClassVar = {"Sos": ("SOS", "CRASH"), "OnCall": ("ON_CALL",)}
    """Calls that a button's lamp shows, as the telematics unit names what triggered them."""
    STUCK_FAULT: ClassVar = {"Sos": "SOS_BUTTON_STUCK", "OnCall": "ON_CALL_BUTTON_STUCK"}

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.sos_button = bench.line("sos_button")
        self.on_call_button = bench.line("on_call_button")
        self.crystal = 1 + self.random.uniform(-CRYSTAL_PPM, CRYSTAL_PPM) * 1e-6
        """How much longer a second of this console is than a second."""
        self.requests = 0

    def processes(self) -> Iterable[Process]:
        """Watch both buttons, light the lamps."""
        self.requests = 0
        return [
            self.watch("Sos", self.sos_button),
            self.watch("OnCall", self.on_call_button),
            self.light_lamps(),
            self.supervise("TCU_Status", "TELEMATICS_MISSING"),
        ]

    def watch(self, name: str, button: Line) -> Process:
        """One button, from press to release, again and again."""
        while True:
            yield button.pressed()
            pressed_at = self.world.now
            self.tell(name, "PRESSED")
            if (yield from self.held(button, pressed_at + self.own_time(self.hold(name)))):
                self.request(name)
                if (yield from self.held(button, pressed_at + self.own_time(self.STUCK))):
                    self.tell(name, "STUCK")
                    self.store_fault(self.STUCK_FAULT[name])
                    while (yield from self.held(button, self.world.now + self.STUCK)):
                        pass
                    self.clear_fault(self.STUCK_FAULT[name])
            self.tell(name, "IDLE")

    def hold(self, name: str) -> int:
        """How long a button must be held, in ns of the console's own time."""
        return self.HOLDS.get(name, self.HOLD)

    def held(self, button: Line, until: int) -> Process:
        """Whether `button` stays pressed to the instant `until`; on a tie the release wins."""
        while True:
            released = button.released()
            yield released | self.world.after(until - self.world.now)
            if not released.happened:
                return True
            pressed = button.pressed()
            yield pressed | self.world.after(self.DEBOUNCE)
            if not pressed.happened:
                return False

    def request(self, name: str) -> None:
        """Ask for a call, unless the buttons are locked; without a word from the telematics unit they are not."""
        if self.locked():
            return
        self.requests = (self.requests + 1) % 16
        self.set("OHC_Status", **{name: "REQUESTED"}, RequestCount=self.requests)

    def locked(self) -> bool:
        """Whether the buttons are switched off in settings."""
        return self.last("TCU_Status", "ButtonLock") == "LOCKED"

    def tell(self, name: str, state: str) -> None:
        """Say on CAN what a button is."""
        self.set("OHC_Status", **{name: state})

    def own_time(self, duration: int) -> int:
        """`duration` as this console's crystal measures it, in ns of real time."""
        return round(duration * self.crystal)

    def light_lamps(self) -> Process:
        """Show readiness, lock and call in the lamps."""
        status: bytes | None = None
        call: bytes | None = None
        while True:
            yield self.heard("TCU_Status", status) | self.heard("TCU_Call", call)
            status, call = self.newest("TCU_Status"), self.newest("TCU_Call")
            self.set("OHC_Status", SosLamp=self.lamp("Sos"), OnCallLamp=self.lamp("OnCall"))

    def lamp(self, name: str) -> str:
        """BLINK while a call is set up, ON when it is connected or would be, OFF when locked or not ready."""
        if self.last("TCU_Call", "Trigger") in self.CALLS[name]:
            state = self.last("TCU_Call", "State")
            if state in {"DIALLING", "ALERTING"}:
                return "BLINK"
            if state == "CONNECTED":
                return "ON"
        return "ON" if self.last("TCU_Status", "Ready") and not self.locked() else "OFF"
