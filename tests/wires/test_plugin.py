"""The active bench: opened by a clock, replaced by a newer one, built when nobody has opened one."""

import can
import pytest

from emulation import plugin
from harness.clock import Clock
from harness.units import MS


def test_opening_the_clock_makes_its_bench_the_active_one_until_it_is_closed():
    first = plugin.open_clock(seed=3)
    bench = plugin.active()
    assert (bench.clock is first, bench.world.seed, isinstance(first, Clock)) == (True, 3, True)
    second = plugin.open_clock(seed=4)
    first.close()
    assert plugin.active().clock is second
    second.close()
    assert plugin.active() not in {bench, second}


def test_a_bus_from_an_interactive_session_finds_the_default_car_alive():
    plugin.activate(None)
    with can.Bus(interface="emulated", channel="body") as bus:
        assert plugin.active() is plugin.active()
        assert plugin.active().world.seed == 0
        assert bus.recv(5.0) is not None


def test_the_whole_car_repeats_a_run_of_the_same_seed_frame_for_frame():
    def record(seed: int) -> list[tuple[float, int, bytes]]:
        clock = plugin.open_clock(seed=seed)
        for line in ("battery", "terminal_s", "terminal_15"):
            plugin.active().line(line).drive("test", 12.6)
        with can.Bus(interface="emulated", channel="body") as bus:
            clock.sleep(1_000 * MS)
            frames = [(m.timestamp, m.arbitration_id, bytes(m.data)) for m in iter(lambda: bus.recv(0), None)]
        clock.close()
        return frames

    one = record(1)
    assert len(one) > 500
    assert one == record(1)


def test_options_of_other_benches_clocks_are_ignored():
    plugin.open_clock(seed=1, network="simulated").close()


@pytest.fixture(autouse=True)
def _deactivate():
    yield
    plugin.activate(None)
