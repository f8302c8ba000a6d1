"""Keywords of an app that does not work: where it stands, who is to blame, Connect off and on (A-03, A-13, A-14)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness.actors.owner import OWNER_ID, OWNER_PIN
from harness.errors import ExpectationError
from harness.units import MIN, S

NOT_ACTIVATED = "Connect is not activated"
BACK = 60 * S
"""So soon the data link stands again once the car has coverage (bench default)."""


class AppKeywords(Teller):
    """What stands between phone and car."""

    @keyword("The Car Is Without Coverage")
    def app_no_coverage(self) -> None:
        """And knows it."""
        self.stage.surroundings.coverage("none")
        self.stage.car.expects("TCU_Services.Connect", "NO_COVERAGE", within=2 * S)

    @keyword("The Car Has Coverage Again")
    def app_coverage(self) -> None:
        """And knows it."""
        self.stage.surroundings.coverage("full")
        self.stage.car.expects("TCU_Services.Connect", "ON", within=BACK)

    @keyword("The Owner's Phone Loses Its Internet")
    def app_offline(self) -> None:
        """Between two steps."""
        self.stage.phone.goes_offline()

    @keyword("The Display Ends The Link For Want Of Internet On The Phone")
    def app_ended_offline(self) -> None:
        """And says so."""
        self.stage.linking.expects_end("no Internet on the phone")

    # Disruptions

    @keyword("The Car's Modem Fails")
    def app_modem_fails(self) -> None:
        """Its radio is off; what is around the car is as good as can be."""
        self.stage.workshop.bench.modem.set_radio(False)

    @keyword("The App Fails To Find The Car")
    def app_fails(self) -> None:
        """It gives up, and says so."""
        self.since = self.stage.phone.now()
        self.stage.phone.expects_failed(self.stage.phone.asks("locate"))

    @keyword("The Failure Is Recorded As A Defect For Customer Support")
    def app_is_defect(self) -> None:
        """And not as an effect of the surroundings."""
        self._app_recorded("defect", "environment")

    @keyword("The Failure Is Recorded As An Effect Of The Surroundings")
    def app_is_environment(self) -> None:
        """And not as a defect."""
        self._app_recorded("environment", "defect")

    def _app_recorded(self, wanted: str, other: str) -> None:
        self.stage.bench.offboard.pull()
        found = {kind for kind in (wanted, other) if self.stage.bench.timeline.events("phones", kind, self.since)}
        if found != {wanted}:
            raise ExpectationError(f"expected the record to call it {wanted}; it says {found or 'nothing'}")

    # A used car

    @keyword("Connect Is Switched Off")
    def app_switched_off(self) -> None:
        """By whoever owned the car before."""
        self.stage.assistance_desk.activates(False)
        self.stage.car.expects("TCU_Services.Connect", "OFF", within=5 * S)

    @keyword("Connect Is Activated")
    def app_activated(self) -> None:
        """By customer support."""
        self.stage.assistance_desk.activates()
        self.stage.car.expects("TCU_Services.Connect", "ON", within=5 * S)

    @keyword("Every Remote Service Refuses Because Connect Is Off")
    def app_refused(self) -> None:
        """App, Digital Key and remote unlocking, each with that reason."""
        stage = self.stage
        stage.phone.is_refused(NOT_ACTIVATED)
        stage.linking.tries_login(OWNER_ID)
        stage.display.sees("message", NOT_ACTIVATED)
        desk = stage.assistance_desk
        unlock = desk.asks_for_unlock(OWNER_ID, OWNER_PIN)
        told = desk.expects_app("remote_unlock", unlock, "not reached", "refused", within=2 * MIN)
        if told.data["reason"] != NOT_ACTIVATED:
            raise ExpectationError(
                f"expected remote unlocking to say {NOT_ACTIVATED!r}; it says {told.data['reason']!r}"
            )

    @keyword("Every Remote Service Works")
    def app_works(self) -> None:
        """The same ones."""
        self.stage.phone.is_served("locate")
        self.stage.phone.is_served("lock")
        self.stage.linking.logs_in(OWNER_ID)
        self.stage.assistance_desk.unlocks()
