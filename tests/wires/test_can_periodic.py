"""`send_periodic` on simulated time: on the grid, without a thread."""

import threading

import can
import pytest

from harness.units import MS


def message(data: bytes = b"\x00", identifier: int = 0x100) -> can.Message:
    return can.Message(arbitration_id=identifier, data=data, is_extended_id=False)


def received(bus: can.BusABC, seconds: float) -> list[tuple[int, bytes]]:
    """(ms of the frame's start, data) of all frames within the next `seconds`."""
    frames = []
    end = bus._world.now / 1e9 + seconds
    while (frame := bus.recv(max(0.0, end - bus._world.now / 1e9))) is not None:
        frames.append((round(frame.timestamp * 1e9) // MS, bytes(frame.data)))
    return frames


def test_frames_come_on_the_grid_and_no_thread_is_started(bus, other):
    threads = threading.active_count()
    bus.send_periodic(message(), 0.02)
    assert [time for time, _ in received(other, 0.1)] == [0, 20, 40, 60, 80]
    assert threading.active_count() == threads


def test_the_grid_does_not_drift_in_an_hour(bench, bus, other):
    bus.send_periodic(message(), 0.1)
    bench.world.run(until=3_600_000 * MS)
    last = None
    while (frame := other.recv(0)) is not None:
        last = frame
    assert round(last.timestamp * 1e9) == 3_599_900 * MS + 118_000


def test_duration_bounds_the_task_and_start_begins_it_anew(bus, other):
    task = bus.send_periodic(message(), 0.01, duration=0.03)
    assert [time for time, _ in received(other, 0.1)] == [0, 10, 20]
    assert task.stopped
    task.start()
    assert [time for time, _ in received(other, 0.1)] == [100, 110, 120]


def test_stop_and_start(bus, other):
    task = bus.send_periodic(message(), 0.01, autostart=False)
    assert received(other, 0.055) == []
    task.start()
    task.start()
    assert len(received(other, 0.055)) == 6
    task.stop()
    task.stop()
    assert received(other, 0.055) == []


def test_new_data_keeps_the_grid(bus, other):
    task = bus.send_periodic(message(b"old"), 0.01)
    received(other, 0.015)
    task.modify_data(message(b"new"))
    assert received(other, 0.02) == [(20, b"new"), (30, b"new")]
    with pytest.raises(ValueError, match="arbitration ID"):
        task.modify_data(message(identifier=0x101))


def test_several_messages_take_turns(bus, other):
    bus.send_periodic([message(b"a"), message(b"b"), message(b"c")], 0.01)
    assert [data for _, data in received(other, 0.05)] == [b"a", b"b", b"c", b"a", b"b"]


def test_a_modifier_changes_each_frame_before_it_goes_out(bus, other):
    def count(frame: can.Message) -> None:
        frame.data[0] += 1

    bus.send_periodic(message(), 0.01, modifier_callback=count)
    assert [data[0] for _, data in received(other, 0.04)] == [1, 2, 3, 4]


def test_a_modifier_that_raises_ends_its_task_loudly(bus, other):
    def broken(_frame: can.Message) -> None:
        raise ZeroDivisionError("oops")

    task = bus.send_periodic(message(), 0.01, modifier_callback=broken)
    with pytest.raises(ZeroDivisionError, match="oops") as error:
        other.recv(1.0)
    assert error.value.__notes__ == ["in the periodic task of frame 0x100 at 0 ns"]
    assert task.stopped
    assert other.recv(0.1) is None


def test_the_bus_stops_the_tasks_it_stores_and_only_those(bus, other):
    stored = bus.send_periodic(message(b"stored"), 0.01)
    own = bus.send_periodic(message(b"own"), 0.01, store_task=False)
    bus.stop_all_periodic_tasks()
    assert (stored.stopped, own.stopped) == (True, False)
    assert {data for _, data in received(other, 0.05)} == {b"own"}
    own.stop()


def test_shutdown_ends_the_tasks(other):
    with can.Bus(interface="emulated", channel="body") as bus:
        task = bus.send_periodic(message(), 0.01)
    assert task.stopped
    assert other.recv(1.0) is None


@pytest.mark.parametrize("period", [0, -1])
def test_a_period_must_be_positive(bus, period):
    with pytest.raises(ValueError, match="a period must be at least 1 ns"):
        bus.send_periodic(message(), period)
