"""What each instrument is: model, firmware, options, calibration, errors it remembers; and which roles are filled."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from harness import ports
from harness.bench.bench import Bench
from harness.bench.doctor_findings import Findings, Place, Sheet
from harness.bench.loader import fills

ROLES = (ports.Switch, ports.Supply, ports.Scope, ports.Generator, ports.Dmm, ports.NetworkTester)
SOON_DAYS = 30
"""A calibration that ends within a month is worth a word."""
ERRORS_MAX = 20
"""Errors that an instrument's queue holds, as a rule."""


def check_instrument(bench: Bench, name: str, today: date, place: Place) -> Findings:
    """One instrument that is open. The driver has compared `*IDN?` with its models when it was opened."""
    driver, identity = bench.instruments[name], bench.identities[name]
    yield place.ok("identity", str(identity))
    yield from _options(driver, place)
    yield from _calibration(bench, name, today, place)
    yield from _errors(driver, place)


def _options(driver: Any, place: Place) -> Findings:
    query = getattr(driver, "OPTIONS", None)
    if query is None:  # not every model has *OPT?
        return
    answer = str(driver.text(query)).replace('"', "")
    there = [option.strip() for option in answer.split(",") if option.strip() not in {"", "0"}]
    needed = getattr(driver, "NEEDED_OPTIONS", ())
    if missing := [option for option in needed if option not in there]:
        seen = f"expected {', '.join(missing)}, installed are {', '.join(there) or 'none'}"
        yield place.wrong("options", seen, "Have them installed, or use an instrument that has them")
    else:
        yield place.ok("options", ", ".join(there) or "none")


def _calibration(bench: Bench, name: str, today: date, place: Place) -> Findings:
    until = bench.file.instrument[name].calibrated_until
    if until is None:
        yield place.ok("calibration", "calibrated_until is not in the file: its uncertainties are taken on trust")
    elif until < today:
        todo = "Have it calibrated, and write the new date: what it measures is not traceable any more"
        yield place.wrong("calibration", f"ended on {until}, {(today - until).days} days ago", todo, "calibrated_until")
    elif (until - today).days <= SOON_DAYS:
        yield place.warning("calibration", f"ends on {until}", "Have it calibrated")
    else:
        yield place.ok("calibration", f"until {until}")


def _errors(driver: Any, place: Place) -> Findings:
    ask = getattr(driver, "ask", None)
    if not callable(ask):
        return
    errors: list[str] = []
    while len(errors) < ERRORS_MAX:
        answer = str(ask("SYST:ERR?"))
        found = re.match(r"[+-]?\d+", answer)
        if found is None or int(found[0]) == 0:
            break
        errors.append(answer)
    if errors:
        todo = "They are from before and are cleared now; if they come again, compare the procedure with the instrument"
        yield place.warning("error queue", "; ".join(errors[:3]), todo)
    else:
        yield place.ok("error queue", "empty")


def check_roles(bench: Bench, sheet: Sheet) -> Findings:
    """Which roles nobody fills: what asks for one cannot run here."""
    drivers = [type(driver) for driver in bench.instruments.values()]
    missing = [role.__name__ for role in ROLES if not any(fills(driver, role) for driver in drivers)]
    place = sheet.at("instrument")
    if missing:
        todo = "Procedures that need one end as broken here; add [instrument.*] with a driver that fills it"
        yield place.warning("roles", f"nothing fills {', '.join(missing)}", todo)
    else:
        yield place.ok("roles", f"{', '.join(role.__name__ for role in ROLES)} are filled")


def today_of(_bench: Bench) -> date:
    """The date on the wall: calibrations run out in real time, also on an emulated bench."""
    return datetime.now().astimezone().date()
