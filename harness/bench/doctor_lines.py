"""Lines exercised while the car is off: relays close and open, pulses arrive, and the scope sees the right line move.

Nothing here may place a call. A line that could is pressed for `PRESS` only, a hundredth of what a button needs, and
only where the car is proven to be off (no voltage, no frame, no modem) or the interlock has passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness import ports
from harness.bench import opening
from harness.bench.bench import Bench
from harness.bench.doctor_findings import Finding, Findings, Place, Sheet
from harness.bench.lines import LineEnd
from harness.bench.loader import fills
from harness.errors import BenchError, InterlockError
from harness.judge.pulse import find_pulses
from harness.units import MS, pretty, seconds

PRESS = 20 * MS
BEFORE, AFTER = 5 * MS, 40 * MS
"""What the scope records around a press."""
TOLERANCE = 0.01
"""Of a pulse's width: far more than generator and scope need, far less than a wrong setting makes."""
OFF_VOLTS = 1.0
"""Below this at the supply's terminals no ECU runs."""
SILENCE = 300 * MS
"""A car that is on sends every 10 ms, and one that falls asleep is silent for longer than this only once it sleeps."""
HARMLESS = ("terminal_s", "terminal_15", "terminal_50")
"""Lines that cannot lead to a call, whatever the state of the car."""


def is_off(bench: Bench) -> str:
    """Empty where the car is proven to be off; else why it is not."""
    powered = [line for line in bench.lines.values() if line.table.powered_by is not None]
    if not powered:
        return "no line of the file is powered by a supply"
    for line in powered:
        if (volts := line.measure_voltage()) >= OFF_VOLTS:
            return f"{line.name} has {volts:.2f} V"
    since = bench.clock.now()
    bench.clock.sleep(SILENCE)
    for name, network in bench.networks.items():
        network.pump()
        nodes = opening.nodes(bench.file, name)
        played = {nodes[ecu] for ecu in bench.file.played(name) if ecu in nodes}
        for frame in bench.timeline.frames(name, since=since):
            senders = {s for m in network.database.messages if m.frame_id == frame.identifier for s in m.senders}
            if not senders & played:
                return f"network {name} carries frames"
    if "modem" in bench.file.serial and bench.modem.answers(SILENCE):
        return "the modem answers"
    return ""


def exercise_lines(bench: Bench, sheet: Sheet) -> Findings:
    """Every line that a relay or a generator drives."""
    on = is_off(bench)
    for name, line in bench.lines.items():
        place = sheet.at("line", name)
        if on and name not in HARMLESS and (reason := _refused(bench)):
            yield place.warning(
                "exercise", f"left alone: the car is on ({on}), and {reason}", "Switch the car off first"
            )
            continue
        try:
            if line.table.pressed_by is not None:
                yield _relay(line, place)
                yield from _seen(bench, line, place)
            if line.table.pulsed_by is not None:
                yield from _pulse(bench, line, place)
            if line.table.spoken_by is not None:
                yield _tone(bench, line, place)
            yield from _multimeter(bench, line, place)
        except BenchError as error:
            yield place.wrong("exercise", str(error), "Compare this table with the wiring")


def _refused(bench: Bench) -> str:
    """Why the interlock refuses; empty where it has passed."""
    try:
        bench.interlock.check()
    except InterlockError as error:
        return str(error)
    return ""


def _relay(line: LineEnd, place: Place) -> Finding:
    """Close, read back, open, read back."""
    end = line.table.pressed_by
    where = f"relay {end.channel} of {end.instrument}" if end else "relay"
    line.press()
    closed = line.is_pressed()
    line.release()
    if not closed or line.is_pressed():
        said = "stays open when it is closed" if not closed else "stays closed when it is opened"
        return place.wrong(
            "relay", f"{where} {said}, by the instrument's own answer", "Is the relay worn, is the card in?"
        )
    return place.ok("relay", f"{where} closes and opens")


def _scope_of(line: LineEnd) -> tuple[ports.Scope, int] | None:
    try:
        return line.scope
    except BenchError:
        return None


def _seen(bench: Bench, line: LineEnd, place: Place) -> Findings:
    """The scope must see this line move when its relay closes, and no other line."""
    watched = _scope_of(line)
    if watched is None:
        return
    scope, channel = watched
    others = {
        other.name: found[1]
        for other in bench.lines.values()
        if other is not line and (found := _scope_of(other)) is not None and found[0] is scope and _is_logic(other)
    }
    peaks = _watch_press(bench, line, scope, {line.name: channel, **others})
    if peaks is not None:
        moved = [name for name, volts in peaks.items() if name != line.name and volts > line.table.active_volts / 2]
        seen = f"scope channel {channel} sees it rise to {peaks[line.name]:.2f} V"
        if moved:
            todo = f"Are the wires of {line.name} and {moved[0]} in touch?"
            yield place.wrong("scope", f"{seen}, but {', '.join(moved)} moves as well", todo, "pressed_by")
        else:
            yield place.ok("scope", seen)
        return
    for name, other in others.items():
        if _watch_press(bench, line, scope, {name: other}) is not None:
            end = line.table.pressed_by
            relay = f"relay {end.channel}" if end else "its relay"
            yield place.wrong(
                "scope",
                f"expected scope channel {channel} to move when {relay} closes; {other} moves, which sees {name}",
                f"Swap the relays of {line.name} and {name}, or their scope channels, in the file or on the desk",
                "pressed_by",
            )
            return
    todo = "Is the relay's common wired to its voltage, and the scope's probe to this line?"
    yield place.wrong(
        "scope", f"expected scope channel {channel} to move when its relay closes; nothing moved", todo, "seen_by"
    )


def _is_logic(line: LineEnd) -> bool:
    return line.table.pressed_by is not None


def _watch_press(
    bench: Bench, line: LineEnd, scope: ports.Scope, watched: Mapping[str, int]
) -> dict[str, float] | None:
    """Press shortly; the peak in volts of each line that is watched. The first triggers; None where it does not."""
    channels = list(watched.values())
    scope.arm(channels, channels[0], line.table.active_volts / 2, BEFORE, AFTER)
    line.press()
    bench.clock.sleep(PRESS)
    line.release()
    if not bench.clock.wait(scope.is_done, AFTER + 500 * MS):
        scope.stop()
        return None
    return {name: float(scope.fetch(channel).volts.max()) for name, channel in watched.items()}


def _pulse(bench: Bench, line: LineEnd, place: Place) -> Findings:
    """A pulse of the generator arrives on the line, as long as it was set."""
    watched = _scope_of(line)
    send = line.arm_pulse(PRESS)
    try:
        if watched is None:
            send()
            yield place.ok("pulse", "sent; no scope sees this line")
            return
        scope, channel = watched
        scope.arm([channel], channel, line.table.active_volts / 2, BEFORE, AFTER)
        send()
        if not bench.clock.wait(scope.is_done, AFTER + 500 * MS):
            scope.stop()
            todo = "Is the generator wired to the relay in via, and that to this line?"
            yield place.wrong("pulse", f"expected a pulse on scope channel {channel}, saw none", todo, "pulsed_by")
            return
        pulses = find_pulses(scope.fetch(channel), f"pulse on {line.name}")
        width = pulses[0].duration
        seen = f"{width.value * 1e3:.4f} ms of {pretty(PRESS)} (U = {width.expanded * 1e6:.1f} us)"
        if len(pulses) != 1 or abs(width.value - seconds(PRESS)) > TOLERANCE * seconds(PRESS):
            todo = "Is the generator's load setting and the scope's probe right?"
            yield place.wrong("pulse", f"expected one pulse of {pretty(PRESS)}, saw {seen}", todo, "pulsed_by")
        else:
            yield place.ok("pulse", seen)
    finally:
        line.rest()


def _tone(bench: Bench, line: LineEnd, place: Place) -> Finding:
    """The generator's sine goes on and off, by its own answer."""
    end = line.table.spoken_by
    generator: Any = bench.instruments.get(end.instrument) if end else None
    line.speak()
    on = end is not None and generator is not None and generator.output_is_on(end.channel)
    line.hush()
    off = end is not None and generator is not None and not generator.output_is_on(end.channel)
    if on and off:
        return place.ok("tone", "the generator speaks and is silent again")
    return place.wrong("tone", "the generator's output does not follow", "Look at its front panel", "spoken_by")


def _multimeter(bench: Bench, line: LineEnd, place: Place) -> Findings:
    ends = [bench.instruments.get(end.instrument) for end in line.table.seen_by]
    if any(found is not None and fills(type(found), ports.Dmm) for found in ends):
        yield place.ok("multimeter", f"reads {line.measure_ac():.4f} V AC")
