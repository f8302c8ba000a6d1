"""Keywords of remote unlocking and the immobiliser: app, PIN, handle; theft, authorities, keys (B-25 ... B-31)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness.actors import KEYS, Ignition
from harness.actors.assistance_desk import Matter
from harness.actors.owner import OWNER_PIN
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.units import MIN, S, parse_duration

WRONG_PIN = f"{(int(OWNER_PIN) + 1) % 10_000:04}"
LATER = 5 * MIN
"""So long after the request the car leaves the garage: five times what a signal is valid for."""


class RemoteKeywords(Teller):
    """What owner, Assistance and authorities do, and what the car makes of it."""

    _matter: Matter | None = None

    def forget(self) -> None:
        """Nobody has asked for anything yet."""
        super().forget()
        self._matter = None

    @property
    def matter(self) -> Matter:
        """What the test speaks of. Raises `LookupError` where nobody has asked for anything."""
        if self._matter is None:
            raise LookupError("nothing was asked for yet: let the owner ask, or report, before saying what comes of it")
        return self._matter

    # The immobiliser

    @keyword("The Car Is Opened And Driven Off With Its Own Key")
    def driven_off(self) -> None:
        """Locked and opened by the key's buttons; with it inside, the engine starts."""
        keys, doors = self.stage.keys, self.stage.doors
        keys.near(1)
        doors.expects_locked("KEY", since=keys.locks(1))
        doors.expects_unlocked("KEY", since=keys.unlocks(1))
        keys.inside(1)
        self.stage.driver.ignition(Ignition.RUNNING)

    @keyword("The Owner Reports The Theft To ${whom}")
    def reports(self, whom: str) -> None:
        """`Assistance` or `The Authorities`."""
        to_assistance = whom.lower() == "assistance"
        self._matter = self.stage.assistance_desk.reports_theft(to="assistance" if to_assistance else "authorities")

    @keyword("Assistance Cannot Disable The Keys Before The Authorities Agree")
    def cannot_disable(self) -> None:
        """It refuses, and no signal reaches the car."""
        desk, since = self.stage.assistance_desk, self.stage.bench.clock.now()
        if desk.may_disable(self.matter):
            raise ExpectationError("expected Assistance to consult the authorities first; it disabled the keys")
        desk.expects_no_command(since)

    @keyword("The Authorities Agree When Assistance Consults Them")
    def agree(self) -> None:
        """So the keys may be disabled."""
        self.stage.assistance_desk.consults(self.matter)

    @keyword("Assistance Disables The Keys")
    def disables(self) -> None:
        """The car says so on CAN."""
        desk = self.stage.assistance_desk
        self.since = desk.disables(self.matter)
        desk.expects_car("DISABLED_REMOTELY", self.since)

    @keyword("Assistance Has Disabled The Keys After Consulting The Authorities")
    def disabled(self) -> None:
        """All of it: report, authorities, signal, car."""
        self._matter = self.stage.assistance_desk.disabled_car()

    @keyword("The Engine Runs On")
    def runs_on(self) -> None:
        """For the quiet time: a car that is driven is not stopped."""
        self.stage.bench.clock.sleep(limit("quiet_time"))
        if not self.stage.bench.timeline.stays("CEM_Ignition.Mode", Ignition.RUNNING.value, self.since):
            raise ExpectationError("expected the engine to run on; CEM_Ignition.Mode did not stay RUNNING")

    @keyword("The Engine Is Switched Off")
    def switched_off(self) -> None:
        """Ignition 0."""
        self.stage.driver.ignition(Ignition.OFF)

    @keyword("No Key Starts The Car")
    def no_key(self) -> None:
        """Neither the one nor the other, each inside the car."""
        for key in KEYS[:2]:
            if self._starts(key):
                raise ExpectationError(f"expected no key to start the car; key {key} did")

    @keyword("The Key Starts The Car")
    def key_starts(self) -> None:
        """Key 1, inside the car."""
        if not self._starts(1):
            raise ExpectationError("expected key 1 to start the car; the engine does not run")

    @keyword("The Owner Gives Assistance A Wrong PIN")
    def wrong_pin(self) -> None:
        """It is refused, and no signal reaches the car."""
        desk, since = self.stage.assistance_desk, self.stage.bench.clock.now()
        if not desk.releases(self.matter, WRONG_PIN):
            raise ExpectationError("expected a wrong PIN to be refused; Assistance took it")
        desk.expects_no_command(since)

    @keyword("Assistance Verifies The PIN And Activates The Car")
    def right_pin(self) -> None:
        """The car says so on CAN."""
        desk, since = self.stage.assistance_desk, self.stage.bench.clock.now()
        if refused := desk.releases(self.matter):
            raise ExpectationError(f"expected the right PIN to release the car; Assistance said {refused}")
        desk.expects_car("RELEASED", since)

    def _starts(self, key: int) -> bool:
        self.stage.keys.away()
        self.stage.keys.inside(key)
        started = self.stage.driver.tries_to_start()
        self.stage.driver.ignition(Ignition.OFF)
        return started

    # Remote unlocking

    @keyword("The Car Is Locked And Its Keys Are Far Away")
    def locked(self) -> None:
        """By the button of a key that is away afterwards."""
        self.stage.keys.near(1)
        self.stage.doors.expects_locked("KEY", since=self.stage.keys.locks(1))
        self.stage.keys.away()

    @keyword("It Stands In A Garage Without Reception")
    def garage(self) -> None:
        """The modem loses the network."""
        self.stage.surroundings.coverage("none")
        self.stage.bench.clock.sleep(5 * S)

    @keyword("The Owner Asks In The App For Unlocking")
    def asks(self) -> None:
        """Who that is has still to be verified."""
        self.since = self.stage.bench.clock.now()
        self._matter = self.stage.assistance_desk.asks_for_unlock()

    @keyword("The Owner Asks For Unlocking And Assistance Sets ${time}")
    def asks_with_time(self, time: str) -> None:
        """PIN verified; the car waits for a handle."""
        self._matter, self.since = self.stage.assistance_desk.unlocks(parse_duration(time))

    @keyword("No Signal Reaches The Car Until The PIN Is Verified")
    def no_signal(self) -> None:
        """The quiet time passes without a command on CAN."""
        self.stage.assistance_desk.expects_no_command(self.since)

    @keyword("Assistance Verifies The PIN And Sends The Signal")
    def verifies(self) -> None:
        """What becomes of it is told next."""
        self.since = self.stage.assistance_desk.verifies(self.matter)

    @keyword("The Car Waits For A Handle And Nothing Opens")
    def waits(self) -> None:
        """CAN and app say so."""
        self.stage.assistance_desk.expects_app("remote_unlock", self.matter, "waiting for handle", since=self.since)
        self.stage.doors.expects_nothing_opens(since=self.since)

    @keyword("A Door Handle Is Pressed")
    def handle(self) -> None:
        """The driver's."""
        self.since = self.stage.doors.press_handle()

    @keyword("All Doors Can Be Opened")
    def all_open(self) -> None:
        """As normal; and the app knows that the car is unlocked."""
        self.stage.doors.expects_unlocked("REMOTE", since=self.since)
        self.stage.doors.expects_all_open()
        self.stage.assistance_desk.expects_app("remote_unlock", self.matter, "unlocked", since=self.since)

    @keyword("Nobody Presses A Handle For ${time}")
    def nobody(self, time: str) -> None:
        """From the car's waiting on."""
        clock = self.stage.bench.clock
        clock.sleep(max(0, self.since + parse_duration(time) - clock.now()))

    @keyword("The Car Was Locked Again After ${time}")
    def locked_again(self, time: str) -> None:
        """By CAN, as near as the catalogue allows; and the app knows."""
        kept = self.stage.measure(self.stage.doors.handle_time(self.since))
        if abs(kept.value - parse_duration(time) / S) > limit("relock_error") / S:
            raise ExpectationError(f"expected the car to be locked again after {time}; it was after {kept}")
        self.stage.assistance_desk.expects_app("remote_unlock", self.matter, "relocked", since=self.since)

    @keyword("A Door Handle Opens Nothing")
    def opens_nothing(self) -> None:
        """The door stays closed, and locked."""
        if self.stage.doors.tries_to_open():
            raise ExpectationError("expected the door to stay locked; it opened")

    @keyword("The App Says That The Car Was Not Reached")
    def not_reached(self) -> None:
        """Within the signal's validity, and what the report may take."""
        within = limit("unlock_validity") + limit("app_report")
        desk = self.stage.assistance_desk
        desk.expects_app("remote_unlock", self.matter, "not reached", since=self.since, within=within)

    @keyword("The Car Leaves The Garage Much Later")
    def leaves_garage(self) -> None:
        """Long after the signal's validity the modem finds the network again, which delivers what it has held."""
        clock = self.stage.bench.clock
        clock.sleep(max(0, self.since + LATER - clock.now()))
        self.stage.surroundings.coverage("full")
        self.stage.bench.modem.wait_registered(1 * MIN)
        self.stage.assistance_desk.expects_no_command(self.since)
