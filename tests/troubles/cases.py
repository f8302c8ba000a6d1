"""What can go wrong on a bench, what a procedure does meanwhile, and the place that its error has to name."""

from __future__ import annotations

import pytest

from harness.errors import BenchError, ExpectationError
from harness.units import MS, S
from reports.journal import Outcome, outcome_of


def measure(bench):
    return bench.lines["battery"].measure_voltage()


def ask_modem(bench):
    return bench.modem.imsi()


def read_display(bench):
    return bench.head_unit.page()


def find_position(bench):
    bench.clock.sleep(10 * MS)  # else the sentence of this very instant counts
    return bench.gnss.wait_fix(3 * S)


def watch(bench):
    """What never comes: nobody presses the button."""
    return bench.networks["body"].expect("OHC_Status.Sos", "PRESSED", 600 * MS)


def ask_offboard(bench):
    return bench.offboard.now()


LATE = 3 * S
"""Later than any timeout of the benches of these tests."""

INSTRUMENT = r"\[instrument\.supply\] of "
CASES = {
    "instrument late": ("instrument.supply", "answers_late", measure, INSTRUMENT),
    "instrument closes": ("instrument.supply", "closes", measure, INSTRUMENT),
    "instrument garbage": ("instrument.supply", "garbage", measure, INSTRUMENT),
    "instrument silent": ("instrument.supply", "silent", measure, INSTRUMENT),
    "modem closes": ("serial.modem", "closes", ask_modem, "serial port modem at "),
    "modem garbage": ("serial.modem", "garbage", ask_modem, "serial port modem at "),
    "modem silent": ("serial.modem", "silent", ask_modem, "serial port modem at "),
    "modem resets": ("serial.modem", "resets", ask_modem, "serial port modem at "),
    "display closes": ("serial.head_unit", "closes", read_display, "serial port head_unit at "),
    "display garbage": ("serial.head_unit", "garbage", read_display, "serial port head_unit at "),
    "display silent": ("serial.head_unit", "silent", read_display, "serial port head_unit at "),
    "display restarts": ("serial.head_unit", "restarts", read_display, "serial port head_unit at "),
    "receiver silent": ("serial.gnss", "silent", find_position, "serial port gnss at "),
    "receiver closes": ("serial.gnss", "closes", find_position, "serial port gnss at "),
    "bus off": ("can.body", "bus_off", watch, "network body: the interface went bus-off"),
    "error frames": ("can.body", "error_frames", watch, r"network body: \d+ error frames"),
    "frames dropped": ("can.body", "drops_frames", watch, "network body lost frames on its way"),
    "off-board refuses": ("offboard", "refuses", ask_offboard, r"GET /clock at \S+ answered 503"),
    "off-board garbage": ("offboard", "garbage", ask_offboard, r"GET /clock at \S+ answered no JSON"),
    "off-board closes": ("offboard", "closes", ask_offboard, r"GET /clock at \S+ failed: "),
    "off-board late": ("offboard", "answers_late", ask_offboard, r"GET /clock at \S+ failed: "),
}
"""Name -> place, what goes wrong there, what is done, and what its error says."""

GONE = ("can.body", "closes", watch, "network body: ")
"""After this one a bench has to be opened anew."""


def make(bench, where, what, **more):
    """Let something go wrong on a bench, real wires or not; `lasts` is the API's `for`."""
    if "lasts" in more:
        more["for"] = more.pop("lasts")
    return bench.offboard.request("POST", "/bench/troubles", {"where": where, "what": what, "delay": LATE, **more})


def mend(bench):
    """Nothing goes wrong any more."""
    bench.offboard.request("DELETE", "/bench/troubles")


def breaks_and_mends(bench, where, what, act, place):
    """The act ends by the bench's fault, at its place; once that is mended, it works, or fails by the car's."""
    make(bench, where, what)
    with pytest.raises(BenchError, match=place) as caught:
        act(bench)
    assert outcome_of(caught.value) is Outcome.BROKEN
    mend(bench)
    bench.clock.sleep(1 * S)
    if act is not watch:
        act(bench)
        return
    with pytest.raises(ExpectationError):  # nobody pressed: on a bench that is whole that is the car's failure
        act(bench)
