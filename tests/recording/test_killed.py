"""A run that is killed outright has lost the last second of its recording, and no more; what is left can be read."""

import subprocess
import sys

import can
import pytest

from harness.recording.blf import read_blf
from harness.recording.folder import About
from harness.recording.player import Player
from harness.recording.tape import Kind, Tape
from harness.units import S
from hil.convert import convert_file
from tests.recording.killed_run import IDENTIFIER
from tests.recording.scenes import ROOT

RECORDED = 400
"""Frames after which it is killed: two seconds and more, so that there were two flushes."""
LOST_S_MAX = 3.0
"""The promise is one second; the rest is for a machine where a thread gets its turn late."""


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.recording.killed_run", str(folder)], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )
    with process:
        taken = 0
        assert process.stdout is not None
        for line in process.stdout:
            taken = int(line)
            if taken >= RECORDED:
                break
        process.kill()
    assert taken >= RECORDED
    return folder, taken


def test_frames_up_to_the_last_second_are_there(killed):
    folder, taken = killed
    about = About.load(folder)
    assert not about.whole
    frames = read_blf(folder / "body.blf", about.started)
    numbers = [int.from_bytes(data) for data in frames.payloads()]
    assert numbers == list(range(len(numbers)))
    last = Tape.read(folder)[-1].value
    per_second = len(numbers) / (frames.times[-1] / S)
    assert taken - len(numbers) < LOST_S_MAX * max(per_second, 200)
    assert abs(last - int(frames.times[-1])) < LOST_S_MAX * S


def test_python_can_and_convert_read_them(killed):
    folder, _ = killed
    with can.BLFReader(folder / "body.blf") as reader:
        read = [frame.arbitration_id for frame in reader]
    assert read
    assert set(read) == {IDENTIFIER}
    assert convert_file(folder / "body.blf", folder / "body.asc", 0)[0] == len(read)


def test_the_order_of_things_can_be_read_as_well(killed):
    folder, _ = killed
    player = Player(folder)
    assert player.about.wall
    kinds = {entry.kind for entry in Tape.read(folder)}
    assert kinds >= {Kind.WAIT, Kind.DONE, Kind.PUMP, Kind.CUT}
    assert Kind.CLOSE not in kinds
