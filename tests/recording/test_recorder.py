"""What a thread writes while another one files: every frame once, as it was, also what the timeline forgets."""

import json
import sys
import threading

import pytest

from harness.recording import recorder as module
from harness.recording.blf import read_blf
from harness.recording.folder import EVENTS, About
from harness.recording.recorder import Recorder
from harness.recording.tape import whole_lines
from harness.timeline import Timeline
from tests.recording.scenes import FILE

FRAMES = 200_000


@pytest.fixture
def recorder(tmp_path, monkeypatch):
    """As on wall time, and as if a hundred seconds went by in one; threads change as often as can be."""
    monkeypatch.setattr(module, "FLUSH_S", 0.01)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    made = Recorder(tmp_path, About("x", FILE.path, 1), FILE)
    made.about.wall = True
    made.about.networks.append("body")
    yield made
    sys.setswitchinterval(interval)


def test_every_frame_is_written_once_with_its_own_payload(recorder, tmp_path):
    timeline = Timeline()
    recorder.watch(timeline)
    for number in range(FRAMES):
        identifier = number * 7919 % 97 + number // 10_000 * 100  # new ones all the time
        timeline.add_frame("body", number * 1_000, identifier, number.to_bytes(8))
    recorder.close()
    frames = read_blf(tmp_path / "body.blf", recorder.about.started)
    assert sorted(frames.times.tolist()) == [number * 1_000 for number in range(FRAMES)]
    assert all(int.from_bytes(data) * 1_000 == time for data, time in zip(frames.payloads(), frames.times, strict=True))


class Lingering(dict):
    """Takes its time to be cleared, so that the recorder's thread comes in between."""

    def clear(self):
        threading.Event().wait(0.1)
        super().clear()


def test_what_the_timeline_forgets_is_kept_here(recorder, tmp_path):
    """A bench with a past forgets it; a replay goes through that as well."""
    timeline = Timeline()
    timeline._tracks = Lingering()
    recorder.watch(timeline)
    for number in range(300):
        timeline.add_frame("body", number * 1_000, number % 5, number.to_bytes(8))
        timeline.note(number * 1_000, "act", number=number)
        if number in {100, 101, 250}:
            timeline.forget()
    recorder.close()
    frames = read_blf(tmp_path / "body.blf", recorder.about.started)
    assert frames.in_order().payloads() == [number.to_bytes(8) for number in range(300)]
    acts = [json.loads(line)["data"]["number"] for line in whole_lines(tmp_path / EVENTS)]
    assert acts == list(range(300))
