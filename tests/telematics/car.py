"""A whole emulated car for the tests of this room, with the short words they are told in."""

from dataclasses import replace

from emulation.bench import EmulatedBench
from emulation.ecus.base.vehicle import decode, diagnostics, message, protections
from emulation.offboard.calls import Call
from emulation.plugin import build
from harness.units import MS, S

PIN = "1234"
IMSI = "001010123456789"
SE = {"assistance": "+9994655501", "emergency": "112"}
GB = {"assistance": "+9994455501", "emergency": "999"}


class Car:
    """Powered and registered, unless `ready=False`; remembers every call and every state that the unit told of."""

    def __init__(self, seed: int = 1, faults: tuple[str, ...] = (), *, ready: bool = True) -> None:
        self.bench: EmulatedBench = build(seed, faults)
        self.world = self.bench.world
        self.network = self.bench.parts["network"]
        self.modem = self.bench.parts["modem"]
        self.unit = self.bench.parts["telematics"]
        self.assistance = self.bench.parts["assistance"]
        self.emergency = self.bench.parts["emergency"]
        self.sky = self.bench.parts["sky"]
        self.port = self.bench.port("modem")
        self.states: list[dict[str, object]] = []
        self.bench.buses["body"].attach(self._note, message("TCU_Call").frame_id)
        if ready:
            self.power()
            self.until_registered()
            self.run(5 * S)  # past the first fix

    def _note(self, frame) -> None:
        signals = decode(frame.identifier, frame.data)
        if not self.states or self.states[-1] != signals:
            self.states.append(signals)

    # Acts

    def run(self, duration: int) -> None:
        self.world.run(until=self.world.now + duration)

    def power(self, volts: float = 12.6) -> None:
        self.bench.line("battery").drive("test", volts)

    def until_registered(self, limit: int = 120 * S) -> int:
        """Run to it; returns the instant."""
        return self.until(lambda: self.modem.registration in (1, 5), limit)

    def until(self, condition, limit: int = 300 * S) -> int:
        end = self.world.now + limit
        while not condition():
            assert self.world.now < end, f"not within {limit / S} s"
            self.run(10 * MS)
        return self.world.now

    def ignition(self, mode: str) -> None:
        self.bench.line("terminal_s").drive("test", 12.0 if mode != "OFF" else 0.0)
        self.bench.line("terminal_15").drive("test", 12.0 if mode in ("II", "RUNNING") else 0.0)
        if mode == "RUNNING":
            self.run(100 * MS)
            self.bench.line("terminal_50").drive("test", 12.0)
            self.run(500 * MS)
            self.bench.line("terminal_50").drive("test", 0.0)
        self.run(200 * MS)

    def hold(self, button: str, duration: int = 2_100 * MS) -> None:
        self.bench.line(button).drive("test", 5.0)
        self.run(duration)
        self.bench.line(button).drive("test", None)

    def sos(self) -> None:
        self.hold("sos_button")

    def on_call(self) -> None:
        self.hold("on_call_button")

    def crash(self, level: str = "AIRBAG", direction: str = "FRONT") -> None:
        self.bench.parts["airbag"].crash(level, direction)

    def speak(self) -> None:
        self.bench.line("microphone").drive("test", 0.0, 0.1, 1_000.0)

    # What was seen

    def behave(self, centre, **behaviour: object) -> None:
        """How `centre` treats calls from now on."""
        centre.behaviour = replace(centre.behaviour, **behaviour)

    @property
    def dialled(self) -> list[dict[str, object]]:
        """Numbers that the network was asked for: number, target, country, in order."""
        return [record.data for record in self.records("network", "dialled")]

    def records(self, source: str, kind: str):
        return [
            record for record in self.bench.parts["records"].after(0) if (record.source, record.kind) == (source, kind)
        ]

    @property
    def messages(self) -> list[dict[str, object]]:
        """Decoded MSDs that Assistance and emergency centre read, in order."""
        return [
            *(r.data for r in self.records("assistance", "msd")),
            *(r.data for r in self.records("emergency", "msd")),
        ]

    def connected(self) -> Call:
        """Run until a call is answered; returns it."""
        self.until(lambda: any(call.connected for call in self.network.calls))
        return next(call for call in self.network.calls if call.connected)

    def informed(self, count: int = 1) -> dict[str, object]:
        """Run until `count` messages were read; returns the last."""
        self.until(lambda: len(self.messages) >= count)
        return self.messages[-1]

    @property
    def state(self) -> dict[str, object]:
        return self.states[-1]

    def trouble(self) -> set[str]:
        """Names of the confirmed trouble codes of the unit."""
        codes = {code.code: name for name, code in diagnostics()["TCU"].trouble_codes.items()}
        return {codes[entry.code] for entry in self.unit.uds.memory.with_status(0x08)}

    # AT

    def at(self, line: str, patience: int = 30 * S) -> list[str]:
        """Send a command line; returns the answer's lines up to its final result code."""
        self.port.inbox.clear()
        self.port.send(line.encode() + b"\r")
        finals = ("OK", "ERROR", "NO CARRIER", "BUSY", "NO ANSWER", "+CME ERROR", "+CMS ERROR")
        self.until(lambda: any(told.startswith(finals) for told in self.told()), patience)
        return self.told()

    def told(self) -> list[str]:
        """Lines in the inbox, empty ones and the echo left out."""
        lines = bytes(self.port.inbox).decode().replace("\r", "\n").split("\n")
        return [told for told in lines if told and not told.upper().startswith("AT")]


def play_crash_frames(car, frames, *, counters=1, wrong_crc=False, contradicting=False, event=1):
    """Silence the airbag and send `frames` crash frames in its place, `counters` apart."""
    airbag = car.bench.parts["airbag"]
    car.run(50 * MS)
    airbag.transmit(False)
    protection = protections()["ACM_Crash"]
    crash = message("ACM_Crash")
    payload = crash.encode(
        {signal.name: signal.raw_initial or 0 for signal in crash.signals}
        | {"CrashLevel": "AIRBAG", "CrashLevelInverted": 3 if contradicting else 0, "EventCount": event},
        scaling=True,
    )
    counter = airbag._outgoing["ACM_Crash"]._counter
    for _ in range(frames):
        counter = (counter + counters) % 15
        data = bytearray(payload)
        protection.protect(data, counter)
        if wrong_crc:
            data[0] ^= 0xFF
        car.bench.buses["body"].send(crash.frame_id, bytes(data), 0, None)
        car.run(10 * MS)
    car.run(10 * S)
