"""Seeded faults: classes that take a part's place and break exactly one clause, so that a suite can prove it notices.

    @seeded(breaks="B-10", story="a press of 1.5 s already calls")
    class EagerConsole(OverheadConsole):
        HOLD = 1_500 * MS

The modules of this package hold the product's own; a lab's stand in any file of its own, handed over by path.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import TypeVar

T = TypeVar("T", bound=type)

CLAUSE = re.compile(r"[A-Z]-\d\d")
"""How a clause is called: the manual's letter and two digits."""


class FaultError(ValueError):
    """A fault is declared wrong, unknown, or in nobody's place; the message is for whoever asked for it."""


@dataclass(frozen=True)
class Fault:
    """What a seeded class says of itself.

    Its `name`, the clause it `breaks`, the `story` of what goes wrong, the name of the `part` it replaces, and the
    `module` it stands in: a dotted name, or the path of a lab's file.
    """

    name: str
    breaks: str
    story: str
    part: str
    module: str


def seeded(breaks: str, story: str) -> Callable[[T], T]:
    """Mark a subclass of a part as the fault that breaks one clause ("B-10"); `story` says how, in one sentence."""
    if not CLAUSE.fullmatch(breaks):
        raise FaultError(f'@seeded(breaks={breaks!r}): expected one clause such as "B-10"')
    if not story.strip():
        raise FaultError(f"@seeded(breaks={breaks!r}): expected a story, a sentence that says what goes wrong")
    return lambda cls: _declare(cls, breaks, story)


def _declare(cls: T, breaks: str, story: str) -> T:
    part = part_of(cls)
    if part is object:
        raise FaultError(
            f"@seeded {cls.__name__} replaces nothing: derive it from the part that it breaks, for example "
            f"`class {cls.__name__}(OverheadConsole)`"
        )
    if "seeded_as" in vars(getattr(sys.modules.get(cls.__module__), cls.__name__, object)):
        raise FaultError(f"two seeded faults are called {cls.__name__} in {cls.__module__}: give each its own name")
    cls.seeded_as = Fault(cls.__name__, breaks, story, part.__name__, cls.__module__)  # type: ignore[attr-defined]
    return cls


def catalogue(files: Sequence[str | Path] = ()) -> list[Fault]:
    """Every fault of this package, then those of a lab's own `files`, each in the order it is written there."""
    return [cls.seeded_as for cls in classes(files).values()]  # type: ignore[attr-defined]


def classes(files: Sequence[str | Path] = ()) -> dict[str, type]:
    """The seeded classes behind `catalogue(files)` by name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    known: dict[str, type] = {}
    for module in modules + [_load(Path(file)) for file in files]:
        for cls in _seeded_in(module):
            if cls.__name__ in known:
                raise FaultError(
                    f"two seeded faults are called {cls.__name__}, in {known[cls.__name__].__module__} and in "
                    f"{module.__name__}: give each its own name"
                )
            known[cls.__name__] = cls
    return known


def part_of(cls: type) -> type:
    """The part in whose place a seeded class stands: its first base that is no fault itself."""
    return next(base for base in cls.__mro__[1:] if "seeded_as" not in vars(base))


def _seeded_in(module: ModuleType) -> list[type]:
    own = (cls for cls in vars(module).values() if isinstance(cls, type) and cls.__module__ == module.__name__)
    return [cls for cls in own if "seeded_as" in vars(cls)]


def _load(file: Path) -> ModuleType:
    """Import a lab's file by its path, once a process; what is wrong with it is told with file and line."""
    name = str(file.resolve())
    if name in sys.modules:
        return sys.modules[name]
    if not file.is_file():
        raise FaultError(f"{file}: no such file; expected a Python file with classes marked @seeded")
    loader = SourceFileLoader(name, name)
    spec = spec_from_loader(name, loader)
    assert spec is not None  # a loader was given
    module = sys.modules[name] = module_from_spec(spec)
    try:
        loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        line = error.lineno if isinstance(error, SyntaxError) else _line_in(name, error)
        raise FaultError(f"{file}:{line}: {type(error).__name__}: {error}") from error
    if not _seeded_in(module):
        del sys.modules[name]
        raise FaultError(f"{file}: no class in it is marked @seeded(breaks=..., story=...)")
    return module


def _line_in(file: str, error: Exception) -> int | None:
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == file]
    return lines[-1] if lines else None
