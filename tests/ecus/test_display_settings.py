"""What is chosen on the display: profile, data sharing, factory reset; and a PIN that shows as dots (A-05, A-10)."""

import pytest

from emulation.ecus.head_unit.head_unit import HeadUnit
from emulation.ecus.head_unit.pin_pad import DOT, PinPad
from harness.units import S
from tests.ecus.display_port import ask, say


@pytest.fixture
def car(car_of):
    car = car_of(HeadUnit)
    car.power().run(2 * S)
    return car


def test_a_profile_is_told_on_can_and_outlives_the_battery(car):
    """One in use at a time."""
    say(car, "OPEN Settings > Profiles")
    assert ask(car, "TEXTS?") == {"owner": "CHOSEN", "guest": "", "user_1": "", "user_2": "", "user_3": ""}
    say(car, "TAP user_2")
    car.run(1 * S)
    assert car.now("IHU_Settings", "Profile") == "USER_2"
    assert [name for name, text in ask(car, "TEXTS?").items() if text] == ["user_2"]
    car.power(0).run(1 * S)
    car.power(12).run(2 * S)
    assert car.now("IHU_Settings", "Profile") == "USER_2"


def test_data_is_shared_from_the_factory_and_a_tap_ends_it(car):
    """And another one begins it again."""
    assert car.values("IHU_Settings", "DataSharing") == ["ON"]
    say(car, "OPEN Settings > Privacy")
    say(car, "TAP data_sharing")
    assert ask(car, "TEXTS?")["data_sharing"] == "OFF"
    say(car, "TAP data_sharing")
    car.run(1 * S)
    assert car.values("IHU_Settings", "DataSharing") == ["ON", "OFF", "ON"]


def test_a_factory_reset_forgets_what_was_chosen_and_boots(car):
    """Language, profile, data sharing, button lock; then the first page."""
    car.tell("CEM_Ignition", Mode="I")
    car.tell("TCU_Status", ButtonLock="UNLOCKED")
    for page, element in (
        ("Settings > SOS/ON CALL", "button_lock"),
        ("Settings > Profiles", "guest"),
        ("Settings > Privacy", "data_sharing"),
        ("Settings > System > Language", "french"),
    ):
        say(car, f"OPEN {page}")
        assert say(car, f"TAP {element}") == "OK"
    car.run(1 * S)
    say(car, "OPEN Settings > System > Factory reset")
    assert say(car, "TAP confirm", 2 * S).split() == ["OK", "BOOTED"]
    assert say(car, "PAGE?") == "OK Home"
    assert ask(car, "TEXTS?")["settings"] == "Settings"
    chosen = {signal: car.now("IHU_Settings", signal) for signal in ("Profile", "DataSharing", "ButtonLockRequest")}
    assert chosen == {"Profile": "OWNER", "DataSharing": "ON", "ButtonLockRequest": "UNLOCK"}


# Key pad


def test_a_key_pad_hands_over_what_was_typed_and_shows_only_dots():
    """Digits come out once, after OK; until there are enough, OK is greyed out and says how many it needs."""
    typed = []
    pad = PinPad(typed.append)
    for digit in "1234567":
        pad.page()[f"digit_{digit}"].tap()
    assert pad.entered == 4 * DOT
    pad.page()["delete"].tap()
    assert pad.page()["ok"].tap is None
    assert pad.page()["ok"].why_not == "needs 1 more digits"
    pad.page()["digit_0"].tap()
    assert not any(digit in pad.page()["entered"].text for digit in "0123456789")
    pad.page()["ok"].tap()
    assert typed == ["1230"]
    assert pad.entered == ""
    pad.page()["digit_9"].tap()
    pad.clear()
    assert pad.entered == ""


def test_a_key_pad_may_take_fewer_digits():
    """A PIN of a SIM has four to eight."""
    typed = []
    pad = PinPad(typed.append, digits=8, least=4)
    for digit in "48151":
        pad.page()[f"digit_{digit}"].tap()
    pad.page()["ok"].tap()
    assert typed == ["48151"]
