"""Which phones are linked to the car, on which profile, and who its users are (A-01, A-02, A-05, A-09, A-12)."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import OWNER
from emulation.offboard.connect import Connect
from emulation.offboard.link_rules import OWNER_PROFILE, Link
from emulation.offboard.records import Records
from harness.units import H


class Links:
    """The register of links; the car is told of every change as soon as it can be reached."""

    TOLD_WITHIN = 24 * H
    """So long the car is sought to be told (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._world = bench.world
        self._records: Records = bench.parts["records"]
        self._connect: Connect = bench.parts["connect"]
        self.links: list[Link] = []
        self.as_usual()

    def as_usual(self) -> None:
        """Phone 1 is the owner's, and linked; nothing else is."""
        self.links = [Link(1, OWNER, OWNER_PROFILE, administrator=True, since=self._world.now, attempt=0)]

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
        self._tell_users()

    def delete(self, link: Link, by: str) -> None:
        """A link is over, from this moment on, whatever the car knows."""
        self.links.remove(link)
        self._records.add("linking", "unlinked", phone=link.phone, profile=link.profile, account=link.account, by=by)
        self._connect.send("unlink", self.TOLD_WITHIN, profile=link.profile)
        self._tell_users()

    def _tell_users(self) -> None:
        self._connect.send("linked_users", self.TOLD_WITHIN, count=len(self.users()))
