"""Seeded faults of the ECUs: each one shows on the wires what its story says, and the healthy part does not."""

import pytest

from emulation.ecus.airbag import Airbag
from emulation.ecus.body.body import Body
from emulation.ecus.gnss import Gnss
from emulation.ecus.head_unit.button_pages import ButtonPages
from emulation.ecus.head_unit.head_unit import HeadUnit
from emulation.ecus.overhead_console import OverheadConsole
from emulation.faults import airbag, body, console, gnss, head_unit
from harness.units import MS, S


def powered(car_of, part, settle=8 * S):
    car = car_of(part)
    car.power().run(settle)
    return car


def requests_after(car_of, part, line, duration):
    """How many requests a clean press makes."""
    car = powered(car_of, part, 1 * S)
    car.press(line, duration)
    return len(car.values("OHC_Status", "RequestCount")) - 1


@pytest.mark.parametrize(
    ("part", "line", "duration", "wrong"),
    [
        (console.EagerConsole, "sos_button", 1_600 * MS, 1),
        (console.LateConsole, "sos_button", 2_050 * MS, 0),
        (console.HastyConsole, "sos_button", 2 * S - 2 * MS, 1),
        (console.RepeatingConsole, "sos_button", 15 * S, 2),
        (console.DeafConsole, "sos_button", 3 * S, 0),
        (console.EagerOnCall, "on_call_button", 1_600 * MS, 1),
        (console.LateOnCall, "on_call_button", 2_050 * MS, 0),
        (console.HastyOnCall, "on_call_button", 2 * S - 2 * MS, 1),
        (console.DeadOnCall, "on_call_button", 3 * S, 0),
    ],
)
def test_a_console_counts_wrong_where_a_healthy_one_counts_right(car_of, part, line, duration, wrong):
    """The same press on both; the other button works in both."""
    assert requests_after(car_of, part, line, duration) == wrong
    assert requests_after(car_of, OverheadConsole, line, duration) == 1 - wrong if wrong < 2 else 1
    other = ({"sos_button", "on_call_button"} - {line}).pop()
    assert requests_after(car_of, part, other, 2 * S) == 1
    assert requests_after(car_of, part, other, 2 * S - 1 * MS) == 0


def bounced(car_of, part):
    """Requests of a hold of 2.0005 s whose contact opens for 1 ms after 1 ms."""
    car = powered(car_of, part, 1 * S)
    for volts, duration in ((5, 1 * MS), (0, 1 * MS), (5, 2 * S - 1_500_000), (0, 10 * S)):
        car.drive("sos_button", volts)
        car.run(duration)
    return len(car.values("OHC_Status", "RequestCount")) - 1


def test_consoles_that_cannot_live_with_bounce(car_of):
    """One asks not at all, the healthy one once."""
    assert bounced(car_of, OverheadConsole) == 1
    assert bounced(car_of, console.TouchyConsole) == 0


def test_a_console_that_counts_every_closing(car_of):
    """A longer hold with one bounce: two requests instead of one."""
    for part, count in ((OverheadConsole, 1), (console.StutteringConsole, 2)):
        car = powered(car_of, part, 1 * S)
        for volts, duration in ((5, 1 * MS), (0, 1 * MS), (5, 3 * S), (0, 1 * S)):
            car.drive("sos_button", volts)
            car.run(duration)
        assert len(car.values("OHC_Status", "RequestCount")) - 1 == count
        assert car.now("OHC_Status", "Sos") == "IDLE"


def test_a_console_with_its_plug_turned(car_of):
    """SOS says ON CALL."""
    car = powered(car_of, console.SwappedConsole, 1 * S)
    car.press("sos_button", 2 * S)
    assert "REQUESTED" in car.values("OHC_Status", "OnCall")
    assert "REQUESTED" not in car.values("OHC_Status", "Sos")


def lock_and_unlock(car_of, part):
    """Requests while locked, and after it was lifted."""
    car = powered(car_of, part, 1 * S)
    counts = []
    for lock in ("LOCKED", "UNLOCKED"):
        car.tell("TCU_Status", ButtonLock=lock)
        car.run(100 * MS)
        before = len(car.values("OHC_Status", "RequestCount"))
        car.press("sos_button", 3 * S)
        counts.append(len(car.values("OHC_Status", "RequestCount")) - before)
    return counts


def test_consoles_that_mistake_the_lock(car_of):
    """One does not know it, one never forgets it."""
    assert lock_and_unlock(car_of, OverheadConsole) == [0, 1]
    assert lock_and_unlock(car_of, console.IgnorantConsole) == [1, 1]
    assert lock_and_unlock(car_of, console.ResentfulConsole) == [0, 0]


@pytest.mark.parametrize(
    ("part", "level", "direction", "told"),
    [
        (airbag.BluntAirbag, "BELT_TENSIONER", "FRONT", "IMPACT"),
        (airbag.OneEyedAirbag, "BELT_TENSIONER", "LEFT", "IMPACT"),
        (airbag.OneEyedAirbag, "BELT_TENSIONER", "RIGHT", "BELT_TENSIONER"),
        (airbag.UprightAirbag, "AIRBAG", "ROLLOVER", "IMPACT"),
        (airbag.UprightAirbag, "AIRBAG", "REAR", "AIRBAG"),
        (airbag.NervousAirbag, "IMPACT", "FRONT", "BELT_TENSIONER"),
    ],
)
def test_an_airbag_module_tells_another_level(car_of, part, level, direction, told):
    """Where its story says so, and nowhere else."""
    for cls, expected in ((part, told), (Airbag, level)):
        car = powered(car_of, cls, 1 * S)
        car.ecus[0].crash(level, direction)
        car.run(1 * S)
        assert car.now("ACM_Crash", "CrashLevel") == expected


def test_an_airbag_module_that_contradicts_itself(car_of):
    """The inverted copy is no inverse at airbag level."""
    for part, inverted in ((Airbag, 0), (airbag.ContradictoryAirbag, 3)):
        car = powered(car_of, part, 1 * S)
        car.ecus[0].crash("AIRBAG", "FRONT")
        car.run(1 * S)
        assert car.now("ACM_Crash", "CrashLevelInverted") == inverted


def test_an_airbag_module_that_echoes(car_of):
    """One crash, one count; or a new one every 5 s."""
    for part, count in ((Airbag, 1), (airbag.EchoingAirbag, 5)):
        car = powered(car_of, part, 1 * S)
        car.ecus[0].crash("AIRBAG", "FRONT")
        car.run(22 * S)
        assert car.now("ACM_Crash", "EventCount") == count


@pytest.mark.parametrize(
    ("part", "off", "one"), [(Body, "OFF", "I"), (body.SleepyBody, "OFF", "OFF"), (body.RestlessBody, "I", "I")]
)
def test_a_body_module_mistakes_the_ignition(car_of, part, off, one):
    """Ignition 0 and I as each tells them; II is right in all."""
    car = powered(car_of, part, 1 * S)
    found = [car.now("CEM_Ignition", "Mode")]
    for terminal in ("terminal_s", "terminal_15"):
        car.drive(terminal, 12)
        car.run(100 * MS)
        found.append(car.now("CEM_Ignition", "Mode"))
    assert found == [off, one, "II"]


@pytest.mark.parametrize(
    ("part", "mode", "shown", "asks"),
    [
        (ButtonPages, "OFF", "UNLOCKED", None),
        (ButtonPages, "I", "UNLOCKED", "LOCK"),
        (ButtonPages, "RUNNING", "UNLOCKED", "LOCK"),
        (ButtonPages, "I", "LOCKED", "UNLOCK"),
        (head_unit.OpenHeadUnit, "OFF", "UNLOCKED", "LOCK"),
        (head_unit.StrictHeadUnit, "I", "UNLOCKED", None),
        (head_unit.ParkedHeadUnit, "RUNNING", "UNLOCKED", None),
        (head_unit.NumbHeadUnit, "I", "UNLOCKED", "UNLOCK"),
        (head_unit.OneWayHeadUnit, "I", "LOCKED", "LOCK"),
    ],
)
def test_a_head_unit_offers_the_lock_wrongly(car_of, part, mode, shown, asks):
    """What is asked for after a touch; None: the touch was refused."""
    car = car_of(HeadUnit, faults={ButtonPages: part})
    car.power().run(2 * S)
    car.tell("CEM_Ignition", Mode=mode)
    car.tell("TCU_Status", ButtonLock=shown)
    port = car.bench.port("head_unit")
    port.send(b"OPEN Settings > SOS/ON CALL\nTAP button_lock\n")
    car.run(500 * MS)
    assert (b"ERROR 409" in port.inbox) is (asks is None)
    assert asks is None or car.now("IHU_Settings", "ButtonLockRequest") == asks


def test_receivers_that_are_wrong_about_the_place(car_of):
    """Too much trust, a frozen position, the wrong hemisphere."""
    found = {}
    for part in (Gnss, gnss.BoastfulGnss, gnss.FrozenGnss, gnss.MirroredGnss):
        car = powered(car_of, part)
        sky = car.bench.parts["sky"]
        sky.latitude, sky.accuracy_m = 59.0, 400.0
        car.run(2 * S)
        found[part] = [car.now("GNSS_Position", name) for name in ("Trusted", "Latitude", "Longitude")]
    assert found[Gnss] == [0, pytest.approx(59.0), pytest.approx(11.9746)]
    assert found[gnss.BoastfulGnss][0] == 1
    assert found[gnss.FrozenGnss][1] == pytest.approx(57.7089)
    assert found[gnss.MirroredGnss][2] == pytest.approx(-11.9746)
