"""AT commands about packet data: attach, contexts, what is up and with which address (3GPP TS 27.007, 10.1; B-20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulation.ecus.modem.at_command import Answer, Arguments, CmeError, Command, Need
from emulation.ecus.modem.at_network import move
from emulation.ecus.modem.radio_service import REGISTERED
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.modem.at_port import AtPort

CONTEXTS = range(1, 9)
LAST_CONNECTION = 171
"""`+CME ERROR` of who would take an LTE modem's last connection down."""


def _attach(at: AtPort, arguments: Arguments) -> Process | None:
    arguments.count(1, 1)
    wanted = arguments.number(0, range(2)) == 1
    if at.modem.functionality != 1:
        raise CmeError(3)
    if wanted == (at.modem.registration in REGISTERED):
        return None
    return move(at, deregistered=not wanted, operator=at.modem.service.operator)


def _contexts(at: AtPort) -> list[str]:
    defined = sorted(at.modem.packet.defined.items())
    return [f'+CGDCONT: {cid},"{kind}","{apn}","",0,0' for cid, (kind, apn) in defined]


def _define(at: AtPort, arguments: Arguments) -> None:
    arguments.count(1, 6)
    cid = arguments.number(0, CONTEXTS)
    if at.modem.packet.is_up(cid):
        raise CmeError(3)
    kind = arguments.text(1, "IP|IPV6|IPV4V6", default="")
    if not kind:
        at.modem.packet.defined.pop(cid, None)
        return
    apn = arguments.text(2, r"[\w.-]*", default="")
    arguments.text(3, r"[\d.:]*", default="")
    arguments.number(4, (0,), 0)
    arguments.number(5, (0,), 0)
    at.modem.packet.defined[cid] = (kind, apn)


def _states(at: AtPort) -> list[str]:
    packet = at.modem.packet
    return [f"+CGACT: {cid},{int(packet.is_up(cid))}" for cid in sorted(packet.defined)]


def _activate(at: AtPort, arguments: Arguments) -> Answer:
    packet = at.modem.packet
    wanted = arguments.number(0, range(2)) == 1
    chosen = _chosen(at, arguments, 1)
    if at.modem.registration not in REGISTERED:
        raise CmeError(30)
    if wanted:
        return _bring_up(at, chosen)
    if not set(packet.addresses) - set(chosen):
        raise CmeError(LAST_CONNECTION)
    for cid in chosen:
        packet.deactivate(cid)
    return None


def _bring_up(at: AtPort, contexts: list[int]) -> Process:
    for cid in contexts:
        if not (yield from at.modem.packet.activate(cid)):
            raise CmeError(30)


def _address(at: AtPort, arguments: Arguments) -> list[str]:
    return [_address_of(at, cid) for cid in _chosen(at, arguments, 0)]


def _address_of(at: AtPort, cid: int) -> str:
    address = at.modem.packet.addresses.get(cid)
    return f"+CGPADDR: {cid}" + (f',"{address}"' if address else "")


def _chosen(at: AtPort, arguments: Arguments, first: int) -> list[int]:
    """The contexts that are named from the argument `first` on; all that are defined where none is."""
    defined = sorted(at.modem.packet.defined)
    arguments.count(first, first + len(defined))
    return [arguments.number(index, defined) for index in range(first, arguments.given)] or defined


PACKET_COMMANDS = {
    "+CGATT": Command(
        read=lambda at: [f"+CGATT: {int(at.modem.registration in REGISTERED)}"],
        write=_attach,
        test="(0,1)",
        need=Need.SIM,
        abortable=True,
    ),
    "+CGDCONT": Command(read=_contexts, write=_define, test='(1-8),"IP",,,(0),(0)', need=Need.SIM),
    "+CGACT": Command(read=_states, write=_activate, test="(0,1)", need=Need.SIM),
    "+CGPADDR": Command(
        execute=lambda at: [_address_of(at, cid) for cid in sorted(at.modem.packet.defined)],
        write=_address,
        test=lambda at: [f"+CGPADDR: ({','.join(map(str, sorted(at.modem.packet.defined)))})"],
        need=Need.SIM,
    ),
}
