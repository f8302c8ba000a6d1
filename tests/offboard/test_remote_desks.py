"""Desks for remote unlocking and the immobiliser: states, refusals, and no PIN in any record (B-25, B-27, B-28)."""

import json

import httpx
import pytest

from emulation import plugin
from emulation.offboard.accounts import GUEST, OWNER, OWNER_PIN
from emulation.wires.http_transport import EmulatedTransport
from harness.units import S
from tests.telematics.car import Car

WRONG = "0815"


@pytest.fixture
def car():
    made = Car()
    plugin.activate(made.bench)
    yield made
    plugin.activate(None)


@pytest.fixture
def api(car):  # noqa: ARG001  whose bench answers
    with httpx.Client(transport=EmulatedTransport(), base_url="emulated://offboard") as client:
        yield client


def states(matter):
    return [step["state"] for step in matter["history"]]


def test_an_unlock_of_an_unlocked_car_is_told_as_unlocked(car, api):
    unlock = api.post("/assistance/remote-unlocks", json={"account": OWNER, "pin": OWNER_PIN}).json()
    assert unlock["handle_time"] == 120 * S
    car.run(10 * S)
    (told,) = api.get("/assistance/remote-unlocks").json()
    assert states(told) == ["asked", "sent", "unlocked"]
    assert [record.data["state"] for record in car.records("app", "remote_unlock")] == states(told)
    pushes = [item for item in api.get("/phones/1/inbox").json() if item["kind"] == "remote_unlock"]
    assert len(pushes) == 2  # who asked knows that


@pytest.mark.parametrize(
    ("account", "pin", "reason"),
    [(OWNER, WRONG, "wrong PIN"), (GUEST, OWNER_PIN, "not authorised"), ("x@example.test", WRONG, "not authorised")],
)
def test_who_is_refused_is_told_why(api, account, pin, reason):
    unlock = api.post("/assistance/remote-unlocks", json={"account": account, "pin": pin}).json()
    assert (unlock["state"], unlock["reason"], unlock["sent"]) == ("refused", reason, None)
    again = api.post(f"/assistance/remote-unlocks/{unlock['id']}/pin", json={"pin": OWNER_PIN})
    assert again.status_code == 409


@pytest.mark.parametrize("handle_time", [0, 5, 4096 * S, "10 s", -1])
def test_a_time_that_the_signal_cannot_carry_is_refused(api, handle_time):
    asked = api.post("/assistance/remote-unlocks", json={"account": OWNER, "handle_time": handle_time})
    assert asked.status_code == 422


def test_the_course_of_a_theft_and_what_is_refused_on_the_way(car, api):
    theft = api.post("/assistance/immobilisations", json={"account": OWNER}).json()
    path = f"/assistance/immobilisations/{theft['id']}"
    assert api.post(f"{path}/disable").status_code == 409
    assert api.post(f"{path}/release", json={"pin": OWNER_PIN}).status_code == 409
    api.post(f"{path}/authorities", json={"agree": True})
    assert api.post(f"{path}/authorities", json={"agree": True}).status_code == 409
    api.post(f"{path}/disable")
    car.run(10 * S)
    assert car.bench.parts["body"].immobiliser.disabled
    refused = api.post(f"{path}/release", json={"pin": WRONG}).json()
    assert (refused["state"], refused["reason"]) == ("disabled", "wrong PIN")
    api.post(f"{path}/release", json={"pin": OWNER_PIN})
    car.run(10 * S)
    (told,) = api.get("/assistance/immobilisations").json()
    assert states(told) == ["reported", "agreed", "disabling", "disabled", "releasing", "released"]
    assert not car.bench.parts["body"].immobiliser.disabled


def test_a_release_overtakes_a_signal_that_has_not_arrived(car, api):
    """A car in a garage, found before the signal reached it: back in coverage it must not be disabled."""
    theft = api.post("/assistance/immobilisations", json={"account": OWNER}).json()
    path = f"/assistance/immobilisations/{theft['id']}"
    api.post(f"{path}/authorities", json={"agree": True})
    api.put("/network", json={"coverage": "none"})
    car.run(5 * S)
    api.post(f"{path}/disable")
    car.run(20 * S)
    api.post(f"{path}/release", json={"pin": OWNER_PIN})
    api.put("/network", json={"coverage": "full"})
    car.run(60 * S)
    assert not car.bench.parts["body"].immobiliser.disabled
    assert api.get("/assistance/immobilisations").json()[0]["state"] == "released"


def test_no_record_no_answer_and_no_description_shows_a_pin(car, api):
    theft = api.post("/assistance/immobilisations", json={"account": OWNER}).json()
    path = f"/assistance/immobilisations/{theft['id']}"
    api.post(f"{path}/authorities", json={"agree": True})
    api.post(f"{path}/disable")
    answers = [api.post(f"{path}/release", json={"pin": pin}).text for pin in (WRONG, OWNER_PIN)]
    for pin in (WRONG, OWNER_PIN, f"{WRONG}x"):
        answers += [api.post("/assistance/remote-unlocks", json={"account": OWNER, "pin": pin}).text]
    car.run(20 * S)
    told = json.dumps([record.data for record in car.bench.parts["records"].after()]) + "".join(answers)
    desks = [car.bench.parts[name] for name in ("remote_unlocks", "immobilisations")]
    told += repr([vars(desk) for desk in desks])
    assert f'"{OWNER_PIN}"' not in told
    assert f"'{OWNER_PIN}'" not in told
    assert WRONG not in told


def test_as_usual_forgets_all_of_it(car, api):
    api.put("/connect", json={"activated": False})
    api.post("/assistance/remote-unlocks", json={"account": OWNER, "pin": OWNER_PIN})
    api.post("/assistance/immobilisations", json={"account": OWNER})
    assert api.post("/world/as-usual").status_code == 204
    assert api.get("/connect").json() == {"activated": True, "reason": ""}
    assert api.get("/assistance/remote-unlocks").json() == []
    assert api.get("/assistance/immobilisations").json() == []
    car.run(60 * S)
    assert car.unit.remote.count == 0
