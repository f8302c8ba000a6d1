"""A timeline answers from the whole history, in order of time, and a recorded one answers the same."""

import cantools
import pytest

from harness.errors import BenchError
from harness.history import Change
from harness.timeline import FD, Event, Frame, Timeline
from harness.units import MS, S

DBC = """VERSION ""
NS_ :
BS_:
BU_: OHC TCU
BO_ 256 OHC_Status: 2 OHC
 SG_ Sos : 0|2@1+ (1,0) [0|3] "" TCU
 SG_ Counter : 8|4@1+ (1,0) [0|15] "" TCU
BO_ 512 GNSS_Position: 4 OHC
 SG_ Latitude : 0|32@1- (0.0000001,0) [-90|90] "deg" TCU
VAL_ 256 Sos 0 "IDLE" 1 "PRESSED" 2 "REQUESTED" 3 "STUCK" ;
"""
IDLE, PRESSED, REQUESTED = b"\x00\x00", b"\x01\x00", b"\x02\x00"


@pytest.fixture(scope="module")
def database():
    return cantools.database.load_string(DBC, "dbc")


@pytest.fixture
def timeline(database):
    timeline = Timeline()
    timeline.know("body", database)
    for tenth, payload in enumerate([IDLE, IDLE, PRESSED, PRESSED, REQUESTED, IDLE, IDLE]):
        timeline.add_frame("body", tenth * 100 * MS, 256, payload)
    return timeline


def test_a_signal_is_its_first_value_in_the_window_and_every_change(timeline):
    assert timeline.signal("OHC_Status.Sos") == [
        Change(0, "IDLE"),
        Change(200 * MS, "PRESSED"),
        Change(400 * MS, "REQUESTED"),
        Change(500 * MS, "IDLE"),
    ]
    assert timeline.signal("OHC_Status.Sos", since=250 * MS, until=400 * MS) == [
        Change(300 * MS, "PRESSED"),
        Change(400 * MS, "REQUESTED"),
    ]
    assert timeline.signal("OHC_Status.Sos", since=410 * MS, until=490 * MS) == []
    assert timeline.signal("OHC_Status.Sos", since=2 * S) == []


def test_a_state_that_flashes_by_in_one_frame_is_still_seen(timeline):
    assert timeline.was("OHC_Status.Sos", "REQUESTED")
    assert timeline.was("OHC_Status.Sos", "REQUESTED", since=400 * MS, until=400 * MS)
    assert not timeline.was("OHC_Status.Sos", "REQUESTED", since=401 * MS)
    assert not timeline.was("OHC_Status.Sos", "REQUESTED", until=399 * MS)
    assert not timeline.was("OHC_Status.Sos", "STUCK")


def test_a_question_asked_between_two_frames_does_not_freeze_the_answer(timeline):
    assert not timeline.was("OHC_Status.Sos", "STUCK")
    timeline.add_frame("body", 700 * MS, 256, b"\x03\x00")
    assert timeline.first("OHC_Status.Sos", "STUCK") == 700 * MS


def test_first_and_last_are_instants_of_becoming(timeline):
    assert timeline.first("OHC_Status.Sos", "IDLE") == 0
    assert timeline.last("OHC_Status.Sos", "IDLE") == 500 * MS
    assert timeline.last("OHC_Status.Sos", "STUCK") is None


def test_the_value_at_an_instant_is_the_newest_frame_s(timeline):
    assert timeline.value("OHC_Status.Sos", at=399 * MS) == Change(300 * MS, "PRESSED")
    assert timeline.value("OHC_Status.Sos") == Change(600 * MS, "IDLE")
    assert timeline.value("OHC_Status.Sos", at=-1) is None


def test_silence_is_no_proof_that_a_state_stayed(timeline):
    assert timeline.stays("OHC_Status.Sos", "PRESSED", 200 * MS, 399 * MS)
    assert not timeline.stays("OHC_Status.Sos", "PRESSED", 200 * MS, 400 * MS)
    assert not timeline.stays("OHC_Status.Sos", "IDLE", since=10 * S)
    assert not timeline.stays("GNSS_Position.Latitude", 0.0)


def test_a_counter_in_the_payload_is_no_change_of_another_signal(timeline):
    timeline.add_frame("body", 1 * S, 256, b"\x00\x01")
    timeline.add_frame("body", 2 * S, 256, b"\x00\x02")
    assert timeline.signal("OHC_Status.Sos", since=1 * S) == [Change(1 * S, "IDLE")]
    assert [change.value for change in timeline.signal("OHC_Status.Counter", since=1 * S)] == [1, 2]


def test_a_frame_shorter_than_its_message_has_no_value(timeline):
    timeline.add_frame("body", 1 * S, 256, b"")
    assert timeline.value("OHC_Status.Sos") == Change(1 * S, None)


def test_numbers_are_physical_values(timeline):
    timeline.add_frame("body", 0, 512, (577_000_000).to_bytes(4, "little"))
    change = timeline.value("GNSS_Position.Latitude")
    assert change is not None
    assert change.value == pytest.approx(57.7)


def test_an_fd_frame_is_decoded_as_its_message(timeline):
    timeline.add_frame("body", 5, 512, (10_000_000).to_bytes(4, "little"), FD)
    assert timeline.was("GNSS_Position.Latitude", pytest.approx(1.0))


@pytest.mark.parametrize(
    ("name", "hint"),
    [("OHC_Statsu.Sos", "did you mean 'OHC_Status'"), ("OHC_Status.Soss", "did you mean 'Sos'"), ("Sos", "no network")],
)
def test_an_unknown_signal_is_the_bench_s_fault_and_names_the_nearest(timeline, name, hint):
    with pytest.raises(BenchError, match=hint):
        timeline.signal(name)


def test_a_message_on_two_networks_must_be_named_with_its_network(timeline, database):
    timeline.know("chassis", database)
    with pytest.raises(BenchError, match="body/OHC_Status"):
        timeline.was("OHC_Status.Sos", "IDLE")
    assert timeline.was("body/OHC_Status.Sos", "REQUESTED")
    assert not timeline.was("chassis/OHC_Status.Sos", "REQUESTED")


def test_a_late_report_finds_its_place_by_its_time():
    timeline = Timeline()
    for time in (10, 30, 20, 30):
        timeline.add(Event(time, "modem", f"at {time}"))
    assert [event.time for event in timeline.events()] == [10, 20, 30, 30]


def test_events_are_cut_by_source_kind_and_closed_window():
    timeline = Timeline()
    timeline.note(1, "hold", button="sos")
    timeline.add(Event(2, "modem", "dial", {"number": "112"}))
    timeline.note(3, "release")
    assert [event.time for event in timeline.events(since=2, until=3)] == [2, 3]
    assert timeline.events("tester", "hold") == [Event(1, "tester", "hold", {"button": "sos"}, "host")]


def test_frames_of_all_tracks_come_in_order_of_time(timeline):
    timeline.add_frame("body", 150 * MS, 512, bytes(4))
    assert [frame.identifier for frame in timeline.frames(until=200 * MS)] == [256, 256, 512, 256]
    assert list(timeline.frames("body", "GNSS_Position")) == [Frame(150 * MS, "body", 512, bytes(4))]
    assert list(timeline.frames("chassis")) == []
    merged = timeline.merged(until=0)
    assert list(merged) == [Frame(0, "body", 256, IDLE)]


def test_a_recorded_timeline_gives_the_same_answers(timeline, database):
    timeline.add(Event(5, "modem", "dial", {"number": "112"}, "hardware"))
    again = Timeline.from_json(timeline.to_json())
    again.know("body", database)
    assert again.digest() == timeline.digest()
    assert again.signal("OHC_Status.Sos") == timeline.signal("OHC_Status.Sos")
    assert again.events() == timeline.events()


@pytest.mark.parametrize("text", ["", "[]", '{"events": [{"hour": 3}], "tracks": []}'])
def test_a_text_that_is_no_timeline_is_refused(text):
    with pytest.raises(BenchError, match="no recorded timeline"):
        Timeline.from_json(text)


def test_one_nanosecond_changes_the_digest(timeline):
    before = timeline.digest()
    timeline.add_frame("body", 700 * MS, 256, IDLE)
    one = timeline.digest()
    assert one != before
    timeline.note(1, "hold")
    assert timeline.digest() != one
