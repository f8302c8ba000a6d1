"""What a bench file may say: one frozen model a table, unknown keys refused (serves every clause)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from harness.units import MS, S, parse_duration


def _parse_vin(text: object) -> object:
    if not isinstance(text, str) or not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", text):
        raise ValueError(f"expected a VIN of 17 capital letters and digits without I, O and Q (ISO 3779), got {text!r}")
    return text


def _parse_plmn(text: object) -> object:
    if not isinstance(text, str) or not re.fullmatch(r"\d{5,6}", text):
        raise ValueError(f'expected a PLMN as 5 or 6 digits, MCC and MNC, such as "00101", got {text!r}')
    return text


def _parse_driver(text: object) -> object:
    if not isinstance(text, str) or not re.fullmatch(r"[\w.]+:\w+", text):
        raise ValueError(f'expected a driver as "module:Class", got {text!r}')
    return text


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


Duration = Annotated[int, BeforeValidator(parse_duration)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BenchTable(_Table):
    """`[bench]`: what this bench is, and whether it may dial."""

    name: str
    network: Literal["simulated", "public"]
    """Only on a simulated network may anything dial."""
    clock: str = "wall"
    """`wall`, or the name of an entry point in the group `connect_hil.clock`."""
    plmn: Annotated[tuple[Annotated[str, BeforeValidator(_parse_plmn)], ...], Field(strict=False)] = ("00101",)
    """The test networks that the modem may be on (00101 is the one that 3GPP TS 34.108 gives to laboratories)."""
    vin: Annotated[str, BeforeValidator(_parse_vin)]
    """What the label on the windshield says."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "SE"
    watchdog: bool = True
    """Whether a process beside the run makes a bench on wall time safe when the run is killed (docs/safety.md)."""


class VisaTable(_Table):
    """`[visa]`: the PyVISA backend of all instruments."""

    backend: str = "@py"


class CanTable(_Table):
    """`[can.NAME]`: one network, its interface as python-can has it, and the files that say what its frames mean."""

    interface: str
    channel: str | int
    bitrate: Annotated[int, Field(gt=0)] = 500_000
    data_bitrate: Annotated[int, Field(gt=0)] | None = None
    """Given for CAN FD."""
    database: str
    e2e: str | None = None
    diagnostics: str | None = None
    restbus: Literal["bench", "harness"] = "harness"
    """Who plays the ECUs called emulated: the bench has them already, or the harness sends for them."""
    start: dict[str, Any] = Field(default_factory=dict)
    """First values of ECUs that the harness plays: `"TCU_Status.Ready" = 1`; else those of the database."""
    nodes: dict[str, str] = Field(default_factory=dict)
    """Names of ECUs, where they are not those of `harness.can.database.NODES`, with their nodes in the database."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Handed to `can.Bus` as they are."""


class SerialTable(_Table):
    """`[serial.NAME]`: a port as pyserial's `serial_for_url` takes it."""

    url: str
    baudrate: Annotated[int, Field(gt=0)] = 115_200


class OffboardTable(_Table):
    """`[offboard]`: the HTTP API of the world outside the car."""

    url: str
    token_file: str | None = None
    """File with the bearer token; a secret does not stand in a bench file."""


class InstrumentTable(_Table):
    """`[instrument.NAME]`: a driver, and where PyVISA finds the instrument."""

    driver: Annotated[str, BeforeValidator(_parse_driver)]
    resource: str
    calibrated_until: date | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    """Handed to the driver as keyword arguments."""


class End(_Table):
    """One channel of an instrument."""

    instrument: str
    channel: int = 1


class RoutedEnd(End):
    """An instrument's channel, and the relay that lets it reach the line."""

    via: End | None = None


class DrivenEnd(RoutedEnd):
    """A generator's channel, and the relay it goes through."""


class LineTable(_Table):
    """`[line.NAME]`: who drives a line, and who sees it."""

    pressed_by: End | None = None
    pulsed_by: DrivenEnd | None = None
    spoken_by: DrivenEnd | None = None
    powered_by: End | None = None
    seen_by: Annotated[tuple[RoutedEnd, ...], BeforeValidator(_as_list), Field(strict=False)] = ()
    active_volts: float = 5.0
    """What a pulse of the generator rises to."""

    def ends(self) -> list[tuple[str, End]]:
        """Every channel this line is wired to, with the key that says so."""
        single = ("pressed_by", "pulsed_by", "spoken_by", "powered_by")
        found: list[tuple[str, End]] = [(key, end) for key in single if (end := getattr(self, key)) is not None]
        found += [("seen_by", end) for end in self.seen_by]
        vias = [(f"{key}.via", end.via) for key, end in found if isinstance(end, RoutedEnd) and end.via is not None]
        return found + vias


class TimeoutTable(_Table):
    """`[timeouts]`: how long the bench waits for its own parts; what the car may take are limits of the catalogue."""

    instrument: Duration = 5 * S
    at: Duration = 5 * S
    """For a final result code; 3GPP TS 27.007 bounds none, and modules answer queries within 5 s."""
    uds_p2: Duration = 150 * MS
    """P2 client: the server's 50 ms (ISO 14229-2) and two frames' way on a busy bus."""
    uds_p2_star: Duration = 5_100 * MS
    http: Duration = 10 * S


class RetryTable(_Table):
    """`[retry]`: what is tried again where bench or host, not the car, were at fault; each time is on record."""

    queries: Annotated[int, Field(ge=0, le=10)] = 0
    """How often a question that changes nothing is asked again: SCPI and AT queries, UDS 22 and 19, GETs, a page."""
    tests: Annotated[int, Field(ge=0, le=10)] = 0
    """How often a test runs again that bench or host have spoiled. One in which the car failed never does."""


class RunTable(_Table):
    """`[run]`: what `hil run` runs on this bench where it is not told otherwise; empty: everything."""

    procedures: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Ids of procedures of the catalogue; every test of theirs."""
    tests: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Tests by name, one case of theirs by its parameters: `test_the_hold_threshold_is_the_manual_s[SOS]`."""

    def __bool__(self) -> bool:
        return bool(self.procedures or self.tests)


class BenchFile(_Table):
    """A whole bench file. `path` is where it was read from."""

    path: str = Field(default="<bench>", exclude=True)
    bench: BenchTable
    visa: VisaTable = VisaTable()
    can: dict[str, CanTable]
    ecu: dict[str, Literal["real", "emulated"]] = Field(default_factory=dict)
    serial: dict[Literal["modem", "gnss", "head_unit"], SerialTable] = Field(default_factory=dict)
    offboard: OffboardTable | None = None
    instrument: dict[str, InstrumentTable] = Field(default_factory=dict)
    line: dict[str, LineTable] = Field(default_factory=dict)
    timeouts: TimeoutTable = TimeoutTable()
    run: RunTable = RunTable()
    retry: RetryTable = RetryTable()

    def played(self, network: str) -> tuple[str, ...]:
        """The ECUs that the harness plays on a network, as far as its database has them."""
        mine = self.can[network].restbus == "harness"
        return tuple(ecu for ecu, kind in self.ecu.items() if mine and kind == "emulated")

    def locate(self, name: str) -> Path:
        """The file `name`, beside the bench file or in a folder above it; where it is not, the nearest place."""
        folders = Path(self.path).absolute().parents
        return next((found for folder in folders if (found := folder / name).exists()), folders[0] / name)
