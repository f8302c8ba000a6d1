"""A bench file read and checked: every complaint with file, line and what to do, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cantools.database.errors import Error as DatabaseError

from harness import ports
from harness.bench.schema import BenchFile
from harness.can.database import NODES, load_database, missing_signals
from harness.clock import open_wall_clock
from harness.errors import BenchError, BenchFileError
from harness.plugins import plugins
from harness.toml_file import Key, find_lines, nearest, read_toml

Complaint = tuple[Key, str]

ROLES: dict[str, tuple[type, ...]] = {
    "pressed_by": (ports.Switch,),
    "pulsed_by": (ports.Generator,),
    "pulsed_by.via": (ports.Switch,),
    "spoken_by": (ports.Generator,),
    "spoken_by.via": (ports.Switch,),
    "powered_by": (ports.Supply,),
    "seen_by": (ports.Scope, ports.Dmm),
    "seen_by.via": (ports.Switch,),
}
"""What an instrument must be able to do, to stand at an end of a line."""


def load(path: str | Path) -> BenchFile:
    """The bench file at `path`. Raises `BenchFileError` with one `file:line: key: ...` for each complaint."""
    path = Path(path)
    read = read_toml(path, BenchFile)
    file = read.model_copy(update={"path": str(path)})
    lines = find_lines(path.read_text(encoding="utf-8"))
    found = sorted((lines.of(key), f"{'.'.join(map(str, key))}: {text}") for key, text in _complaints(file))
    if found:
        raise BenchFileError("\n".join(f"{path}:{line}: {text}" for line, text in found))
    return file


def clock_opener(name: str) -> Callable[..., Any]:
    """What opens the clock called `name`. Raises `BenchError` with the names there are."""
    if name == "wall":
        return open_wall_clock
    _check_clock(name)
    opener: Callable[..., Any] = plugins("connect_hil.clock")[name].load()
    return opener


def _check_clock(name: str) -> None:
    """Whether there is such a clock, without loading it. Raises `BenchError` with the names there are."""
    clocks = ["wall", *plugins("connect_hil.clock")]
    if name not in clocks:
        raise BenchError(f"expected the name of a clock, got {name!r}{nearest(name, clocks)}")


def driver_of(driver: str) -> type[Any]:
    """The class that `module:Class` names. Raises `BenchError` that says what is missing."""
    module, _, name = driver.partition(":")
    try:
        found = getattr(import_module(module), name, None)
    except ImportError as error:
        raise BenchError(f"expected a driver that can be imported, got {driver!r}: {error}") from error
    if not isinstance(found, type):
        known = [each for each, thing in vars(import_module(module)).items() if isinstance(thing, type)]
        raise BenchError(f"expected a class of {module}, got {name!r}{nearest(name, known)}")
    return found


def fills(driver: type, role: type) -> bool:
    """Whether `driver` has every method of `role`, one of the protocols of `harness.ports`."""
    wanted = {name for base in role.__mro__ if base is not object for name in vars(base) if not name.startswith("_")}
    return all(callable(getattr(driver, name, None)) for name in wanted)


def _complaints(file: BenchFile) -> Iterator[Complaint]:
    yield from _bench(file)
    for name in file.can:
        yield from _network(file, name)
    yield from _ecus(file)
    yield from _instruments_and_lines(file)


def _bench(file: BenchFile) -> Iterator[Complaint]:
    try:
        _check_clock(file.bench.clock)
    except BenchError as error:
        yield ("bench", "clock"), str(error)
    if not file.can:
        yield ("can",), "expected at least one network, such as [can.body]"
    if file.offboard is not None:
        scheme = urlsplit(file.offboard.url).scheme
        there = ["http", "https", *plugins("connect_hil.http")]
        if scheme not in there:
            yield ("offboard", "url"), f"expected one of {', '.join(there)} before ://, got {file.offboard.url!r}"
        token = file.offboard.token_file
        if token is not None and not file.locate(token).is_file():
            yield ("offboard", "token_file"), _no_file(file, token)


def _network(file: BenchFile, name: str) -> Iterator[Complaint]:
    table = file.can[name]
    for key in ("database", "e2e", "diagnostics"):
        wanted = getattr(table, key)
        if wanted is not None and not file.locate(wanted).is_file():
            yield ("can", name, key), _no_file(file, wanted)
        elif key == "database":
            try:
                load_database(file.locate(wanted))
            except BenchError as error:
                yield ("can", name, key), str(error)
            else:
                yield from _start(file, name)


def _start(file: BenchFile, name: str) -> Iterator[Complaint]:
    """First values: signals there are, values that fit, and only of ECUs that the harness plays."""
    table = file.can[name]
    database = load_database(file.locate(table.database))
    played = {(NODES | table.nodes).get(ecu) for ecu in file.played(name)}
    signals = {f"{m.name}.{each}": m for m in database.messages for each in m.signal_tree if isinstance(each, str)}
    for key, value in table.start.items():
        place = ("can", name, "start", key)
        if key not in signals:
            yield place, f"expected a signal of {table.database}{nearest(key, list(signals))}"
            continue
        message, signal = signals[key], key.partition(".")[2]
        if not played & set(message.senders):
            yield place, f"expected a message that the harness plays; {' and '.join(message.senders)} sends it itself"
            continue
        try:
            message.encode({each.name: each.offset for each in message.signals} | {signal: value})
        except (ValueError, KeyError, TypeError, DatabaseError) as error:
            yield place, f"expected a value of {table.database}, got {value!r}: {error}"


def _ecus(file: BenchFile) -> Iterator[Complaint]:
    known = [*NODES, *(ecu for table in file.can.values() for ecu in table.nodes)]
    for ecu in file.ecu:
        if ecu not in known:
            yield ("ecu", ecu), f"expected the name of an ECU, got {ecu!r}{nearest(ecu, known)}"


def _instruments_and_lines(file: BenchFile) -> Iterator[Complaint]:
    drivers: dict[str, type] = {}
    for name, instrument in file.instrument.items():
        try:
            drivers[name] = driver_of(instrument.driver)
        except BenchError as error:
            yield ("instrument", name, "driver"), str(error)
    taken: dict[tuple[str, int], str] = {}
    for name, line in file.line.items():
        for key, end in line.ends():
            place = ("line", name, *key.split("."))
            if end.instrument not in file.instrument:
                hint = nearest(end.instrument, list(file.instrument))
                yield place, f"expected an [instrument] of this file, got {end.instrument!r}{hint}"
                continue
            driver = drivers.get(end.instrument)
            if driver is not None and not any(fills(driver, role) for role in ROLES[key]):
                wanted = " or ".join(role.__name__ for role in ROLES[key])
                yield place, f"expected a {wanted} (harness/ports.py), got {end.instrument!r}, a {driver.__name__}"
            if getattr(end, "via", None) is not None:
                continue  # a channel may serve several lines, each through a relay of its own
            other = taken.setdefault((end.instrument, end.channel), f"{name}.{key}")
            if other != f"{name}.{key}":
                yield (
                    place,
                    f"channel {end.channel} of {end.instrument} is taken by line.{other}: wire one of them elsewhere",
                )


def needed_signals(file: BenchFile) -> None:
    """Raises `BenchError` where the databases of `file` lack a signal that procedures ask for."""
    missing = missing_signals(load_database(file.locate(table.database)) for table in file.can.values())
    if missing:
        names = ", ".join(table.database for table in file.can.values())
        raise BenchError("\n".join(f"{names}: {each}" for each in missing))


def _no_file(file: BenchFile, name: str) -> str:
    return f"expected a file beside {file.path} or in a folder above it, got {name!r}, which is in none"
