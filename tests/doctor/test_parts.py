"""Single checks of the doctor against a world, a line or a clock that is not as it should be."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from emulation.can_bus import ERROR
from emulation.plugin import active
from harness.bench import Bench, load
from harness.bench.doctor_can import check_network
from harness.bench.doctor_clocks import check_clock
from harness.bench.doctor_findings import Level, Sheet
from harness.bench.doctor_lines import exercise_lines, is_off
from harness.bench.doctor_ports import check_gnss, check_modem, check_offboard
from harness.clock_offset import AskedOffset, HeardOffset
from harness.errors import InterlockError
from harness.units import MS, S
from tests.doctor.sick_benches import ROOT

FILE = load(ROOT / "benches/emulated.toml")
SHEET = Sheet.of(FILE)


@pytest.fixture
def bench():
    with Bench.open(FILE, seed=5) as bench:
        yield bench


@pytest.fixture
def powered(bench):
    """The car on."""
    bench.lines["battery"].set_voltage(12.6)
    bench.lines["battery"].set_power(True)
    return bench


def levels(findings):
    return {finding.check: finding.level for finding in findings}


def modem(bench, patience=60 * S):
    return list(check_modem(bench, bench.clock.now() + patience, SHEET.at("serial", "modem")))


def test_a_modem_in_a_public_network_is_wrong_by_the_interlock_s_own_verdict(powered):
    powered.offboard.set_network(plmn="24007")
    findings = modem(powered)
    said = next(finding for finding in findings if finding.check == "test network")
    assert said.level is Level.WRONG
    assert "24007" in said.seen
    with pytest.raises(InterlockError):
        powered.interlock.check()


def test_a_modem_without_network_proves_nothing(powered):
    powered.offboard.set_network(coverage="none")
    assert levels(modem(powered, 20 * S)) | {"registration": Level.WARNING, "test network": Level.WARNING} == levels(
        modem(powered, 20 * S)
    )


def test_a_modem_that_the_network_refuses_is_wrong(powered):
    powered.offboard.set_network(reject_cause=11)
    assert levels(modem(powered))["registration"] is Level.WRONG


def test_a_modem_without_power_is_not_said_to_be_well(bench):
    assert levels(modem(bench, 3 * S)) == {"answers AT": Level.WARNING}


def test_no_finding_and_no_log_tells_the_subscriber(powered):
    told = [finding.as_json() for finding in modem(powered)]
    assert "00101..." in str(told)
    assert "001010123456789" not in str(told)
    assert "001010123456789" not in powered.timeline.to_json()


def test_a_receiver_that_sees_no_satellite_is_told(powered):
    powered.offboard.set_position(fix=False, satellites=0)
    findings = levels(check_gnss(powered, powered.clock.now() + 20 * S, SHEET.at("serial", "gnss")))
    assert findings == {"sentences": Level.OK, "fix": Level.WARNING}


def test_a_receiver_without_power_is_wrong(bench):
    assert levels(check_gnss(bench, bench.clock.now(), SHEET.at("serial", "gnss"))) == {"sentences": Level.WRONG}


def test_a_network_that_the_file_does_not_allow_is_told_off_board(bench):
    bench.offboard.set_network(plmn="24007")
    assert levels(check_offboard(bench, SHEET.at("offboard")))["network"] is Level.WRONG


def test_error_frames_are_told(powered):
    powered.clock.sleep(1 * S)
    since = powered.clock.now()
    active().buses["body"].send(0, b"", ERROR)
    powered.clock.sleep(2 * S)
    findings = levels(check_network(powered, "body", since, SHEET.at("can", "body")))
    assert findings["error frames"] is Level.WRONG


# Buttons


def closings(bench, channel):
    texts = [event.data["text"] for event in bench.timeline.events("switch", "scpi")]
    return [text for text in texts if text.startswith("ROUT:CLOS (") and str(channel) in text]


def test_a_car_that_is_off_is_proven_to_be(bench):
    assert is_off(bench) == ""


def test_no_button_is_pressed_while_the_car_is_on_and_the_interlock_refuses(powered):
    """The modem is on a public network: not even a press that is too short for a call."""
    powered.clock.sleep(30 * S)
    powered.offboard.set_network(plmn="24007")
    powered.clock.sleep(30 * S)
    findings = {finding.subject: finding for finding in exercise_lines(powered, SHEET)}
    for button, channel in (("line.sos_button", 1001), ("line.on_call_button", 1002)):
        assert "left alone" in findings[button].seen
        assert closings(powered, channel) == []
    assert closings(powered, 1021) == []
    assert closings(powered, 1003)  # ignition calls nobody


def test_a_car_on_its_backup_battery_is_not_off(powered, monkeypatch):
    """The supply is off, but the telematics unit still runs and could call: CAN tells, or else the modem."""
    powered.clock.sleep(20 * S)
    powered.lines["battery"].set_power(False)
    powered.clock.sleep(1 * S)
    assert is_off(powered) == "network body carries frames"
    monkeypatch.setattr(powered.timeline, "frames", lambda *_arguments, **_options: iter(()))
    assert is_off(powered) == "the modem answers"


def test_a_press_of_the_doctor_s_is_far_too_short_for_a_call(powered):
    powered.clock.sleep(40 * S)
    since = powered.clock.now()
    assert all(finding.level is Level.OK for finding in exercise_lines(powered, SHEET))
    assert closings(powered, 1001)
    powered.clock.sleep(10 * S)
    assert powered.offboard.calls("assistance") == []
    assert not powered.timeline.was("OHC_Status.Sos", "REQUESTED", since)


# Clocks


def clock_of(**values):
    known = {"known": True, "drift_ppm": 0.0, "drift_uncertainty_ppm": 1.0, "uncertainty": 300_000, "steps": 0}
    (finding,) = check_clock(SimpleNamespace(**known | values), SHEET.at("can", "body"))
    return finding


@pytest.mark.parametrize(
    ("values", "level", "said"),
    [
        ({}, Level.OK, "300 us"),
        ({"drift_ppm": 20.0}, Level.OK, "+20.0 ppm"),
        ({"drift_ppm": -160.0}, Level.WRONG, "at most 100 ppm"),
        ({"drift_ppm": 160.0, "drift_uncertainty_ppm": 100.0}, Level.OK, "100.0 ppm"),
        ({"steps": 2}, Level.WRONG, "set 2 times"),
        ({"uncertainty": 8 * MS}, Level.WARNING, "8 ms"),
        ({"known": False}, Level.WARNING, "nothing was heard"),
    ],
)
def test_a_clock_is_judged_by_drift_steps_and_uncertainty(values, level, said):
    finding = clock_of(**values)
    assert finding.level is level
    assert said in finding.seen


def test_an_interval_between_two_clocks_is_as_uncertain_as_both_and_exact_in_emulated_time(bench):
    assert bench.uncertainty_between("body", "modem") == bench.uncertainty_between("assistance", "tester") == 0
    heard = bench.networks["body"].offset = HeardOffset()
    heard.hear(1 * S, 5 * S)
    assert (
        bench.uncertainty_between("body", "modem") == bench.uncertainty_between("tester", "body") == heard.uncertainty
    )
    assert heard.uncertainty > 1 * MS
    asked = bench.offboard.offset = AskedOffset()
    asked.exchange(1 * S, 7 * S, 1 * S + 30 * MS)
    both = (heard.uncertainty**2 + asked.uncertainty**2) ** 0.5
    assert bench.uncertainty_between("body", "emergency") == pytest.approx(both, rel=0.01)
    assert bench.uncertainty_between("assistance", "emergency") == 0  # one clock stamps both


def test_a_drift_beyond_any_crystal_is_found_within_the_doctor_s_time():
    offset = HeardOffset()
    for true in range(0, 4_500 * MS, 2 * MS):
        offset.hear(true + 60_000 + true % 7 * 1_000, 5 * S + round(true * 1.000180))
    (finding,) = check_clock(offset, SHEET.at("can", "body"))
    assert finding.level is Level.WRONG
    assert "drift of at most 100 ppm" in finding.seen
