"""The theft service on frames made by hand: who is told what, in which order, and what ends it (B-32, B-33, B-34)."""

import itertools

import pytest

from emulation.ecus.base.vehicle import message
from harness.units import MIN, MS, S
from tests.telematics.car import Car

OWNER = "owner@example.test"


class AlarmedCar(Car):
    """Its body module is silent; the alarm is played."""

    def __init__(self, **options):
        super().__init__(**options)
        self.bench.parts["body"].transmit(False)
        self.desk = self.bench.parts["theft_desk"]
        self.run(100 * MS)
        self.alarm("DISARMED")

    def alarm(self, state, source="NONE", by="NONE"):
        found = message("CEM_Alarm")
        signals = {"State": state, "Source": source, "Siren": "OFF", "DisarmedBy": by}
        self.bench.buses["body"].send(found.frame_id, found.encode(signals), 0, None)
        self.run(10 * MS)

    def told(self):
        """Ways in the order in which they came."""
        return [
            record.kind
            for record in self.bench.parts["records"].after(0)
            if record.source == "phones" and record.kind in ("message", "push")
        ]

    def track(self, interval=20 * S):
        case = self.desk.ask(OWNER)
        self.desk.track(case, interval)
        return case


@pytest.fixture
def car():
    return AlarmedCar()


def alarmed(car, source="DOOR"):
    car.alarm("ARMED")
    car.alarm("TRIGGERED", source)


def test_message_then_push_once_an_alarm(car):
    """However often the frame comes."""
    alarmed(car)
    for _ in range(5):
        car.alarm("TRIGGERED", "DOOR")
    car.run(1 * MIN)
    assert car.told() == ["message", "push"]


def test_arming_and_an_alarm_seen_without_its_beginning_tell_nobody(car):
    """A unit that knows no earlier state cannot know what an alarm is about."""
    car.alarm("ARMED")
    car.unit.theft.state = None
    car.alarm("TRIGGERED", "DOOR")
    car.run(1 * MIN)
    assert car.told() == []


def test_the_next_alarm_is_told_again(car):
    """Switched off from afar in between, so that the case is still open."""
    alarmed(car)
    car.run(1 * MIN)
    car.alarm("DISARMED", by="REMOTE")
    alarmed(car, "BONNET")
    car.run(1 * MIN)
    assert car.told() == ["message", "push"] * 2
    assert [case.source for case in car.desk.cases] == ["BONNET"]


def test_the_key_between_message_and_push_ends_it(car):
    """The push never comes."""
    alarmed(car)
    car.until(lambda: car.told() == ["message"])
    car.alarm("DISARMED", by="KEY")
    car.run(1 * MIN)
    assert car.told() == ["message"]
    assert car.desk.cases[0].reason == "key"


def test_an_alarm_that_cannot_be_told_is_told_later(car):
    """A garage, for longer than the link keeps other words."""
    car.network.change(coverage="none")
    car.run(5 * S)
    alarmed(car)
    car.run(11 * MIN)
    assert car.told() == []
    car.network.change(coverage="full")
    car.run(1 * MIN)
    assert car.told() == ["message", "push"]


def test_positions_come_at_the_agreed_rate_and_the_police_know(car):
    """Every 20 s by the car's own stamps."""
    case = car.track()
    car.run(65 * S)
    stamps = [fix.at for fix in case.positions]
    assert [after - before for before, after in itertools.pairwise(stamps)] == [20 * S] * 3
    assert all(fix.trusted for fix in case.positions)
    assert len(car.records("police", "case")) == 1


def test_positions_of_a_gap_come_later_with_their_own_times(car):
    """And none is missing or invented."""
    case = car.track()
    car.run(5 * S)
    car.network.change(coverage="none")
    car.run(65 * S)
    held = len(case.positions)
    car.network.change(coverage="full")
    car.run(30 * S)
    stamps = [fix.at for fix in case.positions]
    assert held == 1
    assert [after - before for before, after in itertools.pairwise(stamps)] == [20 * S] * 4


def test_without_satellites_the_last_place_keeps_its_time(car):
    """And is not trusted."""
    car.sky.fix = False
    lost = car.world.now
    car.run(5 * S)
    case = car.track()
    car.run(45 * S)
    assert [fix.trusted for fix in case.positions] == [False] * 3
    assert all(fix.at <= lost + 1 * S for fix in case.positions)


def test_without_any_position_the_police_is_told_all_the_same():
    """A car that never saw a satellite."""
    car = AlarmedCar(ready=False)
    car.sky.fix = False
    car.power()
    car.until_registered()
    case = car.track()
    car.run(3 * MIN)
    assert case.positions == []
    assert [record.data["latitude"] for record in car.records("police", "case")] == [None]


def test_the_key_ends_tracking_also_without_coverage(car):
    """What was taken before is not sent afterwards."""
    alarmed(car)
    case = car.track()
    car.run(5 * S)
    car.network.change(coverage="none")
    car.run(1 * MIN)
    car.alarm("DISARMED", by="KEY")
    assert car.unit.theft.tracker.interval is None
    came = len(case.positions)
    car.network.change(coverage="full")
    car.run(3 * MIN)
    assert len(case.positions) == came
    assert case.reason == "key"


def test_a_cut_battery_forgets_neither_tracking_nor_what_was_not_sent(car):
    """Both stand in non-volatile memory."""
    case = car.track()
    car.run(5 * S)
    car.power(0.0)
    car.run(1 * MIN)
    assert not car.unit.running
    car.power()
    car.until_registered()
    car.run(1 * MIN)
    assert case.positions[-1].at > car.world.now - 25 * S


@pytest.mark.parametrize("disarmed", [False, True])
def test_an_alarm_that_nobody_has_heard_outlives_the_battery(car, disarmed):
    """Set off without coverage, then without supply for longer than the unit lingers; a key may have ended it since."""
    car.network.change(coverage="none")
    car.run(5 * S)
    alarmed(car, "BATTERY")
    car.power(0.0)
    car.run(1 * MIN)
    car.power()
    car.run(10 * S)
    car.bench.parts["body"].transmit(False)
    if disarmed:
        car.alarm("DISARMED", by="KEY")
    assert car.told() == []
    car.network.change(coverage="full")
    car.run(2 * MIN)
    assert car.told() == ([] if disarmed else ["message", "push"])
