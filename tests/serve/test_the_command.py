"""`hil serve` itself: how it ends, what it says, and the whole bench through the harness's own wires once."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from fixtures.stage import Stage
from harness.actors import Button
from harness.bench import load
from harness.errors import BenchError
from harness.units import MS
from hil.errors import UsageError
from hil.serve import serve
from tests.serving import served

BROKEN = """
from emulation.ecus.gnss import Gnss
from emulation.faults import seeded

@seeded(breaks="B-11", story="the receiver divides by zero")
class BrokenGnss(Gnss):
    def start(self):
        self.world.call_at(20_000_000, self.fail)

    def fail(self, _argument):
        raise ZeroDivisionError("no satellite to divide by")
"""


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"host": "0.0.0.0"}, "--token-file"),
        ({"host": "nowhere"}, "nowhere"),
        ({"fault": ["Nobody"]}, "unknown fault 'Nobody'"),
        ({"only": ["radio"]}, "no ECU 'radio'"),
        ({"can": ["vcan0"]}, "expected INTERFACE:CHANNEL"),
        ({"token_file": Path("/dev/none/token")}, "token cannot be read"),
        ({"bench": Path("benches/desk.example.toml")}, "only an emulated bench can be served"),
        ({"bench": Path("benches/none.toml")}, "none.toml"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(wrong: dict[str, object], complaint: str) -> None:
    with pytest.raises((UsageError, BenchError), match=complaint):
        serve(**{"port_base": 0, **wrong})  # type: ignore[arg-type]


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(UsageError, match=rf"can.body .*{taken}.*--port-base"):
            serve(port_base=taken - 1)
    assert capsys.readouterr().out == "", "it printed a bench file that reaches nothing"


def test_a_part_that_breaks_ends_serving_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faults = tmp_path / "broken.py"
    faults.write_text(BROKEN)
    written = tmp_path / "served.toml"
    with pytest.raises(BenchError, match=r"bench broke.*ZeroDivisionError: no satellite to divide by"):
        serve(port_base=0, fault=["BrokenGnss"], faults=[faults], mirror=False, write=written)
    assert "[offboard]" in capsys.readouterr().out
    assert load(written).can["body"].database.endswith("vehicle/body.dbc"), "it is of no use where it was written"


def test_holding_sos_calls_assistance_over_real_wires_and_a_signal_ends_it_well() -> None:
    with served("--seed", "7") as bench:
        stage = Stage.open(str(bench.file))
        try:
            stage.get_ready()
            press = stage.driver.hold(Button.SOS, 2_100 * MS)
            call = stage.operator.expects_call("sos")
            assert press.start < call.started
            assert call.msd is not None
            assert call.msd["automatic"] is False
        finally:
            stage.close()
        assert bench.end(signal.SIGINT) == 0
        assert (bench.folder / "stdout").read_text() == bench.file.read_text()
        assert "events ran late by p50" in bench.stderr
