"""Does the suite notice? Each seeded fault against the tests of the clause it breaks (all clauses that have one)."""

from __future__ import annotations

import fcntl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from queue import SimpleQueue
from types import MappingProxyType
from typing import Protocol, cast

from hil.errors import UsageError, nearest
from hil.suites import ENVIRONMENT, Setting, clean, commands, run_all
from hil.warm import Warm
from reports.claims import Claim
from reports.coverage import Proof
from reports.journal import Entry, Outcome, read

GROUP = "connect_hil.faults"
"""Entry points that list faults: each a callable `catalogue(files=())`."""


class Fault(Protocol):
    """A part of the emulated car, broken on purpose."""

    @property
    def name(self) -> str:
        """What `--fault` takes."""

    @property
    def breaks(self) -> str:
        """The clause it breaks."""

    @property
    def story(self) -> str:
        """What goes wrong, in a sentence."""


def faults(clauses: Sequence[str], files: Sequence[Path]) -> list[Fault]:
    """The faults that break one of `clauses` (all where empty), those of a lab's own `files` among them."""
    for file in files:
        if not file.is_file():
            raise UsageError(f"there is no fault file {file}")
    listed: list[Fault] = []
    for entry_point in entry_points(group=GROUP):
        try:
            listed += cast(Sequence[Fault], entry_point.load()(tuple(files)))
        except ValueError as error:  # a fault that is declared wrong; the message is for whoever declared it
            raise UsageError(str(error)) from error
    if not listed:
        raise UsageError(f"no fault is known: nothing is registered under the entry points {GROUP}")
    broken = {fault.breaks for fault in listed}
    for clause in clauses:
        if clause not in broken:
            raise UsageError(f"no fault breaks {clause}{nearest(clause, broken)}")
    return [fault for fault in listed if not clauses or fault.breaks in clauses]


def sample(listed: Sequence[Fault], each: int) -> list[Fault]:
    """The first `each` faults of every clause, in their order."""
    taken: Counter[str] = Counter()
    chosen = []
    for fault in listed:
        taken[fault.breaks] += 1
        if taken[fault.breaks] <= each:
            chosen.append(fault)
    return chosen


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else qualifies in `folder` meanwhile, for the length of a `with` block. Raises `UsageError`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"another `hil qualify` works in {folder}: wait until it has ended") from None
        yield


def qualify(
    tried: Sequence[Fault],
    claims: Sequence[Claim],
    setting: Setting,
    told: Callable[[Proof], None],
    *,
    green: frozenset[str] = frozenset(),
    killers: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Proof]:
    """Run every fault against its clause's tests, `setting.jobs` at a time; `told` hears of each as it ends.

    Raises `UsageError` where those tests do not all pass without any fault: then they prove nothing. Those in `green`
    have just passed. `killers` says which tests noticed a fault last time: they are tried first.
    """
    setting = replace(setting, evidence=False)
    wanted = {fault.breaks for fault in tried}
    mine = {
        fault.name: sorted(
            (claim for claim in claims if fault.breaks in claim.clauses),
            key=lambda claim: claim.test not in {test.partition("[")[0] for test in killers.get(fault.name, ())},
        )
        for fault in tried
    }
    _baseline([claim for claim in claims if wanted & set(claim.clauses) and claim.test not in green], setting)
    with ExitStack() as warmed, ThreadPoolExecutor(max_workers=setting.jobs) as pool:
        idle = SimpleQueue[Warm]()
        for _ in range(min(setting.jobs, len(tried))):
            idle.put(warmed.enter_context(Warm(setting.root, ENVIRONMENT)))
        running = {pool.submit(_try, fault, mine[fault.name], setting, idle): fault.name for fault in tried}
        proofs = {}
        for future in as_completed(running):
            proofs[running[future]] = future.result()
            told(future.result())
    return [proofs[fault.name] for fault in tried]


def _baseline(claims: Sequence[Claim], setting: Setting) -> None:
    if not claims:
        return
    setting = replace(setting, out=setting.out / "no-fault")
    clean(setting.out)
    ended = run_all(commands(claims, setting), setting, lambda: None)
    troubles = [end.trouble for end in ended if end.trouble]
    red = [entry for entry in read(setting.out) if entry.outcome not in {Outcome.PASSED, Outcome.SKIPPED}]
    if red or troubles:
        listed = "\n".join([*(f"  {entry.outcome}: {entry.test}: {entry.message}" for entry in red), *troubles])
        raise UsageError(f"the suite is red without any fault, so it proves nothing:\n{listed}")


def _try(fault: Fault, claims: Sequence[Claim], setting: Setting, idle: SimpleQueue[Warm]) -> Proof:
    """One fault: pytest first, then one Robot file after the other, until a test of the clause failed."""
    warm = idle.get()
    try:
        return _tried(fault, claims, setting, warm)
    finally:
        idle.put(warm)


def _tried(fault: Fault, claims: Sequence[Claim], setting: Setting, warm: Warm) -> Proof:
    setting = replace(setting, out=setting.out / fault.name, jobs=1, faults=(*setting.faults, fault.name))
    entries: list[Entry] = []
    troubles: list[str] = []
    for stop_at_first in (True, False):
        clean(setting.out)
        troubles.clear()
        for command in commands(claims, replace(setting, stop_at_first=stop_at_first)):
            troubles += filter(None, [command.run(setting.root, warm).trouble])
            entries = read(setting.out)
            if killers := _killers(fault, entries):
                return Proof(fault.name, fault.breaks, fault.story, killers, len(entries))
        if all(entry.outcome is Outcome.PASSED for entry in entries):
            break  # nothing broke on the way, so nothing was kept from failing
    return Proof(fault.name, fault.breaks, fault.story, (), len(entries), _why(fault, claims, entries, troubles))


def _killers(fault: Fault, entries: Sequence[Entry]) -> tuple[str, ...]:
    """A fault is noticed only where the car failed, in a test of its own clause; a broken bench proves nothing."""
    return tuple(e.test for e in entries if e.outcome is Outcome.FAILED and fault.breaks in e.clauses)


def _why(fault: Fault, claims: Sequence[Claim], entries: Sequence[Entry], troubles: Sequence[str]) -> str:
    if not claims:
        return f"no test names {fault.breaks}"
    if troubles:
        return troubles[0]
    odd = [
        f"{entry.outcome}: {entry.test}: {entry.message}" for entry in entries if entry.outcome is not Outcome.PASSED
    ]
    return odd[0] if odd else f"all {len(entries)} tests of {fault.breaks} passed"
