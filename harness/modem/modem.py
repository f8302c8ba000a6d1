"""The modem as a tester has it: SIM, registration, calls, over its AT port (B-04, B-08 ... B-11, B-24)."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from harness.clock import Clock
from harness.errors import ExpectationError
from harness.modem.at import AtClient, ModemError
from harness.timeline import Event, Timeline
from harness.units import MIN, MS, S, pretty

Registration = Literal["idle", "home", "searching", "denied", "unknown", "roaming", "emergency"]
REGISTRATIONS: dict[int, Registration] = {
    0: "idle",
    1: "home",
    2: "searching",
    3: "denied",
    4: "unknown",
    5: "roaming",
    8: "emergency",
}
"""`<stat>` of +CEREG (3GPP TS 27.007, 10.1.22)."""

CallState = Literal["active", "held", "dialling", "alerting", "incoming", "waiting", "ended"]
CALL_STATES: dict[int, CallState] = {
    0: "active",
    1: "held",
    2: "dialling",
    3: "alerting",
    4: "incoming",
    5: "waiting",
    6: "ended",
}
"""`<stat>` of +CLCC (3GPP TS 27.007, 7.18), and 6 as ^DSCI adds it."""

BOOT_LOOK, BOOT_PAUSE = 100 * MS, 400 * MS
"""How long a booting modem is given to answer `AT`, and the pause before it is asked again."""

SCAN_TIMEOUT = 3 * MIN
"""A search for networks goes through every band."""


class ModemCall(NamedTuple):
    """A call as +CLCC lists it."""

    id: int
    direction: Literal["mo", "mt"]
    state: CallState
    number: str


class Modem:
    """What one asks and tells the modem. Every failure of the port is a `ModemError`; times in ns."""

    def __init__(self, at: AtClient, clock: Clock, timeline: Timeline) -> None:
        self.at = at
        self.has_answered = False
        """Whether it ever answered on this bench: only then has it anything to hang up."""
        self._clock = clock
        self._timeline = timeline
        at.on_unsolicited = self._unsolicited
        at.on_reopened = self._reopened

    # Getting to know it

    def answers(self, timeout: int = 1 * S) -> bool:
        """Whether it answers `AT`."""
        answered = self.at.answers(timeout)
        self.has_answered = self.has_answered or answered
        return answered

    def wait_answering(self, timeout: int) -> None:
        """Wait until it has booted and answers, then set it up. Raises `ModemError` after `timeout`."""
        deadline = self._clock.now() + timeout
        while not self.at.answers(BOOT_LOOK):
            if self._clock.now() >= deadline:
                raise ModemError(f"{self.at.name} did not answer AT within {pretty(timeout)}. Is it powered?")
            self._clock.sleep(BOOT_PAUSE)
        self.set_up()

    def set_up(self) -> None:
        """No echo, numeric error codes, unsolicited registration and call states; lost when the modem restarts."""
        for command in ("ATE0", "AT+CMEE=1", "AT+CEREG=1", "AT^DSCI=1"):
            self.at.command(command)
        self.has_answered = True

    def _reopened(self) -> None:
        """The port was gone: set it up again, as after a boot."""
        if self.has_answered:
            self.set_up()

    # SIM

    def imsi(self) -> str:
        """The subscriber's identity. A secret: it does not go into a message or a log."""
        for line in self.at.command("AT+CIMI"):
            if re.fullmatch(r"\d{6,15}", line):
                return line
        raise ModemError(f"{self.at.name} answered AT+CIMI without an IMSI")

    def sim_state(self) -> str:
        """`READY`, `SIM PIN`, `SIM PUK`, or `ABSENT`, `FAILURE` for the error codes that mean so."""
        try:
            return self._field("AT+CPIN?", r"\+CPIN: (.+)")
        except ModemError as error:
            if error.code in (10, 13, 14, 15):
                return "ABSENT" if error.code == 10 else "FAILURE"
            raise

    def pin_tries(self) -> int:
        """Tries that are left for the PIN."""
        return int(self._field("AT+CPINR", r'\+CPINR: "?SIM PIN"?,(\d+).*'))

    def enter_pin(self, pin: str) -> None:
        """Enter the PIN. Raises `ModemError` with code 16 for a wrong one, 12 when the last try was used up."""
        self.at.command(f'AT+CPIN="{pin}"')

    # Network

    def registration(self) -> Registration:
        """What +CEREG says now."""
        stat = int(self._field("AT+CEREG?", r"\+CEREG: \d,(\d+).*"))
        return REGISTRATIONS.get(stat, "unknown")

    def wait_registered(self, timeout: int) -> int:
        """Wait until it is registered (home or roaming); returns when that was seen (ns). Raises `ExpectationError`."""
        since = self._clock.now()
        state = self.registration()
        if state in ("home", "roaming"):
            return since

        def registered() -> list[Event]:
            seen = self._timeline.events(self.at.name, "registration", since)
            return [event for event in seen if event.data["state"] in ("home", "roaming")]

        if not self._clock.wait(lambda: bool(registered()), timeout):
            raise ExpectationError(
                f"{self.at.name} did not register within {pretty(timeout)}; last seen {self.registration()}. "
                "Is the cell on, and is the SIM ready?"
            )
        return registered()[0].time

    def operator(self) -> str | None:
        """PLMN of the network it is on, as digits; None where it is on none. Raises `ModemError` for a name alone."""
        self.at.command("AT+COPS=3,2")
        found = self._field("AT+COPS?", r"\+COPS: \d(.*)")
        if not found:
            return None
        plmn = re.fullmatch(r',2,"(\d{5,6})"(?:,\d+)?', found)
        if plmn is None:
            raise ModemError(f"{self.at.name} answered AT+COPS? with {found!r}: expected a PLMN as 5 or 6 digits")
        return plmn[1]

    def networks(self) -> list[str]:
        """PLMNs of all networks in reach, whether allowed or not; takes as long as a search takes."""
        lines = self.at.command("AT+COPS=?", SCAN_TIMEOUT)
        text = next((line for line in lines if line.startswith("+COPS:")), None)
        if text is None and lines:
            raise ModemError(f"{self.at.name} answered AT+COPS=? with {lines}: expected a list of networks")
        # (<stat>,<long>,<short>,<numeric>[,<AcT>]),,(supported modes),(supported formats)
        return re.findall(r'\(\d,"[^"]*","[^"]*","(\d{5,6})"', text or "")

    def set_radio(self, on: bool) -> None:
        """Full functionality or flight mode (+CFUN=1, 4)."""
        self.at.command(f"AT+CFUN={1 if on else 4}", 15 * S)

    # Calls

    def calls(self) -> list[ModemCall]:
        """The calls there are now."""
        found = []
        for line in self.at.command("AT+CLCC"):
            if fields := re.match(r'\+CLCC: (\d+),(\d),(\d),\d,\d(?:,"([^"]*)")?', line):
                direction: Literal["mo", "mt"] = "mt" if fields[2] == "1" else "mo"
                found.append(ModemCall(int(fields[1]), direction, CALL_STATES[int(fields[3])], fields[4] or ""))
        return found

    def dial(self, number: str) -> None:
        """Start a voice call; the interlock is asked first. Raises `InterlockError`, and nothing was sent."""
        self.at.command(f"ATD{number};", 30 * S)

    def answer(self) -> None:
        """Take the incoming call."""
        self.at.command("ATA", 30 * S)

    def be_quiet(self) -> None:
        """End every call there may be, and look that none is left. Raises `ModemError`.

        A modem that does not answer has no power and no call, and the cell goes off with the network tester.
        """
        self.at.lines.ready(quietly=True)
        if self.has_answered and self.answers() and self.calls():
            self.hang_up()
            if left := self.calls():
                raise ModemError(f"{self.at.name} is still in a call after AT+CHUP: {left}")

    def hang_up(self) -> None:
        """End every call."""
        self.at.command("AT+CHUP")

    def _field(self, command: str, pattern: str) -> str:
        lines = self.at.command(command)
        for line in lines:
            if found := re.fullmatch(pattern, line):
                return found[1]
        raise ModemError(f"{self.at.name} answered {command} with {lines}: expected something like {pattern}")

    def _unsolicited(self, line: str) -> None:
        since, now, name = self._clock.unseen_since(), self._clock.now(), self.at.name
        if found := re.match(r"\+CEREG: (\d+)", line):
            state = REGISTRATIONS.get(int(found[1]), "unknown")
            self._timeline.add(Event(now, name, "registration", {"state": state, "unseen": now - since}))
        elif fields := re.match(r'\^DSCI: (\d+),(\d),(\d),(\d),"?([^",]*)"?', line):
            data = {
                "id": int(fields[1]),
                "direction": "mt" if fields[2] == "1" else "mo",
                "state": CALL_STATES.get(int(fields[3]), fields[3]),
                "number": fields[5],
                "unseen": now - since,
            }
            self._timeline.add(Event(now, name, "call", data))
        elif line in ("RING", "NO CARRIER", "BUSY", "NO ANSWER"):
            self._timeline.add(Event(now, name, line.lower().replace(" ", "_")))
