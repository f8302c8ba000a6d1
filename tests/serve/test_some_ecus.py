"""A part of the car served as if real, and the bench file that says so; the file in benches/ is what is printed."""

from __future__ import annotations

import pytest

from emulation.faults import FaultError
from emulation.plugin import build
from emulation.serve import Options, ServedBench
from emulation.serve.serving import chosen_ecus
from harness.bench import load
from harness.can.database import load_database
from harness.units import S
from hil.served_file import served_file
from tests.serve.loop import power, run
from tests.serving import ROOT

EMULATED = (ROOT / "benches" / "emulated.toml").read_text()
SERVED = (ROOT / "benches" / "served.toml").read_text()


def at_usual_ports() -> dict[str, str]:
    addresses: dict[str, str] = {}

    async def main() -> None:
        addresses.update(ServedBench(build(), Options(port_base=47_000)).addresses())

    run(main)
    return addresses


def test_the_file_in_benches_is_what_is_printed() -> None:
    printed = served_file(EMULATED, at_usual_ports(), chosen_ecus((), ()), more=SERVED)
    assert printed == SERVED, "hil serve --write benches/served.toml"


def test_all_that_the_file_in_benches_adds_is_what_to_run_there() -> None:
    printed = served_file(EMULATED, at_usual_ports(), chosen_ecus((), ()))
    assert SERVED.startswith(printed)


def test_an_ecu_that_is_left_out_is_played_by_the_harness_and_has_no_port() -> None:
    ecus = chosen_ecus((), ["telematics"])
    bench = build(ecus=ecus)
    assert set(bench.ports) == {"gnss", "head_unit"}
    addresses = {name: text for name, text in at_usual_ports().items() if name != "serial.modem"}
    path = ROOT / "out" / "without.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(served_file(EMULATED, addresses, ecus))
    try:
        file = load(path)
    finally:
        path.unlink()
    assert file.can["body"].restbus == "harness"
    assert file.ecu["telematics"] == "emulated"
    assert {kind for ecu, kind in file.ecu.items() if ecu != "telematics"} == {"real"}
    assert set(file.serial) == {"gnss", "head_unit"}


@pytest.mark.parametrize(
    ("only", "without"),
    [(["telematics"], []), ([], ["telematics"]), (["gnss", "body"], []), ([], ["airbag", "engine"])],
)
def test_only_those_ecus_are_on_the_network(only: list[str], without: list[str]) -> None:
    bench = build(ecus=chosen_ecus(only, without))
    seen: set[int] = set()
    bench.buses["body"].attach(lambda frame: seen.add(frame.identifier))
    power(bench)
    bench.line("terminal_15").drive("test", 12.0)
    bench.world.run(until=20 * S)
    database = load_database(ROOT / "vehicle" / "body.dbc")
    senders = {database.get_message_by_frame_id(identifier).senders[0] for identifier in seen}
    expected = {bench.parts[name].node for name in chosen_ecus(only, without)}
    assert senders == expected


def test_an_unknown_ecu_is_told_with_those_there_are() -> None:
    for wrong in ({"only": ["radio"]}, {"without": ["radio"]}):
        with pytest.raises(ValueError, match="no ECU 'radio'; there is overhead_console, airbag"):
            chosen_ecus(**{"only": [], "without": [], **wrong})
    with pytest.raises(ValueError, match="no ECU 'radio'"):
        build(ecus=["radio"])


@pytest.mark.parametrize("fault", ["EagerConsole"])
def test_a_fault_of_a_part_that_is_not_served_is_an_error(fault: str) -> None:
    assert build(faults=[fault], ecus=["overhead_console"]).parts["overhead_console"]
    with pytest.raises(FaultError, match="no part of this bench"):
        build(faults=[fault], ecus=["telematics"])
