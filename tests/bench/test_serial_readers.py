"""Receiver and display over scripted ports: what is wrong on the wire is told, dropped, and never believed."""

from __future__ import annotations

import httpx
import pytest

from harness.errors import BenchError, ExpectationError
from harness.gnss import Gnss
from harness.head_unit import HeadUnitPort
from harness.offboard import Offboard
from harness.serial_port import LineReader, open_port
from harness.timeline import Timeline
from harness.units import S
from tests.bench.fakes import FakeClock, ScriptedPort

GGA = "$GPGGA,120000.00,5742.5340,N,01158.4760,E,1,09,0.8,12.0,M,38.0,M,,"
NO_FIX = "$GPGGA,120000.00,,,,,0,00,,,M,,M,,"


def checked(sentence):
    crc = 0
    for character in sentence[1:]:
        crc ^= ord(character)
    return f"{sentence}*{crc:02X}\n"


@pytest.fixture
def receiver():
    clock, timeline = FakeClock(), Timeline()
    port = ScriptedPort(clock, {})
    gnss = Gnss(port, clock, timeline)
    clock.attach(gnss.pump)
    return clock, port, gnss


def test_a_position_is_read(receiver):
    clock, port, gnss = receiver
    clock.later(1 * S, lambda: port.say(checked(GGA)))
    fix = gnss.wait_fix(3 * S)
    assert (fix.time, fix.satellites, fix.hdop) == (1 * S, 9, 0.8)
    assert (fix.latitude, fix.longitude) == (pytest.approx(57.7089), pytest.approx(11.9746))


@pytest.mark.parametrize("sentence", [GGA + "\n", GGA + "*00\n", "\xff\xfe\n", "$GPGGA\n"])
def test_a_sentence_without_its_checksum_is_not_believed(receiver, sentence):
    _, port, gnss = receiver
    port.say(sentence)
    with pytest.raises(BenchError, match="no sentence at all"):
        gnss.wait_fix(1 * S)
    assert gnss.bad_sentences == 1
    assert len(gnss._timeline.events("gnss", "bad_sentence")) == 1


def test_a_receiver_without_fix_has_no_position(receiver):
    _, port, gnss = receiver
    port.say(checked(NO_FIX))
    with pytest.raises(BenchError, match="no fix within 1 s; last"):
        gnss.wait_fix(1 * S)
    assert gnss.position.latitude is None


def test_silence_makes_a_position_stale(receiver):
    clock, port, gnss = receiver
    port.say(checked(GGA))
    clock.sleep(1 * S)
    assert not gnss.is_stale()
    clock.sleep(3 * S)
    assert gnss.is_stale()


@pytest.fixture
def display():
    clock = FakeClock()
    port = ScriptedPort(
        clock,
        {
            "PAGE?": "OK Home\n",
            "TEXTS?": 'OK {"call": "IDLE"}\n',
            "ELEMENTS?": 'OK {"lock": {"text": "LOCKED", "enabled": false}}\n',
            "TAP lock": "ERROR 409 lock is greyed out: ignition is 0\n",
            "TAP none": "ERROR 404 there is: lock\n",
            "OPEN Settings > System": "OK\n",
            "HOME": "ERROR 400 no such command\n",
        },
    )
    head_unit = HeadUnitPort(port, clock, Timeline())
    clock.attach(head_unit.pump)
    return port, head_unit


def test_the_display_says_what_it_shows(display):
    port, head_unit = display
    assert (head_unit.page(), head_unit.texts(), head_unit.is_enabled("lock")) == ("Home", {"call": "IDLE"}, False)
    head_unit.open("Settings", "System")
    assert port.sent[-1] == "OPEN Settings > System"


@pytest.mark.parametrize(("element", "told"), [("lock", "greyed out"), ("none", "there is: lock")])
def test_what_cannot_be_touched_is_the_car_s_answer(display, element, told):
    with pytest.raises(ExpectationError, match=told):
        display[1].tap(element)


def test_a_wrong_answer_or_none_is_the_bench_s_fault(display):
    port, head_unit = display
    with pytest.raises(BenchError, match="HOME"):
        head_unit.open()
    port.script["TEXTS?"] = "OK {garbage\n"
    with pytest.raises(BenchError, match="expected JSON"):
        head_unit.texts()
    del port.script["PAGE?"]
    with pytest.raises(BenchError, match="did not answer PAGE"):
        head_unit.page()


def test_lines_are_cut_wherever_the_bytes_are_split():
    clock, lines = FakeClock(), []
    port = ScriptedPort(clock, {})
    reader = LineReader(port, "port", lines.append)
    for part in ("on", "e\ntw", "o\n\nthr", "ee"):
        port.inbox += part.encode()
        reader.pump()
    assert (lines, reader.unfinished) == ([b"one", b"two"], b"three")


def test_a_port_that_fails_is_told_when_it_is_next_used():
    class Pulled(ScriptedPort):
        @property
        def in_waiting(self):
            raise OSError("device disconnected")

    reader = LineReader(Pulled(FakeClock(), {}), "gnss", lambda _line: None)
    reader.pump()
    with pytest.raises(BenchError, match="serial port gnss failed: device disconnected"):
        reader.write(b"x")


def test_a_port_that_is_not_there_is_named():
    with pytest.raises(BenchError, match="serial port modem at /dev/none cannot be opened"):
        open_port("/dev/none", 115_200, "modem")


def offboard(answer):
    return Offboard("http://lab", FakeClock(), Timeline(), transport=httpx.MockTransport(answer), token="t0ken")


def test_the_token_goes_with_every_request():
    service = offboard(lambda request: httpx.Response(200, json={"now": 5, "token": request.headers["authorization"]}))
    assert service.request("GET", "/clock")["token"] == "Bearer t0ken"
    service.close()


def refuse(request):
    raise httpx.ConnectError("connection refused", request=request)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (refuse, "GET /clock at http://lab failed: connection refused"),
        (lambda _request: httpx.Response(500, text="oops"), "answered 500: oops"),
        (lambda _request: httpx.Response(200, text="<html>"), "answered no JSON: '<html>'"),
        (lambda _request: httpx.Response(404, json={"detail": "none", "errors": ["a"]}), "answered 404: none; a"),
    ],
)
def test_a_service_that_fails_is_told_with_method_and_path(answer, told):
    service = offboard(answer)
    with pytest.raises(BenchError) as caught:
        service.now()
    assert told in str(caught.value)
    assert "t0ken" not in str(caught.value)
    service.close()


def test_records_are_pulled_once_and_in_their_time():
    records = [
        {"number": n, "time": n * S, "source": "assistance", "kind": "call", "data": {"n": n}} for n in (1, 2, 3)
    ]

    def answer(request):
        after = int(request.url.params["after"])
        return httpx.Response(200, json=[record for record in records if record["number"] > after])

    service = offboard(answer)
    service.pull()
    service.pull()
    assert [event.time for event in service._timeline.events("assistance")] == [1 * S, 2 * S, 3 * S]
    service.close()


def test_a_call_that_lacks_what_was_promised_is_told():
    service = offboard(lambda request: httpx.Response(200, json=[] if "records" in str(request.url) else [{"id": 1}]))
    with pytest.raises(BenchError, match=r"GET /assistance/calls .* than promised: number"):
        service.calls("assistance")
    service.close()
