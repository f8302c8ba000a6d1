"""A bench on wall time is opened by one at a time; its ends are what is taken, and its holder is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from harness.bench import load
from harness.bench.lock import FOLDER_VARIABLE, RUN_VARIABLE, BenchLock, Taken, ends, folder
from harness.bench.watchdog import guard
from harness.errors import BenchError
from harness.units import MS, S
from tests.serving import ROOT

ENDS_S = 60.0
SHARED, MINE, HERS = "instrument supply", "instrument scope", "instrument switch"
BRIEFLY = 60 * MS


@pytest.fixture(autouse=True)
def locks(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    return tmp_path


def take(*wanted: str, wait: int = BRIEFLY) -> BenchLock:
    lock = BenchLock(wanted, "benches/desk.toml")
    lock.take(wait)
    return lock


def other_process(*wanted: str) -> subprocess.Popen[str]:
    """Another process that holds some ends until it is killed."""
    program = f"""
import signal
from harness.bench.lock import BenchLock
BenchLock({wanted!r}, "hers.toml").take()
print("taken", flush=True)
signal.pause()
"""
    holder = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, text=True, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "taken\n"
    return holder


def test_a_second_one_is_told_who_has_the_bench_and_what_to_do():
    holder = other_process(SHARED, HERS)
    try:
        with pytest.raises(Taken) as refused:
            take(MINE, SHARED)
        message = str(refused.value)
        assert all(word in message for word in ("benches/desk.toml", SHARED, f"process {holder.pid}", "since 2", "end"))
        take(MINE).close()  # nothing is kept of what could not be taken whole
    finally:
        holder.kill()
        holder.communicate(timeout=ENDS_S)


def test_a_lock_dies_with_its_holder_and_its_death_is_told():
    holder = other_process(SHARED)
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=ENDS_S)
    lock = BenchLock([SHARED], "benches/desk.toml")
    last = lock.take(5 * S)
    assert last is not None
    assert last["who"]["pid"] == holder.pid
    assert not last["safe"], "nobody has said that it is"
    lock.release()
    assert lock.take() is None, "once it was left safe, there is nothing to tell"
    lock.close()


def test_a_second_one_waits_until_the_first_lets_go():
    holder = other_process(SHARED)
    ended = threading.Timer(0.3, holder.kill)
    ended.start()
    take(SHARED, wait=60 * S).close()
    assert holder.wait(ENDS_S) == -signal.SIGKILL, "not before"
    holder.communicate()
    ended.join()


def test_benches_that_share_nothing_do_not_meet():
    one, other = take(MINE), take(HERS)
    one.close()
    other.close()


def test_who_inherits_the_files_holds_the_bench_as_well():
    lock = take(SHARED)
    heir = subprocess.Popen(["sleep", "60"], pass_fds=lock.descriptors)
    try:
        lock.close()
        with pytest.raises(Taken):
            take(SHARED)
    finally:
        heir.kill()
        heir.wait()
    take(SHARED, wait=5 * S).close()


def test_tidied_files_are_made_anew_and_still_exclude(locks):
    first = take(SHARED)
    first.release()
    second = BenchLock([SHARED], "benches/desk.toml")
    second.take(BRIEFLY)
    second.release()
    first.close(tidy=True)
    assert list(locks.iterdir()) == []
    second.take(BRIEFLY)  # its file was taken away meanwhile
    with pytest.raises(Taken):
        take(SHARED)
    second.close()


def test_a_lock_file_that_holds_nonsense_is_no_obstacle(locks):
    lock = take(SHARED)
    lock.release()
    [file] = locks.iterdir()
    file.write_bytes(b"\xff{not json")
    assert lock.take(BRIEFLY) is None
    lock.close()


def test_everybody_may_use_the_files(locks):
    before = os.umask(0o077)
    try:
        lock = take(SHARED)
    finally:
        os.umask(before)
    [file] = locks.iterdir()
    assert file.stat().st_mode & 0o666 == 0o666
    assert folder().stat().st_mode & 0o1777 == 0o1777
    lock.close()


def test_a_folder_that_cannot_be_made_is_told(monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, "/proc/none/locks")
    with pytest.raises(BenchError, match=FOLDER_VARIABLE):
        take(SHARED)


DESK = Path(ROOT / "benches/desk.example.toml")


def test_the_ends_of_a_bench_are_its_hardware():
    file = load(DESK)
    found = ends(file)
    assert "instrument TCPIP::supply.lab::hislip0::INSTR" in found
    assert any(end.startswith("CAN socketcan can0") for end in found)
    assert any(end.startswith("port /dev/serial") for end in found)
    assert ends(load(ROOT / "benches/emulated.toml")) == []


def test_two_bench_files_on_one_desk_exclude_each_other():
    file = load(DESK)
    other = file.model_copy(update={"path": "copy.toml", "can": {}, "serial": {}})
    assert set(ends(other)) < set(ends(file))


def test_simulated_time_needs_neither_lock_nor_watchdog():
    assert guard(load(ROOT / "benches/emulated.toml")) is None
