"""A public charging station: what a driver does at its plug, what log, pilot and lamp tell of it (C-06 ... C-12).

What was before what is judged by the station's record, the control pilot and CAN together: current may flow nowhere
before somebody pays.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from harness.actors.charge_socket import ChargeSocket
from harness.catalogue import limit
from harness.errors import BenchError, ExpectationError
from harness.timeline import Event
from harness.units import S, pretty

Payment = Literal["contract", "external"]
Visit: TypeAlias = dict[str, Any]
"""A car's visit as the station logged it, by the names of docs/interfaces.md."""

USUAL: dict[str, Any] = {
    "digital": True,
    "certificate": "ok",
    "contract_payment": True,
    "install_service": True,
    "supply": "AC",
    "silent_at": None,
}
"""A station as a bench has it that was just made (docs/interfaces.md)."""

CURRENT = (
    ("OBC_Charging.State", "CHARGING"),
    ("OBC_Charging.Contactor", "CLOSED"),
    ("OBC_Charging.Pilot", "C"),
    ("BMS_Charging.State", "CHARGING"),
    ("DIM_Message.Text", "CHARGING"),
)
"""What CAN says of a car that charges, or asks for current."""


class Station(ChargeSocket):
    """The driver at the plug, and the tester at the station's log. `since` is in ns, by default the last plug."""

    # What a driver does

    def plugs_in(self) -> int:
        """Put the cable into the car; returns when (ns)."""
        start = self.note("plugs_in")
        self.bench.line("charge_cable").press()
        return start

    def unplugs(self) -> int:
        """Take it out; returns when (ns)."""
        start = self.note("unplugs")
        self.bench.line("charge_cable").release()
        return start

    def identifies(self, means: Literal["card", "app"] = "card") -> int:
        """Hold a card or the app to the station; returns when (ns)."""
        start = self.note("identifies", means=means)
        self.bench.offboard.request("POST", "/station/identify", {"means": means})
        return start

    def stops(self) -> int:
        """Press the station's stop button; returns when (ns)."""
        start = self.note("stops_charging")
        self.bench.offboard.request("POST", "/station/stop")
        return start

    def behaves(self, **settings: Any) -> None:
        """Change `digital`, `certificate` (ok, expired, foreign_root), `install_service`, `supply`, `silent_at` ..."""
        self.note("station", **settings)
        self.bench.offboard.request("PUT", "/station", settings)

    # What the station logged

    def last_plug(self) -> int:
        """When the cable was plugged in last (ns). Raises `BenchError` where it never was."""
        plugs = self.timeline.events("tester", "plugs_in")
        if not plugs:
            raise BenchError("nothing was plugged in yet: let the driver plug in before asking what came of it")
        return plugs[-1].time

    def visit(self, since: int | None = None) -> Visit:
        """The newest visit. Raises `ExpectationError` where the station has seen no car."""
        begin = self.last_plug() if since is None else since
        if not self.until(lambda: bool(self._visits(begin)), limit("plug_seen")):
            raise ExpectationError("expected the station to see a car at its plug; is charge_cable wired?")
        return self._visits(begin)[-1]

    def _visits(self, begin: int) -> list[Visit]:
        return [each for each in self.bench.offboard.charging_visits() if each["plugged"] >= begin]

    def sequence(self, since: int | None = None) -> list[str]:
        """Requests of ISO 15118-2 in the newest visit, in order; one that came again and again counts once."""
        names: list[str] = []
        for message in self.visit(since)["messages"]:
            if names[-1:] != [message["name"]]:
                names.append(message["name"])
        return names

    def events(self, kind: str, since: int) -> list[Event]:
        """Events of the station's record."""
        self.bench.offboard.pull()
        return self.timeline.events("station", kind, since)

    def expects_bill(self, payment: Payment, emaid: str | None = None, since: int | None = None) -> Event:
        """Wait until the operator bills the visit that is over, to a contract or not. Raises `ExpectationError`."""
        begin = self.last_plug() if since is None else since

        def bills() -> list[Event]:
            self.bench.offboard.pull()
            return self.timeline.events("operator", "bill", begin)

        if not self.until(lambda: bool(bills()), limit("bill")):
            raise ExpectationError(
                f"expected the operator to bill the visit within {pretty(limit('bill'))}; it did not"
            )
        told = bills()[-1].data
        if (told["payment"], told["emaid"]) != (payment, emaid) or not told["energy_wh"] > 0:
            raise ExpectationError(
                f"expected a bill for energy, {payment}{f' of {emaid}' if emaid else ''}; it says {told['payment']} of "
                f"{told['emaid']}, {told['energy_wh']} Wh"
            )
        return bills()[-1]

    # What comes of it

    def expects(self, state: str, within: int, since: int | None = None) -> int:
        """Wait until `OBC_Charging.State` is `state`, `within` ns from now; returns when. Raises `ExpectationError`."""
        begin = self.last_plug() if since is None else since
        return self.bench.networks["body"].expect("OBC_Charging.State", state, within, begin)

    def expects_charging(self, payment: Payment, within: int | None = None, since: int | None = None) -> Visit:
        """Wait until current flows, and hold it against whoever pays: CAN, pilot, meter and log must agree.

        Raises `ExpectationError`.
        """
        begin = self.last_plug() if since is None else since
        within = limit("charge_by_contract") if within is None else within
        self.expects("CHARGING", within, begin)
        for signal, value in CURRENT:
            self.bench.networks["body"].expect(signal, value, limit("charging_told"), begin)
        visit = self.visit(begin)
        if visit["authorised"] is None or visit["payment"] != payment:
            raise ExpectationError(
                f"expected charging that is paid for by {payment}; the station's log says {visit['payment']}, "
                f"authorised at {visit['authorised']} ns, and its contactor is closed"
            )
        self.clock.sleep(1 * S)
        if not self.visit(begin)["energy_wh"] > visit["energy_wh"]:
            raise ExpectationError(f"expected the meter to count; it stands at {visit['energy_wh']:.1f} Wh")
        self.expects_order(begin)
        return self.visit(begin)

    def expects_order(self, since: int | None = None) -> None:
        """Nothing may have asked for current, or told of it, before charging was authorised: `ExpectationError`."""
        begin = self.last_plug() if since is None else since
        authorised = self.events("authorised", begin)
        paid = authorised[0].time if authorised else None
        early = [
            f"{what} at {pretty(when - begin)}"
            for what, when in self.current(begin)
            if paid is None or when < paid - self._doubt()
        ]
        if early:
            said = "never was" if paid is None else f"was at {pretty(paid - begin)}"
            raise ExpectationError(f"expected no current before it is authorised, which {said}; {'; '.join(early)}")

    def expects_no_charging(self, duration: int, since: int | None = None) -> None:
        """Let `duration` ns pass in which nothing asks for current, or tells of it: `ExpectationError`."""
        begin = self.last_plug() if since is None else since
        self.clock.sleep(duration)
        if not self.timeline.signal("OBC_Charging.State", self.now() - 2 * S):
            raise ExpectationError("expected OBC_Charging on CAN while watching for current; the charger sent none")
        if seen := [f"{what} at {pretty(when - begin)}" for what, when in self.current(begin)]:
            raise ExpectationError(f"expected no charging; {'; '.join(seen)}")

    def current(self, since: int) -> list[tuple[str, int]]:
        """Every sign of current, or of a car that asks for it, with its first instant (ns)."""
        found = [
            (f"pilot state C at the station (event {event.kind})", event.time)
            for event in self.events("pilot", since)
            if event.data["state"] == "C"
        ][:1]
        found += [("contactor closed", e.time) for e in self.events("contactor", since) if e.data["closed"]][:1]
        for signal, value in CURRENT:
            if (when := self.timeline.first(signal, value, since)) is not None:
                found.append((f"{signal} = {value}", when))
        return found

    def _doubt(self) -> int:
        """How far the station's clock and CAN's may be apart, in ns."""
        return 3 * self.bench.uncertainty_between("station", "body")

    def expects_reason(self, reason: str, within: int | None = None, since: int | None = None) -> int:
        """Wait until CAN says why Plug & Charge is not used; returns when (ns). Raises `ExpectationError`."""
        begin = self.last_plug() if since is None else since
        within = limit("charge_by_contract") if within is None else within
        return self.bench.networks["body"].expect("OBC_Charging.Reason", reason, within, begin)

    def expects_fall_back(self, reason: str, within: int | None = None) -> None:
        """Plug & Charge fails for `reason`, and the driver is asked to identify himself. Raises `ExpectationError`."""
        begin, body = self.last_plug(), self.bench.networks["body"]
        self.expects_reason(reason, within)
        body.expect("DIM_Message.Text", "PLUG_AND_CHARGE_FAILED", limit("charging_told"), begin)
        body.expect("DIM_Message.Text", "IDENTIFY_AT_THE_STATION", limit("fall_back"), begin)
        self.expects_no_charging(1 * S)
