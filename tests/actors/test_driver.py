"""The driver presses what the line then shows, and the scope, not the host, says for how long."""

import pytest

from harness.actors import Button, Ignition
from harness.errors import BenchError, ExpectationError, InterlockError
from harness.units import MS, S, seconds


def test_a_generator_s_press_is_as_long_as_asked_to_within_its_uncertainty(driver):
    press = driver.hold(Button.ON_CALL, 800 * MS, by="generator")
    assert abs(press.measured.value - 0.8) < press.measured.expanded
    assert press.measured.expanded < 0.2e-3
    assert press.openings == 0


def test_a_relay_s_press_is_measured_on_the_line(driver):
    press = driver.hold(Button.SOS, 700 * MS)
    assert press.measured.value == pytest.approx(0.7, abs=0.05)
    assert press.measured.expanded < 10e-3  # closing bounce is part of it
    assert 0 <= press.end - press.start - round(press.measured.value * S) < 60 * MS


def test_every_press_is_an_act_on_the_timeline(driver, bench):
    driver.hold(Button.SOS, 300 * MS)
    (pressed,) = bench.timeline.events("tester", "press")
    (released,) = bench.timeline.events("tester", "release")
    assert pressed.data["button"] == released.data["button"] == "SOS"
    assert bench.timeline.was("OHC_Status.Sos", "PRESSED", since=pressed.time)


def test_two_presses_are_as_far_apart_as_asked(driver):
    first, second = driver.presses(Button.SOS, 300 * MS, count=2, pause=400 * MS)
    assert seconds(second.start - first.end) == pytest.approx(0.4, abs=1e-3)
    assert second.measured.value == pytest.approx(0.3, abs=1e-3)


def test_bounce_is_one_press_whose_contact_opened(driver):
    press = driver.bounce(Button.SOS, 500 * MS, contacts=4, opening=2 * MS)
    assert press.openings == 3
    assert press.measured.value == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("chatter", ["start", "release"])
def test_a_relay_s_press_chatters_where_it_is_asked_to(driver, chatter):
    """The generator's short contacts show on the line where the relay has not closed yet, or is open already."""
    clean, bad = driver.hold(Button.SOS, 300 * MS), driver.hold(Button.SOS, 300 * MS, chatter=chatter)
    assert bad.openings > 1
    assert bad.measured.value == pytest.approx(clean.measured.value, abs=0.03)
    assert not driver.bench.line("sos_button").is_pressed()


def test_each_request_of_the_console_is_counted_once(driver, car):
    since = driver.now()
    driver.hold(Button.ON_CALL, Button.ON_CALL.hold - 100 * MS)
    assert car.requests(since=since) == []
    press = driver.hold(Button.SOS, Button.SOS.hold + 100 * MS)
    driver.hold(Button.SOS, Button.SOS.hold + 100 * MS)
    first, second = car.requests(since=since)
    assert first - press.start == pytest.approx(Button.SOS.hold, abs=20 * MS)
    assert second > press.end
    assert car.requests(since=second + 1) == []


def test_openings_longer_than_bounce_are_refused_as_presses_of_their_own(driver):
    with pytest.raises(BenchError, match="expected one press on the SOS line, the scope saw 2"):
        driver.bounce(Button.SOS, 500 * MS, opening=20 * MS)


def test_both_buttons_are_measured_in_one_record(driver, bench):
    sos, on_call = driver.hold_both(400 * MS)
    assert (sos.button, on_call.button) == (Button.SOS, Button.ON_CALL)
    assert sos.measured.value == pytest.approx(on_call.measured.value, abs=0.03)
    assert bench.timeline.was("OHC_Status.OnCall", "PRESSED", since=on_call.start)


def test_a_kept_button_has_the_host_s_uncertainty(driver, bench):
    driver.press_and_keep(Button.SOS)
    bench.clock.sleep(500 * MS)
    press = driver.release(Button.SOS)
    assert press.measured.value == pytest.approx(0.5, abs=0.05)
    assert press.measured.expanded > 20e-3
    with pytest.raises(BenchError, match="SOS is not pressed"):
        driver.release(Button.SOS)


@pytest.mark.parametrize("mode", list(Ignition))
def test_every_ignition_mode_is_told_on_can(driver, car, mode):
    told = driver.ignition(mode)
    assert car.state("CEM_Ignition.Mode") == mode.value
    assert told <= car.now()


def test_nothing_is_pressed_on_a_network_that_is_not_proven(driver, bench, monkeypatch):
    def refuse():
        raise InterlockError("public")

    monkeypatch.setattr(bench.interlock, "check", refuse)
    since = bench.clock.now()
    for press in (lambda: driver.hold(Button.SOS, 3 * S), lambda: driver.hold(Button.SOS, 3 * S, by="generator")):
        with pytest.raises(InterlockError):
            press()
    with pytest.raises(InterlockError):
        driver.press_and_keep(Button.SOS)
    bench.clock.sleep(200 * MS)
    assert bench.timeline.stays("OHC_Status.Sos", "IDLE", since)


def test_nobody_is_heard_without_a_call(driver):
    with pytest.raises(ExpectationError, match=r"expected a voice of 0.5 V .*last read speaker voltage"):
        driver.expects_voice(within=1 * S)
