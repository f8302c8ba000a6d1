"""What a linked phone can do and no other: served, replaced, refused, or a matter for support (A-01, A-12 ... A-14)."""

import pytest

from fixtures import clauses
from harness.actors.owner import GUEST_ID, OWNER_ID, OWNER_PIN
from harness.units import MIN, S

UNLINKED = "this phone is not linked to the car"
NOT_ACTIVATED = "Connect is not activated"
HELD = "this profile holds a phone: delete that link first"
BACK = 60 * S
"""So soon the car has heard of everything once coverage is back (bench default)."""


@pytest.fixture
def takes_over(linking, phone, new_phone, keys):
    """The new phone is ready to be linked on the owner's profile, which the old one still holds."""
    keys.inside(1, 2)
    linking.prepares(new_phone, OWNER_ID)
    linking.is_refused(HELD)
    assert phone.link() is not None
    assert new_phone.link() is None


# Only a linked phone is served


@clauses("A-01")
@pytest.mark.parametrize("kind", ["locate", "lock"])
def test_a_phone_that_was_never_linked_is_not_served(guest_phone, kind):
    """Refused with that reason; the car receives no signal, and the body no command."""
    guest_phone.is_refused(UNLINKED, kind)


@clauses("A-01")
def test_the_owners_id_on_a_phone_that_is_not_linked_is_not_served(new_phone):
    """It is the phone that is linked, not the ID."""
    new_phone.logs_in(OWNER_ID)
    new_phone.is_refused(UNLINKED)


@clauses("A-01")
def test_a_linked_phone_is_served(phone, surroundings, car):
    """It is told where the car is, and what it locks reaches the body."""
    start = phone.now()
    located = phone.is_served("locate")
    phone.expects_near("the app", located["answer"], surroundings.here())
    phone.is_served("lock")
    car.expects("TCU_Remote.Command", "LOCK", within=2 * S, since=start)


# Changing phones


@clauses("A-12")
@pytest.mark.parametrize("where", ["app", "display"])
@pytest.mark.usefixtures("takes_over")
def test_a_new_phone_waits_until_the_old_ones_link_is_deleted(linking, phone, new_phone, where):
    """Refused while the old one holds the profile; deleted on either side, the new one links and the old one is out."""
    if where == "app":
        phone.deletes_link()
        linking.expects_nothing(phone, "OWNER", users=0)
    else:
        linking.deletes_link()
    linking.follows(new_phone, linking.begins())
    assert linking.expects_linked(new_phone)["administrator"]
    linking.expects_users(1)
    new_phone.is_served()
    phone.is_refused(UNLINKED)


@clauses("A-12")
def test_deleted_while_the_car_is_out_of_reach_the_old_phone_is_out_at_once(phone, linking, surroundings, car):
    """What it asks for then is refused, not kept; the car forgets it as soon as it hears of that."""
    surroundings.coverage("none")
    phone.deletes_link()
    phone.is_refused(UNLINKED)
    surroundings.coverage("full")
    car.expects("TCU_Services.Connect", "ON", within=BACK)
    linking.clock.sleep(BACK)
    linking.expects_nothing(phone, "OWNER", users=0)
    phone.is_refused(UNLINKED)


@clauses("A-12")
@pytest.mark.usefixtures("takes_over")
def test_a_phone_that_was_refused_changes_nothing_for_the_old_one(phone, new_phone):
    """The old one is served as before, and the new one is not."""
    phone.is_served()
    new_phone.is_refused(UNLINKED)


@clauses("A-12")
def test_an_app_whose_link_is_deleted_speaks_of_no_car(phone, owner, car):
    """Help can still be asked for, as anybody can: but Assistance is not told that it is for this car."""
    assert owner.asks_for("flat_tyre")["vin"] == car.identity()["telematics"].vin
    phone.deletes_link()
    assert owner.asks_for("flat_tyre")["vin"] is None


# When the app does not work


@clauses("A-13")
@pytest.mark.parametrize("where", ["in the open", "under a roof", "without coverage"])
def test_only_a_failure_in_good_conditions_is_a_defect(where, phone, surroundings, workshop):
    """The modem is off and the app fails: a matter for support in the open, of the surroundings anywhere else."""
    if where == "under a roof":
        surroundings.loses_position()
    if where == "without coverage":
        surroundings.coverage("none")
    else:
        workshop.bench.modem.set_radio(False)
    start = phone.now()
    phone.expects_failed(phone.asks("locate"))
    phone.bench.offboard.pull()
    kinds = {kind for kind in ("defect", "environment") if phone.timeline.events("phones", kind, start)}
    assert kinds == {"defect" if where == "in the open" else "environment"}


@clauses("A-14")
def test_connect_switched_off_refuses_every_remote_service_until_activated(
    phone, linking, guest_phone, assistance_desk, car, keys
):
    """Commands of the app, a link, and remote unlocking; each says why, and each works once it is activated."""
    keys.inside(1)
    assistance_desk.activates(False)
    car.expects("TCU_Services.Connect", "OFF", within=5 * S)
    for kind in ("locate", "lock"):
        phone.is_refused(NOT_ACTIVATED, kind)
    linking.tries_login(OWNER_ID)
    linking.display.sees("message", NOT_ACTIVATED)
    unlock = assistance_desk.asks_for_unlock(OWNER_ID, OWNER_PIN)
    told = assistance_desk.expects_app("remote_unlock", unlock, "not reached", "refused", within=2 * MIN)
    assert told.data["reason"] == NOT_ACTIVATED
    assistance_desk.activates()
    car.expects("TCU_Services.Connect", "ON", within=5 * S)
    phone.is_served("locate")
    phone.is_served("lock")
    linking.links(guest_phone, GUEST_ID, profile="GUEST")
    assistance_desk.unlocks()
