"""Emulated benches with short timeouts, the car powered and its modem awake."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench import Bench, load
from harness.units import S

ROOT = Path(__file__).parents[2]
TIMEOUTS = '\n[timeouts]\ninstrument = "1 s"\nat = "1 s"\nhttp = "1 s"\n'


def written(tmp_path, more="", name="bench.toml"):
    """A bench file beside the car's data, by links."""
    for folder in ("vehicle", "catalogue"):
        if not (tmp_path / folder).exists():
            (tmp_path / folder).symlink_to(ROOT / folder)
    file = tmp_path / name
    file.write_text((ROOT / "benches" / "emulated.toml").read_text() + TIMEOUTS + more)
    return file


def power(bench, patience=60 * S, settle=5 * S):
    """As `Car.power` does; what happens on ports until the car has settled is no trouble."""
    bench.timeline.note(bench.clock.now(), "power", volts=12.6)
    bench.lines["battery"].set_voltage(12.6)
    bench.lines["battery"].set_power(True)
    bench.modem.wait_answering(patience)
    bench.clock.sleep(settle)


@pytest.fixture(scope="module")
def emulated(tmp_path_factory):
    """A bench for one trouble after the other, each mended before the next."""
    bench = Bench.open(load(written(tmp_path_factory.mktemp("bench"))), seed=1)
    power(bench)
    yield bench
    mend_and_close(bench)


@pytest.fixture
def opened(tmp_path):
    """`opened(more)`: a bench whose file says `more`, powered."""
    benches = []

    def open_bench(more="", **options):
        bench = Bench.open(load(written(tmp_path, more)), seed=1, **options)
        benches.append(bench)
        power(bench)
        return bench

    yield open_bench
    for bench in benches:
        if not bench.closed:
            mend_and_close(bench)


def mend_and_close(bench):
    bench.offboard.request("DELETE", "/bench/troubles")
    bench.close()
