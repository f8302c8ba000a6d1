"""What answers on serial ports and off board while the car is on: modem and its network, GNSS, display, service."""

from __future__ import annotations

import re

from harness.bench.bench import Bench
from harness.bench.doctor_findings import Finding, Findings, Place
from harness.errors import BenchError, ExpectationError, InterlockError
from harness.modem.at import ModemError
from harness.offboard import CENTRES
from harness.units import MS, pretty

LOOK = 200 * MS
"""Pause between two questions to a modem that boots or searches."""
WEAK_DBM = -110
"""Below this RSRP a modem loses its network now and then (3GPP TS 36.133: cell edge)."""
SENTENCES = 2_500 * MS
"""A receiver reports every second."""


def check_modem(bench: Bench, until: int, place: Place) -> Findings:
    """Who it is, its SIM, its network; `until` (ns) it may boot and search. The interlock has the last word."""
    modem, clock = bench.modem, bench.clock
    while not modem.answers(LOOK):
        if clock.now() >= until:
            yield place.warning(
                "answers AT",
                f"no answer to AT; {_patience(bench)}",
                "Give it time to boot with --wait 60; then: is it powered, are port and baud rate right?",
            )
            return
        clock.sleep(LOOK)
    try:
        modem.set_up()
        yield place.ok("answers AT", _identity(bench))
        ready, why = _sim(bench)
    except ModemError as error:
        yield place.wrong("answers AT", str(error), "Is this the modem's AT port, and is no other program using it?")
        return
    if not ready:
        yield place.wrong("SIM", why, "Put the test SIM in; its PIN is the bench's secret")
        return
    yield place.ok("SIM", why)
    yield from _network(bench, until, place)


def _identity(bench: Bench) -> str:
    told = [line for line in bench.modem.at.command("ATI") if not re.fullmatch(r"\d{14,16}", line)]
    revision = next(iter(bench.modem.at.command("AT+CGMR")), "").removeprefix("+CGMR: ")
    return " ".join(told) + ("" if any(revision in line for line in told) else f" {revision}")


def _sim(bench: Bench) -> tuple[bool, str]:
    """Whether it can be used, and what is seen: of the IMSI no more than its network."""
    state = bench.modem.sim_state()
    if state != "READY":
        return False, f"expected READY, got {state}"
    home = bench.modem.imsi()[:5]
    allowed = any(plmn.startswith(home) for plmn in bench.file.bench.plmn)
    return allowed, f"READY, IMSI {home}... " + (
        "of a test network" if allowed else f"expected one of {', '.join(bench.file.bench.plmn)}"
    )


def _network(bench: Bench, until: int, place: Place) -> Findings:
    modem, clock = bench.modem, bench.clock
    while (state := modem.registration()) in ("searching", "idle", "unknown") and clock.now() < until:
        clock.sleep(LOOK)
    if state not in ("home", "roaming"):
        make = place.warning if state in ("searching", "idle", "unknown") else place.wrong
        yield make(
            "registration",
            f"expected home or roaming, it says {state}; {_patience(bench)}",
            "Is the cell on and the antenna connected? --wait 60 gives it time",
        )
        if bench.file.bench.network == "simulated":
            yield place.warning(
                "test network", "not confirmed: nothing can dial before the modem has said its PLMN", "See registration"
            )
        return
    yield place.ok("registration", f"{state}, {_signal(bench)}")
    yield interlock(bench, place)


def interlock(bench: Bench, place: Place) -> Finding:
    """Whether anything may dial here, by the very check that guards every call."""
    if bench.file.bench.network != "simulated":
        todo = 'Where it is in a shield box, say network = "simulated"'
        return place.warning("test network", 'network is "public": nothing dials on this bench', todo)
    try:
        bench.interlock.check()
    except InterlockError as error:
        todo = "Close the shield box, put the test SIM in, or correct network and plmn in [bench]"
        return place.wrong("test network", str(error), todo)
    plmn = bench.modem.operator()
    return place.ok("test network", f"the modem is on PLMN {plmn}, which [bench] allows: dialling is safe")


def _signal(bench: Bench) -> str:
    """RSRP where the modem tells it (3GPP TS 27.007, 8.69), else what +CSQ says."""
    try:
        for line in bench.modem.at.command("AT+CESQ"):
            if found := re.fullmatch(r"\+CESQ: (?:\d+,){5}(\d+)", line):
                level = int(found[1])
                dbm = level - 141
                return "signal not known" if level == 255 else f"RSRP {dbm} dBm{' (weak)' if dbm < WEAK_DBM else ''}"
    except ModemError:
        pass  # older modems have no such command, and the signal is no condition
    return "signal not told"


def _patience(bench: Bench) -> str:
    on = [
        act
        for act in bench.timeline.events("tester", "line")
        if act.data.get("by") == "supply" and act.data.get("active")
    ]
    return (
        f"the car has been on for {pretty(bench.clock.now() - on[-1].time)}"
        if on
        else "the car was not switched on here"
    )


def check_gnss(bench: Bench, until: int, place: Place) -> Findings:
    """Sentences, their checksums, and a fix; `until` (ns) it may look for satellites."""
    gnss, clock = bench.gnss, bench.clock
    if not clock.wait(lambda: gnss.position is not None or gnss.bad_sentences > 0, SENTENCES):
        yield place.wrong(
            "sentences",
            f"expected NMEA sentences, got none within {pretty(SENTENCES)}",
            "Is the receiver powered, is this its port, is the baud rate right?",
            "url",
        )
        return
    clock.wait(lambda: gnss.position is not None and gnss.position.has_fix, max(0, until - clock.now()))
    if gnss.bad_sentences:
        yield place.wrong(
            "checksums", f"{gnss.bad_sentences} sentences with a wrong one", "Is the baud rate right, the cable short?"
        )
    else:
        yield place.ok("sentences", "they come, with the right checksums")
    position = gnss.position
    if position is not None and position.has_fix:
        yield place.ok("fix", f"{position.latitude:.4f}, {position.longitude:.4f}, {position.satellites} satellites")
    else:
        seen = "no position" if position is None else f"{position.satellites} satellites, no fix"
        yield place.warning(
            "fix", f"{seen}; {_patience(bench)}", "Does its antenna see the sky or the simulator? --wait 60"
        )


def check_head_unit(bench: Bench, until: int, place: Place) -> Findings:
    """Whether the display answers on its service port."""
    while True:
        try:
            yield place.ok("answers", f"the display shows {bench.head_unit.page()!r}")
        except (BenchError, ExpectationError) as error:
            if bench.clock.now() < until and "expected" not in str(error):
                continue
            yield place.wrong("answers", str(error), "Is the head unit powered and ignition I on, is this its port?")
        return


def check_offboard(bench: Bench, place: Place) -> Findings:
    """Whether the service tells the state of the network, and whether that fits the bench file."""
    network = bench.offboard.network()
    plmn = network.get("plmn")
    seen = f"network {plmn}, coverage {network.get('coverage')}, in {network.get('country')}"
    if plmn is not None and plmn not in bench.file.bench.plmn:
        todo = "Set the simulated network to a PLMN that [bench] plmn allows"
        yield place.wrong("network", f"expected one of {', '.join(bench.file.bench.plmn)}; {seen}", todo)
    elif network.get("coverage") != "full":
        yield place.warning("network", seen, "Procedures expect full coverage to begin with")
    else:
        yield place.ok("network", seen)
    calls = [call for centre in CENTRES for call in bench.offboard.calls(centre) if call.ended is None]
    if calls:
        yield place.warning("calls", f"{len(calls)} still stand", "Hang them up: the bench is not at rest")
    else:
        yield place.ok("calls", "none stands")
