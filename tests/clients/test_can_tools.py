"""python-can's own tools and those of cantools, at the served network over socketcand and at its mirror."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from contextlib import contextmanager
from pathlib import Path

import can
import cantools
import pytest

from tests.clients.conftest import PATIENCE, eventually

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]
DATABASE = ROOT / "vehicle" / "body.dbc"
BIN = Path(sys.executable).parent
CYCLIC = {message.frame_id for message in cantools.database.load_file(DATABASE).messages if message.cycle_time}
FREE = 0x7A5
"""An identifier that nobody on the network uses."""


@pytest.fixture
def options(file):
    """Command-line options that reach the served network as python-can spells them."""
    table = file.can["body"]
    words = [f"{key}={value}" for key, value in table.options.items()]
    return ["-i", table.interface, "-c", str(table.channel), "--bus-kwargs", *words]


@pytest.fixture
def mirror(offboard):
    """The same for its mirror, whose address stands on the front page."""
    found = re.search(r"udp_multicast:([\d.]+),port=(\d+)", offboard.get("/").text)
    assert found, "the served bench has no mirror"
    return ["-i", "udp_multicast", "-c", found[1], "--bus-kwargs", f"port={found[2]}"]


@contextmanager
def running(*command, **more):
    """A tool in a process of its own, interrupted as by Ctrl-C in the end."""
    process = subprocess.Popen([BIN / command[0], *command[1:]], text=True, **more)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


@contextmanager
def in_terminal(*command):
    """A tool of a whole screen; gives a function that waits until all of some words were drawn, and types `q`.

    A word is found where it was drawn at a stroke: later only what changes is drawn again.
    """
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (300, 200))
    drawn = ""

    def wait_for(*words, enough=1.0):
        nonlocal drawn

        def read():
            nonlocal drawn
            while select.select([ours], [], [], 0)[0]:
                drawn += os.read(ours, 65_536).decode("utf-8", "replace")
            return sum(word in drawn for word in words) >= enough * len(words)

        try:
            eventually(read, f"drawing of {words}")
        except AssertionError as error:
            error.add_note(drawn[-4_000:])
            raise

    try:
        with running(*command, stdin=its, stdout=its, stderr=its, env=os.environ | {"TERM": "xterm"}) as process:
            yield wait_for
            os.write(ours, b"q")
            eventually(lambda: _ended(process, ours), "the end of the tool")
            assert process.returncode == 0
    finally:
        os.close(its)
        os.close(ours)


def _ended(process, terminal):
    while select.select([terminal], [], [], 0)[0]:  # a full terminal would hold it back
        os.read(terminal, 65_536)
    return process.poll() is not None


@pytest.mark.parametrize("way", ["options", "mirror"])
def test_what_the_logger_writes_cantools_decodes(way, request, tmp_path):
    """`can_logger` to a candump log, and `cantools decode` over it: every frame has its name."""
    log = tmp_path / "car.log"
    options = request.getfixturevalue(way)
    with running("can_logger", *options, "-f", str(log), stdout=subprocess.DEVNULL) as process:
        eventually(lambda: log.exists() and log.read_text().count("\n") > 500, "a log of 500 frames")
    assert process.returncode == 0
    decoded = subprocess.run(
        [BIN / "cantools", "decode", "--single-line", DATABASE],
        input=log.read_text(),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout.splitlines()
    assert len(decoded) > 500
    names = {found[1] for line in decoded if (found := re.search(r":: (\w+)\(", line))}
    assert {"ACM_Crash", "OHC_Status", "CEM_Ignition", "TCU_Status", "GNSS_Position"} <= names
    assert not [line for line in decoded if "Unknown frame" in line]


def test_what_the_player_plays_reaches_everybody_in_order(file, options, tmp_path):
    log = tmp_path / "mine.log"
    log.write_text("".join(f"({n / 100:.6f}) body {FREE:03X}#{n:04X}\n" for n in range(50)))
    table = file.can["body"]
    with (
        can.Bus(interface=table.interface, channel=table.channel, **table.options) as bus,
        running("can_player", *options, "-s", "1", str(log), stdout=subprocess.DEVNULL) as process,
    ):
        bus.set_filters([{"can_id": FREE, "can_mask": 0x7FF, "extended": False}])
        heard = []
        while len(heard) < 50:
            message = bus.recv(PATIENCE)
            assert message is not None, f"only {len(heard)} of 50 frames came"
            heard.append(int.from_bytes(message.data, "big"))
        assert process.wait(PATIENCE) == 0
    assert heard == list(range(50))


def test_the_viewer_shows_the_network(options):
    with in_terminal("can_viewer", *options) as wait_for:
        wait_for(*(f"0x{identifier:03X}" for identifier in CYCLIC), enough=0.5)  # others were drawn over the like


def test_the_monitor_shows_the_network_decoded(options):
    one = ("--filter-regex", "TCU_Status")  # alone it stays where it was drawn first
    with in_terminal("cantools", "monitor", *one, str(DATABASE), *options) as wait_for:
        wait_for("TCU_Status(", "Registration:", "HOME", "SelfTest:", "PASSED")
