"""Who may link, and which keys have to be inside: first user and further ones (A-02, A-05, A-06, A-07, A-09)."""

import pytest

from fixtures import clauses
from harness.actors.owner import GUEST_ID, OWNER_ID

OWNER_FIRST = "the first user must be on the Owner profile"
EVERY_KEY = "every key of the car must be inside"
ONE_KEY = "a key of the car must be inside"


@pytest.fixture
def alone(phone, linking):
    """The car without any linked phone; where its keys are is the test's matter."""
    phone.deletes_link()
    linking.expects_users(0)


# Further users


@clauses("A-02")
def test_once_the_owner_is_linked_others_can_be(linking, guest_phone, phone, keys):
    """A guest links on the guest's profile; the owner's link stays, and both phones are served."""
    keys.inside(1)
    linking.links(guest_phone, GUEST_ID, profile="GUEST")
    linking.expects_users(2)
    assert [user["account"] for user in linking.users()] == [OWNER_ID, GUEST_ID]
    for each in (phone, guest_phone):
        each.is_served()


@clauses("A-02")
@pytest.mark.usefixtures("alone")
def test_before_an_administrator_is_linked_nobody_else_can_be(linking, guest_phone, keys):
    """With every key inside, on the guest's profile: refused."""
    keys.inside(1, 2)
    linking.prepares(guest_phone, GUEST_ID, profile="GUEST")
    linking.is_refused(OWNER_FIRST)
    linking.expects_nothing(guest_phone, "GUEST", users=0)


# The first user


@clauses("A-05")
@pytest.mark.usefixtures("alone")
def test_the_first_user_is_refused_on_any_other_profile(linking, phone, keys):
    """Even the owner; on the Owner profile the same user is accepted, and becomes administrator."""
    keys.inside(1, 2)
    linking.prepares(phone, OWNER_ID, profile="USER_3")
    linking.is_refused(OWNER_FIRST)
    linking.expects_nothing(phone, "USER_3", users=0)
    link = linking.links(phone, OWNER_ID, profile="OWNER")
    assert link["administrator"]


@clauses("A-05")
@pytest.mark.usefixtures("alone")
def test_only_the_first_user_becomes_administrator(linking, phone, guest_phone, keys):
    """Whoever comes first, whoever that is; who comes next does not."""
    keys.inside(1, 2)
    assert linking.links(guest_phone, GUEST_ID, profile="OWNER")["administrator"]
    assert not linking.links(phone, OWNER_ID, profile="USER_1")["administrator"]
    assert {user["account"]: user["administrator"] for user in linking.users()} == {GUEST_ID: True, OWNER_ID: False}


# Keys


@clauses("A-06")
@pytest.mark.parametrize("missing", ["near", "away"])
@pytest.mark.usefixtures("alone")
def test_an_administrator_needs_every_key_inside(linking, phone, keys, missing):
    """Beside the car, or at home, it is missing, and a fob of another car is no stand-in; put inside, it links."""
    keys.inside(1, 3)
    getattr(keys, missing)(2)
    linking.prepares(phone)
    linking.is_refused(EVERY_KEY)
    linking.expects_nothing(phone, "OWNER", users=0)
    keys.inside(2)
    linking.follows(phone, linking.begins())
    linking.expects_linked(phone)


@clauses("A-06")
@pytest.mark.usefixtures("alone")
def test_a_key_carried_out_on_the_way_refuses_an_administrator(linking, phone, keys):
    """The keys count when the display is to confirm, too."""
    keys.inside(1, 2)
    phone.scans(linking.gets_code(phone))
    linking.expects_step("car", phone)
    phone.confirms()
    linking.expects_step("user", phone)
    keys.away(2)
    linking.confirms()
    linking.expects_end(EVERY_KEY)
    linking.expects_nothing(phone, "OWNER", users=0)


@clauses("A-06")
@pytest.mark.usefixtures("alone")
def test_a_lost_key_counts_until_a_workshop_has_blocked_it(linking, phone, keys, workshop):
    """With one key left: refused before the visit, linked after it."""
    keys.inside(1)
    linking.prepares(phone)
    linking.is_refused(EVERY_KEY)
    workshop.blocks_key(2)
    linking.follows(phone, linking.begins())
    linking.expects_linked(phone)


@clauses("A-06")
@pytest.mark.usefixtures("alone")
def test_a_newly_ordered_key_counts_from_then_on(linking, phone, keys, workshop):
    """Two keys inside were enough; with a third one taught to the car they are not, until it lies inside as well."""
    keys.inside(1, 2)
    linking.prepares(phone)
    workshop.registers_key(3)
    linking.is_refused(EVERY_KEY)
    keys.inside(3)
    linking.follows(phone, linking.begins())
    linking.expects_linked(phone)


@clauses("A-07")
@pytest.mark.parametrize("number", [1, 2])
def test_any_other_user_needs_one_key_inside(linking, guest_phone, keys, number):
    """None inside refuses, though both are beside the car; any one of them is enough."""
    keys.near(1, 2)
    linking.prepares(guest_phone, GUEST_ID, profile="GUEST")
    linking.is_refused(ONE_KEY)
    linking.expects_nothing(guest_phone, "GUEST", users=1)
    keys.inside(number)
    linking.follows(guest_phone, linking.begins())
    assert not linking.expects_linked(guest_phone)["administrator"]


@clauses("A-07")
@pytest.mark.parametrize("number", [2, 3], ids=["blocked", "of another car"])
def test_a_fob_that_does_not_belong_to_the_car_is_no_key(linking, guest_phone, keys, workshop, number):
    """It lies inside, and nobody can link."""
    if number == 2:
        workshop.blocks_key(number)
    keys.inside(number)
    linking.prepares(guest_phone, GUEST_ID, profile="GUEST")
    linking.is_refused(ONE_KEY)
    linking.expects_nothing(guest_phone, "GUEST", users=1)


# One ID a person


@clauses("A-09")
def test_two_drivers_who_share_an_id_are_one_user(linking, new_phone, keys):
    """On a profile and with a phone of their own: the report names one user with two phones, and CAN counts one."""
    keys.inside(1)
    linking.links(new_phone, OWNER_ID, profile="USER_1")
    linking.expects_users(1)
    users = linking.users()
    assert [(user["account"], user["phones"], user["profiles"]) for user in users] == [
        (OWNER_ID, [1, 3], ["OWNER", "USER_1"])
    ]
