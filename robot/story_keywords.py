"""Keywords of sequences across the manuals, where no manual has a word for it (A-12, A-14, B-29 ... B-32, C-13)."""

from __future__ import annotations

from linking_keywords import LinkingKeywords
from remote_keywords import RemoteKeywords
from robot.api.deco import keyword
from theft_keywords import TheftKeywords

from harness.actors.owner import GUEST_ID, OWNER_ID, OWNER_PIN
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.units import MIN, H, S

BUYER_PIN = "2580"
FLAT = (9.0, 5.0, 0.0)
"""Volts of a battery that goes flat."""
UNNOTICED = 3 * H
"""So long nobody looks after the car."""
RELOCKS_BY_ITSELF = 2 * MIN
"""So soon an unlocked car of which nobody opens a door may lock by itself (bench default)."""


class StoryKeywords(RemoteKeywords, TheftKeywords, LinkingKeywords):
    """What comes between the chapters."""

    # Phones

    @keyword("The Owner Deletes The Link On The Display")
    def story_deletes_link(self) -> None:
        """In Digital Key, logged in as the owner."""
        self.stage.linking.logs_in(OWNER_ID)
        self.stage.linking.deletes_link()

    @keyword("The Owner's Phone Has Internet Again")
    def story_online(self) -> None:
        """Whoever holds it."""
        self.stage.phone.goes_online()

    @keyword("The Push Comes On The New Phone")
    def story_push(self) -> None:
        """Of the alarm that the test speaks of."""
        self.stage.theft_desk.expects("push", self.since, 3, limit("theft_message") + limit("theft_push"))

    # After a crash

    @keyword("The App Says That The Car Is Unlocked")
    def story_app_unlocked(self) -> None:
        """Since the crash."""
        self.stage.assistance_desk.expects_app("remote_unlock", self.matter, "unlocked", since=self.since)

    @keyword("The App Cannot Lock The Car")
    def story_cannot_lock(self) -> None:
        """It says that the car refused."""
        phone = self.stage.phone
        phone.expects_failed(phone.asks("lock"))

    @keyword("Nothing Locks The Doors Again")
    def story_stays_unlocked(self) -> None:
        """Neither the end of the time for the handle, nor the car by itself."""
        doors = self.stage.doors
        opened = doors.expects_unlocked("CRASH", since=self.since)
        doors.clock.sleep(max(0, opened + RELOCKS_BY_ITSELF + 5 * S - doors.now()))
        if not doors.timeline.stays("CEM_Lock.State", "UNLOCKED", opened):
            raise ExpectationError("expected the doors of a crashed car to stay unlocked; something has locked them")
        doors.expects_all_open()

    # A sale

    @keyword("The Delivery Centre Has A New Owner")
    def story_sells(self) -> None:
        """With PIN and phone number; the old owner has not deleted the link."""
        desk = self.stage.assistance_desk
        desk.sells(GUEST_ID, BUYER_PIN, self.stage.theft_desk.number_of(2))

    @keyword("The Old Owner's PIN Does Not Unlock The Car")
    def story_old_pin(self) -> None:
        """Assistance refuses, and no signal reaches the car."""
        desk, since = self.stage.assistance_desk, self.stage.bench.clock.now()
        if desk.asks_for_unlock(OWNER_ID, OWNER_PIN)["state"] != "refused":
            raise ExpectationError("expected Assistance to refuse the old owner; it does not")
        desk.expects_no_command(since)

    @keyword("The Buyer Alone Administers The Car")
    def story_administrator(self) -> None:
        """By the report of the app's service."""
        found = [user["account"] for user in self.stage.linking.users() if user["administrator"]]
        if found != [GUEST_ID]:
            raise ExpectationError(f"expected {GUEST_ID} alone to administer the car; {', '.join(found)} do")

    @keyword("The Buyer Gets A Message And A Push And The Old Owner None")
    def story_buyer_told(self) -> None:
        """By the number that the delivery centre has now, and on the buyer's phone."""
        desk = self.stage.theft_desk
        desk.expects("message", self.since, 2)
        desk.expects("push", self.since, 2, limit("theft_message") + limit("theft_push"))
        if found := [item for item in self.stage.phone.inbox() if item["kind"] == "theft"]:
            raise ExpectationError(f"expected nothing about the theft on the old owner's phone; {len(found)} came")

    # At the station

    @keyword("The Station Installs No Contracts")
    def story_plain_station(self) -> None:
        """It takes those that are in the car."""
        self.stage.station.behaves(install_service=False)

    @keyword("The Station Installs Contracts Again")
    def story_full_station(self) -> None:
        """Or it is another one."""
        self.stage.station.behaves(install_service=True)

    # In a garage

    @keyword("The Battery Goes Flat")
    def story_goes_flat(self) -> None:
        """Volt by volt, then it is disconnected."""
        for volts in FLAT:
            self.stage.car.power(volts)
            self.stage.bench.clock.sleep(5 * S)
        self.stage.car.power_off()

    @keyword("Hours Later The Battery Is Charged And The Car Leaves The Garage")
    def story_leaves(self) -> None:
        """Times count from the exit."""
        self.stage.bench.clock.sleep(UNNOTICED)
        self.stage.car.power()
        self.stage.bench.clock.sleep(1 * MIN)
        self.since = self.stage.bench.clock.now()
        self.stage.surroundings.coverage("full")
