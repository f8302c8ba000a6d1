"""Which test claims which clause: read from the sources of both suites, without running or importing them.

pytest: `@clauses("B-10")` and `@procedure("id")` on a function or class, in `pytestmark`, or in a parameter's marks.
Robot: `[Tags]    B-10    procedure:id`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from robot.api import TestSuiteBuilder

from harness.errors import CatalogueError

Suite = Literal["pytest", "robot"]

PROCEDURE_TAG = "procedure:"


@dataclass(frozen=True)
class Claim:
    """One test function or Robot test, and the clauses it says it proves.

    `test` selects it: `procedures/test_sos.py::test_hold`, or `Emergency Assistance.Holding SOS Calls Assistance`.
    """

    test: str
    suite: Suite
    file: Path
    line: int
    clauses: tuple[str, ...]
    procedure: str = ""

    @property
    def name(self) -> str:
        """The test's own name, without file or suite."""
        return self.test.split("::")[-1] if self.suite == "pytest" else self.test.partition(".")[2]


def collect(root: Path) -> list[Claim]:
    """Every test below `root/procedures` and `root/robot`, by file and line."""
    found = [*_pytest_claims(root), *_robot_claims(root)]
    return sorted(found, key=lambda claim: (claim.suite, claim.file, claim.line))


def robot_suite_name(file: Path) -> str:
    """The name a Robot file runs under: `3_emergency_assistance.robot` is `Emergency Assistance`."""
    words = file.stem.split("_")
    return " ".join(word.capitalize() for word in words if not word.isdigit())


def _pytest_claims(root: Path) -> Iterator[Claim]:
    for file in sorted((root / "procedures").rglob("test_*.py")):
        path = file.relative_to(root)
        module = ast.parse(file.read_text(encoding="utf-8"), filename=str(path))
        outer = _marks(path, _module_marks(module))
        for node in module.body:
            if _is_test(node):
                yield _claim(path, node, outer)
            elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                inner = outer + _marks(path, node.decorator_list)
                yield from (_claim(path, test, inner, f"{node.name}::") for test in node.body if _is_test(test))


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def _module_marks(module: ast.Module) -> Iterator[ast.expr]:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            yield node.value


def _claim(path: Path, node: ast.stmt, outer: list[tuple[str, str]], prefix: str = "") -> Claim:
    assert isinstance(node, ast.FunctionDef)
    marks = outer + _marks(path, node.decorator_list)
    clauses = tuple(dict.fromkeys(value for mark, value in marks if mark == "clauses"))
    procedures = [value for mark, value in marks if mark == "procedure"]
    test = f"{path.as_posix()}::{prefix}{node.name}"
    return Claim(test, "pytest", path, node.lineno, clauses, procedures[-1] if procedures else "")


def _marks(path: Path, decorators: Iterable[ast.expr]) -> list[tuple[str, str]]:
    """(`clauses` or `procedure`, value) of every such call in `decorators`, however deep."""
    found: list[tuple[str, str]] = []
    for call in (node for decorator in decorators for node in ast.walk(decorator) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in {"clauses", "procedure"}:
            continue
        for argument in call.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                raise CatalogueError(
                    f"{path}:{argument.lineno}: {name}(...) takes literal strings, because coverage is read from the "
                    f"source; seen {ast.unparse(argument)}. Write the id out."
                )
            found.append((name, argument.value))
    return found


def _robot_claims(root: Path) -> Iterator[Claim]:
    for file in sorted((root / "robot").rglob("*.robot")):
        suite = TestSuiteBuilder().build(file)
        for test in suite.tests:
            tags = [str(tag) for tag in test.tags]
            procedure = next((t.removeprefix(PROCEDURE_TAG) for t in tags if t.startswith(PROCEDURE_TAG)), "")
            clauses = tuple(tag for tag in tags if ":" not in tag)
            name = f"{robot_suite_name(file)}.{test.name}"
            yield Claim(name, "robot", file.relative_to(root), test.lineno, clauses, procedure)
