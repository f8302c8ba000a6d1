"""The airbag module: what it tells of crashes, how protected, and how long without battery (B-01 to B-03)."""

import pytest

from emulation.ecus.airbag import DIRECTIONS, LEVELS, Airbag
from emulation.ecus.base.vehicle import decode, message, protections
from harness.units import MS, S

ACM = (0x751, 0x759)


@pytest.fixture
def car(car_of):
    car = car_of(Airbag)
    car.power().run(1 * S)
    return car


@pytest.mark.parametrize("level", LEVELS[1:])
@pytest.mark.parametrize("direction", DIRECTIONS[1:])
def test_a_crash_by_uds_is_told_for_two_seconds_every_10_ms(car, level, direction):
    """Level, direction and inverted copy in 200 frames with right CRC and counter; then NONE, and the count stays."""
    car.ask("10 03", *ACM)
    since = car.world.now
    assert car.ask(f"31 01 03 01 {LEVELS.index(level):02x} {DIRECTIONS.index(direction):02x}", *ACM) == "71 01 03 01"
    car.run(3 * S)
    frames = [decode(frame.identifier, frame.data) for frame in car.sent("ACM_Crash", since)]
    told = [frame for frame in frames if frame["CrashLevel"] == level]
    assert 199 <= len(told) <= 201
    assert all(frame["CrashDirection"] == direction and frame["EventCount"] == 1 for frame in told)
    assert all(frame["CrashLevelInverted"] == 3 - LEVELS.index(level) for frame in told)
    assert frames[-1]["CrashLevel"] == frames[-1]["CrashDirection"] == "NONE"
    assert frames[-1]["EventCount"] == 1
    assert all(protections()["ACM_Crash"].is_intact(frame.data) for frame in car.sent("ACM_Crash"))


@pytest.mark.parametrize(("level", "fires"), [("IMPACT", False), ("BELT_TENSIONER", True), ("AIRBAG", True)])
def test_what_fires_is_recorded_and_cuts_the_fuel(car, level, fires):
    """A mere impact leaves no trace; belts and airbags do, until a workshop clears them."""
    car.ecus[0].crash(level, "FRONT")
    car.run(100 * MS)
    assert car.now("ACM_Crash", "FuelCutOff") == ("YES" if fires else "NO")
    car.run(5 * S)
    assert car.now("ACM_Status", "SystemState") == ("DEPLOYED" if fires else "READY")
    assert bool(car.ecus[0].uds.memory.with_status(0x08)) is fires


def test_a_second_crash_within_the_first_is_an_event_of_its_own(car):
    """Rear, then, 500 ms later, left: two counts, each told for its time."""
    car.ecus[0].crash("BELT_TENSIONER", "REAR")
    car.run(500 * MS)
    car.ecus[0].crash("AIRBAG", "LEFT")
    car.run(4 * S)
    assert car.values("ACM_Crash", "CrashDirection") == ["NONE", "REAR", "LEFT", "NONE"]
    assert car.values("ACM_Crash", "EventCount") == [0, 1, 2]


def test_without_battery_the_module_lives_on_for_its_reserve(car):
    """Half a second from the moment the battery is torn off, however long it was there before; then silence."""
    car.run(100 * S)
    lost = car.world.now
    car.power(0)
    car.ecus[0].crash("AIRBAG", "FRONT")
    car.run(2 * S)
    frames = car.sent("ACM_Crash", lost)
    assert 48 <= len(frames) <= 51
    assert frames[-1].time < lost + 510 * MS
    assert decode(message("ACM_Crash").frame_id, frames[-1].data)["CrashLevel"] == "AIRBAG"
    car.power(12).run(1 * S)
    assert car.now("ACM_Crash", "CrashLevel") == "NONE"
    assert car.now("ACM_Status", "SystemState") == "DEPLOYED"


def test_a_battery_that_comes_back_within_the_reserve_is_no_boot(car):
    """And the reserve is whole again for the next time."""
    car.power(0).run(400 * MS)
    car.power(12).run(1 * S)
    lost = car.world.now
    car.power(0).run(2 * S)
    assert 48 <= len(car.sent("ACM_Crash", lost)) <= 51
    assert car.ecus[0].booted_at == 200 * MS


def test_belts_are_told_as_a_tester_simulates_them(car):
    """Routine 0x0302: three belts, the first three seats; six are refused."""
    car.ask("10 03", *ACM)
    assert car.ask("31 01 03 02 03", *ACM) == "71 01 03 02"
    assert car.now("ACM_Occupants", "Passengers") == 3
    assert car.now("ACM_Occupants", "BeltRearLeft") == "FASTENED"
    assert car.now("ACM_Occupants", "BeltRearRight") == "OPEN"
    assert car.ask("31 01 03 02 06", *ACM) == "7f 31 31"
