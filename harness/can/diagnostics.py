"""All ECUs of a bench that can be diagnosed, by name, and what is asked of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.can.diagnostic_file import DiagnosticFile
from harness.can.network import Network
from harness.can.uds import FAULT_PRESENT, TroubleCode, Uds
from harness.errors import BenchError
from harness.toml_file import nearest
from harness.units import MS


class Diagnostics(Mapping[str, Uds]):
    """The ECUs of a bench by name, as far as its diagnostic files know them."""

    def __init__(self, ecus: Mapping[str, Uds] | None = None) -> None:
        self._ecus = dict(ecus or {})

    @classmethod
    def on(cls, network: Network, file: DiagnosticFile, p2: int = 150 * MS, p2_star: int = 5_100 * MS) -> Diagnostics:
        """All ECUs of a diagnostic file, reached over `network`."""
        return cls({name: Uds(network, name, file, p2, p2_star) for name in file.ecu})

    def __getitem__(self, name: str) -> Uds:
        if name not in self._ecus:
            raise BenchError(f"no ECU {name!r} in the diagnostic files{nearest(name, list(self._ecus))}")
        return self._ecus[name]

    def __contains__(self, name: object) -> bool:
        """Whether the diagnostic files know an ECU; to ask for one that they do not know is a `BenchError`."""
        return name in self._ecus

    def __iter__(self) -> Iterator[str]:
        return iter(self._ecus)

    def __len__(self) -> int:
        return len(self._ecus)

    def trouble_codes(self, mask: int = FAULT_PRESENT) -> list[TroubleCode]:
        """The fault memories of all ECUs together."""
        return [code for uds in self._ecus.values() for code in uds.trouble_codes(mask)]

    def clear_trouble_codes(self) -> None:
        """Clear every fault memory."""
        for uds in self._ecus.values():
            uds.clear_trouble_codes()

    def close(self) -> None:
        """Stop every TesterPresent."""
        for uds in self._ecus.values():
            uds.close()
