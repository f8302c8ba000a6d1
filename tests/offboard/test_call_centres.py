"""What both call centres do: answer or not, talk, listen, read the MSD, call back."""

from dataclasses import replace

import pytest

from emulation.offboard import network as radio
from emulation.offboard.centre import ANSWER_DELAY, CALL_BACK_AFTER, CALL_BACK_ATTEMPTS, GREETING
from harness.units import MS, NS, S
from tests.offboard.conftest import ASSISTANCE_SE, IMSI, VIN, msd

CENTRES = [("assistance", ASSISTANCE_SE), ("emergency", "112")]


@pytest.fixture(params=CENTRES, ids=[name for name, _ in CENTRES])
def centre(out, request):
    part = out.bench.parts[request.param[0]]
    part.test_number = request.param[1]
    return part


def dial(out, centre):
    out.attach()
    return out.network.dial(IMSI, centre.test_number)


@pytest.mark.parametrize(
    ("mode", "rings", "reason"),
    [("busy", False, "busy"), ("unreachable", False, "unreachable"), ("rings", True, "no answer")],
)
def test_a_centre_that_does_not_answer_ends_the_call_for_its_own_reason(out, centre, mode, rings, reason):
    centre.behaviour = replace(centre.behaviour, mode=mode)
    call = dial(out, centre)
    out.run(radio.RINGING + 10 * S)
    assert (call.alerting.happened, call.answered.happened, call.ended.value) == (rings, False, reason)
    assert centre.calls == [call]


@pytest.mark.parametrize("delay", [0, 1 * NS, 20 * S])
def test_a_centre_answers_exactly_so_long_after_the_first_ring_as_it_was_told(out, centre, delay):
    centre.behaviour = replace(centre.behaviour, answer_delay=delay)
    call = dial(out, centre)
    out.run(40 * S)
    assert call.answered_at - call.alerting.value == delay


def test_a_centre_drops_a_call_exactly_when_it_was_told_and_the_car_sees_it_lost(out, centre):
    centre.behaviour = replace(centre.behaviour, drop_after=7 * S)
    call = dial(out, centre)
    out.run(30 * S)
    assert (call.ended.value, call.ended_at - call.answered_at) == ("lost", 7 * S)


def test_assistance_is_reached_only_in_the_countries_it_serves(out):
    out.assistance.behaviour = replace(out.assistance.behaviour, countries=("NO",))
    out.attach()
    swedish, norwegian = out.network.dial(IMSI, ASSISTANCE_SE), out.network.dial(IMSI, "+9994755501")
    out.run(20 * S)
    assert (swedish.ended.value, norwegian.connected) == ("unreachable", True)


def test_the_operator_speaks_soon_after_the_answer_and_the_car_is_told(out, centre):
    call = dial(out, centre)
    out.world.run(until=60 * S, condition=call.answered)
    assert not call.downlink_voice
    change = call.voice_changed()
    out.world.run(until=60 * S, condition=change)
    assert change.value is call.downlink_voice is True
    assert GREETING[0] <= out.world.now - call.answered_at <= GREETING[2]
    call.hang_up()
    assert not call.downlink_voice


def test_a_centre_told_not_to_speak_keeps_silent_until_it_shall(out, centre):
    centre.behaviour = replace(centre.behaviour, speaks=False)
    call = dial(out, centre)
    out.run(30 * S)
    assert not call.downlink_voice
    call.speak(True)
    assert call.downlink_voice


def test_voice_contact_is_what_the_microphone_hears_while_connected(out, centre):
    call = dial(out, centre)
    call.uplink_voice = True  # the driver talks while it rings, and stops
    out.run(2 * S)
    call.uplink_voice = False
    out.run(10 * S)
    assert not call.voice_contact
    call.uplink_voice = True
    assert call.voice_contact
    assert call.heard.value == out.world.now


def test_an_msd_is_read_acknowledged_and_recorded_within_the_time_the_network_states(out, centre):
    call = dial(out, centre)
    out.world.run(until=60 * S, condition=call.answered)
    acknowledged = call.send_msd(msd("crash"), "crash")
    out.world.run(until=60 * S, condition=acknowledged)
    assert radio.MSD_TRANSFER[0] <= out.world.now - call.answered_at <= radio.MSD_TRANSFER[2]
    assert (call.trigger, call.msd_fields["vin"], call.msd_fields["automatic"]) == ("crash", VIN, True)
    assert call.msd == msd("crash")
    assert out.data(centre.name, "msd")[0]["latitude"] == pytest.approx(57.7, abs=1e-6)


def test_both_voices_are_mute_while_an_msd_is_under_way_and_heard_after_it(out, centre):
    call = dial(out, centre)
    out.world.run(until=60 * S, condition=call.answered)
    acknowledged = call.send_msd(msd(), "sos")
    call.uplink_voice = True
    out.run(radio.MSD_TRANSFER[0] - 1 * NS)
    assert (call.downlink_voice, call.voice_contact, acknowledged.happened) == (False, False, False)
    out.world.run(until=60 * S, condition=acknowledged)
    out.run(1 * NS)
    assert (call.downlink_voice, call.voice_contact) == (True, True)


def test_octets_that_are_no_msd_are_kept_as_they_came_and_reported(out, centre):
    call = dial(out, centre)
    out.world.run(until=60 * S, condition=call.answered)
    call.send_msd(b"\xff\x00", "sos")
    out.run(10 * S)
    assert (call.msd, call.msd_fields) == (b"\xff\x00", None)
    assert out.data(centre.name, "unreadable_msd")[0]["hex"] == "ff00"


def test_an_msd_that_the_in_band_modem_cannot_carry_is_refused(out):
    with pytest.raises(ValueError, match="141 bytes: at most 140"):
        out.call().send_msd(bytes(141), "sos")


def test_a_trigger_that_nobody_knows_is_refused_by_naming_those_there_are(out):
    with pytest.raises(ValueError, match="unknown trigger 'SOS': expected one of sos, on_call, crash"):
        out.call().send_msd(msd(), "SOS")


@pytest.mark.parametrize("ends_after", [0, 1 * S])
def test_an_msd_is_never_acknowledged_once_the_call_has_ended(out, ends_after):
    call = out.call(trigger=None)
    if not ends_after:
        call.hang_up()
    acknowledged = call.send_msd(msd(), "sos")
    out.run(ends_after)
    call.hang_up()
    out.run(30 * S)
    assert (acknowledged.happened, call.msd) == (False, None)


def test_a_request_for_a_new_msd_reaches_the_car_and_the_newest_one_counts(out):
    call = out.call()
    requested = call.msd_requested()
    call.request_msd()
    assert requested.happened
    call.send_msd(msd("sos", position=(59.0, 11.0)), "sos")
    out.run(10 * S)
    assert call.msd_fields["latitude"] == pytest.approx(59.0, abs=1e-6)


def test_the_first_reason_that_ends_a_call_stays(out):
    call = out.call()
    call.hang_up(by="remote")
    call.hang_up(by="local")
    call.answer()
    assert (call.ended.value, call.connected) == ("remote", False)


# Call-back


def test_a_call_back_rings_in_the_car_and_connects_when_it_answers(out, centre):
    first = dial(out, centre)
    out.run(20 * S)
    first.hang_up()
    incoming = out.network.incoming(IMSI)
    back = centre.call_back(first)
    out.world.run(until=out.world.now + 10 * S, condition=incoming)
    assert incoming.value is back
    assert out.network.incoming(IMSI).value is back  # whoever looks only now still finds it ringing
    back.answer()
    back.uplink_voice = True
    out.run(5 * S)
    assert (back.direction, back.number, back.downlink_voice, back.voice_contact) == (
        "mt",
        centre.test_number,
        True,
        True,
    )
    assert not out.network.incoming(IMSI).happened


def test_a_call_back_finds_a_car_busy_away_or_not_answering(out):
    first = out.call()
    busy = out.assistance.call_back(first)
    out.run(5 * S)
    first.hang_up()
    unheard = out.assistance.call_back(first)
    out.run(radio.RINGING + 5 * S)
    out.network.detach(IMSI)
    away = out.assistance.call_back(first)
    out.run(5 * S)
    assert [call.ended.value for call in (busy, unheard, away)] == ["busy", "no answer", "unreachable"]


def test_a_centre_calls_back_a_car_whose_call_broke_and_gives_up_after_its_attempts(out, centre):
    call = dial(out, centre)
    out.run(20 * S)
    call.end("lost")
    out.run(CALL_BACK_AFTER)
    backs = centre.calls[1:]
    assert [back.started - call.ended_at for back in backs] == [CALL_BACK_AFTER]
    out.run(1_000 * S)
    assert len(centre.calls[1:]) == CALL_BACK_ATTEMPTS


def test_a_centre_does_not_call_back_a_car_that_has_called_again_itself(out):
    out.call().end("lost")
    out.run(5 * S)
    again = out.call()
    out.run(5 * S)
    again.hang_up()
    out.run(600 * S)
    assert [call.direction for call in out.assistance.calls] == ["mo", "mo"]


def test_assistance_does_not_call_back_for_a_case_that_is_closed(out):
    call = out.call()
    call.end("lost")
    out.run(5 * S)
    out.assistance.close(out.assistance.case(call.id), emergency=True)
    out.run(600 * S)
    assert len(out.assistance.calls) == 1


@pytest.mark.parametrize("by", ["local", "remote"])
def test_a_centre_does_not_call_back_after_a_call_that_was_hung_up(out, by):
    out.call().hang_up(by=by)
    out.run(600 * S)
    assert len(out.assistance.calls) == 1


def test_even_the_slowest_draw_has_an_operator_talking_within_10_s_and_an_msd_within_4_s():
    assert radio.SET_UP[2] + ANSWER_DELAY + GREETING[2] < 10 * S
    assert radio.MSD_TRANSFER[2] + 500 * MS < 4 * S  # 3GPP TS 22.101: typically 4 s from connection
