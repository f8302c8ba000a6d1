"""What linking needs: coverage, Internet, ID, VIN, data sharing; nothing is half linked (A-03, A-04, A-10)."""

import pytest

from fixtures import clauses
from harness.actors.owner import OWNER_ID
from harness.errors import ExpectationError
from harness.units import S

REACTION = 2 * S
"""So soon CAN tells that the data link is down (bench default)."""
BACK = 60 * S
"""So soon both sides agree again once coverage is back: an attach, and a signal repeated (bench default)."""

LATE = 20 * S
"""So long after that, what the network kept for the car has come (bench default)."""


@pytest.fixture
def alone(phone, linking, keys):
    """The car with both keys inside, and no phone linked to it any more."""
    keys.inside(1, 2)
    phone.deletes_link()
    linking.expects_users(0)


@pytest.fixture
def comes_to(alone, phone, linking):  # noqa: ARG001  it begins without a link
    """Go as far as a step: scan, car, user, finish."""

    def go(step):
        code = linking.gets_code(phone)
        for each in ("scan", "car", "user", "finish"):
            linking.expects_step(each, None if each == "scan" else phone)
            if each == step:
                return code
            if each == "scan":
                phone.scans(code)
            elif each == "user":
                linking.confirms()
            else:
                phone.confirms()
        raise ValueError(step)

    return go


@clauses("A-03")
@pytest.mark.usefixtures("alone")
def test_without_coverage_nothing_begins(phone, linking, surroundings, car):
    """The display says why; with coverage again the same touch brings the code."""
    linking.prepares(phone)
    surroundings.coverage("none")
    car.expects("TCU_Services.Connect", "NO_COVERAGE", within=REACTION)
    linking.is_refused("no coverage")
    surroundings.coverage("full")
    car.expects("TCU_Services.Connect", "ON", within=BACK)
    linking.expects_nothing(phone, "OWNER", users=0)
    linking.follows(phone, linking.begins())
    linking.expects_linked(phone)


@clauses("A-03")
@pytest.mark.parametrize("step", ["scan", "user", "finish"])
def test_coverage_lost_on_the_way_leaves_nothing_on_either_side(comes_to, phone, linking, surroundings, car, step):
    """The display ends at once, and says why; the app as soon as the car can tell; nothing is linked then or later."""
    comes_to(step)
    surroundings.coverage("none")
    linking.expects_end("no coverage")
    linking.expects_nothing_shown()
    surroundings.coverage("full")
    car.expects("TCU_Services.Connect", "ON", within=BACK)
    if step != "scan" and not linking.until(lambda: phone.linking()["step"] == "failed", BACK):
        raise ExpectationError(f"expected the app to give up; it is at {phone.linking()}")
    linking.expects_nothing(phone, "OWNER", users=0)


@clauses("A-03")
def test_coverage_lost_with_the_last_confirmation_leaves_nothing(comes_to, phone, linking, surroundings, car):
    """The app has confirmed, the car never heard of it: the app says so, and neither side keeps a link."""
    comes_to("finish")
    phone.confirms()
    surroundings.coverage("none")
    if not linking.until(lambda: phone.linking()["step"] != "finish", BACK):
        raise ExpectationError(f"expected the app to come to an end; it is at {phone.linking()}")
    assert phone.linking()["step"] == "failed"
    assert "no coverage" in phone.linking()["reason"]
    assert phone.link() is None
    surroundings.coverage("full")
    car.expects("TCU_Services.Connect", "ON", within=BACK)
    linking.clock.sleep(LATE)
    linking.expects_nothing(phone, "OWNER", users=0)


@clauses("A-03")
@pytest.mark.usefixtures("alone")
def test_a_phone_without_internet_does_not_scan(phone, linking):
    """The app says why, the display goes on waiting; online again the same code serves."""
    code = linking.gets_code(phone)
    phone.goes_offline()
    assert phone.scans(code)["reason"] == "no Internet on the phone"
    linking.expects_step("scan")
    assert phone.link() is None
    phone.goes_online()
    linking.follows(phone, code)
    linking.expects_linked(phone)


@clauses("A-03")
@pytest.mark.parametrize("step", ["car", "finish"])
def test_internet_lost_on_the_way_leaves_nothing_on_either_side(comes_to, phone, linking, step):
    """Both sides end with that reason; back online the app cannot go on where it was."""
    comes_to(step)
    phone.goes_offline()
    linking.expects_end("no Internet on the phone")
    phone.goes_online()
    phone.confirms()
    linking.expects_nothing(phone, "OWNER", users=0)


@clauses("A-04")
def test_the_vin_on_the_display_is_the_one_of_every_ecu_and_of_the_label(linking, car):
    """Digital Key shows what UDS F190 says in each ECU, and the bench file for the windshield."""
    linking.logs_in(OWNER_ID)
    shown = linking.vin()
    assert {identity.vin for identity in car.identity().values()} == {shown}
    assert shown == car.bench.file.bench.vin


@clauses("A-04")
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (None, "the app needs the VIN of the car"),
        ("LPSVA1HL9MA000418", "the VIN in the app is another car's"),
        ("LPSVA1HL9MA00041", "the VIN in the app is another car's"),
    ],
    ids=["none", "the next car", "one short"],
)
@pytest.mark.usefixtures("alone")
def test_without_the_cars_own_vin_nothing_is_linked(phone, linking, typed, reason):
    """Both sides say why."""
    code = linking.gets_code(phone)
    phone.types_vin(typed)
    assert phone.scans(code)["reason"] == reason
    linking.expects_end(reason)
    linking.expects_nothing(phone, "OWNER", users=0)


@clauses("A-04")
@pytest.mark.usefixtures("alone")
def test_without_a_polestar_id_in_the_app_nothing_is_linked(phone, new_phone, linking):
    """Nobody is logged in on that phone: the code stays unused, and serves the phone that has an ID."""
    code = linking.gets_code(phone)
    new_phone.types_vin(linking.display.bench.file.bench.vin)
    assert new_phone.scans(code)["reason"] == "nobody is logged in to the app"
    assert new_phone.link() is None
    linking.follows(phone, code)
    linking.expects_linked(phone)


@clauses("A-10")
@pytest.mark.usefixtures("alone")
def test_without_data_sharing_nothing_begins(phone, linking, display):
    """The display says why; with data sharing on again the phone is linked."""
    linking.prepares(phone)
    display.shares_data(False)
    linking.is_refused("data sharing is off")
    linking.expects_nothing_shown()
    assert phone.link() is None
    display.shares_data(True)
    linking.expects_nothing(phone, "OWNER", users=0)
    linking.follows(phone, linking.begins())
    linking.expects_linked(phone)


@clauses("A-10")
def test_data_sharing_switched_off_on_the_way_ends_it(comes_to, phone, linking, display):
    """Whoever changes their mind is not linked."""
    comes_to("user")
    display.shares_data(False)
    display.opens("Apps", "Digital Key", "Link a phone")
    linking.expects_end("data sharing is off")
    display.shares_data(True)
    linking.clock.sleep(REACTION)
    phone.confirms()
    linking.expects_nothing(phone, "OWNER", users=0)
