"""AT commands about the network: registration, operator, signal (3GPP TS 27.007; B-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulation.ecus.modem.at_command import Arguments, CmeError, Command, Need
from emulation.ecus.modem.radio_service import REGISTERED
from emulation.world import Process
from harness.units import MIN, MS, S

if TYPE_CHECKING:
    from emulation.ecus.modem.at_port import AtPort

LTE = 7  # <AcT> E-UTRAN
NETWORK_SCAN = (8 * S, 12 * S, 25 * S)  # all bands (own choice: least, most likely, most)
SETTLE = 3 * MIN  # TS 27.007 sets none; modules of this kind give `+COPS=` and `+CGATT=` up to 180 s
RADIO_SWITCH = (200 * MS, 300 * MS, 600 * MS)  # `+CFUN` (own choice)
NAMES = ("Test PLMN 1-1", "Test1-1")
"""Long and short name of the laboratory's network."""
RSSI_OVER_RSRP_DB = 27.8  # 12 subcarriers by 50 resource blocks (10 MHz), evenly loaded


def _operator(at: AtPort) -> list[str]:
    service, selected = at.modem.service, at.settings.operator_format
    mode = 2 if service.deregistered else 1 if service.operator else 0
    if at.modem.registration not in REGISTERED:
        return [f"+COPS: {mode}"]
    return [f'+COPS: {mode},{selected},"{(*NAMES, at.modem.network.plmn)[selected]}",{LTE}']


def _scan(at: AtPort) -> Process:
    yield at.modem.draw(NETWORK_SCAN)
    if not at.modem.network.receivable:
        return ["+COPS: ,,(0,1,2,3,4),(0,1,2)"]
    state = 2 if at.modem.registration in REGISTERED else 1
    long, short = NAMES
    return [f'+COPS: ({state},"{long}","{short}","{at.modem.network.plmn}",{LTE}),,(0,1,2,3,4),(0,1,2)']


def _select(at: AtPort, arguments: Arguments) -> Process | None:
    arguments.count(1, 4)
    mode = arguments.number(0, range(5))
    selected = arguments.number(1, range(3), at.settings.operator_format)
    at.settings.operator_format = selected
    if mode == 3:
        return None
    wanted = None
    if mode in (1, 4):
        wanted = arguments.text(2, r"\d{5,6}" if selected == 2 else ".+")
        if selected != 2:
            wanted = at.modem.network.plmn if wanted == NAMES[selected] else "-"
    arguments.number(3, (LTE,), LTE)
    return move(at, deregistered=mode == 2, operator=wanted, fall_back=mode == 4)


def move(at: AtPort, *, deregistered: bool, operator: str | None = None, fall_back: bool = False) -> Process:
    """Leave the network, or register anew, and wait until that has come to something."""
    service = at.modem.service
    service.deregistered, service.operator = deregistered, operator
    service.update()
    if deregistered:
        return None
    if operator not in (None, at.modem.network.plmn):
        yield at.modem.draw(NETWORK_SCAN)
        if not fall_back:
            raise CmeError(30)
        service.operator = None
        service.update()
    settled, too_late = service.settled(), at.modem.world.after(SETTLE)
    yield settled | too_late
    if at.modem.registration not in REGISTERED:
        raise CmeError(32 if settled.happened else 31)
    return None


def _reports(name: str) -> Command:
    """`+CREG`, `+CGREG` and `+CEREG` say the same on a modem that knows only LTE."""

    def read(at: AtPort) -> list[str]:
        detail = at.settings.registration_reports[name]
        return [f"{name}: {detail},{at.registration(detail)}"]

    def write(at: AtPort, arguments: Arguments) -> None:
        arguments.count(1, 1)
        at.settings.registration_reports[name] = arguments.number(0, range(3))

    return Command(read=read, write=write, test="(0-2)")


def _signal(at: AtPort) -> list[str]:
    rsrp = at.modem.rsrp_dbm
    if rsrp is None:
        return ["+CSQ: 99,99"]
    return [f"+CSQ: {min(31, max(0, round((rsrp + RSSI_OVER_RSRP_DB + 113) / 2)))},99"]


def _extended_signal(at: AtPort) -> list[str]:
    rsrp = at.modem.rsrp_dbm
    level = 255 if rsrp is None else min(97, max(0, int(rsrp + 141)))  # TS 36.133: 0 is below -140 dBm
    quality = 255 if rsrp is None else 20  # RSRQ about -10 dB, as in a cell that nobody else uses
    return [f"+CESQ: 99,99,255,255,{quality},{level}"]


def _functionality(at: AtPort, arguments: Arguments) -> Process:
    arguments.count(1, 2)
    level = arguments.number(0, (0, 1, 4))
    restart = arguments.number(1, range(2), 0)
    if restart and level != 1:
        raise CmeError(50)
    return _switch(at, level, restart=bool(restart))


def _switch(at: AtPort, level: int, *, restart: bool) -> Process:
    yield at.modem.draw(RADIO_SWITCH)
    if restart:
        at.modem.world.call_at(at.modem.world.now + 50 * MS, lambda _: at.modem.restart())  # after the OK has gone
    elif level != at.modem.functionality:
        at.modem.set_functionality(level)


NETWORK_COMMANDS = {
    "+COPS": Command(read=_operator, write=_select, test=_scan, need=Need.SIM, abortable=True),
    "+CREG": _reports("+CREG"),
    "+CGREG": _reports("+CGREG"),
    "+CEREG": _reports("+CEREG"),
    "+CSQ": Command(execute=_signal, test="(0-31,99),(99)"),
    "+CESQ": Command(execute=_extended_signal, test="(99),(99),(255),(255),(0-34,255),(0-97,255)"),
    "+CFUN": Command(read=lambda at: [f"+CFUN: {at.modem.functionality}"], write=_functionality, test="(0,1,4),(0,1)"),
}
