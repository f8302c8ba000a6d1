"""A recording judges as the bench did: pass, fail, inconclusive, thresholds; and says where it cannot judge."""

import gzip
import json
from contextlib import suppress

import numpy as np
import pytest

from harness.actors import Button
from harness.actors.owner import OWNER_ID, OWNER_PASSWORD, OWNER_PIN
from harness.actors.workshop import TEST_PIN
from harness.can.database import load_database
from harness.can.e2e import Corruption
from harness.catalogue import load as load_catalogue
from harness.errors import BenchError, ExpectationError, Inconclusive
from harness.judge import Verdict, decide
from harness.recording.blf import BlfWriter, Frames, read_blf
from harness.recording.folder import EVENTS, LINES, About
from harness.recording.player import ReplayError
from harness.recording.tape import whole_lines
from harness.units import MS, S
from tests.recording.scenes import FILE, record, replay

IMSI = "001010123456789"
"""Of the test SIM (docs/interfaces.md)."""


def press(stage, duration=1_500 * MS):
    """A press that is no request; how long it was, and how often the console asked for a call."""
    stage.get_ready()
    since = stage.bench.clock.now()
    held = stage.driver.hold(Button.SOS, duration)
    stage.car.stays_quiet(5 * S)
    if requests := stage.car.requests(since=since):
        raise ExpectationError(f"a short press asked for {len(requests)} calls")
    stage.conclude()
    return held.measured, held.start, stage.bench.clock.now(), stage.software


def call(stage):
    """A press that calls, up to the call at Assistance."""
    stage.get_ready()
    held = stage.driver.hold(Button.SOS, Button.SOS.hold + 50 * MS)
    taken = stage.operator.expects_call("sos")
    return held.measured, taken.model_dump()


def test_the_verdict_the_quantities_and_the_instants_are_the_same(tmp_path):
    first = record(tmp_path, press)
    assert replay(tmp_path, press) == first
    assert replay(tmp_path, press) == first
    assert About.load(tmp_path).whole


def test_the_timeline_is_the_same_event_for_event_and_frame_for_frame(tmp_path):
    def timelines(stage):
        press(stage)
        return stage.bench.timeline.digest(), stage.bench.timeline.end

    assert record(tmp_path, timelines, seed=5) == replay(tmp_path, timelines)


def test_a_call_is_taken_again_with_all_that_the_centre_knew(tmp_path):
    assert record(tmp_path, call) == replay(tmp_path, call)


def test_a_car_that_failed_fails_again_and_nobody_builds_the_faulty_car_for_it(tmp_path):
    with pytest.raises(ExpectationError) as first:
        record(tmp_path, press_long := lambda stage: press(stage, 1_800 * MS), faults=["EagerConsole"])
    with pytest.raises(ExpectationError) as again:
        replay(tmp_path, press_long)
    assert str(again.value) == str(first.value)


def test_what_could_not_be_decided_cannot_be_decided_again(tmp_path):
    def undecided(stage):
        stage.get_ready()
        held = stage.driver.hold(Button.SOS, 700 * MS)
        raise Inconclusive(f"{held.measured}")

    with pytest.raises(Inconclusive) as first:
        record(tmp_path, undecided)
    with pytest.raises(Inconclusive) as again:
        replay(tmp_path, undecided)
    assert str(again.value) == str(first.value)


def test_a_played_node_s_frames_are_compared_with_their_counters(tmp_path):
    def played(stage):
        stage.get_ready()
        with stage.crash.plays() as frames:
            frames.send("AIRBAG", "FRONT", 5, corruption=Corruption.WRONG_CRC)
            frames.send("AIRBAG", "FRONT", 5, left_out=1)
        return list(stage.bench.timeline.frames("body", "ACM_Crash"))

    assert record(tmp_path, played) == replay(tmp_path, played)


# What has changed


def test_another_judgement_gives_another_verdict(tmp_path):
    def judged(limit_ns):
        def scene(stage):
            measured = press(stage)[0]
            if measured.value < limit_ns / S:
                raise ExpectationError(f"expected a press of {limit_ns / S} s, it was {measured}")

        return scene

    record(tmp_path, judged(1 * S))
    replay(tmp_path, judged(1 * S))
    with pytest.raises(ExpectationError, match=r"expected a press of 2\.0 s"):
        replay(tmp_path, judged(2 * S))


def test_a_judgement_in_the_middle_leaves_the_rest_of_the_record_alone(tmp_path):
    def stops_early(stage):
        stage.get_ready()
        stage.driver.hold(Button.SOS, 1_500 * MS)
        raise ExpectationError("judged otherwise now")

    record(tmp_path, press)
    with pytest.raises(ExpectationError, match="judged otherwise now"):
        replay(tmp_path, stops_early)


def test_another_act_is_said_with_both_and_their_instants(tmp_path):
    record(tmp_path, press)
    with pytest.raises(ReplayError, match=r"the record has instrument\.\w+: .* at \d+\.\d+ s; the procedure now asks"):
        replay(tmp_path, lambda stage: press(stage, 1_600 * MS))


def test_what_the_record_does_not_have_is_told_even_where_the_procedure_takes_no_notice(tmp_path):
    """After a swallowed error nothing is answered any more: no verdict comes from half a record."""
    record(tmp_path, press)

    def careless(stage):
        stage.get_ready()
        with suppress(BenchError):
            stage.bench.line("on_call_button").press()
        press(stage)

    with pytest.raises(BenchError, match=r"the procedure now asks instrument\.switch: write ROUT:CLOS"):
        replay(tmp_path, careless)


def test_a_longer_wait_than_recorded_is_said(tmp_path):
    def waits(longer):
        def scene(stage):
            stage.get_ready()
            stage.bench.clock.sleep(2 * S + longer)
            return stage.driver.hold(Button.SOS, 300 * MS).measured

        return scene

    first = record(tmp_path, waits(0))
    assert replay(tmp_path, waits(-1 * S)) == first
    with pytest.raises(ReplayError, match="the procedure now waits until"):
        replay(tmp_path, waits(10 * S))


def test_a_test_that_goes_on_behind_the_record_s_end_is_said(tmp_path):
    record(tmp_path, press)

    def more(stage):
        press(stage)
        stage.bench.line("sos_button").press()

    with pytest.raises(ReplayError, match="has the end of the test at"):
        replay(tmp_path, more)


def test_a_frame_that_was_tampered_with_changes_the_verdict(tmp_path):
    """The verdict comes from the frames: a console that told of a request has failed, whatever the journal says."""
    _, pressed, _, _ = record(tmp_path, press)
    start, path = About.load(tmp_path).started, tmp_path / "body.blf"
    frames = read_blf(path, start)
    console = load_database(FILE.locate("vehicle/body.dbc")).get_message_by_name("OHC_Status")
    places = np.flatnonzero(frames.identifiers == console.frame_id)
    tampered = Frames(*(column.copy() for column in frames))
    for at in places[frames.times[places] > pressed + 3 * S]:
        signals = console.decode(bytes(frames.data[at, : frames.lengths[at]]), decode_choices=False)
        signals |= {"RequestCount": (signals["RequestCount"] + 1) % 16, "Sos": "REQUESTED"}
        tampered.data[at, : frames.lengths[at]] = list(console.encode(signals))
    writer = BlfWriter(path, start)
    writer.write(tampered)
    writer.close()
    with pytest.raises(ExpectationError):
        replay(tmp_path, press)


# What is kept


def secrets(stage):
    """The SIM asks for its PIN and takes it; the subscriber's number is read; the owner tells password and PIN."""
    stage.get_ready()
    stage.workshop.ask_for_pin()
    tries = stage.workshop.enter_wrong_pin()
    stage.workshop.enter_pin()
    stage.phone.logs_in(OWNER_ID)
    unlock = stage.assistance_desk.asks_for_unlock()
    stage.assistance_desk.verifies(unlock)
    return tries, stage.bench.modem.sim_state(), stage.bench.modem.imsi()[:6]


def test_no_secret_is_in_any_file_and_the_replay_works_all_the_same(tmp_path):
    first = record(tmp_path, secrets)
    assert replay(tmp_path, secrets) == first
    kept = {
        path.name: gzip.decompress(path.read_bytes()).decode()
        if path.suffix == ".gz" and path.name != "order.gz"
        else ""
        for path in tmp_path.iterdir()
    }
    kept |= {name: (tmp_path / name).read_text() for name in ("about.json", "bench.toml")}
    said = "".join(kept.values())
    assert "AT+CPIN=" in kept[LINES]
    assert "AT+CIMI" in kept[LINES]
    assert IMSI not in said
    assert IMSI[6:] not in said
    assert OWNER_PASSWORD not in said
    assert f'\\"{OWNER_PIN}\\"' not in said
    assert f'\\"{TEST_PIN}\\"' not in said
    assert f'"{TEST_PIN}"' not in said


def test_everything_that_was_said_is_there_to_read(tmp_path):
    record(tmp_path, lambda stage: (call(stage), stage.car.fault_memory()))
    said = [json.loads(line) for line in whole_lines(tmp_path / LINES)]
    wires = {line["on"] for line in said}
    assert wires >= {"serial.modem", "serial.gnss", "offboard", "instrument.scope", "instrument.switch", "can.body"}
    assert any(line["did"] == "write" and line["with"] == [":SING"] for line in said if "did" in line)
    kinds = {json.loads(line)["kind"] for line in whole_lines(tmp_path / EVENTS)}
    assert kinds >= {"press", "release", "line", "power"}
    assert len(read_blf(tmp_path / "body.blf", About.load(tmp_path).started)) > 1_000


def test_a_decision_is_taken_from_the_replayed_quantity(tmp_path):
    """Value and uncertainty come through, so that pass, fail and inconclusive do."""
    first = record(tmp_path, press)[0]
    again = replay(tmp_path, press)[0]
    limit = load_catalogue().limit("sos_hold")
    assert decide(first, limit) == decide(again, limit)
    assert decide(again, limit).verdict in Verdict
