"""The parked car as a bench that was just made has it: unlocked, no key about, none blocked, alarm off, free to start.

For a bench with a past. Its relays are open already, so every door is closed and every key away (B-26 ... B-34, A-06).
"""

from __future__ import annotations

from harness.actors.actor import Actor
from harness.actors.doors import Door, Doors
from harness.actors.keys import SETTLES, Keys
from harness.actors.workshop import Workshop
from harness.errors import BenchError
from harness.units import S

DELIVERED = 2
"""Keys that belong to the car from the factory."""
OBEYS = 2 * S
"""So soon the body module has obeyed a command on CAN (bench default)."""
COUNTS = 16
"""Values of `TCU_Remote.RequestCount`."""


class ParkedCar(Actor):
    """Put right through the car's own wires, once it is powered."""

    def as_usual(self) -> None:
        """Whatever the test before left of keys, locks, alarm and immobiliser; nothing without a body module."""
        body = self.bench.restbus["body"]
        if "key_1_unlock" not in self.bench.lines or "body" in body.played:
            return
        self._keys()
        self._start_permission()
        self._doors()
        self.note("parked_as_usual")

    def _keys(self) -> None:
        value = self.bench.networks["body"].value
        if value("CEM_Keys.Registered") != DELIVERED or value("CEM_Keys.Blocked") != 0:
            Workshop(self.bench).restores_keys()

    def _start_permission(self) -> None:
        """Disabled from afar: released as the telematics unit would do it, whose place the harness takes for that."""
        network, restbus = self.bench.networks["body"], self.bench.restbus["body"]
        if network.value("CEM_Keys.Immobiliser") != "DISABLED_REMOTELY":
            return
        taken = "telematics" not in restbus.played
        remote = (restbus.take_over("telematics") if taken else restbus.played["telematics"])["TCU_Remote"]
        self.clock.sleep(1 * S)  # the body module takes up the count of whoever speaks now
        self.note("released_by_tester")
        remote.set(Command="RELEASE", RequestCount=(int(remote.values["RequestCount"]) + 1) % COUNTS)
        obeyed = self.clock.wait(lambda: network.value("CEM_Keys.Immobiliser") != "DISABLED_REMOTELY", OBEYS)
        remote.set(Command="NONE")
        if taken:
            restbus.give_back("telematics")
        if not obeyed:
            raise BenchError(
                "the car is still disabled from afar, by a test before: CEM_Keys.Immobiliser does not follow "
                "TCU_Remote. Have Assistance release it"
            )

    def _doors(self) -> None:
        """Key 1 unlocks and lies inside, which releases the start; a door that is opened keeps the car unlocked.

        What a crash has opened cannot be locked from afar, so that a key unlocks it as well.
        """
        keys, doors, network = Keys(self.bench), Doors(self.bench), self.bench.networks["body"]
        as_made = {"CEM_Lock.State": "UNLOCKED", "CEM_Alarm.State": "DISARMED", "CEM_Keys.Immobiliser": "RELEASED"}
        crashed = network.value("CEM_Lock.LastCause") == "CRASH"
        if crashed or any(network.value(signal) != value for signal, value in as_made.items()):
            doors.expects_unlocked(since=keys.unlocks(1))
            keys.inside(1)
            network.expect("CEM_Keys.Immobiliser", "RELEASED", OBEYS)
            keys.away(1)
            self.clock.sleep(SETTLES)
        doors.forces(Door.DRIVER)
        doors.close(Door.DRIVER)
