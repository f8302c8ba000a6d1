"""`hil doctor`: a whole bench examined in under 10 s, each check a row of its own, nothing left switched on.

Every wire is tried by itself; what opens becomes a bench as any run opens it. Lines are exercised while the car is off,
then the car is switched on for as long as the network, ports and clocks need, and everything is off again at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from harness.bench import doctor_can, doctor_clocks, doctor_instruments, doctor_lines, doctor_ports, doctor_power
from harness.bench.bench import Bench
from harness.bench.doctor_findings import Finding, Findings, Level, Place, Sheet
from harness.bench.doctor_opening import SETTLE, impatient, is_stand_in, try_all, without
from harness.bench.loader import load
from harness.bench.lock import BenchLock, Taken, ends
from harness.bench.safety import Step
from harness.bench.schema import BenchFile
from harness.clock import WallClock
from harness.errors import BenchError, BenchFileError, ExpectationError, InterlockError
from harness.units import MS, S, pretty

TOTAL = 8 * S
"""What an examination may take on wall time, where nobody asked for patience: with the start of Python under 10 s."""
CLOSING = 2 * S
"""Kept of it for switching off, which takes a network tester most of a second, and closing."""
SIMULATED_PATIENCE = 60 * S
"""Simulated time costs nothing: there the modem may register, and the receiver find its position."""
BOOT = 1_500 * MS
"""Most ECUs send by then."""

CELL_TIME = 15 * S
"""What a network tester may take to switch its cell, adjustments included."""
LATE = 2 * S
"""So long after its time a check is still begun: it takes a few answers."""
BY_HAND = "SWITCH IT OFF BY HAND, then look at that instrument"

Check = Callable[[], Iterable[Finding]]
Tell = Callable[[Iterable[Finding]], None]


class Untouched(Bench):
    """A bench that is left as it was found: nothing is made safe at its end."""

    def _safe_steps(self) -> list[Step]:
        return []


def examine(
    path: Path, *, exercise: bool = True, wait: int = 0, seed: int = 0, told: Callable[[Finding], None] | None = None
) -> list[Finding]:
    """All that can be said of the bench file at `path`. `wait` ns more for modem and GNSS; `told` of each at once.

    With `exercise` off no output is touched, and the car is examined as it is.
    """
    findings: list[Finding] = []

    def tell(found: Iterable[Finding]) -> None:
        for finding in found:
            findings.append(finding)
            if told is not None:
                told(finding)

    started = WallClock()
    try:
        file = impatient(load(path))
    except BenchFileError as error:
        tell(_complaints(error))
        return findings
    sheet = Sheet.of(file)
    tell([sheet.at("bench").ok("bench file", "says what a bench file may say")])
    lock = BenchLock(ends(file), file.path)
    try:
        last = lock.take(500 * MS)
        dead, opened = try_all(file, sheet)
        tell(opened)
        lock.release(last)
    except Taken as error:
        tell([sheet.at("bench").wrong("free", str(error), "Wait for its end; nothing was touched")])
        return findings
    finally:
        lock.close()
    if any(finding.level is Level.OK for finding in opened):
        part = without(file, dead)
        wall = file.bench.clock == "wall"
        if wall:
            started.sleep(SETTLE)

        def patience() -> int:
            return max(0, TOTAL - CLOSING - started.now()) + wait if wall else SIMULATED_PATIENCE

        _examine_open(part, sheet, tell, seed=seed, exercise=exercise, patience=patience)
    else:
        tell(
            [
                sheet.at("bench").wrong(
                    "wires", "nothing of this bench answers", "Is the bench switched on, is this its file?"
                )
            ]
        )
    return findings


def _complaints(error: BenchFileError) -> Findings:
    """Each of the loader's lines is a finding."""
    for line in str(error).splitlines():
        path, _, rest = line.partition(":")
        number, _, text = rest.partition(":")
        where = f"{path}:{number}" if number.strip().isdigit() else ""
        yield Finding(Level.WRONG, "file", "bench file", text.strip() if where else line, "Correct that line", where)


def _examine_open(
    file: BenchFile, sheet: Sheet, tell: Tell, *, seed: int, exercise: bool, patience: Callable[[], int]
) -> None:
    """What is found on the bench once it is open. It is closed, and safe, at the end."""
    try:
        bench = Bench.open(file, seed=seed) if exercise else _untouched(file, seed)
    except BenchError as error:
        tell([sheet.at("bench").wrong("opens", str(error), "See the wires above; each opens by itself")])
        return
    try:
        Examination(bench, sheet, tell, exercise=exercise, patience=patience()).run()
    finally:
        try:
            bench.close()
        except BenchError as error:
            tell([sheet.at("bench").wrong("safe state", str(error), BY_HAND)])
        else:
            if exercise:
                tell([sheet.at("bench").ok("safe state", "calls ended, relays open, outputs off, read back")])


def _untouched(file: BenchFile, seed: int) -> Bench:
    alone = file.model_copy(update={"bench": file.bench.model_copy(update={"watchdog": False})})
    return Untouched.open(alone, seed=seed)


class Examination:
    """One open bench, in the order of a bench's life: instruments, lines, power, network, ports, clocks, off."""

    def __init__(self, bench: Bench, sheet: Sheet, tell: Tell, *, exercise: bool, patience: int) -> None:
        self.bench = bench
        self.sheet = sheet
        self.exercise = exercise
        self.until = bench.clock.now() + patience
        self.tell = tell

    def run(self) -> None:
        """All checks; what was switched on is off afterwards."""
        bench, sheet = self.bench, self.sheet
        today = doctor_instruments.today_of(bench)
        for name in bench.instruments:
            place = sheet.at("instrument", name)
            self._run(place, partial(doctor_instruments.check_instrument, bench, name, today, place))
        self._run(sheet.at("instrument"), partial(doctor_instruments.check_roles, bench, sheet))
        if not self.exercise:
            self._alive(bench.clock.now())
            return
        at_bench = sheet.at("bench")
        self._run(at_bench, lambda: [doctor_power.rest(bench, sheet)])
        self._run(sheet.at("line"), partial(doctor_lines.exercise_lines, bench, sheet))
        on_since = bench.clock.now()
        try:
            self._run(sheet.at("line"), partial(doctor_power.switch_on, bench, sheet))
            self._alive(on_since)
        finally:
            self._run(sheet.at("line"), partial(doctor_power.switch_off, bench, sheet), always=True)

    def _alive(self, on_since: int) -> None:
        """What can only be seen while the car is on."""
        bench, sheet, until = self.bench, self.sheet, self.until
        if bench.file.offboard is not None:
            place = sheet.at("offboard")
            self._run(place, partial(doctor_ports.check_offboard, bench, place))
        self._run(sheet.at("instrument"), partial(doctor_power.cell, bench, sheet, self._may_wait_for_a_cell()))
        bench.clock.sleep(max(0, on_since + BOOT - bench.clock.now()))
        since = bench.clock.now()
        bench.clock.sleep(doctor_can.needed_time(bench))
        for name, table in bench.file.can.items():
            if not is_stand_in(table):
                place = sheet.at("can", name)
                self._run(place, partial(doctor_can.check_network, bench, name, since, place))
        for name, check, patience in (
            ("head_unit", doctor_ports.check_head_unit, since + BOOT),
            ("modem", doctor_ports.check_modem, until),
            ("gnss", doctor_ports.check_gnss, until),
        ):
            if name in bench.file.serial:
                place = sheet.at("serial", name)
                self._run(place, partial(check, bench, patience, place))
        self._run(sheet.at("can"), partial(doctor_clocks.check_clocks, bench, sheet))

    def _may_wait_for_a_cell(self) -> bool:
        """A network tester may take `CELL_TIME`: only where there is time for it, and where outputs may be touched."""
        return self.exercise and self.until - self.bench.clock.now() > CELL_TIME

    def _run(self, place: Place, check: Check, *, always: bool = False) -> None:
        """A check that breaks is a finding, not the end; one that comes too late is told."""
        if not always and self.bench.clock.now() > self.until + LATE:
            self.tell(
                [place.warning("time", "not examined: the time was up", f"--wait 30 gives more than {pretty(TOTAL)}")]
            )
            return
        try:
            self.tell(check())
        except (BenchError, ExpectationError, InterlockError, OSError, ValueError, LookupError) as error:
            self.tell([place.wrong("answers", str(error), "See what else is wrong here, then try again")])
