"""The modem's command table, put together from its families, with the commands about the port and the modem itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulation.ecus.modem.at_call import CALL_COMMANDS, answer, dial, hang_up
from emulation.ecus.modem.at_command import Answer, Arguments, AtCall, AtError, Command, Form, Need
from emulation.ecus.modem.at_network import NETWORK_COMMANDS
from emulation.ecus.modem.at_packet import PACKET_COMMANDS
from emulation.ecus.modem.at_sim import SIM_COMMANDS, require_sim
from emulation.ecus.modem.at_sms import SMS_COMMANDS

if TYPE_CHECKING:
    from emulation.ecus.modem.at_port import AtPort

PORT_SETTINGS = {"E": ("echo", 2), "Q": ("quiet", 2), "V": ("verbose", 2), "X": ("result_level", 5)}
"""Basic commands that set something of the port: which setting, and how many values it has (V.250)."""

REGISTER_VALUES = {0: range(256), 3: range(128), 4: range(128), 5: range(128), 7: range(1, 256)}
"""S-parameters and what they may be (V.250)."""


def answer_to(at: AtPort, call: AtCall) -> Answer:
    """Do what one command asks. Raises `AtError` for one that the modem does not know."""
    if call.name not in EXTENDED:
        return _basic(at, call)
    command = EXTENDED[call.name]
    if command.need is Need.SIM and call.form is not Form.TEST:
        require_sim(at)
    return command.answer(at, call)


def is_abortable(call: AtCall) -> bool:
    """Whether a character that arrives while the command runs ends it."""
    return call.name in EXTENDED and EXTENDED[call.name].abortable


def _basic(at: AtPort, call: AtCall) -> Answer:
    number = int(call.text) if call.text.isdecimal() else 0
    if call.name == "D":
        return dial(at, call.text)
    if call.name == "S":
        return _register(at, call)
    if call.name in PORT_SETTINGS:
        setting, values = PORT_SETTINGS[call.name]
        if number >= values:
            raise AtError(call.name)
        setattr(at.settings, setting, number if values > 2 else bool(number))
    elif call.name in ACTIONS and number == 0:
        return ACTIONS[call.name](at)
    else:
        raise AtError(call.name)
    return None


def _register(at: AtPort, call: AtCall) -> list[str] | None:
    number, _, value = call.text.partition(",")
    if int(number) not in REGISTER_VALUES:
        raise AtError(call.name)
    if call.form is Form.READ:
        return [f"{at.settings.registers[int(number)]:03}"]
    if int(value) not in REGISTER_VALUES[int(number)]:
        raise AtError(call.name)
    at.settings.registers[int(number)] = int(value)
    return None


def _serial_number(at: AtPort, arguments: Arguments) -> list[str]:
    arguments.count(1, 1)
    return [f'+CGSN: "{at.modem.IMEI}"'] if arguments.number(0, range(2)) else [at.modem.IMEI]


def _set_error_format(at: AtPort, arguments: Arguments) -> None:
    arguments.count(1, 1)
    at.settings.error_format = arguments.number(0, range(3))


def _tells(*lines: str) -> Command:
    return Command(execute=lambda at: [line.format(at.modem) for line in lines], test="")


ACTIONS: dict[str, Callable[[AtPort], Answer]] = {
    "A": answer,
    "H": hang_up,
    "I": lambda at: [at.modem.MAKER, at.modem.MODEL, f"Revision: {at.modem.REVISION}"],
    "Z": lambda at: at.reset(),
    "&F": lambda at: at.reset(),
}
"""Basic commands that do something, with 0 or no number."""

EXTENDED: dict[str, Command] = {
    **dict.fromkeys(("+CGMI", "+GMI"), _tells("{0.MAKER}")),
    **dict.fromkeys(("+CGMM", "+GMM"), _tells("{0.MODEL}")),
    **dict.fromkeys(("+CGMR", "+GMR"), _tells("{0.REVISION}")),
    "+GSN": _tells("{0.IMEI}"),
    "+CGSN": Command(execute=lambda at: [at.modem.IMEI], write=_serial_number, test="(0,1)"),
    "+GCAP": _tells("+GCAP: +CGSM"),
    "+CLAC": Command(execute=lambda _at: list(EXTENDED), test=""),
    "+CMEE": Command(read=lambda at: [f"+CMEE: {at.settings.error_format}"], write=_set_error_format, test="(0-2)"),
    **SIM_COMMANDS,
    **NETWORK_COMMANDS,
    **PACKET_COMMANDS,
    **CALL_COMMANDS,
    **SMS_COMMANDS,
}
"""Extended commands by name."""
