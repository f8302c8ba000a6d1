"""What procedures share: what has to come of a press, and what must not (B-09, B-10, B-13, B-14)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.actors import Car, Operator, Press
from harness.errors import ExpectationError
from harness.offboard import Call


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
