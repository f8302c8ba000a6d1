"""Keywords of the car and its driver: ignition, crash, buttons, voice, button lock (B-01 ... B-14)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness.actors import Button, Direction, Ignition, Level
from harness.errors import ExpectationError
from harness.units import parse_duration

IGNITION = {"0": Ignition.OFF, "I": Ignition.I, "II": Ignition.II}


class CarKeywords(Teller):
    """What happens in the car."""

    # Where it is

    @keyword("The Car Is Parked With Ignition ${mode}")
    def parked(self, mode: str) -> None:
        """The car stands, ignition `0`, `I` or `II`."""
        self.stage.driver.ignition(IGNITION[mode])

    @keyword("The Car Is Driving")
    def driving(self) -> None:
        """The engine runs."""
        self.stage.driver.ignition(Ignition.RUNNING)

    @keyword("The Car Is Driving In ${country}")
    def driving_in(self, country: str) -> None:
        """The engine runs, and the car is in a country."""
        self.stage.surroundings.country(self.country(country))
        self.driving()

    @keyword("The Car Crosses The Border Into ${country}")
    def border(self, country: str) -> None:
        """The car is in a neighbouring country from now on."""
        surroundings, code = self.stage.surroundings, self.country(country)
        here = surroundings.land()
        if code not in here.neighbours:
            raise LookupError(f"{here.name} has no border with {country}; it has with {', '.join(here.neighbours)}")
        surroundings.country(code)

    # A crash

    @keyword("${number} People Wear Their Belts")
    def belts(self, number: int) -> None:
        """So many belts are fastened."""
        self.stage.crash.occupants(number)

    @keyword("The Car Crashes From The ${direction} At ${level} Level")
    def crashes(self, direction: str, level: str) -> None:
        """Front, rear, left or right; impact, belt tensioner or airbag."""
        side, strength = Direction[direction.upper()], Level[level.upper().replace(" ", "_")]
        self.since = self.stage.crash.happens(strength, side)

    # Buttons

    @keyword("The Driver Holds ${button} For ${duration}")
    def holds(self, button: str, duration: str) -> None:
        """`SOS` or `ON CALL`, for `2 s`; what the line saw is a measurement of the test."""
        pressed = self.stage.driver.hold(Button[button.replace(" ", "_")], parse_duration(duration), by="generator")
        self.stage.measure(pressed.measured)
        self.since = pressed.start

    @keyword("The Driver Locks The Buttons In Settings")
    def locks(self) -> None:
        """SOS and ON CALL are locked."""
        self.stage.driver.locks_buttons()

    @keyword("The Driver Unlocks The Buttons In Settings")
    def unlocks(self) -> None:
        """And unlocked again."""
        self.stage.driver.unlocks_buttons()

    @keyword("The Driver Cannot Lock The Buttons In Settings")
    def cannot_lock(self) -> None:
        """The settings show the lock greyed out."""
        if self.stage.driver.can_lock_buttons():
            raise ExpectationError("expected the button lock to be greyed out; the display lets it be touched")

    # Voice

    @keyword("The Driver Answers")
    def answers(self) -> None:
        """The driver talks from now on."""
        self.stage.driver.speaks()

    @keyword("The Driver Stays Silent")
    def silent(self) -> None:
        """The driver says nothing."""
        self.stage.driver.silent()

    @keyword("Assistance Is Heard In The Car")
    def heard(self) -> None:
        """There is a voice on the speaker line."""
        self.stage.measure(self.stage.driver.expects_voice(), "speaker_voice")
