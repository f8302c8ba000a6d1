"""Which test noticed a fault is remembered as an order to try in, and fits the faults and tests that there are."""

from __future__ import annotations

from hil import noticed
from hil.qualify import faults
from hil.sources import NOTICED, ROOT
from reports.claims import collect
from reports.coverage import Proof


def proof(fault: str, *killed_by: str) -> Proof:
    return Proof(fault=fault, breaks="B-10", story="", killed_by=killed_by, ran=1, note="")


def test_what_noticed_a_fault_is_remembered_and_survivors_are_not(tmp_path):
    file = tmp_path / "noticed.toml"
    told = 'Suite.A "Quoted" Procedure'
    noticed.save(file, [proof("Late", told), proof("Early", "a.py::test_b[SOS]", "a.py::test_c"), proof("Tough")])
    assert noticed.load(file) == {"Early": ("a.py::test_b",), "Late": (told,)}


def test_nothing_is_remembered_where_there_is_no_file(tmp_path):
    assert noticed.load(tmp_path / "none.toml") == {}


def test_what_is_remembered_names_faults_and_tests_that_there_are():
    known, tests = {fault.name for fault in faults((), ())}, {claim.test for claim in collect(ROOT)}
    remembered = noticed.load(NOTICED)
    assert remembered
    assert set(remembered) <= known, "run `hil qualify --remember`"
    assert {test for named in remembered.values() for test in named} <= tests
