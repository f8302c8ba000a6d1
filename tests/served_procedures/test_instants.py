"""What the service off board tells is told in the bench's time, also where its clock began hours before."""

import httpx
import pytest

from harness.clock import WallClock
from harness.offboard import Offboard
from harness.timeline import Timeline
from harness.units import MS, H

AHEAD = 3 * H


@pytest.fixture
def offboard():
    """A service whose clock is three hours ahead, with one old request and one of now."""
    clock = WallClock()

    def answer(request):
        now = clock.now() + AHEAD
        case = {"id": 1, "opened": now, "alerted": None, "closed": None}
        old = {"kind": "tow", "asked": AHEAD - 1 * H, "case": None}
        answers = {
            "/clock": {"now": now},
            "/records/newest": {"number": 7},
            "/app/requests": {"kind": "tow", "asked": now, "case": case}
            if request.method == "POST"
            else [old, {"kind": "tow", "asked": now, "case": case}],
            "/assistance/cases": [case],
        }
        return httpx.Response(200, json=answers[request.url.path])

    service = Offboard("http://bench", clock, Timeline(), transport=httpx.MockTransport(answer))
    service.begin()
    yield service
    service.close()


def test_cases_and_requests_have_instants_of_the_bench(offboard):
    before = offboard._clock.now()
    request = offboard.ask_for_help("tow")
    (case,) = offboard.cases()
    for instant in (request["asked"], request["case"]["opened"], case["opened"]):
        assert before - 500 * MS < instant < 60_000 * MS
    assert case["closed"] is None


def test_what_was_asked_for_before_belongs_to_somebody_else(offboard):
    offboard._begun -= 500 * MS  # as uncertain as the two clocks are here
    (request,) = offboard.help_requests()
    assert request["asked"] > offboard._begun
