"""A used car is bought with the old owner still linked (A-01, A-05, A-12, A-14, B-28, B-32)."""

import pytest

from fixtures import clauses, procedure
from harness.actors.owner import GUEST_ID, OWNER_ID, OWNER_PIN
from harness.units import S

pytestmark = [clauses("A-01", "A-05", "A-12", "A-14", "B-28", "B-32"), procedure("story-used-car")]

BUYER_ID, BUYER_PIN = GUEST_ID, "2580"
"""The buyer has the second Polestar ID of every bench, and phone 2."""
UNLINKED = "this phone is not linked to the car"
HELD = "this profile holds a phone: delete that link first"
SWITCHED = 5 * S
"""So soon CAN tells that Connect is on or off (bench default)."""


@pytest.fixture
def administrators(linking):
    """The accounts that administer the car now."""
    return lambda: [user["account"] for user in linking.users() if user["administrator"]]


def test_the_sale_ends_whatever_the_old_owner_could_do(
    assistance_desk, theft_desk, linking, phone, guest_phone, keys, thief, car, administrators, limit
):
    """Connect was off, the link forgotten: activated for the buyer, the car obeys and tells nobody else."""
    off = assistance_desk.now()
    assistance_desk.activates(False)
    car.expects("TCU_Services.Connect", "OFF", within=SWITCHED, since=off)
    assistance_desk.sells(BUYER_ID, BUYER_PIN, theft_desk.number_of(2))
    activated = assistance_desk.now()
    assistance_desk.activates()
    car.expects("TCU_Services.Connect", "ON", within=SWITCHED, since=activated)
    linking.expects_users(0)
    phone.is_refused(UNLINKED)
    assert assistance_desk.asks_for_unlock(OWNER_ID, OWNER_PIN)["reason"] == "not authorised"
    keys.inside(1, 2)
    assert linking.links(guest_phone, BUYER_ID, profile="OWNER")["administrator"]
    assert administrators() == [BUYER_ID]
    guest_phone.is_served()
    phone.is_refused(UNLINKED)
    assistance_desk.expects_no_command(since=activated, lasting=0)
    keys.away()
    thief.finds_it_locked()
    alarm = thief.breaks_in()
    theft_desk.expects("message", since=alarm, phone=2)
    theft_desk.expects("push", since=alarm, phone=2, within=limit("theft_message") + limit("theft_push"))
    assert not [item for item in phone.inbox() if item["kind"] == "theft"]


def test_before_the_sale_is_known_the_buyer_takes_over_at_the_display_and_alone(
    linking, phone, guest_phone, keys, administrators
):
    """The Owner profile is taken; deleted there, the old phone is out at once. Two people never administer one car."""
    keys.inside(1, 2)
    linking.prepares(guest_phone, BUYER_ID, profile="OWNER")
    linking.is_refused(HELD)
    assert administrators() == [OWNER_ID]
    linking.deletes_link()
    phone.is_refused(UNLINKED)
    assert administrators() == []
    linking.follows(guest_phone, linking.begins())
    assert linking.expects_linked(guest_phone)["administrator"]
    assert not linking.links(phone, OWNER_ID, profile="USER_1")["administrator"]
    assert administrators() == [BUYER_ID]
