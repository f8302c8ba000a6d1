"""What a bench file means, resolved, as rows of a table: for `hil bench`, and for whoever reads a report later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.bench.opening import nodes
from harness.bench.schema import BenchFile, End, RoutedEnd
from harness.can.database import load_database
from harness.can.diagnostic_file import load_diagnostics

VERBS = {"pressed_by": "pressed by", "pulsed_by": "pulsed by", "spoken_by": "spoken on by", "powered_by": "powered by"}


class Row(NamedTuple):
    """One line of the table: `section` groups rows, `name` is what it is about, `meaning` one sentence."""

    section: str
    name: str
    meaning: str


def describe(file: BenchFile) -> list[Row]:
    """Everything a bench file says, in its order, with what follows from it."""
    return [*_bench(file), *_networks(file), *_ecus(file), *_ports(file), *_instruments(file), *_lines(file)]


def _bench(file: BenchFile) -> Iterator[Row]:
    bench = file.bench
    yield Row("bench", "name", f"{bench.name} ({file.path})")
    yield Row("bench", "time", "wall time" if bench.clock == "wall" else f"simulated time of {bench.clock!r}")
    may = f"only while the modem is on PLMN {', '.join(bench.plmn)}" if bench.network == "simulated" else "never"
    yield Row("bench", "may dial", may)
    if bench.clock == "wall":
        kept = "by a watchdog" if bench.watchdog else "by NOBODY (watchdog = false): outputs stay as they are"
        yield Row("bench", "made safe", f"by the run itself; when the run is killed, {kept}")
    yield Row("bench", "car", f"VIN {bench.vin} on the label, in {bench.country}")
    if file.retry.queries or file.retry.tests:
        again = f"questions {file.retry.queries} times, tests {file.retry.tests} times"
        yield Row("bench", "tries again", f"where the bench was at fault: {again}")
    if file.run:
        yield Row("bench", "runs", ", ".join([*file.run.procedures, *file.run.tests]))


def _networks(file: BenchFile) -> Iterator[Row]:
    for name, table in file.can.items():
        database = load_database(file.locate(table.database))
        rate = f"{table.bitrate // 1000} kbit/s" + (f", FD {table.data_bitrate // 1000}" if table.data_bitrate else "")
        files = ", ".join(each for each in (table.database, table.e2e, table.diagnostics) if each)
        size = f"{len(database.messages)} messages of {len(database.nodes)} nodes"
        first = ", ".join(f"{signal} = {value}" for signal, value in table.start.items())
        begins = f"; played ECUs begin with {first}" if first else ""
        yield Row("network", name, f"{table.interface} {table.channel}, {rate}; {size}; {files}{begins}")


def _ecus(file: BenchFile) -> Iterator[Row]:
    for name, table in file.can.items():
        database = load_database(file.locate(table.database))
        diagnostics = load_diagnostics(file.locate(table.diagnostics)) if table.diagnostics else None
        for ecu, node in nodes(file, name).items():
            kind = file.ecu.get(ecu, "absent")
            sender = "" if kind != "emulated" else " by the bench" if table.restbus == "bench" else " by the harness"
            sent = [f"{m.name} (0x{m.frame_id:X})" for m in database.messages if node in m.senders]
            sends = f"sends {', '.join(sent)}" if sent and kind != "absent" else "sends nothing"
            where = diagnostics.ecu.get(ecu) if diagnostics else None
            uds = f"; UDS 0x{where.request:X}/0x{where.response:X}" if where else ""
            yield Row("ECU", f"{ecu} ({node})", f"{kind}{sender}; {sends}{uds}")


def _ports(file: BenchFile) -> Iterator[Row]:
    for name, table in file.serial.items():
        yield Row("port", name, f"{table.url}, {table.baudrate} baud")
    if file.offboard is not None:
        yield Row("port", "offboard", file.offboard.url + (" with a token" if file.offboard.token_file else ""))


def _instruments(file: BenchFile) -> Iterator[Row]:
    for name, table in file.instrument.items():
        until = f", calibrated until {table.calibrated_until}" if table.calibrated_until else ""
        yield Row("instrument", name, f"{table.driver.partition(':')[2]} at {table.resource}{until}")


def _lines(file: BenchFile) -> Iterator[Row]:
    for name, table in file.line.items():
        ends = [f"{VERBS[key]} {_end(end)}" for key, end in table.ends() if key in VERBS]
        if table.seen_by:
            ends.append(f"seen by {' and '.join(_end(end) for end in table.seen_by)}")
        yield Row("line", name, "; ".join(ends) or "not wired")


def _end(end: End) -> str:
    via = f" through {_end(end.via)}" if isinstance(end, RoutedEnd) and end.via is not None else ""
    return f"{end.instrument} {end.channel}{via}"
