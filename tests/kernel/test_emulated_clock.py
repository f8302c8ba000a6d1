"""The emulated clock: waiting lets the world run, and looks at its condition whenever something arrives."""

import pytest

from emulation.bench import EmulatedBench
from emulation.clock import LOOK
from harness.clock import Clock
from harness.units import MS, S


@pytest.fixture
def bench() -> EmulatedBench:
    return EmulatedBench()


def test_it_is_a_clock_of_the_harness(bench):
    assert isinstance(bench.clock, Clock)


def test_sleep_takes_exactly_its_time(bench):
    bench.clock.sleep(1_234_567)
    assert bench.clock.now() == 1_234_567


def test_a_wait_that_fails_takes_exactly_its_timeout(bench):
    assert bench.clock.wait(lambda: False, 10 * MS + 1) is False
    assert bench.clock.now() == 10 * MS + 1


def test_a_condition_that_holds_already_takes_no_time(bench):
    assert bench.clock.wait(lambda: True, 1 * S) is True
    assert bench.clock.now() == 0


def test_a_wait_sees_its_condition_within_one_look(bench):
    hit = []
    bench.world.call_at(7 * MS + 300_000, hit.append)
    assert bench.clock.wait(lambda: bool(hit), 1 * S) is True
    assert 7 * MS + 300_000 <= bench.clock.now() < 7 * MS + 300_000 + LOOK


def test_bytes_on_a_port_end_a_look_at_their_very_instant(bench):
    port, taken = bench.port("modem"), []
    bench.clock.attach(lambda: taken.append(bench.clock.now()) if port.inbox else None)
    port.write(b"RING\r\n")
    assert bench.clock.wait(lambda: bool(port.inbox), 1 * S) is True
    assert bench.clock.now() == taken[0] == 60 * S // 115_200


def test_pumps_run_after_a_sleep_until_they_are_detached(bench):
    calls = []

    def pump() -> None:
        calls.append(bench.clock.now())

    bench.clock.attach(pump)
    bench.clock.sleep(5)
    bench.clock.detach(pump)
    bench.clock.sleep(5)
    assert calls == [5]
