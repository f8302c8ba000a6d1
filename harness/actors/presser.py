"""Presses the buttons of the overhead console by relay or generator, watched by the scope (B-09 ... B-14).

Where the harness plays the console itself, a press is told on CAN in its place, and timed by the host.
"""

from __future__ import annotations

from harness.actors.actor import Actor
from harness.actors.controls import Button, By, Chatter, Press, timed_by_host
from harness.actors.played import PlayedConsole
from harness.bench import Bench
from harness.errors import BenchError
from harness.judge import Pulse, find_pulses
from harness.units import MS, S, pretty

BEFORE = 50 * MS
"""What the scope records before a press."""
AFTER = 200 * MS
"""And after it: relay times, and the chatter of the release."""
LEVEL = 2.5
"""Volts through which a button's line rises when pressed: the middle of 0 V and 5 V."""
CHATTER, CHATTERS = 1 * MS, 10
"""A bad contact closes so often for so long, with gaps as long: longer than any relay takes to move."""


class Presser(Actor):
    """Whoever has a hand on the buttons. What a press measured comes from the scope, never from the host."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._kept: dict[Button, int] = {}
        self._console = self._played_console()

    def hold(self, button: Button, duration: int, by: By = "relay", chatter: Chatter | None = None) -> Press:
        """Press `button` for `duration` ns: by a relay, as a finger does, or by the generator, exact to some us.

        `chatter` (by relay): where the generator makes a bad contact of it, on the same line through a diode.
        """
        if self._console is not None:
            return self._on_can(duration, button, chatter=chatter)[0]
        if by == "generator":
            return self.presses(button, duration)[0]
        return self._by_relay(duration, button, chatter=chatter)[0]

    def hold_both(self, duration: int) -> tuple[Press, Press]:
        """Press SOS and ON CALL together, each by its relay, for `duration` ns."""
        together = self._by_relay if self._console is None else self._on_can
        sos, on_call = together(duration, Button.SOS, Button.ON_CALL)
        return sos, on_call

    def presses(self, button: Button, duration: int, count: int = 1, pause: int = 500 * MS) -> list[Press]:
        """Press `button` `count` times for exactly `duration` ns each, `pause` ns apart, by the generator."""
        if self._console is not None:
            done = []
            for number in range(count):
                self.clock.sleep(pause if number else 0)
                done += self._on_can(duration, button)
            return done
        start, pulses = self._by_generator(button, duration, count, pause)
        if len(pulses) != count:
            raise BenchError(f"expected {count} presses on the {button} line, the scope saw {len(pulses)}")
        first = pulses[0].start
        return [self._press(button, start + pulse.start - first, start + pulse.end - first, pulse) for pulse in pulses]

    def bounce(self, button: Button, duration: int, contacts: int = 2, opening: int = 2 * MS) -> Press:
        """One press of `duration` ns whose contact opens `contacts - 1` times for `opening` ns on the way."""
        self._needs_contact()
        width = (duration - (contacts - 1) * opening) // contacts
        start, pulses = self._by_generator(button, width, contacts, opening)
        pulse = self._one(button, pulses)
        return self._press(button, start, start + pulse.end - pulse.start, pulse)

    def press_and_keep(self, button: Button) -> int:
        """Press `button` and keep it pressed until `release`; returns when (ns)."""
        self.may_dial()
        start = self.note("press", button=str(button), by="relay" if self._console is None else "CAN")
        if self._console is None:
            self.bench.line(button.value).press()
        else:
            self._console.press(button.name_on_can, button.hold)
        self._kept[button] = start
        return start

    def release(self, button: Button) -> Press:
        """Let go of a button that is kept. Its duration is the host's alone, and as uncertain."""
        if button not in self._kept:
            raise BenchError(f"{button} is not pressed: press_and_keep it first")
        start = self._kept.pop(button)
        if self._console is None:
            self.bench.line(button.value).release()
        else:
            self._console.release(button.name_on_can)
        return timed_by_host(button, start, self.note("release", button=str(button)))

    # The scope's part

    def _watch(self, duration: int, *buttons: Button) -> None:
        """Arm the scope on the lines of `buttons`, triggered by the first."""
        scope = self.bench.line(buttons[0].value).scope[0]
        channels = [self.bench.line(button.value).scope[1] for button in buttons]
        scope.arm(channels, channels[0], LEVEL, BEFORE, duration + AFTER)

    def _pulses(self, button: Button) -> list[Pulse]:
        scope, channel = self.bench.line(button.value).scope
        if not self.clock.wait(scope.is_done, AFTER + 2 * S):
            scope.stop()
            raise BenchError(
                f"the scope never saw the {button} line rise through {LEVEL} V. Is the relay or generator wired to "
                f"{button.value}, and is the scope?"
            )
        return find_pulses(scope.fetch(channel), f"{button} hold")

    def _by_relay(self, duration: int, *buttons: Button, chatter: Chatter | None = None) -> list[Press]:
        self._watch(duration, *buttons)
        self.may_dial()  # as late as may be
        chattering = self.bench.line(buttons[0].value)
        send = chattering.arm_burst(CHATTER, 2 * CHATTER, CHATTERS) if chatter else None
        names = " and ".join(map(str, buttons))
        lines = [self.bench.line(button.value) for button in buttons]
        start = self.note("press", button=names, duration=pretty(duration), by="relay")
        if send and chatter == "start":
            send()
        for line in lines:
            line.press()
        self.clock.sleep(max(0, duration - (self.now() - start)))
        if send and chatter == "release":
            send()
        for line in lines:
            line.release()
        end = self.note("release", button=names)
        presses = [self._press(button, start, end, self._one(button, self._pulses(button))) for button in buttons]
        if send:
            chattering.rest()
        return presses

    def _by_generator(self, button: Button, width: int, count: int, pause: int) -> tuple[int, list[Pulse]]:
        total = count * width + (count - 1) * pause
        self._watch(total, button)
        self.may_dial()  # as late as may be
        line = self.bench.line(button.value)
        send = line.arm_pulse(width) if count == 1 else line.arm_burst(width, width + pause, count)
        what = pretty(width) if count == 1 else f"{count} x {pretty(width)}"
        start = self.note("press", button=str(button), duration=what, by="generator")
        send()
        self.clock.sleep(total)
        self.note("release", button=str(button))
        pulses = self._pulses(button)
        line.rest()
        return start, pulses

    # Without a console

    def _played_console(self) -> PlayedConsole | None:
        """What stands for an overhead console that is not there; only where the bench file leaves it to the harness."""
        node = self.bench.restbus["body"].played.get("overhead_console")
        network = self.bench.networks["body"]
        lock = "TCU_Status.ButtonLock"
        return None if node is None else PlayedConsole(node, self.clock, lambda: network.value(lock) == "LOCKED")

    def _on_can(self, duration: int, *buttons: Button, chatter: Chatter | None = None) -> list[Press]:
        """A press that the harness tells in the console's place, timed by the host."""
        if chatter is not None or self._console is None:
            self._needs_contact()
        assert self._console is not None
        self.may_dial()
        names = " and ".join(map(str, buttons))
        self.note("press", button=names, duration=pretty(duration), by="CAN")
        start, end = self._console.hold([button.name_on_can for button in buttons], duration, buttons[0].hold)
        self.note("release", button=names)
        return [timed_by_host(button, start, end) for button in buttons]

    def _needs_contact(self) -> None:
        if self._console is not None:
            raise BenchError(
                "the overhead console of this bench is played by the harness: it has no contact that could chatter. "
                f"Choose a bench with a console, or one that is served; {self.bench.file.path} calls it emulated"
            )

    @staticmethod
    def _one(button: Button, pulses: list[Pulse]) -> Pulse:
        if len(pulses) != 1:
            raise BenchError(f"expected one press on the {button} line, the scope saw {len(pulses)}: a worn contact?")
        return pulses[0]

    @staticmethod
    def _press(button: Button, start: int, end: int, pulse: Pulse) -> Press:
        return Press(button, start, end, pulse.duration, len(pulse.openings))
