"""What Assistance does with a case, as the manual promises it; and that each seeded fault breaks it."""

import pytest

from emulation.faults import catalogue, classes, part_of
from emulation.offboard.assistance import VOICE_CONTACT_TIMEOUT, Place
from harness.units import NS, S
from tests.offboard.conftest import HERE, VIN, OffboardBench

FAULTS = [fault for fault in catalogue() if fault.module == "emulation.faults.offboard"]


def near(data: dict) -> tuple:
    return pytest.approx((data["latitude"], data["longitude"]), abs=1e-5)


def operator_speaks(out: OffboardBench, trigger: str) -> None:
    call = out.call(trigger=trigger)
    out.run(5 * S)
    assert call.downlink_voice, f"no operator in a call by {trigger}"
    assert out.kinds("assistance").count("speaks") == 1


def case_goes_to(out: OffboardBench, service: str, trigger: str) -> None:
    call = out.call(trigger=trigger)
    out.assistance.hand_over(out.assistance.case(call.id), service)
    told = {other: out.data(other, "case") for other in ("police", "ambulance", "tow")}
    assert [other for other, cases in told.items() if cases] == [service]
    (case,) = told[service]
    assert (case["origin"], case["vin"]) == (trigger, VIN)
    assert near(case) == HERE


def silence_alerts(out: OffboardBench, trigger: str) -> None:
    call = out.call(trigger=trigger, speak=False)
    out.world.run(until=call.answered_at + VOICE_CONTACT_TIMEOUT - 1 * NS)
    assert out.data("emergency", "alert") == []
    out.run(1 * NS)
    alerts = out.data("emergency", "alert")
    assert [(alert["origin"], alert["vin"], alert["calls"]) for alert in alerts] == [(trigger, VIN, [call.id])]
    (alert,) = alerts
    assert near(alert) == HERE
    assert out.assistance.case(call.id).alerted == out.world.now


def app_gets_help(out: OffboardBench, kind: str) -> None:
    out.run(1 * S)
    out.sky.latitude, out.sky.longitude = HERE
    request = out.app.request(kind)
    assert request.case is not None, "the request opened no case"
    assert out.assistance.cases == [request.case]
    assert (request.case.origin, request.case.kind) == ("app", kind)
    assert request.case.position == Place(*HERE, trusted=True)
    assert request.case.vin == VIN
    out.sky.latitude += 1
    second = out.app.request("other")
    assert (second.case.kind, second.case.position.latitude) == ("other", HERE[0] + 1)
    assert out.assistance.cases == [request.case, second.case]
    out.sky.fix = False
    assert out.app.request(kind).case.position is None


def misuse(out: OffboardBench, trigger: str, emergency: bool) -> bool:
    call = out.call(trigger=trigger)
    case = out.assistance.case(call.id)
    out.assistance.close(case, emergency)
    assert case.misuse == bool(out.data("assistance", "misuse"))
    return case.misuse


def sos_is_charged_when_it_was_no_emergency_and_nothing_else_is(out: OffboardBench) -> None:
    assert misuse(out, "sos", emergency=False)
    fresh = [OffboardBench(faults=out.bench._faults) for _ in range(4)]
    assert not misuse(fresh[0], "sos", emergency=True)
    assert not misuse(fresh[1], "on_call", emergency=False)
    assert not misuse(fresh[2], "crash", emergency=False)
    case = fresh[3].app.request("no_fuel").case
    fresh[3].assistance.close(case, emergency=False)
    assert not case.misuse


def on_call_is_served(out: OffboardBench) -> None:
    call = out.call(trigger="on_call")
    out.run(20 * S)
    assert call.connected, f"ON CALL was ended: {call.ended.value}"


def every_kind_of_call_gets_a_voice(out: OffboardBench) -> None:
    for trigger in ("crash", "sos", "on_call"):
        operator_speaks(OffboardBench(faults=out.bench._faults), trigger)


PROMISES = {
    "B-05": [lambda out: operator_speaks(out, "crash")],
    "B-06": [lambda out: case_goes_to(out, "ambulance", "crash"), lambda out: case_goes_to(out, "police", "crash")],
    "B-07": [lambda out: silence_alerts(out, "crash")],
    "B-11": [lambda out: case_goes_to(out, "police", "sos"), lambda out: silence_alerts(out, "sos")],
    "B-14": [every_kind_of_call_gets_a_voice],
    "B-15": [lambda out: app_gets_help(out, "flat_tyre"), lambda out: app_gets_help(out, "illness")],
    "B-16": [
        lambda out: case_goes_to(out, "tow", "on_call"),
        on_call_is_served,
        sos_is_charged_when_it_was_no_emergency_and_nothing_else_is,
    ],
}


@pytest.mark.parametrize(("clause", "number"), [(c, n) for c, checks in PROMISES.items() for n in range(len(checks))])
def test_assistance_keeps_what_the_clause_promises(clause, number):
    PROMISES[clause][number](OffboardBench())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_seeded_fault_breaks_its_clause(fault):
    seeded = classes()[fault.name]

    def holds(check) -> bool:
        try:
            check(OffboardBench(faults={part_of(seeded): seeded}))
        except AssertionError:
            return False
        return True

    assert not all(holds(check) for check in PROMISES[fault.breaks])


def test_every_clause_that_assistance_and_app_answer_for_has_a_fault():
    assert {fault.breaks for fault in FAULTS} == set(PROMISES)


# What the faults above do not ask


def test_silence_after_on_call_alarms_nobody(out):
    out.call(trigger="on_call", speak=False)
    out.run(60 * S)
    assert out.data("emergency", "alert") == []


def test_silence_in_a_call_without_msd_alerts_without_a_position_rather_than_not_at_all(out):
    out.call(trigger=None, speak=False)
    out.run(60 * S)
    (alert,) = out.data("emergency", "alert")
    assert (alert["latitude"], alert["position_trusted"]) == (None, False)


def test_a_driver_who_was_heard_before_the_call_broke_is_not_alerted_for(out):
    call = out.call()
    out.run(1 * S)
    call.end("lost")
    out.run(60 * S)
    assert out.data("emergency", "alert") == []


def test_silence_counts_also_when_the_call_broke_and_a_closed_case_is_left_alone(make):
    broken, closed = make(), make()
    broken.call(speak=False).end("lost")
    case = closed.assistance.case(closed.call(speak=False).id)
    closed.assistance.close(case, emergency=True)
    for out in (broken, closed):
        out.run(60 * S)
    assert len(broken.data("emergency", "alert")) == 1
    assert closed.data("emergency", "alert") == []


def test_the_call_after_a_broken_one_and_a_call_back_continue_its_case(out):
    first = out.call()
    first.end("lost")
    out.run(1 * S)
    again = out.call()
    again.hang_up()
    back = out.assistance.call_back(again)
    out.run(5 * S)
    back.answer()
    out.run(1 * S)
    assert [[call.id for call in case.calls] for case in out.assistance.cases] == [[first.id, again.id, back.id]]


@pytest.mark.parametrize("by", ["local", "remote"])
def test_the_call_after_one_that_was_hung_up_opens_a_case_of_its_own(out, by):
    out.call().hang_up(by=by)
    out.run(1 * S)
    out.call()
    assert len(out.assistance.cases) == 2


def test_the_app_says_where_help_is_needed_or_that_it_cannot_know(out):
    out.sky.fix = False
    assert out.app.request("no_fuel").case.position is None
    assert out.app.request("no_fuel", Place(1.0, 2.0, trusted=True)).case.position == Place(1.0, 2.0, trusted=True)
