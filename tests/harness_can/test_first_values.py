"""`[can.X] start` gives a played ECU its first values; what cannot be is told with file and line."""

import pytest

from harness.bench import Bench, load
from harness.errors import BenchFileError
from harness.units import MS
from tests.harness_can.desk import VEHICLE


@pytest.fixture
def write(tmp_path):
    """A bench whose harness plays all but the telematics unit; `start` is put into it."""

    def write(*start):
        text = (VEHICLE.parent / "benches" / "emulated.toml").read_text()
        text = text.replace("vehicle/", f"{VEHICLE}/").replace('restbus = "bench"', 'restbus = "harness"')
        text = text.replace('telematics = "emulated"', 'telematics = "real"')
        text += "\n[can.body.start]\n" + "\n".join(start) + "\n"
        path = tmp_path / "bench.toml"
        path.write_text(text)
        return path

    return write


def test_the_first_frame_of_a_played_ecu_has_the_values_of_the_file(write):
    with Bench.open(load(write('"GNSS_Position.Fix" = "3D"', '"GNSS_Position.Latitude" = 57.7'))) as bench:
        bench.clock.sleep(300 * MS)
        first = next(bench.timeline.frames("body", "GNSS_Position"))
        decoded = bench.networks["body"].message("GNSS_Position").decode(first.data)
    assert decoded["Fix"] == "3D"
    assert decoded["Latitude"] == pytest.approx(57.7)


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ('"GNSS_Position.Fixx" = "3D"', "expected a signal of .*; did you mean 'GNSS_Position.Fix'"),
        ('"GNSS_Position.Fix" = "4D"', "expected a value of .*, got '4D'"),
        ('"GNSS_Position.Latitude" = 91.0', "expected a value of .*, got 91.0"),
        ('"TCU_Status.Ready" = 1', "expected a message that the harness plays; TCU sends it itself"),
    ],
)
def test_a_first_value_that_cannot_be_is_told_with_its_line(write, start, told):
    path = write(start)
    line = path.read_text().splitlines().index(start) + 1
    with pytest.raises(BenchFileError, match=rf"bench\.toml:{line}: can\.body\.start.*{told}"):
        load(path)
