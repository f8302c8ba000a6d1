"""One seed is one run, to the nanosecond; another seed is another one."""

from pathlib import Path

from fixtures.stage import Stage
from harness.actors import Button
from harness.timeline import Event, Timeline
from harness.units import S

BENCH = str(Path(__file__).parents[2] / "benches" / "emulated.toml")


def call(seed):
    stage = Stage.open(BENCH, seed)
    try:
        stage.get_ready()
        stage.driver.hold(Button.SOS, 2_100_000_000)
        stage.operator.expects_call("sos")
        stage.conclude()
        return stage.bench.timeline
    finally:
        stage.close()


def acts(timeline: Timeline) -> list[Event]:
    return [event._replace(time=0) for event in timeline.events("tester")]


def test_the_same_seed_gives_the_same_timeline_to_the_event_and_another_does_not():
    first, again, other = call(1), call(1), call(2)
    assert first.end > 10 * S
    assert first.digest() == again.digest()
    assert first.digest() != other.digest()
    assert acts(first) == acts(other)
