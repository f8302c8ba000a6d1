"""Chargers that keep, use or lose contracts against the manual (C-13 ... C-16)."""

from __future__ import annotations

from collections.abc import Iterable

from emulation.ecus.charger.contract_link import ContractLink
from emulation.ecus.charger.contract_store import Contract, ContractStore
from emulation.faults import seeded
from emulation.offboard.pki_messages import InstallationResponse
from emulation.world import Process
from harness.units import S


@seeded(breaks="C-13", story="what the workshop erased is still shown")
class SilentErasure(ContractStore):
    """Erases, and tells nobody."""

    def delete(self) -> None:
        """Without a word."""
        self.contract = None


@seeded(breaks="C-13", story="after an erasure the car asks for no contract any more")
class ErasedForGood(ContractStore):
    """Takes an erasure for the end."""

    def wants_install(self) -> bool:
        """Only the first time."""
        return super().wants_install() and not self.installed


@seeded(breaks="C-13", story="a workshop that erases the contract erases the provisioning certificate with it")
class ErasesTooMuch(ContractStore):
    """Knows one eraser."""

    def delete(self) -> None:
        """Everything."""
        super().delete()
        self.delete_provisioning()


@seeded(breaks="C-13", story="the charger answers the erasure with yes, and keeps the contract")
class UnerasableStore(ContractStore):
    """Erases nothing."""

    def delete(self) -> None:
        """Nothing."""
        self.tell()


@seeded(breaks="C-14", story="a contract that is switched off is told as in use")
class AlwaysUsable(ContractStore):
    """Looks at the certificate alone."""

    def usable(self) -> bool:
        """Whether it is valid."""
        return self.state() == "VALID"


@seeded(breaks="C-14", story="the charger never hears that Plug & Charge was switched off")
class OnceAllowed(ContractStore):
    """Hears of ON only."""

    def allow(self, on: bool) -> None:
        """On."""
        if on:
            super().allow(on)


@seeded(breaks="C-14", story="after a boot the contract may be used until the head unit says that it may not")
class AllowedAtBoot(ContractLink):
    """Begins with the best."""

    def processes(self) -> Iterable[Process]:
        """With everything allowed."""
        self.store.allowed = True
        return super().processes()


@seeded(breaks="C-15", story="a contract that was removed is back ten seconds later")
class Resurrection(ContractStore):
    """Only hides it."""

    def delete(self) -> None:
        """For ten seconds."""
        kept = self.contract
        super().delete()
        self.charger.world.call_at(self.charger.world.now + 10 * S, self.bring_back, kept)

    def bring_back(self, kept: Contract | None) -> None:
        """As if nothing had been."""
        if kept is not None and self.contract is None:
            self.contract = kept
            self.tell()


@seeded(breaks="C-15", story="a charger that boots takes the bin's counter for a touch of the bin")
class BootsWithBin(ContractLink):
    """Compares with zero."""

    def follow_driver(self) -> Process:
        """Every first count that is not zero removes."""
        heard = self.charger.heard("IHU_Charging")
        yield heard
        if self.count("RemoveCount"):
            self.store.delete()
        yield from super().follow_driver()


@seeded(breaks="C-16", story="the contract that was installed first stays for ever")
class FirstStays(ContractStore):
    """Takes one contract in its life."""

    def is_newer(self, response: InstallationResponse) -> bool:
        """Never, once there is one."""
        return self.contract is None and super().is_newer(response)


@seeded(breaks="C-16", story="whatever contract comes takes the old one's place, older ones as well")
class LastComes(ContractStore):
    """Does not look at dates."""

    def is_newer(self, response: InstallationResponse) -> bool:
        """Always."""
        return True
