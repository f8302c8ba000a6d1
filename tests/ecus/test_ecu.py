"""What every emulated ECU does with supply, cycle times, changes and what it hears."""

from itertools import pairwise

import pytest

from emulation import ecus, offboard
from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.vehicle import database, message, protections
from emulation.ecus.body.body import Body
from emulation.ecus.chassis import Brakes
from emulation.ecus.driver_display import DriverDisplay
from emulation.ecus.overhead_console import OverheadConsole
from harness.units import MS, US, S


class Listener(Ecu):
    """An ECU that only listens, and counts what reaches it."""

    node = "DIM"

    def __init__(self, bench):
        super().__init__(bench)
        self.passed = []
        self.heard_frames = []

    def processes(self):
        return [self.take_checked(), self.take_heard()]

    def take_checked(self):
        while True:
            frame = self.checked("CEM_Ignition")
            yield frame
            self.passed.append(frame.value)

    def take_heard(self):
        while True:
            frame = self.heard("TCU_Call")
            yield frame
            self.heard_frames.append(self.decode(frame.value))


def test_an_ecu_without_battery_is_silent_and_boots_when_it_comes(car_of):
    """Nothing below 6 V; the first frame follows the boot time, at the latest one cycle later."""
    car = car_of(OverheadConsole)
    car.power(6.0).run(1 * S)
    assert car.frames == []
    car.power(6.1).run(1 * S)
    assert 1 * S + 60 * MS < car.sent("OHC_Status")[0].time < 1 * S + 161 * MS


def test_a_battery_that_goes_during_boot_starts_nothing(car_of):
    """A boot that was interrupted begins anew."""
    car = car_of(OverheadConsole)
    car.power().run(50 * MS)
    car.power(0).run(1 * S)
    assert car.frames == []


def test_messages_come_at_their_cycle_to_the_bit(car_of):
    """Ten seconds of an ECU alone on the bus: each message as often as its cycle says, never early or late."""
    car = car_of(Body)
    car.power().run(10 * S)
    for found in database().messages:
        if found.senders == ["CEM"]:
            times = [frame.time for frame in car.sent(found.name, since=1 * S)]
            gaps = {later - earlier for earlier, later in pairwise(times)}
            assert all(abs(gap - found.cycle_time * MS) < 1 * MS for gap in gaps), found.name


def test_the_whole_car_sends_a_thousand_frames_a_second_and_no_bursts():
    """All nodes with ignition II: cycle by cycle what the database promises, at most 25 in any 10 ms."""
    bench = EmulatedBench(1)
    offboard.install(bench)
    ecus.install(bench)
    times = []
    bench.buses["body"].attach(lambda frame: times.append(frame.time))
    for line in ("battery", "terminal_s", "terminal_15"):
        bench.line(line).drive("hand", 12.6)
    bench.world.run(until=12 * S)
    steady = [time for time in times if time > 10 * S]
    promised = sum(1_000 / found.cycle_time for found in database().messages)
    assert promised * 2 * 0.98 < len(steady) < promised * 2 * 1.05
    assert (
        max(sum(1 for time in steady if start <= time < start + 10 * MS) for start in range(10 * S, 11 * S, 10 * MS))
        < 25
    )


def test_a_change_goes_out_at_once_and_the_cycle_goes_on(car_of):
    """On change: within a frame time of the change, and again on cycle."""
    car = car_of(OverheadConsole)
    car.power().run(1 * S)
    car.ecus[0].set("OHC_Status", Sos="PRESSED")
    car.run(1 * MS)
    assert car.sent("OHC_Status", since=1 * S)[0].time < 1 * S + 500 * US
    car.run(1 * S)
    assert 11 <= len(car.sent("OHC_Status", since=1 * S)) <= 12


def test_changes_keep_their_distance_where_the_database_asks_for_one(car_of):
    """GenMsgDelayTime 20 ms: of three changes within it, the first and the last state are sent, 20 ms apart."""
    car = car_of(OverheadConsole)
    car.power().run(1 * S)
    for light in ("ON", "DOOR", "OFF", "ON"):
        car.ecus[0].set("OHC_Interior", CourtesyLight=light)
    car.run(100 * MS)
    assert car.values("OHC_Interior", "CourtesyLight") == ["OFF", "ON"]
    car.run(400 * MS)
    since = car.world.now
    car.ecus[0].set("OHC_Interior", CourtesyLight="DOOR")
    car.ecus[0].set("OHC_Interior", CourtesyLight="OFF")
    car.run(50 * MS)
    first, second = car.sent("OHC_Interior", since)[:2]
    assert second.time - first.time >= 20 * MS - 300 * US


class Follower(Ecu):
    """An ECU that is woken by news alone."""

    node = "DIM"

    def __init__(self, bench):
        super().__init__(bench)
        self.news = []
        self.passed = 0

    def processes(self):
        self.on_checked("CEM_Ignition", lambda _signals: setattr(self, "passed", self.passed + 1))
        return [self.follow("OHC_Interior"), self.follow("OHC_Interior")]

    def follow(self, name):
        known = None
        while True:
            heard = self.heard(name, known)
            yield heard
            known = heard.value.data
            self.news.append(self.decode(heard.value)["CourtesyLight"])


def test_news_are_the_first_frame_after_a_boot_and_every_one_that_says_something_else(car_of):
    """Each of two followers hears each state once, whatever its cycle; after a boot what is so already as well."""
    car = car_of(Follower, OverheadConsole)
    follower, console = car.ecus
    car.power().run(3 * S)
    assert follower.news == ["OFF"] * 2
    for light in ("ON", "DOOR"):
        console.set("OHC_Interior", CourtesyLight=light)
        car.run(3 * S)
    assert follower.news == [*["OFF"] * 2, *["ON"] * 2, *["DOOR"] * 2]
    follower.reset()
    car.run(3 * S)
    assert follower.news[6:] == ["DOOR"] * 2


def test_a_listener_hears_every_frame_that_e2e_lets_pass_until_the_ecu_goes_off(car_of):
    """As many as a process that waits for one after the other; none after the supply went."""
    car = car_of(Follower, Body)
    car.power().run(3 * S)
    heard = car.ecus[0].passed
    assert heard == len(car.sent("CEM_Ignition", since=car.ecus[0].booted_at)) - 1  # the first only synchronises
    car.power(0).run(1 * S)
    assert car.ecus[0].passed - heard <= 1


def test_a_signal_that_does_not_exist_is_named_with_those_that_do(car_of):
    """A typing error in an ECU does not go unnoticed."""
    car = car_of(OverheadConsole)
    with pytest.raises(KeyError, match=r"OHC_Status has no signal Soss; it has Sos, OnCall"):
        car.ecus[0].set("OHC_Status", Soss="IDLE")


def test_protected_frames_count_and_check(car_of):
    """Every CEM_Ignition has the right CRC, and its counter is one more than the one before."""
    car = car_of(Body)
    car.power().run(1 * S)
    protection = protections()["CEM_Ignition"]
    frames = car.sent("CEM_Ignition")
    assert all(protection.is_intact(frame.data) for frame in frames)
    counters = [protection.counter(frame.data) for frame in frames]
    assert counters == [index % 16 for index in range(len(frames))]


def test_checked_lets_pass_what_e2e_lets_pass(car_of):
    """Frames of the real sender pass, a corrupt one and a repeated one do not."""
    car = car_of(Listener)
    car.power().run(1 * S)
    protection = protections()["CEM_Ignition"]

    def send(counter, spoil=0):
        data = bytearray(4)
        data[1] = 0x20
        protection.protect(data, counter)
        data[0] ^= spoil
        car.bus.send(message("CEM_Ignition").frame_id, bytes(data))
        car.run(20 * MS)

    send(0)
    assert car.ecus[0].passed == []  # the first one only initialises
    send(1)
    send(2, spoil=0x55)
    send(2)
    send(2)
    assert [signals["Counter"] for signals in car.ecus[0].passed] == [1, 2]
    assert car.ecus[0].passed[0]["Mode"] == "II"


def test_a_frame_that_is_too_short_is_not_taken(car_of):
    """A malformed frame of a known identifier stops nobody and says nothing."""
    car = car_of(Listener)
    car.power().run(1 * S)
    car.bus.send(message("TCU_Call").frame_id, b"\x01")
    car.run(10 * MS)
    assert car.ecus[0].heard_frames == []
    assert car.ecus[0].last("TCU_Call", "State") is None
    car.tell("TCU_Call", State="DIALLING")
    assert car.ecus[0].heard_frames[0]["State"] == "DIALLING"
    assert car.ecus[0].last("TCU_Call", "State") == "DIALLING"


def test_what_was_heard_before_the_last_boot_is_forgotten(car_of):
    """RAM does not outlive the supply."""
    car = car_of(Listener)
    car.power().run(1 * S)
    car.tell("TCU_Call", State="DIALLING")
    car.power(0).run(100 * MS)
    car.power(12).run(1 * S)
    assert car.ecus[0].last("TCU_Call", "State") is None


def test_chassis_nodes_send_with_terminal_15_only(car_of):
    """As on a real car: battery alone leaves the chassis asleep, terminal 15 wakes it, and its opening ends it."""
    car = car_of(Brakes)
    car.power().run(2 * S)
    assert car.frames == []
    car.drive("terminal_15", 12)
    car.run(1 * S)
    assert 95 <= len(car.sent("ESC_WheelSpeed")) <= 101
    car.drive("terminal_15", 0)
    car.run(1 * MS)
    quiet_from = len(car.frames)
    car.run(2 * S)
    assert len(car.frames) == quiet_from


def test_a_message_that_stays_away_becomes_a_trouble_code(car_of):
    """Five seconds without CEM_Ignition at the driver display, and healed when it is back."""
    car = car_of(DriverDisplay)
    car.power().run(5 * S)
    assert not car.ecus[0].uds.memory.with_status(0xFF)
    car.run(3 * S)
    assert car.ecus[0].uds.memory.with_status(0x01)
    car.tell("CEM_Ignition", Mode="II")
    car.run(1 * S)
    assert not car.ecus[0].uds.memory.with_status(0x01)
    assert car.ecus[0].uds.memory.with_status(0x08)


def frames_of(seed):
    bench = EmulatedBench(seed)
    offboard.install(bench)
    ecus.install(bench)
    frames = []
    bench.buses["body"].attach(lambda frame: frames.append((frame.time, frame.identifier, frame.data)))
    for line in ("battery", "terminal_s", "terminal_15"):
        bench.line(line).drive("hand", 12.6)
    bench.world.run(until=3 * S)
    return frames


def test_one_seed_gives_one_run_and_another_seed_another():
    """Frame for frame, to the nanosecond."""
    assert frames_of(5) == frames_of(5)
    assert frames_of(5) != frames_of(6)
