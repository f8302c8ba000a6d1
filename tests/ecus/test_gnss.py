"""The satellite receiver: fixes, lost, stale and untrusted positions, on CAN and in NMEA sentences (B-04)."""

import pynmea2
import pytest

from emulation.ecus.gnss import Gnss, angle, sentence
from harness.units import MS, S


@pytest.fixture
def car(car_of):
    car = car_of(Gnss)
    car.power().run(8 * S)
    return car


def sky(car):
    return car.bench.parts["sky"]


def second(car):
    """The sentences of one second."""
    inbox = car.bench.port("gnss").inbox
    car.world.run(until=car.world.now // S * S + 900 * MS)
    inbox.clear()
    car.run(1 * S)
    return [pynmea2.parse(line.decode(), check=True) for line in inbox.split(b"\r\n") if line]


def test_the_first_fix_comes_after_a_while_and_nothing_is_claimed_before(car_of):
    """No fix, no trust, age 65535; between 2 and 7 s after the boot a position."""
    car = car_of(Gnss)
    car.power().run(1_500 * MS)
    assert car.now("GNSS_Position", "Fix") == "NONE"
    assert car.now("GNSS_Position", "Trusted") == 0
    assert car.now("GNSS_Quality", "FixAge") == 65535
    car.run(6 * S)
    assert car.now("GNSS_Position", "Fix") == "3D"
    assert car.now("GNSS_Position", "Trusted") == 1


def test_the_position_on_can_is_where_the_car_is(car):
    """To a millionth of a degree, in all four quarters of the earth."""
    for place in ((57.7089, 11.9746), (-33.868801, 151.209296), (40.712776, -74.005974), (-89.999999, -179.999999)):
        sky(car).latitude, sky(car).longitude = place
        car.run(2 * S)
        shown = (car.now("GNSS_Position", "Latitude"), car.now("GNSS_Position", "Longitude"))
        assert shown == pytest.approx(place, abs=6e-7)


def test_a_lost_position_stays_and_grows_old(car):
    """Fix NONE, not trusted, the last known place, and its age in seconds."""
    sky(car).fix = False
    sky(car).latitude = 10.0
    car.run(30 * S)
    assert car.now("GNSS_Position", "Fix") == "NONE"
    assert car.now("GNSS_Position", "Trusted") == 0
    assert car.now("GNSS_Position", "Latitude") == pytest.approx(57.7089)
    assert 28 <= car.now("GNSS_Quality", "FixAge") <= 31


@pytest.mark.parametrize(("accuracy", "trusted"), [(4, 1), (150, 1), (151, 0), (5_000, 0)])
def test_a_position_is_trusted_within_150_m(car, accuracy, trusted):
    """EN 15722's limit; the fix itself stays."""
    sky(car).accuracy_m = accuracy
    car.run(2 * S)
    assert car.now("GNSS_Position", "Trusted") == trusted
    assert car.now("GNSS_Position", "Fix") == "3D"


@pytest.mark.parametrize(
    ("satellites", "fix"), [(0, "NONE"), (2, "NONE"), (3, "2D"), (4, "3D"), (20, "3D"), (60, "3D")]
)
def test_satellites_make_the_fix(car, satellites, fix):
    """Three for a position, four for height; more than the signals hold is told as their end."""
    sky(car).satellites = satellites
    car.run(2 * S)
    assert car.now("GNSS_Position", "Fix") == fix


def test_every_second_has_its_five_sentences_with_checksum(car):
    """RMC, VTG, GGA, GSA, GSV by an independent reader that insists on checksums; they agree with CAN."""
    found = {message.sentence_type: message for message in second(car)}
    assert set(found) == {"RMC", "VTG", "GGA", "GSA", "GSV"}
    assert found["RMC"].status == "A"
    assert found["RMC"].latitude == pytest.approx(57.7089, abs=1e-6)
    assert found["GGA"].longitude == pytest.approx(11.9746, abs=1e-6)
    assert int(found["GGA"].num_sats) == 9
    assert found["GSA"].mode_fix_type == "3"
    assert found["GSV"].num_sv_in_view == "09"
    assert int(found["RMC"].datetime.timestamp()) == pytest.approx(car.now("GNSS_Time", "UnixTime"), abs=2)


def test_sentences_without_a_fix_say_so(car):
    """Status V, quality 0, mode 1, and no coordinates."""
    sky(car).fix = False
    car.run(1 * S)
    found = {message.sentence_type: message for message in second(car)}
    assert (found["RMC"].status, found["GGA"].gps_qual, found["GSA"].mode_fix_type) == ("V", 0, "1")
    assert (found["RMC"].lat, found["GGA"].lon) == ("", "")


def test_the_sentences_of_a_second_fit_into_it(car):
    """9,600 baud: with twelve satellites, the whole report is out before the next one begins."""
    sky(car).satellites = 12
    car.run(2 * S)
    assert sum(len(str(message)) + 2 for message in second(car)) < 960


def test_an_antenna_that_is_off_is_a_fault_and_no_position(car):
    """Trouble code and Fix NONE."""
    sky(car).antenna = False
    car.run(2 * S)
    assert car.now("GNSS_Position", "Fix") == "NONE"
    assert car.ecus[0].uds.memory.with_status(0x01)


def test_checksums_and_angles_by_hand():
    """A published sentence, and rounding that carries from minutes to degrees."""
    assert sentence("GPGLL,5300.97914,N,00259.98174,E,125926,A") == "$GPGLL,5300.97914,N,00259.98174,E,125926,A*28\r\n"
    assert angle(-11.9746, "EW", 3) == "01158.4760,W"
    assert angle(9.9999999999, "NS", 2) == "1000.0000,N"
