"""SOS is for emergencies: what is recorded as misuse and what never is; ON CALL and app for the rest (B-16)."""

import pytest

from fixtures import clauses, procedure
from harness.actors import Button
from harness.units import MS, S

pytestmark = [clauses("B-16"), procedure("sos-misuse")]

SURELY = 100 * MS
"""Longer than the hold of the manual by this much, a press by relay counts."""


@pytest.fixture
def calls(driver, operator):
    """Hold a button for long enough; returns the call that came of it."""

    def hold(button):
        press = driver.hold(button, button.hold + SURELY)
        return operator.expects_call(button.trigger, since=press.start)

    return hold


@pytest.fixture
def is_no_misuse(operator, limit):
    """Close a case, and see that it is never recorded as misuse."""

    def close(help_for, *, emergency):
        operator.closes(help_for, emergency=emergency)
        operator.clock.sleep(limit("quiet_time"))
        operator.bench.offboard.pull()
        assert not operator.case(help_for)["misuse"], "the case is recorded as misuse"
        assert operator.timeline.events("assistance", "misuse") == [], "misuse is on record"

    return close


def test_sos_without_an_emergency_is_misuse_that_may_cost(calls, driver, operator, limit):
    """The caller is heard like any other; misuse it is when the operator closes the case as none, and not before."""
    call = calls(Button.SOS)
    driver.speaks()
    operator.expects_voice_contact(call)
    operator.clock.sleep(limit("quiet_time"))
    assert not operator.case(call)["misuse"], "recorded as misuse before anybody judged it"
    operator.closes(call, emergency=False)
    record = operator.expects_record("assistance", "misuse", within=limit("quiet_time"))
    assert operator.case(call)["misuse"]
    assert (record.data["case"], record.data["may_cost"]) == (operator.case(call)["id"], True)


def test_sos_in_an_emergency_is_no_misuse(calls, is_no_misuse):
    """Who needed help pays nothing for having called it."""
    is_no_misuse(calls(Button.SOS), emergency=True)


def test_one_need_is_one_misuse_however_often_it_was_called_for(driver, operator, limit):
    """The call is lost and dialled again: one case, one record."""
    operator.drops(after=5 * S)
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    operator.expects_end(operator.expects_call(since=press.start), within=limit("connection"))
    operator.drops(after=None)
    again = operator.expects_call("sos", within=limit("redial_window"), since=operator.now())
    operator.closes(again, emergency=False)
    operator.expects_record("assistance", "misuse", within=limit("quiet_time"))
    operator.clock.sleep(limit("quiet_time"))
    assert len(operator.timeline.events("assistance", "misuse")) == 1
    assert len(operator.case(again)["calls"]) > 1


@pytest.mark.parametrize("emergency", [False, True], ids=["no emergency", "an emergency"])
def test_on_call_is_never_misuse(calls, is_no_misuse, emergency):
    """Whatever ON CALL was pressed for."""
    is_no_misuse(calls(Button.ON_CALL), emergency=emergency)


@pytest.mark.parametrize("kind", ["flat_tyre", "no_fuel", "dead_battery", "illness", "other"])
def test_a_request_in_the_app_is_never_misuse(owner, is_no_misuse, kind):
    """Whatever it was made for."""
    is_no_misuse(owner.asks_for(kind), emergency=False)


def test_a_crash_call_is_never_misuse(crash, operator, is_no_misuse):
    """Nobody pressed anything: a crash that left all well costs nothing."""
    crash.happens()
    is_no_misuse(operator.expects_call("crash"), emergency=False)


@procedure("roadside-help")
def test_on_call_brings_roadside_help(calls, driver, operator, surroundings, limit, measure):
    """Driver and operator agree on it by voice, the tow truck is told where; the call goes on until it is hung up."""
    call = calls(Button.ON_CALL)
    measure(driver.expects_voice(), "speaker_voice")
    driver.speaks()
    operator.expects_voice_contact(call)
    operator.hands_over(call, "tow")
    told = operator.expects_case_at("tow", surroundings.here(), since=call.started)
    assert told.data["case"] == operator.case(call)["id"]
    operator.clock.sleep(limit("quiet_time"))
    assert operator.call(call).ended is None
    operator.hangs_up(call)
    assert operator.expects_end(call, within=limit("call_start")).end_reason == "remote"


@procedure("roadside-help")
@pytest.mark.parametrize("service", ["tow", "police", "ambulance"])
def test_the_app_brings_any_service(owner, operator, surroundings, service):
    """The operator passes a request in the app on to whoever fits, and to nobody else."""
    case = owner.asks_for("other")
    operator.hands_over(case, service)
    told = operator.expects_case_at(service, surroundings.here(), since=case["opened"])
    assert (told.data["case"], told.data["vin"]) == (case["id"], case["vin"])
