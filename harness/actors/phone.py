"""Somebody with a phone and the app: links it, asks the car from afar, reads what arrives (A-01 ... A-14, B-32)."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from harness.actors.actor import Actor
from harness.actors.owner import GUEST_ID, GUEST_PASSWORD, OWNER_ID, OWNER_PASSWORD
from harness.bench import Bench
from harness.catalogue import limit
from harness.errors import BenchError, ExpectationError
from harness.units import pretty

Command: TypeAlias = dict[str, Any]
"""What a phone asked for, by the names of docs/interfaces.md."""
Kind = Literal["locate", "lock"]

PASSWORDS = {OWNER_ID: OWNER_PASSWORD, GUEST_ID: GUEST_PASSWORD}
"""Of the Polestar IDs that every bench begins with."""
REACHES_CAR = "TCU_Remote.RequestCount"
"""Counts every command that the telematics unit passes on to the body."""


class Phone(Actor):
    """Phone `number` of the off-board world: 1 is the owner's, 2 a guest's, 3 is new."""

    def __init__(self, bench: Bench, number: int = 1) -> None:
        super().__init__(bench)
        self.number = number

    # The app itself

    def logs_in(self, identity: str, password: str | None = None) -> None:
        """Log in to the app. Raises `ExpectationError` where it does not accept ID and password."""
        self.note("app_login", phone=self.number, account=identity)
        told = self._post("login", {"id": identity, "password": password or PASSWORDS[identity]})
        if not told["accepted"]:
            raise ExpectationError(f"expected the app to accept {identity}; it says: {told['reason']}")

    def goes_offline(self) -> None:
        """Lose the Internet."""
        self._change(online=False)

    def goes_online(self) -> None:
        """Have Internet again."""
        self._change(online=True)

    def types_vin(self, vin: str | None) -> None:
        """Tell the app which car it is about."""
        self._change(vin=vin)

    def state(self) -> dict[str, Any]:
        """Number, account, `online`, VIN."""
        return dict(self.bench.offboard.request("GET", f"/phones/{self.number}"))

    # Linking

    def scans(self, code: str) -> dict[str, Any]:
        """Read a QR code; returns `step`, `side` and `reason` as the app shows them then."""
        self.note("scans", phone=self.number)
        return self._post("scan", {"qr": code})

    def confirms(self) -> dict[str, Any]:
        """Confirm the step that the app shows; returns the same."""
        self.note("confirms_in_app", phone=self.number)
        return self._post("confirm")

    def linking(self) -> dict[str, Any]:
        """Where the newest attempt stands, as the app shows it: `step`, `side`, `reason`."""
        return dict(self.bench.offboard.request("GET", f"/phones/{self.number}/linking"))

    def link(self) -> dict[str, Any] | None:
        """The phone's link (`account`, `profile`, `administrator`, `since`); None where it has none."""
        links = self.bench.offboard.request("GET", "/linking")["links"]
        return next((link for link in links if link["phone"] == self.number), None)

    def deletes_link(self) -> int:
        """Delete the phone's link in the app; returns when (ns)."""
        start = self.note("deletes_link", phone=self.number)
        self.bench.offboard.request("DELETE", f"/phones/{self.number}/link")
        return start

    # From afar

    def asks(self, kind: Kind) -> Command:
        """Ask the car for something; returns the command as the app shows it at once."""
        self.note("app_command", phone=self.number, wanted=kind)
        return self._post("commands", {"kind": kind})

    def command(self, command: Command) -> Command:
        """What became of a command until now."""
        found = self.bench.offboard.request("GET", f"/phones/{self.number}/commands")
        return dict(next(each for each in found if each["id"] == command["id"]))

    def expects_done(self, command: Command, within: int | None = None) -> Command:
        """Wait until the car has carried a command out. Raises `ExpectationError`."""
        within = limit("app_command") if within is None else within
        return self._expects(command, "done", within)

    def expects_failed(self, command: Command, within: int | None = None) -> Command:
        """Wait until the app gives a command up. Raises `ExpectationError`."""
        within = limit("app_command_given_up") if within is None else within
        return self._expects(command, "failed", within)

    def is_served(self, kind: Kind = "locate") -> Command:
        """Ask, and wait until it is done. Raises `ExpectationError`."""
        return self.expects_done(self.asks(kind))

    def is_refused(self, reason: str, kind: Kind = "lock") -> None:
        """Ask, and be refused at once for `reason`, while nothing at all reaches the car. Raises `ExpectationError`."""
        start = self.now()
        body = self.bench.networks["body"]
        before = body.value(REACHES_CAR)
        told = self.asks(kind)
        if (told["state"], told["reason"]) != ("refused", reason):
            raise ExpectationError(
                f"expected {kind} from phone {self.number} to be refused: {reason}; it is {told['state']}"
                f"{': ' + told['reason'] if told['reason'] else ''}"
            )
        self.clock.sleep(limit("app_command"))
        self.bench.offboard.pull()
        sent = [event for event in self.timeline.events("connect", "sent", start) if event.data["what"] == kind]
        counted = [change.value for change in self.timeline.signal(REACHES_CAR, start) if change.value != before]
        if sent or counted or self.command(told)["state"] != "refused":
            raise ExpectationError(
                f"expected nothing of a refused {kind} to reach the car; {len(sent)} signals were sent to it, and "
                f"TCU_Remote counted {len(counted)} commands"
            )

    def inbox(self) -> list[dict[str, Any]]:
        """What has arrived: `way` message or push, `kind`, `text`, `sent`, `arrived`."""
        return list(self.bench.offboard.request("GET", f"/phones/{self.number}/inbox"))

    def _expects(self, command: Command, state: str, within: int) -> Command:
        now: Command = command

        def decided() -> bool:
            nonlocal now
            now = self.command(command)
            return bool(now["state"] != "sent")

        if not self.until(decided, within) or now["state"] != state:
            why = f": {now['reason']}" if now["reason"] else ""
            raise ExpectationError(
                f"expected {command['kind']} from phone {self.number} to be {state} within {pretty(within)}; it is "
                f"{now['state']}{why}. Is the phone linked, and can the car be reached (GET /connect)?"
            )
        return now

    def _change(self, **what: Any) -> None:
        self.note("phone", phone=self.number, **{key: value for key, value in what.items() if key != "vin"})
        self.bench.offboard.request("PUT", f"/phones/{self.number}", what)

    def _post(self, what: str, body: object = None) -> dict[str, Any]:
        answer = self.bench.offboard.request("POST", f"/phones/{self.number}/{what}", body)
        if not isinstance(answer, dict):
            raise BenchError(f"expected an object from POST /phones/{self.number}/{what}, got {answer!r}")
        return answer
