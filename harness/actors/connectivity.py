"""The car's Internet: its switch, other connections, what the modem's port and CAN say of it (B-20, B-21)."""

from __future__ import annotations

import re

from harness.actors.actor import LOOK, Actor
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.units import pretty

PAGE = ("Settings", "Connectivity")
QUESTION = ("Settings", "Connectivity", "Change of connection")
CONTEXT = 1
"""Of the modem's packet data: the Internet (docs/interfaces.md)."""
REQUEST, CONNECTION = "IHU_Settings.ModemInternetRequest", "TCU_Network.DataConnection"
CONNECT = "TCU_Services.Connect"


class Connectivity(Actor):
    """The driver at the settings, and a technician at the modem's port."""

    def touches_switch(self) -> int:
        """Touch the switch of vehicle modem Internet once; returns when (ns)."""
        self.bench.head_unit.open(*PAGE)
        start = self.note("modem_internet")
        self.bench.head_unit.tap("modem_internet")
        return start

    def switches(self, on: bool) -> int:
        """Switch modem Internet, and wait until it is so; returns when it was touched (ns). Raises `ExpectationError`.

        Another connection must not be in use: that would be asked about.
        """
        start = self.now()
        if self.bench.networks["body"].value(REQUEST) != ("ON" if on else "OFF"):
            start = self.touches_switch()
        if on:
            self.expects_up(since=start)
        else:
            self.expects_down(since=start)
        return start

    def phone_lends(self, on: bool, phone: int = 1) -> None:
        """A phone in the car lends its Internet, or no longer."""
        self.note("hotspot", phone=phone, on=on)
        self.bench.offboard.request("PUT", f"/phones/{phone}", {"hotspot": on})

    # The question

    def is_asked(self) -> bool:
        """Whether the display asks to confirm a change of connection."""
        unit = self.bench.head_unit
        return unit.page() == " > ".join(QUESTION) and unit.is_enabled("confirm") and bool(unit.texts()["question"])

    def confirms(self) -> int:
        """Agree to the change; returns when (ns)."""
        start = self.note("confirms_change")
        self.bench.head_unit.tap("confirm")
        return start

    def cancels(self) -> int:
        """Leave all as it is; returns when (ns)."""
        start = self.note("cancels_change")
        self.bench.head_unit.tap("cancel")
        return start

    # What comes of it

    def used(self) -> str:
        """What the display says the car's Internet comes by: `MODEM`, `PHONE`, `NONE` or `CONNECTING`."""
        self.bench.head_unit.open(*PAGE)
        return self.bench.head_unit.texts()["connection"]

    def is_up(self) -> bool:
        """Whether the modem's own port says that its Internet connection is up (+CGACT?)."""
        states = self.bench.modem.at.command("AT+CGACT?")
        return f"+CGACT: {CONTEXT},1" in states

    def address(self) -> str:
        """The modem's address in the Internet (+CGPADDR); empty where it has none."""
        for line in self.bench.modem.at.command(f"AT+CGPADDR={CONTEXT}"):
            if found := re.match(rf'\+CGPADDR: {CONTEXT},"([^"]*)"', line):
                return found[1]
        return ""

    def cut(self) -> int:
        """Take the connection down at the modem's port, behind the car's back; returns when (ns)."""
        self.bench.modem.at.command(f"AT+CGACT=0,{CONTEXT}")
        return self.note("connection_cut")

    def expects_up(self, since: int | None = None) -> int:
        """Wait until CAN and the modem's port say that its Internet is up; returns when CAN did (ns)."""
        return self._expects(up=True, since=since)

    def expects_down(self, since: int | None = None) -> int:
        """The same, down."""
        return self._expects(up=False, since=since)

    def expects_connect(self, state: str, since: int | None = None) -> int:
        """Wait until the car says that Connect is `ON`, `OFF` or `NO_COVERAGE`; returns when (ns)."""
        return self.bench.networks["body"].expect(CONNECT, state, limit("modem_internet"), since)

    def _expects(self, *, up: bool, since: int | None) -> int:
        begin = self.now() if since is None else since
        when = self.bench.networks["body"].expect(CONNECTION, "ON" if up else "OFF", limit("modem_internet"), begin)
        while self.is_up() != up or bool(self.address()) != up:
            if self.now() - begin > limit("modem_internet"):
                raise ExpectationError(
                    f"expected the modem's Internet {'up' if up else 'down'} within {pretty(limit('modem_internet'))}; "
                    f"{CONNECTION} says so, its port that the connection is {'up' if self.is_up() else 'down'}, with "
                    f"{'an' if self.address() else 'no'} address. Is context {CONTEXT} the Internet's (AT+CGDCONT?)?"
                )
            self.clock.sleep(LOOK)
        return when
