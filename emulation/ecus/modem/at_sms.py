"""AT commands about short messages, text and PDU mode (3GPP TS 27.005): what clients set up, and sending.

The laboratory's network takes every message and delivers none, so the store on the SIM stays empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from emulation.ecus.modem.at_command import Answer, Arguments, CmeError, Command, Need
from emulation.ecus.modem.radio_service import REGISTERED
from emulation.offboard.records import masked
from emulation.world import Process
from harness.units import MS

if TYPE_CHECKING:
    from emulation.ecus.modem.at_port import AtPort

SUBMIT = (900 * MS, 1_600 * MS, 3_500 * MS)  # over LTE (own choice: least, most likely, most)
STORE_SIZE = 20  # messages that the SIM holds (own choice)
MEMORY = "SM"
STORE = f'"{MEMORY}",0,{STORE_SIZE}'
TEXT_MAX = 160  # characters of the 7-bit alphabet (TS 23.040)
NUMBER = r"\+?[0-9*#]{1,20}"
STATES = ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL")
INTERNATIONAL, UNKNOWN = 145, 129  # type of address (TS 24.008, 10.5.4.7)


class CmsError(CmeError):
    """`+CMS ERROR` with the code of TS 27.005, 3.2.5."""

    KIND = "+CMS ERROR"
    TEXTS: ClassVar[dict[int, str]] = {
        302: "operation not allowed",
        304: "invalid PDU mode parameter",
        305: "invalid text mode parameter",
        321: "invalid memory index",
        331: "no network service",
    }


def _setting(name: str, setting: str, test: str, allowed: tuple[range, ...], least: int = 1) -> Command:
    """Numbers of the port that are set and read; those left out stay as they are."""

    def write(at: AtPort, arguments: Arguments) -> None:
        arguments.count(least, len(allowed))
        before = getattr(at.settings, setting)
        values = tuple(
            arguments.number(place, each, value)
            for place, (each, value) in enumerate(zip(allowed, before, strict=True))
        )
        setattr(at.settings, setting, values)

    def read(at: AtPort) -> list[str]:
        return [f"{name}: {','.join(map(str, getattr(at.settings, setting)))}"]

    return Command(read=read, write=write, test=test)


def _submit(at: AtPort, arguments: Arguments) -> Process:
    """Prompt, take the message up to Ctrl-Z, and let the network have it; ESC ends it without a word."""
    text_mode = at.settings.message_format == (1,)
    number = length = None
    if text_mode:
        arguments.count(1, 2)
        number = arguments.text(0, NUMBER)
    else:
        arguments.count(1, 1)
        length = arguments.number(0, range(1, 165))
    typed = yield from _typed(at)
    if typed is None:
        return None
    if number is None:
        number = _addressee(typed, length or 0)
    elif len(typed) > TEXT_MAX:
        raise CmsError(305)
    if at.modem.registration not in REGISTERED:
        raise CmsError(331)
    yield at.modem.draw(SUBMIT)
    at.modem.network.take_message(masked(at.modem.imsi or ""), number)
    at.message_reference = (at.message_reference + 1) % 256
    return [f"+CMGS: {at.message_reference}"]


def _typed(at: AtPort) -> Process:
    entered = at.prompt()
    yield entered
    return entered.value


def _addressee(pdu: str, length: int) -> str:
    """Who an SMS-SUBMIT is for (TS 23.040, 9.2.2.2). Raises `CmsError` where `pdu` is none of `length` octets."""
    try:
        octets = bytes.fromhex(pdu)
        body = octets[1 + octets[0] :]
        if len(body) != length or body[0] & 0x3 != 1:
            raise CmsError(304)
        digits, kind = body[2], body[3]
        swapped = "".join(f"{octet & 0xF:x}{octet >> 4:x}" for octet in body[4 : 4 + (digits + 1) // 2])
    except (ValueError, IndexError):
        raise CmsError(304) from None
    return ("+" if kind == INTERNATIONAL else "") + swapped[:digits]


def _set_centre(at: AtPort, arguments: Arguments) -> None:
    arguments.count(1, 2)
    at.modem.message_centre = arguments.text(0, NUMBER)
    arguments.number(1, (INTERNATIONAL, UNKNOWN), INTERNATIONAL)


def _centre(at: AtPort) -> list[str]:
    number = at.modem.message_centre
    return [f'+CSCA: "{number}",{INTERNATIONAL if number.startswith("+") else UNKNOWN}']


def _stores(at: AtPort, arguments: Arguments) -> list[str]:
    del at
    arguments.count(1, 3)
    for place in range(3):
        arguments.text(place, MEMORY, MEMORY)
    return [f"+CPMS: {','.join([f'0,{STORE_SIZE}'] * 3)}"]


def _set_characters(at: AtPort, arguments: Arguments) -> None:
    arguments.count(1, 1)
    at.settings.characters = arguments.text(0, "GSM|IRA")


def _list(at: AtPort, arguments: Arguments) -> None:
    arguments.count(1, 1)
    if at.settings.message_format == (1,):
        arguments.text(0, "|".join(STATES))
    else:
        arguments.number(0, range(len(STATES)))


def _no_such_message(at: AtPort, arguments: Arguments) -> Answer:
    del at
    arguments.count(1, 1)
    arguments.number(0, range(STORE_SIZE + 1))
    raise CmsError(321)


def _delete(at: AtPort, arguments: Arguments) -> None:
    arguments.count(1, 2)
    index, which = arguments.number(0, range(STORE_SIZE + 1)), arguments.number(1, range(5), 0)
    if not which:
        _no_such_message(at, Arguments(str(index)))


def _of_sim(**forms: Any) -> Command:
    return Command(**forms, need=Need.SIM)


def _services(at: AtPort, arguments: Arguments) -> list[str]:
    del at
    arguments.count(1, 1)
    arguments.number(0, range(1))
    return ["+CSMS: 1,1,0"]


SMS_COMMANDS = {
    "+CSMS": Command(read=lambda _at: ["+CSMS: 0,1,1,0"], write=_services, test="(0)"),
    "+CMGF": _setting("+CMGF", "message_format", "(0,1)", (range(2),)),
    "+CSMP": _setting("+CSMP", "message_parameters", "(0-255),(0-255),(0-255),(0-255)", (range(256),) * 4),
    "+CNMI": _setting(
        "+CNMI",
        "message_indications",
        "(0-2),(0,1),(0),(0-2),(0,1)",
        (range(3), range(2), range(1), range(3), range(2)),
    ),
    "+CSDH": _setting("+CSDH", "message_headers", "(0,1)", (range(2),)),
    "+CSCS": Command(
        read=lambda at: [f'+CSCS: "{at.settings.characters}"'], write=_set_characters, test='("GSM","IRA")'
    ),
    "+CSCA": _of_sim(read=_centre, write=_set_centre, test=""),
    "+CPMS": _of_sim(
        read=lambda _at: [f"+CPMS: {','.join([STORE] * 3)}"],
        write=_stores,
        test='("SM"),("SM"),("SM")',
    ),
    "+CMGS": _of_sim(write=_submit, test=""),
    "+CMGL": _of_sim(
        execute=lambda _at: None, write=_list, test='("REC UNREAD","REC READ","STO UNSENT","STO SENT","ALL")'
    ),
    "+CMGR": _of_sim(write=_no_such_message, test=""),
    "+CMGD": _of_sim(write=_delete, test="(),(0-4)"),
}
"""By name."""
