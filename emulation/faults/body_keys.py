"""Body modules whose keys or start permission break one clause each (A-06, A-07, B-26)."""

from __future__ import annotations

from emulation.ecus.body.immobiliser import Immobiliser
from emulation.ecus.body.keys import DELIVERED, KeyRegister
from emulation.faults import seeded


@seeded(breaks="A-06", story="a lost key that the workshop has blocked still counts as one of the car's")
class UnforgivingRegister(KeyRegister):
    """Blocks no key."""

    def counting(self) -> set[int]:
        """All that were ever taught."""
        return self.registered


@seeded(breaks="A-06", story="a newly ordered key does not count, so that it may be anywhere")
class ConservativeRegister(KeyRegister):
    """Knows the keys it was delivered with."""

    def counting(self) -> set[int]:
        """No new one among them."""
        return super().counting() & DELIVERED


@seeded(breaks="A-06", story="somebody else's fob in the cabin stands in for a key that is missing")
class HospitableRegister(KeyRegister):
    """Counts whatever lies inside."""

    def inside(self) -> set[int]:
        """Foreign fobs as well."""
        return set(self._inside)


@seeded(breaks="A-06", story="once it has seen a key inside, it takes it for inside for ever")
class DreamyRegister(KeyRegister):
    """Does not notice that a key is taken out."""

    def _lies(self, place: set[int], fob: int, there: bool) -> None:
        if there or place is not self._inside:
            super()._lies(place, fob, there)


@seeded(breaks="A-07", story="a key beside the car counts as one inside")
class ShortSightedRegister(KeyRegister):
    """Cannot tell its antennas apart."""

    def inside(self) -> set[int]:
        """Inside or near."""
        return (self._inside | self._near) & self.counting()


@seeded(breaks="A-07", story="a key that the workshop has blocked counts as a key inside")
class ForgivingRegister(KeyRegister):
    """Looks only at who was ever taught."""

    def inside(self) -> set[int]:
        """Blocked ones as well."""
        return self._inside & self.registered


@seeded(breaks="A-07", story="key 2 is not found where it lies, so that a user who has only that one cannot be linked")
class OneKeyRegister(KeyRegister):
    """Searches for key 1 alone."""

    def inside(self) -> set[int]:
        """Key 1, or nothing."""
        return super().inside() & {1}


@seeded(breaks="B-26", story="disabled from afar, key 2 still starts the car")
class HalfImmobiliser(Immobiliser):
    """Refuses key 1 alone."""

    def may_start(self) -> bool:
        """With key 2 always."""
        return 2 in self.body.keys.inside() or super().may_start()


@seeded(breaks="B-26", story="unlocking a disabled car with its key lets it start again")
class PersuadedImmobiliser(Immobiliser):
    """Believes whoever has a key."""

    def lock_changed(self) -> None:
        """Enabled by an unlocking."""
        if not self.body.lock.locked:
            self.disabled = False
        super().lock_changed()


@seeded(breaks="B-26", story="disabled while it is driven, the engine stops")
class StoppingImmobiliser(Immobiliser):
    """Obeys at once."""

    def disable(self) -> None:
        """And stops what runs."""
        super().disable()
        if self.body.mode_now == "RUNNING":
            self.body.set("CEM_Ignition", Mode="II")


@seeded(breaks="B-26", story="a battery that was taken off and put back lets a disabled car start")
class ForgetfulImmobiliser(Immobiliser):
    """Keeps nothing without supply."""

    def boot(self) -> None:
        """As from the factory."""
        self.disabled = False
        super().boot()


@seeded(breaks="B-26", story="it tells that the keys are disabled, and they start the car all the same")
class BraggingImmobiliser(Immobiliser):
    """Says so, and does nothing."""

    def may_start(self) -> bool:
        """Always."""
        return True
