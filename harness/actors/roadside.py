"""Roadside help and who pays for it: the agreement, the price shown, what the owner says to it (B-17 ... B-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from harness.actors.actor import Actor
from harness.actors.operator import Case
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.timeline import Event
from harness.units import pretty


class Visit(NamedTuple):
    """A service at a workshop."""

    date: date
    odometer_km: int


@dataclass(frozen=True)
class Agreement:
    """What holds `today`. `standing`: `included` in the purchase, `serviced` or `expired`; the last day of each."""

    today: date
    standing: str
    included_until: date
    serviced_until: date | None


class Price(NamedTuple):
    """What the owner is asked to pay: for help to set off, and on top where the car is taken away."""

    currency: str
    help: int
    recovery: int


class Roadside(Actor):
    """Whoever keeps the agreement, and between operator and owner whatever is about money."""

    # The agreement

    def bought(self, on: date, market: str = "SE") -> Agreement:
        """The car was bought on this day, on the market of that country code, and was never serviced."""
        return self._enter(purchased=on.isoformat(), market=market, odometer_km=0, services=[])

    def serviced(self, visits: Sequence[Visit], odometer_km: int | None = None) -> Agreement:
        """The whole record of services, and the odometer today (default: that of the last service)."""
        services = [{"date": visit.date.isoformat(), "odometer_km": visit.odometer_km} for visit in visits]
        reading = max((visit.odometer_km for visit in visits), default=0) if odometer_km is None else odometer_km
        return self._enter(services=services, odometer_km=reading)

    def agreement(self) -> Agreement:
        """What holds today."""
        return _agreement(self.bench.offboard.request("GET", "/roadside"))

    def today(self) -> date:
        """The day that the agreement is judged by."""
        return self.agreement().today

    # The price

    def expects_price(self, case: Case) -> Price:
        """Wait until the owner is shown what help costs, in the app and in the case. Raises `ExpectationError`."""
        if not self.until(lambda: bool(self._shown(case)), limit("quiet_time")):
            raise ExpectationError(f"expected the owner to be shown a price in case {case['id']}; none was shown")
        shown, kept = self._shown(case)[-1].data, self._case(case)["quote"] or {}
        price = Price(str(shown.get("currency", "")), int(shown.get("help", 0)), int(shown.get("recovery", 0)))
        if tuple(price) != tuple(kept.get(field) for field in Price._fields):
            raise ExpectationError(f"expected the app to show what the case says, {kept}; it shows {price}")
        if price.help <= 0 or price.recovery <= 0 or not price.currency:
            raise ExpectationError(f"expected a price for help and one for recovery; the owner is shown {price}")
        return price

    def accepts(self, case: Case) -> int:
        """The owner agrees to the price; returns when (ns)."""
        when = self.note("accepts_price", case=case["id"])
        self.bench.offboard.request("POST", f"/assistance/cases/{case['id']}/quote/accept")
        return when

    def declines(self, case: Case) -> int:
        """The owner does not agree; returns when (ns)."""
        when = self.note("declines_price", case=case["id"])
        self.bench.offboard.request("POST", f"/assistance/cases/{case['id']}/quote/decline")
        return when

    def recovers(self, case: Case) -> None:
        """The tow truck takes the car away."""
        self.note("recovers", case=case["id"])
        self.bench.offboard.request("POST", f"/assistance/cases/{case['id']}/recovery")

    # What became of it

    def sent(self, case: Case) -> list[Event]:
        """When the tow truck was sent, and what it was told; oldest first."""
        self.bench.offboard.pull()
        return [event for event in self.timeline.events("tow", "case") if event.data["case"] == case["id"]]

    def expects_sent(self, case: Case) -> Event:
        """Wait until the tow truck has the case. Raises `ExpectationError`."""
        if not self.until(lambda: bool(self.sent(case)), limit("quiet_time")):
            raise ExpectationError(f"expected the tow truck to be sent in case {case['id']}; it was not")
        return self.sent(case)[0]

    def expects_not_sent(self, case: Case) -> None:
        """Let the quiet time pass. Raises `ExpectationError` where the tow truck was sent at any time."""
        self.clock.sleep(limit("quiet_time"))
        if sent := self.sent(case):
            raise ExpectationError(
                f"expected nobody to set off in case {case['id']} before the owner agrees to pay; the tow truck was "
                f"sent at {pretty(sent[0].time)}"
            )

    def expects_free(self, case: Case) -> None:
        """Wait until the tow truck is sent for nothing. Raises `ExpectationError`, also where a price was shown."""
        self.expects_sent(case)
        cost = self.cost(case)
        if self._shown(case) or cost != 0:
            raise ExpectationError(f"expected free help in case {case['id']}; it costs {cost}, {self.agreement()}")

    def cost(self, case: Case) -> int:
        """What the owner owes so far, for help and for recovery; -1 while nothing was sent."""
        bill = self._case(case)["bill"]
        return -1 if bill is None else int(bill["help"]) + int(bill["recovery"])

    def _shown(self, case: Case) -> list[Event]:
        self.bench.offboard.pull()
        return [event for event in self.timeline.events("app", "quote") if event.data["case"] == case["id"]]

    def _case(self, case: Case) -> Case:
        return next(each for each in self.bench.offboard.cases() if each["id"] == case["id"])

    def _enter(self, **facts: Any) -> Agreement:
        self.note("roadside_file", **facts)
        return _agreement(self.bench.offboard.request("PUT", "/roadside", facts))


def _agreement(told: dict[str, Any]) -> Agreement:
    days = {key: told[key] and date.fromisoformat(told[key]) for key in ("today", "included_until", "serviced_until")}
    return Agreement(standing=told["standing"], **days)


def anniversary(day: date, years: int) -> date:
    """The same day of the year `years` later (before: negative), or the last of February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
