"""Terms of roadside help that break one clause each (B-17 ... B-19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from emulation.faults import seeded
from emulation.offboard.assistance import AssistanceCentre, Case, Service
from emulation.offboard.roadside import Price, RoadsideTerms, Visit, months_after
from emulation.world import Process
from harness.units import MIN

DAY = timedelta(days=1)


@seeded(breaks="B-17", story="a year counts 365 days, so that a leap day ends free help a day early")
class LeapYearsIgnored(RoadsideTerms):
    """Three times 365 days."""

    @property
    def included_until(self) -> date:
        """Too early by a day."""
        return self.purchased + 3 * 365 * DAY


@seeded(breaks="B-17", story="the anniversary itself is not free any more")
class AnniversaryExcluded(RoadsideTerms):
    """Counts the day of the purchase in."""

    @property
    def included_until(self) -> date:
        """The day before."""
        return super().included_until - DAY


@seeded(breaks="B-17", story="free help runs to the end of the month of the purchase")
class WholeMonths(RoadsideTerms):
    """Counts in months."""

    @property
    def included_until(self) -> date:
        """The last day of that month."""
        return months_after(super().included_until.replace(day=1), 1) - DAY


@seeded(breaks="B-17", story="a car bought on the 29th of February has a day more")
class LeapDayMovesOn(RoadsideTerms):
    """Takes the 1st of March for the 29th of February."""

    @property
    def included_until(self) -> date:
        """The day after February."""
        until = super().included_until
        return until + DAY if self.purchased.day > until.day else until


@seeded(breaks="B-17", story="by ON CALL help costs money in the three years as well")
class OnlyTheAppIsFree(RoadsideTerms):
    """Lets only the app ask for free help."""

    def must_ask(self, case: Case, service: Service) -> bool:
        """Whoever presses ON CALL."""
        return super().must_ask(case, service) or (case.origin == "on_call" and case.quote is None)


@seeded(breaks="B-18", story="regular service adds nothing")
class ServiceIgnored(RoadsideTerms):
    """Three years and no more."""

    def renews(self) -> bool:
        """Nowhere."""
        return False


@seeded(breaks="B-18", story="regular service keeps help free on every market")
class MarketIgnored(RoadsideTerms):
    """Knows no market on which it ends."""

    ENDS_AFTER_PURCHASE = frozenset()


@seeded(breaks="B-18", story="one service is enough, whatever was missed before")
class LastServiceCounts(RoadsideTerms):
    """Looks at the last entry alone."""

    def in_time(self, last: Visit, visit: Visit) -> bool:
        """Always."""
        return True


@seeded(breaks="B-18", story="a service may be a month late")
class GraceMonth(RoadsideTerms):
    """Is generous."""

    SERVICE_MONTHS = 13


@seeded(breaks="B-18", story="kilometres between services are not looked at")
class DistanceIgnored(RoadsideTerms):
    """Looks at dates alone."""

    SERVICE_KM = 10_000_000


@seeded(breaks="B-18", story="the kilometres since the last service are not looked at")
class OdometerIgnored(RoadsideTerms):
    """Looks at the record alone."""

    @property
    def serviced_until(self) -> date | None:
        """With the odometer of the last service."""
        reading = self.odometer_km
        self.odometer_km = min(reading, max((visit.odometer_km for visit in self.visits), default=0))
        until = super().serviced_until
        self.odometer_km = reading
        return until


@seeded(breaks="B-19", story="help is sent before the owner has agreed to its price")
class SentUnasked(AssistanceCentre):
    """Asks, and does not wait for the answer."""

    def hand_over(self, case: Case, service: Service) -> None:
        """At once."""
        super().hand_over(case, service)
        if not case.services:
            self.pass_on(case, service)


@seeded(breaks="B-19", story="who does not answer for two minutes has agreed")
class SilenceIsConsent(AssistanceCentre):
    """Waits for a while."""

    def hand_over(self, case: Case, service: Service) -> None:
        """And sends help then."""
        super().hand_over(case, service)
        if case.quote is not None and case.quote.answer == "asked":
            self._world.spawn(self._give_in(case), "silence is consent")

    def _give_in(self, case: Case) -> Process:
        yield 2 * MIN
        if case.quote is not None and case.quote.answer == "asked":
            self.answered_quote(case, accepted=True)


@seeded(breaks="B-19", story="who declines is sent help as well")
class NoMeansYes(AssistanceCentre):
    """Hears what it likes."""

    def answered_quote(self, case: Case, *, accepted: bool) -> None:
        """Either way."""
        super().answered_quote(case, accepted=accepted)
        if not accepted:
            self.pass_on(case, "tow")


@seeded(breaks="B-19", story="no help comes once the agreement has run out")
class NoHelpForMoney(AssistanceCentre):
    """Leaves whoever would pay."""

    def answered_quote(self, case: Case, *, accepted: bool) -> None:
        """Takes note of it."""
        self.terms.answer(case, accepted=accepted)


@seeded(breaks="B-19", story="the owner is asked to agree without being shown a price")
class PriceNotShown(RoadsideTerms):
    """Keeps the numbers to itself."""

    @property
    def price(self) -> Price:
        """Nothing."""
        return replace(super().price, help=0, recovery=0)


@seeded(breaks="B-19", story="the bill is higher than the price that the owner agreed to")
class DearerThanShown(RoadsideTerms):
    """Adds a fee."""

    def charge_help(self, case: Case) -> None:
        """Ten per cent."""
        super().charge_help(case)
        assert case.bill is not None  # charged just now
        case.bill = replace(case.bill, help=case.bill.help * 11 // 10)


@seeded(breaks="B-19", story="recovery costs money with a valid agreement as well")
class RecoveryNeverFree(RoadsideTerms):
    """Sends a bill to everybody."""

    def charge_recovery(self, case: Case) -> None:
        """Whatever holds."""
        super().charge_recovery(case)
        assert case.bill is not None  # charged just now
        case.bill = replace(case.bill, recovery=self.price.recovery)


@seeded(breaks="B-19", story="a tow truck after SOS waits until somebody agrees to pay")
class EmergencyHeld(RoadsideTerms):
    """Holds everything."""

    HELD = frozenset({*RoadsideTerms.HELD, ("sos", "tow"), ("crash", "tow")})


@seeded(breaks="B-19", story="by ON CALL nobody is told the price before help is sent")
class OnCallUnasked(RoadsideTerms):
    """Asks in the app alone."""

    HELD = frozenset({("app", "tow")})
