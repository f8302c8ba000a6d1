"""Chargers that break one clause each of charging by contract (C-06, C-08, C-09, C-12)."""

from __future__ import annotations

from typing import Any, ClassVar

from emulation.ecus.charger.charging import Charging
from emulation.ecus.charger.evcc import Evcc, Refusal
from emulation.faults import seeded
from emulation.world import Process
from harness.units import S


@seeded(breaks="C-06", story="the car never asks for a contract over the cable: the driver needs a card after all")
class NeverInstalls(Charging):
    """Leaves the certificate service alone."""

    def get_contract(self, offer: dict[str, Any]) -> Process:
        """As if the station did not offer it."""
        yield from super().get_contract({**offer, "installation": False})


@seeded(breaks="C-06", story="any station is believed, whoever signed its certificate")
class CredulousCar(Evcc):
    """Does not look at the chain."""

    def believe(self, chain: tuple[Any, ...]) -> None:
        """Whatever it is."""


@seeded(breaks="C-06", story="a station that has fallen silent is given up after 10 s, instead of 2 s")
class PatientCar(Evcc):
    """Has one timer for everything."""

    MESSAGE_TIMEOUT = 10 * S


@seeded(breaks="C-06", story="a certificate installation is given up after 2 s, as if it were any other message")
class ImpatientCar(Evcc):
    """Knows no slow messages."""

    SLOW: ClassVar = {}


@seeded(breaks="C-08", story="the car asks for current as soon as it is plugged in")
class EagerCar(Charging):
    """Closes S2 first, and talks then."""

    def talk(self) -> Process:
        """State C from the beginning."""
        self.charger.pilot.switch(True)
        yield from super().talk()


@seeded(breaks="C-08", story="the charger tells of charging while the contract is still being checked")
class BoastfulCar(Charging):
    """Says it before it is so."""

    def authorise(self) -> Process:
        """CHARGING while the provider is asked."""
        self.charger.tell(State="CHARGING")
        yield from super().authorise()


@seeded(breaks="C-08", story="a busy station is waited for without end, and charging begins whenever it answers")
class EndlessCar(Evcc):
    """Has no timer for a station that is busy."""

    ONGOING: ClassVar = {"Authorization": 600 * S, "CableCheck": 600 * S, "PreCharge": 600 * S}


@seeded(breaks="C-08", story="a busy station is given up after 30 s, half of its time")
class HastyCar(Evcc):
    """Its timer is too short."""

    ONGOING: ClassVar = {"Authorization": 30 * S, "CableCheck": 40 * S, "PreCharge": 7 * S}


@seeded(breaks="C-08", story="a yes of the provider that comes after the car has given up still starts charging")
class LingeringCar(Evcc):
    """Does not close the connection."""

    def hang_up(self) -> None:
        """Leaves it open."""


@seeded(breaks="C-08", story="the car stays in state C after the session has ended")
class StickyCar(Charging):
    """Forgets to open S2."""

    def finish(self) -> Process:
        """Without the end."""
        yield from self.evcc.ask("SessionStop")
        self.charger.tell(State="FINISHED")
        yield from self.evcc.wait()


@seeded(breaks="C-09", story="after a failure Plug & Charge is not tried again until the battery was off")
class OffendedCar(Charging):
    """Remembers what failed."""

    failed = False

    def plug_and_charge(self) -> Process:
        """Once is enough."""
        if self.failed:
            raise Refusal("NOT_OFFERED")
        yield from super().plug_and_charge()

    def fail(self, reason: str) -> Process:
        """Remember."""
        self.failed = True
        yield from super().fail(reason)


@seeded(breaks="C-09", story="the next attempt still tells the reason of the one before")
class ResentfulCar(Charging):
    """Does not clear what it told."""

    FRESH: ClassVar = {}


@seeded(breaks="C-09", story="a plug that follows another one is looked at only after a minute")
class SlowCar(Charging):
    """Protects its contacts."""

    def visit(self) -> Process:
        """After a pause."""
        if self.attempts:
            yield from self.evcc.pause(60 * S)
        yield from super().visit()


@seeded(breaks="C-12", story="after Plug & Charge has failed the car does nothing more")
class SulkingCar(Charging):
    """Knows no other way."""

    def charge_by_customer(self) -> Process:
        """Until the cable is out."""
        yield from self.evcc.wait()


@seeded(breaks="C-12", story="a station that does not talk is waited for in vain")
class TalkativeCar(Charging):
    """Does not read the duty."""

    def charge_by_duty(self) -> Process:
        """Until the cable is out."""
        self.charger.tell(State="WAITING_FOR_IDENTIFICATION", Payment="EXTERNAL")
        yield from self.evcc.wait()


@seeded(breaks="C-12", story="a customer who takes longer than a minute is given up")
class CurtCar(Evcc):
    """Has one timer for all waiting."""

    def ask_until_finished(self, name: str, **said: Any) -> Process:
        """A minute, whoever is waited for."""
        began = self.world.now
        while True:
            answer: dict[str, Any] = yield from self.ask(name, **said)
            if answer["processing"] == "Finished":
                return answer
            if self.world.now - began > self.ONGOING[name]:
                raise Refusal("AUTHORISATION_TIMEOUT")
            yield from self.pause(self.REPEAT)
