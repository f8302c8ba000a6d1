"""The two suites as processes: the command lines of pytest and Robot Framework, run side by side on the given cores."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fixtures.recordings import RECORD_VARIABLE, REPLAY_VARIABLE
from harness.bench.lock import RUN_VARIABLE
from hil.ending import Ending, Interrupted
from hil.warm import Warm
from reports.claims import Claim, robot_suite_name
from reports.journal import OUT_VARIABLE

LOOK_S = 0.25
"""How often the caller is told that something may have changed, in seconds."""

LAST_LINES = 30

PYTEST_TROUBLE = range(2, 6)
"""pytest's exit codes for a run that did not take place: interrupted, internal error, usage, nothing collected."""

ROBOT_TROUBLE = range(251, 256)
"""Robot Framework's: help, wrong data, interrupted, internal error."""


@dataclass(frozen=True)
class Setting:
    """What a run drives: the bench file, its seed, the faults in force, and the folder that takes the results."""

    root: Path
    out: Path
    bench: Path
    seed: int
    jobs: int
    faults: tuple[str, ...] = ()
    fault_files: tuple[Path, ...] = ()
    stop_at_first: bool = False
    side_by_side: bool = True
    """Whether the suites may run at the same time; a bench on wall time has one user at a time."""
    record: Literal["all", "failed", "none"] = "none"
    """Which tests' wires are kept, in `recordings` of `out`."""
    replay: Path | None = None
    """Folder of recordings that stand in the place of the bench."""
    evidence: bool = True
    """Whether Allure results and JUnit files are wanted, or only the journal."""


@dataclass(frozen=True)
class Command:
    """One process of a run."""

    name: str
    arguments: Sequence[str]
    """What Python is given: `-m`, a module, and its own arguments."""
    log: Path
    trouble: range
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, root: Path, warm: Warm | None = None, ending: Ending | None = None) -> Ended:
        """Run it to its end, in a process of its own or of a warm interpreter; everything it prints goes to `log`."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if warm is not None:
            return Ended(self, warm.run(self.arguments, self.log, self.environment))
        with self.log.open("w", encoding="utf-8") as log:
            return Ended(self, (ending or Ending()).run(self.arguments, root, self.environment, log))


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    command: Command
    code: int

    @property
    def trouble(self) -> str:
        """Why the run itself failed (not one of its tests), in the process's own words; empty where it took place."""
        if self.code not in self.command.trouble and self.code >= 0:
            return ""
        return self.last_words

    @property
    def last_words(self) -> str:
        """The end of what it printed."""
        last = "\n".join(self.command.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:])
        return f"{self.command.name} ended with code {self.code}. Its last words ({self.command.log}):\n{last}"


def commands(claims: Sequence[Claim], setting: Setting, *, everything: bool = False) -> list[Command]:
    """What runs `claims`: at most one pytest, and a Robot process for each file."""
    pytest_tests = [claim.test for claim in claims if claim.suite == "pytest"]
    made = []
    if pytest_tests:
        made.append(_pytest(["procedures"] if everything else pytest_tests, setting))
    files = dict.fromkeys(claim.file for claim in claims if claim.suite == "robot")
    made += [_robot(file, [c for c in claims if c.file == file], setting) for file in files]
    return made


def together(made: Sequence[Command], out: Path) -> list[Command]:
    """The same, with all Robot files one after the other in one process."""
    robots = [command for command in made if command.trouble is ROBOT_TROUBLE]
    if len(robots) < 2:
        return list(made)
    lines = json.dumps([list(command.arguments[2:]) for command in robots])
    one = Command("robot", ["-m", "hil.robot_runs", lines], out / "robot.log", ROBOT_TROUBLE, robots[0].environment)
    return [*(command for command in made if command not in robots), one]


def run_all(made: Iterable[Command], setting: Setting, look: Callable[[], None]) -> list[Ended]:
    """Run the commands side by side, `look` called a few times a second. pytest's own workers use all cores already.

    Raises `Interrupted` where a signal ended the run, once the suites have left their benches safe.
    """
    workers = 1 + max(1, setting.jobs // 2) if setting.side_by_side else 1
    with Ending() as ending, ThreadPoolExecutor(max_workers=workers) as pool:
        waiting = {pool.submit(command.run, setting.root, None, ending) for command in made}
        ended: list[Ended] = []
        while waiting:
            done, waiting = wait(waiting, timeout=LOOK_S, return_when=FIRST_COMPLETED)
            ended += [future.result() for future in done]
            ending.check()
            look()
    if ending.asked is not None:
        raise Interrupted(ending.asked.name)
    return ended


def pytest_total(out: Path) -> int:
    """How many tests pytest said it has, as far as it has said so."""
    log = out / "pytest.log"
    if not log.exists():
        return 0
    found = re.search(r"(?:\[|collected )(\d+) items?", log.read_text(encoding="utf-8", errors="replace")[:20_000])
    return int(found.group(1)) if found else 0


def merge_robot(out: Path) -> None:
    """One Robot log, report and xUnit file of all suites, where Robot ran."""
    outputs = sorted(str(file) for file in (out / "robot").glob("*/output.xml"))
    if outputs:
        target = [
            "--outputdir",
            str(out / "robot"),
            "--output",
            "output.xml",
            "--xunit",
            "xunit.xml",
            "--name",
            "Robot",
        ]
        subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "robot.rebot", *target, *outputs], cwd=out, capture_output=True, check=False
        )


def clean(out: Path) -> None:
    """An empty folder for a run: results of an earlier one would be counted again."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)


ENVIRONMENT = {
    "ALLURE_MAX_STEP_MESSAGE_COUNT": "10",  # else each logged message of a Robot keyword becomes a file
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",  # the cores are taken by workers already
}
"""Of every process that runs tests."""


def _environment(setting: Setting) -> dict[str, str]:
    wires = {RECORD_VARIABLE: setting.record, REPLAY_VARIABLE: str(setting.replay or "")}
    return {OUT_VARIABLE: str(setting.out), RUN_VARIABLE: setting.out.name, **wires, **ENVIRONMENT}


def _pytest(tests: Sequence[str], setting: Setting) -> Command:
    workers = ["-n", str(setting.jobs), "--dist", "worksteal"] if setting.jobs > 1 else ["-p", "no:xdist"]
    faults = [word for name in setting.faults for word in ("--fault", name)]
    faults += [word for file in setting.fault_files for word in ("--faults-file", str(file))]
    arguments = [
        "-m", "pytest", *tests, *workers, "--rootdir", str(setting.root), "-o", "junit_family=xunit2",
        "-p", "no:unraisableexception",
        "--bench", str(setting.bench), "--seed", str(setting.seed), *faults,
        *(["-x"] if setting.stop_at_first else []),
    ]  # fmt: skip
    if setting.evidence:
        arguments += ["--alluredir", str(setting.out / "allure-results"), "--junitxml", str(setting.out / "pytest.xml")]
    else:
        arguments += ["--assert", "plain"]  # nobody reads how an assertion came apart; saves the rewriting
    return Command("pytest", arguments, setting.out / "pytest.log", PYTEST_TROUBLE, _environment(setting))


def _robot(file: Path, claims: Sequence[Claim], setting: Setting) -> Command:
    name = robot_suite_name(file)
    folder = setting.out / "robot" / f"{file.parent.name}-{file.stem}"
    listener = ["--listener", f"reports.robot_listener.AllureListener;{setting.out / 'allure-results'}"]
    faults = ["--variable", f"FAULTS:{','.join(setting.faults)}"] if setting.faults else []
    if setting.fault_files:
        faults += ["--variable", f"FAULT_FILES:{','.join(map(str, setting.fault_files))}"]
    arguments = [
        "-m", "robot", "--name", name, "--outputdir", str(folder), "--log", "NONE", "--report", "NONE",
        "--pythonpath", str(setting.root / "robot"), *(listener if setting.evidence else []),
        "--variable", f"BENCH:{setting.bench}", "--variable", f"SEED:{setting.seed}", *faults,
        *(["--exitonfailure"] if setting.stop_at_first else []),
        *(word for claim in claims for word in ("--test", claim.test)), str(file),
    ]  # fmt: skip
    return Command(f"robot {file}", arguments, folder / "console.log", ROBOT_TROUBLE, _environment(setting))
