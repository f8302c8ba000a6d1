"""A command's words select exactly the tests they name, and an unknown word is answered with the nearest."""

from pathlib import Path

import pytest

from harness import catalogue
from hil.errors import UsageError
from hil.selection import Wanted, select
from reports.claims import Claim

KNOWN = catalogue.load()
SOS = Claim(
    "procedures/test_sos.py::test_hold", "pytest", Path("procedures/test_sos.py"), 1, ("B-09", "B-10"), ("sos-call",)
)
CRASH = Claim("procedures/test_crash.py::test_belt", "pytest", Path("procedures/test_crash.py"), 1, ("B-01",))
TOLD = Claim("Emergency Assistance.Holding SOS", "robot", Path("robot/3.robot"), 1, ("B-10",), ("sos-call",))
ALL = [SOS, CRASH, TOLD]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ALL),
        (Wanted(clauses=["B-10"]), [SOS, TOLD]),
        (Wanted(clauses=["b-01"]), [CRASH]),
        (Wanted(clauses=["B-01", "B-09"]), [SOS, CRASH]),
        (Wanted(suites=["robot"]), [TOLD]),
        (Wanted(clauses=["B-10"], suites=["pytest"]), [SOS]),
        (Wanted(procedures=["sos-call"]), [SOS, TOLD]),
        (Wanted(procedures=["test_belt"]), [CRASH]),
        (Wanted(procedures=["Holding SOS"]), [TOLD]),
        (Wanted(manuals=["assistance"]), ALL),
    ],
)
def test_words_select_what_they_name(wanted, found):
    assert select(ALL, wanted, KNOWN) == found


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted(clauses=["B-99"]), "there is no clause 'B-99'; did you mean B-"),
        (Wanted(manuals=["asistance"]), "there is no manual 'asistance'; did you mean assistance?"),
        (Wanted(procedures=["sos-cal"]), "there is no procedure 'sos-cal'; did you mean sos-call?"),
        (Wanted(clauses=["A-01"]), "no test of 3 matches A-01"),
        (Wanted(manuals=["plug-and-charge"]), "no test of 3 matches plug-and-charge"),
    ],
)
def test_a_word_that_matches_nothing_is_an_error(wanted, message):
    with pytest.raises(UsageError) as complaint:
        select(ALL, wanted, KNOWN)
    assert message in str(complaint.value)


def test_a_story_belongs_to_its_own_manual_and_to_those_of_its_clauses():
    """By the procedure that it names: sequences across the manuals have no clause of their own."""
    story = Claim(
        "procedures/test_story.py::test_it", "pytest", Path("p.py"), 1, ("A-12", "B-32"), ("story-phone-switched",)
    )
    for manual in ("stories", "linking", "assistance"):
        assert story in select([*ALL, story], Wanted(manuals=[manual]), KNOWN)
    assert select([*ALL, story], Wanted(manuals=["stories"]), KNOWN) == [story]
