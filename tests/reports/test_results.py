"""Raw results are put right: whose fault, which place, which picture."""

import json
from html import unescape

import pytest

from harness import catalogue
from reports.results import put_right

KNOWN = catalogue.load()


def put(folder, uuid, **fields):
    result = {"uuid": uuid, "name": "Holding SOS", "status": "passed", "labels": []} | fields
    (folder / f"{uuid}-result.json").write_text(json.dumps(result))


def get(folder, uuid):
    return json.loads((folder / f"{uuid}-result.json").read_text())


def label(name, value):
    return {"name": name, "value": value}


def values(result, name):
    return [label["value"] for label in result["labels"] if label["name"] == name]


ROBOT = [label("framework", "robotframework")]


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("ExpectationError: late", "failed"),
        ("InstrumentError: no answer", "broken"),
        ("Inconclusive: 2.0 s", "broken"),
        ("InterlockError: 26201", "broken"),
    ],
)
def test_a_robot_failure_is_broken_where_it_was_not_the_car(tmp_path, message, status):
    put(tmp_path, "1", status="failed", statusDetails={"message": message}, labels=ROBOT)
    assert [result.status for result in put_right(tmp_path, KNOWN)] == [status]
    assert get(tmp_path, "1")["status"] == status


def test_a_pytest_result_keeps_its_status(tmp_path):
    put(
        tmp_path,
        "1",
        status="failed",
        statusDetails={"message": "InstrumentError: x"},
        labels=[label("framework", "pytest")],
    )
    assert [result.status for result in put_right(tmp_path, KNOWN)] == ["failed"]


def test_a_test_without_a_place_gets_it_from_its_procedure(tmp_path):
    procedure = next(p for p in KNOWN.procedures.values() if "B-10" in p.clauses)
    put(tmp_path, "1", labels=[*ROBOT, label("tag", "B-10"), label("tag", f"procedure:{procedure.id}")])
    (result,) = put_right(tmp_path, KNOWN)
    placed = get(tmp_path, "1")
    assert result.clauses == ("B-10",)
    assert values(placed, "epic") == [KNOWN.manuals[procedure.manual].title]
    assert values(placed, "feature") == [procedure.chapter]
    assert values(placed, "story") == [procedure.title]
    assert values(placed, "tag") == ["B-10"]


def test_a_place_that_a_test_has_is_kept_and_stays_one(tmp_path):
    put(tmp_path, "1", labels=[label("story", "Mine"), label("tag", "B-10")])
    put_right(tmp_path, KNOWN)
    once = get(tmp_path, "1")
    put_right(tmp_path, KNOWN)
    assert get(tmp_path, "1") == once
    assert values(once, "story") == ["Mine"]
    assert len(values(once, "epic")) == 1


def test_results_of_two_benches_are_told_apart(tmp_path):
    put(tmp_path, "1")
    put(tmp_path, "2", parameters=[{"name": "bench", "value": "'lab'"}])
    put_right(tmp_path, KNOWN, "emulated")
    assert get(tmp_path, "1")["parameters"] == [{"name": "bench", "value": "'emulated'"}]
    assert get(tmp_path, "2")["parameters"] == [{"name": "bench", "value": "'lab'"}]


@pytest.mark.parametrize("where", ["result", "step", "fixture"])
def test_the_timeline_is_shown_in_the_description_wherever_it_was_attached(tmp_path, where):
    attached = {"attachments": [{"name": "Timeline", "source": "p.svg", "type": "image/svg+xml"}]}
    (tmp_path / "p.svg").write_bytes(b"picture")
    put(
        tmp_path,
        "1",
        description="Truth & proof.",
        **({"result": attached, "step": {"steps": [attached]}}.get(where, {})),
    )
    if where == "fixture":
        (tmp_path / "c-container.json").write_text(json.dumps({"children": ["1"], "afters": [attached]}))
    put_right(tmp_path, KNOWN)
    shown = get(tmp_path, "1")["descriptionHtml"]
    assert "Truth &amp; proof." in shown
    assert "data:image/svg+xml;base64,cGljdHVyZQ==" in shown


def test_the_measurements_are_shown_below_the_timeline(tmp_path):
    (tmp_path / "m.html").write_text("<!doctype html><style>x</style><table><tr><td>2.0004 s</td></tr></table>")
    put(tmp_path, "1", attachments=[{"name": "Measurements", "source": "m.html", "type": "text/html"}])
    put_right(tmp_path, KNOWN)
    assert get(tmp_path, "1")["descriptionHtml"].endswith("<table><tr><td>2.0004 s</td></tr></table>")


def test_pictures_of_the_displays_are_shown_small_the_last_six(tmp_path):
    names = [f"Display {number}: Settings > Privacy" for number in range(1, 9)]
    for number in range(8):
        (tmp_path / f"{number}.png").write_bytes(b"picture %d" % number)
    attached = [{"name": name, "source": f"{n}.png", "type": "image/png"} for n, name in enumerate(names)]
    put(tmp_path, "1", attachments=attached)
    put_right(tmp_path, KNOWN)
    html = get(tmp_path, "1")["descriptionHtml"]
    assert html.count("<img") == 6
    assert 'alt="Display 2: Settings &gt; Privacy"' not in html
    assert (
        'alt="Display 8: Settings &gt; Privacy" style="max-width: 32%; margin: 4px" src="data:image/png;base64' in html
    )


def test_a_procedure_of_a_french_manual_is_told_in_both_languages(tmp_path):
    procedure = KNOWN.procedure("pnc-remove")
    put(tmp_path, "1", labels=[*ROBOT, label("tag", "C-15"), label("tag", "procedure:pnc-remove")])
    put(tmp_path, "2", labels=[*ROBOT, label("tag", "B-10")])
    put_right(tmp_path, KNOWN)
    told = get(tmp_path, "1")
    assert values(told, "story") == [f"{procedure.title} / {procedure.title_fr}"]
    html = unescape(told["descriptionHtml"])
    assert procedure.text in html
    assert f'<p lang="fr"><i>{procedure.text_fr}</i></p>' in html
    assert "descriptionHtml" not in get(tmp_path, "2")
