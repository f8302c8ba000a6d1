"""The workshop: diagnoses ECUs, cares for keys, restarts the modem, enters the SIM's PIN, times its attach (B-24)."""

from __future__ import annotations

from typing import NamedTuple

from harness.actors import key_cabinet
from harness.actors.actor import LOOK, Actor
from harness.actors.car import Car
from harness.bench import Bench
from harness.bench.lines import BATTERY_VOLTS
from harness.can.uds import Uds
from harness.errors import ExpectationError
from harness.judge import Quantity
from harness.modem.at import ModemError
from harness.ports import PsState
from harness.timeline import Event
from harness.units import MS, S, pretty

TEST_PIN = "1234"
"""Of the test SIM (docs/interfaces.md)."""
TEST_PUK = "12345678"
WRONG_PIN = "0000"
WRONG_PASSWORD = 16
"""`+CME ERROR` for a wrong PIN (3GPP TS 27.007, 9.2)."""

KEYS_TOLD = 100 * MS
"""So soon every ECU knows which keys belong to the car: `CEM_Keys` goes out on change, 20 ms apart at least."""

SHUT_DOWN_TIME = 5 * S
"""A module that is told to restart still answers for a moment, and then no more (bench default)."""
SILENT_AFTER, LOOK_AT_MODEM = 200 * MS, 300 * MS
"""What has not answered `AT` by then is off; and the pause before it is asked again."""
POWER_DOWN_TIME = 60 * S
"""Without battery the modem is off so soon; its unit may linger on a battery of its own (bench default)."""
BOOT_TIME = 20 * S
"""So soon after a restart the AT port has to answer again (bench default)."""
GIVE_UP = 120 * S
"""An attach that has not come by then is missing, not slow."""
LOOK_AT_NETWORK = 20 * MS
"""Between two looks at what the network knows; where its answers take long, half of what they take counts."""
AT_ERROR = 5 * MS
"""Limit of error of an unsolicited code's time stamp: its way over the port, and the host's look every millisecond."""

REGISTERED = ("home", "roaming")
KNOWN = (PsState.ATTACHED, PsState.CONNECTION_ESTABLISHED)


def at_error(said: Event) -> int:
    """Limit of error in ns of when the modem `said` something: a host that stalled, or had to wait, took it later."""
    return AT_ERROR + int(said.data["unseen"])


class Attach(NamedTuple):
    """How long an attach took (s), by what the modem said and by what the network knew; `start` in ns."""

    start: int
    modem: Quantity
    network: Quantity


class Workshop(Actor):
    """Reaches behind the dashboard."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._asks_for_pin = False

    def ecu(self, name: str) -> Uds:
        """The diagnostic services of an ECU by name (`telematics`, `airbag` ...)."""
        return self.bench.diagnostics[name]

    def blocks_key(self, number: int) -> int:
        """Block a key that was lost; returns when (ns). Raises `UdsError` where the car does not know it."""
        return self._changes_keys("key_blocked", key_cabinet.BLOCK, key=number)

    def registers_key(self, number: int) -> int:
        """Teach the car a newly ordered key, or one that was blocked; returns when (ns)."""
        return self._changes_keys("key_registered", key_cabinet.REGISTER, key=number)

    def restores_keys(self) -> int:
        """The keys that the car was delivered with, none of them blocked; returns when (ns)."""
        return self._changes_keys("keys_restored", key_cabinet.RESTORE)

    def _changes_keys(self, act: str, routine: int, **key: int) -> int:
        key_cabinet.change(self.ecu("body"), routine, bytes(key.values()))
        when = self.note(act, **key)
        self.clock.sleep(KEYS_TOLD)
        return when

    def key_register(self) -> key_cabinet.Register:
        """Which keys belong to the car, which are blocked, and which lie in the cabin."""
        return key_cabinet.read(self.ecu("body"))

    def power_down(self) -> None:
        """Take the battery away, and wait until the modem has gone as well."""
        Car(self.bench).power_off()
        self._wait_silent(POWER_DOWN_TIME)

    def power_up(self, volts: float = BATTERY_VOLTS) -> int:
        """Connect the battery of a car without power, and wait until the modem answers; returns when it was (ns)."""
        start = Car(self.bench).power(volts)
        self.bench.modem.wait_answering(BOOT_TIME)
        return start

    def attach_after_power_on(self, volts: float = BATTERY_VOLTS) -> Attach:
        """Power up a car without power, and time the attach from that moment on."""
        return self.watch_attach(self.power_up(volts), "attach from power-on")

    def restart_modem(self) -> int:
        """Restart the modem (+CFUN=1,1), and wait until it answers again; returns when it took the command (ns)."""
        modem = self.bench.modem
        modem.at.command("AT+CFUN=1,1", 15 * S)
        start = self.note("modem_restart")
        self._wait_silent(SHUT_DOWN_TIME)
        modem.wait_answering(BOOT_TIME)
        return start

    def attach_after_pin(self, pin: str = TEST_PIN) -> Attach:
        """Let the SIM ask for its PIN, enter it, and time the attach from its acceptance on."""
        self.ask_for_pin(pin)
        return self.watch_attach(self.enter_pin(pin), "attach from PIN")

    def enter_pin(self, pin: str = TEST_PIN) -> int:
        """Enter the PIN; returns when it was accepted (ns)."""
        self.bench.modem.enter_pin(pin)
        return self.note("pin_accepted")

    def enter_wrong_pin(self, pin: str = WRONG_PIN) -> int:
        """Enter a PIN that is wrong; returns the tries that are left. Raises `ExpectationError` where it is taken."""
        try:
            self.bench.modem.enter_pin(pin)
        except ModemError as error:
            if error.code != WRONG_PASSWORD:
                raise
        else:
            raise ExpectationError("expected the SIM to refuse a wrong PIN; it took it")
        self.note("pin_refused")
        return self.bench.modem.pin_tries()

    def ask_for_pin(self, pin: str = TEST_PIN) -> None:
        """Restart the modem with a SIM that asks for its PIN from now on, until `forget_pin`."""
        modem, self._asks_for_pin = self.bench.modem, True
        if "+CLCK: 1" not in modem.at.command('AT+CLCK="SC",2'):
            modem.at.command(f'AT+CLCK="SC",1,"{pin}"', 15 * S)
        self.restart_modem()
        if not self.until(lambda: modem.sim_state() == "SIM PIN", BOOT_TIME):
            raise ExpectationError(f"expected the SIM to ask for its PIN; it says {modem.sim_state()}")

    def forget_pin(self, pin: str = TEST_PIN, *, asked_for: bool = False) -> None:
        """Let the SIM ask for no PIN any more; without effect where it was not told to. Every bench ends by it.

        `asked_for`: it was told to by somebody else.
        """
        if self._asks_for_pin or asked_for:
            self._asks_for_pin = False
            state = self.bench.modem.sim_state()
            if state == "SIM PUK":
                self.bench.modem.at.command(f'AT+CPIN="{TEST_PUK}","{pin}"', 15 * S)
            elif state == "SIM PIN":
                self.bench.modem.enter_pin(pin)
            self.bench.modem.at.command(f'AT+CLCK="SC",0,"{pin}"', 15 * S)
            self.note("pin_disabled")

    def watch_attach(self, start: int, name: str) -> Attach:
        """Watch AT port and network tester at the same time until both say that the modem is attached."""
        modem, tester = self.bench.modem, self.network_tester
        by_modem: tuple[int, int] | None = None  # when, and within which limit of error
        by_network: tuple[int, int] | None = None
        if modem.registration() in REGISTERED:
            by_modem = self.now(), AT_ERROR
        looked = self.now()
        while by_modem is None or by_network is None:
            if by_modem is None:
                said = self.timeline.events(modem.at.name, "registration", start)
                by_modem = next(((e.time, at_error(e)) for e in said if e.data["state"] in REGISTERED), None)
            before, looked = looked, self.now()
            if by_network is None and tester.ps_state() in KNOWN:
                by_network = (before + (now := self.now())) // 2, max(LOOK_AT_NETWORK, (now - before) // 2)
            if self.now() - start > GIVE_UP:
                raise ExpectationError(
                    f"expected the modem to attach within {pretty(GIVE_UP)}; it says {modem.registration()}, the "
                    f"network {tester.ps_state().value}. Is the cell on, and is the SIM ready?"
                )
            self.clock.sleep(LOOK_AT_NETWORK)
        self.note("attached")
        return Attach(
            start,
            Quantity.between(f"{name}, by AT", start, *by_modem),
            Quantity.between(f"{name}, by network", start, *by_network),
        )

    def stays_detached(self, duration: int, since: int | None = None) -> None:
        """Let `duration` ns pass in which neither modem nor network may tell of an attach, judged from `since` on.

        Raises `ExpectationError` where one does.
        """
        begin = self.now() if since is None else since
        seen: set[str] = set()
        deadline = self.now() + duration
        while self.now() < deadline:
            if (state := self.network_tester.ps_state()) in KNOWN:
                seen.add(f"the network tester says {state.value}")
            self.clock.sleep(LOOK)
        for said in self.timeline.events(self.bench.modem.at.name, "registration", begin):
            if said.data["state"] in REGISTERED:
                seen.add(f"the modem said {said.data['state']} at {pretty(said.time)}")
        if seen:
            raise ExpectationError(f"expected no attach within {pretty(self.now() - begin)}; {', '.join(sorted(seen))}")
        self.note("stayed_detached", duration=pretty(duration))

    def _wait_silent(self, within: int) -> None:
        deadline = self.now() + within
        while self.bench.modem.answers(SILENT_AFTER):
            if self.now() >= deadline:
                raise ExpectationError(f"expected the modem to shut down within {pretty(within)}; it still answers")
            self.clock.sleep(LOOK_AT_MODEM)
