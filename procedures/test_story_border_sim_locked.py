"""A border is crossed with the personal SIM locked: services wait; then help is that of the country (B-08, B-11, B-22).

While its card is locked nothing may lead to a call: a modem that cannot name its SIM does not prove that it is on a
test network, and the interlock refuses. What such a car would dial, tests/telematics tell of the emulated one.
"""

import pytest

from fixtures import clauses, procedure
from harness.actors import Button
from harness.actors.owner import OWNER_ID
from harness.errors import InterlockError
from harness.units import MS, S

pytestmark = [clauses("B-08", "B-11", "B-22"), procedure("story-border-sim-locked")]

SETTLE = 3 * S
"""After a border: cell and receiver have told the car by then."""


@pytest.fixture
def locked(surroundings, workshop, sim_card):
    """In France, with a card that asks for its PIN; then beyond the border, in Great Britain."""
    surroundings.country("FR")
    workshop.ask_for_pin()
    sim_card.expects_asked()
    surroundings.country("GB")
    sim_card.clock.sleep(SETTLE)
    return sim_card


@pytest.fixture
def calls_for_help(driver, crash):
    """By a crash, or by holding SOS; returns when (ns)."""

    def call(trigger):
        if trigger == "crash":
            return crash.happens()
        return driver.hold(Button.SOS, Button.SOS.hold + 100 * MS).start

    return call


@pytest.mark.parametrize("trigger", ["crash", "sos"])
def test_services_wait_for_the_pin_and_help_then_comes_from_the_country_that_the_car_is_in(
    trigger, locked, surroundings, calls_for_help, operator, phone, linking, workshop, car
):
    """Locked, app and display say why; with the PIN all is there, Assistance of the new country first."""
    since = locked.now()
    asked = phone.asks("locate")
    linking.tries_login(OWNER_ID)
    linking.display.sees("message", "no coverage")
    assert phone.expects_failed(asked)["reason"] == "no coverage"
    assert car.timeline.stays("TCU_Status.Registration", "SIM_LOCKED", since=since)
    locked.shown()
    workshop.watch_attach(locked.types_pin(), "attach from PIN")
    phone.is_served()
    begun = calls_for_help(trigger)
    call = operator.expects_one_call(trigger, since=begun)
    operator.expects_message(call, automatic=trigger == "crash", at=surroundings.here(), trusted=True)
    assert car.numbers_dialled(since=begun) == [surroundings.land().assistance_number]


@pytest.mark.parametrize("trigger", ["crash", "sos"])
def test_after_the_puk_the_emergency_number_is_that_of_the_country(
    trigger, locked, surroundings, calls_for_help, operator, emergency_centre, workshop, car, limit
):
    """Three wrong PINs on the way: opened by the PUK, the car calls 999 where Assistance cannot be reached."""
    for _ in range(limit("pin_tries")):
        locked.types_wrong_pin()
    locked.expects_shown("PUK NEEDED")
    with pytest.raises(InterlockError):  # nothing proves the network of a modem that cannot name its SIM
        calls_for_help(trigger)
    workshop.watch_attach(locked.types_puk(), "attach from PUK")
    operator.unreachable()
    land, begun = surroundings.land(), calls_for_help(trigger)
    within = limit("emergency_number") + limit("connection")
    call = emergency_centre.expects_call(trigger, within=within, since=begun)
    assert call.number == land.emergency_number == "999"
    assert set(car.numbers_dialled(since=begun)) == {land.assistance_number, land.emergency_number}
    emergency_centre.expects_message(call, automatic=trigger == "crash", at=surroundings.here(), trusted=True)
