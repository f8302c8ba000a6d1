"""What a random drive runs in: a car of its own, the story of what was done, and the rules looked at after each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from fixtures.stage import Stage
from harness.errors import BenchError, ExpectationError
from harness.units import MIN, S
from tests.random_drives.never import Never
from tests.random_drives.shorten import Happened, Played
from tests.random_drives.story import Story

SETTLE = 2 * S
"""After each act: what it does at once is on CAN by then."""


class Machine(RuleBasedStateMachine):
    """One car, from power-on to the end of its story. A subclass says by which seed, and with which faults."""

    seed: ClassVar[int] = 1
    faults: ClassVar[tuple[str, ...]] = ()
    fault_files: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage.open(seed=self.seed, faults=self.faults, fault_files=self.fault_files)
        self.story = Story(self.seed)
        self.played: list[Played] = []
        self.over = False

    @initialize()
    def power(self) -> None:
        """The battery is connected, and the car is ready to call."""
        self.stage.get_ready()
        self.never = Never(self.stage, self.story)

    def act(self, kind: str, what: str) -> None:
        """Something is done now."""
        self.story.tell(self.stage.bench.clock.now(), kind, what)

    # What must never happen

    @invariant()
    def never_happens(self) -> None:
        """After each act, once its effect is there."""
        if hasattr(self, "never"):
            self.stage.bench.clock.sleep(SETTLE)
            self.judge(self.never.look())

    def judge(self, found: list[str]) -> None:
        """Whatever was found ends the drive."""
        if found:
            self.over = True
            raise Happened(found, self.story, self.played)

    def try_to(self, act: Callable[[], object]) -> None:
        """Do what may be refused by right."""
        try:
            act()
        except ExpectationError:
            pass
        except BenchError as error:
            if " answered 4" not in str(error):
                raise

    def teardown(self) -> None:
        """What is on its way arrives; nothing secret stands anywhere."""
        try:
            if hasattr(self, "never") and not self.over:
                self.stage.bench.clock.sleep(1 * MIN)
                self.judge([*self.never.look(), *self.never.secrets()])
        finally:
            self.stage.close()
