"""The catalogue holds what the manuals promise, and refuses to contradict itself, with file and line."""

import shutil

import pytest

from harness.catalogue import FOLDER, limit, load
from harness.errors import CatalogueError
from harness.judge import Quantity, Verdict, decide
from harness.promises import Limit, parse
from harness.units import MIN, MS, S


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "catalogue")


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_all_65_clauses_of_three_manuals_are_there():
    catalogue = load()
    numbers = {"A": 14, "B": 34, "C": 17}
    expected = [f"{letter}-{number:02}" for letter, count in numbers.items() for number in range(1, count + 1)]
    assert sorted(catalogue.clauses) == expected
    assert len(expected) == 65
    assert set(catalogue.manuals) - {"stories"} == {clause.manual for clause in catalogue.clauses.values()}


def test_every_clause_belongs_to_a_procedure_of_its_own_manual():
    catalogue = load()
    for clause in catalogue.clauses.values():
        assert catalogue.procedure_of(clause.id).manual == clause.manual


def test_what_a_french_manual_promises_is_told_in_french_beside_english():
    """Title and text of its clauses and procedures; nothing of the other manuals is."""
    catalogue = load()
    entries = [*catalogue.clauses.values(), *catalogue.procedures.values()]
    french = [entry for entry in entries if catalogue.manuals[entry.manual].language == "fr"]
    assert {entry.manual for entry in french} == {"plug-and-charge"}
    assert len(french) > 30
    assert [entry.id for entry in french if not (entry.text and entry.title_fr and entry.text_fr)] == []
    assert [entry.id for entry in french if entry.title_fr == entry.title or entry.text_fr == entry.text] == []


@pytest.mark.parametrize(
    ("file", "missing"),
    [
        ("clauses/plug-and-charge.toml", 'title_fr = "Plug & Charge s\'active dans les réglages"\n'),
        ("procedures.toml", 'text_fr = "Toucher la corbeille. Pour un nouveau contrat, mettre la fonction en marche'),
    ],
)
def test_a_french_manual_without_its_french_is_refused(folder, file, missing):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    start = text.index(missing)
    path.write_text(text[:start] + text[text.index("\n", start) + 1 :], encoding="utf-8")
    with pytest.raises(CatalogueError, match="of a manual in French: expected title"):
        load(folder)


def test_limits_are_integer_nanoseconds_or_counts():
    assert limit("sos_hold") == limit("on_call_hold") == 2 * S
    assert limit("redial_window") == 2 * MIN
    assert limit("attach_repeats") == 50
    assert isinstance(limit("hold_tolerance"), int)


def test_a_limit_in_metres_is_asked_for_with_its_unit():
    with pytest.raises(CatalogueError, match=r"150.0 m, neither a duration nor a count: ask load\(\)"):
        limit("position_accuracy")
    position = load().limit("position_accuracy")
    assert (position.lower, position.upper, position.unit) == (None, 150.0, "m")


def test_a_threshold_may_stand_below_its_value_by_the_tolerance_only():
    hold = load().limit("sos_hold")
    assert (hold.lower, hold.upper, hold.unit) == (pytest.approx(1.999), 2.0, "s")
    verdicts = [decide(Quantity("t", value, "s", 20e-6), hold).verdict for value in (1.9985, 1.9995, 2.0005)]
    assert verdicts == [Verdict.FAIL, Verdict.PASS, Verdict.FAIL]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [("2 s", (2 * S, "s")), ("1.5 ms", (1_500_000, "s")), ("-80 dBm", (-80.0, "dBm")), ("3", (3, ""))],
)
def test_numbers_are_read_with_their_units(text, parsed):
    assert parse(text) == parsed
    assert type(parse(text)[0]) is type(parsed[0])


@pytest.mark.parametrize("text", ["two", "2s", "", "1 2 s"])
def test_a_number_without_sense_is_refused(text):
    with pytest.raises(ValueError, match="as in '2 s'"):
        parse(text)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("procedures.toml", '"B-09", "B-10"', '"B-09", "B-99"', "unknown clause 'B-99'; did you mean"),
        ("procedures.toml", 'id = "button-lock"', 'id = "sos-call"', "two entries have the id 'sos-call'"),
        ("procedures.toml", 'clauses = ["B-08"]', "clauses = []", "at least 1 item"),
        ("procedures.toml", 'clauses = ["B-08"]', 'clause = ["B-08"]', "did you mean 'clauses'"),
        ("procedures.toml", '"1 Automatic crash call"', '"1 Automatic crash cal"', "unknown chapter"),
        (
            "procedures.toml",
            'manual = "linking"',
            'manual = "linked"',
            "unknown manual 'linked'; did you mean 'linking'",
        ),
        ("limits.toml", 'clause = "B-10"', 'clause = "B-75"', "unknown clause 'B-75'"),
        ("limits.toml", 'value = "2 s"', 'value = "2 seconds long"', "expected a number and its unit, as in '2 s'"),
        ("limits.toml", 'below = "hold_tolerance"', 'below = "hold_tolerence"', "did you mean 'hold_tolerance'"),
        ("limits.toml", 'id = "on_call_hold"', 'id = "sos_hold"', "two entries have the id 'sos_hold'"),
        ("manuals.toml", 'id = "assistance"', 'id = "linking"', "two entries have the id 'linking'"),
        ("clauses/assistance.toml", 'id = "B-02"', 'id = "B-01"', "two entries have the id 'B-01'"),
        ("clauses/assistance.toml", 'kind = "behaviour"', 'kind = "behavior"', "did you mean 'behaviour'"),
        ("clauses/assistance.toml", 'seen_by = ["CAN", "AT", "OFF"]', 'seen_by = ["CAM"]', "CAM"),
        (
            "clauses/linking.toml",
            'kind = "advice"',
            'kind = "behaviour"',
            "expected a reason for an advice, and for nothing",
        ),
    ],
)
def test_a_contradiction_is_told_with_file_and_line(folder, file, old, new, complaint):
    line = change(folder, file, old, new)
    with pytest.raises(CatalogueError, match=complaint) as caught:
        load(folder)
    told = str(caught.value)
    assert told.startswith(f"{folder / file}:")
    assert abs(int(told.split(":")[1]) - line) <= 7  # a whole entry is complained of at its head


@pytest.mark.parametrize(
    ("file", "line", "missing"),
    [
        ("limits.toml", 'source = "bench default"\n', "source"),
        ("procedures.toml", 'title = "The owner links the first phone"\n', "title"),
    ],
)
def test_what_is_missing_is_named(folder, file, line, missing):
    change(folder, file, line, "")
    with pytest.raises(CatalogueError, match=f"{missing}: expected this key"):
        load(folder)


def test_a_clause_that_no_procedure_lists_is_an_error(folder):
    change(folder, "procedures.toml", 'clauses = ["B-15"]', 'clauses = ["B-14"]')
    with pytest.raises(CatalogueError, match="no procedure lists clause B-15"):
        load(folder)


@pytest.mark.parametrize("fields", [{}, {"value": "1 s", "max": "2 s"}, {"max": "1 s", "below": "1 ms"}])
def test_a_limit_says_one_thing(fields):
    with pytest.raises(ValueError, match="expected `value`"):
        Limit(id="x", clause="B-01", text="x", source="x", **fields)


def test_a_limit_with_bounds_in_two_units_is_refused():
    with pytest.raises(ValueError, match="different units"):
        Limit(id="x", clause="B-01", text="x", source="x", min="1 V", max="2 s")


def test_an_unknown_name_comes_with_the_nearest():
    with pytest.raises(CatalogueError, match="no limit 'sos_held'; did you mean 'sos_hold'"):
        limit("sos_held")
    with pytest.raises(CatalogueError, match="no clause 'B-100'"):
        load().procedure_of("B-100")
    with pytest.raises(CatalogueError, match="no procedure 'sos-cal'; did you mean 'sos-call'"):
        load().procedure("sos-cal")


def test_the_catalogue_is_read_once():
    assert load() is load()


def test_tolerances_are_a_thousandth_of_the_hold():
    assert limit("hold_tolerance") == 1 * MS
