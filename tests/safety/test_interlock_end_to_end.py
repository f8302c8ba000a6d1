"""With a modem that proves nothing, or the wrong thing, no byte of a dial command leaves, and no button is pressed.

On the emulated bench, and on the served one with real wires. What left is taken from the far end: the bytes that
arrived at the modem's AT port, the relays that closed, the calls that the network knows of.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.actors import Car, Crash, Driver
from harness.actors.controls import Button
from harness.bench import Bench, load
from harness.bench.watchdog import close_guards
from harness.errors import InterlockError
from harness.modem.at import dials
from harness.offboard import Call
from harness.ports import NetworkTester
from harness.units import S
from tests.safety import shifty
from tests.serving import served

FAULTS = ("ShiftyModem", "RecordedSwitch")
BUTTONS = {"1001", "1002", "1021", "1022"}
"""Relays that press a button, or lead the generator to one."""
BOOTS = 90 * S


@dataclass
class Bed:
    """An open bench with the car ready to call, and what its modem is to do."""

    bench: Bench
    folder: Path

    def mode(self, mode: str) -> None:
        half = self.folder / "half"
        half.write_text(mode)
        half.rename(self.folder / "mode")

    def left(self) -> list[str]:
        """What left for the car that could lead to a call, since `forget`."""
        lines = (self.folder / "record").read_text().splitlines()[self._known :]
        told = b"".join(eval(line[3:]) for line in lines if line.startswith("at "))  # the literal of bytes
        found = [word for each in told.split(b"\r") if dials(word := each.decode("latin-1").strip())]
        closed = {channel for line in lines if line.startswith("closed ") for channel in line.split()[1:]}
        acts = [event.kind for event in self.bench.timeline.events("airbag", "uds_request", since=self._since)]
        return found + sorted(closed & BUTTONS) + acts

    def forget(self) -> None:
        self._known = len((self.folder / "record").read_text().splitlines())
        self._since = self.bench.clock.now()

    def calls(self) -> list[Call]:
        """Calls of either centre since `forget`."""
        return [
            *self.bench.offboard.calls("assistance", self._since),
            *self.bench.offboard.calls("emergency", self._since),
        ]


@contextmanager
def ready(bench: Bench, folder: Path) -> Iterator[Bed]:
    bed = Bed(bench, folder)
    bench.instrument(NetworkTester).set_cell(True)
    car = Car(bench)
    car.power()
    car.wait_ready(BOOTS)
    bed.forget()
    yield bed


@contextmanager
def environment(folder: Path, late_ms: int) -> Iterator[None]:
    (folder / "record").touch()
    (folder / "mode").write_text("honest")
    told = {shifty.MODE: str(folder / "mode"), shifty.RECORD: str(folder / "record"), shifty.LATE: str(late_ms)}
    os.environ.update(told)
    try:
        yield
    finally:
        for name in told:
            del os.environ[name]


@contextmanager
def emulated(folder: Path) -> Iterator[Bed]:
    file = load("benches/emulated.toml")
    with (
        environment(folder, 5_500),
        Bench.open(file, seed=3, faults=FAULTS, fault_files=[shifty.__file__]) as bench,
        ready(bench, folder) as bed,
    ):
        yield bed


@contextmanager
def behind_wires(folder: Path) -> Iterator[Bed]:
    with (
        environment(folder, 900),
        served("--faults", shifty.__file__, *(word for fault in FAULTS for word in ("--fault", fault))) as server,
    ):
        text = re.sub(r"(?m)^at = .*\n", "", server.file.read_text())
        quick = text if "[timeouts]" in text else f"{text}\n[timeouts]\n"
        quick = quick.replace("[timeouts]\n", '[timeouts]\nat = "700 ms"\n')
        file = server.file.with_name("quick.toml")
        file.write_text(quick)
        with Bench.open(load(file)) as bench, ready(bench, folder) as bed:
            yield bed
        close_guards()


@pytest.fixture(scope="module", params=[emulated, behind_wires], ids=["emulated", "served"])
def bed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with request.param(tmp_path_factory.mktemp("shifty")) as made:
        yield made


ACTS: dict[str, Callable[[Bench], object]] = {
    "dials": lambda bench: bench.modem.dial("112"),
    "dials in a line with others": lambda bench: bench.modem.at.command("AT+CMEE=1;D112;"),
    "calls by +CECALL": lambda bench: bench.modem.at.command("AT+CECALL=2"),
    "presses SOS": lambda bench: Driver(bench).press_and_keep(Button.SOS),
    "holds ON CALL": lambda bench: Driver(bench).hold(Button.ON_CALL, 2 * S),
    "presses by the generator": lambda bench: Driver(bench).presses(Button.SOS, 2 * S),
    "crashes": lambda bench: Crash(bench).happens(),
}


def touch(driver: Driver) -> None:
    """A press that is over before it asks for a call, unless the host is slow; measured by nobody."""
    driver.press_and_keep(Button.SOS)
    driver.release(Button.SOS)


@pytest.mark.parametrize("mode", ["public SIM", "public network", "nothing", "garbage", "late"])
def test_nothing_leaves_without_proof(bed, mode):
    bed.forget()
    bed.mode(mode)
    try:
        for name, act in ACTS.items():
            with pytest.raises(InterlockError):
                act(bed.bench)
            assert bed.left() == [], name
    finally:
        bed.mode("honest")
        bed.bench.clock.sleep(7 * S if bed.bench.is_new else 2 * S)  # what was late has come by then
    assert bed.calls() == []


def test_with_proof_the_same_acts_do_leave(bed):
    """Else the tests above would prove nothing."""
    bed.forget()
    bed.bench.modem.dial("112")
    assert bed.left() == ["ATD112;"]
    bed.bench.modem.hang_up()
    bed.forget()
    touch(Driver(bed.bench))
    assert bed.left() == ["1001"]


def test_a_network_that_changes_in_a_series_of_presses_ends_the_series(bed):
    driver = Driver(bed.bench)
    bed.forget()
    touch(driver)
    bed.mode("public network")
    try:
        for _ in range(2):
            with pytest.raises(InterlockError, match="24001"):
                touch(driver)
    finally:
        bed.mode("honest")
    assert bed.left() == ["1001"], "the first press, and none after it"


def test_a_network_that_changes_between_the_check_and_the_dialling_ends_the_call(bed):
    """That one command has left; before anybody answers, the call is hung up."""
    bed.forget()
    bed.mode("changes network")
    try:
        with pytest.raises(InterlockError, match=r"24001.*hung up"):
            bed.bench.modem.dial("112")
        assert bed.left() == ["ATD112;"]
        assert bed.bench.modem.calls() == []
    finally:
        bed.mode("honest")
    assert [call.answered for call in bed.calls() if call.answered is not None] == []
