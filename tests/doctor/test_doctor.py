"""The doctor says nothing of a bench that is well, and names each thing that is wrong: where, and what to do."""

from __future__ import annotations

import re

import pytest

from harness.bench import Bench, doctor, load
from harness.bench.doctor import examine
from harness.bench.doctor_findings import Level
from tests.doctor.sick_benches import DATABASE, EMULATED, ROOT, complaints, findings_of, named, shifted_identifiers

TESTER = """[instrument.network_tester]
driver = "instruments.rohde_schwarz_cmw500:Cmw500"
resource = "TCPIP::network_tester::hislip0::INSTR"
"""
SWITCH = '[instrument.switch]\ndriver = "instruments.keysight_34980a:Switch34980A"\n'
SUPPLY_AT, DMM_AT = "TCPIP::supply::hislip0::INSTR", "TCPIP::dmm::hislip0::INSTR"


@pytest.fixture
def opened(monkeypatch):
    """The benches that the doctor opens, to look at them afterwards."""
    benches = []

    def keep(self):
        benches.append(self)
        original(self)

    original = Bench._open
    monkeypatch.setattr(Bench, "_open", keep)
    return benches


def sent(bench):
    return [event.data["text"] for event in bench.timeline.events(kind="scpi") if event.data["direction"] == "sent"]


def test_a_bench_that_is_well_has_no_complaint_and_is_off_at_the_end(opened):
    findings = examine(ROOT / "benches/emulated.toml")
    assert complaints(findings) == []
    examined = {finding.subject for finding in findings}
    for table in ("can.body", "serial.modem", "instrument.scope", "line.sos_button", "line.battery", "offboard"):
        assert table in examined
    (bench,) = opened
    assert any(command.startswith("OUTP ON") for command in sent(bench))
    last = {re.sub(r"OUTP (ON|OFF)", "OUTP", command): command for command in sent(bench) if "OUTP O" in command}
    assert not [command for command in last.values() if " ON" in command]
    assert sent(bench).index("ROUT:OPEN:ALL") >= 0
    assert findings[-1].check == "safe state"


def test_every_complaint_says_where_and_what_to_do():
    findings = findings_of((DMM_AT, SUPPLY_AT), ('plmn = ["00101"]', 'plmn = ["99970"]'))
    assert len(complaints(findings)) >= 2
    for finding in complaints(findings):
        assert re.match(r".*sick\.toml:\d+ \[[\w.]+\]$", finding.where), finding
        assert finding.todo


BROKEN = {
    "another instrument answers": (
        [(DMM_AT, SUPPLY_AT)], "instrument.dmm", "opens", "E36312A, expected one of 34465A",
    ),
    "an instrument is dead": (
        [(DMM_AT, "TCPIP::nobody::hislip0::INSTR")], "instrument.dmm", "opens", "TCPIP::nobody",
    ),
    "no such serial port": (
        [("emulated://gnss", "/dev/serial/by-id/none")], "serial.gnss", "opens", "cannot be opened",
    ),
    "no such CAN interface": (
        [('interface = "emulated"', 'interface = "emulatd"')], "can.body", "opens", "emulatd",
    ),
    "relays are swapped": (
        [("channel = 1001", "channel = 9"), ("channel = 1002", "channel = 1001"), ("channel = 9 ", "channel = 1002 ")],
        "line.sos_button", "scope", "which sees on_call_button",
    ),
    "a relay is wired to nothing": (
        [("channel = 1001", "channel = 1063")], "line.sos_button", "scope", "nothing moved",
    ),
    "the generator goes another way": (
        [("channel = 1021", "channel = 1064")], "line.sos_button", "pulse", "saw none",
    ),
    "calibration is over": (
        [(SWITCH, SWITCH + "calibrated_until = 2020-02-01\n")],
        "instrument.switch", "calibration", "ended on 2020-02-01",
    ),
    "the SIM is of another network": (
        [('plmn = ["00101"]', 'plmn = ["99970"]')], "serial.modem", "SIM", "expected one of 99970",
    ),
    "no instrument for a role": (
        [(TESTER, "")],
        "instrument", "roles", "nothing fills NetworkTester",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_named_and_does_not_stop_the_rest(case):
    changes, subject, check, said = BROKEN[case]
    findings = findings_of(*changes)
    assert said in named(findings, subject, check).seen
    assert {"instrument.scope", "line.battery", "offboard"} <= {f.subject for f in findings if f.level is Level.OK}


def test_the_line_of_the_bench_file_is_the_one_to_correct():
    findings = findings_of((DMM_AT, "TCPIP::nobody::hislip0::INSTR"))
    number = next(n for n, line in enumerate(EMULATED.splitlines(), 1) if DMM_AT in line)
    assert named(findings, "instrument.dmm", "opens").where.endswith(f"sick.toml:{number} [instrument.dmm]")


def test_a_bench_file_that_cannot_be_read_is_told_line_by_line():
    findings = findings_of(('clock = "emulated"', 'clock = "emulatd"'), ("channel = 1001", "chanel = 1001"))
    assert all(finding.level is Level.WRONG and re.search(r":\d+$", finding.where) for finding in findings)
    assert any("chanel" in finding.seen for finding in findings)


# Networks

OTHER = ('database = "vehicle/body.dbc"', 'database = "other.dbc"')


def test_another_car_s_database_is_known_by_its_identifiers():
    findings = findings_of(OTHER, files={"other.dbc": shifted_identifiers(DATABASE)})
    assert "The database is that of another car" in named(findings, "can.body", "identifiers").todo
    assert not [finding for finding in findings if finding.subject == "ecu"]  # one cause, one complaint


def test_another_model_year_s_database_is_known_by_its_lengths():
    assert "BO_ 688 OHC_Status: 2 " in DATABASE
    files = {"other.dbc": DATABASE.replace("BO_ 688 OHC_Status: 2 ", "BO_ 688 OHC_Status: 4 ")}
    assert "OHC_Status" in named(findings_of(OTHER, files=files), "can.body", "database").seen


def test_cycle_times_of_another_database_are_told():
    cycle = 'BA_ "GenMsgCycleTime" BO_ 64 10;'
    assert cycle in DATABASE
    files = {"other.dbc": DATABASE.replace(cycle, 'BA_ "GenMsgCycleTime" BO_ 64 40;')}
    assert (
        "ACM_Crash every 10 ms (expected 40 ms)"
        in named(findings_of(OTHER, files=files), "can.body", "cycle times").seen
    )


def test_an_ecu_that_is_not_there_is_missed():
    trailer = 'BO_ 1800 TRL_Status: 1 TRL\n SG_ Lamp : 0|1@1+ (1,0) [0|1] "" CEM\n\n'
    database = re.sub(r"^(BU_:.*)$", r"\1 TRL", DATABASE, count=1, flags=re.MULTILINE)
    first = re.search(r"^BO_ ", database, re.MULTILINE)
    assert first
    database = database[: first.start()] + trailer + database[first.start() :]
    database += '\nBA_ "GenMsgCycleTime" BO_ 1800 100;\n'
    nodes = ('restbus = "bench"', 'restbus = "bench"\nnodes = { trailer = "TRL" }')
    findings = findings_of(OTHER, nodes, ("[ecu]\n", '[ecu]\ntrailer = "real"\n'), files={"other.dbc": database})
    missed = named(findings, "ecu", "trailer")
    assert "TRL_Status of node TRL" in missed.seen
    assert missed.level is Level.WRONG


def test_a_message_that_two_send_is_noticed():
    """The file says that the harness plays the airbag module, but the real one is still on the bus."""
    ecus = re.search(r"\[ecu\]\n(.*?)\n\n", EMULATED, re.DOTALL)
    assert ecus
    real = ecus[1].replace('"emulated"', '"real"').replace('airbag = "real"', 'airbag = "emulated"')
    findings = findings_of((ecus[1], real), ('restbus = "bench"', 'restbus = "harness"'))
    assert "somebody else is airbag" in named(findings, "ecu", "airbag").seen


def test_another_protection_is_noticed_by_its_checksums():
    sidecar = (ROOT / "vehicle/body.e2e.toml").read_text().replace("data_id = 0x1A2", "data_id = 0x1A3")
    findings = findings_of(('e2e = "vehicle/body.e2e.toml"', 'e2e = "other.toml"'), files={"other.toml": sidecar})
    complaint = named(findings, "can.body", "E2E of ACM_Crash")
    assert "WRONG_CRC" in complaint.seen
    assert [f.check for f in complaints(findings) if f.check.startswith("E2E")] == ["E2E of ACM_Crash"]


# What it leaves behind


def test_without_exercise_no_output_is_touched(opened):
    findings = examine(ROOT / "benches/emulated.toml", exercise=False)
    (bench,) = opened
    assert [command for command in sent(bench) if not command.rstrip().endswith("?") and "?" not in command] == []
    assert "expected frames" in named(findings, "can.body", "traffic").seen  # nobody switched the car on


def test_an_examination_that_is_interrupted_leaves_nothing_on(opened, monkeypatch):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor.doctor_can, "check_network", interrupted)
    with pytest.raises(KeyboardInterrupt):
        examine(ROOT / "benches/emulated.toml")
    (bench,) = opened
    powers = [
        command for command in sent(bench) if command.startswith("OUTP") and "(@2)" in command and "?" not in command
    ]
    assert powers[-1].startswith("OUTP OFF")


def test_the_doctor_s_own_timeouts_are_short():
    file = doctor.impatient(load(ROOT / "benches/desk.example.toml"))
    assert file.timeouts.instrument < load(ROOT / "benches/desk.example.toml").timeouts.instrument
