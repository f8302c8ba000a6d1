"""Keywords of roadside help and who pays for it (B-17 ... B-19)."""

from __future__ import annotations

from datetime import date, timedelta

from robot.api.deco import keyword
from teller import Teller

from harness.actors import Price, Visit
from harness.actors.roadside import anniversary
from harness.errors import ExpectationError

KM_A_YEAR = 14_000


class RoadsideKeywords(Teller):
    """The agreement, the price, and what the owner says to it."""

    def forget(self) -> None:
        """Nothing was bought, serviced or shown."""
        super().forget()
        self.purchased: date | None = None
        self.price: Price | None = None

    # The agreement

    @keyword("The Car Was Bought ${years:\\d+} Years Ago")
    def roadside_bought(self, years: str) -> None:
        """To the day, in Sweden, and never serviced since."""
        self.roadside_bought_on_market(years, "SE")

    @keyword("The Car Was Bought ${years:\\d+} Years And A Day Ago")
    def roadside_bought_a_day_before(self, years: str) -> None:
        """The anniversary was yesterday."""
        roadside = self.stage.roadside
        roadside.bought(anniversary(roadside.today() - timedelta(days=1), -int(years)))

    @keyword("The Car Was Bought ${years:\\d+} Years Ago On The Market ${market}")
    def roadside_bought_on_market(self, years: str, market: str) -> None:
        """The same, on the market of a country by its code."""
        self.purchased = anniversary(self.stage.roadside.today(), -int(years))
        self.stage.roadside.bought(self.purchased, market)

    @keyword("It Was Serviced Every Year")
    def roadside_serviced(self) -> None:
        """On each anniversary of the purchase before today's."""
        self._serviced(0)

    @keyword("It Was Serviced Every Year But The Last")
    def roadside_not_serviced_lately(self) -> None:
        """The last of these services was missed."""
        self._serviced(1)

    @keyword("Customer Support Says That Roadside Help Is ${standing}")
    def roadside_standing(self, standing: str) -> None:
        """`Included` in the purchase, `Serviced` (free for regular service) or `Expired`."""
        agreement = self.stage.roadside.agreement()
        if agreement.standing != standing.lower():
            raise ExpectationError(f"expected roadside help to be {standing.lower()}; the agreement is {agreement}")

    # Help, and its price

    @keyword("The Operator Decides On A Tow Truck")
    def roadside_decides(self) -> None:
        """For the case that the app opened."""
        self.stage.operator.hands_over(self.case, "tow")

    @keyword("The Tow Truck Comes Free Of Charge")
    def roadside_free(self) -> None:
        """It is sent, no price was shown, and the bill is empty."""
        self.stage.roadside.expects_free(self.case)

    @keyword("The Owner Is Shown What Help Costs")
    def roadside_shown(self) -> None:
        """In the app, with what recovery would cost."""
        self.price = self.stage.roadside.expects_price(self.case)

    @keyword("Nobody Sets Off")
    def roadside_not_sent(self) -> None:
        """The quiet time passes, and no tow truck has the case."""
        self.stage.roadside.expects_not_sent(self.case)

    @keyword("The Owner Agrees To Pay")
    def roadside_accepts(self) -> None:
        """In the app; what follows counts from here."""
        self.since = self.stage.roadside.accepts(self.case)

    @keyword("The Tow Truck Sets Off At The Price Shown")
    def roadside_sent(self) -> None:
        """After the owner's word, for what was shown."""
        sent = self.stage.roadside.expects_sent(self.case)
        if sent.time < self.since:
            raise ExpectationError("expected the tow truck to wait for the owner's word; it was sent before")
        self._costs(self._shown.help)

    @keyword("The Tow Truck Takes The Car Away")
    def roadside_recovers(self) -> None:
        """To a workshop."""
        self.stage.roadside.recovers(self.case)

    @keyword("Recovery Costs Extra")
    def roadside_recovery_costs(self) -> None:
        """On top of the price of help, as was shown."""
        self._costs(self._shown.help + self._shown.recovery)

    @property
    def _shown(self) -> Price:
        if self.price is None:
            raise LookupError("no price yet: say that the owner is shown one before saying what it comes to")
        return self.price

    def _costs(self, expected: int) -> None:
        cost = self.stage.roadside.cost(self.case)
        if cost != expected:
            raise ExpectationError(f"expected the bill to say {expected}; it says {cost}, the owner saw {self.price}")

    def _serviced(self, missed: int) -> None:
        if self.purchased is None:
            raise LookupError("no purchase yet: say when the car was bought before saying when it was serviced")
        roadside = self.stage.roadside
        years = roadside.today().year - self.purchased.year
        purchased = self.purchased
        roadside.serviced(
            [Visit(anniversary(purchased, year), year * KM_A_YEAR) for year in range(1, years - missed)],
            odometer_km=years * KM_A_YEAR,
        )
