"""Assistance's desks for remote unlocking and the immobiliser, with the app beside them (A-14, B-25 ... B-31).

`since` is an instant in ns, from which on the history is judged. PINs go to the service alone, never to the timeline.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from harness.actors.actor import Actor
from harness.actors.owner import OWNER_ID, OWNER_PIN
from harness.catalogue import limit
from harness.clock import lateness
from harness.errors import BenchError, ExpectationError
from harness.timeline import Event
from harness.units import S, pretty

Matter: TypeAlias = dict[str, Any]
"""A remote unlock, or a stolen car, as the service keeps it (docs/interfaces.md)."""
Kind = Literal["remote_unlock", "immobiliser"]
Command = Literal["UNLOCK", "LOCK", "IMMOBILISE", "RELEASE"]

UNLOCKS = "/assistance/remote-unlocks"
THEFTS = "/assistance/immobilisations"


class AssistanceDesk(Actor):
    """Owner and operator of a remote service, and what app and car make of it."""

    # Remote unlocking

    def asks_for_unlock(
        self, account: str = OWNER_ID, pin: str | None = None, handle_time: int | None = None
    ) -> Matter:
        """Ask in the app; with `pin` it is verified at once. `handle_time` in ns: what Assistance sets."""
        self.note("asks_for_unlock", account=account, **({} if handle_time is None else {"handle_time": handle_time}))
        wanted = {"account": account, "pin": pin, "handle_time": handle_time}
        return dict(self._ask("POST", UNLOCKS, {key: value for key, value in wanted.items() if value is not None}))

    def verifies(self, unlock: Matter, pin: str = OWNER_PIN) -> int:
        """The operator has the PIN verified; returns when (ns)."""
        start = self.note("gives_pin", request=unlock["id"])
        self._ask("POST", f"{UNLOCKS}/{unlock['id']}/pin", {"pin": pin})
        return start

    def unlocks(self, handle_time: int | None = None) -> tuple[Matter, int]:
        """Ask as the owner, with the right PIN, and wait until the car awaits a handle; the request, and when (ns)."""
        unlock = self.asks_for_unlock(handle_time=handle_time)
        start = self.verifies(unlock)
        within = limit("unlock_signal")
        return unlock, self.bench.networks["body"].expect("CEM_Remote.State", "WAITING_FOR_HANDLE", within, since=start)

    # The immobiliser

    def reports_theft(self, account: str = OWNER_ID, to: Literal["assistance", "authorities"] = "assistance") -> Matter:
        """The owner reports the car stolen."""
        self.note("reports_theft", account=account, to=to)
        return dict(self._ask("POST", THEFTS, {"account": account, "reported_to": to}))

    def consults(self, theft: Matter, *, agree: bool = True) -> int:
        """Assistance consults the authorities, who agree or do not; returns when (ns). Raises `ExpectationError`."""
        start = self.note("consults_authorities", theft=theft["id"], agree=agree)
        if refused := self._refused(f"{THEFTS}/{theft['id']}/authorities", {"agree": agree}):
            raise ExpectationError(f"expected Assistance to consult the authorities; it does not: {refused}")
        return start

    def disables(self, theft: Matter) -> int:
        """Assistance disables the keys; returns when (ns). Raises `ExpectationError` where it refuses."""
        start = self.now()
        if refused := self._disabling_refused(theft):
            raise ExpectationError(f"expected Assistance to disable the keys; it does not: {refused}")
        return start

    def may_disable(self, theft: Matter) -> bool:
        """Try to disable the keys; whether Assistance does so."""
        return not self._disabling_refused(theft)

    def releases(self, theft: Matter, pin: str = OWNER_PIN, account: str | None = None) -> str:
        """Give the PIN to have the car back; returns why that was refused, empty where it was not."""
        self.note("asks_for_release", theft=theft["id"])
        wanted = {"pin": pin} if account is None else {"pin": pin, "account": account}
        told = self._ask("POST", f"{THEFTS}/{theft['id']}/release", wanted)
        return str(told["reason"])

    def disabled_car(self, to: Literal["assistance", "authorities"] = "assistance") -> Matter:
        """A theft that was reported, agreed on, and whose keys the car has disabled."""
        theft = self.reports_theft(to=to)
        self.consults(theft)
        self.expects_car("DISABLED_REMOTELY", self.disables(theft))
        return theft

    def expects_car(self, state: str, since: int) -> int:
        """Wait for `CEM_Keys.Immobiliser`; returns when (ns)."""
        return self.bench.networks["body"].expect("CEM_Keys.Immobiliser", state, limit("immobiliser_signal"), since)

    # Accounts and subscription

    def authorises(self, account: str, pin: str) -> None:
        """The owner lets somebody act for the car, by a PIN of their own."""
        self.note("authorises", account=account)
        self._ask("PUT", "/delivery-centre", {"authorised": [{"account": account, "pin": pin}]})

    def sells(self, to: str, pin: str, number: str) -> int:
        """The delivery centre hears of a new owner, by account, PIN and phone number; returns when (ns)."""
        start = self.note("sells", to=to)
        new = {"owner": to, "phone_number": number, "authorised": [{"account": to, "pin": pin}]}
        self._ask("PUT", "/delivery-centre", new)
        return start

    def reopens(self, account: str = OWNER_ID) -> None:
        """The delivery centre lets a locked account try again."""
        self.note("reopens", account=account)
        self._ask("PUT", "/delivery-centre", {"reopened": [account]})

    def activates(self, on: bool = True) -> None:
        """Switch Connect on or off for this car."""
        self.note("connect", activated=on)
        self._ask("PUT", "/connect", {"activated": on})

    def hindrance(self) -> str:
        """Why Connect does not reach the car now; empty where it does."""
        return str(self._ask("GET", "/connect")["reason"])

    # What app and car made of it

    def state(self, kind: Kind, matter: Matter) -> Matter:
        """The matter as the service keeps it now."""
        listed = self._ask("GET", UNLOCKS if kind == "remote_unlock" else THEFTS)
        return next(dict(each) for each in listed if each["id"] == matter["id"])

    def app_told(self, kind: Kind, matter: Matter, since: int = 0) -> list[Event]:
        """Every state that the app was told of, with `state` and `reason`."""
        self.bench.offboard.pull()
        return [event for event in self.timeline.events("app", kind, since) if event.data["id"] == matter["id"]]

    def expects_app(self, kind: Kind, matter: Matter, *states: str, since: int = 0, within: int | None = None) -> Event:
        """Wait until the app was told of one of `states`, however briefly. Raises `ExpectationError`."""
        within = limit("app_report") if within is None else within

        def fitting() -> list[Event]:
            return [event for event in self.app_told(kind, matter, since) if event.data["state"] in states]

        if not self.until(lambda: bool(fitting()), within):
            told = ", ".join(event.data["state"] for event in self.app_told(kind, matter, since)) or "nothing"
            raise ExpectationError(
                f"expected the app to be told {' or '.join(states)} within {pretty(within)}; it was told {told}. "
                f"Why the car cannot be reached: {self.hindrance() or 'it can'}"
            )
        return fitting()[0]

    def commands(self, since: int, until: int | None = None) -> list[tuple[int, Command]]:
        """The commands that the telematics unit gave on CAN, with their instants (ns)."""
        end = self.now() if until is None else until
        before = self.timeline.value("TCU_Remote.RequestCount", at=since)
        found, count = [], None if before is None else before.value
        for change in self.timeline.signal("TCU_Remote.RequestCount", since, end):
            if change.value != count:
                command: Any = self.timeline.value("TCU_Remote.Command", at=change.time)
                found.append((change.time, command.value))
            count = change.value
        return found

    def expects_no_command(self, since: int, lasting: int | None = None) -> None:
        """Let time pass (the quiet time) in which no signal may reach the car. Raises `ExpectationError`."""
        self.clock.sleep((limit("quiet_time") if lasting is None else lasting) + lateness(self.clock))
        if self.timeline.value("TCU_Remote.Command") is None:
            raise BenchError("expected TCU_Remote on CAN; there is none. Is the telematics unit on the network?")
        if given := self.commands(since):
            told = ", ".join(f"{command} at {pretty(at)}" for at, command in given)
            raise ExpectationError(f"expected no signal to reach the car since {pretty(since)}; it was told {told}")

    def expects_one_command(self, command: Command, since: int) -> int:
        """Let the quiet time pass; returns when the car was told `command` (ns), and nothing else. Raises."""
        self.clock.sleep(limit("quiet_time"))
        given = self.commands(since)
        if [each for _, each in given] != [command]:
            told = ", ".join(f"{each} at {at / S:.3f} s" for at, each in given) or "nothing"
            raise ExpectationError(f"expected one {command} on CAN since {pretty(since)}; the car was told {told}")
        return given[0][0]

    def _disabling_refused(self, theft: Matter) -> str:
        self.note("disables", theft=theft["id"])
        return self._refused(f"{THEFTS}/{theft['id']}/disable")

    def _refused(self, path: str, body: object = None) -> str:
        """What the service says where it will not do something in the present state; empty where it does."""
        try:
            self._ask("POST", path, body)
        except BenchError as error:
            if " answered 409" not in str(error):
                raise
            return str(error)
        return ""

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        return self.bench.offboard.request(method, path, body)
