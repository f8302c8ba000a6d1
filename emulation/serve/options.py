"""How a bench is to be served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from socket import gethostname

MAIN, CAN = 0, 1
RFC2217 = {"modem": 2, "gnss": 5, "head_unit": 7}
TCP = {"modem": 3, "gnss": 4, "head_unit": 6}
MIRROR = 8
SCPI, HISLIP = 10, 20
"""Places of the ports above the base; instruments follow one another in the order of `emulation.lab.INSTRUMENTS`."""

EVERYWHERE = "0.0.0.0"  # noqa: S104  not listened to, recognised


@dataclass(frozen=True)
class Options:
    """Where a served bench listens, and who may come. Raises `ValueError` for an address that needs a token.

    Ports count up from `port_base`; with 0 each is a free one. `token` is asked for over HTTP, and where there is one,
    raw wires take only peers that have presented it. `links` is a folder for device files of the serial lines.
    `can` are other CAN networks, as `emulation.serve.can_bridge` reads them; `mirror` is whether frames are shown by
    UDP multicast on this host.
    """

    host: str = "127.0.0.1"
    port_base: int = 0
    token: str | None = None
    links: Path | None = None
    can: Sequence[str] = ()
    mirror: bool = True

    def __post_init__(self) -> None:
        address = ip_address("127.0.0.1" if self.host == "localhost" else self.host)
        if address.version != 4:
            raise ValueError(f"expected an IPv4 address, as VISA resource names take no other, got {self.host}")
        if self.token is None and not address.is_loopback:
            raise ValueError(
                f"{self.host} can be reached from other machines: serve with a token (--token-file), or on 127.0.0.1"
            )
        if self.token is not None and not self.token.strip():
            raise ValueError("the token is empty: write one line of random text into its file")

    @property
    def name(self) -> str:
        """What clients call this machine."""
        return gethostname() if self.host == EVERYWHERE else self.host

    def port(self, place: int) -> int:
        """The port `place` places above the base."""
        return self.port_base + place if self.port_base else 0
