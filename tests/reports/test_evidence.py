"""Evidence shows what the timeline holds, with limits, and hides nothing on failure."""

from io import BytesIO

import allure
import numpy as np
import pytest
from cantools.database import load_string
from PIL import Image

from harness.timeline import Event, Timeline
from harness.units import MS, S
from reports.evidence import Measurement, Span, attach_evidence, measurement_table
from reports.lanes import lanes_of
from reports.picture import LIMIT, Lane, Mark, Painter, State

DBC = """\
VERSION ""
NS_ :
BS_:
BU_: OHC
BO_ 512 OHC_Status: 1 OHC
 SG_ Sos : 0|2@1+ (1,0) [0|3] "" Vector__XXX
VAL_ 512 Sos 0 "IDLE" 1 "PRESSED" 2 "REQUESTED" ;
"""


@pytest.fixture
def timeline():
    timeline = Timeline()
    timeline.know("body", load_string(DBC, "dbc"))
    timeline.note(3 * S, "holds", button="sos")
    for time, value in ((0, 0), (3 * S, 1), (5 * S, 2), (6 * S, 0), (9 * S, 0)):
        timeline.add_frame("body", time, 512, bytes([value]))
    timeline.add(Event(7 * S, "assistance", "ringing", {}))
    return timeline


def colours(png):
    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB")).reshape(-1, 3)
    return {f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in np.unique(pixels, axis=0)}


def test_lanes_run_from_the_tester_to_the_off_board_records(timeline):
    assert [(lane.name, lane.kind) for lane in lanes_of(timeline)] == [
        ("tester", "tester"),
        ("OHC_Status.Sos", "can"),
        ("assistance", "call"),
    ]


def test_a_signal_lane_holds_every_state_with_its_instants(timeline):
    lane = lanes_of(timeline)[1]
    assert lane.states == [
        State(0, 3 * S, "IDLE", quiet=True),
        State(3 * S, 5 * S, "PRESSED"),
        State(5 * S, 6 * S, "REQUESTED"),
        State(6 * S, 9 * S, "IDLE", quiet=True),
    ]


def test_a_signal_that_never_changed_has_no_lane():
    timeline = Timeline()
    timeline.know("body", load_string(DBC, "dbc"))
    timeline.add_frame("body", 0, 512, b"\0")
    assert lanes_of(timeline) == []


def test_a_line_that_the_tester_drove_has_a_lane_with_its_states():
    timeline = Timeline()
    timeline.note(1 * S, "line", line="terminal_15", active=True, by="relay")
    timeline.note(2 * S, "line", line="sos_button", pulse="one pulse of 2 s", by="generator")
    timeline.note(4 * S, "release", button="SOS")
    timeline.note(5 * S, "line", line="terminal_15", active=False, by="relay")
    ignition, button = lanes_of(timeline)
    off = {"label": "off", "quiet": True}
    assert ignition.states == [State(0, 1 * S, **off), State(1 * S, 5 * S, "on"), State(5 * S, 5 * S, **off)]
    assert button.states == [
        State(0, 2 * S, **off),
        State(2 * S, 4 * S, "one pulse of 2 s"),
        State(4 * S, 5 * S, **off),
    ]


def test_the_modems_own_words_make_its_lanes():
    timeline = Timeline()
    for time, state in ((1 * S, "dialling"), (2 * S, "dialling"), (3 * S, "active"), (9 * S, "ended")):
        timeline.add(Event(time, "modem", "call", {"state": state}))
    (lane,) = lanes_of(timeline)
    assert (lane.name, lane.kind) == ("modem call", "modem")
    assert lane.states == [
        State(1 * S, 3 * S, "dialling"),
        State(3 * S, 9 * S, "active"),
        State(9 * S, 9 * S, "ended", quiet=True),
    ]


def test_the_picture_shows_a_limit_where_one_is_given():
    lanes = [Lane("sos_button", "line", [State(3 * S, 5 * S, "5 V")])]
    painter = Painter()
    without = painter.png(lanes, title="x")
    with_limit = painter.png(lanes, title="x", limits=[Span("sos_button", 3 * S, 5 * S, "sos_hold")])
    assert LIMIT not in colours(without)
    assert LIMIT in colours(with_limit)


def test_a_state_that_flashed_by_is_still_seen():
    """One millisecond within ten minutes leaves a mark of its colour."""
    flash = [State(0, 300 * S, "IDLE", quiet=True), State(300 * S, 300 * S + MS, "REQUESTED")]
    ends = [Mark(0, ""), Mark(600 * S, "")]
    assert "#1971c2" in colours(Painter().png([Lane("a", "can", flash), Lane("t", "tester", marks=ends)], title="x"))


def test_one_figure_draws_the_same_picture_again():
    painter = Painter()
    lanes = [Lane("a", "can", [State(0, S, "IDLE")])]
    first = painter.png(lanes, title="first")
    painter.png([*lanes, Lane("b", "call", marks=[Mark(S, "rings")])], title="second")
    assert painter.png(lanes, title="first") == first


def test_an_empty_timeline_still_makes_a_picture():
    assert Image.open(BytesIO(Painter().png([], title="nothing"))).format == "PNG"


def test_the_table_gives_value_expanded_uncertainty_limit_margin_and_verdict():
    html = measurement_table([Measurement("hold <SOS>", 2.0004, "s", 0.0001, ">= 2 s", "pass", 0.0004)])
    for cell in ("hold &lt;SOS&gt;", "2.0004 s", "0.0002 s", "&gt;= 2 s", "+0.0004 s", '<td class="pass">pass</td>'):
        assert cell in html


@pytest.mark.parametrize(("failed", "logs"), [(False, []), (True, ["can.log", "at.log"])])
def test_logs_are_attached_on_failure_only(timeline, monkeypatch, failed, logs):
    attached = []
    monkeypatch.setattr(allure, "attach", lambda _body, name, _kind: attached.append(name))
    measured = [Measurement("hold", 2.0, "s", 0.1)]
    attach_evidence(timeline, measured, title="x", failed=failed, logs={"can.log": "(0) body 200#00", "at.log": ""})
    assert attached == ["Timeline", "Measurements", *logs]
