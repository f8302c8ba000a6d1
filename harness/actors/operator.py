"""Whoever takes the car's calls: Assistance, or the emergency centre behind its number (B-04 ... B-09, B-11, B-16)."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

from harness import msd
from harness.actors.actor import Actor
from harness.bench import Bench
from harness.catalogue import limit, load
from harness.errors import ExpectationError
from harness.msd import Msd
from harness.offboard import Call, Centre
from harness.timeline import Event
from harness.units import S, pretty

Service = Literal["police", "ambulance", "tow"]
Trigger = Literal["sos", "on_call", "crash"]
Case: TypeAlias = dict[str, Any]
"""A case of Assistance, by the names of docs/interfaces.md."""

VOICE_TIME = 5 * S
"""From the driver's first word to voice contact at the centre (bench default)."""


class Operator(Actor):
    """Answers or does not, talks, decides; and sees the calls, messages and cases that came.

    `since` is an instant in ns; left out, it is that of the last press, crash or request.
    """

    def __init__(self, bench: Bench, centre: Centre = "assistance") -> None:
        super().__init__(bench)
        self.centre = centre

    # How calls are treated from now on

    def answers(self, after: int | None = None) -> None:
        """Take calls, `after` so many ns of ringing."""
        self._behave(mode="answers", **({} if after is None else {"answer_delay": after}))

    def busy(self) -> None:
        """Be busy."""
        self._behave(mode="busy")

    def unreachable(self) -> None:
        """Be out of reach: calls fail."""
        self._behave(mode="unreachable")

    def rings(self) -> None:
        """Let calls ring without an answer."""
        self._behave(mode="rings")

    def drops(self, after: int | None) -> None:
        """Lose the connection of each call `after` so many ns; None: no longer."""
        self._behave(drop_after=after)

    def reachable_in(self, *countries: str) -> None:
        """Be out of reach everywhere but in `countries` (codes); none given: reachable everywhere."""
        self._behave(countries=list(countries) or None)

    def talks(self, talking: bool = True) -> None:
        """Talk as soon as connected, or keep silent."""
        self._behave(speaks=talking)

    def _behave(self, **behaviour: Any) -> None:
        self.note("behaviour", centre=self.centre, **behaviour)
        self.bench.offboard.set_behaviour(self.centre, **behaviour)

    # What came

    def calls(self, since: int | None = None) -> list[Call]:
        """Every call to or from the centre, answered or not, oldest first."""
        return self.bench.offboard.calls(self.centre, self.last_trigger() if since is None else since)

    def call(self, call: Call) -> Call:
        """What the centre knows of a call now."""
        return next(each for each in self.calls(0) if each.id == call.id)

    def expects_call(self, trigger: Trigger | None = None, within: int | None = None, since: int | None = None) -> Call:
        """Wait for an answered call, by its message of `trigger`. Raises `ExpectationError` with what came instead."""
        begin = self.last_trigger() if since is None else since
        within = (limit("connection") + (limit("msd_delay") if trigger else 0)) if within is None else within

        def fitting() -> list[Call]:
            return [c for c in self.calls(begin) if c.answered is not None and trigger in (None, c.trigger)]

        if not self.until(lambda: bool(fitting()), max(0, begin + within - self.now())):
            state = self.bench.networks["body"].value("TCU_Call.State")
            raise ExpectationError(
                f"expected {self.centre} to take a call{f' by {trigger}' if trigger else ''} within {pretty(within)}; "
                f"{self._seen(begin)}. TCU_Call.State is {state}: did the car dial, and is there coverage?"
            )
        return fitting()[0]

    def expects_one_call(self, trigger: Trigger | None = None, since: int | None = None) -> Call:
        """Wait for an answered call, and let the quiet time pass in which no second one may come."""
        begin = self.last_trigger() if since is None else since
        call = self.expects_call(trigger, since=begin)
        self.clock.sleep(limit("quiet_time"))
        if len(self.calls(begin)) != 1:
            raise ExpectationError(f"expected one call at {self.centre}; {self._seen(begin)}")
        return self.call(call)

    def expects_no_call(self, since: int | None = None) -> None:
        """Raises `ExpectationError` where a call has come. Judges what was; `Car.stays_quiet` also lets time pass."""
        begin = self.last_trigger() if since is None else since
        if self.calls(begin):
            raise ExpectationError(f"expected no call at {self.centre}; {self._seen(begin)}")

    def expects_end(self, call: Call, within: int) -> Call:
        """Wait until `call` has ended. Raises `ExpectationError`."""
        if not self.until(lambda: self.call(call).ended is not None, within):
            raise ExpectationError(f"expected call {call.id} to end within {pretty(within)}; it still stands")
        return self.call(call)

    def expects_message(
        self,
        call: Call,
        *,
        automatic: bool | None = None,
        at: tuple[float, float] | None = None,
        trusted: bool | None = None,
        within: int | None = None,
    ) -> Msd:
        """The minimum set of data of `call`, decoded; with what it has to say, where given.

        `at` is where the car is (degrees), met within the catalogue's accuracy. `within` ns of the answer; its default
        is the catalogue's. Raises `ExpectationError`.
        """
        within = limit("msd_delay") if within is None else within
        begin = call.answered if call.answered is not None else self.now()
        if not self.until(lambda: self.call(call).msd_hex is not None, max(0, begin + within - self.now())):
            raise ExpectationError(
                f"expected an MSD with call {call.id} within {pretty(within)} of the answer; none came"
            )
        message = msd.decode(bytes.fromhex(self.call(call).msd_hex or ""))
        said = {"automatic": (automatic, message.automatic), "position trusted": (trusted, message.position_trusted)}
        for name, (wanted, got) in said.items():
            if wanted is not None and got != wanted:
                raise ExpectationError(f"expected the MSD of call {call.id} to say {name} = {wanted}; it says {got}")
        if at is not None:
            far, allowed = message.distance_metres(*at), load().limit("position_accuracy").upper or 0.0
            if far > allowed:
                raise ExpectationError(
                    f"expected the MSD's position within {allowed:g} m of the car; it is {far:.0f} m off"
                )
        return message

    def expects_voice_contact(self, call: Call, within: int = VOICE_TIME) -> None:
        """Wait until the driver is heard in `call`. Raises `ExpectationError`."""
        if not self.until(lambda: self.call(call).voice_contact, within):
            raise ExpectationError(
                f"expected {self.centre} to hear the driver in call {call.id} within {pretty(within)}; heard nobody. "
                "Does the driver speak, and is the microphone line driven?"
            )

    def expects_record(self, source: str, kind: str, within: int, since: int | None = None) -> Event:
        """Wait for an event of the off-board record (docs/interfaces.md names them). Raises `ExpectationError`."""
        begin = self.last_trigger() if since is None else since

        def found() -> list[Event]:
            self.bench.offboard.pull()
            return self.timeline.events(source, kind, begin)

        if not self.until(lambda: bool(found()), within):
            raise ExpectationError(f"expected {kind} at {source} within {pretty(within)}; there was none")
        return found()[0]

    def expects_case_at(self, service: Service, at: tuple[float, float], since: int | None = None) -> Event:
        """Wait until `service` alone was told of a case at a place (degrees). Raises `ExpectationError`."""
        begin = self.last_trigger() if since is None else since
        told = self.expects_record(service, "case", limit("quiet_time"), begin)
        self.expects_near(f"the case that {service} has", told.data, at)
        others = [name for name in get_args(Service) if name != service and self.timeline.events(name, "case", begin)]
        if others:
            raise ExpectationError(f"expected the case at {service} alone; {' and '.join(others)} has it as well")
        return told

    def expects_alert(self, at: tuple[float, float], since: int | None = None) -> Event:
        """Wait until Assistance has alerted the emergency services of the car at a place (degrees).

        Raises `ExpectationError` where it does not so within the catalogue's time.
        """
        alert = self.expects_record("emergency", "alert", limit("silence_alert"), since)
        self.expects_near("the alert", alert.data, at)
        return alert

    # What the operator decides

    def hangs_up(self, call: Call) -> None:
        """End a connected call."""
        self.note("hangs_up", centre=self.centre, call=call.id)
        self.bench.offboard.hang_up(self.centre, call.id)

    def asks_for_message(self, call: Call) -> Msd:
        """Ask the car for a new message within a connected call; returns it. Raises `ExpectationError`."""
        start = self.note("asks_for_message", centre=self.centre, call=call.id)
        self.bench.offboard.request("POST", f"/{self.centre}/calls/{call.id}/request-msd")
        self.expects_record(self.centre, "msd", limit("msd_delay"), start)
        return self.expects_message(call)

    def calls_back(self) -> int:
        """Ring the car; returns when (ns)."""
        self.may_dial()
        start = self.note("call_back", centre=self.centre)
        self.bench.offboard.call_back(self.centre)
        return start

    def hands_over(self, help_for: Call | Case, service: Service) -> None:
        """Pass a case, or that of a call, on to `service`."""
        self.note("hands_over", case=_identity(help_for), service=service)
        self.bench.offboard.hand_over(_identity(help_for), service)

    def closes(self, help_for: Call | Case, *, emergency: bool) -> None:
        """Close a case, or that of a call, and say whether it was an emergency."""
        self.note("closes", case=_identity(help_for), emergency=emergency)
        self.bench.offboard.close_case(_identity(help_for), emergency=emergency)

    def case(self, help_for: Call | Case) -> Case:
        """A case as Assistance keeps it now, or that of a call. Raises `ExpectationError` where there is none."""
        identity = _identity(help_for)
        for case in self.bench.offboard.cases():
            if identity == case["id"] or identity in case["calls"]:
                return case
        raise ExpectationError(f"expected Assistance to keep a case of {identity}; there is none")

    def _seen(self, since: int) -> str:
        calls = [f"{c.trigger or 'a call'} from {c.country}, {c.end_reason or 'open'}" for c in self.calls(since)]
        return f"it had {len(calls)} since {pretty(since)}: {'; '.join(calls) or 'none'}"


def _identity(help_for: Call | Case) -> int:
    return int(help_for["id"]) if isinstance(help_for, dict) else help_for.id
