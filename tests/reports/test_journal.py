"""The journal keeps what every test said, whatever became of the run."""

import pytest

from harness.errors import BenchError, ExpectationError, Inconclusive, InstrumentError, InterlockError
from reports.journal import OUT_VARIABLE, Entry, Outcome, outcome_of, outcome_of_message, read, simulated, write

ENTRY = Entry(
    test="procedures/test_sos.py::test_hold",
    suite="pytest",
    procedure="sos-call",
    title="Holding SOS",
    clauses=("B-09", "B-10"),
    outcome=Outcome.FAILED,
    simulated_ns=12_000_000_000,
    seed=7,
    measurements=({"name": "hold", "value": 2.0, "unit": "s"},),
    ecus={"telematics": "4.2.1"},
)


def test_an_entry_is_read_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.setenv(OUT_VARIABLE, str(tmp_path))
    write(ENTRY)
    write(ENTRY)
    assert read(tmp_path) == [ENTRY, ENTRY]
    assert simulated(read(tmp_path)) == 24_000_000_000


def test_nothing_is_written_outside_a_run(tmp_path, monkeypatch):
    monkeypatch.delenv(OUT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    write(ENTRY)
    assert list(tmp_path.iterdir()) == []


def test_half_a_line_of_a_killed_run_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv(OUT_VARIABLE, str(tmp_path))
    write(ENTRY)
    (file,) = (tmp_path / "journal").iterdir()
    file.write_text(file.read_text() + '{"test": "procedures/tes')
    assert read(tmp_path) == [ENTRY]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, Outcome.PASSED),
        (ExpectationError("late"), Outcome.FAILED),
        (AssertionError(), Outcome.FAILED),
        (BenchError("no port"), Outcome.BROKEN),
        (InstrumentError("late"), Outcome.BROKEN),
        (ZeroDivisionError(), Outcome.BROKEN),
        (Inconclusive("2.0 s"), Outcome.INCONCLUSIVE),
        (InterlockError("26201"), Outcome.INTERLOCK),
    ],
)
def test_an_error_says_whose_fault_it_is(error, outcome):
    assert outcome_of(error) is outcome


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("ExpectationError: OHC_Status.Sos did not become REQUESTED", Outcome.FAILED),
        ("harness.errors.ExpectationError: late", Outcome.FAILED),
        ("2 != 1", Outcome.FAILED),
        ("InstrumentError: no answer", Outcome.BROKEN),
        ("No keyword with name 'The Car Flies' found.", Outcome.BROKEN),
        ("Variable '${speed}' not found.", Outcome.BROKEN),
        ("Inconclusive: 2.0 s", Outcome.INCONCLUSIVE),
        ("HostWasLate: 40 ms", Outcome.INCONCLUSIVE),
        ("InterlockError: 26201", Outcome.INTERLOCK),
    ],
)
def test_a_robot_message_says_whose_fault_it_is(message, outcome):
    assert outcome_of_message(message) is outcome
