"""Another clock onto the bench's: with any drift, delay and step, the error stays within the stated uncertainty."""

from random import Random  # noqa: TID251  made-up drifts and delays, each from its seed

import pytest

from harness.clock_offset import EXACT, STEP, AskedOffset, HeardOffset
from harness.units import MIN, MS, US, H, S

SIGMAS = 3
EPOCH = 1_700_000_000 * S


class Remote:
    """A clock that runs `ppm` too fast, and was set to some epoch; `true(stamp)` is when it said so."""

    def __init__(self, ppm, epoch=EPOCH):
        self.rate = 1 + ppm / 1e6
        self.epoch = epoch
        self.since = 0

    def stamp(self, true):
        return self.epoch + round((true - self.since) * self.rate)

    def set(self, true, by):
        self.epoch, self.since = self.stamp(true) + by, true


def delays(random, least=50 * US, mean=2 * MS, stall=0.01):
    """How late a message is: never less than `least`, seldom a stall of up to 200 ms."""
    while True:
        late = random.expovariate(1 / mean)
        yield least + int(late + (random.uniform(0, 200 * MS) if random.random() < stall else 0))


def heard(offset, remote, random, start, end, *, every=5 * MS):
    """Messages from `start` to `end`, taken in the order in which they come; (true, told, uncertainty) of each."""
    late, now, told = delays(random), start, []
    for true in range(start, end, every):
        now = max(now + 1, true + next(late))
        told.append((true, offset.hear(now, remote.stamp(true)), offset.uncertainty))
    return told


@pytest.mark.parametrize("seed", range(12))
def test_messages_that_only_come_show_offset_and_drift(seed):
    random = Random(seed)
    ppm = random.uniform(-100, 100)
    offset, remote = HeardOffset(), Remote(ppm)
    told = heard(offset, remote, random, 0, 40 * S)
    settled = told[len(told) // 2 :]
    assert max(abs(instant - true) - SIGMAS * u for true, instant, u in settled) <= 0
    assert offset.uncertainty < 1 * MS
    assert abs(offset.drift_ppm - ppm) <= SIGMAS * offset.drift_uncertainty_ppm + 1
    assert offset.steps == 0


@pytest.mark.parametrize("seed", range(4))
def test_no_instant_is_later_than_its_message_and_few_are_far_off_from_the_first_on(seed):
    random = Random(seed)
    offset, remote = HeardOffset(), Remote(random.uniform(-100, 100))
    late, now = delays(random), 0
    for true in range(0, 5 * S, 5 * MS):
        now = max(now + 1, true + next(late))
        instant = offset.hear(now, remote.stamp(true))
        assert instant <= now
        assert abs(instant - true) <= SIGMAS * offset.uncertainty


def test_a_run_of_hours_follows_the_drift():
    """100 ppm are 0.36 s an hour: an offset that was taken once would be off by that."""
    offset, remote, random = HeardOffset(), Remote(100), Random(1)
    told = heard(offset, remote, random, 0, 1 * H, every=200 * MS)
    assert max(abs(instant - true) - SIGMAS * u for true, instant, u in told[500:]) <= 0
    assert offset.drift_ppm == pytest.approx(100, abs=15)


@pytest.mark.parametrize("by", [-2 * H, -20 * MS, 30 * MS, 5 * S, 3 * H])
def test_a_clock_that_was_set_is_found_out_and_followed(by):
    random = Random(7)
    offset, remote = HeardOffset(), Remote(40)
    jumps = []
    offset.on_step = jumps.append
    heard(offset, remote, random, 0, 20 * S)
    remote.set(20 * S, by)
    told = heard(offset, remote, random, 20 * S, 60 * S)
    assert offset.steps == len(jumps) == 1
    assert jumps[0] == pytest.approx(by, abs=STEP)
    after = told[len(told) // 2 :]
    assert max(abs(instant - true) - SIGMAS * u for true, instant, u in after) <= 0


@pytest.mark.parametrize("by", [1 * H, -1 * H])
def test_a_clock_that_was_set_far_misleads_no_single_message(by):
    """No delay makes a message early or a stamp fall back, so the very first stamp of the new time is right."""
    random = Random(3)
    offset, remote = HeardOffset(), Remote(0)
    heard(offset, remote, random, 0, 10 * S)
    remote.set(10 * S, by)
    true, instant, _ = heard(offset, remote, random, 10 * S, 10 * S + 5 * MS)[0]
    assert abs(instant - true) < 300 * MS


def test_a_host_that_slept_is_no_step():
    """A batch that was taken late holds one that is not: the newest."""
    random = Random(5)
    offset, remote = HeardOffset(), Remote(10)
    heard(offset, remote, random, 0, 10 * S)
    for block in range(10 * S, 20 * S, 2 * S):
        for true in range(block, block + 2 * S, 5 * MS):
            offset.hear(block + 2 * S, remote.stamp(true))
    told = heard(offset, remote, random, 20 * S, 30 * S)
    assert offset.steps == 0
    assert max(abs(instant - true) - SIGMAS * u for true, instant, u in told) <= 0


def ask(offset, remote, random, now, rounds=3):
    """A round of questions at `now`: the way there and back takes 0.2 ms to 20 ms, and is not symmetric."""
    for _ in range(rounds):
        there, back = (100 * US + int(random.expovariate(1 / (3 * MS))) for _ in range(2))
        offset.exchange(now, remote.stamp(now + there), now + there + back)
        now += there + back


@pytest.mark.parametrize("seed", range(12))
def test_questions_and_answers_bound_the_offset_by_half_the_round_trip(seed):
    random = Random(seed)
    ppm = random.uniform(-100, 100)
    offset, remote = AskedOffset(), Remote(ppm)
    for now in range(0, 10 * MIN, offset.EVERY + 1 * S):
        assert offset.due(now)
        ask(offset, remote, random, now)
        assert not offset.due(now + 1 * S)
        for true in (now, now - 5 * S, now + 9 * S):
            stamp = remote.stamp(true)
            assert abs(offset.instant(stamp) - true) <= SIGMAS * offset.uncertainty_at(stamp)
    assert offset.steps == 0
    assert abs(offset.drift_ppm - ppm) <= SIGMAS * offset.drift_uncertainty_ppm


@pytest.mark.parametrize("by", [-1 * H, 100 * MS, 1 * H])
def test_a_service_that_began_anew_is_found_out(by):
    random = Random(2)
    offset, remote = AskedOffset(), Remote(-30)
    for now in range(0, 1 * MIN, offset.EVERY):
        ask(offset, remote, random, now)
    remote.set(1 * MIN, by)
    ask(offset, remote, random, 1 * MIN)
    assert offset.steps == 1
    assert abs(offset.instant(remote.stamp(1 * MIN)) - 1 * MIN) <= SIGMAS * offset.uncertainty


def test_the_bench_s_own_clock_is_exact():
    assert EXACT.instant(5 * S) == 5 * S
    assert (EXACT.offset, EXACT.drift_ppm, EXACT.uncertainty) == (0, 0, 0)
