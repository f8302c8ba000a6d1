"""The house keeps its own rules: what a reader may rely on in every file that is tracked."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.house.shingles import shingles

ROOT = Path(__file__).parents[2]
SHINGLES = Path(__file__).with_name("manual_shingles.txt")

LINES = 300
"""The longest a source file may be: above it a module has two ideas."""

LONGER = {"emulation/world.py": 400}
"""The engine of simulated time is one idea, and reads better whole."""

SOURCES = {".py", ".robot", ".resource"}
TEXTS = SOURCES | {".md", ".toml", ".dbc", ".asn", ".cfg", ".mjs", ".html"}

UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
"""Marks of work that was put off."""

ADDRESS = re.compile(r"https?://[^ \"']*(?:pypi|pythonhosted|npmjs|registry\.)")


@cache
def tracked(*suffixes: str) -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = (ROOT / name for name in listed.split("\0") if name)
    return tuple(file for file in files if file.is_file() and (not suffixes or file.suffix in suffixes))


def where(file: Path, line: int) -> str:
    return f"{file.relative_to(ROOT)}:{line}"


def test_no_source_file_is_long():
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in tracked(*SOURCES)}
    assert [f"{name}:{length}" for name, length in lengths.items() if length > LONGER.get(name, LINES)] == []


def test_every_module_says_in_its_first_line_what_it_is():
    silent = []
    for file in tracked(".py"):
        text = file.read_text()
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            silent.append(where(file, 1))
    assert silent == []


def test_no_sentence_of_a_manual_is_copied():
    """No eight words in a row of any manual stand in any tracked text."""
    of_manuals = set(SHINGLES.read_text().split())
    copied = [
        where(file, line) for file in tracked(*TEXTS) for line, code in shingles(file.read_text()) if code in of_manuals
    ]
    assert copied == []


def test_a_copied_sentence_would_be_found():
    """The check above sees eight words in a row, whatever stands around them, and only those."""
    sentence = "one two three four five six seven eight"
    codes = {code for _, code in shingles(sentence)}
    assert [line for line, code in shingles(f"before\nmore {sentence.upper()}, after") if code in codes] == [2]
    assert codes.isdisjoint(code for _, code in shingles("one two three four five six seven nine"))


def test_nothing_is_left_unfinished():
    marks = re.compile(r"\b(?:" + "|".join(UNFINISHED) + r")\b")
    found = [
        where(file, number)
        for file in tracked(*TEXTS)
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if marks.search(line)
    ]
    assert found == []


def test_no_tracked_file_holds_a_download_address():
    """Locks name what they need by hash; where it comes from is the machine's business."""
    found = [
        where(file, 1)
        for file in tracked(".lock", ".json", ".toml", ".txt", ".npmrc")
        if ADDRESS.search(file.read_text())
    ]
    assert found == []


def test_every_locked_package_has_a_hash():
    for lock in tracked(".lock"):
        entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", lock.read_text(), flags=re.MULTILINE))
        assert [entry.split()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("folder", ["procedures", "robot"])
def test_procedures_see_the_car_only_through_wires(folder):
    """A procedure that imports the emulated car could not run on a real one."""
    peeking = [
        where(file, node.lineno)
        for file in tracked(".py")
        if file.is_relative_to(ROOT / folder)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.startswith("emulation") for name in imported(node))
    ]
    assert peeking == []


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]
