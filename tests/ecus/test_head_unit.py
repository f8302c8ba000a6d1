"""The head unit over its service port, as docs/head-unit-port.md describes it (B-12, B-13)."""

import json
import re
from pathlib import Path

import pytest

from emulation.ecus.head_unit.head_unit import HeadUnit
from harness.units import MS, S

DOCUMENT = (Path(__file__).parents[2] / "docs" / "head-unit-port.md").read_text()
BUTTONS = "OPEN Settings > SOS/ON CALL"


@pytest.fixture
def car(car_of):
    car = car_of(HeadUnit)
    car.power().run(2 * S)
    return car


def say(car, command):
    """One command, one answer."""
    port = car.bench.port("head_unit")
    port.inbox.clear()
    port.send(command.encode() + b"\n")
    car.run(300 * MS)
    answer = port.inbox.decode()
    assert answer.endswith("\n")
    assert answer.count("\n") == 1
    return answer.strip()


def texts(car):
    return json.loads(say(car, "TEXTS?").removeprefix("OK "))


def test_every_page_and_element_of_the_document_is_there(car):
    """The table of pages in docs/head-unit-port.md, page by page."""
    rows = re.findall(r"^\| `([^`]*)` \| (.*) \|$", DOCUMENT.partition("## Pages")[2], re.MULTILINE)
    assert {page for page, _ in rows} == set(car.ecus[0].pages)
    for page, elements in rows:
        assert say(car, f"OPEN {page}") == "OK"
        assert say(car, "PAGE?") == f"OK {page}"
        assert set(texts(car)) <= set(re.findall(r"`([a-z_0-9]+)`", elements))
        assert all(f"`{name}`" in elements for name in texts(car))


@pytest.mark.parametrize("mode", ["I", "II", "RUNNING"])
def test_the_lock_can_be_asked_for_and_taken_back_with_ignition(car, mode):
    """A tap asks for what the telematics unit does not report, and the page shows what it reports."""
    car.tell("CEM_Ignition", Mode=mode)
    car.tell("TCU_Status", ButtonLock="UNLOCKED")
    say(car, BUTTONS)
    assert say(car, "TAP button_lock") == "OK"
    assert car.now("IHU_Settings", "ButtonLockRequest") == "LOCK"
    assert texts(car)["button_lock"] == "UNLOCKED"
    car.tell("TCU_Status", ButtonLock="LOCKED")
    assert texts(car)["button_lock"] == "LOCKED"
    assert say(car, "TAP button_lock") == "OK"
    assert car.now("IHU_Settings", "ButtonLockRequest") == "UNLOCK"


@pytest.mark.parametrize("mode", ["OFF", None])
def test_without_ignition_the_lock_is_greyed_out(car, mode):
    """Ignition 0, or none heard of: the touch is refused with the reason, and nothing is asked for."""
    if mode:
        car.tell("CEM_Ignition", Mode=mode)
    say(car, BUTTONS)
    assert say(car, "TAP button_lock") == (
        "ERROR 409 button_lock cannot be touched: needs ignition I, II or a running engine"
    )
    assert json.loads(say(car, "ELEMENTS?").removeprefix("OK "))["button_lock"]["enabled"] is False
    assert car.values("IHU_Settings", "ButtonLockRequest") == ["UNLOCK"]


def test_what_was_asked_for_outlives_the_battery_and_the_page_does_not(car):
    """Settings are kept, the display starts on Home."""
    car.tell("CEM_Ignition", Mode="I")
    say(car, BUTTONS)
    say(car, "TAP button_lock")
    car.power(0).run(1 * S)
    car.power(12).run(2 * S)
    assert say(car, "PAGE?") == "OK Home"
    assert car.now("IHU_Settings", "ButtonLockRequest") == "LOCK"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("", "ERROR 400"),
        ("page?", "ERROR 400"),
        ("PAGE? now", "ERROR 400"),
        ("TAP", "ERROR 404 no element '' on page Home; there are call, settings, apps"),
        ("TAP nothing", "ERROR 404 no element 'nothing' on page Home; there are call, settings, apps"),
        ("TAP call", "ERROR 409 call cannot be touched: it is only text"),
        ("OPEN Nowhere", "ERROR 404 no page 'Nowhere'; there are Home, Settings, "),
        pytest.param("X" * 2_000, "ERROR 400 a command has at most 1024 bytes", id="too long"),
        ("\u00e4\u00f6", "ERROR 400"),
    ],
)
def test_a_command_that_cannot_be_obeyed_gets_its_reason(car, command, answer):
    """One line for each mistake, and the port goes on."""
    assert say(car, command).startswith(answer)
    assert say(car, "PAGE?") == "OK Home"


def test_commands_may_come_in_pieces_and_end_with_cr_lf(car):
    """Bytes are collected to lines."""
    port = car.bench.port("head_unit")
    for piece in (b"PA", b"GE?\r", b"\nHO", b"ME\n"):
        port.send(piece)
        car.run(50 * MS)
    assert port.inbox == b"BOOTED\nOK Home\nOK\n"


def test_a_head_unit_without_supply_says_nothing(car):
    """A dead display has a dead port."""
    car.power(0).run(1 * S)
    port = car.bench.port("head_unit")
    port.inbox.clear()
    port.send(b"PAGE?\n")
    car.run(1 * S)
    assert not port.inbox
