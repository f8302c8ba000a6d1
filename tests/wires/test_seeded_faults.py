"""Seeded faults: declared right or refused, found by name, in force in the bench they were asked for."""

import textwrap

import pytest

from emulation import faults, plugin
from emulation.bench import EmulatedBench
from emulation.faults import Fault, FaultError, catalogue, part_of, seeded


class Lamp:
    """A part."""


@seeded(breaks="B-10", story="the lamp stays dark")
class DarkLamp(Lamp):
    """A fault of it."""


@pytest.fixture
def lab_file(tmp_path):
    """Writes a lab's own file of faults."""

    def write(text: str, name: str = "lab_faults.py") -> str:
        path = tmp_path / name
        path.write_text(textwrap.dedent(text))
        return str(path)

    return write


GOOD = """
    from emulation.ecus.overhead_console import OverheadConsole
    from emulation.faults import seeded

    @seeded(breaks="B-10", story="a press of 1 ms already calls")
    class LabConsole(OverheadConsole):
        pass

    @seeded(breaks="B-12", story="does more of the same")
    class LabConsoleToo(LabConsole):
        pass
    """


def test_a_seeded_class_says_what_it_breaks_and_whose_place_it_takes():
    assert DarkLamp.seeded_as == Fault("DarkLamp", "B-10", "the lamp stays dark", "Lamp", __name__)
    assert part_of(DarkLamp) is Lamp


@pytest.mark.parametrize("clause", ["B10", "b-10", "B-1", "B-100", "", "B-10, B-11"])
def test_a_clause_that_cannot_be_one_is_refused(clause):
    with pytest.raises(FaultError, match="expected one clause such as"):
        seeded(breaks=clause, story="something")


def test_a_fault_without_a_story_is_refused():
    with pytest.raises(FaultError, match="expected a story"):
        seeded(breaks="B-10", story=" ")


def test_a_fault_that_replaces_nothing_is_refused():
    with pytest.raises(FaultError, match=r"Loose replaces nothing: derive it from the part"):

        @seeded(breaks="B-10", story="hangs in the air")
        class Loose:
            pass


def test_the_products_own_faults_are_all_found_each_with_a_part_and_a_story():
    found = catalogue()
    assert len({fault.name for fault in found}) == len(found) >= 25
    assert all(fault.module.startswith("emulation.faults.") for fault in found)
    assert all(fault.part and fault.story for fault in found)


def test_a_labs_own_file_adds_to_them(lab_file):
    path = lab_file(GOOD)
    own = catalogue([path])[-2:]
    assert [(fault.name, fault.breaks, fault.part, fault.module) for fault in own] == [
        ("LabConsole", "B-10", "OverheadConsole", path),
        ("LabConsoleToo", "B-12", "OverheadConsole", path),
    ]
    assert catalogue([path])[-2:] == own
    assert "LabConsole" not in {fault.name for fault in catalogue()}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("class Broken(:\n    pass\n", r"lab_faults.py:1: SyntaxError: invalid syntax"),
        (
            "import os\nimport no_such_module\n",
            r"lab_faults.py:2: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("class Plain:\n    pass\n", r"lab_faults.py: no class in it is marked @seeded"),
        (
            "from emulation.faults import seeded\n\n@seeded(breaks='ten', story='x')\nclass A(str):\n    pass\n",
            r"lab_faults.py:3: FaultError: .*expected one clause",
        ),
        (
            """
            from emulation.faults import seeded
            @seeded(breaks="B-01", story="x")
            class A(str): pass
            @seeded(breaks="B-02", story="y")
            class A(str): pass
            """,
            r"lab_faults.py:5: FaultError: two seeded faults are called A",
        ),
    ],
    ids=["syntax", "import", "none", "clause", "twice"],
)
def test_what_is_wrong_with_a_labs_file_is_told_with_its_line_each_time(lab_file, text, reason):
    path = lab_file(text)
    for _ in range(2):
        with pytest.raises(FaultError, match=reason):
            catalogue([path])


def test_a_missing_file_is_named():
    with pytest.raises(FaultError, match=r"nowhere\.py: no such file; expected a Python file"):
        catalogue(["nowhere.py"])


def test_two_files_with_one_fault_name_are_told_apart_in_the_error(lab_file):
    files = [lab_file(GOOD, "one.py"), lab_file(GOOD, "two.py")]
    with pytest.raises(FaultError, match=r"two seeded faults are called LabConsole, in .*one\.py and in .*two\.py"):
        catalogue(files)


def test_a_fault_in_force_takes_its_parts_place(lab_file):
    bench = plugin.build(faults=["LabConsole"], fault_files=[lab_file(GOOD)])
    assert type(bench.parts["overhead_console"]).__name__ == "LabConsole"
    assert type(plugin.build().parts["overhead_console"]).__name__ == "OverheadConsole"


def test_an_unknown_fault_is_told_the_nearest_name():
    with pytest.raises(FaultError, match=r"unknown fault 'EagrConsole': did you mean EagerConsole\?"):
        plugin.build(faults=["EagrConsole"])


def test_a_fault_unlike_any_is_told_the_names_there_are():
    with pytest.raises(FaultError, match=r"unknown fault 'X': there is .*EagerConsole, "):
        plugin.build(faults=["X"])


def test_two_faults_in_one_place_are_refused(lab_file):
    with pytest.raises(FaultError, match="LabConsole and LabConsoleToo both replace OverheadConsole"):
        plugin.build(faults=["LabConsole", "LabConsoleToo"], fault_files=[lab_file(GOOD)])


def test_a_fault_in_the_place_of_no_part_is_refused(lab_file):
    path = lab_file(
        "from emulation.faults import seeded\n@seeded(breaks='B-01', story='x')\nclass Useless(str):\n    pass\n"
    )
    with pytest.raises(FaultError, match="Useless replaces str, which no part of this bench is built from"):
        plugin.build(faults=["Useless"], fault_files=[path])


@pytest.mark.parametrize("fault", [fault.name for fault in faults.catalogue()])
def test_every_fault_of_the_product_can_be_put_in_force(fault):
    bench = EmulatedBench(faults=plugin._in_force([fault], []))
    assert bench.variant(part_of(faults.classes()[fault])) is faults.classes()[fault]
