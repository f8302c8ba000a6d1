"""Claims are read from the sources of both suites, without running them."""

from textwrap import dedent

import pytest

from harness.errors import CatalogueError
from harness.units import H
from reports.claims import collect, robot_suite_name


@pytest.fixture
def root(tmp_path):
    (tmp_path / "procedures").mkdir()
    (tmp_path / "robot" / "assistance").mkdir(parents=True)
    return tmp_path


def put(root, name, text):
    (root / name).write_text(dedent(text))


def test_pytest_claims_come_from_function_class_module_and_parameter(root):
    put(
        root,
        "procedures/test_sos.py",
        """
        pytestmark = [clauses("B-09")]

        @clauses("B-10", "B-09")
        @procedure("sos-call")
        def test_hold(driver): ...

        @pytest.mark.parametrize("x", [pytest.param(1, marks=clauses("B-12"))])
        def test_parameter(x): ...

        @fixtures.clauses("B-14")
        class TestOnCall:
            def test_press(self): ...
            def helper(self): ...
        """,
    )
    assert [(claim.name, claim.clauses, claim.procedures, claim.line) for claim in collect(root)] == [
        ("test_hold", ("B-09", "B-10"), ("sos-call",), 6),
        ("test_parameter", ("B-09", "B-12"), ("",), 9),
        ("test_press", ("B-09", "B-14"), ("",), 13),
    ]
    assert collect(root)[2].test == "procedures/test_sos.py::TestOnCall::test_press"


def test_marks_behind_a_name_count_and_those_of_one_parameter_leave_the_others_where_they_were(root):
    put(
        root,
        "procedures/test_lock.py",
        """
        on_each = pytest.mark.parametrize("x", [1, pytest.param(2, marks=procedure("on-call-lock"))])

        @clauses("B-13")
        @on_each
        def test_lock(x): ...
        """,
    )
    (claim,) = collect(root)
    assert claim.clauses == ("B-13",)
    assert claim.procedures == ("", "on-call-lock")


def test_robot_claims_come_from_tags(root):
    put(
        root,
        "robot/assistance/3_emergency_assistance.robot",
        """\
        *** Settings ***
        Test Tags    B-09

        *** Test Cases ***
        Holding SOS
            [Tags]    B-10    procedure:sos-call
            No Operation
        """,
    )
    (claim,) = collect(root)
    assert claim.test == "Emergency Assistance.Holding SOS"
    assert claim.name == "Holding SOS"
    assert set(claim.clauses) == {"B-09", "B-10"}
    assert claim.procedures == ("sos-call",)


def test_long_tests_say_so(root):
    """On its own, for all of a module, for one parameter: the longest counts."""
    put(
        root,
        "procedures/test_parked.py",
        """
        pytestmark = [clauses("B-31"), lasts("2 h")]

        @lasts("72 h")
        def test_days(): ...

        def test_hours(): ...
        """,
    )
    put(
        root,
        "robot/assistance/1_parked.robot",
        "*** Test Cases ***\nA Night\n    [Tags]    lasts:8h\n    No Operation\n",
    )
    assert {claim.name: claim.lasts for claim in collect(root)} == {
        "test_days": 72 * H,
        "test_hours": 2 * H,
        "A Night": 8 * H,
    }


@pytest.mark.parametrize("file", ["procedures/test_parked.py", "robot/assistance/1_parked.robot"])
def test_a_duration_without_a_unit_is_refused_with_its_place(root, file):
    robot = "*** Test Cases ***\nA Night\n    [Tags]    lasts:8\n    No Operation\n"
    put(root, file, robot if file.endswith("robot") else '@lasts("8")\ndef test_night(): ...\n')
    with pytest.raises(CatalogueError, match=rf"{file}:2: lasts: expected a duration with its unit, .* got '8'"):
        collect(root)


def test_a_computed_clause_is_refused_with_its_place(root):
    put(root, "procedures/test_sos.py", "@clauses(SOS)\ndef test_hold(): ...\n")
    with pytest.raises(
        CatalogueError, match=r"procedures/test_sos\.py:1: clauses\(\.\.\.\) takes literal strings.*SOS"
    ):
        collect(root)


def test_a_robot_suite_is_called_by_its_words():
    from pathlib import Path

    assert robot_suite_name(Path("robot/3_emergency_assistance.robot")) == "Emergency Assistance"
