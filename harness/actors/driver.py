"""The driver: presses buttons, turns the ignition, talks and listens, locks the buttons (B-05, B-09 ... B-14)."""

from __future__ import annotations

from math import sqrt

from harness.actors.controls import TERMINALS, Ignition
from harness.actors.played import tell_ignition
from harness.actors.presser import Presser
from harness.catalogue import limit, load
from harness.errors import BenchError, ExpectationError
from harness.judge import Contribution, Quantity
from harness.units import MS, S, pretty

CRANKING = 500 * MS
"""How long the start position is held; it has to be 300 ms at least."""
IGNITION_TIME = 1 * S
"""So soon the body module has to tell of a new ignition mode (bench default)."""
VOICE_HERTZ, VOICE_VOLTS = 1_000.0, 0.1
"""What stands for the driver's voice on the microphone line (docs/interfaces.md)."""
LISTEN_EVERY = 250 * MS
"""Pause between two readings while waiting for a voice."""
AC_ACCURACY = (0.0015, 0.0005)
"""Limit of error of an AC voltage: of the reading, and in volts (34465A, 1 year, 3 Hz ... 20 kHz, rounded up)."""


class Driver(Presser):
    """Sits in the car: presses its buttons, drives, talks and listens."""

    # Ignition

    def ignition(self, mode: Ignition | str) -> int:
        """Turn the knob, and wait until CAN tells of it; returns when it did (ns). A played body module tells it."""
        wanted = Ignition(mode)
        start = self.note("ignition", mode=wanted.value)
        if (body := self.bench.restbus["body"].played.get("body")) is not None:
            tell_ignition(body, wanted.value, TERMINALS[wanted])
            return self.bench.networks["body"].expect("CEM_Ignition.Mode", wanted.value, IGNITION_TIME, since=start)
        for terminal in ("terminal_15", "terminal_s"):
            if terminal not in TERMINALS[wanted]:
                self.bench.line(terminal).release()
        for terminal in TERMINALS[wanted]:
            self.bench.line(terminal).press()
        network = self.bench.networks["body"]
        if wanted is Ignition.RUNNING:
            self._crank()
        return network.expect("CEM_Ignition.Mode", wanted.value, IGNITION_TIME + (self.now() - start))

    def tries_to_start(self) -> bool:
        """Turn the knob to start; whether the engine ran within `IGNITION_TIME` of that. It stays in II or runs."""
        if "body" in self.bench.restbus["body"].played:
            raise BenchError("no body module decides on a start here: the harness plays it. Use a bench that has one")
        start = self.note("tries_to_start")
        for terminal in TERMINALS[Ignition.RUNNING]:
            self.bench.line(terminal).press()
        self._crank()
        self.clock.sleep(IGNITION_TIME)
        ran = self.timeline.was("CEM_Ignition.Mode", Ignition.RUNNING.value, start)
        self.note("started" if ran else "did_not_start")
        return ran

    def _crank(self) -> None:
        self.bench.line("terminal_50").press()
        self.clock.sleep(CRANKING)
        self.bench.line("terminal_50").release()

    # Voice

    def speaks(self) -> None:
        """Talk from now on."""
        self.note("speaks")
        self.bench.line("microphone").speak(VOICE_HERTZ, VOICE_VOLTS)

    def silent(self) -> None:
        """Say nothing from now on."""
        self.note("silent")
        self.bench.line("microphone").hush()

    def hears(self) -> Quantity:
        """What is on the speaker line now: RMS volts, by the multimeter."""
        volts = self.bench.line("speaker").dmm.measure_ac_volts()
        share, offset = AC_ACCURACY
        error = Contribution("multimeter", (share * abs(volts) + offset) / sqrt(3), "accuracy of 1 year / sqrt(3)")
        return Quantity.of("speaker voltage", volts, "V", [error])

    def expects_voice(self, within: int | None = None) -> Quantity:
        """Wait until somebody talks on the speaker line; what it read then. Raises `ExpectationError`."""
        needed = load().limit("speaker_voice").lower or 0.0
        within = limit("voice_contact") if within is None else within
        deadline = self.now() + within
        while True:
            heard = self.hears()
            if heard.value - heard.expanded >= needed:
                self.note("hears", volts=round(heard.value, 3))
                return heard
            if self.now() >= deadline:
                raise ExpectationError(
                    f"expected a voice of {needed} V on the speaker line within {pretty(within)}; last read {heard}. "
                    "Is the call connected, does the operator talk, and is the multimeter on the speaker line?"
                )
            self.clock.sleep(LISTEN_EVERY)

    # Button lock

    def locks_buttons(self) -> int:
        """Lock SOS and ON CALL in the settings; returns when CAN said so (ns). Raises `ExpectationError`."""
        return self._set_lock("LOCKED")

    def unlocks_buttons(self) -> int:
        """Unlock them; returns when CAN said so (ns)."""
        return self._set_lock("UNLOCKED")

    def can_lock_buttons(self) -> bool:
        """Whether the settings let the lock be changed now: the display does not show it greyed out."""
        self.bench.head_unit.open("Settings", "SOS/ON CALL")
        return self.bench.head_unit.is_enabled("button_lock")

    def _set_lock(self, state: str) -> int:
        unit, network = self.bench.head_unit, self.bench.networks["body"]
        unit.open("Settings", "SOS/ON CALL")
        start = self.note("button_lock", wanted=state)
        if unit.texts().get("button_lock") != state:
            unit.tap("button_lock")
        return network.expect("TCU_Status.ButtonLock", state, limit("button_lock_time"), since=start)
