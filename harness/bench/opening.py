"""How each part of a bench is opened, and what is said where one cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import can
import pyvisa
import serial

from harness import ports
from harness.bench.loader import clock_opener, driver_of, fills, needed_signals
from harness.bench.schema import BenchFile
from harness.bench.scpi_log import LoggedResource
from harness.can.database import NODES, load_database
from harness.can.diagnostic_file import load_diagnostics
from harness.can.diagnostics import Diagnostics
from harness.can.e2e import load_protections
from harness.can.network import Network
from harness.can.restbus import Restbus
from harness.can.scheduler import Scheduler
from harness.clock import Clock, WallClock
from harness.errors import BenchError, InstrumentError
from harness.http_service import transport_of
from harness.offboard import Offboard
from harness.recording.wiring import Straight, Wiring
from harness.serial_port import open_port
from harness.timeline import Event, Timeline
from harness.toml_file import nearest
from harness.units import MS

Role = TypeVar("Role")
Named = TypeVar("Named")

SILENT = ("socketcand",)
"""Interfaces that do not hand back our own frames, whatever they are asked."""

STRAIGHT = Straight()

_managers: dict[str, Any] = {}
_checked: set[tuple[Path, ...]] = set()


def clock(file: BenchFile, seed: int, faults: Sequence[str], fault_files: Sequence[str | Path]) -> Clock:
    """The clock of `[bench] clock`, with the emulated car behind it where it has one."""
    name = file.bench.clock
    if name == "wall" and (faults or fault_files):
        raise BenchError(f"{file.path} runs on wall time with a real car: seeded faults need an emulated bench")
    try:
        opened: Clock = clock_opener(name)(seed=seed, faults=tuple(faults), fault_files=tuple(fault_files))
    except (
        ImportError,
        LookupError,
        ValueError,
    ) as error:  # a plug-in tells a wrong fault by ValueError or LookupError
        raise BenchError(f"the clock {name!r} of {file.path} cannot be opened: {error}") from error
    return opened


def check_signals(file: BenchFile) -> None:
    """Once a process: the databases hold what procedures ask for. Raises `BenchError`."""
    key = tuple(file.locate(table.database) for table in file.can.values())
    if key not in _checked:
        needed_signals(file)
        _checked.add(key)


def nodes(file: BenchFile, name: str) -> dict[str, str]:
    """The database's node of each ECU on network `name`, as far as its database has it."""
    known = {node.name for node in load_database(file.locate(file.can[name].database)).nodes}
    return {ecu: node for ecu, node in (NODES | file.can[name].nodes).items() if node in known}


def scheduler(clock: Clock) -> Scheduler | None:
    """What sends the restbus of all networks; in emulated time the interfaces do, and exactly."""
    return Scheduler(clock) if isinstance(clock, WallClock) else None


def network(
    file: BenchFile,
    name: str,
    clock: Clock,
    timeline: Timeline,
    scheduler: Scheduler | None = None,
    *,
    wiring: Wiring = STRAIGHT,
) -> Network:
    """The network `[can.NAME]`, listening."""
    table = file.can[name]
    rates = {"bitrate": table.bitrate}
    if table.data_bitrate is not None:
        rates |= {"data_bitrate": table.data_bitrate, "fd": True}
    options = {"receive_own_messages": True, **rates, **table.options}
    try:
        made, bus, clock = wiring.bus(
            name, clock, lambda: can.Bus(interface=table.interface, channel=table.channel, **options)
        )
    except (can.CanError, ValueError, OSError, ImportError) as error:
        where = f"{table.interface} channel {table.channel}"
        raise BenchError(
            f"network {name} on {where} cannot be opened: {error}. Is the interface plugged in?"
        ) from error
    return made(
        name,
        bus,
        load_database(file.locate(table.database)),
        timeline,
        clock,
        protections=load_protections(file.locate(table.e2e)) if table.e2e else None,
        ecus={node: ecu for ecu, node in nodes(file, name).items()},
        where=file.path,
        scheduler=None if wiring.is_replay else scheduler,
        echoes=wiring.is_replay or table.interface not in SILENT,
    )


def diagnostics(file: BenchFile, name: str, network: Network) -> Diagnostics:
    """The ECUs that can be diagnosed over a network."""
    table = file.can[name]
    if table.diagnostics is None:
        return Diagnostics()
    known = load_diagnostics(file.locate(table.diagnostics))
    asked = Diagnostics.on(network, known, file.timeouts.uds_p2, file.timeouts.uds_p2_star)
    for uds in asked.values():
        uds.retries = file.retry.queries
    played = file.played(name)  # who is played answers no diagnostics
    return Diagnostics({ecu: uds for ecu, uds in asked.items() if ecu not in played})


def restbus(file: BenchFile, name: str, network: Network, diagnostics: Diagnostics) -> Restbus:
    """What the harness sends on a network; it begins to play the ECUs that the file leaves to it."""
    known, played = nodes(file, name), file.played(name)
    present = [ecu for ecu in file.ecu if ecu not in played]
    bus = Restbus(network, known, diagnostics, present=present, start=file.can[name].start)
    for ecu in played:
        if ecu in known:
            bus.play(ecu)
    return bus


def file_cycle_errors(networks: Mapping[str, Network], timeline: Timeline, now: int) -> None:
    """Put on the timeline how late the restbus of each network was, where it was sent on the wall clock."""
    for name, bus in networks.items():
        error = bus.sender.cycle_error
        if error.frames:
            timeline.add(Event(now, "restbus", "cycle_error", {"network": name, **error.told()}))


def port(file: BenchFile, name: Any, wiring: Wiring = STRAIGHT) -> serial.Serial:
    """The serial port `[serial.NAME]`."""
    table = file.serial[name]
    return wiring.port(name, lambda: open_port(table.url, table.baudrate, name))


def offboard(file: BenchFile, clock: Clock, timeline: Timeline, wiring: Wiring = STRAIGHT) -> Offboard:
    """The off-board service, with its token where the file names one."""
    table = file.offboard
    if table is None:
        raise BenchError(f"{file.path} has no [offboard]")
    token = None
    if table.token_file and not wiring.is_replay:
        token = file.locate(table.token_file).read_text(encoding="utf-8").strip()
    transport = wiring.transport(lambda: transport_of(table.url))
    made = Offboard(table.url, clock, timeline, timeout=file.timeouts.http, token=token, transport=transport)
    made.retries = file.retry.queries
    return made


@contextmanager
def told(file: BenchFile, name: str) -> Iterator[None]:
    """What goes wrong with `[instrument.NAME]` inside, as an `InstrumentError` that names it."""
    table = file.instrument[name]
    try:
        yield
    except (pyvisa.Error, BenchError, OSError, TypeError, ValueError) as error:
        raise InstrumentError(f"instrument {name} ({table.driver}) at {table.resource}: {error}") from error


def session(file: BenchFile, name: str, clock: Clock, timeline: Timeline, wiring: Wiring = STRAIGHT) -> LoggedResource:
    """A VISA session with the instrument, logged on the timeline; whoever asked for it closes it."""
    table = file.instrument[name]
    resource = wiring.resource(name, lambda: _manager(file.visa.backend).open_resource(table.resource))
    resource.timeout = file.timeouts.instrument // MS
    return LoggedResource(resource, name, clock, timeline)


def driver(file: BenchFile, name: str, session: LoggedResource, clock: Clock) -> Any:
    """The driver of `[instrument.NAME]` on a session."""
    table = file.instrument[name]
    return driver_of(table.driver)(session, clock, **table.options)


def instrument(
    file: BenchFile, name: str, clock: Clock, timeline: Timeline, closing: ExitStack
) -> tuple[Any, ports.Identity]:
    """The driver of `[instrument.NAME]`, and what the instrument says it is. Raises `InstrumentError`."""
    with told(file, name):
        opened = session(file, name, clock, timeline)
        closing.callback(opened.close)
        made = driver(file, name, opened, clock)
        return made, made.identify()


def _manager(backend: str) -> Any:
    """One a process and backend; PyVISA's own is one as well, and whoever closes it closes it for all."""
    manager = _managers.get(backend)
    if manager is None or manager._session is None:  # noqa: SLF001  its property raises; there is no other way to ask
        try:
            manager = _managers[backend] = pyvisa.ResourceManager(backend)
        except (ValueError, OSError) as error:
            raise BenchError(f"PyVISA has no backend {backend!r}: {error}") from error
    return manager


def named(parts: Mapping[str, Named], name: str, missing: str) -> Named:
    """A part by its name. Raises `BenchError` with the nearest name."""
    if name not in parts:
        raise BenchError(f"{missing}{nearest(name, list(parts))}")
    return parts[name]


def only(parts: Mapping[str, Any], role: type[Role], where: str) -> Role:
    """The one part that fills `role`. Raises `BenchError` where there is none, or more than one."""
    found = [name for name, part in parts.items() if fills(type(part), role)]
    if len(found) != 1:
        which = f"several: {', '.join(found)}" if found else "none"
        raise BenchError(f"expected one {role.__name__} among the instruments of {where}, got {which}")
    part: Role = parts[found[0]]
    return part
