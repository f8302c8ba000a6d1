"""What the doctor promises on wall time: under 10 s also where nothing answers, exit codes, a served bench."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.bench import load
from harness.bench.doctor import examine
from harness.bench.doctor_findings import Level
from harness.bench.lock import BenchLock, ends
from harness.units import S, seconds
from hil.errors import UsageError
from hil.main import app
from tests.doctor.sick_benches import EMULATED, ROOT, changed, complaints, folder, named
from tests.serving import served

HIL = str(Path(sys.executable).with_name("hil"))
BUSY = 15 * S
"""What a machine with much else to do may add; without deadlines a bench that is silent is never told."""


def dead(ports):
    """The emulated bench's file with each wire led to a port, in the order in which the file has them."""
    text = changed(
        EMULATED,
        ('clock = "emulated"', 'clock = "wall"\nwatchdog = false'),
        ('backend = "@emulated"', 'backend = "@py"'),
        ('interface = "emulated"', f'interface = "socketcand"\noptions = {{ host = "127.0.0.1", port = {ports()} }}'),
        ("emulated://modem", f"rfc2217://127.0.0.1:{ports()}"),
        ("emulated://gnss", f"socket://127.0.0.1:{ports()}"),
        ("emulated://head_unit", f"socket://127.0.0.1:{ports()}"),
        ("emulated://offboard", f"http://127.0.0.1:{ports()}"),
    )
    return re.sub(r"TCPIP::\w+::hislip0::INSTR", lambda _: f"TCPIP::127.0.0.1::hislip0,{ports()}::INSTR", text)


@pytest.fixture
def closed_ports():
    """Ports on which nobody listens: bound, so that nobody else can."""
    with ExitStack() as stack:

        def closed():
            held = stack.enter_context(socket.socket())
            held.bind(("127.0.0.1", 0))
            return held.getsockname()[1]

        yield closed


@pytest.fixture
def silent_ports():
    """Ports whose server has hung: connections are taken by the kernel, and nobody ever answers."""
    with ExitStack() as stack:

        def silent():
            held = stack.enter_context(socket.socket())
            held.bind(("127.0.0.1", 0))
            held.listen(8)
            return held.getsockname()[1]

        yield silent


@pytest.mark.parametrize("kind", ["closed", "silent"])
def test_a_bench_on_which_nothing_answers_is_told_in_time(kind, request):
    """In a process of its own, as people do it: what was given up there may hang on, and must not hold up its end."""
    with folder() as place:
        path = place / "dead.toml"
        path.write_text(dead(request.getfixturevalue(f"{kind}_ports")))
        done = hil("--json", str(path))
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)
    assert told["seconds"] < seconds(10 * S + BUSY)
    opens = [finding for finding in told["findings"] if finding["check"] == "opens"]
    broken = {finding["subject"] for finding in opens if finding["level"] == "wrong"}
    just_opens = set() if kind == "closed" else {"serial.gnss", "serial.head_unit"}  # they are only listened to
    assert broken >= {finding["subject"] for finding in opens} - just_opens
    assert {"can.body", "serial.modem", "offboard", "instrument.scope"} <= broken


def test_a_bench_that_somebody_has_is_left_alone(silent_ports, tmp_path, monkeypatch):
    monkeypatch.setenv("CONNECT_HIL_LOCKS", str(tmp_path))
    with folder() as place:
        path = place / "taken.toml"
        path.write_text(dead(silent_ports))
        lock = BenchLock(ends(load(path)), "another run")
        lock.take()
        try:
            findings = examine(path)
        finally:
            lock.release()
            lock.close()
    assert "in use" in named(findings, "bench", "free").seen
    assert [finding.check for finding in findings if finding.check == "opens"] == []


def hil(*arguments):
    return subprocess.run(
        [HIL, "doctor", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def command(*arguments):
    return CliRunner().invoke(app, ["doctor", *arguments])


def test_the_command_ends_with_0_where_all_is_well_and_tells_it_as_json():
    done = command(str(ROOT / "benches/emulated.toml"), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["fit"] is True
    assert {"level", "subject", "check", "seen", "todo", "where"} == set(told["findings"][0])


def test_the_command_ends_with_3_and_says_what_to_do():
    with folder() as place:
        path = place / "sick.toml"
        path.write_text(changed(EMULATED, ("TCPIP::dmm::", "TCPIP::nobody::")))
        done = command(str(path))
    assert done.exit_code == 3
    assert "not fit for a run" in done.stdout
    assert "Is it switched on" in done.stdout


def test_a_bench_file_that_is_not_there_is_wrong_usage():
    assert isinstance(command("benches/none.toml").exception, UsageError)


def test_a_served_bench_is_examined_on_the_wall_clock():
    """Over real sockets, with the patience that a modem needs to boot and register. One ECU is out."""
    with served("--without", "airbag") as bench:
        played = bench.file.read_text()
        assert 'airbag = "emulated"' in played
        bench.file.write_text(played.replace('airbag = "emulated"', 'airbag = "real"'))
        findings = examine(bench.file, wait=60 * S)
    missed = named(findings, "ecu", "airbag")
    assert "ACM_Crash" in missed.seen
    assert [finding for finding in complaints(findings) if finding.level is Level.WRONG] == [missed]
    confirmed = next(finding for finding in findings if finding.check == "test network")
    assert confirmed.level is Level.OK
    clocks = [finding for finding in findings if finding.check == "clock"]
    assert {finding.subject for finding in clocks} == {"can.body", "offboard"}
    assert all("offset known to" in finding.seen for finding in clocks)
    assert findings[-1].check == "safe state"
    assert findings[-1].level is Level.OK
