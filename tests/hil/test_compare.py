"""Two runs are held against each other by what they measured."""

import json

import pytest

import hil.main


@pytest.fixture
def run_of(tmp_path):
    """Writes a run that measured rows of test, name, value, u."""

    def write(name, *rows):
        folder = tmp_path / name
        folder.mkdir()
        entries = [
            {"test": test, "measurements": [{"name": what, "value": value, "unit": "s", "u": u}]}
            for test, what, value, u in rows
        ]
        (folder / "summary.json").write_text(json.dumps({"entries": entries}), encoding="utf-8")
        return str(folder)

    return write


@pytest.fixture
def compare(monkeypatch, capsys):
    def compare(*words):
        monkeypatch.setattr("sys.argv", ["hil", "compare", *words])
        with pytest.raises(SystemExit) as end:
            hil.main.main()
        return end.value.code, *capsys.readouterr()

    return compare


@pytest.mark.parametrize(("value", "code", "word"), [(1.99970, 0, " agree:"), (1.99990, 1, " DISAGREE:")])
def test_a_difference_is_held_against_its_uncertainty(run_of, compare, value, code, word):
    served = run_of("served", ("hold", "SOS threshold", 1.99960, 4e-5), ("other", "attach", 9.0, 1e-3))
    emulated = run_of("emulated", ("hold", "SOS threshold", value, 4e-5))
    assert compare(served, emulated)[0] == code
    assert word in compare(served, emulated)[1]


def test_only_what_is_asked_for_is_compared(run_of, compare):
    one = run_of("one", ("hold", "SOS threshold", 2.0, 1e-4), ("attach", "attach time", 9.0, 1e-3))
    two = run_of("two", ("hold", "SOS threshold", 2.0, 1e-4), ("attach", "attach time", 11.0, 1e-3))
    assert compare(one, two)[0] == 1
    assert compare(one, two, "--measurement", "SOS threshold")[0] == 0


def test_nothing_in_common_is_a_mistake_and_no_agreement(run_of, compare, tmp_path):
    one, two = run_of("one", ("hold", "SOS threshold", 2.0, 1e-4)), run_of("two", ("attach", "attach", 2.0, 1e-4))
    code, _, errors = compare(one, two)
    assert code == 2
    assert "SOS threshold" in errors
    code, _, errors = compare(one, str(tmp_path / "none"))
    assert code == 2
    assert "holds no finished run" in errors
