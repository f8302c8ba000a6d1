"""The contract with the ECUs: a DBC file, read once a process, and the signals that verdicts need."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import cantools
from cantools.database import Database, Message
from cantools.database.can import Database as CanDatabase
from cantools.database.errors import Error as DatabaseError

from harness.errors import BenchError
from harness.toml_file import nearest

NODES = {
    "overhead_console": "OHC",
    "airbag": "ACM",
    "body": "CEM",
    "telematics": "TCU",
    "head_unit": "IHU",
    "gnss": "GNSS",
    "engine": "ECM",
    "brakes": "ESC",
    "steering": "EPS",
    "battery": "BMS",
    "driver_display": "DIM",
    "climate": "CCM",
    "charger": "OBC",
}
"""ECUs as people call them, and their nodes in the database."""

REQUIRED_SIGNALS = (
    "OHC_Status.Sos",
    "OHC_Status.OnCall",
    "OHC_Status.SosLamp",
    "OHC_Status.OnCallLamp",
    "OHC_Status.RequestCount",
    "ACM_Crash.CrashLevel",
    "ACM_Crash.CrashDirection",
    "ACM_Crash.CrashLevelInverted",
    "ACM_Crash.EventCount",
    "ACM_Occupants.Passengers",
    "CEM_Ignition.Mode",
    "CEM_Power.BatteryVoltage",
    "TCU_Call.State",
    "TCU_Call.Trigger",
    "TCU_Call.Target",
    "TCU_Call.Attempt",
    "TCU_Status.ButtonLock",
    "TCU_Status.Registration",
    "TCU_Status.SelfTest",
    "TCU_Status.BackupBattery",
    "TCU_Status.Ready",
    "IHU_Settings.ButtonLockRequest",
    "GNSS_Position.Latitude",
    "GNSS_Position.Longitude",
    "GNSS_Position.Trusted",
    "GNSS_Position.Fix",
)
"""What procedures ask for, over all networks of a bench."""


@cache
def load_database(path: Path) -> CanDatabase:
    """The DBC file at `path`. Raises `BenchError` where it cannot be read."""
    try:
        database = cantools.database.load_file(path, strict=True)
    except (OSError, ValueError, DatabaseError) as error:
        raise BenchError(f"{path}: expected a CAN database (DBC): {error}") from error
    if not isinstance(database, CanDatabase):
        raise BenchError(f"{path}: expected a CAN database (DBC), got {type(database).__name__}")
    return database


def message_of(database: Database, name: str, where: str) -> Message:
    """The message called `name`. Raises `BenchError` with the nearest name; `where` names the file."""
    try:
        return database.get_message_by_name(name)
    except KeyError:
        known = [message.name for message in database.messages]
        raise BenchError(f"{where}: no message {name!r}{nearest(name, known)}") from None


def missing_signals(databases: Iterable[CanDatabase], needed: Iterable[str] = REQUIRED_SIGNALS) -> list[str]:
    """What is needed and stands in none of `databases`, each with the nearest signal there is."""
    there = [f"{m.name}.{signal}" for database in databases for m in database.messages for signal in m.signal_tree]
    known = set(there)
    return [f"no signal {name}{nearest(name, there)}" for name in needed if name not in known]
