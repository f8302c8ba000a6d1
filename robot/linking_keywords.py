"""Keywords of linking a phone: display, app, keys, and what a phone may do then (A-01 ... A-14)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness.actors import Phone
from harness.actors.linking import LOGIN
from harness.actors.owner import GUEST_ID, OWNER_ID
from harness.errors import ExpectationError

WORDS = {"without coverage": "no coverage", "without data sharing": "data sharing is off"}
"""What the display says where something is missing."""
EVERY_KEY = "every key of the car must be inside"
ONE_KEY = "a key of the car must be inside"
UNLINKED = "this phone is not linked to the car"


class LinkingKeywords(Teller):
    """What happens before the display, and with a phone in the hand."""

    # The phones

    def phone_of(self, whose: str) -> Phone:
        """`The Owner`, `The Guest`, `The Buyer`, who has the guest's, or `The New Phone`. Raises `LookupError`."""
        stage = self.stage
        second = stage.guest_phone
        phones = {"owner": stage.phone, "guest": second, "buyer": second, "new phone": stage.new_phone}
        name = whose.lower().removeprefix("the ").removesuffix("'s phone")
        if name not in phones:
            raise LookupError(f"nobody is called {whose!r}; there are {', '.join(phones)}")
        return phones[name]

    @keyword("No Phone Is Linked To The Car")
    def link_nobody_linked(self) -> None:
        """The owner's link is deleted, and the car knows."""
        self.stage.phone.deletes_link()
        self.stage.linking.expects_users(0)

    @keyword("${whose} Is Not Served")
    def link_not_served(self, whose: str) -> None:
        """The phone is refused because it is not linked, and nothing reaches the car."""
        self.phone_of(whose).is_refused(UNLINKED)

    @keyword("${whose} Is Served")
    def link_served(self, whose: str) -> None:
        """The car tells the phone where it is."""
        self.phone_of(whose).is_served()

    @keyword("The Owner Deletes The Link In The App")
    def link_deletes_link(self) -> None:
        """Of the old phone."""
        self.stage.phone.deletes_link()
        self.stage.linking.expects_users(0)

    # Keys

    @keyword("Every Key Is In The Car")
    def link_keys_inside(self) -> None:
        """Both that belong to it."""
        self.stage.keys.inside(1, 2)

    @keyword("One Key Is In The Car")
    def link_one_key_inside(self) -> None:
        """The other one is at home."""
        self.stage.keys.away()
        self.stage.keys.inside(1)

    @keyword("No Key Is In The Car")
    def link_no_key_inside(self) -> None:
        """They are in somebody's pocket, beside it."""
        self.stage.keys.near(1, 2)

    @keyword("A Workshop Blocks The Lost Key")
    def link_key_blocked(self) -> None:
        """Key 2, by diagnostics."""
        self.stage.workshop.blocks_key(2)

    @keyword("A Workshop Teaches The Car A New Key")
    def link_key_taught(self) -> None:
        """Key 3, by diagnostics."""
        self.stage.workshop.registers_key(3)

    @keyword("The New Key Is In The Car Too")
    def link_new_key_inside(self) -> None:
        """Beside the two others."""
        self.stage.keys.inside(3)

    # The display

    @keyword("The ${profile} Profile Is In Use")
    def link_profile(self, profile: str) -> None:
        """`Owner` or `Guest`."""
        self.stage.display.chooses_profile(profile.upper())

    @keyword("The Digital Key App Is Opened From The App View")
    def link_opens_digital_key(self) -> None:
        """By touch, from the first page."""
        self.stage.linking.opens_digital_key()

    @keyword("It Asks For A Polestar ID")
    def link_asks_for_login(self) -> None:
        """And shows nothing else of use."""
        texts = self.stage.bench.head_unit.texts()
        if not set(LOGIN) <= set(texts) or "link_phone" in texts:
            raise ExpectationError(f"expected Digital Key to ask for a login and no more; it shows {texts}")

    @keyword("The ${who} Logs In With The Polestar ID")
    def link_logs_in(self, who: str) -> None:
        """`Owner` or `Guest`, on the display."""
        self.stage.linking.logs_in(_identity(who))

    @keyword("The Display Shows The VIN Of The Windshield")
    def link_shows_vin(self) -> None:
        """And every ECU says the same."""
        shown = self.stage.linking.vin()
        told = {identity.vin for identity in self.stage.car.identity().values()}
        if told != {shown} or shown != self.stage.bench.file.bench.vin:
            raise ExpectationError(f"expected one VIN everywhere; the display shows {shown}, the ECUs say {told}")

    @keyword("Data Sharing Is Switched ${state}")
    def link_data_sharing(self, state: str) -> None:
        """`On` or `Off`, in the settings."""
        self.stage.display.shares_data(state == "On")

    # Linking

    @keyword("${whose} Is Ready To Be Linked By The ${who}")
    def link_ready(self, whose: str, who: str) -> None:
        """Both sides are logged in, and the app knows the VIN from the display."""
        self.stage.linking.prepares(self.phone_of(whose), _identity(who))

    @keyword("${whose} Is Logged In And Knows The VIN")
    def link_app_ready(self, whose: str) -> None:
        """The app's side of it."""
        phone, identity = self.phone_of(whose), GUEST_ID if "guest" in whose.lower() else OWNER_ID
        phone.logs_in(identity)
        phone.types_vin(self.stage.linking.vin())

    @keyword("${whose} Scans The QR Code On The Display")
    def link_scans(self, whose: str) -> None:
        """Read from the picture of the display."""
        self.phone_of(whose).scans(self.stage.linking.begins())

    @keyword("${whose} And The Display Lead Through The Steps")
    def link_steps(self, whose: str) -> None:
        """App, display, app confirm; both show each step."""
        phone, linking = self.phone_of(whose), self.stage.linking
        linking.expects_step("car", phone)
        phone.confirms()
        linking.expects_step("user", phone)
        linking.confirms()
        linking.expects_step("finish", phone)
        phone.confirms()

    @keyword("${whose} Is Linked As Administrator")
    def link_linked_as_administrator(self, whose: str) -> None:
        """Both sides say so."""
        self._linked(whose, administrator=True)

    @keyword("${whose} Is Linked As Further User")
    def link_linked_as_user(self, whose: str) -> None:
        """Both sides say so."""
        self._linked(whose, administrator=False)

    @keyword("The Car Counts ${number} Linked Users")
    def link_users(self, number: int) -> None:
        """On CAN."""
        self.stage.linking.expects_users(number)

    @keyword("The Link Is Refused ${why}")
    def link_refused_for(self, why: str) -> None:
        """`Without Coverage`, `Without Data Sharing`."""
        self.stage.linking.is_refused(WORDS[why.lower()])

    @keyword("The Link Is Refused Until Every Key Is Inside")
    def link_refused_for_keys(self) -> None:
        """The display says so."""
        self.stage.linking.is_refused(EVERY_KEY)

    @keyword("The Link Is Refused Until One Key Is Inside")
    def link_refused_for_key(self) -> None:
        """The display says so."""
        self.stage.linking.is_refused(ONE_KEY)

    @keyword("The Link Is Refused While The Profile Holds A Phone")
    def link_refused_for_phone(self) -> None:
        """The display says so."""
        self.stage.linking.is_refused("this profile holds a phone: delete that link first")

    @keyword("Nothing Is Linked On Either Side")
    def link_nothing_linked(self) -> None:
        """Neither in the app nor on the display, nor on CAN."""
        self.stage.linking.expects_nothing(self.stage.phone, "OWNER", users=0)

    def _linked(self, whose: str, *, administrator: bool) -> None:
        link = self.stage.linking.expects_linked(self.phone_of(whose))
        if link["administrator"] is not administrator:
            raise ExpectationError(f"expected administrator = {administrator}; the link is {link}")


def _identity(who: str) -> str:
    return GUEST_ID if who.lower() in ("guest", "buyer") else OWNER_ID
