"""Each rule of the random drives can fail: a few acts by hand, on a car or a world that breaks it."""

import pytest

from harness.actors import Button
from harness.actors.doors import Door
from harness.units import S
from tests.random_drives import leaks
from tests.random_drives.drive import Drive
from tests.random_drives.shorten import Happened


def brush(drive):
    drive.presses(Button.SOS, False)


def right_pin_and_no_handle(drive):
    drive.carries(1, "near")
    drive.locks(1)
    drive.waits(10 * S)
    drive.asks_for_unlock(True)
    drive.waits(10 * S)


def card_kept_for_the_next(drive):
    drive.plugs()
    drive.never_happens()
    drive.identifies()
    drive.waits(10 * S)
    drive.never_happens()
    drive.plugs()
    drive.waits(10 * S)
    drive.plugs()
    drive.waits(10 * S)


def key_after_the_alarm(drive):
    drive.carries(1, "near")
    drive.locks(1)
    drive.waits(10 * S)
    drive.breaks_in(Door.DRIVER)
    drive.unlocks(1)
    drive.waits(60 * S)


def start_of_a_stolen_car(drive):
    drive.carries(2, "inside")
    drive.reports_theft(True)
    drive.waits(10 * S)
    drive.starts()


def guest_is_linked(drive):
    drive.links(True, True, True)
    drive.waits(10 * S)
    assert drive.stage.guest_phone.link() is not None


def authorities_decline(drive):
    drive.reports_theft(False)
    drive.waits(10 * S)


def thief_guesses(drive):
    drive.reports_theft(True)
    drive.waits(10 * S)
    drive.has_it_back(False)
    drive.waits(10 * S)


def owner_has_it_back(drive):
    drive.reports_theft(True)
    drive.waits(10 * S)
    drive.has_it_back(True)


def found_on(faults, acts):
    """What a drive by these acts finds, at once or at its end."""
    drive = type("ByHand", (Drive,), {"faults": faults, "fault_files": (leaks.__file__,)})()
    try:
        try:
            drive.power()
            acts(drive)
            drive.never_happens()
        finally:
            drive.teardown()
    except Happened as found:
        return found.kinds
    return set()


@pytest.mark.parametrize(
    ("fault", "acts", "found"),
    [
        ("EagerConsole", brush, "a call nobody triggered"),
        ("EagerUnlock", right_pin_and_no_handle, "unlocked without a key or a verified PIN"),
        ("BraggingImmobiliser", start_of_a_stolen_car, "engine started while the immobiliser was DISABLED_REMOTELY"),
        ("HalfImmobiliser", start_of_a_stolen_car, "engine started while the immobiliser was DISABLED_REMOTELY"),
        ("DeafToNo", authorities_decline, "keys disabled and the authorities had not agreed"),
        ("PinlessRelease", thief_guesses, "keys released without the PIN"),
        ("OpenStation", card_kept_for_the_next, "current asked for without authorisation"),
        ("FlatLinking", guest_is_linked, "one car has several administrators"),
        ("UnstoppableDesk", key_after_the_alarm, "about a theft after the key had switched the alarm off"),
        ("IndiscreetCentre", owner_has_it_back, "secret"),
        ("IndiscreetAccounts", guest_is_linked, "secret"),
        ("IndiscreetNetwork", brush, "secret"),
    ],
)
def test_a_rule_finds_who_breaks_it_and_nobody_else(fault, acts, found):
    assert found_on((), acts) == set()
    (kind,) = found_on((fault,), acts)
    assert found in kind


def crash_out_of_reach(drive):
    drive.reaches("none")
    drive.never_happens()
    drive.locks(1)
    drive.never_happens()
    drive.crashes("AIRBAG")


def test_a_crash_before_which_the_interlock_took_its_time_unlocks_by_right():
    assert found_on((), crash_out_of_reach) == set()
