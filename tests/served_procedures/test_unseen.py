"""What nobody could see in time is uncertain by as much: a stalled host, or an instrument that takes long to answer."""

from dataclasses import replace

import pytest

from fixtures.stage import Stage
from harness.actors.workshop import at_error
from harness.clock import WallClock
from harness.errors import ExpectationError
from harness.judge import agree
from harness.units import MS


@pytest.fixture
def stage():
    stage = Stage.open()
    stage.get_ready()
    yield stage
    stage.close()


def attach(stage):
    stage.workshop.power_down()
    return stage.workshop.attach_after_power_on()


def slow(stage, monkeypatch, *, before, after):
    """Let the network tester look `before` ns after it was asked, and its answer take `after` ns."""
    tester = stage.workshop.network_tester
    look = tester.ps_state

    def answer():
        stage.bench.clock.sleep(before)
        state = look()
        stage.bench.clock.sleep(after)
        return state

    monkeypatch.setattr(type(tester), "ps_state", lambda _tester: answer())


@pytest.mark.parametrize("before", [0, 50 * MS, 150 * MS])
def test_a_tester_that_answers_slowly_still_agrees_with_the_modem(stage, monkeypatch, before):
    slow(stage, monkeypatch, before=before, after=150 * MS - before)
    attached = attach(stage)
    assert attached.network.expanded > 150e-3
    agree("modem and network tester", [attached.modem], [attached.network]).check()


def test_a_host_that_looks_late_is_as_uncertain(stage, monkeypatch):
    """What was taken 80 ms after the look before may have come at any instant in between."""
    clock = stage.bench.clock
    monkeypatch.setattr(type(clock), "unseen_since", lambda clock: clock.now() - 80 * MS)
    attached = attach(stage)
    (*_, said) = stage.bench.timeline.events("modem", "registration", attached.start)
    assert at_error(said) == 85 * MS
    assert attached.modem.expanded > 85e-3 > attached.network.expanded


def test_what_has_not_happened_is_noticed_all_the_same(stage, monkeypatch):
    """A modem that talks of a network before the network knows of it, by more than the tester's slowness."""
    slow(stage, monkeypatch, before=20 * MS, after=20 * MS)
    attached = attach(stage)
    told = replace(attached.modem, value=attached.modem.value - 0.5)
    with pytest.raises(ExpectationError, match="E_n"):
        agree("modem and network tester", [told], [attached.network]).check()


def test_a_wall_clock_knows_when_it_last_looked():
    """Who is held up by one wire has not seen the others."""
    clock, seen = WallClock(), []
    clock.attach(lambda: seen.append((clock.unseen_since(), clock.now())))
    clock.sleep(2 * MS)
    begun = clock.now()
    while clock.now() - begun < 20 * MS:  # nobody looks
        pass
    clock.sleep(1 * MS)
    late, *_ = [(since, now) for since, now in seen if now >= begun + 20 * MS]
    assert late[0] < begun
    assert all(since <= now for since, now in seen)
