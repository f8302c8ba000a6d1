"""The classes of keywords become one library: no method of one may hide another's (all clauses told in Robot)."""

import ast
from collections import defaultdict
from pathlib import Path

ROBOT = Path(__file__).parents[2] / "robot"
CALLED_BY_ALL = {"__init__", "forget"}
"""Each calls the next one's."""


def test_no_keyword_hides_another_one():
    """A keyword whose method has the name of another's is lost without a word, or does something else."""
    owners = defaultdict(list)
    for file in sorted(ROBOT.glob("*_keywords.py")):
        for cls in ast.parse(file.read_text()).body:
            if isinstance(cls, ast.ClassDef):
                for function in cls.body:
                    if isinstance(function, ast.FunctionDef) and function.name not in CALLED_BY_ALL:
                        owners[function.name].append(cls.name)
    assert {name: classes for name, classes in owners.items() if len(set(classes)) > 1} == {}
