"""Airbag modules that break one clause each (B-01, B-02, B-03)."""

from __future__ import annotations

from emulation.ecus.airbag import Airbag
from emulation.faults import seeded
from emulation.world import Process
from harness.units import MIN, S


@seeded(breaks="B-01", story="a crash of belt-tensioner level is reported as a mere impact")
class BluntAirbag(Airbag):
    """Does not know its lower level."""

    def report(self, level: str, direction: str) -> None:
        """One level too low."""
        super().report("IMPACT" if level == "BELT_TENSIONER" else level, direction)


@seeded(breaks="B-01", story="belt-tensioner level is not reported for a crash from the left")
class OneEyedAirbag(Airbag):
    """Has lost one sensor."""

    def report(self, level: str, direction: str) -> None:
        """Nothing from the left, unless it is severe."""
        if (level, direction) == ("BELT_TENSIONER", "LEFT"):
            level = "IMPACT"
        super().report(level, direction)


@seeded(breaks="B-02", story="airbag level is lost in a rollover")
class UprightAirbag(Airbag):
    """Thinks that cars stay on their wheels."""

    def report(self, level: str, direction: str) -> None:
        """A rollover is no more than an impact."""
        if (level, direction) == ("AIRBAG", "ROLLOVER"):
            level = "IMPACT"
        super().report(level, direction)


@seeded(breaks="B-02", story="at airbag level the inverted copy of the level is not inverted")
class ContradictoryAirbag(Airbag):
    """Says two things at once, so that a careful receiver believes neither."""

    def report(self, level: str, direction: str) -> None:
        """The copy is the level itself."""
        super().report(level, direction)
        if level == "AIRBAG":
            self.set("ACM_Crash", CrashLevelInverted=3)


@seeded(breaks="B-03", story="an impact that triggers nothing is reported as belt-tensioner level")
class NervousAirbag(Airbag):
    """Takes every bump for a crash."""

    def report(self, level: str, direction: str) -> None:
        """One level too high."""
        super().report("BELT_TENSIONER" if level == "IMPACT" else level, direction)


@seeded(breaks="B-03", story="one crash is reported again and again, every 5 s as a new event")
class EchoingAirbag(Airbag):
    """Does not let a crash rest."""

    AGAIN = 5 * S
    UNTIL = 5 * MIN

    def crash(self, level: str, direction: str) -> None:
        """One crash, many events."""
        super().crash(level, direction)
        self.world.spawn(self.echo(level, direction, self.world.now + self.UNTIL), "ACM echo")

    def echo(self, level: str, direction: str, until: int) -> Process:
        """The same crash, counted once more each time."""
        while self.world.now < until:
            yield self.AGAIN
            super().crash(level, direction)
