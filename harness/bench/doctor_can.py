"""What a network tells while the car is on: frames, load, errors, who speaks and who must not, counters, cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from cantools.database.can import Message

from harness.bench import opening
from harness.bench.bench import Bench
from harness.bench.doctor_findings import Findings, Place
from harness.can.database import load_database
from harness.can.diagnostic_file import load_diagnostics
from harness.can.e2e import Checker, Status
from harness.errors import BenchError
from harness.timeline import EXTENDED, Frame
from harness.units import MS, S, pretty

BITS_OF_FRAME = 47
"""A classic frame with an 11-bit identifier and no data, and the pause behind it (ISO 11898-1); 20 more for 29 bits."""
STUFFED = 1.1
"""Stuff bits of an average frame; a quarter of it at worst."""
LOAD_MAX = 0.8
"""Above this, frames of low priority are late on any bus."""
CYCLE_TOLERANCE = 0.2
"""How far the middle interval of a cyclic message may be from the database's: ECUs keep 10 %, polling adds some."""
TWICE = 1.5
"""Frames, as a share of those expected, from which somebody else must be sending a played ECU's messages too."""


@dataclass(frozen=True)
class Heard:
    """What one network carried within `duration` ns: frames by identifier, in order of time."""

    duration: int
    frames: dict[int, list[Frame]]

    @classmethod
    def of(cls, bench: Bench, network: str, since: int) -> Heard:
        """From `since` to now."""
        bench.networks[network].pump()
        found: dict[int, list[Frame]] = {}
        for frame in bench.timeline.frames(network, since=since):
            found.setdefault(frame.identifier, []).append(frame)
        return cls(max(1, bench.clock.now() - since), found)

    @property
    def count(self) -> int:
        """All frames."""
        return sum(map(len, self.frames.values()))

    def load(self, bitrate: int) -> float:
        """Share of the time that the bus was taken; 0 to 1, without the exact stuff bits."""
        bits = sum(
            (BITS_OF_FRAME + 20 * bool(f.flags & EXTENDED) + 8 * len(f.data)) * STUFFED
            for frames in self.frames.values()
            for f in frames
        )
        return bits * S / self.duration / bitrate


def check_network(bench: Bench, name: str, since: int, place: Place) -> Findings:
    """Everything about one network that was listened to since `since`, the car being on."""
    heard = Heard.of(bench, name, since)
    network, table = bench.networks[name], bench.file.can[name]
    try:
        network.check_health()
    except BenchError as error:
        yield place.wrong("health", str(error), "Look at wires, bitrate and termination, then plug the interface anew")
        return
    if not heard.count:
        yield place.wrong(
            "traffic",
            f"expected frames on {table.interface} {table.channel}, heard none within {pretty(heard.duration)}",
            "Is the car powered, is the interface on its bus, and is the bitrate right?",
            "channel",
        )
        return
    load = heard.load(table.bitrate)
    seen = f"{heard.count * S / heard.duration:.0f} frames/s, load {load:.0%} of {table.bitrate // 1000} kbit/s"
    if load > LOAD_MAX:
        yield place.warning("traffic", f"{seen}; expected at most {LOAD_MAX:.0%}", "Is the bitrate of the file right?")
    else:
        yield place.ok("traffic", seen)
    yield from _errors(bench, name, since, place)
    unknown = _unknown(bench, name, heard)
    if len(unknown) * 2 > len(heard.frames):
        yield place.wrong(
            "identifiers",
            f"expected those of {table.database}, {len(unknown)} of {len(heard.frames)} are others: {_list(unknown)}",
            "The database is that of another car or network",
            "database",
        )
        return
    yield from _identifiers(bench, name, heard, unknown, place)
    yield from _nodes(bench, name, heard, place)
    yield from _protection(bench, name, heard, place)
    yield from _cycles(bench, name, heard, place)


def _errors(bench: Bench, name: str, since: int, place: Place) -> Findings:
    errors = bench.timeline.events(name, "error_frame", since)
    if errors:
        yield place.wrong(
            "error frames",
            f"expected none, heard {len(errors)}",
            "Check termination (60 ohm across the pair), bitrate, and that every node that sends is acknowledged",
        )
    else:
        yield place.ok("error frames", "none")


def _unknown(bench: Bench, name: str, heard: Heard) -> list[str]:
    """Identifiers that neither the database nor diagnostics has."""
    table = bench.file.can[name]
    known = {message.frame_id for message in bench.networks[name].database.messages}
    if table.diagnostics:
        ecus = load_diagnostics(bench.file.locate(table.diagnostics)).ecu.values()
        known |= {identifier for ecu in ecus for identifier in (ecu.request, ecu.response)}
    return [f"0x{identifier:X}" for identifier in sorted(heard.frames.keys() - known)]


def _identifiers(bench: Bench, name: str, heard: Heard, unknown: list[str], place: Place) -> Findings:
    table = bench.file.can[name]
    short = sorted(
        message.name
        for message in bench.networks[name].database.messages
        if any(len(frame.data) != message.length for frame in heard.frames.get(message.frame_id, ()))
    )
    if short:
        yield place.wrong(
            "database",
            f"expected payloads as long as {table.database} says; {_list(short)} came with another length",
            "Is this the database of this car's model year?",
            "database",
        )
    if unknown:
        seen = f"{len(unknown)} of {len(heard.frames)} are not in {table.database}: {_list(unknown)}"
        yield place.warning("identifiers", seen, "Who sends them? Add them to the database, or take the sender off")
    elif not short:
        yield place.ok("identifiers", f"{len(heard.frames)} identifiers, all in {table.database}")


def _nodes(bench: Bench, name: str, heard: Heard, place: Place) -> Findings:
    """Who is there is heard; of who is played, nobody else sends the frames."""
    file, messages = bench.file, bench.networks[name].database.messages
    played, missing, present = set(file.played(name)), [], 0
    for ecu, node in opening.nodes(file, name).items():
        own = [message for message in messages if node in message.senders]
        due = [message for message in own if 2 * _cycle(message) <= heard.duration] if own else []
        if ecu in played:
            expected = sum(heard.duration / _cycle(message) for message in due)
            sent = sum(len(heard.frames.get(message.frame_id, ())) for message in due)
            if sent > TWICE * expected and sent - expected > 2 * len(due):
                yield place.sheet.at("ecu").wrong(
                    ecu,
                    f"{node}'s frames came {sent} times, the harness sent about {expected:.0f}: somebody else is {ecu}",
                    f'Take the real one off the bus, or write {ecu} = "real"',
                    ecu,
                )
        elif ecu in file.ecu and due:
            present += 1
            if not any(message.frame_id in heard.frames for message in own):
                missing.append((ecu, node, due))
    for ecu, node, due in missing:
        yield place.sheet.at("ecu").wrong(
            ecu,
            f"expected {_list(message.name for message in due)} of node {node}, heard nothing of it",
            f"Is {ecu} powered and on network {name}? Where it is not there, let the harness play it",
            ecu,
        )
    if present and not missing:
        more = f"; {len(played)} are played by the harness" if played else ""
        yield place.ok("nodes", f"all {present} that must be there are heard{more}")


def _protection(bench: Bench, name: str, heard: Heard, place: Place) -> Findings:
    network, right = bench.networks[name], 0
    for message, protection in network.protections.items():
        frames = heard.frames.get(network.message(message).frame_id, [])
        checker = Checker(protection)
        statuses = Counter(checker.check(frame.data) for frame in frames)
        bad = {s: n for s, n in statuses.items() if s not in {Status.OK, Status.INITIAL, Status.SOME_LOST}}
        if bad:
            told = ", ".join(f"{count} {status.value}" for status, count in bad.items())
            yield place.wrong(
                f"E2E of {message}",
                f"expected right CRCs and counters in {len(frames)} frames, got {told}",
                f"Is {bench.file.can[name].e2e} of this car, and does only one node send {message}?",
                "e2e",
            )
        elif statuses[Status.SOME_LOST]:
            yield place.warning(
                f"E2E of {message}",
                f"counters skipped in {statuses[Status.SOME_LOST]} of {len(frames)} frames: frames are lost",
                "Is the host overloaded, or the interface's queue too short?",
            )
        else:
            right += bool(frames)
    if right:
        yield place.ok("E2E", f"CRC and counter of {right} protected messages are right")


def _cycles(bench: Bench, name: str, heard: Heard, place: Place) -> Findings:
    off, good = [], 0
    for message in bench.networks[name].database.messages:
        times = [frame.time for frame in heard.frames.get(message.frame_id, ())]
        cycle = _cycle(message)
        if len(times) < 4 or cycle > heard.duration:
            continue
        middle = median(late - early for early, late in pairwise(times))
        if abs(middle - cycle) > CYCLE_TOLERANCE * cycle + 1 * MS:
            off.append(f"{message.name} every {pretty(round(middle))} (expected {pretty(cycle)})")
        else:
            good += 1
    if off:
        yield place.warning(
            "cycle times",
            f"{_list(off)}; {good} others are as in the database",
            "Is the database of this model year, is the bus overloaded, is a gateway in between?",
        )
    elif good:
        yield place.ok("cycle times", f"of {good} messages as in the database")


def _cycle(message: Message) -> int:
    """The cycle in ns; one without a cycle counts as never due."""
    cyclic = message.send_type != "OnChange" and message.cycle_time
    return message.cycle_time * MS if cyclic and message.cycle_time else 1 << 62


def needed_time(bench: Bench) -> int:
    """How long to listen, so that two or three of each message of 500 ms or faster come by, in ns."""
    cycles = [
        _cycle(message)
        for table in bench.file.can.values()
        for message in load_database(bench.file.locate(table.database)).messages
    ]
    return max((2 * cycle + cycle // 10 for cycle in cycles if cycle <= 500 * MS), default=1 * S)


def _list(names: Iterable[str], most: int = 4) -> str:
    """The first few, and how many more."""
    names = list(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
