"""The same troubles behind real wires: sockets to a bench in another process, on the wall clock."""

from __future__ import annotations

import pytest

from harness.bench import Bench, load
from harness.errors import BenchError
from harness.units import S
from tests.serving import served
from tests.troubles.cases import CASES, GONE, breaks_and_mends, make
from tests.troubles.conftest import power


@pytest.fixture(scope="module")
def wall():
    """One served bench for one trouble after the other, each mended before the next."""
    with served() as process:
        file = load(process.file)
        short = file.timeouts.model_copy(update={"instrument": 1 * S, "at": 1 * S, "http": 1 * S})
        alone = file.bench.model_copy(update={"watchdog": False})
        bench = Bench.open(file.model_copy(update={"timeouts": short, "bench": alone}), seed=1)
        try:
            power(bench, settle=1 * S)
            yield bench
        finally:
            bench.offboard.request("DELETE", "/bench/troubles")
            bench.close()


@pytest.mark.parametrize("name", CASES)
def test_a_trouble_behind_real_wires_is_the_bench_s_fault_at_its_place(wall, name):
    breaks_and_mends(wall, *CASES[name])


def test_an_interface_that_is_gone_behind_real_wires_is_the_bench_s_fault(wall):
    """The last one: a bus that was lost is opened again with the bench."""
    where, what, act, place = GONE
    make(wall, where, what)
    with pytest.raises(BenchError, match=place):
        act(wall)
