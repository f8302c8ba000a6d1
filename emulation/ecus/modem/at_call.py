"""AT commands about calls: dialling, answering, hanging up, and what is told of them (3GPP TS 27.007, 6, 7 and 8)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from emulation.ecus.modem.at_command import Answer, Arguments, CmeError, Command, Result, ResultError
from emulation.ecus.modem.at_sim import require_sim
from emulation.ecus.modem.call_leg import BusyError, LegState, NoServiceError, ServiceCategory

if TYPE_CHECKING:
    from emulation.ecus.modem.at_port import AtPort

DIAL_STRING = re.compile(r"\+?[0-9*#ABC]{1,40}")
ECALL_NUMBER = "112"
ECALLS = {2: ServiceCategory.MANUAL_ECALL, 3: ServiceCategory.AUTOMATIC_ECALL}
"""Emergency service category by `<type>` of `+CECALL`."""


def dial(at: AtPort, text: str) -> Answer:
    """`ATD<number>;` a voice call: OK as soon as it is on its way. Without the `;` it were data, which LTE has not."""
    number = re.sub(r"[ ().,TPW-]", "", text.removesuffix(";").upper())
    if number == "L":
        number = at.last_dialled
    if not DIAL_STRING.fullmatch(number):
        raise CmeError(50)
    if not text.endswith(";"):
        raise ResultError(Result.NO_CARRIER)
    at.last_dialled = number
    _call(at, number)
    return None


def _call(at: AtPort, number: str, ecall: ServiceCategory | None = None) -> None:
    if ecall is None and at.modem.emergency_category(number) is None:
        require_sim(at)
    try:
        at.modem.dial(number, ecall, by_port=True)
    except BusyError:
        raise CmeError(3) from None
    except NoServiceError as error:
        raise CmeError(32 if error.emergency_only else 30) from None


def answer(at: AtPort) -> None:
    """`ATA`: take the call that rings."""
    leg = at.modem.leg
    if leg is None or leg.state is not LegState.INCOMING:
        raise ResultError(Result.NO_CARRIER)
    leg.call.answer()


def hang_up(at: AtPort) -> None:
    """`ATH`, `+CHUP`: end the call, whoever made it."""
    at.modem.hang_up()


def _calls(at: AtPort) -> list[str]:
    leg = at.modem.leg
    if leg is None:
        return []
    return [f'+CLCC: {leg.id},{leg.direction},{int(leg.state)},0,0,"{leg.call.number}",{leg.type_of_address}']


def _activity(at: AtPort) -> list[str]:
    leg = at.modem.leg
    return [f"+CPAS: {0 if leg is None else 3 if leg.state is LegState.INCOMING else 4}"]


def _emergency(at: AtPort, arguments: Arguments) -> None:
    """Types 0 and 1 (test, reconfiguration) dial numbers that a car's own SIM holds; this one holds none."""
    arguments.count(1, 1)
    kind = arguments.number(0, range(4))
    if kind not in ECALLS:
        raise CmeError(4)
    _call(at, ECALL_NUMBER, ECALLS[kind])


def _emergency_state(at: AtPort) -> list[str]:
    leg = at.modem.leg
    return [f"+CECALL: {kind}" for kind, category in ECALLS.items() if leg is not None and leg.ecall is category]


def switch(name: str, setting: str) -> Command:
    """A command that is nothing but a setting of this port, 0 or 1."""

    def write(at: AtPort, arguments: Arguments) -> None:
        arguments.count(1, 1)
        setattr(at.settings, setting, bool(arguments.number(0, range(2))))

    def read(at: AtPort) -> list[str]:
        return [f"{name}: {int(getattr(at.settings, setting))}"]

    return Command(read=read, write=write, test="(0,1)")


def _clip(at: AtPort) -> list[str]:
    return [f"+CLIP: {int(at.settings.caller_identity)},1"]  # 1: the network provides it


CALL_COMMANDS = {
    "+CHUP": Command(execute=hang_up, test=""),
    "+CLCC": Command(execute=_calls, test=""),
    "+CPAS": Command(execute=_activity, test="(0,3,4)"),
    "+CEER": Command(execute=lambda at: [f"+CEER: {at.last_failure}"], test=""),
    "+CLIP": replace(switch("+CLIP", "caller_identity"), read=_clip),
    "+CRC": switch("+CRC", "cellular_results"),
    "+CECALL": Command(read=_emergency_state, write=_emergency, test="(0-3)"),
    "^DSCI": switch("^DSCI", "call_states"),
}
