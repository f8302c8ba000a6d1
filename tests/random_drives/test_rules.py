"""Each rule of the random drives can fail: a few acts by hand, on a car or a world that breaks it."""

import pytest

from harness.actors.doors import Door
from harness.units import S
from tests.random_drives.drive import Drive


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


@pytest.mark.parametrize(
    ("fault", "acts", "found"),
    [
        ("OpenStation", card_kept_for_the_next, "current asked for without authorisation"),
        ("UnstoppableDesk", key_after_the_alarm, "about a theft after the key had switched the alarm off"),
    ],
)
def test_a_rule_finds_who_breaks_it_and_nobody_else(fault, acts, found):
    for faults in ((), (fault,)):
        drive = type("ByHand", (Drive,), {"faults": faults})()
        try:
            drive.power()
            acts(drive)
            if faults:
                with pytest.raises(AssertionError, match=found):
                    drive.never_happens()
            else:
                drive.never_happens()
        finally:
            drive.stage.close()
