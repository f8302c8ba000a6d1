"""The car switched on within safe limits and off again: what the supply says, and what the scope sees of it."""

from __future__ import annotations

from functools import partial

from harness import ports
from harness.bench.bench import Bench
from harness.bench.doctor_findings import Finding, Findings, Place, Sheet
from harness.bench.doctor_lines import OFF_VOLTS
from harness.bench.lines import BATTERY_VOLTS, LineEnd
from harness.bench.loader import fills
from harness.bench.safety import attempt, steps, unsafe
from harness.errors import BenchError
from harness.units import MS

TOLERANCE_VOLTS = 0.3
"""At the terminals of a supply that is not in current limit, and on an 8-bit scope that shows 16 V."""
SCOPE_TOLERANCE = 0.8
SCREEN = (-1.0, 15.0)
BEFORE, AFTER = 5 * MS, 100 * MS
DISCHARGE = 2_000 * MS
"""The car's capacitors are empty by then."""


def powered(bench: Bench) -> list[LineEnd]:
    """The lines that a supply feeds, whose supply is open."""
    ends = ((line, line.table.powered_by) for line in bench.lines.values())
    return [line for line, end in ends if end is not None and end.instrument in bench.instruments]


def switch_on(bench: Bench, sheet: Sheet) -> Findings:
    """Battery on, measured at the supply and seen by the scope; then ignition II, for the ECUs that want it."""
    for line in powered(bench):
        place = sheet.at("line", line.name)
        try:
            yield from _on(bench, line, place)
        except BenchError as error:
            yield place.wrong(
                "power", str(error), "Look for a short circuit, and at the supply's protection", "powered_by"
            )
    for name in ("terminal_s", "terminal_15"):
        ignition = bench.lines.get(name)
        end = None if ignition is None else ignition.table.pressed_by
        if ignition is not None and end is not None and end.instrument in bench.instruments:
            ignition.press()


def _on(bench: Bench, line: LineEnd, place: Place) -> Findings:
    scope = _armed(line)
    line.set_voltage(BATTERY_VOLTS)
    line.set_power(True)
    bench.clock.sleep(AFTER)
    volts, amperes = line.measure_voltage(), _current(bench, line)
    seen = f"{volts:.2f} V, {amperes:.3f} A at the supply"
    if abs(volts - BATTERY_VOLTS) > TOLERANCE_VOLTS:
        todo = "Is the supply in current limit? Look for a short circuit, or raise the limit at the instrument"
        yield place.wrong("power", f"expected {BATTERY_VOLTS} V, {seen}", todo, "powered_by")
    else:
        yield place.ok("power", seen)
    if scope is not None:
        yield _seen(bench, scope, place)


def _current(bench: Bench, line: LineEnd) -> float:
    end = line.table.powered_by
    assert end is not None  # `powered` chose it so
    supply: ports.Supply = bench.instruments[end.instrument]
    return supply.measure_current(end.channel)


def _armed(line: LineEnd) -> tuple[ports.Scope, int] | None:
    """The scope that sees the line, waiting for it to rise."""
    try:
        scope, channel = line.scope
    except BenchError:
        return None
    scope.set_range(channel, *SCREEN)
    scope.arm([channel], channel, BATTERY_VOLTS / 2, BEFORE, AFTER)
    return scope, channel


def _seen(bench: Bench, armed: tuple[ports.Scope, int], place: Place) -> Finding:
    scope, channel = armed
    if not bench.clock.wait(scope.is_done, AFTER + 500 * MS):
        scope.stop()
        todo = "Is the scope's probe on this line, and was the line off before?"
        return place.wrong("scope", f"expected channel {channel} to see it rise; it saw nothing", todo, "seen_by")
    volts = float(scope.fetch(channel).volts.max())
    seen = f"scope channel {channel} sees it rise to {volts:.1f} V"
    if abs(volts - BATTERY_VOLTS) > SCOPE_TOLERANCE:
        return place.wrong(
            "scope", f"expected {BATTERY_VOLTS} V; {seen}", "Is the probe's factor set right?", "seen_by"
        )
    return place.ok("scope", seen)


def _is_off(line: LineEnd) -> bool:
    return line.measure_voltage() < OFF_VOLTS


def switch_off(bench: Bench, sheet: Sheet) -> Findings:
    """Battery off, and measured that it is."""
    for line in powered(bench):
        place = sheet.at("line", line.name)
        try:
            line.set_power(False)
            gone = bench.clock.wait(partial(_is_off, line), DISCHARGE)
            volts = line.measure_voltage()
        except BenchError as error:
            yield place.wrong("power off", str(error), "SWITCH THE SUPPLY OFF BY HAND", "powered_by")
            continue
        if gone:
            yield place.ok("power off", f"{abs(volts):.2f} V")
        else:
            todo = "Does something else feed the line? Switch it off by hand"
            yield place.wrong(
                "power off", f"expected less than {OFF_VOLTS} V, measured {volts:.2f} V", todo, "powered_by"
            )


def rest(bench: Bench, sheet: Sheet) -> Finding:
    """Before anything is exercised: all off but the cell, so that a modem that is registered stays so."""
    place = sheet.at("bench")
    cells = [name for name, driver in bench.instruments.items() if fills(type(driver), ports.NetworkTester)]
    first = [step for step in steps(bench.instruments) if step[0] not in cells]
    if failures := attempt(first):
        return place.wrong("at rest", unsafe(failures), "Look at that instrument")
    return place.ok("at rest", "relays open and outputs off, read back")


def cell(bench: Bench, sheet: Sheet, may_switch: bool) -> Findings:
    """Whether the network tester's cell is on: without it no modem registers. `may_switch` it on."""
    for name, driver in bench.instruments.items():
        if fills(type(driver), ports.NetworkTester):
            place = sheet.at("instrument", name)
            on = driver.cell_is_on()
            if not on and may_switch and bench.file.bench.network == "simulated":
                driver.set_cell(True)
                yield place.ok("cell", "switched on")
            elif on:
                yield place.ok("cell", "on")
            else:
                yield place.warning("cell", "off: no modem can register", "--wait 60 lets the doctor switch it on")
