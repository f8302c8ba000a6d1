"""The plug-in refuses procedures that contradict the catalogue, and gives every outcome to whose fault it is."""

import json
from pathlib import Path

import pytest

from fixtures.stage import Stage

pytest_plugins = ["pytester"]

BENCH = Path(__file__).parents[2] / "benches" / "emulated.toml"


@pytest.fixture(scope="module", autouse=True)
def imported():
    """Open a bench once: pytester forgets what was imported during its runs, and PyVISA's manager would not."""
    Stage.open(str(BENCH)).close()


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.setenv("CONNECT_HIL_OUT", str(pytester.path / "out"))

    def run(*options, **files):
        pytester.makepyfile(**{name: "from fixtures import *\n" + text for name, text in files.items()})
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", f"--bench={BENCH}", *options)

    return run


def journal(pytester):
    lines = [
        line for file in (pytester.path / "out" / "journal").glob("*.jsonl") for line in file.read_text().splitlines()
    ]
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("marks", "complaint"),
    [
        ('@clauses("B-99")', "*the catalogue has no clause 'B-99'*"),
        ('@clauses("B-10")\n@procedure("sos-cal")', "*no procedure 'sos-cal'; did you mean 'sos-call'?"),
        ('@procedure("sos-call")', "*belongs to a procedure and proves no clause: add @clauses*"),
    ],
)
def test_a_mark_that_the_catalogue_does_not_know_stops_the_collection(run, marks, complaint):
    result = run(test_a=f"{marks}\ndef test_hold(): pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([complaint])


def test_two_procedures_with_one_name_stop_the_collection(run):
    text = '@clauses("B-10")\ndef test_hold(): pass\n'
    result = run(test_a=text, test_b=text)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*two procedures are called test_hold, in test_a.py and in test_b.py*"])


def test_the_same_name_in_two_tests_that_are_no_procedures_is_fine(run):
    run(test_a="def test_hold(): pass\n", test_b="def test_hold(): pass\n").assert_outcomes(passed=2)


def test_a_mark_of_a_parameter_counts(run, pytester):
    text = """
        import pytest
        @pytest.mark.parametrize("n", [pytest.param(1, marks=clauses("B-14")), pytest.param(2, marks=clauses("B-10"))])
        def test_hold(n): pass
    """
    run(test_a=_dedent(text)).assert_outcomes(passed=2)
    assert [(entry["clauses"], entry["procedure"]) for entry in journal(pytester)] == [
        (["B-14"], "on-call"),
        (["B-10"], "sos-call"),
    ]


def test_outcomes_are_by_whose_fault(run, pytester):
    text = """
        import pytest
        from harness.errors import *
        from harness.judge import Quantity
        @clauses("B-10")
        @pytest.mark.parametrize("error", [ExpectationError, BenchError, Inconclusive, InterlockError, AssertionError])
        def test_error(error): raise error("so it is")
        @clauses("B-10")
        def test_good(): pass
        @clauses("B-10")
        def test_skipped(): pytest.skip("not here")
        def test_of_no_clause(): pass
    """
    run(test_a=_dedent(text)).assert_outcomes(failed=5, passed=2, skipped=1)
    assert [entry["outcome"] for entry in journal(pytester)] == [
        "failed",
        "broken",
        "inconclusive",
        "interlock",
        "failed",
        "passed",
        "skipped",
    ]
    assert journal(pytester)[1]["message"] == "BenchError: so it is"


def test_a_bench_that_cannot_be_opened_is_broken(run, pytester):
    text = '@clauses("B-10")\ndef test_hold(bench): pass\n'
    run("--fault", "NoSuchFault", test_a=text).assert_outcomes(errors=1)
    (entry,) = journal(pytester)
    assert entry["outcome"] == "broken"
    assert "NoSuchFault" in entry["message"]


def test_measurements_seed_and_software_are_in_the_journal(run, pytester):
    text = """
        from harness.judge import Quantity
        @clauses("B-10")
        def test_hold(bench, measure):
            measure(Quantity("hold", 1.9995, "s", 20e-6), "sos_hold")
            measure(Quantity("late", 2.5, "s", 20e-6), "sos_hold", name="too late")
    """
    run("--seed", "7", test_a=_dedent(text)).assert_outcomes(failed=1)
    (entry,) = journal(pytester)
    assert [(row["name"], row["verdict"]) for row in entry["measurements"]] == [("hold", "pass"), ("too late", "fail")]
    assert entry["seed"] == 7
    assert entry["simulated_ns"] > 0
    assert "limit sos_hold" in entry["message"]


def test_an_unexpected_trouble_code_fails_a_test_and_a_declared_one_does_not(run, pytester):
    text = """
        from harness.actors import Button
        from harness.units import S
        def stick(driver, bench):
            driver.press_and_keep(Button.SOS)
            bench.clock.sleep(31 * S)
            driver.release(Button.SOS)
        @clauses("B-10")
        def test_undeclared(driver, bench): stick(driver, bench)
        @clauses("B-10")
        @trouble_codes("SOS_BUTTON_STUCK")
        def test_declared(driver, bench): stick(driver, bench)
    """
    run(test_a=_dedent(text)).assert_outcomes(failed=1, passed=1)
    first, second = journal(pytester)
    assert first["outcome"] == "failed"
    assert "expected no trouble code but none; stored are overhead_console: SOS_BUTTON_STUCK" in first["message"]
    assert second["ecus"]["telematics"].startswith("TCU")


def test_a_bare_bench_has_no_power(run):
    text = """
        def test_bare(bare_bench, car):
            assert bare_bench.clock.now() < 1_000_000_000
            assert car.state("TCU_Status.Ready") is None
    """
    run(test_a=_dedent(text)).assert_outcomes(passed=1)


def test_a_report_gets_place_tags_and_picture(run, pytester):
    text = '@clauses("B-10", "B-09")\ndef test_sos_hold(bench): pass\n'
    run("--alluredir", "results", test_a=text).assert_outcomes(passed=1)
    (result,) = [json.loads(file.read_text()) for file in (pytester.path / "results").glob("*-result.json")]
    labels = {(label["name"], label["value"]) for label in result["labels"]}
    assert labels >= {
        ("epic", "Polestar 1: assistance"),
        ("feature", "3 Emergency assistance"),
        ("story", "SOS calls Assistance"),
        ("tag", "B-10"),
        ("tag", "B-09"),
        ("seed", "1"),
    }
    assert result["name"] == "SOS hold"
    assert [each["name"] for each in result["attachments"]] == ["Timeline"]
    assert ("bench", "'emulated'") in {(each["name"], each["value"]) for each in result["parameters"]}


def _dedent(text):
    return "\n".join(line.removeprefix("        ") for line in text.splitlines()) + "\n"
