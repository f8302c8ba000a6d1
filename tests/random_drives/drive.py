"""A random drive: the legal acts of owner, driver, thief and world, to be played in any order."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.actors import Button
from harness.actors.assistance_desk import Matter
from harness.actors.doors import DOORS, Door
from harness.actors.owner import GUEST_ID, OWNER_ID, OWNER_PIN
from harness.actors.phone import Phone
from harness.catalogue import limit
from harness.units import MIN, MS, S
from tests.random_drives.machine import Machine
from tests.random_drives.shorten import remembered

PLACES = ("away", "near", "inside")


class Drive(Machine):
    """What may be done to a car, and what is known of it by what was done."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = dict.fromkeys((1, 2), "away")
        self.crashed = self.runs = self.plugged = False
        self.coverage = "full"
        self.code: tuple[Phone, str] | None = None
        self.theft: Matter | None = None

    def lays(self, number: int, place: str) -> None:
        """A key lies somewhere from now on."""
        self.act("key", f"key {number} is {place}")
        self.keys[number] = place
        getattr(self.stage.keys, place)(number)

    # Help

    @remembered(button=st.sampled_from(Button), long=st.booleans())
    def presses(self, button: Button, long: bool) -> None:
        """A button is held long enough, or too short."""
        duration = button.hold + 100 * MS if long else button.hold * 4 // 5
        self.act(str(button) if long else "brush", f"the driver holds {button} for {duration / S:.1f} s")
        self.stage.driver.hold(button, duration)

    @remembered(lambda drive: not drive.crashed, level=st.sampled_from(("IMPACT", "BELT_TENSIONER", "AIRBAG")))
    def crashes(self, level: str) -> None:
        """Once a drive: a module that has deployed needs a workshop."""
        self.crashed = level != "IMPACT"
        self.stage.crash.happens(level)
        happened = self.stage.bench.timeline.events("tester", "crash")[-1].time  # the interlock may have taken its time
        self.story.tell(happened, "impact" if level == "IMPACT" else "crash", f"the car crashes at {level} level")

    # Keys, doors, ignition

    @remembered(number=st.sampled_from((1, 2)), place=st.sampled_from(PLACES))
    def carries(self, number: int, place: str) -> None:
        """A key is carried somewhere."""
        self.lays(number, place)

    @remembered(number=st.sampled_from((1, 2)))
    def locks(self, number: int) -> None:
        """By a key's button."""
        self.act("key locks", f"key {number} locks")
        self.stage.keys.locks(number)

    @remembered(number=st.sampled_from((1, 2)))
    def unlocks(self, number: int) -> None:
        """By a key's button, which switches the alarm off as well."""
        self.act("key unlocks", f"key {number} unlocks")
        if self.coverage == "full":
            self.act("disarmed by key", "and so switches the alarm off")
        self.stage.keys.unlocks(number)

    @remembered(door=st.sampled_from(DOORS))
    def pulls(self, door: Door) -> None:
        """The handle, and the door where it opens; shut again."""
        near = any(place != "away" for place in self.keys.values())
        if near:
            self.act("handle with a key", "with a key in the pocket,")
        self.act("handle", f"somebody pulls the {door.value.replace('_', ' ')} handle")
        if self.stage.doors.tries_to_open(door):
            self.stage.doors.close(door)

    @remembered(lambda drive: not drive.runs and not drive.plugged)
    def starts(self) -> None:
        """Where the car lets the engine start."""
        self.act("starts", "the driver tries to start")
        self.runs = self.stage.driver.tries_to_start()
        if not self.runs:
            self.stage.driver.ignition("OFF")

    @remembered(lambda drive: drive.runs)
    def parks(self) -> None:
        """Engine and ignition off."""
        self.act("parks", "the driver parks")
        self.stage.driver.ignition("OFF")
        self.runs = False

    @remembered(lambda drive: drive.runs, country=st.sampled_from(("SE", "NO", "DE")))
    def drives(self, country: str) -> None:
        """Somewhere else."""
        self.act("drives", f"the car is driven to {country}")
        self.stage.surroundings.country(country)

    # Afar

    @remembered(coverage=st.sampled_from(("full", "weak", "none")))
    def reaches(self, coverage: str) -> None:
        """Radio coverage changes."""
        self.act("coverage", f"coverage is {coverage}")
        self.coverage = coverage
        self.stage.surroundings.coverage(coverage)

    @remembered(right=st.booleans())
    def asks_for_unlock(self, right: bool) -> None:
        """In the app; the PIN is right or not."""
        self.act("PIN verified" if right else "wrong PIN", f"remote unlock, the PIN is {'right' if right else 'wrong'}")
        unlock = self.stage.assistance_desk.asks_for_unlock(handle_time=limit("relock"))
        self.try_to(lambda: self.stage.assistance_desk.verifies(unlock, OWNER_PIN if right else "0000"))

    @remembered()
    def sells_phone(self) -> None:
        """The link of the owner's phone is deleted."""
        if self.stage.phone.link() is not None:
            self.act("unlinks", "the owner deletes the link of the phone")
            self.stage.phone.deletes_link()

    @remembered(kind=st.sampled_from(("locate", "lock")))
    def commands(self, kind: str) -> None:
        """The app asks the car for something."""
        self.act("command", f"the app asks to {kind}")
        self.stage.phone.asks(kind)

    # Linking

    @remembered(guest=st.booleans(), with_keys=st.booleans(), whole=st.booleans())
    def links(self, guest: bool, with_keys: bool, whole: bool) -> None:
        """Owner or guest on the profile meant for them: to the end, or until the code is on the display."""
        if with_keys:
            for number in self.keys:
                self.lays(number, "inside")
        phone, identity, profile = (
            (self.stage.guest_phone, GUEST_ID, "GUEST") if guest else (self.stage.phone, OWNER_ID, "OWNER")
        )
        self.act("asks to link", f"the {profile.lower()} asks the display to link phone {phone.number}")
        self.code = None
        self.try_to(lambda: self.gets_code(phone, identity, profile))
        if whole and self.code is not None:
            self.follows_code()

    @remembered(lambda drive: drive.code is not None)
    def scans(self) -> None:
        """The code that was left on the display."""
        self.follows_code()

    def gets_code(self, phone: Phone, identity: str, profile: str) -> None:
        """Both logins and the VIN; then the display shows a code."""
        self.code = phone, self.stage.linking.gets_code(phone, identity, profile=profile)

    def follows_code(self) -> None:
        """Scanned, and confirmed in turn."""
        assert self.code is not None
        (phone, code), self.code = self.code, None
        self.act("links", f"phone {phone.number} scans the code, app and display confirm")
        self.try_to(lambda: self.stage.linking.follows(phone, code))

    # The immobiliser

    @remembered(agree=st.booleans())
    def reports_theft(self, agree: bool) -> None:
        """Assistance asks the authorities, and has the keys disabled where they agree."""
        desk = self.stage.assistance_desk
        word = "agree" if agree else "decline"
        self.act("theft reported", f"the owner reports the car stolen, the authorities {word}")
        self.theft = desk.reports_theft()
        desk.consults(self.theft, agree=agree)
        if agree:
            self.act("disables", "Assistance disables the keys")
            desk.disables(self.theft)
        else:
            self.act("tries to disable", "Assistance tries to disable the keys")
            desk.may_disable(self.theft)

    @remembered(lambda drive: drive.theft is not None, right=st.booleans())
    def has_it_back(self, right: bool) -> None:
        """The PIN lifts it where it is right."""
        theft = self.theft
        assert theft is not None
        what = f"the owner has the car back, the PIN is {'right' if right else 'wrong'}"
        self.act("release PIN" if right else "wrong PIN", what)
        self.try_to(lambda: self.stage.assistance_desk.releases(theft, OWNER_PIN if right else "0000"))

    # Charging

    @remembered(lambda drive: not drive.runs)
    def plugs(self) -> None:
        """The cable in, or out again."""
        self.plugged = not self.plugged
        if self.plugged:
            self.act("plugged in", "the cable is plugged in")
            self.stage.station.plugs_in()
        else:
            self.act("unplugged", "the cable is pulled out")
            self.stage.station.unplugs()

    @remembered(lambda drive: drive.plugged)
    def identifies(self) -> None:
        """With a card, at the station."""
        self.act("card", "a card is held to the station")
        self.try_to(self.stage.station.identifies)

    # Thief

    @remembered(door=st.sampled_from(DOORS))
    def breaks_in(self, door: Door) -> None:
        """A door is forced, and shut again."""
        self.act("break-in", f"a thief forces the {door.value.replace('_', ' ')} door")
        self.stage.doors.forces(door)
        self.stage.doors.close(door)

    # Time

    @remembered(duration=st.sampled_from((10 * S, 1 * MIN, 3 * MIN)))
    def waits(self, duration: int) -> None:
        """Nothing is done."""
        self.act("waits", f"{duration // S} s pass")
        self.stage.bench.clock.sleep(duration)
