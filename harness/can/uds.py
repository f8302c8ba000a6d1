"""Diagnostics: what the workshop asks the ECUs over UDS (ISO 14229): identity, fault memory, routines, silence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple

import can
from udsoncan import DidCodec
from udsoncan.client import Client
from udsoncan.exceptions import (
    InvalidResponseException,
    NegativeResponseException,
    TimeoutException,
    UnexpectedResponseException,
)

from harness.can.diagnostic_file import DiagnosticFile
from harness.can.isotp_connection import IsoTpConnection
from harness.can.network import Network
from harness.can.sender import Cyclic
from harness.disturbance import disturbed
from harness.errors import BenchError
from harness.serial_port import RETRY_PAUSE
from harness.timeline import Event
from harness.toml_file import nearest
from harness.units import S, seconds

VIN = 0xF190
SOFTWARE_VERSION = 0xF195
SERIAL_NUMBER = 0xF18C

ASKS = ("22", "19 02")
"""Services that change nothing: these may be sent twice."""

FAULT_PRESENT = 0x0D
"""Status mask: test failed, pending or confirmed; the other bits are no fault (ISO 14229-1, D.2)."""

logging.getLogger("UdsClient").addHandler(logging.NullHandler())  # udsoncan's; the timeline is the log

TESTER_PRESENT_PERIOD = 2 * S
"""ISO 14229-2: S3 client is 2 s, so that a server's 5 s never run out."""


class UdsError(BenchError):
    """An ECU refused a service, or did not answer it. `code` is the negative response code, None for silence."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class TroubleCode(NamedTuple):
    """An entry of a fault memory."""

    ecu: str
    name: str
    code: int
    status: int
    text: str

    def __str__(self) -> str:
        return f"{self.ecu}: {self.name} (0x{self.code:06X}, status 0x{self.status:02X}): {self.text}"


class _Bytes(DidCodec):
    """A data identifier as it is on the wire, whatever its length."""

    def decode(self, did_payload: bytes) -> bytes:
        return bytes(did_payload)

    def __len__(self) -> int:
        raise DidCodec.ReadAllRemainingData


class Uds:
    """The diagnostic services of one ECU. Every failure is a `UdsError`; timeouts in ns."""

    def __init__(self, network: Network, name: str, file: DiagnosticFile, p2: int, p2_star: int) -> None:
        self.name = name
        self._network = network
        self._file = file
        self._ecu = file.ecu[name]
        self.retries = 0
        """How often a service that only asks is sent again where no answer came, or nonsense (`[retry] queries`)."""
        self._p2, self._p2_star = seconds(p2), seconds(p2_star)
        self._present: Cyclic | None = None

    @cached_property
    def _client(self) -> Client:
        """Made at the first request: most tests ask few ECUs."""
        connection = IsoTpConnection(
            self._network, self._ecu.request, self._ecu.response, self._file.padding, self.name
        ).open()
        return Client(
            connection,
            config={
                "request_timeout": None,  # type: ignore[typeddict-item]  # else on wall time; P2 and P2* bound every wait
                "p2_timeout": self._p2,
                "p2_star_timeout": self._p2_star,
                "use_server_timing": False,
                "data_identifiers": {"default": _Bytes},
                "security_algo": self._key,
            },
        )

    def read(self, did: int) -> bytes:
        """The bytes of a data identifier."""
        answer = self._ask("22", f"{did:04X}", lambda: self._client.read_data_by_identifier([did]))
        return bytes(answer.service_data.values[did])

    def text(self, did: int) -> str:
        """A data identifier that is ASCII."""
        return self.read(did).rstrip(b"\x00 ").decode("ascii", "replace")

    def vin(self) -> str:
        """Vehicle identification number, F190."""
        return self.text(VIN)

    def software_version(self) -> str:
        """Software version, F195."""
        return self.text(SOFTWARE_VERSION)

    def trouble_codes(self, mask: int = FAULT_PRESENT) -> list[TroubleCode]:
        """What the fault memory holds (0x19 02), as far as a status bit of `mask` is set."""
        answer = self._ask("19 02", f"{mask:02X}", lambda: self._client.get_dtc_by_status_mask(mask))
        names = {entry.code: (name, entry.text) for name, entry in self._ecu.dtc.items()}
        found = []
        for dtc in answer.service_data.dtcs:
            name, text = names.get(dtc.id, (f"0x{dtc.id:06X}", "not in the diagnostic file"))
            found.append(TroubleCode(self.name, name, dtc.id, dtc.status.get_byte_as_int(), text))
        return found

    def clear_trouble_codes(self) -> None:
        """Clear the whole fault memory (0x14 FFFFFF)."""
        self._ask("14", "FFFFFF", self._client.clear_dtc)

    def session(self, name: str) -> None:
        """Change the session (0x10), and keep it up with TesterPresent unless it is the default one."""
        if name not in self._file.sessions:
            raise BenchError(f"no diagnostic session {name!r}{nearest(name, list(self._file.sessions))}")
        self._ask("10", name, lambda: self._client.change_session(self._file.sessions[name]))
        self._keep_up(name != "default")

    @contextmanager
    def in_session(self, name: str) -> Iterator[None]:
        """A session for the length of a `with` block."""
        self.session(name)
        try:
            yield
        finally:
            self.session("default")

    def reset(self) -> None:
        """Restart the ECU as if its supply had gone and come (0x11 01, hardReset)."""
        self._keep_up(False)
        self._ask("11", "01", lambda: self._client.ecu_reset(1))

    def communicate(self, on: bool) -> None:
        """Let the ECU's normal frames go out, or keep them off the bus (0x28); needs the extended session."""
        control = 0x00 if on else 0x01  # enableRxAndTx, enableRxAndDisableTx
        self._ask("28", f"{control:02X} 01", lambda: self._client.communication_control(control, 0x01))

    def routine(self, number: int, option: bytes = b"") -> bytes:
        """Start a routine (0x31 01) with its option record; returns its status record."""
        answer = self._ask("31 01", f"{number:04X}", lambda: self._client.start_routine(number, option or None))
        return bytes(answer.service_data.routine_status_record)

    def unlock(self, level: int = 1) -> None:
        """Security access (0x27), where the diagnostic file knows the ECU's secret."""
        if self._ecu.security_mask is None:
            raise BenchError(f"{self.name} has no security_mask in the diagnostic file: it cannot be unlocked")
        self._ask("27", f"{level:02X}", lambda: self._client.unlock_security_access(level))

    def close(self) -> None:
        """Stop keeping a session up."""
        self._keep_up(False)

    def _key(self, level: int, seed: bytes, params: object) -> bytes:  # noqa: ARG002  udsoncan's signature
        mask = self._ecu.security_mask or 0
        return (int.from_bytes(seed, "big") ^ mask).to_bytes(len(seed), "big")

    def _keep_up(self, on: bool) -> None:
        if self._present is not None:
            self._present.stop()
            self._present = None
        if on:
            data = bytes([2, 0x3E, 0x80]).ljust(8, bytes([self._file.padding]))  # suppressPosRspMsgIndication
            message = can.Message(arbitration_id=self._ecu.request, data=data, is_extended_id=False)
            self._present = self._network.sender.every(TESTER_PRESENT_PERIOD, message)

    def _ask(self, service: str, what: str, call: Callable[[], Any]) -> Any:
        """Run one service, again where that may be; a late answer has a second to pass by."""
        left = self.retries if service in ASKS else 0
        while True:
            try:
                return self._once(service, what, call)
            except UdsError as error:
                if not left or error.code is not None:
                    raise
                disturbed(self._network.clock, self._network.timeline, f"network {self._network.name}", str(error))
            left -= 1
            self._network.clock.sleep(RETRY_PAUSE)

    def _once(self, service: str, what: str, call: Callable[[], Any]) -> Any:
        """One request, filed with what came of it; keys and seeds are not filed."""
        clock, timeline = self._network.clock, self._network.timeline
        self._network.check_health()
        timeline.add(Event(clock.now(), self.name, "uds_request", {"service": service, "what": what}))
        try:
            answer = call()
        except NegativeResponseException as refusal:
            name, code = refusal.response.code_name, refusal.response.code
            timeline.add(Event(clock.now(), self.name, "uds_refusal", {"service": service, "code": code, "name": name}))
            raise UdsError(f"{self.name} refused UDS {service} {what}: {name} (0x{code:02X})", code) from refusal
        except TimeoutException as silence:
            timeline.add(Event(clock.now(), self.name, "uds_silence", {"service": service}))
            where = f"0x{self._ecu.request:X}/0x{self._ecu.response:X} on network {self._network.name}"
            raise UdsError(f"{self.name} did not answer UDS {service} {what} at {where}. Is it powered?") from silence
        except (InvalidResponseException, UnexpectedResponseException, ValueError) as error:
            raise UdsError(f"{self.name} answered UDS {service} {what} wrongly: {error}") from error
        timeline.add(Event(clock.now(), self.name, "uds_response", {"service": service, "what": what}))
        return answer
