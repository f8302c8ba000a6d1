"""What is wired to what on the emulated bench (the lines table of docs/interfaces.md), and the nets it drives."""

from __future__ import annotations

from typing import NamedTuple

from emulation.bench import EmulatedBench
from emulation.lines import Drive

BUTTON_VOLTS = 5.0
SWITCH_VOLTS = 5.0
"""Of keys, handles, door contacts: inputs of the body module."""
TERMINAL_VOLTS = 12.0

RELAYS = {
    1001: ("sos_button", BUTTON_VOLTS),
    1002: ("on_call_button", BUTTON_VOLTS),
    1003: ("terminal_s", TERMINAL_VOLTS),
    1004: ("terminal_15", TERMINAL_VOLTS),
    1005: ("terminal_50", TERMINAL_VOLTS),
    1031: ("key_1_inside", SWITCH_VOLTS),
    1032: ("key_1_near", SWITCH_VOLTS),
    1033: ("key_1_lock", SWITCH_VOLTS),
    1034: ("key_1_unlock", SWITCH_VOLTS),
    1035: ("key_2_inside", SWITCH_VOLTS),
    1036: ("key_2_near", SWITCH_VOLTS),
    1037: ("key_2_lock", SWITCH_VOLTS),
    1038: ("key_2_unlock", SWITCH_VOLTS),
    1039: ("key_3_inside", SWITCH_VOLTS),
    1040: ("key_3_near", SWITCH_VOLTS),
    1041: ("key_3_lock", SWITCH_VOLTS),
    1042: ("key_3_unlock", SWITCH_VOLTS),
    1043: ("handle_driver", SWITCH_VOLTS),
    1044: ("handle_passenger", SWITCH_VOLTS),
    1045: ("handle_rear_left", SWITCH_VOLTS),
    1046: ("handle_rear_right", SWITCH_VOLTS),
    1047: ("door_driver", SWITCH_VOLTS),
    1048: ("door_passenger", SWITCH_VOLTS),
    1049: ("door_rear_left", SWITCH_VOLTS),
    1050: ("door_rear_right", SWITCH_VOLTS),
    1051: ("bonnet", SWITCH_VOLTS),
    1052: ("tilt", SWITCH_VOLTS),
    1055: ("sim_detect", SWITCH_VOLTS),
    1056: ("sim_data", SWITCH_VOLTS),
    1058: ("charge_cable", SWITCH_VOLTS),
}
"""Switch channel -> the line it pulls up, and to how many volts."""


class Route(NamedTuple):
    """A generator's way to a line."""

    generator: int
    line: str


GENERATOR_RELAYS = {
    1021: Route(1, "sos_button"),
    1022: Route(1, "on_call_button"),
    1023: Route(2, "microphone"),
}
"""Switch channel -> the generator channel it lets through, and to which line."""

SUPPLY_LINES = {2: "battery"}
SCOPE_LINES = {1: "sos_button", 2: "on_call_button", 3: "battery", 4: "control_pilot"}
DMM_LINE = "speaker"
DMM_RELAYS = {1061: "socket_lamp"}
"""Switch channel -> the line that the multimeter sees instead of `DMM_LINE` while it is closed."""
SUBSCRIBER = "001010123456789"
"""IMSI of the test SIM that the network tester looks at."""


class Desk:
    """The cables: relay contacts and generator outputs meet here and drive the lines."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._closed: set[int] = set()
        self._generators: dict[int, Drive | None] = {}

    def set_contact(self, relay: int, closed: bool) -> None:
        """A relay's contact makes or breaks."""
        (self._closed.add if closed else self._closed.discard)(relay)
        if relay in RELAYS:
            line, volts = RELAYS[relay]
            self._drive(line, relay, Drive(volts))
        elif relay in GENERATOR_RELAYS:
            route = GENERATOR_RELAYS[relay]
            self._drive(route.line, relay, self._generators.get(route.generator))

    def set_generator(self, channel: int, drive: Drive | None) -> None:
        """A generator output changes; None is an output that is off."""
        self._generators[channel] = drive
        for relay, route in GENERATOR_RELAYS.items():
            if route.generator == channel:
                self._drive(route.line, relay, drive)

    def set_supply(self, channel: int, volts: float | None) -> None:
        """A supply output changes; None is an output that is off."""
        if channel in SUPPLY_LINES:
            self._bench.line(SUPPLY_LINES[channel]).drive(f"supply {channel}", volts)

    def dmm_line(self) -> str:
        """The line that the multimeter's terminals are on now."""
        return next((line for relay, line in DMM_RELAYS.items() if relay in self._closed), DMM_LINE)

    def _drive(self, line: str, relay: int, drive: Drive | None) -> None:
        self._bench.line(line).put(f"relay {relay}", drive if relay in self._closed else None)
