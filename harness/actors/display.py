"""Who stands before the car's displays: opens pages, touches, types a PIN, reads, takes pictures (all HMI clauses)."""

from __future__ import annotations

from harness.actors.actor import LOOK, Actor
from harness.errors import ExpectationError
from harness.pictures import Picture
from harness.ports import Which
from harness.units import S, pretty

SHOWS = 2 * S
"""So soon the display shows what the car has told it (bench default)."""

PROFILES = ("OWNER", "GUEST", "USER_1", "USER_2", "USER_3")
"""As `IHU_Settings.Profile` spells them."""
LANGUAGES = ("english", "french")


class Display(Actor):
    """Reads and touches the centre display, and looks at the driver display."""

    def opens(self, *path: str) -> None:
        """Open a page by its path: `opens("Settings", "Privacy")`; without one the first page."""
        self.note("opens", page=" > ".join(path) or "Home")
        self.bench.head_unit.open(*path)

    def taps(self, element: str) -> None:
        """Touch an element of the page by name. Raises `ExpectationError` where it cannot be touched."""
        self.note("taps", element=element)
        self.bench.head_unit.tap(element)

    def touches(self, element: str) -> None:
        """Touch the middle of where the element is shown."""
        box = self.bench.head_unit.find(element)
        self.note("touches", element=element, at=box.middle)
        self.bench.head_unit.touch(*box.middle)

    def types(self, element: str, text: str, *, secret: bool = False) -> None:
        """Type into an element; what is `secret` (a password) is in no record."""
        self.note("types", element=element)
        self.bench.head_unit.enter(element, text, secret=secret)

    def types_pin(self, pin: str) -> None:
        """Type a PIN on the key pad of the page, and confirm it. Which digits they were is in no record."""
        self.note("types_pin", digits=len(pin))
        for digit in pin:
            self.bench.head_unit.tap(f"digit_{digit}")
        self.bench.head_unit.tap("ok")

    # What it shows

    def shows(self, element: str) -> str | None:
        """The text of an element now; None where the page has none of this name."""
        return self.bench.head_unit.texts().get(element)

    def sees(self, element: str, text: str, within: int = SHOWS) -> None:
        """Wait until an element of the page shows `text`. Raises `ExpectationError`."""
        start, seen = self.now(), self.shows(element)
        while seen != text:
            if self.now() - start >= within:
                raise ExpectationError(
                    f"expected the display to show {text!r} at {element} of {self.bench.head_unit.page()!r} within "
                    f"{pretty(within)}; it shows {'no such element' if seen is None else repr(seen)}"
                )
            self.clock.sleep(LOOK)
            seen = self.shows(element)

    def sees_greyed_out(self, element: str) -> str:
        """Why an element of the page cannot be touched now. Raises `ExpectationError` where it can."""
        if self.bench.head_unit.is_enabled(element):
            raise ExpectationError(f"expected {element} to be greyed out; the display lets it be touched")
        return self.bench.head_unit.why_not(element)

    def sees_page(self, *path: str, within: int = SHOWS) -> None:
        """Wait until the page at `path` is shown. Raises `ExpectationError`."""
        wanted = " > ".join(path) or "Home"
        if not self.until(lambda: self.bench.head_unit.page() == wanted, within):
            raise ExpectationError(f"expected the page {wanted!r}; the display is on {self.bench.head_unit.page()!r}")

    def takes_picture(self, which: Which = "centre") -> Picture:
        """The picture of a display, kept for the report."""
        self.bench.head_unit.screenshot(which)
        return self.bench.head_unit.pictures[-1]

    def reads_qr(self) -> str:
        """What the QR code on the display says, read from its picture. Raises `ExpectationError` where none can be."""
        self.note("reads_qr")
        return self.bench.head_unit.qr()

    # Settings

    def chooses_profile(self, profile: str) -> None:
        """Use a profile (`OWNER`, `GUEST`, `USER_1` ...), and wait until CAN tells of it. Raises `ExpectationError`."""
        if profile not in PROFILES:
            raise ValueError(f"expected a profile of {', '.join(PROFILES)}, got {profile!r}")
        self.opens("Settings", "Profiles")
        start = self.note("profile", wanted=profile)
        self.bench.head_unit.tap(profile.lower())
        self.bench.networks["body"].expect("IHU_Settings.Profile", profile, SHOWS, since=start)

    def chooses_language(self, language: str) -> None:
        """Speak `english` or `french` from now on."""
        if language not in LANGUAGES:
            raise ValueError(f"expected a language of {', '.join(LANGUAGES)}, got {language!r}")
        self.opens("Settings", "System", "Language")
        self.taps(language)

    def shares_data(self, on: bool) -> None:
        """Share data with Polestar Connect, or not, and wait until CAN tells of it. Raises `ExpectationError`."""
        self._switch("data_sharing", on, "IHU_Settings.DataSharing", "Settings", "Privacy")

    def _switch(self, element: str, on: bool, signal: str, *path: str) -> None:
        """Put a switch to where it should be; CAN tells where it is."""
        wanted, network = "ON" if on else "OFF", self.bench.networks["body"]
        self.opens(*path)
        start = self.note("switches", element=element, wanted=wanted)
        if network.value(signal) != wanted:
            self.bench.head_unit.tap(element)
        network.expect(signal, wanted, SHOWS, since=start)
