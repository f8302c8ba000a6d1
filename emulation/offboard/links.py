"""Which phones are linked to the car, on which profile, and who its users are (A-01, A-02, A-05, A-09, A-12)."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import OWNER, Accounts, DeliveryCentre
from emulation.offboard.connect import Connect, Delivery
from emulation.offboard.link_rules import OWNER_PROFILE, Link
from emulation.offboard.records import Records
from harness.units import MS, H


class Links:
    """The register of links; the car is told of every change as soon as it can be reached."""

    TOLD_WITHIN = 24 * H
    """So long the car is sought to be told (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._world = bench.world
        self._records: Records = bench.parts["records"]
        self._accounts: Accounts = bench.parts["accounts"]
        self._connect: Connect = bench.parts["connect"]
        centre: DeliveryCentre = bench.parts["delivery_centre"]
        centre.on_sale.append(self.sold)
        self._telling: list[Delivery] = []
        self.links = [self.first()]

    def first(self) -> Link:
        """Phone 1 is the owner's, and linked: what every bench begins with."""
        return Link(1, OWNER, OWNER_PROFILE, administrator=True, since=self._world.now, attempt=0)

    def as_usual(self) -> None:
        """That link and no other; the car hears of it once the data link has forgotten what was under way."""
        self.links = [self.first()]
        self._world.call_at(self._world.now + 1 * MS, self._tell)

    def of_phone(self, phone: int) -> Link | None:
        """The link of a phone."""
        return next((link for link in self.links if link.phone == phone), None)

    def of_profile(self, profile: str) -> Link | None:
        """The link of a profile."""
        return next((link for link in self.links if link.profile == profile), None)

    def users(self) -> list[str]:
        """Polestar IDs of all users, in the order in which they were linked; two phones on one ID are one user."""
        return list(dict.fromkeys(link.account for link in self.links))

    def add(self, link: Link) -> None:
        """A new link stands."""
        self.links.append(link)
        self._tell()

    def delete(self, link: Link, by: str) -> None:
        """A link is over, from this moment on, whatever the car knows."""
        self.links.remove(link)
        self._records.add("linking", "unlinked", phone=link.phone, profile=link.profile, account=link.account, by=by)
        self._tell()

    def sold(self) -> None:
        """The car has another owner: whoever was linked under the old one is not any more."""
        for link in list(self.links):
            self.delete(link, "sale")

    def _tell(self, _argument: object = None) -> None:
        """What the car has not heard yet is taken back, so that it can come neither twice nor in a wrong order."""
        for delivery in self._telling:
            delivery.cancel()
        names = {link.profile: self.name(link) for link in self.links}
        self._telling = [
            self._connect.send("links", self.TOLD_WITHIN, profiles=names),
            self._connect.send("linked_users", self.TOLD_WITHIN, count=len(self.users())),
        ]

    def name(self, link: Link) -> str:
        """Of its user."""
        account = self._accounts.find(link.account)
        return link.account if account is None else account.name
