"""udsoncan over can-isotp's own threads and python-can's socketcand: a workshop tester and a scanner at every ECU."""

from __future__ import annotations

import struct
import threading
import tomllib
from contextlib import contextmanager
from pathlib import Path

import can
import isotp
import pytest
import udsoncan
from udsoncan.client import Client
from udsoncan.connections import PythonIsoTpConnection
from udsoncan.exceptions import NegativeResponseException
from udsoncan.services import DiagnosticSessionControl, ECUReset

from tests.clients.conftest import PATIENCE, eventually

DIAGNOSTICS = tomllib.loads((Path(__file__).parents[2] / "vehicle" / "diagnostics.toml").read_text())
ECUS = DIAGNOSTICS["ecu"]
ANSWERS_LATE = 5.0
"""Seconds that a busy machine may take to bring an answer: the ECU itself answers within 50 ms."""

NOT_SUPPORTED, NO_SUB_FUNCTION, LENGTH, OUT_OF_RANGE, DENIED, INVALID_KEY, NOT_NOW = (
    0x11, 0x12, 0x13, 0x31, 0x33, 0x35, 0x7F,
)  # fmt: skip
"""Negative response codes of ISO 14229-1, annex A."""
SERVED = {0x10, 0x11, 0x14, 0x19, 0x22, 0x28, 0x31, 0x3E, 0x85}
GATED = {0x27, 0x28, 0x85}
"""Services of another session than the default one, where an ECU has them at all."""


@contextmanager
def threads_end_quietly():
    """can-isotp's stack ends its threads a moment after `stop`: wait for them, so that no later test finds them."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)


@pytest.fixture(scope="module")
def bus(file):
    table = file.can["body"]
    ids = [{"can_id": ecu["response"], "can_mask": 0x7FF, "extended": False} for ecu in ECUS.values()]
    with can.Bus(interface=table.interface, channel=table.channel, can_filters=ids, **table.options) as bus:
        yield bus


@pytest.fixture
def connect(bus):
    """Connects udsoncan to an ECU by name."""
    clients = []
    with threads_end_quietly():
        notifier = can.Notifier(bus, [], timeout=0.1)

        def connect(name):
            address = isotp.Address(txid=ECUS[name]["request"], rxid=ECUS[name]["response"])
            stack = isotp.NotifierBasedCanStack(
                bus, notifier, address=address, params={"tx_padding": DIAGNOSTICS["padding"], "blocking_send": False}
            )
            mask = ECUS[name].get("security_mask", 0)
            config = dict(
                udsoncan.configs.default_client_config,
                request_timeout=ANSWERS_LATE,
                p2_timeout=ANSWERS_LATE,
                use_server_timing=False,
                data_identifiers={"default": udsoncan.AsciiCodec(8), 0xF190: udsoncan.AsciiCodec(17)},
                security_algo=lambda seed, **_: (int.from_bytes(seed, "big") ^ mask).to_bytes(4, "big"),
            )
            client = Client(PythonIsoTpConnection(stack), config=config)
            client.open()
            clients.append(client)
            return client

        yield connect
        for client in clients:
            client.close()
        notifier.stop(PATIENCE)


@pytest.fixture
def ask(connect):
    """Sends raw bytes to an ECU; its answer, or None where none comes within `patience` seconds."""
    connected = {}

    def ask(name, request, patience=ANSWERS_LATE):
        client = connected.setdefault(name, connect(name) if name not in connected else connected[name])
        client.conn.empty_rxqueue()
        client.conn.send(request)
        return client.conn.wait_frame(timeout=patience)

    return ask


@pytest.mark.parametrize("name", ECUS)
def test_every_ecu_says_who_it_is_and_what_it_remembers(connect, name):
    client = connect(name)
    values = client.read_data_by_identifier([0xF190, 0xF195]).service_data.values
    assert values[0xF190] == DIAGNOSTICS["vin"]
    assert values[0xF195] == ECUS[name]["did"]["F195"]
    client.clear_dtc()
    assert client.get_dtc_by_status_mask(0x09).service_data.dtcs == []
    client.get_supported_dtc()
    client.tester_present()


def test_a_tester_goes_through_sessions_and_security(connect):
    client = connect("airbag")
    with pytest.raises(NegativeResponseException) as refused:
        client.unlock_security_access(1)
    assert refused.value.response.code == NOT_NOW
    session = client.change_session(DiagnosticSessionControl.Session.extendedDiagnosticSession)
    assert session.service_data.p2_server_max == pytest.approx(DIAGNOSTICS["timing"]["p2"] / 1000)
    with pytest.raises(NegativeResponseException) as refused:
        client.start_routine(0x0303)
    assert refused.value.response.code == DENIED
    client.request_seed(1)
    with pytest.raises(NegativeResponseException) as refused:
        client.send_key(1, b"\x00\x00\x00\x00")
    assert refused.value.response.code == INVALID_KEY
    client.unlock_security_access(1)
    client.start_routine(0x0303)
    client.change_session(DiagnosticSessionControl.Session.defaultSession)
    client.ecu_reset(ECUReset.ResetType.hardReset)
    eventually(lambda: _is_there(client), "the airbag module's boot")


def _is_there(client):
    try:
        return client.tester_present()
    except udsoncan.exceptions.TimeoutException:
        return None


@pytest.mark.parametrize("name", ["airbag", "telematics"])
def test_a_scan_of_all_services_is_answered_as_the_standard_says(ask, name):
    """Each request of one byte: wrong length where there is such a service, 'not supported' where there is none.

    What has bit 6 set is an answer, not a request: nobody answers that, and nobody breaks.
    """
    there = SERVED | ({0x27} if "security_mask" in ECUS[name] else set())
    for service in (n for n in range(0x100) if not n & 0x40):
        wanted = NOT_SUPPORTED if service not in there else NOT_NOW if service in GATED else LENGTH
        assert ask(name, bytes([service])) == bytes([0x7F, service, wanted]), f"service 0x{service:02X}"
    for service in (0x40, 0x50, 0x62, 0x7E, 0x7F, 0xC0, 0xFF):
        assert ask(name, bytes([service, 0x00]), patience=0.3) is None, f"0x{service:02X}"
    assert ask(name, b"\x3e\x00") == b"\x7e\x00"


def test_a_scan_of_sessions_and_sub_functions_is_answered_as_the_standard_says(ask):
    for session in range(0x80):
        answer = ask("airbag", bytes([0x10, session]))
        if session in DIAGNOSTICS["sessions"].values():
            assert answer[:2] == bytes([0x50, session])
        else:
            assert answer == bytes([0x7F, 0x10, NO_SUB_FUNCTION]), f"session 0x{session:02X}"
    assert ask("airbag", b"\x10\x01")[:2] == b"\x50\x01"
    for level in range(1, 0x42, 2):
        answer = ask("airbag", bytes([0x27, level]))
        assert answer == bytes([0x7F, 0x27, NOT_NOW]), f"level 0x{level:02X} in the default session"
    for kind in range(0x80):
        answer = ask("airbag", bytes([0x19, kind, 0xFF]))
        assert answer[0] == 0x59 or answer[2] in (NO_SUB_FUNCTION, LENGTH, OUT_OF_RANGE), f"19 {kind:02X}: {answer}"


def test_a_scan_of_data_identifiers_finds_those_that_there_are_and_no_others(ask):
    known = {int(did, 16) for did in DIAGNOSTICS["did"]}
    for did in [*range(0xF100, 0xF200), 0x0000, 0x0100, 0xD000, 0xFD00, 0xFFFF]:
        answer = ask("telematics", struct.pack(">BH", 0x22, did))
        if did in known:
            assert answer[:3] == struct.pack(">BH", 0x62, did), f"DID {did:04X}"
        else:
            assert answer == bytes([0x7F, 0x22, OUT_OF_RANGE]), f"DID {did:04X}"
