"""Keywords of calls: who is called, what the message says, what Assistance does (B-01 ... B-11, B-14 ... B-16)."""

from __future__ import annotations

from typing import Literal

from robot.api.deco import keyword
from teller import Teller

from harness import catalogue
from harness.errors import ExpectationError

TRIGGERS: dict[str, Literal["sos", "on_call", "crash"]] = {"manual": "sos", "on call": "on_call", "automatic": "crash"}
SERVICES: dict[str, Literal["police", "ambulance", "tow"]] = {
    "police": "police",
    "ambulance": "ambulance",
    "tow truck": "tow",
}

KINDS = {"a flat tyre": "flat_tyre", "an empty tank": "no_fuel", "a dead battery": "dead_battery"}


class CallKeywords(Teller):
    """What comes of it outside the car."""

    # Who is called

    @keyword("Assistance Receives One ${trigger} Call")
    def assistance_receives(self, trigger: str) -> None:
        """`Automatic`, `Manual` or `On Call`: one call in the country's Assistance, and no second one."""
        self.call = self.stage.operator.expects_one_call(TRIGGERS[trigger.lower()], since=self.since)

    @keyword("Nobody Is Called")
    def nobody_called(self) -> None:
        """The quiet time passes, and neither modem nor CAN nor a centre knows of a call."""
        self.stage.car.stays_quiet(since=self.since)

    @keyword("Assistance Cannot Be Reached")
    def unreachable(self) -> None:
        """Calls to Assistance fail from now on."""
        self.stage.operator.unreachable()

    @keyword("Assistance Of The Country Was Tried First")
    def tried_first(self) -> None:
        """The first number dialled was that of Assistance in the country that the car is in."""
        land = self.stage.surroundings.land()
        first = self.stage.car.expects_dialling(since=self.since).data["number"]
        if first != land.assistance_number:
            raise ExpectationError(
                f"expected Assistance of {land.name}, {land.assistance_number}, to be tried first; {first} was"
            )

    @keyword("The Emergency Number Of The Country Receives One ${trigger} Call")
    def emergency_number_receives(self, trigger: str) -> None:
        """The number of the country that the car is in is dialled, and its emergency centre takes the call."""
        land, stage = self.stage.surroundings.land(), self.stage
        stage.car.expects_dialling(land.emergency_number, catalogue.limit("emergency_number"), self.since)
        self.call = stage.emergency_centre.expects_one_call(TRIGGERS[trigger.lower()], since=self.since)

    @keyword("The Emergency Number Of ${country} Receives One ${trigger} Call")
    def emergency_number_of_country_receives(self, country: str, trigger: str) -> None:
        """The same, where the country is told by name."""
        taken = self.stage.surroundings.countries()[self.country(country)].emergency_number
        here = self.stage.surroundings.land()
        if here.emergency_number != taken:
            raise LookupError(f"the car is in {here.name}, which has another emergency number than {country}")
        self.emergency_number_receives(trigger)

    # What the message says

    @keyword("The Message Tells The Car's Position And An Automatic Trigger")
    def message_is_automatic(self) -> None:
        """The message of the call says where the car is, and that nobody pressed anything."""
        self._latest_msd(automatic=True)

    @keyword("The Message Tells The Car's Position And A Manual Trigger")
    def message_is_manual(self) -> None:
        """The message of the call says where the car is, and that somebody pressed."""
        self._latest_msd(automatic=False)

    @keyword("The Message Tells Of ${number} Passengers")
    def message_passengers(self, number: int) -> None:
        """The message of the call says how many belts are fastened."""
        said = self.stage.operator.expects_message(self.call).passengers
        if said != number:
            raise ExpectationError(f"expected the message to tell of {number} passengers; it says {said}")

    def _latest_msd(self, *, automatic: bool) -> None:
        here = self.stage.surroundings.here()
        self.stage.operator.expects_message(self.call, automatic=automatic, at=here, trusted=True)

    # What Assistance does

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
        here = self.stage.surroundings.here()
        self.stage.operator.expects_case_at(SERVICES[service.lower()], here, since=self.since)

    @keyword("Assistance Alerts The Emergency Services Without Voice Contact")
    def alerted(self) -> None:
        """The emergency services are told, with the position, although nobody spoke."""
        self.stage.operator.expects_alert(self.stage.surroundings.here(), since=self.since)

    @keyword("The Operator Finds No Emergency")
    def no_emergency(self) -> None:
        """The case is closed as none."""
        self.stage.operator.closes(self.call, emergency=False)

    @keyword("The Call Is Recorded As Misuse")
    def misuse(self) -> None:
        """The case says so, and the record that it may cost."""
        operator, call = self.stage.operator, self.call
        record = operator.expects_record("assistance", "misuse", catalogue.limit("quiet_time"), self.since)
        if not (operator.case(call)["misuse"] and record.data["may_cost"]):
            raise ExpectationError("expected the case to be recorded as misuse that may cost; it is not")

    @keyword("The Call Is Not Recorded As Misuse")
    def no_misuse(self) -> None:
        """Neither the case nor the record says so once the quiet time has passed."""
        stage, call = self.stage, self.call
        stage.car.stays_quiet()
        if stage.operator.case(call)["misuse"] or stage.bench.timeline.events("assistance", "misuse", self.since):
            raise ExpectationError("expected the case not to be recorded as misuse; it is")

    # The app

    @keyword("The App Asks For Help With ${kind}")
    def app_asks(self, kind: str) -> None:
        """`A Flat Tyre`, `An Empty Tank`, `A Dead Battery`."""
        self.case = self.stage.owner.asks_for(KINDS[kind.lower()])

    @keyword("Assistance Has The Case With The Car's Position")
    def assistance_has_case(self) -> None:
        """The case that the app opened is open, and tells where the car is."""
        kept = self.stage.operator.case(self.case)
        if kept["closed"] is not None:
            raise ExpectationError(f"expected an open case of {self.case['kind']}; Assistance keeps {kept}")
        self.stage.operator.expects_near("the case", kept["position"], self.stage.surroundings.here())
