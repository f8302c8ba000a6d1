"""The charging station: order of messages, who may have current, meter, timers, and its API (C-06, C-08, C-12)."""

import pytest

from emulation.epoch import EPOCH
from emulation.offboard.pki import DAY, pki
from harness.units import MS, H, S


@pytest.fixture
def station(out):
    return out.bench.parts["station"]


@pytest.fixture
def car(out, station):
    return ScriptedCar(out, station)


class ScriptedCar:
    """A plug, a switch S2, and whatever request a test wants."""

    def __init__(self, outside, station):
        self.outside = outside
        self.station = station
        self.contract = outside.bench.parts["provider"].open("partner", "LPSTESTCAR0000001")
        self.credential = outside.bench.parts["provider"].credential(self.contract)

    def plug(self, plugged=True):
        self.outside.bench.line("charge_cable").drive("relay", 5.0 if plugged else None)
        self.outside.run(500 * MS)

    def ask(self, name, **said):
        """The answer, or None where there is none within 5 s."""
        answered = self.station.secc.ask(name, **said)
        self.outside.world.run(until=self.outside.world.now + 5 * S, condition=answered)
        return answered.value

    def code(self, name, **said):
        answer = self.ask(name, **said)
        return answer and answer["code"]

    def connect(self, payment):
        for name in ("SupplyEquipmentDiscovery", "TLS", "SupportedAppProtocol", "SessionSetup", "ServiceDiscovery"):
            assert self.code(name, tls=True).startswith("OK")
        assert self.code("PaymentServiceSelection", payment=payment) == "OK"

    def authorise(self, key=None):
        """Show the contract, sign the challenge; the last answer."""
        challenge = self.ask("PaymentDetails", chain=self.credential.chain)["challenge"]
        signature = (key or self.credential).sign(challenge)
        answer = self.ask("Authorization", signature=signature)
        while answer.get("processing") == "Ongoing":
            self.outside.run(500 * MS)
            answer = self.ask("Authorization", signature=signature)
        return answer


def test_a_request_out_of_order_is_refused(car):
    """Nothing but discovery opens a communication, and no step can be left out."""
    car.plug()
    assert car.code("SessionSetup") == "FAILED_SequenceError"
    for name in ("Authorization", "ChargeParameterDiscovery", "PowerDelivery", "ChargingStatus"):
        car.connect("Contract")
        assert car.code(name, signature=b"", progress="Start") == "FAILED_SequenceError"


def test_an_authorisation_without_a_contract_shown_is_refused(car):
    car.plug()
    car.connect("Contract")
    car.station.secc.previous = "PaymentDetails"
    assert car.code("Authorization", signature=b"") == "FAILED_SequenceError"


def test_nobody_gets_parameters_before_charging_is_authorised(car, station):
    """A customer who has not identified himself is waited for, and that is all."""
    car.plug()
    car.connect("ExternalPayment")
    assert car.ask("Authorization")["processing"] == "Ongoing_WaitingForCustomerInteraction"
    assert car.code("ChargeParameterDiscovery") == "FAILED_SequenceError"
    assert station.session.authorised is None


def test_the_contract_must_be_shown_by_who_has_its_key(car):
    car.plug()
    car.connect("Contract")
    stranger = pki(1).contract("SEZPSC00000009X", 9, EPOCH - DAY, EPOCH + DAY)
    assert car.authorise(key=stranger)["code"] == "FAILED_SignatureError"


@pytest.mark.parametrize(
    ("since", "until", "foreign", "code"),
    [(-9, -1, False, "FAILED_CertificateExpired"), (-1, 9, True, "FAILED_CertChainError")],
)
def test_a_contract_that_is_over_or_of_an_unknown_root_is_refused(since, until, foreign, code, car):
    car.plug()
    car.connect("Contract")
    bad = pki(1).contract("SEZPSC00000009X", 9, EPOCH + since * DAY, EPOCH + until * DAY, foreign)
    assert car.code("PaymentDetails", chain=bad.chain) == code


@pytest.mark.parametrize("act", ["end", "block"])
def test_a_contract_that_its_provider_took_back_is_refused(act, car):
    """Revoked or blocked: the code says which."""
    provider = car.outside.bench.parts["provider"]
    provider.end(car.contract) if act == "end" else provider.block(car.contract, True)
    car.plug()
    car.connect("Contract")
    wanted = {"end": "FAILED_CertificateRevoked", "block": "FAILED_ContractCanceled"}
    assert car.authorise()["code"] == wanted[act]


def test_current_needs_payment_pilot_and_request_together_and_the_meter_counts_it(car, station):
    """State C alone, or the request alone, closes nothing; 11 kW for an hour are 11 kWh."""
    car.plug()
    station.pilot.switch(True)
    car.outside.run(1 * S)
    assert not station.contactor
    station.pilot.switch(False)
    for pilot_c, code in ((False, "FAILED_PowerDeliveryNotApplied"), (True, "OK")):
        car.connect("Contract")
        assert car.authorise()["processing"] == "Finished"
        assert car.code("ChargeParameterDiscovery") == "OK"
        station.pilot.switch(pilot_c)
        car.outside.run(10 * MS)
        assert not station.contactor
        assert car.code("PowerDelivery", progress="Start") == code
    assert station.contactor
    before, start = station.read_meter(), car.outside.world.now
    for _ in range(40):
        car.outside.run(30 * S)
        assert car.code("ChargingStatus") == "OK"
    assert station.read_meter() - before == pytest.approx(11_000 * (car.outside.world.now - start) / H)
    station.pilot.switch(False)
    car.outside.run(10 * MS)
    assert not station.contactor


def test_a_car_that_falls_silent_for_a_minute_gets_no_more_current(car, station):
    """SECC sequence timeout."""
    car.plug()
    car.connect("Contract")
    car.authorise()
    car.code("ChargeParameterDiscovery")
    station.pilot.switch(True)
    car.code("PowerDelivery", progress="Start")
    car.outside.run(59 * S)
    assert station.contactor
    car.outside.run(2 * S)
    assert not station.contactor
    assert "sequence_timeout" in [record.kind for record in car.outside.records.after(0)]


def test_a_plug_that_bounces_is_one_visit(car, station):
    for _ in range(3):
        car.outside.bench.line("charge_cable").drive("relay", 5.0)
        car.outside.run(2 * MS)
        car.outside.bench.line("charge_cable").drive("relay", None)
        car.outside.run(1 * MS)
    car.plug()
    assert len(station.sessions) == 1


def test_the_api_refuses_what_cannot_be(car, http):
    """No car, no identification; no current, no stop; no such request."""
    assert http.post("/station/identify", json={"means": "card"}).status_code == 409
    assert http.post("/station/stop").status_code == 409
    assert http.put("/station", json={"silent_at": "SessionSetUp"}).status_code == 422
    car.plug()
    assert http.post("/station/identify", json={"means": "purse"}).status_code == 422
    assert http.post("/station/identify", json={"means": "app"}).status_code == 204
    told = http.get("/station").json()
    assert (told["plugged"], told["delivering"], told["kilowatts"]) == (True, False, 0.0)


def test_as_usual_forgets_settings_and_visits(car, http, station):
    car.plug()
    http.put("/station", json={"digital": False, "certificate": "expired"})
    car.plug(False)
    assert http.post("/world/as-usual").status_code == 204
    assert http.get("/station/sessions").json() == []
    assert (station.settings.digital, station.settings.certificate) == (True, "ok")
