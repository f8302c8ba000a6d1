"""Head unit: pages of settings and text on its centre display, reached over a service port (B-12, B-13).

The port's protocol and the pages are described in docs/head-unit-port.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.world import Process
from harness.units import MS

LINE_MAX = 1_024
"""Longest command in bytes."""
SEPARATOR = " > "
HOME = "Home"
SETTINGS = "Settings"
BUTTONS = "Settings > SOS/ON CALL"
CONNECTIVITY = "Settings > Connectivity"
SYSTEM = "Settings > System"


class PortError(Exception):
    """A command is answered with `ERROR code text`."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")


@dataclass(frozen=True)
class Element:
    """Something on a page: the text it shows, and what a touch does; without `tap` it is `why_not` that says why."""

    text: str
    tap: Callable[[], None] | None = None
    why_not: str = "it is only text"


Page = dict[str, Element]
"""Elements by name."""


class HeadUnit(Ecu):
    """Shows pages, takes touches, and tells the telematics unit which button lock the driver wants."""

    node = "IHU"
    BOOT = 900 * MS

    LOCK_MODES: tuple[str, ...] = ("I", "II", "RUNNING")
    """Ignition modes in which the button lock can be set."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.lock_request = "UNLOCK"
        """Kept in non-volatile memory."""
        self.pages: dict[str, Callable[[], Page]] = {
            HOME: self.home,
            SETTINGS: self.settings,
            BUTTONS: self.buttons,
            CONNECTIVITY: self.connectivity,
            SYSTEM: self.system,
        }
        """Pages by path."""
        self._page = HOME
        self._received = bytearray()
        self._port = bench.port("head_unit")
        self._port.on_bytes = self._take

    def processes(self) -> Iterable[Process]:
        """Show the first page, and watch that the telematics unit is there."""
        self._page = HOME
        self._received.clear()
        self._port.write(b"BOOTED\n")
        self.set("IHU_Settings", ButtonLockRequest=self.lock_request)
        return [self.supervise("TCU_Status", "TELEMATICS_MISSING")]

    # pages

    def home(self) -> Page:
        """What the call is doing, and the way to the settings."""
        return {
            "call": Element(self.shown("TCU_Call", "State")),
            "settings": Element("Settings", lambda: self.show(SETTINGS)),
        }

    def settings(self) -> Page:
        """The ways to the pages of settings."""
        return {
            "sos_on_call": Element("SOS/ON CALL", lambda: self.show(BUTTONS)),
            "connectivity": Element("Connectivity", lambda: self.show(CONNECTIVITY)),
            "system": Element("System", lambda: self.show(SYSTEM)),
        }

    def buttons(self) -> Page:
        """The lock of the SOS and ON CALL buttons."""
        return {"button_lock": self.button_lock(), "hint": Element(self.lock_hint())}

    def connectivity(self) -> Page:
        """How the car is connected."""
        return {
            "registration": Element(self.shown("TCU_Status", "Registration")),
            "ready": Element("YES" if self.last("TCU_Status", "Ready") else "NO"),
        }

    def system(self) -> Page:
        """What this car is."""
        return {"vin": Element(self.vin), "software": Element(self.uds.data.data[0xF195])}

    def show(self, page: str) -> None:
        """Open `page`."""
        self._page = page
        self.set("IHU_Display", PageNumber=list(self.pages).index(page))

    def shown(self, message: str, signal: str) -> str:
        """A signal as text."""
        return str(self.last(message, signal) or "UNKNOWN")

    def button_lock(self) -> Element:
        """The switch of the button lock, showing what the telematics unit reports."""
        state = self.shown("TCU_Status", "ButtonLock")
        hint = self.lock_hint()
        return Element(state, why_not=hint) if hint else Element(state, self.toggle_lock)

    def lock_hint(self) -> str:
        """Why the button lock cannot be set now; empty where it can."""
        if self.last("CEM_Ignition", "Mode") not in self.LOCK_MODES:
            return "needs ignition I, II or a running engine"
        return ""

    def toggle_lock(self) -> None:
        """Ask for the state that the telematics unit does not report."""
        self.lock_request = "UNLOCK" if self.last("TCU_Status", "ButtonLock") == "LOCKED" else "LOCK"
        self.set("IHU_Settings", ButtonLockRequest=self.lock_request)

    # service port

    def _take(self, data: bytes) -> None:
        if not self.running:
            return
        self._received += data
        while b"\n" in self._received:
            line, _, rest = self._received.partition(b"\n")
            self._received = bytearray(rest)
            self._answer(bytes(line))
        if len(self._received) > LINE_MAX:  # it is answered once its end is seen; its text is not kept
            del self._received[LINE_MAX + 1 :]

    def _answer(self, line: bytes) -> None:
        try:
            answer = self._obey(line.decode("utf-8", "replace").strip())
        except PortError as error:
            answer = f"ERROR {error}"
        self._port.write(answer.encode() + b"\n")

    def _obey(self, line: str) -> str:
        if len(line) > LINE_MAX:
            raise PortError(400, f"a command has at most {LINE_MAX} bytes")
        command, _, argument = line.partition(" ")
        elements = self.pages[self._page]()
        if command == "TAP":
            self._tap(argument.strip(), elements)
        elif command == "OPEN":
            self._open(argument)
        elif line == "HOME":
            self.show(HOME)
        elif line == "PAGE?":
            return f"OK {self._page}"
        elif line == "TEXTS?":
            return f"OK {json.dumps({name: element.text for name, element in elements.items()})}"
        elif line == "ELEMENTS?":
            shown = {name: {"text": item.text, "enabled": item.tap is not None} for name, item in elements.items()}
            return f"OK {json.dumps(shown)}"
        else:
            raise PortError(400, f"{line!r}: expected PAGE?, TEXTS?, ELEMENTS?, TAP element, OPEN path or HOME")
        return "OK"

    def _tap(self, name: str, elements: Page) -> None:
        if name not in elements:
            raise PortError(404, f"no element {name!r} on page {self._page}; there are {', '.join(elements)}")
        element = elements[name]
        if element.tap is None:
            raise PortError(409, f"{name} cannot be touched: {element.why_not}")
        element.tap()

    def _open(self, path: str) -> None:
        wanted = SEPARATOR.join(part.strip() for part in path.split(">"))
        if wanted not in self.pages:
            raise PortError(404, f"no page {path!r}; there are {', '.join(self.pages)}")
        self.show(wanted)
