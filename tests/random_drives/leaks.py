"""Off-board services that put a secret on record: no fault of the product's own does, so that these stand here."""

from __future__ import annotations

from emulation.faults import seeded
from emulation.offboard.accounts import Account, Accounts, DeliveryCentre, Verdict
from emulation.offboard.network import RadioNetwork
from emulation.world import Condition


@seeded(breaks="B-27", story="the delivery centre's record names the PIN that it was given")
class IndiscreetCentre(DeliveryCentre):
    """Writes down what it hears."""

    def verify_pin(self, account: str, pin: str) -> Verdict:
        """And by which PIN."""
        self._records.add("delivery_centre", "heard", pin=pin)
        return super().verify_pin(account, pin)


@seeded(breaks="A-04", story="the record of a login names the password")
class IndiscreetAccounts(Accounts):
    """Writes down what is typed."""

    def login(self, identity: str, password: str) -> Account | None:
        """And by which password."""
        self._records.add("accounts", "typed", text=f"{identity}:{password}")
        return super().login(identity, password)


@seeded(breaks="B-10", story="the network's record names the whole IMSI")
class IndiscreetNetwork(RadioNetwork):
    """Masks nothing."""

    def attach(self, imsi: str) -> Condition:
        """And who it was."""
        self._records.add("network", "asked", subscriber=imsi)
        return super().attach(imsi)
