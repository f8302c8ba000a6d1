"""The SIM card in the modem: its identity, its PIN and PUK with their tries, its size (B-22, B-23, B-24)."""

from __future__ import annotations

from enum import Enum

PIN_TRIES = 3  # 3GPP TS 31.101
PUK_TRIES = 10  # 3GPP TS 31.101
PIN_DIGITS = range(4, 9)
PUK_DIGITS = range(8, 9)


class SimState(Enum):
    """What a SIM wants; values as `+CPIN?` spells them."""

    READY = "READY"
    PIN = "SIM PIN"
    PUK = "SIM PUK"
    BLOCKED = "BLOCKED"
    """The PUK was wrong ten times: the card is lost."""
    ABSENT = "NOT INSERTED"
    """No card, or one of a size that the holder does not take."""
    UNREADABLE = "FAILURE"


class WrongPasswordError(Exception):
    """PIN or PUK were not right; one try less is left."""


class Sim:
    """One card. A lab builds the one it needs: `Sim(pin_enabled=True)`, `Sim(size="4FF")`, `Sim(readable=False)`."""

    def __init__(
        self,
        imsi: str = "001010123456789",
        iccid: str = "8900101012345678904",
        pin: str = "1234",
        puk: str = "12345678",
        *,
        pin_enabled: bool = False,
        size: str = "2FF",
        readable: bool = True,
    ) -> None:
        self.imsi = imsi
        self.iccid = iccid
        self.pin_enabled = pin_enabled
        self.size = size
        self.readable = readable
        self.pin_tries = PIN_TRIES
        self.puk_tries = PUK_TRIES
        self._pin = pin
        self._puk = puk
        self._verified = False

    @property
    def state(self) -> SimState:
        """What the card wants now."""
        if not self.readable:
            return SimState.UNREADABLE
        if not self.puk_tries:
            return SimState.BLOCKED
        if not self.pin_tries:
            return SimState.PUK
        return SimState.PIN if self.pin_enabled and not self._verified else SimState.READY

    def power_up(self) -> None:
        """The card was reset: a PIN that is enabled must be entered again."""
        self._verified = False

    def enter_pin(self, pin: str) -> None:
        """Verify the PIN. Raises `WrongPasswordError`; after three in a row the card wants its PUK."""
        if not self.pin_tries or pin != self._pin:
            self.pin_tries = max(0, self.pin_tries - 1)
            self._verified = self._verified and self.pin_tries > 0
            raise WrongPasswordError
        self.pin_tries = PIN_TRIES
        self._verified = True

    def unblock(self, puk: str, new_pin: str) -> None:
        """Set a new PIN by the PUK. Raises `WrongPasswordError`; after ten in a row the card is lost."""
        if not self.puk_tries or puk != self._puk:
            self.puk_tries = max(0, self.puk_tries - 1)
            raise WrongPasswordError
        self.puk_tries, self.pin_tries = PUK_TRIES, PIN_TRIES
        self._pin = new_pin
        self._verified = True

    def set_pin_enabled(self, enabled: bool, pin: str) -> None:
        """Ask for the PIN from the next power-up on, or no longer. Raises `WrongPasswordError`."""
        self.enter_pin(pin)
        self.pin_enabled = enabled

    def change_pin(self, old: str, new: str) -> None:
        """Raises `WrongPasswordError` where `old` is not the PIN."""
        self.enter_pin(old)
        self._pin = new
