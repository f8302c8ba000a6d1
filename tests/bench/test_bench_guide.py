"""The guide to bench files tells the truth: its pieces are a bench file, and its mistake is told as printed."""

from __future__ import annotations

import re
from pathlib import Path

import can
import pytest

from harness.bench import Bench, describe, load
from harness.errors import BenchFileError
from harness.units import MS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "bench.md").read_text(encoding="utf-8")
PIECES = "\n".join(re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL))


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "vehicle").symlink_to(ROOT / "vehicle")

    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_pieces_of_the_guide_are_a_bench_file(mine):
    file = load(mine(PIECES))
    rows = {(row.section, row.name): row.meaning for row in describe(file)}
    assert rows["ECU", "telematics (TCU)"].startswith("real; sends TCU_Call")
    assert rows["ECU", "airbag (ACM)"].startswith("emulated by the harness")


def test_the_mistake_in_the_guide_is_told_as_it_stands_there(mine):
    printed = re.search(r"line\.sos_button\.pressed_by\.chanel: .*", GUIDE)
    with pytest.raises(BenchFileError) as caught:
        load(mine(PIECES.replace("channel = 1001", "chanel = 1001")))
    assert printed
    assert printed[0] in str(caught.value)


def test_on_wall_time_the_guide_s_network_plays_what_is_called_emulated_and_nothing_else(mine):
    """A physical bench's path: python-can's own bus and tasks, the machine's clock, frames dated by the bench's."""
    text = re.sub(r"\[offboard\].*", "", PIECES, flags=re.DOTALL)  # neither service nor instruments are there
    with can.Bus(interface="virtual", channel="mine") as peer, Bench.open(load(mine(text))) as bench:
        bench.clock.sleep(150 * MS)
        network = bench.networks["body"]
        senders = {
            sender
            for frame in bench.timeline.frames("body")
            for sender in network.database.get_message_by_frame_id(frame.identifier).senders
        }
        crash = [frame.time for frame in bench.timeline.frames("body", "ACM_Crash")]
        assert peer.recv(0) is not None
    assert senders == {"ACM", "CEM"}
    assert len(crash) >= 5  # 15 are due at 10 ms; a loaded machine is late, never early
    assert all(0 <= time <= bench.clock.now() for time in crash)
