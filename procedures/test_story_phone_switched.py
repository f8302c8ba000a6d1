"""The phone is switched while a theft alarm runs: whom the service tells, and whose word counts (A-12, B-32 ... B-34).

Key 1 and 2 carried into the car are no switching off: the owner gets in by the door that was forced, and links.
"""

import pytest

from fixtures import clauses, procedure
from harness.actors.owner import OWNER_ID
from harness.units import S

pytestmark = [clauses("A-12", "B-32", "B-33", "B-34"), procedure("story-phone-switched")]

UNLINKED = "this phone is not linked to the car"
INTERVAL = 10 * S
"""Agreed rate of tracking: short, so that little time has to pass."""


@pytest.fixture
def robbed(thief):
    """The instant of a break-in into the locked car."""
    thief.finds_it_locked()
    return thief.breaks_in()


@pytest.fixture
def switch_phones(linking, phone, new_phone, keys):
    """The owner sits down in the car that was forced, both keys in hand, and links the new phone."""

    def switch(*, delete=True):
        keys.inside(1, 2)
        if delete:
            linking.logs_in(OWNER_ID)
            linking.deletes_link()
        link = linking.links(new_phone, OWNER_ID)
        assert link["administrator"]
        assert phone.link() is None

    return switch


def test_switched_between_message_and_push_the_new_phone_has_the_push_and_the_car(
    robbed, switch_phones, theft_desk, phone, new_phone, keys, car, linking, limit
):
    """The thief took the old phone, and switched it off: the service tells the new one, and obeys no other."""
    message = theft_desk.expects("message", since=robbed)
    phone.goes_offline()
    switch_phones()
    theft_desk.expects("push", since=robbed, phone=3, within=message.time - robbed + limit("theft_push"))
    assert car.timeline.stays("CEM_Alarm.State", "TRIGGERED", since=message.time)
    phone.goes_online()
    phone.is_refused(UNLINKED)
    new_phone.is_served()
    linking.expects_users(1)
    keys.near(1)
    disarmed = keys.unlocks(1)
    theft_desk.expects_silence(disarmed)


@pytest.mark.usefixtures("robbed")
def test_switched_during_tracking_the_car_is_tracked_until_the_key_ends_it(
    switch_phones, theft_desk, phone, new_phone, keys, car, limit
):
    """Whose phone is linked is nothing to the police: positions go on, while the old phone is out at once."""
    start = theft_desk.finds(theft_desk.asks_where(), unauthorised=True, interval=INTERVAL)
    theft_desk.expects_sightings(1, since=start, within=limit("tracking_start"))
    phone.deletes_link()
    phone.is_refused(UNLINKED)
    switch_phones(delete=False)
    seen = theft_desk.expects_sightings(5, since=start, within=4 * INTERVAL)
    theft_desk.expects_rate(seen, INTERVAL)
    assert car.timeline.stays("TCU_Services.Tracking", "ON", since=seen[0].arrived)
    phone.is_refused(UNLINKED)
    new_phone.is_served()
    keys.near(1)
    disarmed = keys.unlocks(1)
    car.expects("TCU_Services.Tracking", "OFF", within=limit("theft_interrupted"), since=disarmed)
    theft_desk.expects_no_sightings(since=disarmed + limit("theft_interrupted"), lasting=3 * INTERVAL)
    new_phone.is_served()
