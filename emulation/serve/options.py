"""How a bench is to be served."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Where a served bench listens. Ports count up from `port_base`; with 0 each is a free one."""

    host: str = "127.0.0.1"
    port_base: int = 0

    def port(self, number: int) -> int:
        """The port `number` places above the base."""
        return self.port_base + number if self.port_base else 0


OFFBOARD, CAN = 0, 1
SERIAL_RFC2217 = {"modem": 2, "gnss": 5, "head_unit": 7}
SERIAL_TCP = {"modem": 3, "gnss": 4, "head_unit": 6}
MIRROR = 8
SCPI, HISLIP = 10, 20
"""Places of the ports above the base; instruments follow in the order of `emulation.lab.INSTRUMENTS`."""
