"""Accounts, PINs and phones: who is let in, what arrives where, and that no secret is ever on record."""

import json

import httpx
import pytest

from emulation.offboard.accounts import GUEST, OWNER, OWNER_NUMBER, OWNER_PASSWORD, OWNER_PIN
from emulation.offboard.phones import DELAYS
from harness.actors import owner
from harness.units import MIN, S


def test_the_tests_know_what_the_world_begins_with():
    """The emulation cannot import the harness: both spell the same accounts."""
    assert (owner.OWNER_ID, owner.GUEST_ID, owner.OWNER_PASSWORD) == (OWNER, GUEST, OWNER_PASSWORD)
    assert (owner.OWNER_PIN, owner.OWNER_NUMBER) == (OWNER_PIN, OWNER_NUMBER)


# PINs


def test_ten_wrong_pins_in_a_row_lock_an_account_until_it_is_reopened(out):
    """The right one in between begins the count anew; locked, the right one does not help."""
    centre = out.bench.parts["delivery_centre"]
    for _ in range(9):
        assert centre.verify_pin(OWNER, "0000") == "wrong"
    assert centre.verify_pin(OWNER, OWNER_PIN) == "ok"
    for _ in range(10):
        assert centre.verify_pin(OWNER, "0000") == "wrong"
    assert centre.verify_pin(OWNER, OWNER_PIN) == "locked"
    centre.reopen(OWNER)
    assert centre.verify_pin(OWNER, OWNER_PIN) == "ok"
    assert out.kinds("delivery_centre").count("account_locked") == 1


def test_who_is_not_authorised_has_no_right_pin(out):
    """The owner's own is none in another's name; an authorised person has one, until it is withdrawn."""
    centre = out.bench.parts["delivery_centre"]
    assert centre.verify_pin(GUEST, OWNER_PIN) == "wrong"
    centre.authorise(GUEST, "2580")
    assert centre.verify_pin(GUEST, OWNER_PIN) == "wrong"
    assert centre.verify_pin(GUEST, "2580") == "ok"
    centre.withdraw(GUEST)
    assert centre.verify_pin(GUEST, "2580") == "wrong"


@pytest.mark.parametrize("pin", ["123", "12345", "12a4", "", "\u0661\u0662\u0663\u0664"])
def test_a_pin_has_four_digits(out, pin):
    with pytest.raises(ValueError, match="4 digits"):
        out.bench.parts["delivery_centre"].authorise(GUEST, pin)


# Messages and pushes


@pytest.mark.parametrize("way", ["message", "push"])
def test_what_is_sent_arrives_within_its_time(make, way):
    """On the phone of that number, or on those that the account is logged in on; never before it was sent."""
    for seed in range(5):
        out = make(seed)
        phones = out.bench.parts["phones"]
        item = getattr(phones, way)(OWNER_NUMBER if way == "message" else OWNER, "greeting", "hello")
        out.run(1 * MIN)
        least, _, most = DELAYS[way]
        assert least <= item.at - item.sent <= most
        assert [(each.kind, each.text) for each in phones.phones[1].inbox] == [("greeting", "hello")]
        assert phones.phones[2].inbox == []


def test_a_push_waits_for_the_phone_s_internet_and_a_message_does_not(out):
    phones = out.bench.parts["phones"]
    phones.set_online(phones.phones[1], False)
    push, message = phones.push(OWNER, "p", ""), phones.message(OWNER_NUMBER, "m", "")
    out.run(1 * MIN)
    assert (push.at, [item.way for item in phones.phones[1].inbox]) == (None, ["message"])
    assert message.arrived.happened
    phones.set_online(phones.phones[1], True)
    out.run(1 * S)
    assert [item.way for item in phones.phones[1].inbox] == ["message", "push"]


def test_what_is_cancelled_on_its_way_never_arrives(out):
    phones = out.bench.parts["phones"]
    item = phones.push(OWNER, "alarm", "")
    item.cancel()
    out.run(1 * MIN)
    assert phones.phones[1].inbox == []
    assert out.kinds("phones") == ["push_sent", "withdrawn"]


# The API


def test_no_secret_comes_out_again(out, http):
    """Password, PIN and code go in, and are in no answer, no record and no repr."""
    password, pin = "Secret-word-1", "9317"
    told = [http.post("/accounts", json={"id": "new@example.test", "password": password, "name": "New"})]
    person = {"account": "new@example.test", "pin": pin}
    told += [http.put("/delivery-centre", json={"authorised": [person]}), http.get("/accounts")]
    told += [http.post("/phones/3/login", json={"id": "new@example.test", "password": password})]
    told += [http.post("/phones/3/login", json={"id": "new@example.test", "password": "wrong-" + password})]
    assert [answer.status_code for answer in told] == [201, 200, 200, 200, 200]
    parts = [vars(out.bench.parts[name]) for name in ("accounts", "delivery_centre", "phones", "linking")]
    everything = " ".join([*(answer.text for answer in told), str(out.records.after()), str(parts)])
    assert password not in everything
    assert pin not in everything


def test_the_login_of_an_app_says_why_it_failed(http):
    wrong = http.post("/phones/1/login", json={"id": OWNER, "password": "nonsense"}).json()
    assert wrong == {"accepted": False, "reason": "Polestar ID or password is wrong"}
    http.put("/phones/1", json={"online": False})
    offline = http.post("/phones/1/login", json={"id": OWNER, "password": OWNER_PASSWORD}).json()
    assert offline == {"accepted": False, "reason": "no Internet on the phone"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/accounts", {"id": OWNER, "password": "long-enough", "name": "Twin"}, 409),
        ("POST", "/accounts", {"id": "no address", "password": "long-enough", "name": "Nobody"}, 422),
        ("PUT", "/delivery-centre", {"authorised": [{"account": OWNER, "pin": "12345"}]}, 422),
        ("PUT", "/delivery-centre", {"purchased": "last summer"}, 422),
        ("GET", "/phones/9", None, 404),
        ("GET", "/phones/2/link", None, 404),
        ("DELETE", "/phones/2/link", None, 409),
        ("PUT", "/phones/1", {"account": "nobody@example.test"}, 409),
        ("POST", "/phones/1/commands", {"kind": "fly"}, 422),
        ("POST", "/phones/1/scan", {}, 422),
    ],
)
def test_what_cannot_be_is_answered_as_a_problem(http: httpx.Client, method, path, body, status):
    answer = http.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text)["status"] == status


def test_a_sale_ends_what_the_old_owner_could_do(http):
    """Links and PINs; told of the same owner again, nothing happens to those of the new one."""
    http.put("/delivery-centre", json={"authorised": [{"account": GUEST, "pin": "1111"}]})
    http.put("/delivery-centre", json={"owner": OWNER})
    assert http.get("/phones/1/link").status_code == 200
    sold = {"owner": GUEST, "authorised": [{"account": GUEST, "pin": "2222"}]}
    assert http.put("/delivery-centre", json=sold).json()["authorised"] == [GUEST]
    assert http.get("/phones/1/link").status_code == 404
    assert http.get("/linking").json() == {"users": [], "links": []}
    assert http.put("/delivery-centre", json={"owner": GUEST}).json()["authorised"] == [GUEST]


def test_the_world_can_be_as_usual_again(out, http):
    """Whatever a test left behind: accounts, PINs, phones, links, messages under way."""
    before = [http.get(path).json() for path in ("/accounts", "/delivery-centre", "/phones")]
    http.post("/accounts", json={"id": "new@example.test", "password": "long-enough", "name": "New"})
    http.put("/delivery-centre", json={"owner": GUEST, "market": "FR", "withdrawn": [OWNER], "purchased": "2020-01-01"})
    http.put("/phones/1", json={"online": False, "vin": "X"})
    http.delete("/phones/1/link")
    out.bench.parts["phones"].push(GUEST, "late", "")
    assert http.post("/world/as-usual").status_code == 204
    out.run(1 * MIN)
    assert [http.get(path).json() for path in ("/accounts", "/delivery-centre", "/phones")] == before
    assert http.get("/phones/1/link").json()["administrator"]
    assert http.get("/phones/2/inbox").json() == []
