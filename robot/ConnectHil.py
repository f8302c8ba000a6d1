"""The Robot library: the manuals' procedures in the words of their reader, on the actors that pytest uses as well.

Variables: `BENCH` (bench file), `SEED`, `FAULTS` and `FAULT_FILES` (names, separated by commas). Each test has a bench
of its own, opened at its first keyword; the car is powered and ready unless the test says first that it has no power.
"""

from __future__ import annotations

from typing import Any, Literal

from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from fixtures.stage import BENCH, SEED, Stage
from harness import catalogue
from harness.actors import Attach, Button, Direction, Level
from harness.errors import ExpectationError
from harness.msd import Msd
from harness.offboard import Call
from reports.claims import PROCEDURE_TAG
from reports.journal import Entry, Outcome, outcome_of_message, write

TRIGGERS: dict[str, Literal["sos", "on_call", "crash"]] = {"manual": "sos", "on call": "on_call", "automatic": "crash"}
SERVICES: dict[str, Literal["police", "ambulance", "tow"]] = {
    "police": "police",
    "ambulance": "ambulance",
    "tow truck": "tow",
}
IGNITION = {"0": "OFF", "I": "I", "II": "II"}


@library(scope="GLOBAL", version="1", listener="SELF")
class ConnectHil:
    """Keywords for driver, car, Assistance and the world around them."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._attach: Attach | None = None
        self._call: Call | None = None
        self._since = 0

    # The course of a test

    def start_test(self, test: Any, _result: Any) -> None:
        """Forget the last test; let this one end by the fault memory, and leave its evidence while it is open."""
        self._stage = self._attach = self._call = None
        self._since = 0
        test.body.create_keyword(name="The Car Has Stored No Unexpected Trouble Code")
        if not test.has_teardown:
            test.teardown.config(name="The Evidence Is Kept And The Bench Is Safe")

    def end_test(self, test: Any, result: Any) -> None:
        """Write the journal; close a bench that the test's own teardown left open."""
        stage = self._stage
        simulated = stage.bench.clock.now() if stage else 0
        if stage is not None:
            stage.close()
        tags = [str(tag) for tag in result.tags]
        outcome = Outcome.PASSED if result.passed else outcome_of_message(result.message)
        write(
            Entry(
                test=test.longname,
                suite="robot",
                procedure=next((tag.removeprefix(PROCEDURE_TAG) for tag in tags if tag.startswith(PROCEDURE_TAG)), ""),
                title=result.name,
                clauses=tuple(tag for tag in tags if tag in catalogue.load().clauses),
                outcome=Outcome.SKIPPED if result.skipped else outcome,
                simulated_ns=simulated,
                seed=stage.bench.seed if stage else int(_variable("SEED", SEED)),
                bench=stage.bench.file.bench.name if stage else _variable("BENCH", BENCH),
                message=result.message,
                measurements=tuple(vars(row) for row in stage.measure.rows) if stage else (),
                ecus=stage.software if stage else {},
            )
        )

    @keyword("The Car Has Stored No Unexpected Trouble Code")
    def conclude(self) -> None:
        """The last step of every test."""
        if self._stage is not None:
            self._stage.conclude()

    @keyword("The Evidence Is Kept And The Bench Is Safe")
    def clean_up(self) -> None:
        """The teardown of every test that has none of its own."""
        if self._stage is None:
            return
        try:
            self._stage.attach_evidence(_variable("TEST NAME", ""), failed=_variable("TEST STATUS", "") != "PASS")
        finally:
            self._stage.close()

    @keyword("Trouble Code ${name} Is Expected")
    def expect_trouble_code(self, name: str) -> None:
        """A code that an ECU stores in this test by rights."""
        self.stage.expected_codes.add(name)

    @property
    def stage(self) -> Stage:
        """The bench of this test, the car ready to call."""
        if self._stage is None:
            self._open().get_ready()
        assert self._stage is not None
        return self._stage

    def _open(self) -> Stage:
        faults, files = (_variable(name, "").replace(",", " ").split() for name in ("FAULTS", "FAULT_FILES"))
        self._stage = Stage.open(_variable("BENCH", BENCH), int(_variable("SEED", SEED)), faults, files)
        return self._stage

    @property
    def call(self) -> Call:
        """The call that the test speaks of."""
        if self._call is None:
            raise ExpectationError("expected a call that somebody has taken; none was received in this test")
        return self._call

    # The car

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

    # The driver

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

    # Calls

    @keyword("Assistance Receives One ${trigger} Call")
    def assistance_receives(self, trigger: str) -> None:
        """`Automatic`, `Manual` or `On Call`: one call in the country's Assistance, and no second one."""
        self._call = self.stage.operator.expects_one_call(TRIGGERS[trigger.lower()], since=self._since)

    @keyword("Nobody Is Called")
    def nobody_called(self) -> None:
        """The quiet time passes, and neither modem nor CAN nor a centre knows of a call."""
        self.stage.car.stays_quiet(since=self._since)

    @keyword("Assistance Cannot Be Reached")
    def unreachable(self) -> None:
        """Calls to Assistance fail from now on."""
        self.stage.operator.unreachable()

    @keyword("Assistance Was Tried First")
    def tried_first(self) -> None:
        """The first number dialled was that of the country's Assistance."""
        land = self._land()
        first = self.stage.car.expects_dialling(since=self._since).data["number"]
        if first != land.assistance_number:
            raise ExpectationError(f"expected Assistance at {land.assistance_number} to be tried first; {first} was")

    @keyword("The Emergency Number Of The Country Receives One ${trigger} Call")
    def emergency_receives(self, trigger: str) -> None:
        """The number of the country that the car is in is dialled, and its emergency centre takes the call."""
        land, stage = self._land(), self.stage
        stage.car.expects_dialling(land.emergency_number, catalogue.limit("emergency_number"), self._since)
        self._call = stage.emergency_centre.expects_one_call(TRIGGERS[trigger.lower()], since=self._since)

    @keyword("The Message Tells The Car's Position And An ${trigger} Trigger")
    def message_tells_an(self, trigger: str) -> None:
        """The message of the call: where the car is, and `Automatic`."""
        self._message(automatic=trigger.lower() == "automatic")

    @keyword("The Message Tells The Car's Position And A ${trigger} Trigger")
    def message_tells_a(self, trigger: str) -> None:
        """The same for `Manual`."""
        self._message(automatic=trigger.lower() == "automatic")

    @keyword("The Message Tells Of ${number} Passengers")
    def message_passengers(self, number: int) -> None:
        """The message of the call says how many belts are fastened."""
        said = self.stage.operator.expects_message(self.call).passengers
        if said != int(number):
            raise ExpectationError(f"expected the message to tell of {number} passengers; it says {said}")

    # Voice and what the operator does

    @keyword("Assistance Is Heard In The Car")
    def heard(self) -> None:
        """There is a voice on the speaker line."""
        self.stage.measure(self.stage.driver.expects_voice(), "speaker_voice")

    @keyword("Voice Contact Stands")
    def voice_contact(self) -> None:
        """Assistance hears the driver."""
        self.stage.operator.expects_voice_contact(self.call)

    @keyword("The Operator Hands The Case To The ${service}")
    def hands_over(self, service: str) -> None:
        """`Police`, `Ambulance` or `Tow Truck`."""
        self.stage.operator.hands_over(self.call, SERVICES[service.lower()])

    @keyword("The ${service} Has The Case With The Car's Position")
    def service_has_case(self, service: str) -> None:
        """The service was told, and where; nobody else was."""
        source = SERVICES[service.lower()]
        case = self.stage.operator.expects_record(source, "case", catalogue.limit("quiet_time"), self._since)
        self._near(case.data["latitude"], case.data["longitude"])
        others = [name for name in SERVICES.values() if name != source]
        told = [name for name in others if self.stage.bench.timeline.events(name, "case", self._since)]
        if told:
            raise ExpectationError(f"expected the case at {source} alone; {', '.join(told)} has it as well")

    @keyword("Assistance Alerts The Emergency Services Without Voice Contact")
    def alerted(self) -> None:
        """The emergency centre is told, with the position, although nobody spoke."""
        within = catalogue.limit("silence_alert")
        alert = self.stage.operator.expects_record("emergency", "alert", within, self._since)
        self._near(alert.data["latitude"], alert.data["longitude"])

    @keyword("The Operator Finds No Emergency")
    def no_emergency(self) -> None:
        """The case is closed as none."""
        self.stage.operator.closes(self.call, emergency=False)

    @keyword("The Call Is Recorded As Misuse")
    def misuse(self) -> None:
        """The case says so."""
        if not self.stage.operator.case(self.call)["misuse"]:
            raise ExpectationError("expected the case to be recorded as misuse; it is not")

    @keyword("The App Asks For Help And Assistance Has The Case")
    def app_help(self, kind: str) -> None:
        """`flat tyre`, `no fuel`, `dead battery`: a case like that of ON CALL, with the car's position."""
        case = self.stage.owner.asks_for(kind.replace(" ", "_"))
        place = case["position"] or {"latitude": None, "longitude": None}
        self._near(place["latitude"], place["longitude"])

    # The modem

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

    def _bare(self) -> Stage:
        return self._stage or self._open()

    def _land(self) -> Any:
        return self.stage.surroundings.countries()[self.stage.bench.offboard.network()["country"]]

    def _message(self, automatic: bool) -> Msd:
        here = self.stage.surroundings.here()
        return self.stage.operator.expects_message(self.call, automatic=automatic, at=here, trusted=True)

    def _near(self, latitude: float | None, longitude: float | None) -> None:
        """Raises `ExpectationError` where a position is not the car's."""
        here = self.stage.surroundings.here()
        allowed = 0.01  # degrees, about 1 km: a case names the place, the message's accuracy is judged by itself
        if latitude is None or longitude is None or max(abs(latitude - here[0]), abs(longitude - here[1])) > allowed:
            raise ExpectationError(f"expected the car's position {here}; got {latitude}, {longitude}")


def _variable(name: str, default: object) -> str:
    """A variable of the run, as `--variable NAME:value` gave it."""
    return str(BuiltIn().get_variable_value(f"${{{name}}}", default) or "")
