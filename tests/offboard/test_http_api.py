"""The HTTP API: complete, described, strict, and answered at one instant of simulated time."""

import json
from typing import Any

import httpx
import pytest

from harness.units import S
from tests.offboard.conftest import IMSI, msd
from tests.offboard.contract import CONTRACT


def description() -> dict[str, Any]:
    from emulation.offboard.api import application

    return application().openapi()


OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in description()["paths"].items()
    for method, operation in operations.items()
]


def names(operation: tuple) -> str:
    return f"{operation[0]} {operation[1]}" if isinstance(operation, tuple) else str(operation)


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        section, name = schema["$ref"].removeprefix("#/components/").split("/")
        schema = description()["components"][section][name]
    return schema


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether `value` has the form that the description gives it, as far as type, keys and enumeration go."""
    schema = resolve(schema)
    if "anyOf" in schema:
        return any(fits(value, option) for option in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    if schema.get("type") == "object":
        if not isinstance(value, dict):
            return False
        properties = schema.get("properties")
        if properties is None:
            inner = schema.get("additionalProperties")
            return not isinstance(inner, dict) or all(fits(v, inner) for v in value.values())
        required = set(schema.get("required", ()))
        known = required <= set(value) <= set(properties)
        return known and all(fits(v, properties[k]) for k, v in value.items())
    if schema.get("type") == "array":
        return isinstance(value, list) and all(fits(item, schema.get("items", {})) for item in value)
    kinds = {"integer": int, "number": (int, float), "string": str, "boolean": bool, "null": type(None)}
    return "type" not in schema or isinstance(value, kinds[schema["type"]])


def is_problem(answer: httpx.Response, status: int) -> bool:
    return (
        answer.status_code == status
        and answer.headers["content-type"] == "application/problem+json"
        and fits(answer.json(), {"$ref": "#/components/schemas/Problem"})
        and answer.json()["status"] == status
    )


# The description


def test_the_description_lists_what_the_contract_names_and_nothing_else(http):
    served = http.get("/openapi.json").json()
    assert {f"{m.upper()} {path}" for path, operations in served["paths"].items() for m in operations} == CONTRACT


def test_the_description_is_whole(http):
    served = http.get("/openapi.json").json()
    references = [part.split('"')[0] for part in json.dumps(served).split('"$ref": "')[1:]]
    assert served["openapi"].startswith("3.1")
    assert all(resolve({"$ref": reference}) for reference in references)
    identities = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(identities)) == len(identities)
    assert all(operation["description"] for _, _, operation in OPERATIONS)
    assert all({"404", "409", "422"} <= set(operation["responses"]) for _, _, operation in OPERATIONS)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o[0] == "GET" and "{emaid}" not in o[1]], ids=names)
def test_an_answer_has_the_form_that_is_described(out, http, operation):
    call = out.call(trigger="crash")
    http.post("/app/requests", json={"kind": "no_fuel"})
    http.post(f"/assistance/cases/{call.id}/hand-over", json={"service": "tow"})
    method, path, described = operation
    answer = http.request(method, path.replace("{identity}", "1"))
    assert answer.status_code == 200
    assert fits(answer.json(), described["responses"]["200"]["content"]["application/json"]["schema"])


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "requestBody" in o[2]], ids=names)
@pytest.mark.parametrize("body", [{"no such key": 1}, [], 3, "text", b"{", b"\xff"], ids=repr)
def test_a_body_that_does_not_fit_is_refused_and_changes_nothing(out, http, operation, body):
    method, path, _ = operation
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    before = out.records.after()
    answer = http.request(method, path.replace("{identity}", "1"), content=content)
    assert is_problem(answer, 422)
    assert answer.json()["errors"]
    assert out.records.after() == before


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/network", {"coverage": "poor"}, "body.coverage: Input should be 'full', 'weak' or 'none'"),
        ("/network", {"country": "XX"}, "expected one of SE, NO"),
        ("/network", {"plmn": "001"}, "body.plmn"),
        ("/network", {"covrage": "none"}, "body.covrage: Extra inputs are not permitted"),
        ("/position", {"latitude": 90.1}, "body.latitude"),
        ("/position", {"longitude": "11.9"}, "body.longitude: Input should be a valid number"),
        ("/position", {"heading_deg": 360}, "body.heading_deg"),
        ("/assistance", {"mode": "sleeps"}, "body.mode: Input should be 'answers', 'busy', 'unreachable' or 'rings'"),
        ("/assistance", {"answer_delay": -1}, "body.answer_delay"),
        ("/assistance", {"answer_delay": 2.5}, "body.answer_delay"),
        ("/emergency", {"countries": ["SE", "XX"]}, "body.countries.1"),
    ],
)
def test_a_wrong_value_is_refused_by_naming_it_and_what_it_may_be(http, path, body, says):
    answer = http.put(path, json=body)
    assert is_problem(answer, 422)
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "{identity}" in o[1]], ids=names)
def test_an_identity_that_nobody_has_is_not_found(http, operation):
    bodies = {
        "hand-over": {"service": "tow"},
        "close": {"emergency": True},
        "{identity}": {} if operation[0] == "PUT" else {"speaking": True},
        "login": {"id": "owner@example.test", "password": "whatever"},
        "scan": {"qr": "code"},
        "commands": {"kind": "lock"},
        "pin": {"pin": "1234"},
        "release": {"pin": "1234"},
        "authorities": {"agree": True},
        "tracking": {"unauthorised": True},
        "steps": {"step": "vehicle"},
    }
    method, path, _ = operation
    answer = http.request(method, path.replace("{identity}", "99"), json=bodies.get(path.split("/")[-1]))
    assert is_problem(answer, 404)
    assert "99" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/network/", 404), ("DELETE", "/network", 405)]
)
def test_what_the_api_does_not_have_is_refused_by_pointing_to_its_description(http, method, path, status):
    answer = http.request(method, path)
    assert is_problem(answer, status)
    assert "/openapi.json" in answer.json()["detail"]


# What it does


def test_the_clock_tells_simulated_time_and_no_request_lets_it_pass(out, http):
    out.run(5 * S)
    for _ in range(3):
        assert http.get("/clock").json() == {"now": 5 * S}


def test_the_network_is_changed_in_part_now_or_later(out, http):
    assert http.put("/network", json={"country": "GB"}).json()["coverage"] == "full"
    assert http.put("/network", json={"coverage": "none", "reject_cause": 11}).json()["rsrp_dbm"] is None
    assert http.post("/network/schedule", json={"after": 40 * S, "coverage": "full"}).status_code == 202
    out.run(40 * S)
    assert http.put("/network", json={}).json() == {
        "coverage": "full", "country": "GB", "plmn": "00101", "reject_cause": 11, "cell_on": True, "rsrp_dbm": -80.0,
    }  # fmt: skip
    assert http.put("/network", json={"reject_cause": None}).json()["reject_cause"] is None


def test_the_position_is_changed_in_part_and_a_country_brings_its_own(out, http):
    http.put("/position", json={"latitude": -33.5, "fix": False, "speed_kmh": 90})
    assert (out.sky.latitude, out.sky.fix, out.sky.speed_kmh, out.sky.satellites) == (-33.5, False, 90, 9)
    http.put("/network", json={"country": "AU"})
    australia = http.get("/network/countries").json()["AU"]
    assert http.get("/position").json()["latitude"] == australia["latitude"] == pytest.approx(-37.81363)


def test_without_a_gnss_receiver_there_is_no_position_to_change(out, http):
    del out.bench.parts["sky"]
    assert is_problem(http.put("/position", json={"fix": True}), 409)
    assert is_problem(http.get("/position"), 409)


def test_behaviour_is_changed_in_part_and_null_lifts_a_limit(http):
    http.put("/assistance", json={"mode": "busy", "countries": ["SE", "NO"], "drop_after": 5 * S})
    kept = http.put("/assistance", json={"answer_delay": 1 * S, "countries": None, "mode": None}).json()
    assert kept == {"mode": "busy", "answer_delay": 1 * S, "speaks": True, "drop_after": 5 * S, "countries": None}
    assert http.get("/emergency").json()["mode"] == "answers"


def test_a_call_is_told_with_all_its_instants_and_its_msd(out, http):
    call = out.call(trigger="crash")
    (told,) = http.get("/assistance/calls").json()
    assert told["msd"]["vin"] == call.msd_fields["vin"]
    assert bytes.fromhex(told["msd_hex"]) == msd("crash")
    told["msd"] = told["msd_hex"] = None
    assert told == {
        "id": call.id, "number": "+9994655501", "direction": "mo", "target": "assistance", "country": "SE",
        "trigger": "crash", "started": call.started, "answered": call.answered_at, "ended": None, "end_reason": None,
        "voice_contact": True, "msd": None, "msd_hex": None,
    }  # fmt: skip


def test_the_centre_hangs_up_once_and_cannot_twice(out, http):
    call = out.call()
    assert http.post(f"/assistance/calls/{call.id}/hang-up").json()["end_reason"] == "remote"
    assert call.ended_at == out.world.now
    answer = http.post(f"/assistance/calls/{call.id}/hang-up")
    assert is_problem(answer, 409)
    assert "ended (remote)" in answer.json()["detail"]


def test_the_operator_falls_silent_and_talks_again(out, http):
    call = out.call()
    out.run(5 * S)
    heard = []
    for speaking in (False, True):
        http.post(f"/voice/calls/{call.id}", json={"speaking": speaking})
        heard.append(call.downlink_voice)
    assert heard == [False, True]


def test_a_new_msd_is_asked_for(out, http):
    call = out.call()
    requested = call.msd_requested()
    http.post(f"/assistance/calls/{call.id}/request-msd")
    assert requested.happened


def test_a_centre_calls_back_the_newest_caller_or_the_one_named_or_nobody_yet(out, http):
    assert is_problem(http.post("/assistance/call-back"), 409)
    first = out.call()
    first.hang_up()
    second = out.call()
    second.hang_up()
    newest = http.post("/assistance/call-back").json()
    named = http.post("/assistance/call-back", json={"call": first.id}).json()
    assert (newest["direction"], newest["answered"]) == ("mt", None)
    assert [call.follows.id for call in out.assistance.calls[2:]] == [second.id, first.id]
    assert [newest["id"], named["id"]] == [call.id for call in out.assistance.calls[2:]]


def test_a_case_is_handed_over_by_its_call_closed_once_and_then_left_alone(out, http):
    call = out.call()
    assert http.post(f"/assistance/cases/{call.id}/hand-over", json={"service": "police"}).json()["services"] == [
        "police"
    ]
    closed = http.post(f"/assistance/cases/{call.id}/close", json={"emergency": False}).json()
    assert (closed["emergency"], closed["misuse"], closed["closed"]) == (False, True, out.world.now)
    assert http.get("/assistance/cases").json() == [closed]
    for action, body in (("close", {"emergency": True}), ("hand-over", {"service": "tow"})):
        assert is_problem(http.post(f"/assistance/cases/{call.id}/{action}", json=body), 409)


def test_help_asked_for_in_the_app_is_a_case_at_the_given_place(http):
    place = {"latitude": 1.5, "longitude": -2.5}
    made = http.post("/app/requests", json={"kind": "dead_battery", "position": place})
    assert made.status_code == 201
    assert made.json()["case"]["position"] == {**place, "trusted": True}
    assert http.get("/app/requests").json() == [made.json()]
    assert http.get("/assistance/cases").json() == [made.json()["case"]]


def test_records_come_in_order_and_from_where_the_reader_stopped(out, http):
    out.call().hang_up()
    out.run(1 * S)
    every = http.get("/records").json()
    assert [record["number"] for record in every] == list(range(1, len(every) + 1))
    assert [record["time"] for record in every] == sorted(record["time"] for record in every)
    assert http.get("/records", params={"after": 3}).json() == every[3:]
    assert http.get("/records", params={"after": 1_000}).json() == []
    assert is_problem(http.get("/records", params={"after": -1}), 422)


def test_no_answer_of_the_api_holds_a_subscriber_s_identity(out, http):
    call = out.call()
    out.network.detach(IMSI)
    http.post(f"/assistance/cases/{call.id}/close", json={"emergency": True})
    for method, path, _ in OPERATIONS:
        if method == "GET":
            assert IMSI not in http.get(path).text
