"""Conversion loses no frame and no instant, names what it cannot read, and takes what is whole of a cut file."""

from array import array

import can
import pytest
from typer.testing import CliRunner

from harness.recording.blf import BlfWriter, gathered
from harness.recording.folder import About
from harness.units import MS, S
from hil.convert import convert_file
from hil.errors import UsageError
from hil.main import app
from tests.recording.test_blf import KINDS, START, tracks, written

RUNNER = CliRunner()


@pytest.fixture
def blf(tmp_path):
    """All kinds of frames; remote ones apart, as python-can's MF4 has none."""
    written(tmp_path / "body.blf", tracks([kind for kind in KINDS if kind[0] != 0x7FF], 200))
    return tmp_path / "body.blf"


def frames(path):
    with can.LogReader(path) as reader:
        return [
            (each.arbitration_id, each.is_extended_id, each.is_fd, each.bitrate_switch, bytes(each.data))
            for each in reader
        ]


def times(path):
    with can.LogReader(path, **({"relative_timestamp": False} if path.suffix == ".asc" else {})) as reader:
        return [each.timestamp for each in reader]


@pytest.mark.parametrize("to", ["asc", "mf4", "log"])
def test_there_and_back_again_frame_by_frame(blf, tmp_path, to):
    count, trouble = convert_file(blf, tmp_path / f"there.{to}", "body" if to == "log" else 0)
    assert (count, trouble) == (200 * 7, "")
    assert frames(tmp_path / f"there.{to}") == frames(blf)
    convert_file(tmp_path / f"there.{to}", tmp_path / "back.blf", 0)
    assert frames(tmp_path / "back.blf") == frames(blf)


@pytest.mark.parametrize("to", ["asc", "mf4", "log", "blf"])
def test_the_instants_stay_and_so_does_the_day(blf, tmp_path, to):
    convert_file(blf, tmp_path / f"there.{to}", "body" if to == "log" else 0)
    for was, now in zip(times(blf), times(tmp_path / f"there.{to}"), strict=True):
        assert now == pytest.approx(was, abs=1e-3 if to in {"asc", "blf"} else 2e-6)  # their day has ms
    convert_file(tmp_path / f"there.{to}", tmp_path / "back.log", "body")
    assert times(tmp_path / "back.log")[0] == pytest.approx(START / S, abs=2e-3)


def test_candump_names_the_network(blf, tmp_path):
    convert_file(blf, tmp_path / "there.log", "body")
    assert " body 123#0102030405060708" in (tmp_path / "there.log").read_text()


def test_a_file_that_was_cut_off_is_converted_as_far_as_it_is_whole(tmp_path):
    written(tmp_path / "whole.blf", tracks(KINDS[:4], 20_000))
    content = (tmp_path / "whole.blf").read_bytes()
    (tmp_path / "cut.blf").write_bytes(content[: len(content) * 2 // 3])
    result = RUNNER.invoke(app, ["convert", str(tmp_path / "cut.blf"), "--to", "asc"])
    assert result.exit_code == 0, result.output
    assert "is cut off" in result.output
    assert 10_000 < len(frames(tmp_path / "cut.asc")) < 80_000


def test_a_whole_run_goes_to_a_folder_of_its_own(tmp_path):
    for test in ("one", "two"):
        folder = tmp_path / "recordings" / test
        folder.mkdir(parents=True)
        About(test, "benches/emulated.toml", 1, started=START, networks=["body", "chassis"], whole=True).save(folder)
        for network in ("body", "chassis"):
            writer = BlfWriter(folder / f"{network}.blf", START)
            writer.write(gathered([(0x10, 0, array("q", [1 * MS, 2 * MS]), [test.encode()] * 2)]))
            writer.close()
    result = RUNNER.invoke(app, ["convert", str(tmp_path), "--to", "log"])
    assert result.exit_code == 0, result.output
    assert "4 files converted to log" in result.output
    text = (tmp_path / "converted" / "two" / "chassis.log").read_text()
    assert text.count(" chassis 010#74776F") == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.txt", b"", "cannot be read"), ("a.blf", b"", "cannot be read"), ("a.blf", b"(0) x", "cannot be read")],
)
def test_what_is_no_log_is_refused_in_words(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=said):
        convert_file(tmp_path / name, tmp_path / "b.asc", 0)


def test_a_file_with_several_channels_keeps_them(tmp_path):
    with can.ASCWriter(tmp_path / "two.asc") as writer:
        for channel in (0, 1):
            writer.on_message_received(can.Message(arbitration_id=1, data=b"a", channel=channel, timestamp=START / S))
    convert_file(tmp_path / "two.asc", tmp_path / "two.blf")
    with can.LogReader(tmp_path / "two.blf") as reader:
        assert [frame.channel for frame in reader] == [0, 1]


def test_nothing_to_convert_is_said(tmp_path):
    result = RUNNER.invoke(app, ["convert", str(tmp_path / "nowhere"), "--to", "asc"])
    assert "neither a run nor a file" in str(result.exception)
    result = RUNNER.invoke(app, ["convert", str(tmp_path), "--to", "asc"])
    assert "holds no recorded CAN" in str(result.exception)
