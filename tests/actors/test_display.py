"""Who uses the displays: pictures, codes out of pictures, touches, settings; and no secret in any record."""

import base64
import json

import pytest

from emulation.ecus.head_unit.page import Element
from emulation.ecus.head_unit.pin_pad import PinPad
from emulation.plugin import active
from harness.errors import BenchError, ExpectationError
from harness.pictures import read_codes, size_of
from harness.recording.folder import EVENTS, LINES
from harness.recording.masking import without_secrets
from harness.recording.tape import whole_lines
from harness.units import S
from tests.recording.scenes import record, replay

PIN, PASSWORD, TOKEN = "8042", "correct horse", "https://polestar.test/link?n=4711abc"


@pytest.fixture
def typed():
    return []


def with_login(typed):
    """Give the car's display a page with a key pad, a password and a code, in the place of its language page."""
    unit = active().parts["head_unit"]
    pad = PinPad(typed.append)

    def page():
        fields = {
            "password": Element("", enter=typed.append, secret=True, label="Password"),
            "nickname": Element("", enter=typed.append, label="Nickname"),
            "code": Element("", qr=TOKEN),
        }
        return {**pad.page(), **fields}

    unit.pages["Settings > System > Language"] = page


def test_a_picture_is_kept_for_the_report_and_told_by_its_digest(stage):
    """The event says of which page, how large, and what it was; the picture itself is evidence."""
    stage.display.opens("Settings", "Privacy")
    taken = stage.display.takes_picture()
    (event,) = stage.bench.timeline.events("head_unit", "screenshot")
    assert size_of(taken.png) == (event.data["width"], event.data["height"]) == (1024, 768)
    assert event.data["page"] == taken.page == "Settings > Privacy"
    assert event.data["bytes"] == len(taken.png)
    assert stage.bench.head_unit.pictures == [taken]
    assert stage.display.takes_picture("driver").page == "Driver display"
    assert not [line for line in stage.bench.timeline.events("head_unit", "line") if "iVBOR" in line.data["text"]]


def test_a_code_comes_out_of_the_picture_and_from_nowhere_else(stage, typed):
    """Neither texts nor elements tell it, nor does any record."""
    with_login(typed)
    stage.display.opens("Settings", "System", "Language")
    assert TOKEN not in json.dumps(stage.bench.head_unit.texts())
    assert stage.display.reads_qr() == TOKEN
    assert "4711abc" not in stage.bench.timeline.to_json()


def test_without_a_code_on_the_display_none_is_read(stage):
    """That is the car's doing, not the bench's."""
    stage.display.opens("Settings")
    with pytest.raises(ExpectationError, match="expected one QR code on the picture of 'Settings'; 0 can be read"):
        stage.display.reads_qr()


def test_what_is_typed_secretly_is_in_no_record(tmp_path):
    """A PIN on the key pad and a password: not on the timeline, not on the tape, and the record still plays."""
    got = []

    def scene(stage):
        if not stage.bench.wiring.is_replay:
            with_login(got)
        stage.get_ready()
        stage.display.opens("Settings", "System", "Language")
        stage.display.types_pin(PIN)
        stage.display.types("password", PASSWORD, secret=True)
        stage.display.types("nickname", "Astrid")
        stage.display.takes_picture()
        return stage.bench.timeline.to_json()

    kept = record(tmp_path, scene)
    assert got == [PIN, PASSWORD, "Astrid"]
    said = "\n".join([*whole_lines(tmp_path / LINES), *whole_lines(tmp_path / EVENTS)])
    for text in (kept, said):
        assert PASSWORD not in text
        assert "digit_8" not in text
    sent = [json.loads(line) for line in whole_lines(tmp_path / LINES)]
    taps = [line["with"][0] for line in sent if line.get("did") == "write" and "TAP" in line["with"][0]]
    assert taps == ["TAP digit_*\n"] * 4 + ["TAP ok\n"]
    assert replay(tmp_path, scene) == kept


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("TAP digit_4\n", "TAP digit_*\n"),
        ("ENTER p 1\n", "ENTER p ****\n"),
        ("ENTER polestar_id owner@example.test\r\n", "ENTER polestar_id ****\r\n"),
        ("TAP settings\n", "TAP settings\n"),
        ("ENTER name\n", "ENTER name\n"),
    ],
)
def test_a_recorded_line_has_stars_for_what_was_typed(line, kept):
    """And is the same when it is masked again."""
    assert without_secrets(line, "serial.head_unit") == kept
    assert without_secrets(kept, "serial.head_unit") == kept


def test_a_refusal_names_the_element_and_not_what_was_typed(stage):
    """An error text goes into every report."""
    stage.display.opens("Settings")
    with pytest.raises(ExpectationError, match=r"refused ENTER privacy \*{4}: nothing can be typed") as refused:
        stage.display.types("privacy", PASSWORD, secret=True)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize("answer", ["OK 3 AAAA", "OK 70 nothing like base64!", "OK", f"OK 9 {'iVBORw0KGgo='}"])
def test_what_is_no_picture_is_the_bench_s_fault(stage, answer):
    """A port that answers with something else, or loses bytes."""
    line = active().port("head_unit")
    stage.display.opens("Settings")
    unit_port = active().parts["head_unit"].port
    unit_port._obey, obey = lambda command: answer if "SCREENSHOT" in command else obey(command), unit_port._obey
    with pytest.raises(BenchError, match="SCREENSHOT"):
        stage.display.takes_picture()
    assert line.inbox == b""
    assert stage.bench.head_unit.pictures == []


def test_a_picture_that_lost_bytes_is_the_bench_s_fault(stage):
    """Its length is told first."""
    unit_port = active().parts["head_unit"].port
    png = active().parts["head_unit"].picture()
    short = f"OK {len(png)} {base64.b64encode(png[:-30]).decode()}"
    unit_port._obey, obey = lambda command: short if "SCREENSHOT" in command else obey(command), unit_port._obey
    with pytest.raises(BenchError, match=r"announced a picture of \d+ bytes"):
        stage.display.takes_picture()


def test_a_finger_and_a_name_find_the_same_switch(stage):
    """By coordinate out, by name in again."""
    stage.display.opens("Settings", "Privacy")
    stage.display.touches("data_sharing")
    stage.display.sees("data_sharing", "OFF")
    stage.display.taps("data_sharing")
    stage.display.sees("data_sharing", "ON")
    with pytest.raises(ExpectationError, match="expected the display to show 'MAYBE' at data_sharing"):
        stage.display.sees("data_sharing", "MAYBE", within=1 * S)


def test_profile_language_and_sharing_are_chosen_and_seen(stage):
    """On CAN where it tells of them, on the display where it does not."""
    stage.display.chooses_profile("GUEST")
    stage.display.shares_data(on=False)
    stage.display.shares_data(on=False)
    assert stage.bench.networks["body"].value("IHU_Settings.DataSharing") == "OFF"
    stage.display.chooses_language("french")
    stage.display.opens("Settings", "Privacy")
    assert stage.bench.head_unit.label("data_sharing") == "Partage de données avec Polestar Connect"
    stage.display.sees("data_sharing", "DÉSACTIVÉ")
    stage.display.shares_data(on=True)
    stage.display.sees_page("Settings", "Privacy")
    stage.display.opens("Settings", "SOS/ON CALL")
    assert stage.display.sees_greyed_out("button_lock") == "contact I ou II ou moteur en marche nécessaire"


def test_where_an_element_is_not_its_box_is_asked_for_in_vain(stage):
    """With the nearest name."""
    with pytest.raises(ExpectationError, match="no 'setings' on 'Home'; did you mean 'settings'"):
        stage.display.touches("setings")


def test_codes_are_read_as_a_camera_would_not_as_text():
    """Bytes that are no picture are refused."""
    with pytest.raises(ValueError, match="expected a PNG"):
        size_of(b"GIF89a" + bytes(40))
    with pytest.raises(OSError, match="cannot identify"):
        read_codes(b"\x89PNG")


def test_a_test_ends_with_a_picture_of_each_display_it_used(stage):
    """One that used none has none; the driver display counts once it has said something."""
    stage.take_last_pictures()
    assert stage.bench.head_unit.pictures == []
    stage.display.opens("Settings", "Privacy")
    stage.take_last_pictures()
    assert [taken.page for taken in stage.bench.head_unit.pictures] == ["Settings > Privacy"]
    active().parts["driver_display"].transmit(on=True)
    active().parts["driver_display"].set("DIM_Message", Text="CHARGING")
    stage.bench.clock.sleep(1 * S)
    stage.take_last_pictures()
    assert [taken.page for taken in stage.bench.head_unit.pictures][1:] == ["Settings > Privacy", "Driver display"]


def test_a_display_that_is_off_costs_no_verdict(stage):
    """No picture, and no error either."""
    stage.display.opens("Settings")
    stage.car.power_off()
    stage.take_last_pictures()
    assert stage.bench.head_unit.pictures == []
