"""Keywords of calls: who is called, what the message says, what Assistance does (B-01 ... B-11, B-14 ... B-16)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import SERVICES, TRIGGERS, Teller

from harness import catalogue
from harness.errors import ExpectationError
from harness.msd import Msd


class CallKeywords(Teller):
    """What comes of it outside the car."""

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

    def _message(self, automatic: bool) -> Msd:
        here = self.stage.surroundings.here()
        return self.stage.operator.expects_message(self.call, automatic=automatic, at=here, trusted=True)
