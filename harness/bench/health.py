"""Was the bench whole while a test ran? Asked before the car is blamed, and of a test that passed by hearing nothing.

`disturbances` tells everything that may have kept the bench from seeing or doing what a test relies on; the verdict on
the car then becomes *bench broken*. `outages` are those after which even a pass proves nothing: a wire was not watched.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from harness.can.alive import losses
from harness.can.network import Network
from harness.disturbance import KIND, SOURCE
from harness.errors import BenchError
from harness.timeline import Event
from harness.units import MS, S, pretty

if TYPE_CHECKING:
    from harness.bench.bench import Bench

POWERED_VOLTS = 9.0
"""From here on every ECU runs (ISO 16750-2, code B: 8 V and more; our lowest supply)."""

SETTLING = 5 * S
"""After power-on serial ports of the car come and go, and say what they like."""

BOOT_MAX = 60 * S
"""A display that boots says so within this after power-on."""

SILENCE = 1 * S
"""No frame of anybody for this long while the car has power: ten times the slowest cycle that many messages have."""

ANNOUNCES, SLEEP = "CEM_Network", "CEM_Network.State"
"""Message and signal that tell whether the body network stays awake."""

PATIENCE = 1 * S
"""How long a modem is given to show that it is there."""


class Power:
    """When the tester gave the car power, by what stands on the timeline."""

    def __init__(self, bench: Bench) -> None:
        self.changes: list[tuple[int, bool]] = [
            (act.time, act.kind == "power" and float(act.data.get("volts", 0)) >= POWERED_VOLTS)
            for act in bench.timeline.events("tester")
            if act.kind in {"power", "power_off"}
        ]

    @property
    def since(self) -> int | None:
        """Since when it has power (ns); None where it has none, or nobody knows."""
        return self.changes[-1][0] if self.changes and self.changes[-1][1] else None

    def settled(self, time: int) -> bool:
        """Whether at `time` nothing about the car's power kept a port from working."""
        before = [change for change in self.changes if change[0] <= time]
        return not before or (before[-1][1] and time - before[-1][0] > SETTLING)


def outages(bench: Bench, since: int = 0) -> list[str]:
    """Wires that were not watched for a while: an interface or a port failed."""
    power = Power(bench)
    for network in bench.networks.values():
        network.pump()
    for lines in bench.ports.values():
        lines.probe()
    found = [
        f"network {event.source}: {event.data.get('error', 'the interface went bus-off')}"
        for event in bench.timeline.events(since=since)
        if event.source in bench.networks and event.kind in {"interface_failed", "bus_off"}
    ]
    failed = [event for event in _filed(bench, since) if event.data["outage"] and power.settled(event.time)]
    return found + [event.data["what"] for event in failed]


def disturbances(bench: Bench, since: int = 0) -> list[str]:
    """Everything that disturbed the bench from `since` (ns) on, a sentence each; empty where it was whole."""
    power = Power(bench)
    found = outages(bench, since)
    for event in _filed(bench, since):
        if not _is_port(bench, event) or power.settled(event.time):
            found.append(event.data["what"])
    for name, network in bench.networks.items():
        found += [*_errors(bench, name, since), *_silence(network, power, bench.clock.now())]
        boots = [time for time, _on in power.changes] + _wakes(bench)
        found += filter(None, [losses(network, since, bench.clock.now(), boots)])
    found += [*_sentences(bench, since), *_restarts(bench, power, since), *_asked(bench, power)]
    return list(dict.fromkeys(found))


def blamed(error: AssertionError, bench: Bench) -> AssertionError | BenchError:
    """Whose fault an expectation that was not met is: the car's, unless the bench was disturbed."""
    found = disturbances(bench)
    return BenchError(excused(str(error), found)) if found else error


def excused(missed: str, found: list[str]) -> str:
    """The message of an expectation that was not met on a bench that was disturbed."""
    listed = "\n".join(f"  - {each}" for each in found)
    return f"{missed}\nThe car cannot be blamed, because the bench was disturbed:\n{listed}"


def check_watched(bench: Bench) -> None:
    """Raises `BenchError` where a wire was not watched all the time: then nobody knows what did not happen."""
    if found := outages(bench):
        raise BenchError("the bench did not watch everything, so a pass proves nothing: " + "; ".join(found))


def _filed(bench: Bench, since: int) -> list[Event]:
    return bench.timeline.events(SOURCE, KIND, since)


def _is_port(bench: Bench, event: Event) -> bool:
    return any(event.data["where"] == lines.where for lines in bench.ports.values())


def _errors(bench: Bench, network: str, since: int) -> list[str]:
    count = len(bench.timeline.events(network, "error_frame", since))
    return [f"network {network}: {count} error frames. Are wires and termination right?"] if count else []


def _silence(network: Network, power: Power, now: int) -> list[str]:
    """Nothing at all on a network of a car that has power: then not an ECU is missing, but the wire."""
    if power.since is None or _sleeps(network):
        return []
    own = network.sent
    since = max(power.since + SILENCE, now - SILENCE)
    known = {message.frame_id for message in network.database.messages} - own
    if now - since < SILENCE - MS or any(
        f.identifier in known for f in network.timeline.frames(network.name, None, since)
    ):
        return []
    return [f"network {network.name}: nobody was heard for the last {pretty(now - since)}. Is it plugged in?"]


def _sleeps(network: Network) -> bool:
    """Whether a network has announced that it falls silent, and not that it is awake again."""
    return any(m.name == ANNOUNCES for m in network.database.messages) and network.value(SLEEP) == "GOING_TO_SLEEP"


def _wakes(bench: Bench) -> list[int]:
    """When a network fell asleep or woke (ns): counters begin anew, displays boot."""
    if not any(m.name == ANNOUNCES for network in bench.networks.values() for m in network.database.messages):
        return []
    changes = bench.timeline.signal(SLEEP)
    return [after.time for before, after in pairwise(changes) if "GOING_TO_SLEEP" in (before.value, after.value)]


def _sentences(bench: Bench, since: int) -> list[str]:
    bad = bench.timeline.events("gnss", "bad_sentence", since)
    return [f"serial port gnss brought {len(bad)} garbled sentences"] if bad else []


def _ons(bench: Bench, power: Power) -> list[int]:
    return sorted([time for time, on in power.changes if on] + _wakes(bench))


def _restarts(bench: Bench, power: Power, since: int) -> list[str]:
    """Boots of the display that no power-on explains; each power-on explains one."""
    explained: Counter[int] = Counter()
    found = []
    for event in bench.timeline.events("head_unit", "booted", since):
        ons = [time for time in _ons(bench, power) if 0 <= event.time - time <= BOOT_MAX]
        if ons and not explained[ons[-1]]:
            explained[ons[-1]] += 1
        else:
            found.append(f"the head unit restarted at {pretty(event.time)} by itself")
    return found


def _asked(bench: Bench, power: Power) -> list[str]:
    """Parts that say nothing unless asked: the modem, and the service off board."""
    found = []
    if bench.closed:
        return []
    try:
        if _should_answer(bench, power) and not bench.modem.at.answers(PATIENCE):
            found.append(f"{bench.ports['modem'].where} does not answer AT any more")
        if bench.file.offboard is not None:
            bench.offboard.now()
    except BenchError as error:
        found.append(str(error))
    return found


def _should_answer(bench: Bench, power: Power) -> bool:
    modem = bench.ports.get("modem")
    if modem is None or modem.failure is not None or not bench.modem.has_answered:
        return False
    return power.settled(bench.clock.now())
