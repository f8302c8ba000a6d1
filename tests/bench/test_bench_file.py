"""What a bench file says wrong is told with file, line, what was expected and what was seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.bench import describe, load
from harness.errors import BenchError, BenchFileError
from harness.toml_file import find_lines

ROOT = Path(__file__).parents[2]
EMULATED = ROOT / "benches" / "emulated.toml"

MINIMAL = """
[bench]
name = "small"
network = "simulated"
vin = "LPSVA1HL9MA000417"

[can.body]
interface = "virtual"
channel = "small"
database = "vehicle/body.dbc"

[ecu]
airbag = "real"

[instrument.switch]
driver = "instruments.keysight_34980a:Switch34980A"
resource = "TCPIP::switch::hislip0::INSTR"

[instrument.scope]
driver = "instruments.keysight_infiniivision:InfiniiVision"
resource = "TCPIP::scope::hislip0::INSTR"

[line.sos_button]
pressed_by = { instrument = "switch", channel = 1001 }
seen_by = { instrument = "scope", channel = 1 }
"""


@pytest.fixture
def bench_file(tmp_path):
    """Writes a bench file beside a link to the vehicle's data, as a lab has it."""
    (tmp_path / "vehicle").symlink_to(ROOT / "vehicle")

    def write(text):
        path = tmp_path / "small.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


MISTAKES = {
    "unknown key": ('name = "small"', 'name = "small"\nnetwrok = "x"', "bench.netwrok", "did you mean 'network'"),
    "unknown table": ("[ecu]", "[ecus]", "ecus", "did you mean 'ecu'"),
    "unknown inner key": ("channel = 1001 }", "chanel = 1001 }", "pressed_by.chanel", "did you mean 'channel'"),
    "wrong type": ('channel = "small"', "channel = 1.5", "can.body.channel", "got 1.5 (float)"),
    "text for a number": ("channel = 1001", 'channel = "1001"', "pressed_by.channel", "expected"),
    "missing key": ('vin = "LPSVA1HL9MA000417"\n', "", "bench.vin", "expected this key"),
    "no such choice": ('"simulated"', '"simulatd"', "bench.network", "did you mean 'simulated'"),
    "no VIN": ("LPSVA1HL9MA000417", "LPSVA1HL9MA00041O", "bench.vin", "17 capital letters"),
    "PLMN": ('vin = "', 'plmn = ["1"]\nvin = "', "bench.plmn.0", "5 or 6 digits"),
    "no such clock": ('name = "small"', 'name = "small"\nclock = "emulatd"', "bench.clock", "did you mean 'emulated'"),
    "no such file": ("vehicle/body.dbc", "vehicle/boddy.dbc", "can.body.database", "boddy.dbc"),
    "not a DBC": ("vehicle/body.dbc", "vehicle/body.e2e.toml", "can.body.database", "CAN database"),
    "no such ECU": ("airbag =", "airbg =", "ecu.airbg", "did you mean 'airbag'"),
    "no such module": ("keysight_34980a:", "keysight_3498:", "instrument.switch.driver", "keysight_3498"),
    "no such class": (":Switch34980A", ":Switch34980", "instrument.switch.driver", "did you mean 'Switch34980A'"),
    "driver without class": (":Switch34980A", "", "instrument.switch.driver", '"module:Class"'),
    "no such instrument": ('"switch", channel', '"swich", channel', "sos_button.pressed_by", "did you mean 'switch'"),
    "wrong role": ('"switch", channel', '"scope", channel', "sos_button.pressed_by", "expected a Switch"),
    "no such scheme": ("[ecu]", '[offboard]\nurl = "htp://x"\n[ecu]', "offboard.url", "expected one of http"),
    "timeout without unit": ("[ecu]", "[timeouts]\nat = 5\n[ecu]", "timeouts.at", '"2 s"'),
    "channel taken": (
        "[line.sos_button]",
        '[line.horn]\npressed_by = { instrument = "switch", channel = 1001 }\n\n[line.sos_button]',
        "line.sos_button.pressed_by",
        "taken by line.horn.pressed_by",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_line_and_what_to_do(mistake, bench_file):
    right, wrong, key, hint = MISTAKES[mistake]
    assert MINIMAL.count(right) >= 1
    path = bench_file(MINIMAL.replace(right, wrong, 1))
    with pytest.raises(BenchFileError) as caught:
        load(path)
    complaint = next(line for line in str(caught.value).splitlines() if key in line)
    found = re.match(rf"{re.escape(str(path))}:(\d+): ", complaint)
    assert found, complaint
    assert hint in complaint
    told = path.read_text(encoding="utf-8").splitlines()[int(found[1]) - 1]
    parts = key.split(".")
    assert any(part in told for part in parts), f"{complaint!r} points at {told!r}"


def test_the_minimal_file_is_right(bench_file):
    """Otherwise the table above would prove nothing."""
    file = load(bench_file(MINIMAL))
    assert file.line["sos_button"].pressed_by.channel == 1001


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(bench_file):
    path = bench_file(MINIMAL.replace('"simulated"', '"simulatd"').replace("channel = 1001", "chanel = 1001"))
    with pytest.raises(BenchFileError) as caught:
        load(path)
    lines = [int(line.split(":")[1]) for line in str(caught.value).splitlines()]
    assert len(lines) == 2
    assert lines == sorted(lines)


def test_a_file_that_is_no_toml_names_its_line(bench_file):
    with pytest.raises(BenchFileError, match=r"small\.toml:3: not TOML"):
        load(bench_file('[bench]\nname = "x"\nnetwork = simulated\n'))


def test_a_file_that_is_not_there_is_a_bench_file_error(tmp_path):
    with pytest.raises(BenchFileError, match="cannot be read"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["emulated.toml", "desk.example.toml"])
def test_the_shipped_bench_files_are_right(name):
    file = load(ROOT / "benches" / name)
    assert file.bench.network == "simulated"


def test_the_description_resolves_who_drives_and_who_sends():
    rows = {(row.section, row.name): row.meaning for row in describe(load(EMULATED))}
    assert rows["line", "sos_button"] == (
        "pressed by switch 1001; pulsed by generator 1 through switch 1021; seen by scope 1"
    )
    assert "ACM_Crash (0x40)" in rows["ECU", "airbag (ACM)"]
    assert "UDS 0x751/0x759" in rows["ECU", "airbag (ACM)"]


def test_a_database_without_a_needed_signal_names_it_and_the_nearest(bench_file, tmp_path):
    from harness.bench.loader import needed_signals

    text = (ROOT / "vehicle" / "body.dbc").read_text(encoding="utf-8")
    (tmp_path / "other.dbc").write_text(text.replace("CrashLevelInverted", "CrashLevelInvrted"), encoding="utf-8")
    file = load(bench_file(MINIMAL.replace("vehicle/body.dbc", "other.dbc")))
    with pytest.raises(BenchError) as caught:
        needed_signals(file)
    assert "other.dbc: no signal ACM_Crash.CrashLevelInverted; did you mean 'ACM_Crash.CrashLevelInvrted'?" in str(
        caught.value
    )


def test_the_line_of_every_key_is_found():
    text = 'a = 1\n[x.y]\nk = [1,\n  2, "]", # no end [\n]\nb.c = { d = 1 }\ns = """\nfake = 3\n[fake]\n"""\nz = 2\n'
    text += "[[arr]]\nn = 1\n[[arr]]\nn = 2\n"
    lines = find_lines(text)
    expected = {("a",): 1, ("x", "y", "k"): 3, ("x", "y", "b", "c", "d"): 6, ("x", "y", "z"): 11, ("arr", 1, "n"): 15}
    assert {key: lines.of(key) for key in expected} == expected
    assert lines.of(("fake",)) == 1
