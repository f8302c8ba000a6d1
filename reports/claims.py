"""Which test claims which clause: read from the sources of both suites, without running or importing them.

pytest: `@clauses("B-10")`, `@procedure("id")` and `@lasts("3 h")` on a function or class, in `pytestmark`, or in a
parameter's marks. Robot: `[Tags]    B-10    procedure:id    lasts:3h`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from robot.api import TestSuiteBuilder

from harness.errors import CatalogueError
from harness.units import parse_duration

Suite = Literal["pytest", "robot"]

PROCEDURE_TAG, LASTS_TAG = "procedure:", "lasts:"


@dataclass(frozen=True)
class Claim:
    """One test function or Robot test, and the clauses it says it proves.

    `test` selects it: `procedures/test_sos.py::test_hold`, or `Emergency Assistance.Holding SOS Calls Assistance`.
    `procedures` are those that it names, an empty word among them where some of its parameters name none.
    """

    test: str
    suite: Suite
    file: Path
    line: int
    clauses: tuple[str, ...]
    procedures: tuple[str, ...] = ("",)
    lasts: int = 0
    """How long it says that it takes, in ns; 0 where it says nothing."""

    @property
    def name(self) -> str:
        """The test's own name, without file or suite."""
        return self.test.split("::")[-1] if self.suite == "pytest" else self.test.partition(".")[2]


class _Mark(NamedTuple):
    """`clauses`, `procedure` or `lasts` with one of its words; `partial` where it stands on a parameter of the test."""

    name: str
    value: str
    partial: bool


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
        names = _module_names(module)
        outer = _marks(path, [names["pytestmark"]] if "pytestmark" in names else [], names)
        for node in module.body:
            if _is_test(node):
                yield _claim(path, node, outer, names)
            elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                inner = outer + _marks(path, node.decorator_list, names)
                yield from (_claim(path, test, inner, names, f"{node.name}::") for test in node.body if _is_test(test))


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def _module_names(module: ast.Module) -> dict[str, ast.expr]:
    """What a module gives a name to: its `pytestmark`, and marks that several tests share."""
    assigned = (node for node in module.body if isinstance(node, ast.Assign))
    return {name.id: node.value for node in assigned for name in node.targets if isinstance(name, ast.Name)}


def _claim(path: Path, node: ast.stmt, outer: list[_Mark], names: dict[str, ast.expr], prefix: str = "") -> Claim:
    assert isinstance(node, ast.FunctionDef)
    marks = outer + _marks(path, node.decorator_list, names)
    clauses = tuple(dict.fromkeys(mark.value for mark in marks if mark.name == "clauses"))
    procedures = [mark for mark in marks if mark.name == "procedure"]
    whole = [mark.value for mark in procedures if not mark.partial]
    places = whole[-1:] or ["", *(mark.value for mark in procedures)]
    test = f"{path.as_posix()}::{prefix}{node.name}"
    lasts = max((_duration(path, node.lineno, mark.value) for mark in marks if mark.name == "lasts"), default=0)
    return Claim(test, "pytest", path, node.lineno, clauses, tuple(dict.fromkeys(places)), lasts)


def _marks(path: Path, decorators: Iterable[ast.expr], names: dict[str, ast.expr]) -> list[_Mark]:
    """Every such mark in `decorators`, however deep, also behind a name of the module."""
    found: list[_Mark] = []
    for decorator in decorators:
        meant = names.get(decorator.id, decorator) if isinstance(decorator, ast.Name) else decorator
        direct = meant.elts if isinstance(meant, ast.List | ast.Tuple) else [meant]
        for call in (node for node in ast.walk(meant) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in {"clauses", "procedure", "lasts"}:
                found += [_Mark(name, _word(path, name, argument), call not in direct) for argument in call.args]
    return found


def _word(path: Path, mark: str, argument: ast.expr) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise CatalogueError(
        f"{path}:{argument.lineno}: {mark}(...) takes literal strings, because coverage is read from the "
        f"source; seen {ast.unparse(argument)}. Write the id out."
    )


def _duration(path: Path, line: int, text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise CatalogueError(f"{path}:{line}: lasts: {error}") from None


def _robot_claims(root: Path) -> Iterator[Claim]:
    for file in sorted((root / "robot").rglob("*.robot")):
        suite = TestSuiteBuilder().build(file)
        for test in suite.tests:
            tags = [str(tag) for tag in test.tags]
            procedure = next((t.removeprefix(PROCEDURE_TAG) for t in tags if t.startswith(PROCEDURE_TAG)), "")
            long = [t.removeprefix(LASTS_TAG) for t in tags if t.startswith(LASTS_TAG)]
            clauses = tuple(tag for tag in tags if ":" not in tag)
            name, path = f"{robot_suite_name(file)}.{test.name}", file.relative_to(root)
            lasts = max((_duration(path, test.lineno, text) for text in long), default=0)
            yield Claim(name, "robot", path, test.lineno, clauses, (procedure,), lasts)
