"""The owner of a stolen car, and Assistance's desk for it: what phones hear, tracking, police (B-32, B-33, B-34)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal, NamedTuple, TypeAlias

from harness.actors.actor import Actor
from harness.actors.owner import OWNER_ID, OWNER_PIN
from harness.catalogue import limit
from harness.errors import BenchError, ExpectationError
from harness.timeline import Event
from harness.units import pretty

Way = Literal["message", "push"]
WAYS: tuple[Way, ...] = ("message", "push")
Theft: TypeAlias = dict[str, Any]
"""A theft as Assistance keeps it, by the names of docs/interfaces.md."""

OWNERS_PHONE = 1
CASES = "/assistance/theft-cases"


class Sighting(NamedTuple):
    """A position of the tracked car: degrees, whether the car vouches for it, when it was there and when it came."""

    latitude: float
    longitude: float
    trusted: bool
    taken: int
    arrived: int


class TheftDesk(Actor):
    """Asks Assistance where the car is, decides as its operator, and reads what phones and desk have got."""

    # What the phones hear

    def told(self, way: Way, since: int) -> list[Event]:
        """What has come about a theft by one way, on any phone."""
        self.bench.offboard.pull()
        return [event for event in self.timeline.events("phones", way, since) if event.data["kind"] == "theft"]

    def expects(self, way: Way, since: int, phone: int = OWNERS_PHONE, within: int | None = None) -> Event:
        """Wait for the message or push of an alarm on one phone. Raises `ExpectationError` where it comes elsewhere."""
        within = limit("theft_message" if way == "message" else "theft_push") if within is None else within
        if not self.until(lambda: bool(self.told(way, since)), max(0, since + within - self.now())):
            link, alarm = map(self.bench.networks["body"].value, ("TCU_Services.Connect", "CEM_Alarm.State"))
            raise ExpectationError(
                f"expected a {way} about the alarm within {pretty(within)} of {pretty(since)}; none came. "
                f"CEM_Alarm.State is {alarm}, TCU_Services.Connect is {link}"
            )
        first = self.told(way, since)[0]
        if first.data["phone"] != phone:
            raise ExpectationError(f"expected the {way} on phone {phone}; it came on phone {first.data['phone']}")
        return first

    def expects_both_in_order(self, since: int, phone: int = OWNERS_PHONE) -> tuple[Event, Event]:
        """The message on `phone`, after it the push on the owner's, each once. Raises `ExpectationError`."""
        message = self.expects("message", since, phone)
        push = self.expects("push", since, within=message.time - since + limit("theft_push"))
        if push.time <= message.time:
            raise ExpectationError(
                f"expected the message before the push; it came {pretty(message.time - push.time)} after"
            )
        self.clock.sleep(limit("quiet_time"))
        for way in WAYS:
            if len(times := [pretty(event.time) for event in self.told(way, since)]) != 1:
                raise ExpectationError(f"expected one {way} an alarm; {len(times)} came, at {', '.join(times)}")
        return message, push

    def expects_silence(self, since: int, *ways: Way, lasting: int | None = None) -> None:
        """Let the time pass in which a message or push would have come, and raise `ExpectationError` where one has."""
        until = since + (limit("theft_message") + limit("theft_push") if lasting is None else lasting)
        self.clock.sleep(max(0, until - self.now()))
        for way in ways or WAYS:
            if came := self.told(way, since):
                raise ExpectationError(f"expected no {way} about a theft; one came at {pretty(came[0].time)}")

    # The owner, and the operator

    def registers(self, number: str) -> None:
        """The delivery centre registers another phone number."""
        self.note("registers_number")
        self.bench.offboard.request("PUT", "/delivery-centre", {"phone_number": number})

    def number_of(self, phone: int) -> str:
        """The number of a phone."""
        return str(self.bench.offboard.request("GET", f"/phones/{phone}")["number"])

    def asks_where(self, account: str = OWNER_ID, pin: str = OWNER_PIN) -> Theft:
        """Ask Assistance through the app where the car is. Raises `BenchError` (409) where the PIN is not right."""
        self.note("asks_where", account=account)
        theft: Theft = self.bench.offboard.request("POST", CASES, {"account": account, "pin": pin})
        return theft

    def finds(self, theft: Theft, *, unauthorised: bool, interval: int | None = None) -> int:
        """The operator finds whether the car is used by somebody who may not; returns when (ns).

        `interval` is the agreed time between positions, the most that the catalogue allows where left out.
        """
        start = self.note("finds", case=theft["id"], unauthorised=unauthorised)
        agreed = limit("tracking_interval") if interval is None else interval
        finding = {"unauthorised": unauthorised, "interval": agreed}
        self.bench.offboard.request("POST", f"{CASES}/{theft['id']}/tracking", finding)
        return start

    def may_ask(self, account: str = OWNER_ID, pin: str = OWNER_PIN) -> bool:
        """Ask where the car is; whether Assistance takes the report."""
        return self._takes(lambda: self.asks_where(account, pin))

    def may_track(self, theft: Theft) -> bool:
        """Let the operator begin tracking; whether that is allowed."""
        return self._takes(lambda: self.finds(theft, unauthorised=True))

    @staticmethod
    def _takes(act: Callable[[], object]) -> bool:
        try:
            act()
        except BenchError as error:
            if " answered 409" not in str(error):
                raise
            return False
        return True

    def closes_all(self) -> None:
        """The car is found: tracking ends, whoever began it."""
        theft = self.asks_where()
        self.bench.offboard.request("POST", f"{CASES}/{theft['id']}/close")

    def thefts(self) -> list[Theft]:
        """Every theft that Assistance knows of."""
        cases: list[Theft] = self.bench.offboard.request("GET", CASES)
        return cases

    # Tracking

    def sightings(self, since: int) -> list[Sighting]:
        """Positions that came from `since` on, in the order in which they came."""
        self.bench.offboard.pull()
        return [
            Sighting(
                event.data["latitude"],
                event.data["longitude"],
                event.data["trusted"],
                event.time - event.data["age"],
                event.time,
            )
            for event in self.timeline.events("assistance", "position", since)
        ]

    def expects_sightings(self, count: int, since: int, within: int) -> list[Sighting]:
        """Wait for so many positions. Raises `ExpectationError`."""
        if not self.until(lambda: len(self.sightings(since)) >= count, within):
            found = self.sightings(since)
            raise ExpectationError(
                f"expected {count} positions of the tracked car within {pretty(within)}; {len(found)} came. "
                f"TCU_Services.Tracking is {self.bench.networks['body'].value('TCU_Services.Tracking')}"
            )
        return self.sightings(since)

    def expects_rate(self, sightings: list[Sighting], interval: int) -> None:
        """Hold the times at which positions were taken against the agreed interval. Raises `ExpectationError`."""
        jitter = limit("tracking_jitter")
        for before, after in pairwise(sightings):
            apart = after.taken - before.taken
            if abs(apart - interval) > jitter:
                raise ExpectationError(
                    f"expected positions {pretty(interval)} apart, give or take {pretty(jitter)}; the one of "
                    f"{pretty(after.taken)} follows {pretty(apart)} after the one before"
                )

    def expects_no_sightings(self, since: int, lasting: int) -> None:
        """Let time pass, and raise `ExpectationError` where a position has come from `since` on."""
        self.clock.sleep(lasting)
        if found := self.sightings(since):
            raise ExpectationError(
                f"expected no position of the car from {pretty(since)} on; {len(found)} came, the last one at "
                f"{pretty(found[-1].arrived)}"
            )
