"""Short processes that begin where the imports end: forks of an interpreter that has them all (for `hil qualify`).

    with Warm(root, environment) as warm:
        code = warm.run(["-m", "pytest", "procedures"], log, environment)

`python -m hil.warm` is that interpreter: it reads one request a line, and answers each with an exit code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

KNOWN = ("pytest", "robot.api", "robot.run", "allure_pytest.plugin", "fixtures.plugin")
"""What is imported beforehand, with all that it needs in turn."""


class Warm:
    """One warm interpreter, and one short process of it at a time. `with` ends it."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hil.warm"],
            cwd=root, env=os.environ | environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> int:
        """What `python -m MODULE ...` does, all output to `log`; returns the exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([list(arguments), str(log), dict(environment)]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the warm interpreter is gone, with code {self._process.wait()}; it has said why above")
        return int(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()  # no more requests: it ends


def serve() -> None:
    """Import what every test needs, then fork for each request."""
    for name in KNOWN:
        importlib.import_module(name)
    importlib.import_module("fixtures.stage").Stage.open().close()  # reads databases, bench file, schemas
    if threading.active_count() > 1:
        raise RuntimeError(f"cannot fork beside other threads: {threading.enumerate()}")
    gc.freeze()  # what is here now is no child's garbage
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_run(*json.loads(line)))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def _run(arguments: list[str], log: str, environment: dict[str, str]) -> int:
    """In the child: run a module as the program, to its end."""
    os.environ.update(environment)
    option, module, *sys.argv[1:] = arguments
    assert option == "-m", f"expected -m and a module, got {arguments}"
    code: object = 0
    with Path(log).open("w", encoding="utf-8") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as end:
            code = end.code
        except BaseException:  # noqa: BLE001 - as the interpreter itself would end
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
    return int(code) if isinstance(code, int) else 0


if __name__ == "__main__":
    serve()
