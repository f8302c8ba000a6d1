"""A bench, opened from its file: clock, networks, ports, instruments, off-board service, all on one timeline.

    with Bench.open(load("benches/emulated.toml"), seed=1) as bench:
        bench.lines["battery"].set_power(True)
        bench.networks["body"].expect("CEM_Ignition.Mode", "OFF", 5 * S)

Closing it makes the bench safe first, whatever happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from harness.bench import opening
from harness.bench.health import disturbances
from harness.bench.interlock import Interlock
from harness.bench.laboratory import Laboratory
from harness.bench.lines import LineEnd
from harness.bench.safety import Step, attempt, do_all, signals_end_the_run, undisturbed, unsafe
from harness.bench.schema import BenchFile
from harness.bench.watchdog import guard, tell
from harness.can.diagnostics import Diagnostics
from harness.can.network import Network
from harness.can.restbus import Restbus
from harness.clock import Clock
from harness.clock_offset import EXACT, Offset
from harness.errors import BenchError
from harness.gnss import Gnss
from harness.head_unit import HeadUnitPort
from harness.modem.at import AtClient
from harness.modem.modem import Modem
from harness.offboard import SOURCES, Offboard
from harness.recording.wiring import Wiring
from harness.serial_port import LineReader, close_port
from harness.timeline import Timeline

Part = TypeVar("Part")


class Bench:
    """Everything a bench file names, by name. Made by `open`; one at a time in a process with an emulated clock."""

    def __init__(self, file: BenchFile, clock: Clock, seed: int, wiring: Wiring = opening.STRAIGHT) -> None:
        self.file = file
        self.clock = clock
        self.seed = seed
        self.opened = clock.now()
        """When it was opened (ns): what happened before belongs to somebody else's test."""
        self.wiring = wiring
        self.timeline = Timeline()
        self.networks: dict[str, Network] = {}
        self.restbus: dict[str, Restbus] = {}
        self.diagnostics = Diagnostics()
        self.lines: dict[str, LineEnd] = {}
        self.ports: dict[str, LineReader] = {}
        self._modem: Modem | None = None
        self._gnss: Gnss | None = None
        self._head_unit: HeadUnitPort | None = None
        self._offboard: Offboard | None = None
        self._pumps: list[Callable[[], None]] = []
        self._scheduler = opening.scheduler(clock)
        self._closing = ExitStack()
        self._laboratory = Laboratory(file, clock, self.timeline, self._closing, wiring)
        self.instruments = self._laboratory.instruments
        self.identities = self._laboratory.identities
        """What each instrument answered to `*IDN?` when it was opened."""
        self._guard = None if wiring.is_replay else guard(file)
        self._signals = ExitStack()
        self.closed = False
        self.interlock = Interlock("public", (), None, file.path)

    @classmethod
    def open(
        cls,
        file: BenchFile,
        *,
        seed: int = 0,
        faults: Sequence[str] = (),
        fault_files: Sequence[str | Path] = (),
        wiring: Wiring = opening.STRAIGHT,
    ) -> Bench:
        """Open all that `file` names. `seed`, `faults` and `fault_files` are for benches in emulated time.

        `wiring` may record it, or be a recording. Raises `BenchError` that names what is missing; then everything that
        was open is closed again, and safe.
        """
        bench = cls(file, wiring.clock(lambda: opening.clock(file, seed, faults, fault_files)), seed, wiring)
        try:
            bench._open()
        except BaseException as error:
            try:
                bench.close()
            except BenchError as unsafe:
                error.add_note(str(unsafe))
            raise
        return bench

    def _open(self) -> None:
        file, clock, timeline = self.file, self.clock, self.timeline
        self._signals.enter_context(signals_end_the_run())
        self.wiring.watch(timeline)
        if self._guard is not None:
            self._guard.enter()
        opening.check_signals(file)
        if file.offboard is not None:  # first: it admits who has its token to the other wires of a served bench
            self._offboard = opening.offboard(file, clock, timeline, self.wiring)
            self._closing.callback(self._offboard.close)
            self._offboard.present_token()
            if not self.is_new:
                self._offboard.begin()
        for name in file.can:
            self._open_network(name)
        for name in file.serial:
            self._open_port(name)
        self.interlock = Interlock(file.bench.network, file.bench.plmn, self._modem, file.path)
        if self._modem is not None:
            self._modem.at.guard = self.interlock.check
            self._modem.at.confirm = self.interlock.confirm
        self._laboratory.open()
        self.lines |= {
            name: LineEnd(name, table, self.instruments, clock, timeline) for name, table in file.line.items()
        }
        if self._guard is not None:
            self._guard.wait_ready()  # from here on something may be switched on
            if self._guard.last is not None:
                self._mend(self._guard.last)

    def _mend(self, last: Mapping[str, Any]) -> None:
        """The run before died here: say how it ended, and where it left something on, switch it off."""
        self.timeline.note(self.clock.now(), "made_safe" if last.get("safe") else "found_unsafe", how=tell(last))
        if not last.get("safe"):
            self.make_safe()

    def _open_network(self, name: str) -> None:
        network = opening.network(self.file, name, self.clock, self.timeline, self._scheduler, wiring=self.wiring)
        self._closing.callback(network.close)
        self.networks[name] = network
        network.doubts = partial(disturbances, self)
        self._pump(network.pump)
        diagnostics = opening.diagnostics(self.file, name, network)
        self.diagnostics = Diagnostics({**self.diagnostics, **diagnostics})
        self.restbus[name] = opening.restbus(self.file, name, network, diagnostics)

    def _open_port(self, name: str) -> None:
        port = opening.port(self.file, name, self.wiring)
        self._closing.callback(close_port, port)
        user: AtClient | Gnss | HeadUnitPort
        if name == "modem":
            user = AtClient(port, self.clock, self.timeline, self.file.timeouts.at)
            self._modem = Modem(user, self.clock, self.timeline)
        elif name == "gnss":
            user = self._gnss = Gnss(port, self.clock, self.timeline)
        else:
            user = self._head_unit = HeadUnitPort(port, self.clock, self.timeline)
        user.retries = self.file.retry.queries
        self.ports[name] = user.lines
        self._pump(user.pump)

    def _pump(self, pump: Callable[[], None]) -> None:
        self.clock.attach(pump)
        self._pumps.append(pump)

    # Its clocks

    def offset_of(self, source: str) -> Offset:
        """Of the clock that stamps events of `source` (a network, an off-board source, "modem" ...) to the bench's."""
        if source in self.networks:
            return self.networks[source].offset
        if self._offboard is not None and source in SOURCES:
            return self._offboard.offset
        return EXACT

    def uncertainty_between(self, first: str, second: str) -> int:
        """Standard uncertainty, in ns, of an interval between events of two sources, as far as clocks make it."""
        return self.offset_of(first).uncertainty_against(self.offset_of(second))

    # Its parts

    @property
    def is_new(self) -> bool:
        """Whether car, lab and world outside were made with it, as on an emulated bench; else they have a past."""
        return self.opened == 0

    @property
    def modem(self) -> Modem:
        """The modem on `[serial.modem]`."""
        return self._there(self._modem, "[serial.modem]")

    @property
    def gnss(self) -> Gnss:
        """The receiver on `[serial.gnss]`."""
        return self._there(self._gnss, "[serial.gnss]")

    @property
    def head_unit(self) -> HeadUnitPort:
        """The display on `[serial.head_unit]`."""
        return self._there(self._head_unit, "[serial.head_unit]")

    @property
    def offboard(self) -> Offboard:
        """The service of `[offboard]`."""
        return self._there(self._offboard, "[offboard]")

    def line(self, name: str) -> LineEnd:
        """A line by name. Raises `BenchError` with the nearest name."""
        return opening.named(self.lines, name, f"{self.file.path} has no [line.{name}]")

    def instrument(self, role: type[Part]) -> Part:
        """The one instrument that fills `role`, a protocol of `harness.ports` such as `NetworkTester`."""
        return opening.only(self.instruments, role, self.file.path)

    def _there(self, part: Part | None, table: str) -> Part:
        if part is None:
            raise BenchError(
                f"{self.file.path} has no {table}: this bench cannot do that. Add the table, or choose a bench"
            )
        return part

    # Its end

    def make_safe(self) -> None:
        """Calls hung up, played ECUs given back, outputs off, relays open; everything read back.

        Raises one `BenchError` that tells all that could not be made safe.
        """
        do_all(*self._apart())

    def _safe_steps(self) -> list[Step]:
        restbus: list[Step] = [(f"restbus of {name}", bus.close) for name, bus in self.restbus.items()]
        return [("modem", self._hang_up), *restbus, *self._laboratory.steps()]

    def _apart(self, *more: Step) -> tuple[list[Step], list[Step]]:
        """The steps, and those that go beside them: on wall time a silent instrument must not hold up the others."""
        wanted = [*self._safe_steps(), *more]
        if self._guard is None:
            return wanted, []
        beside = [step for step in wanted if step[0] in self.instruments]
        return [step for step in wanted if step not in beside], beside

    def _hang_up(self) -> None:
        if self._modem is not None:
            self._modem.be_quiet()

    def close(self) -> None:
        """Make the bench safe and let go of everything; closing twice is fine. Raises as `make_safe` does.

        What this process cannot make safe any more, the watchdog tries over connections of its own.
        """
        if self.closed:
            return
        with self._signals, undisturbed():
            self.closed = True
            self.wiring.closing()
            problems = [] if self.wiring.is_replay else self._made_safe()
            problems += attempt(self._last_steps())
            unwritten = attempt([("the recording is not whole", self.wiring.close)])
            self._leave(problems)
            if unwritten:
                raise BenchError(unwritten[0])

    def _made_safe(self) -> list[str]:
        record = [] if self._offboard is None else [("off-board record", self._offboard.pull)]
        return attempt(*self._apart(("diagnostics", self.diagnostics.close), *record))

    def _last_steps(self) -> list[Step]:
        return [
            *([] if self._scheduler is None else [("scheduler", self._scheduler.close)]),
            *(("last words of a wire", pump) for pump in self._pumps),
            *(("clock", partial(self.clock.detach, pump)) for pump in self._pumps),
            ("cycle errors", lambda: opening.file_cycle_errors(self.networks, self.timeline, self.clock.now())),
            ("closing", self._closing.close),
            ("clock", self.clock.close),
        ]

    def _leave(self, problems: list[str]) -> None:
        report = None
        if self._guard is not None:
            report = self._guard.leave("\n".join(problems), unseen=bool(self._laboratory.left_open()))
        if problems and report is not None and report["safe"]:
            raise BenchError(
                f"only the watchdog could make the bench safe: {'; '.join(report['lines'])}. The run itself said:\n"
                + "\n".join(problems)
            )
        if problems:
            raise BenchError(unsafe([*problems, *(report or {}).get("lines", ())]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
