"""From the login to the link: app and display step by step, and the code between them (A-08, A-11)."""

import pytest

from fixtures import clauses
from harness.actors.linking import LOGIN
from harness.actors.owner import GUEST_ID, OWNER_ID
from harness.units import S

SURELY = 5 * S
"""So far from the end of a code's time, the way over the air (some 100 ms) decides nothing."""


@pytest.fixture
def alone(phone, linking, keys):
    """The car with both keys inside, and no phone linked to it any more."""
    keys.inside(1, 2)
    phone.deletes_link()
    linking.expects_users(0)


@clauses("A-08")
def test_digital_key_opens_from_the_app_view_and_wants_a_login(linking, display):
    """Its first page has an ID, a password and a button that does nothing yet; not a word of the car."""
    linking.opens_digital_key()
    texts = display.bench.head_unit.texts()
    assert set(LOGIN) <= set(texts)
    assert not {"user", "vin", "link_phone"} & set(texts)
    display.sees_greyed_out("log_in")


@clauses("A-08", "A-04")
@pytest.mark.parametrize("account", [OWNER_ID, "nobody@example.test"], ids=["known", "unknown"])
def test_a_wrong_password_opens_nothing(linking, display, limit, account):
    """Neither with a known ID nor with an unknown one; the display says what is wrong and asks again."""
    linking.tries_login(account, "not-the-password")
    display.sees("message", "Polestar ID or password is wrong", limit("link_step"))
    texts = display.bench.head_unit.texts()
    assert set(LOGIN) <= set(texts)
    assert not {"user", "vin", "link_phone"} & set(texts)


@clauses("A-08")
def test_nobody_reads_the_password_on_the_display(linking, display):
    """What was typed stands there as dots, and is gone once the page was left."""
    secret = "Not-4-your-eyes"  # noqa: S105  that is the test
    linking.opens_digital_key()
    display.types("polestar_id", OWNER_ID)
    display.types("password", secret, secret=True)
    assert secret not in str(display.bench.head_unit.texts())
    assert display.shows("password") == "\N{BULLET}" * len(secret)
    display.opens()
    linking.opens_digital_key()
    assert display.shows("password") == ""


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_app_and_display_agree_at_each_step_to_the_end(phone, linking):
    """Scan, then app, display, app: both show each step, and in the end the link."""
    linking.links(phone)
    linking.expects_users(1)


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_the_link_stands_only_after_the_last_step(phone, linking):
    """Until the app has confirmed for the second time nothing is linked, and neither side takes the other's turn."""
    code = linking.gets_code(phone)
    assert phone.link() is None
    phone.scans(code)
    linking.expects_step("car", phone)
    assert "confirm" not in linking.display.bench.head_unit.texts()
    phone.confirms()
    linking.expects_step("user", phone)
    assert phone.confirms()["reason"] == "this is not the app's turn"
    linking.confirms()
    linking.expects_step("finish", phone)
    assert phone.link() is None
    phone.confirms()
    linking.expects_linked(phone)


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_the_code_is_in_the_picture_alone(phone, linking, car):
    """What the camera reads stands in no text of the display, and on no line of its port."""
    code = linking.gets_code(phone)
    token = code.rpartition("=")[2]
    assert len(token) >= 16
    assert token not in str(linking.display.bench.head_unit.texts())
    lines = [str(event.data) for event in car.timeline.events("head_unit", "line")]
    assert not [line for line in lines if token in line]


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_a_code_serves_almost_to_the_end_of_its_time(phone, linking, limit):
    """It takes a while to find the phone."""
    code = linking.gets_code(phone)
    linking.clock.sleep(limit("qr_valid") - SURELY)
    linking.follows(phone, code)
    linking.expects_linked(phone)


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_a_code_runs_out(phone, linking, limit):
    """After that the display says so, and a photograph of the code is worth nothing."""
    code = linking.gets_code(phone)
    linking.clock.sleep(limit("qr_valid") + SURELY)
    linking.expects_end("the code has run out")
    assert phone.scans(code)["reason"] == "the code has run out"
    linking.expects_nothing(phone, "OWNER", users=0)


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_a_code_serves_one_link(phone, new_phone, linking):
    """Photographed by a second phone of the same user it leads nowhere, during the link and after it."""
    code = linking.gets_code(phone)
    new_phone.logs_in(OWNER_ID)
    new_phone.types_vin(linking.display.bench.file.bench.vin)
    phone.scans(code)
    linking.expects_step("car", phone)
    assert new_phone.scans(code)["reason"] == "the code has been used"
    phone.confirms()
    linking.expects_step("user", phone)
    linking.confirms()
    linking.expects_step("finish", phone)
    phone.confirms()
    linking.expects_linked(phone)
    assert new_phone.scans(code)["reason"] == "the code has been used"
    assert new_phone.link() is None


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_each_attempt_has_a_code_of_its_own(phone, linking):
    """A code of an attempt that was cancelled does not serve the next one."""
    old = linking.gets_code(phone)
    linking.cancels()
    linking.expects_end("cancelled on the display")
    new = linking.begins()
    assert new != old
    assert phone.scans(old)["reason"]
    linking.expects_step("scan")
    linking.follows(phone, new)
    linking.expects_linked(phone)


@clauses("A-11")
@pytest.mark.usefixtures("alone")
def test_another_user_cannot_scan_the_code(phone, guest_phone, linking):
    """App and display have to be used by the same person; else it ends on both sides."""
    code = linking.gets_code(phone)
    guest_phone.logs_in(GUEST_ID)
    guest_phone.types_vin(linking.display.bench.file.bench.vin)
    reason = "app and display are logged in as different users"
    assert guest_phone.scans(code)["reason"] == reason
    linking.expects_end(reason)
    linking.expects_nothing(guest_phone, "OWNER", users=0)
