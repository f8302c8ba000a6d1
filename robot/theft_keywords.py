"""Keywords of theft: alarm, message and push, tracking, police, and the key that ends it (B-32, B-33, B-34)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness.actors import Theft
from harness.catalogue import limit
from harness.units import S

INTERVAL = 15 * S
"""Rate that Assistance and the owner agree on in these tests."""


class TheftKeywords(Teller):
    """What thief, owner and Assistance do."""

    _theft: Theft | None = None

    def forget(self) -> None:
        """Nothing was stolen yet."""
        super().forget()
        self._theft = None

    @property
    def theft(self) -> Theft:
        """The theft that the owner asked about. Raises `LookupError` where nobody has."""
        if self._theft is None:
            raise LookupError("no theft yet: let the owner ask where the car is before saying what comes of it")
        return self._theft

    @keyword("The Car Is Locked And Its Alarm Is Armed")
    def theft_locked(self) -> None:
        """By the button of a key that is away afterwards."""
        self.stage.thief.finds_it_locked()

    @keyword("A Thief Breaks In")
    def theft_breaks_in(self) -> None:
        """By the driver's door."""
        self.since = self.stage.thief.breaks_in()

    @keyword("The Thief Drives Off")
    def theft_drives_off(self) -> None:
        """Two kilometres, in half a minute of a stolen car."""
        self.stage.thief.drives_off(north=0.01, east=0.01, lasting=30 * S, steps=3)

    @keyword("The Owner Gets A Message And After It A Push")
    def theft_both(self) -> None:
        """Each once, and nothing besides."""
        self.stage.theft_desk.expects_both_in_order(self.since)

    @keyword("The Owner Gets The Message")
    def theft_message(self) -> None:
        """On the phone whose number the delivery centre has."""
        self.stage.theft_desk.expects("message", self.since)

    @keyword("The Owner Asks Assistance Through The App Where The Car Is")
    def theft_asks(self) -> None:
        """And proves by the PIN to be the owner."""
        self._theft = self.stage.theft_desk.asks_where()

    @keyword("Assistance Finds That An Unauthorised Person Uses It")
    def theft_unauthorised(self) -> None:
        """So that tracking may begin."""
        self.since = self.stage.theft_desk.finds(self.theft, unauthorised=True, interval=INTERVAL)

    @keyword("Positions Of The Car Arrive At The Agreed Rate")
    def theft_positions(self) -> None:
        """Three of them, each of where the car is, trusted."""
        desk = self.stage.theft_desk
        seen = desk.expects_sightings(3, self.since, limit("tracking_start") + 2 * INTERVAL)
        desk.expects_rate(seen, INTERVAL)
        for each in seen:
            desk.expects_near("a position of the tracked car", each._asdict(), self.stage.surroundings.here())

    @keyword("The Police Are Told Where It Is")
    def theft_police(self) -> None:
        """And nobody else."""
        self.stage.operator.expects_case_at("police", self.stage.surroundings.here(), self.since)

    @keyword("The Owner Switches The Alarm Off With The Key")
    def theft_disarms(self) -> None:
        """By the button of key 1, beside the car."""
        self.stage.keys.near(1)
        self.since = self.stage.keys.unlocks(1)

    @keyword("No Push Comes")
    def theft_no_push(self) -> None:
        """Not within the time that a push may take."""
        self.stage.theft_desk.expects_silence(self.since, "push")

    @keyword("No Further Position Arrives")
    def theft_no_position(self) -> None:
        """Once the car has had the time to stop."""
        end = self.since + limit("theft_interrupted")
        self.stage.theft_desk.expects_no_sightings(end, limit("theft_interrupted") + 3 * INTERVAL)
