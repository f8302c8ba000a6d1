"""Terms of roadside help: what the purchase includes, what regular service adds, and who else pays (B-17 ... B-19)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from emulation import epoch
from emulation.bench import EmulatedBench
from emulation.offboard.accounts import DeliveryCentre
from emulation.offboard.records import Records

if TYPE_CHECKING:
    from emulation.offboard.assistance import Case, Service

Standing = Literal["included", "serviced", "expired"]
"""Why roadside help is free, or that it is not."""
Answer = Literal["asked", "accepted", "declined"]


@dataclass(frozen=True)
class Visit:
    """A service at a workshop: the day, and the odometer then."""

    date: date
    odometer_km: int


@dataclass(frozen=True)
class Price:
    """What help costs on a market: sending it, and taking the car away on top, in whole units of the currency."""

    currency: str
    help: int
    recovery: int


@dataclass(frozen=True)
class Quote:
    """What the owner is asked to pay before a service sets off, and what the owner said to it."""

    service: str
    currency: str
    help: int
    recovery: int
    answer: Answer = "asked"


@dataclass(frozen=True)
class Bill:
    """What a case has cost its owner so far."""

    currency: str
    help: int = 0
    recovery: int = 0


MARKETS = {
    "SE": Price("SEK", 1_900, 2_600),
    "NO": Price("NOK", 2_100, 2_900),
    "DE": Price("EUR", 180, 260),
    "CH": Price("CHF", 210, 310),
    "FR": Price("EUR", 170, 250),
    "GB": Price("GBP", 150, 220),
    "HK": Price("HKD", 1_500, 2_200),
    "CN": Price("CNY", 1_100, 1_600),
    "US": Price("USD", 190, 280),
    "AU": Price("AUD", 270, 390),
}
"""Where cars are sold, by ISO 3166-1 code, and what help costs there (own choice)."""
ELSEWHERE = MARKETS["DE"]

ODOMETER_KM = 12_345
"""Of the car that every bench begins with, as its driver display tells."""


class RoadsideTerms:
    """The agreement of one car, and what is asked of its owner before help sets off."""

    YEARS = 3
    """Included from the purchase (owner's manual of the Polestar 1, costs)."""
    SERVICE_MONTHS = 12
    SERVICE_KM = 30_000
    """A car is serviced regularly while no gap between two services is longer, in time or in distance (own choice)."""
    ENDS_AFTER_PURCHASE = frozenset({"CN", "HK"})
    """Markets on which regular service adds nothing (own choice; the manual says that most markets offer it)."""
    HELD: frozenset[tuple[str | None, str]] = frozenset({("on_call", "tow"), ("app", "tow")})
    """What is roadside help, by origin of the case and service. An emergency's help waits for no payment."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._records: Records = bench.parts["records"]
        self.as_usual()

    def as_usual(self) -> None:
        """The agreement of a bench that was just made; purchase and market are the delivery centre's."""
        self.odometer_km = ODOMETER_KM
        self.visits: tuple[Visit, ...] = ()

    # What the agreement says

    @property
    def purchased(self) -> date:
        """The day of the purchase."""
        return self._centre.purchased

    @property
    def market(self) -> str:
        """Where the car was sold."""
        return self._centre.market

    def sold(self, on: date | None, market: str | None) -> None:
        """Correct the purchase; None leaves as it is."""
        self._centre.purchased = on or self.purchased
        self._centre.market = market or self.market

    @property
    def _centre(self) -> DeliveryCentre:
        centre: DeliveryCentre = self._bench.parts["delivery_centre"]
        return centre

    @property
    def today(self) -> date:
        """The date in simulated time (UTC)."""
        return epoch.date(self._bench.world.now).date()

    @property
    def included_until(self) -> date:
        """The last day that the purchase includes: the anniversary itself."""
        return months_after(self.purchased, 12 * self.YEARS)

    @property
    def serviced_until(self) -> date | None:
        """The last day on which the car counts as regularly serviced; None where an interval was missed before."""
        last = Visit(self.purchased, 0)
        for visit in sorted(self.visits, key=lambda each: each.date):
            if not self.in_time(last, visit):
                return None
            last = visit
        if self.odometer_km - last.odometer_km > self.SERVICE_KM:
            return None
        return months_after(last.date, self.SERVICE_MONTHS)

    def in_time(self, last: Visit, visit: Visit) -> bool:
        """Whether a service came within its interval after the one before, or after the purchase."""
        due = months_after(last.date, self.SERVICE_MONTHS)
        return visit.date <= due and visit.odometer_km - last.odometer_km <= self.SERVICE_KM

    def renews(self) -> bool:
        """Whether regular service keeps roadside help free on this market."""
        return self.market not in self.ENDS_AFTER_PURCHASE

    @property
    def standing(self) -> Standing:
        """What holds today."""
        if self.today <= self.included_until:
            return "included"
        served = self.serviced_until
        return "serviced" if self.renews() and served is not None and self.today <= served else "expired"

    @property
    def price(self) -> Price:
        """What help costs on this market."""
        return MARKETS.get(self.market, ELSEWHERE)

    # What is asked of the owner

    def must_ask(self, case: Case, service: Service) -> bool:
        """Whether the owner has to agree to a price before `service` is sent."""
        agreed = case.quote is not None and case.quote.answer == "accepted"
        return (case.origin, service) in self.HELD and self.standing == "expired" and not agreed

    def ask(self, case: Case, service: Service) -> None:
        """Show the owner the price, in the app and by the operator's word; nothing is sent before the answer."""
        price = self.price
        case.quote = Quote(service, price.currency, price.help, price.recovery)
        shown = {"case": case.id, "currency": price.currency, "help": price.help, "recovery": price.recovery}
        self._records.add("assistance", "quote", service=service, **shown)
        self._records.add("app", "quote", **shown)

    def answer(self, case: Case, *, accepted: bool) -> None:
        """What the owner says to the price."""
        assert case.quote is not None  # asked before
        case.quote = replace(case.quote, answer="accepted" if accepted else "declined")
        self._records.add("app", "quote_accepted" if accepted else "quote_declined", case=case.id)

    # What it costs

    def charge_help(self, case: Case) -> None:
        """Help was sent: it costs what the owner agreed to, or nothing."""
        agreed = case.quote.help if case.quote is not None and case.quote.answer == "accepted" else 0
        case.bill = replace(self._bill(case), help=agreed)

    def charge_recovery(self, case: Case) -> None:
        """The car was taken away: on top only where no agreement holds."""
        extra = self.price.recovery if self.standing == "expired" else 0
        case.bill = replace(self._bill(case), recovery=extra)
        self._records.add("assistance", "recovered", case=case.id, may_cost=extra > 0)

    def _bill(self, case: Case) -> Bill:
        return case.bill or Bill(self.price.currency)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter.

    Ref: Regulation (EEC, Euratom) 1182/71, article 3(2)(c): so ends a period that is told in months or years.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
