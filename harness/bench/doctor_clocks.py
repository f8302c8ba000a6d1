"""How the other clocks of a bench run against its own: offset, drift, and how sure of them a verdict can be."""

from __future__ import annotations

from harness.bench.bench import Bench
from harness.bench.doctor_findings import Findings, Place, Sheet
from harness.clock_offset import EXACT, Offset
from harness.units import MS, pretty

UNCERTAIN = 5 * MS
"""A worse clock than this shows in verdicts: instants on CAN and AT are good to 5 ms themselves."""
DRIFT_PPM = 100
"""No crystal that works drifts faster."""


def check_clocks(bench: Bench, sheet: Sheet) -> Findings:
    """Every interface's clock and the off-board service's."""
    for name, network in bench.networks.items():
        yield from check_clock(network.offset, sheet.at("can", name))
    if bench.file.offboard is not None:
        yield from check_clock(bench.offboard.compare_clocks(), sheet.at("offboard"))


def check_clock(offset: Offset, place: Place) -> Findings:
    """One clock against the bench's."""
    if offset is EXACT:
        yield place.ok("clock", "the bench's own")
        return
    if not offset.known:
        yield place.warning("clock", "nothing was heard that carries its time", "See what else is wrong here")
        return
    drift, u_drift, u = offset.drift_ppm, offset.drift_uncertainty_ppm, offset.uncertainty
    seen = f"offset known to {pretty(u)}, drift " + (
        f"{drift:+.1f} ppm, known to {u_drift:.1f} ppm" if drift else f"not yet told from 0 +- {2 * u_drift:.0f} ppm"
    )
    if offset.steps:
        todo = (
            "Does something set it (NTP, a program), or does the interface reset itself? Verdicts around it are wrong"
        )
        yield place.wrong("clock", f"it was set {offset.steps} times while it was watched; {seen}", todo)
    elif abs(drift) - 2 * u_drift > DRIFT_PPM:
        todo = "Let its clock not be slewed; an interface that drifts so far is broken"
        yield place.wrong("clock", f"expected a drift of at most {DRIFT_PPM} ppm; {seen}", todo)
    elif u > UNCERTAIN:
        yield place.warning("clock", seen, "Verdicts between this clock and others carry that; is the host overloaded?")
    else:
        yield place.ok("clock", seen)
