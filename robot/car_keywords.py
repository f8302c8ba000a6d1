"""Keywords of the car, its driver and its modem (B-09 ... B-14, B-24)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness import catalogue
from harness.actors import Button, Direction, Level
from harness.errors import ExpectationError

IGNITION = {"0": "OFF", "I": "I", "II": "II"}


class CarKeywords(Teller):
    """What is done in the car."""

    @keyword("The Car Is Parked With Ignition ${mode}")
    def parked(self, mode: str) -> None:
        """The car stands, ignition `0`, `I` or `II`."""
        self.stage.driver.ignition(IGNITION[mode])

    @keyword("The Car Is Driving")
    def driving(self) -> None:
        """The engine runs."""
        self.stage.driver.ignition("RUNNING")

    @keyword("The Car Has No Power")
    def without_power(self) -> None:
        """The battery is not connected yet."""
        if self._stage is None:
            self._open()
        else:
            self._stage.car.power_off()

    @keyword("The Car Is Powered")
    def powered(self) -> None:
        """The battery is connected; times count from here."""
        self._since = self._bare().car.power()

    @keyword("The Car Crosses The Border Into ${country}")
    def border(self, country: str) -> None:
        """The car is in another country from now on; `country` is its name."""
        known = self.stage.bench.offboard.request("GET", "/network/countries")
        code = next((code for code, land in known.items() if country in (code, land["name"])), None)
        if code is None:
            raise ValueError(f"no country {country!r}; there are {', '.join(land['name'] for land in known.values())}")
        self.stage.surroundings.country(code)

    @keyword("${number} People Wear Their Belts")
    def belts(self, number: int) -> None:
        """So many belts are fastened."""
        self.stage.crash.occupants(int(number))

    @keyword("The Car Crashes From The ${direction} At ${level} Level")
    def crashes(self, direction: str, level: str) -> None:
        """Front, rear, left or right; impact, belt tensioner or airbag."""
        side, strength = Direction[direction.upper()], Level[level.upper().replace(" ", "_")]
        self._since = self.stage.crash.happens(strength, side)

    @keyword("The Driver Holds ${button} For ${duration}")
    def holds(self, button: str, duration: str) -> None:
        """`SOS` or `ON CALL`, for `2 s`; what the line saw is a measurement of the test."""
        time, unit = catalogue.parse(duration)
        if unit != "s":
            raise ValueError(f"expected a duration such as '2 s', got {duration!r}")
        pressed = self.stage.driver.hold(Button[button.replace(" ", "_")], int(time), by="generator")
        self.stage.measure(pressed.measured)
        self._since = pressed.start

    @keyword("The Driver Answers")
    def answers(self) -> None:
        """The driver talks from now on."""
        self.stage.driver.speaks()

    @keyword("The Driver Stays Silent")
    def silent(self) -> None:
        """The driver says nothing."""
        self.stage.driver.silent()

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

    @keyword("The SIM Asks For Its PIN")
    def asks_for_pin(self) -> None:
        """The modem has started with a SIM that is locked by its PIN."""
        self.stage.workshop.ask_for_pin()

    @keyword("The Right PIN Is Entered")
    def enters_pin(self) -> None:
        """Times count from its acceptance."""
        self._since = self.stage.workshop.enter_pin()

    @keyword("The Modem Is Attached In Time After Power On")
    def attached_after_power(self) -> None:
        """Modem and network say so within the limit."""
        stage = self._bare()
        stage.bench.modem.wait_answering(catalogue.limit("attach_from_power_on"))
        self._judge_attach("attach from power-on", "attach_from_power_on")

    @keyword("The Modem Is Attached In Time After The PIN")
    def attached_after_pin(self) -> None:
        """The same from the PIN on."""
        self._judge_attach("attach from PIN", "attach_from_pin")

    @keyword("Modem And Network Tester Agree")
    def sources_agree(self) -> None:
        """Both tell of the same moment, within their uncertainty."""
        assert self._attach is not None
        late, error = (
            self._attach.network.value - self._attach.modem.value,
            2 * (self._attach.network.u**2 + self._attach.modem.u**2) ** 0.5,
        )
        if abs(late) > error:
            raise ExpectationError(
                f"expected modem and network to agree within {error:.3f} s; they differ by {late:.3f} s"
            )

    def _judge_attach(self, name: str, limit: str) -> None:
        stage = self._bare()
        self._attach = stage.workshop.watch_attach(self._since, name)
        stage.measure(self._attach.modem, limit)
        stage.measure(self._attach.network, limit)
