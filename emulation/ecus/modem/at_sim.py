"""AT commands about the SIM: identity, PIN, PUK and their tries (3GPP TS 27.007, 7 and 8; B-22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulation.ecus.modem.at_command import Arguments, CmeError, Command, Need
from emulation.ecus.modem.sim import PIN_TRIES, PUK_TRIES, Sim, SimState, WrongPasswordError
from emulation.world import Process
from harness.units import MS

if TYPE_CHECKING:
    from emulation.ecus.modem.at_port import AtPort

PASSWORD_CHECK = (60 * MS, 90 * MS, 180 * MS)  # a command to the card (own choice: least, most likely, most)
PIN = r"\d{4,8}"

MISSING = {
    SimState.ABSENT: 10,
    SimState.PIN: 11,
    SimState.PUK: 12,
    SimState.UNREADABLE: 13,
    SimState.BLOCKED: 13,
}
"""`+CME ERROR` of a command that needs an open SIM, by what the SIM is instead."""


def require_sim(at: AtPort) -> Sim:
    """The SIM, open. Raises the `+CME ERROR` that says what it wants."""
    state = at.modem.sim_state
    if state in MISSING:
        raise CmeError(MISSING[state])
    assert at.modem.sim is not None  # else it were absent
    return at.modem.sim


def _card(at: AtPort) -> Sim:
    """The SIM, open or asking for PIN or PUK."""
    if at.modem.sim_state not in (SimState.PIN, SimState.PUK):
        return require_sim(at)
    assert at.modem.sim is not None
    return at.modem.sim


def _check(at: AtPort, verify: Callable[[], None]) -> Process:
    """Let the card verify a password; what it says goes out, and the modem registers or leaves."""
    before = at.modem.sim_state
    yield at.modem.draw(PASSWORD_CHECK)
    try:
        verify()
    except WrongPasswordError:
        raise CmeError(12 if at.modem.sim_state is SimState.PUK and before is not SimState.PUK else 16) from None
    finally:
        if at.modem.sim_state is not before:
            at.modem.sim_changed()
        else:
            at.modem.tell()  # of the tries that are left


def _state(at: AtPort) -> list[str]:
    _card(at)
    return [f"+CPIN: {at.modem.sim_state.value}"]


def _enter(at: AtPort, arguments: Arguments) -> Process:
    arguments.count(1, 2)
    sim, state = _card(at), at.modem.sim_state
    if state is SimState.READY:
        raise CmeError(3)
    first = arguments.password(0)
    if state is SimState.PIN:
        arguments.count(1, 1)
        return _check(at, lambda: sim.enter_pin(first))
    arguments.count(2, 2)
    new = arguments.password(1)
    return _check(at, lambda: sim.unblock(first, new))


def _tries(at: AtPort) -> list[str]:
    sim = _card(at)
    return [f"+CPINR: SIM PIN,{sim.pin_tries},{PIN_TRIES}", f"+CPINR: SIM PUK,{sim.puk_tries},{PUK_TRIES}"]


def _lock(at: AtPort, arguments: Arguments) -> list[str] | Process:
    arguments.count(2, 3)
    arguments.text(0, "SC")
    mode = arguments.number(1, range(3))
    sim = require_sim(at)
    if mode == 2:
        return [f"+CLCK: {int(sim.pin_enabled)}"]
    pin = arguments.password(2)
    return _check(at, lambda: sim.set_pin_enabled(mode == 1, pin))


def _change(at: AtPort, arguments: Arguments) -> Process:
    arguments.count(3, 3)
    arguments.text(0, "SC")
    old, new = arguments.text(1, PIN), arguments.text(2, PIN)
    sim = require_sim(at)
    if not sim.pin_enabled:
        raise CmeError(3)
    return _check(at, lambda: sim.change_pin(old, new))


SIM_COMMANDS = {
    "+CPIN": Command(read=_state, write=_enter, test=""),
    "+CPINR": Command(execute=_tries, test=""),
    "+CLCK": Command(write=_lock, test='("SC")'),
    "+CPWD": Command(write=_change, test='("SC",8)'),
    "+CIMI": Command(execute=lambda at: [require_sim(at).imsi], test="", need=Need.SIM),
    "+CCID": Command(
        execute=lambda at: [f"+CCID: {_card(at).iccid}"], read=lambda at: [f"+CCID: {_card(at).iccid}"], test=""
    ),
}
