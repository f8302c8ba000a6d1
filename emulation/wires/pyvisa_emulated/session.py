"""One VISA session to an emulated instrument: attributes, and reads that let simulated time pass."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from pyvisa import constants
from pyvisa.constants import ResourceAttribute, StatusCode
from pyvisa.rname import ResourceName

from emulation.bench import EmulatedBench, ScpiDevice
from emulation.link import Link
from emulation.world import FOREVER, Condition
from harness.units import MS, US

LOOK = 100 * US
"""Simulated time between two looks at a device that cannot tell when it has an answer."""

DEFAULT_TIMEOUT_MS = 2_000
"""As VISA has it (VPP-4.3, VI_ATTR_TMO_VALUE)."""


@runtime_checkable
class Talker(Protocol):
    """A device that tells when it has an answer."""

    def talk(self) -> Condition:
        """Happens when there is something to read."""


class Session:
    """An open session; every call returns a VISA status, and only a read lets time pass."""

    def __init__(self, bench: EmulatedBench, device: ScpiDevice, name: ResourceName) -> None:
        self.device = device
        self.world = bench.world
        self._link: Link | None = getattr(device, "link", None)
        self._epoch = self._link.epoch if self._link is not None else 0
        self._wake = device.talk if isinstance(device, Talker) else self._look
        self._unsent = b""
        self._attributes: dict[int, Any] = {
            ResourceAttribute.timeout_value: DEFAULT_TIMEOUT_MS,
            ResourceAttribute.termchar: ord("\n"),
            ResourceAttribute.termchar_enabled: False,
            ResourceAttribute.send_end_enabled: True,
            ResourceAttribute.suppress_end_enabled: False,
            ResourceAttribute.file_append_enabled: False,
            ResourceAttribute.dma_allow_enabled: False,
            ResourceAttribute.io_prot: constants.IOProtocol.normal,
            ResourceAttribute.trigger_id: -1,  # software trigger, VI_TRIG_SW
            ResourceAttribute.user_data: 0,
            ResourceAttribute.max_queue_length: 50,
        }
        self._fixed: dict[int, Any] = {
            ResourceAttribute.resource_name: str(name),
            ResourceAttribute.resource_class: name.resource_class,
            ResourceAttribute.interface_type: name.interface_type_const,
            ResourceAttribute.interface_number: 0,
            ResourceAttribute.resource_manufacturer_name: "Connect HIL",
            ResourceAttribute.resource_spec_version: 0x00500800,  # VPP-4.3 revision 5.8
            ResourceAttribute.resource_impl_version: 0x00001000,
            ResourceAttribute.tcpip_hostname: getattr(name, "host_address", ""),
            ResourceAttribute.tcpip_address: "127.0.0.1",
            ResourceAttribute.tcpip_device_name: getattr(name, "lan_device_name", ""),
            ResourceAttribute.tcpip_is_hislip: "hislip" in str(name),
        }

    @property
    def is_lost(self) -> bool:
        """Whether the connection that this session was opened on has ended."""
        return self._link is not None and self._link.epoch != self._epoch

    @property
    def deadline(self) -> int:
        """When a call that begins now has run out of time, in ns."""
        timeout = self._attributes[ResourceAttribute.timeout_value]
        return FOREVER if timeout == constants.VI_TMO_INFINITE else self.world.now + timeout * MS

    def get_attribute(self, attribute: int) -> tuple[Any, StatusCode]:
        """The attribute's state."""
        for known in (self._attributes, self._fixed):
            if attribute in known:
                return known[attribute], StatusCode.success
        return None, StatusCode.error_nonsupported_attribute

    def set_attribute(self, attribute: int, state: Any) -> StatusCode:
        """Set an attribute that may be set."""
        if attribute in self._fixed:
            return StatusCode.error_attribute_read_only
        if attribute not in self._attributes:
            return StatusCode.error_nonsupported_attribute
        if attribute == ResourceAttribute.timeout_value and not 0 <= state <= constants.VI_TMO_INFINITE:
            return StatusCode.error_nonsupported_attribute_state
        self._attributes[attribute] = state
        return StatusCode.success

    def write(self, data: bytes) -> tuple[int, StatusCode]:
        """Send `data`; without END (send_end off) it waits for the rest of its message."""
        if self.is_lost:
            return 0, StatusCode.error_connection_lost
        self._unsent += data
        if self._attributes[ResourceAttribute.send_end_enabled] or data.endswith(b"\n"):
            message, self._unsent = self._unsent, b""
            with self.world.lock:
                self.device.write(message)
        return len(data), StatusCode.success

    def read(self, count: int) -> tuple[bytes, StatusCode]:
        """Up to `count` bytes of the answer; time passes until there is one, at most to the timeout."""
        deadline = self.deadline
        with self.world.lock:
            output = self.device.output()
            while not output or self.is_lost:
                if self.is_lost:
                    return b"", StatusCode.error_connection_lost
                if self.world.now >= deadline:
                    return b"", StatusCode.error_timeout
                self.world.run(until=deadline, condition=self._wake())
                output = self.device.output()
            return self._take(output, count)

    def _look(self) -> Condition:
        return self.world.after(LOOK)

    def _take(self, output: bytearray, count: int) -> tuple[bytes, StatusCode]:
        status = StatusCode.success if len(output) <= count else StatusCode.success_max_count_read
        if self._attributes[ResourceAttribute.termchar_enabled]:
            end = output.find(self._attributes[ResourceAttribute.termchar], 0, count)
            if 0 <= end < len(output) - 1:
                count, status = end + 1, StatusCode.success_termination_character_read
        data = bytes(memoryview(output)[:count])
        del output[:count]
        return data, status

    def clear(self) -> StatusCode:
        """Device clear."""
        if self.is_lost:
            return StatusCode.error_connection_lost
        self._unsent = b""
        with self.world.lock:
            self.device.clear()
        return StatusCode.success

    def read_stb(self) -> tuple[int, StatusCode]:
        """Serial poll."""
        if self.is_lost:
            return 0, StatusCode.error_connection_lost
        return self.device.status_byte(), StatusCode.success

    def sleep(self, milliseconds: int) -> None:
        """Let time pass in vain (a lock that nobody gives back)."""
        self.world.run(until=self.world.now + milliseconds * MS)
