"""The guide to wiring and its drawing say what bench files, catalogue and schema say."""

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from harness import catalogue
from harness.bench import load
from harness.bench.schema import BenchFile, LineTable

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
WIRING = (GUIDES / "wiring.md").read_text(encoding="utf-8")
DRAWING = (GUIDES / "desk.svg").read_text(encoding="utf-8")


def test_the_drawing_is_the_one_that_its_script_draws():
    assert runpy.run_path(str(GUIDES / "draw_desk.py"))["drawing"]() == DRAWING


@pytest.mark.parametrize("name", load(ROOT / "benches" / "emulated.toml").line)
def test_every_line_of_a_complete_bench_stands_in_the_drawing(name):
    """By what drives it and by what sees it: channel of a relay, channel of an instrument."""
    line = load(ROOT / "benches" / "emulated.toml").line[name]
    words = " ".join(re.findall(r">([^<]+)</text>", DRAWING))
    for _key, end in line.ends():
        wanted = str(end.channel)
        assert re.search(rf"\b{wanted}\b", words), f"{name}: channel {wanted} of {end.instrument}"
    assert name.split("_")[0].lower() in words.lower()


def test_its_lines_are_those_of_the_served_bench():
    said = tomllib.loads("\n".join(re.findall(r"```toml\n(.*?)```", WIRING, re.DOTALL)))
    there = load(ROOT / "benches" / "served.toml").line
    for name, line in said["line"].items():
        assert LineTable.model_validate(line) == there[name]


@pytest.mark.parametrize("guide", ["wiring.md", "real-ecu.md", "bench.md", "instrument.md"])
def test_what_a_guide_runs_there_is(guide):
    """Procedures, bench files and pages that it names."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    for procedure in re.findall(r"--procedure ([\w-]+)", text):
        assert procedure in catalogue.load().procedures
    for bench in re.findall(r"benches/[\w.-]+\.toml", text):
        assert bench == "benches/mine.toml" or (ROOT / bench).is_file(), bench
    for page in re.findall(r"\]\(([\w./-]+)\)", text):
        assert (GUIDES / page).is_file(), page


def test_the_guide_to_bench_files_tells_of_every_table_and_key():
    guide = (GUIDES / "bench.md").read_text(encoding="utf-8")
    for table, field in BenchFile.model_fields.items():
        if table in {"path", "bench", "visa"}:
            continue
        assert re.search(rf"\[{table}[\].]", guide), table
        model = getattr(field.annotation, "__args__", (None, field.annotation))[-1]
        for key in getattr(model, "model_fields", ()):
            assert re.search(rf"\b{key}\b", guide), f"{table}.{key}"
