"""The watchdog: acts when its run is killed, and only then; nothing that a run leaves behind keeps it from noticing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.bench import Bench, load
from harness.bench.lock import BenchLock, ends, peek
from harness.bench.watchdog import close_guards, guard, tell
from harness.clock import WallClock
from harness.errors import BenchError
from harness.modem.at import dials
from harness.rescue import hang_up
from harness.units import S
from tests.safety.kills import ENDS_S
from tests.serving import ROOT

BRIEFLY = "from harness import rescue; rescue.PATIENCE = 500_000_000"
"""Makes a watchdog give up after half a second."""


@contextmanager
def held(file: Path | str, more: str = "", before: str = "") -> Iterator[subprocess.Popen[str]]:
    """A run that has switched something on, has done `more`, and holds it all until it is ended."""
    program = f"""
import os, signal, sys
from harness.bench import Bench, load
{before}
with Bench.open(load({str(file)!r})) as bench:
    bench.line("battery").set_voltage(12.0)
    bench.line("battery").set_power(True)
    bench.line("sos_button").press()
    told = "on"
    {more}
    print(told, flush=True)
    signal.pause()
"""
    run = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, text=True, stdout=subprocess.PIPE)
    try:
        yield run
    finally:
        end(run)


def told(run: subprocess.Popen[str]) -> str:
    """What the run says once it holds everything."""
    assert run.stdout is not None
    return run.stdout.readline().strip()


def end(run: subprocess.Popen[str], number: int = signal.SIGKILL) -> int:
    run.send_signal(number)
    run.communicate(timeout=ENDS_S)
    return run.returncode


def test_the_next_opening_is_told_that_the_last_run_was_killed(ground):
    with held(ground.file.path) as run:
        assert told(run) == "on"
        end(run)
        with Bench.open(ground.file) as bench:
            [note] = bench.timeline.events("tester", "made_safe")
        assert "was killed; the watchdog made the bench safe in" in note.data["how"]
        assert ground.outputs.on() == []
        assert peek(ground.file) is None, "a bench that was left safe has no past"


def test_without_a_watchdog_outputs_stay_on_and_the_next_opening_switches_them_off(ground):
    file = Path(ground.file.path).with_name("without.toml")
    file.write_text(Path(ground.file.path).read_text().replace("[bench]\n", "[bench]\nwatchdog = false\n"))
    with held(file) as run:
        assert told(run) == "on"
        end(run)
        assert {each.partition(":")[0] for each in ground.outputs.on()} == {"supply", "switch"}
        with Bench.open(load(file)) as bench:
            [note] = bench.timeline.events("tester", "found_unsafe")
            assert ground.outputs.on() == [], "before anything is done on it"
        assert "there was no watchdog" in note.data["how"]


def test_a_child_that_outlives_the_run_hides_nothing(ground):
    """A fork has a copy of all that was open; the watchdog sees the end of the run all the same, and locks are free."""
    fork = "told = os.fork()\n    if not told:\n        os.close(1)\n        signal.pause()"
    with held(ground.file.path, fork, BRIEFLY) as run:  # the child keeps the modem's one connection as well
        child = int(told(run))
        try:
            end(run)
            ground.outputs.wait_off()
            lock = BenchLock(ends(ground.file), "the bench")
            lock.take(60 * S)
            lock.release()
            lock.close()
            os.kill(child, 0)  # it was there all the time
        finally:
            os.kill(child, signal.SIGKILL)


def test_what_ends_a_run_does_not_end_its_watchdog(ground):
    with held(ground.file.path, "told = bench._guard._dog._process.pid") as run:
        dog = int(told(run))
        assert os.getsid(dog) == dog, "Ctrl-C in a terminal goes to the run's session"
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(dog, number)
        end(run)
        ground.outputs.wait_off()
        assert ground.last_report(run.pid)["safe"]


def test_a_run_that_ends_in_order_leaves_its_watchdog_nothing_to_do(ground):
    with Bench.open(ground.file) as bench:
        bench.line("battery").set_power(True)
        assert bench._guard is not None
        dog = bench._guard._dog
    assert guard(ground.file)._dog is dog, "the next opening in this process has the same"
    assert dog.alive
    close_guards()
    assert not dog.alive
    assert peek(ground.file) is None


def test_a_call_is_hung_up(ground):
    """The car has booted and calls; SIGKILL takes the run away."""
    more = """
    from harness.ports import NetworkTester
    from harness.units import S
    bench.line("sos_button").release()
    bench.instrument(NetworkTester).set_cell(True)
    bench.modem.wait_answering(60 * S)
    bench.modem.wait_registered(60 * S)
    bench.modem.dial("112")
    told = bench.modem.calls()
    """
    with held(ground.file.path, more) as run:
        assert "112" in told(run)
        ground.wait_for_call()
        end(run)
        ground.outputs.wait_off()
        last = ground.last_report(run.pid)
        assert last["safe"], last
        assert any(line.startswith("modem: has no call") for line in last["lines"]), last
        assert ground.calls() == []


def test_an_output_that_could_not_be_switched_off_is_told_with_its_reason(ground):
    with held(ground.file.path, before=BRIEFLY) as run:
        assert told(run) == "on"
        ground.trouble("instrument.supply", "refuses")
        try:
            end(run)
            last = ground.last_report(run.pid)
        finally:
            ground.no_troubles()
        assert not last["safe"]
        assert last["unsafe"] == ["supply"], "the others are off"
        assert "the bench may NOT be safe" in tell(last)
        assert "supply" in tell(last)
        assert ground.reopens().startswith("opened")
        assert ground.outputs.on() == []


def test_a_watchdog_that_cannot_start_says_so_before_anything_is_on(ground, monkeypatch):
    close_guards()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(BenchError, match=r"watchdog of .*watchdog = false"):
        Bench.open(ground.file)
    monkeypatch.undo()
    close_guards()
    assert ground.reopens().startswith("opened")


class InCall:
    """A modem in a call that nobody else ends."""

    def __init__(self):
        self.sent, self.inbox, self.calls = [], b"", True

    @property
    def in_waiting(self):
        return len(self.inbox)

    def read(self, _size):
        taken, self.inbox = self.inbox, b""
        return taken

    def reset_input_buffer(self):
        self.inbox = b""

    def write(self, data):
        self.sent.append(data.decode().strip())
        self.calls = self.calls and data != b"AT+CHUP\r"
        listed = b'\r\n+CLCC: 1,0,0,0,0,"112",129\r\n' if self.calls and b"CLCC" in data else b""
        self.inbox += listed + b"\r\nOK\r\n"


def test_it_hangs_up_and_sends_nothing_that_dials():
    port = InCall()
    assert hang_up(port, WallClock()) == "has no call"
    assert "AT+CHUP" in port.sent
    assert not any(dials(each) for each in port.sent)
