"""Evidence shows what the timeline holds, with limits, and hides nothing on failure."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import allure
import pytest
from cantools.database import load_string

from harness.pictures import Picture
from harness.timeline import Event, Timeline
from harness.units import MS, H, S
from reports.evidence import Measurement, Span, attach_evidence, measurement_table
from reports.lanes import lanes_of
from reports.picture import LIMIT, Lane, Mark, State, picture

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


def drawn(svg, tag):
    return [element.attrib for element in ET.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")]


def words(svg):
    return [element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


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


def test_the_picture_draws_a_limit_over_the_hold_that_it_bounds():
    """Pressed for exactly the limit: both edges of the limit stand on the edges of the bar."""
    lanes = [Lane("sos_button", "line", [State(3 * S, 5 * S, "5 V")])]
    assert not any(line["stroke"] == LIMIT for line in drawn(picture(lanes, title="x"), "line"))
    svg = picture(lanes, title="x", limits=[Span("sos_button", 3 * S, 5 * S, "hold")])
    edges = [float(line["x1"]) for line in drawn(svg, "line") if "stroke-dasharray" in line]
    bar = drawn(svg, "rect")[1]
    assert edges == pytest.approx([float(bar["x"]), float(bar["x"]) + float(bar["width"])], abs=0.2)
    assert "hold 2 s" in words(svg)


def test_a_state_that_flashed_by_is_still_seen():
    """One millisecond within ten minutes is two pixels wide, and named beside."""
    states = [
        State(0, 300 * S, "IDLE", quiet=True),
        State(300 * S, 300 * S + MS, "REQUESTED"),
        State(300 * S + MS, 600 * S, "IDLE", quiet=True),
    ]
    svg = picture([Lane("a", "can", states)], title="x")
    assert drawn(svg, "rect")[1]["width"] == "2.0"
    assert "REQUESTED" in words(svg)


def test_labels_of_acts_do_not_write_over_each_other():
    marks = [Mark(1 * S, "first act"), Mark(1 * S + MS, "second act"), Mark(60 * S, "third act")]
    shown = words(picture([Lane("tester", "tester", marks=marks)], title="x"))
    assert "first act" not in shown
    assert {"second act", "third act"} <= set(shown)


@pytest.mark.parametrize("until", [1 * MS, 3 * S, 90 * S, 2 * H])
def test_the_axis_has_a_readable_number_of_round_steps(until):
    svg = picture([Lane("a", "can", [State(0, until, "ON")])], title="x")
    ticks = [float(word) for word in words(svg) if word.replace(".", "").isdigit()]
    assert 3 <= len(ticks) <= 12
    steps = {round(later - earlier, 9) for earlier, later in pairwise(ticks)}
    assert len(steps) == 1


def test_words_are_escaped():
    assert "<SOS> & ON CALL" in words(picture([Lane("<SOS> & ON CALL", "line", [State(0, S, "on")])], title="x"))


def test_an_empty_timeline_says_so():
    assert "Nothing was observed." in words(picture([], title="nothing"))


def test_the_table_gives_value_expanded_uncertainty_limit_margin_and_verdict():
    html = measurement_table([Measurement("hold <SOS>", 2.0004, "s", 0.0001, ">= 2 s", "pass", 0.0004)])
    for cell in ("hold &lt;SOS&gt;", "2.00040 s", "0.00020 s", "&gt;= 2 s", "+0.0004 s", '<td class="pass">pass</td>'):
        assert cell in html


@pytest.mark.parametrize(("failed", "logs"), [(False, []), (True, ["can.log", "at.log"])])
def test_logs_are_attached_on_failure_only(timeline, monkeypatch, failed, logs):
    attached = []
    monkeypatch.setattr(allure, "attach", lambda _body, name, _kind: attached.append(name))
    measured = [Measurement("hold", 2.0, "s", 0.1)]
    attach_evidence(timeline, measured, title="x", failed=failed, logs={"can.log": "(0) body 200#00", "at.log": ""})
    assert attached == ["Timeline", "Measurements", *logs]


def test_pictures_of_a_display_are_attached_in_order_by_the_page_they_show(timeline, monkeypatch):
    attached = []
    monkeypatch.setattr(allure, "attach", lambda body, name, kind: attached.append((body, name, kind.mime_type)))
    taken = [Picture(1 * S, "Settings > Privacy", b"first"), Picture(2 * S, "Driver display", b"second")]
    attach_evidence(timeline, [], title="x", failed=False, displays=taken)
    assert attached[1:] == [
        (b"first", "Display 1: Settings > Privacy", "image/png"),
        (b"second", "Display 2: Driver display", "image/png"),
    ]
