"""A car without lab and without the world outside: lines driven by hand, frames kept."""

from collections.abc import Mapping

import pytest

from emulation.bench import EmulatedBench
from emulation.can_bus import Frame
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.vehicle import SignalValue, decode, message
from harness.units import MS


class HandDrivenCar:
    """Some ECUs on one bench, supplied by hand."""

    def __init__(self, *parts: type[Ecu], seed: int = 1, faults: Mapping[type, type] | None = None) -> None:
        self.bench = EmulatedBench(seed, faults)
        self.world = self.bench.world
        self.bus = self.bench.buses["body"]
        self.frames: list[Frame] = []
        self.bus.attach(self.frames.append)
        self.ecus = [part(self.bench) for part in parts]
        for ecu in self.ecus:
            ecu.start()

    def power(self, volts: float = 12.6) -> "HandDrivenCar":
        self.drive("battery", volts)
        return self

    def drive(self, line: str, volts: float) -> None:
        self.bench.line(line).drive("hand", volts)

    def run(self, duration: int) -> None:
        self.world.run(until=self.world.now + duration)

    def press(self, line: str, duration: int, settle: int = 20 * MS) -> None:
        self.drive(line, 5)
        self.run(duration)
        self.drive(line, 0)
        self.run(settle)

    def sent(self, name: str, since: int = 0) -> list[Frame]:
        identifier = message(name).frame_id
        return [frame for frame in self.frames if frame.identifier == identifier and frame.time >= since]

    def values(self, name: str, signal: str, since: int = 0) -> list[SignalValue]:
        """What a signal was, one after the other, without repetitions."""
        found: list[SignalValue] = []
        for frame in self.sent(name, since):
            value = decode(frame.identifier, frame.data)[signal]
            if not found or found[-1] != value:
                found.append(value)
        return found

    def now(self, name: str, signal: str) -> SignalValue:
        """The newest value of a signal."""
        return decode(message(name).frame_id, self.sent(name)[-1].data)[signal]

    def tell(self, name: str, **signals: SignalValue) -> None:
        """Put a frame on the bus in somebody's place; what is not given is 0."""
        found = message(name)
        self.bus.send(found.frame_id, found.encode({signal.name: 0 for signal in found.signals} | signals))
        self.run(1 * MS)

    def ask(self, request: str, identifier: int, answer: int, wait: int = 60 * MS) -> str | None:
        """One UDS request in a single frame, and the payload of its single-frame answer; both as hex."""
        payload = bytes.fromhex(request)
        since = len(self.frames)
        self.bus.send(identifier, bytes([len(payload)]) + payload)
        self.run(wait)
        answers = [frame.data for frame in self.frames[since:] if frame.identifier == answer]
        return answers[0][1 : 1 + answers[0][0]].hex(" ") if answers else None


@pytest.fixture
def car_of() -> type[HandDrivenCar]:
    return HandDrivenCar


def read_long(car, identifiers, request, flow_control):
    """Frames of the answer to a request, with this flow control frame sent 5 ms after the first of them."""
    start = len(car.frames)
    car.bus.send(identifiers[0], bytes.fromhex(request))
    while not any(frame.identifier == identifiers[1] for frame in car.frames[start:]):
        car.run(1 * MS)
    car.run(5 * MS)
    car.bus.send(identifiers[0], bytes.fromhex(flow_control))
    car.run(500 * MS)
    return [frame for frame in car.frames[start:] if frame.identifier == identifiers[1]]
