"""The interlock: nothing dials unless the bench file and the modem itself both say that this is a test network.

Asked before everything that can lead to a call, by the modem's AT port itself and by whoever presses a button, crashes
the car, or calls it. All of this has to hold:

1. The bench file says `network = "simulated"`.
2. `+CIMI`: the SIM belongs to a test network that the bench file allows. A modem that does not answer proves nothing.
3. `+COPS?`: the network it is on, if it is on one, is allowed as well.

A modem without a network (starting, or out of coverage) could still place an emergency call over any network in reach,
whatever its SIM. So the third point holds for it only if it was on an allowed network before on this bench (the box it
stands in is closed, and coverage is switched by the bench), or if a search (`+COPS=?`) finds allowed networks only, or
none. One that is in limited service (`+CEREG` 8) camps on something, so there only the search counts.

Where it finds a network that is not allowed, it ends every call (`AT+CHUP`): one that began on the test network may
have been handed over. After each dial command it is asked once more, so that a network that changes between its last
answer and the dialling has the call for no longer than that takes (docs/safety.md states the gap).
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import BenchError, InterlockError
from harness.modem.modem import Modem


class Interlock:
    """Proves before each call that it cannot reach anybody real. `where` names the bench file."""

    def __init__(self, network: str, plmn: Sequence[str], modem: Modem | None, where: str) -> None:
        self._simulated = network == "simulated"
        self._allowed = tuple(plmn)
        self._modem = modem
        self._where = where
        self._camped = False

    def check(self) -> None:
        """Raises `InterlockError` unless it is proven that nothing real can be called; then nothing was sent."""
        if not self._simulated:
            raise InterlockError(f'{self._where} does not say network = "simulated": nothing dials on this bench')
        if self._modem is None:
            raise InterlockError(
                f"{self._where} has no [serial.modem]: nothing can prove that the network is a test one"
            )
        try:
            self._check(self._modem)
        except BenchError as error:
            self._camped = False
            raise InterlockError(f"the modem does not prove that it is on a test network: {error}") from error

    def _check(self, modem: Modem) -> None:
        home = modem.imsi()
        if not home.startswith(self._allowed):
            self._refuse("its SIM", home[:5])
        plmn = modem.operator()
        if plmn is not None:
            if plmn not in self._allowed:
                self._refuse("the network that it is on", plmn)
            self._camped = True
        elif not self._camped or modem.registration() == "emergency":
            for reached in modem.networks():
                if reached not in self._allowed:
                    self._refuse("a network in its reach", reached)

    def confirm(self) -> None:
        """Asked right after a dial command has gone out: between the last answer and it, the network may have changed.

        Raises `InterlockError` where that is so, or where the modem no longer says; then the call was hung up.
        """
        try:
            self.check()
        except InterlockError as error:
            ended = self._hang_up()
            raise InterlockError(f"{error} It changed between the check and the dialling: {ended}") from error

    def _refuse(self, what: str, plmn: str) -> None:
        self._camped = False
        raise InterlockError(
            f"{what} has PLMN {plmn}, and {self._where} allows {', '.join(self._allowed)} only: nothing dials. "
            f"{self._hang_up()} Is the shield box closed, and is the test SIM in?"
        )

    def _hang_up(self) -> str:
        """End whatever call there is, without asking first whether there is one; how that went, in words."""
        if self._modem is None:
            return ""
        try:
            self._modem.hang_up()
        except BenchError as error:
            return f"AT+CHUP was not confirmed ({error}): see that no call goes on."
        return "Every call was hung up."
