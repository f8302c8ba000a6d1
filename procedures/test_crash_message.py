"""What the message of a crash call says of place, time, movement and passengers (B-04)."""

import pytest

from fixtures import clauses
from harness.actors import Ignition, Position
from harness.catalogue import load
from harness.msd import DEGREES_A_STEP, metres_between
from harness.units import S

pytestmark = clauses("B-04")

PLACES = {
    "south and east": Position(-37.81363, 144.96306),
    "north and west": Position(47.60621, -122.33207),
    "south and west": Position(-33.44890, -70.66930),
    "just north and east of zero": Position(0.00200, 0.00200),
    "just south and west of zero": Position(-0.00200, -0.00200),
    "just before the date line": Position(-16.79000, 179.99000),
}
SETTLE = 3 * S
"""After the car has been moved: its receiver computes a position every second."""
STEP = 0.004
"""Degrees of latitude, 445 m: three times what the position may be wrong by."""
LOST_FOR = 10 * S
"""A fix that was lost so long ago no longer tells where a moving car is."""


@pytest.fixture
def message_of_a_crash(crash, operator):
    """Let the car crash, read the message that Assistance received, and end the call."""

    def read():
        call = operator.expects_call("crash", since=crash.happens())
        message = operator.expects_message(call, automatic=True)
        operator.hangs_up(call)
        operator.expects_end(call, within=SETTLE)
        return message

    return read


def is_near(message, place):
    """Whether the message's position is the right one, as far as the catalogue's accuracy goes."""
    return message.distance_metres(*place) <= load().limit("position_accuracy").number


def test_the_position_is_right_in_every_hemisphere(surroundings, car, message_of_a_crash):
    """Signs, zeros and the ends of the scale: wherever the car is, the message of a new crash says so."""
    for where, place in PLACES.items():
        surroundings.moves(*place)
        car.clock.sleep(SETTLE)
        message = message_of_a_crash()
        assert is_near(message, place), where
        assert message.position_trusted, where


def test_the_position_is_that_of_the_moment(surroundings, car, message_of_a_crash):
    """A car that has driven on tells where it is, not where it was; what it says of its way there is true as well."""
    way = []
    for step in range(4):
        way.append(surroundings.moves(57.7 + step * STEP, 12.0))
        car.clock.sleep(SETTLE)
    message = message_of_a_crash()
    assert is_near(message, way[-1])
    for told, was in zip(message.recent, reversed(way[:-1]), strict=False):
        assert metres_between(*told, *was) <= load().limit("position_accuracy").number


def test_the_direction_of_a_fast_car_is_told(driver, surroundings, car, message_of_a_crash):
    """At 120 km/h: which carriageway of a motorway help has to take."""
    driver.ignition(Ignition.RUNNING)
    for heading in (0, 90, 181, 225, 358):
        surroundings.moves(*surroundings.here(), speed_kmh=120.0, heading_deg=float(heading))
        car.clock.sleep(SETTLE)
        direction = message_of_a_crash().direction
        assert direction is not None
        assert abs((direction - heading + 180) % 360 - 180) <= DEGREES_A_STEP


def test_a_lost_position_is_the_last_one_known_and_not_trusted(surroundings, car, message_of_a_crash):
    """In a tunnel the message says where the car went in, and that it may be elsewhere by now."""
    entrance = surroundings.here()
    surroundings.loses_position()
    surroundings.moves(entrance.latitude + 0.01, entrance.longitude)
    car.clock.sleep(LOST_FOR)
    message = message_of_a_crash()
    assert not message.position_trusted
    assert is_near(message, entrance)


def test_a_position_found_again_is_trusted_again(surroundings, car, message_of_a_crash):
    """After the tunnel the message is as good as before."""
    surroundings.loses_position()
    car.clock.sleep(LOST_FOR)
    exit_ = surroundings.moves(57.75, 11.95)
    surroundings.finds_position()
    car.clock.sleep(SETTLE)
    message = message_of_a_crash()
    assert message.position_trusted
    assert is_near(message, exit_)


@pytest.mark.parametrize("accuracy", [200.0, 2_000.0], ids="{:g} m".format)
def test_a_position_that_the_receiver_doubts_is_not_trusted(accuracy, surroundings, car, message_of_a_crash):
    """A fix worse than 150 m is told, as somewhere to look, but not as the truth."""
    surroundings.disturbs_position(accuracy)
    car.clock.sleep(SETTLE)
    message = message_of_a_crash()
    assert not message.position_trusted
    assert is_near(message, surroundings.here())


@pytest.mark.usefixtures("bare_bench")
def test_a_position_that_never_was_is_not_invented(surroundings, car, message_of_a_crash):
    """A car without a satellite since it got its battery says so, or where it was before, and vouches for neither."""
    surroundings.loses_position()
    car.power()
    car.wait_ready()
    message = message_of_a_crash()
    assert not message.position_trusted
    assert message.latitude is None or is_near(message, surroundings.here())


def test_the_message_counts_the_belts(crash, operator):
    """A full car; then they get out one by one, and each new message that Assistance asks for counts those who stay."""
    crash.occupants(5)
    call = operator.expects_call("crash", since=crash.happens())
    assert operator.expects_message(call, automatic=True).passengers == 5
    for left in range(4, -1, -1):
        crash.occupants(left)
        assert operator.asks_for_message(call).passengers == left


def test_the_message_tells_when_it_was(surroundings, car, crash, operator, limit):
    """Coverage comes 40 s after the crash, and the message with it: it tells the crash's own time, by satellites."""
    surroundings.coverage("none")
    surroundings.coverage("full", after=40 * S)
    crashed = crash.happens()
    utc = car.timeline.value("GNSS_Time.UnixTime", at=crashed)
    call = operator.expects_call("crash", within=40 * S + limit("connection") + limit("msd_delay"), since=crashed)
    message = operator.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    assert abs(message.timestamp - utc.value) <= 2
