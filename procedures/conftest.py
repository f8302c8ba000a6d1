"""What procedures share: what has to come of a press, what must not, and a contract to charge by (B-09 ... C-17)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.actors import Button, Car, ChargingSettings, Driver, Operator, Press, Provider
from harness.actors.provider import Contract
from harness.catalogue import limit
from harness.errors import BenchError, ExpectationError
from harness.offboard import Call
from harness.units import MS, US

Chatters = Callable[[Button, int], Press]

BAD_CONTACTS: dict[str, Callable[[Driver, Button, int], Press]] = {
    "at the start": lambda driver, button, hold: driver.hold(button, hold, chatter="start"),
    "once on the way": lambda driver, button, hold: driver.bounce(
        button, hold, contacts=2, opening=limit("contact_bounce") - 500 * US
    ),
    "all the way": lambda driver, button, hold: driver.bounce(button, hold, contacts=20, opening=1 * MS),
    "at the release": lambda driver, button, hold: driver.hold(button, hold, chatter="release"),
}
"""Where a contact chatters; each of its gaps is shorter than the catalogue's `contact_bounce`."""


@pytest.fixture(params=BAD_CONTACTS)
def chattering_press(request: pytest.FixtureRequest, driver: Driver) -> Chatters:
    """Press a button, for so many ns, with a contact that chatters; every kind of chatter is a test of its own."""

    def press(button: Button, hold: int) -> Press:
        pressed = BAD_CONTACTS[request.param](driver, button, hold)
        if not pressed.openings:
            raise BenchError("expected the contact to chatter; the scope saw none. Does the generator reach the line?")
        return pressed

    return press


@pytest.fixture
def nothing_comes_of(car: Car) -> Callable[[Press], None]:
    """Let the quiet time pass after a press: no request on CAN, no dialling, no call, not even for a moment."""

    def judge(press: Press) -> None:
        car.stays_quiet(since=press.start)
        requests = car.requests(since=press.start)
        if requests or car.timeline.was(press.button.signal, "REQUESTED", since=press.start):
            raise ExpectationError(f"expected no request on CAN; the console made {len(requests)}. {press.measured}")

    return judge


@pytest.fixture
def one_call_comes_of(car: Car, operator: Operator) -> Callable[[Press], Call]:
    """Wait for the call that a press asks for, and let the quiet time pass: one request, one dialling, one call."""

    def judge(press: Press) -> Call:
        call = operator.expects_one_call(press.button.trigger, since=press.start)
        requests, dialled = car.requests(since=press.start), car.dialled(since=press.start)
        if len(requests) != 1 or [each.data["number"] for each in dialled] != [call.number]:
            numbers = ", ".join(each.data["number"] for each in dialled) or "nobody"
            raise ExpectationError(
                f"expected one request on CAN and {call.number} dialled once; the console made {len(requests)}, and "
                f"the modem dialled {numbers}. {press.measured}"
            )
        return call

    return judge


@pytest.fixture
def contract(charging_settings: ChargingSettings, provider: Provider) -> Contract:
    """Plug & Charge is switched on, and the owner has a contract that waits to be installed."""
    charging_settings.switches(True)
    provider.expects_switched(True)
    return provider.leads()
