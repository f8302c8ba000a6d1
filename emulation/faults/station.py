"""Stations and back offices that break one clause each of public charging (C-06, C-08, C-09, C-12)."""

from __future__ import annotations

from typing import Any, Literal

from emulation.faults import seeded
from emulation.offboard.charge_operator import ChargeOperator
from emulation.offboard.pki_messages import Chain
from emulation.offboard.secc import Secc
from emulation.offboard.secc_answers import FINISHED, SeccAnswers
from emulation.offboard.station import ChargingStation, Session
from emulation.world import Process


@seeded(breaks="C-06", story="the station asks for a card although the contract was accepted")
class CardOnly(SeccAnswers):
    """Waits for a customer whatever was chosen."""

    def authorization(self, said: dict[str, Any]) -> dict[str, Any]:
        """As for external payment."""
        del said
        return self.by_customer()


@seeded(breaks="C-06", story="nobody is billed for what was charged by contract")
class FreeOfCharge(ChargeOperator):
    """Bills cards alone."""

    def bill(self, session: Session) -> None:
        """Not for contracts."""
        if session.payment != "contract":
            super().bill(session)


@seeded(breaks="C-08", story="the station lets the car charge while the provider is still being asked")
class TrustingStation(SeccAnswers):
    """Says Finished at once, and authorises in advance."""

    def by_contract(self, said: dict[str, Any]) -> dict[str, Any]:
        """Whatever the provider will say."""
        answer = super().by_contract(said)
        if answer["code"] != "OK" or self.session.authorised is not None:
            return answer
        self.session.authorised = self.world.now
        return {"code": "OK", "processing": FINISHED}


@seeded(breaks="C-08", story="a contract that its provider refuses is accepted by the operator")
class GenerousOperator(ChargeOperator):
    """Asks, and does not listen."""

    def clear(self, chain: Chain) -> Process:
        """Every contract is good."""
        yield from super().clear(chain)
        return ""


@seeded(breaks="C-08", story="the contactor stays closed when the cable is pulled out of the car")
class WeldedStation(ChargingStation):
    """Its contactor has welded."""

    def may_deliver(self) -> bool:
        """Once closed, closed."""
        return self.contactor or super().may_deliver()


@seeded(breaks="C-09", story="the station takes a car that is plugged in again for the visit before")
class ForgetlessSecc(Secc):
    """Goes on where it was."""

    def close(self) -> None:
        """Keep what was said."""
        if self.previous is None:
            super().close()

    def _judge(self, name: str, said: dict[str, Any]) -> dict[str, Any] | Process:
        if name == "SupplyEquipmentDiscovery" and self.previous is not None:
            return {"code": "FAILED_SequenceError"}
        return super()._judge(name, said)


@seeded(breaks="C-12", story="the station does not take an identification once a car tried Plug & Charge")
class StubbornStation(ChargingStation):
    """One way of payment a visit."""

    def identify(self, means: Literal["card", "app"]) -> None:
        """Only where nothing was said yet."""
        if self.session is None or not self.session.messages:
            super().identify(means)


@seeded(breaks="C-12", story="an identification is kept for whoever comes next")
class OpenStation(ChargingStation):
    """Forgets to forget."""

    kept: Literal["card", "app"] | None = None

    def identify(self, means: Literal["card", "app"]) -> None:
        """For ever."""
        super().identify(means)
        self.kept = means

    def _plugged(self) -> None:
        super()._plugged()
        if self.kept is not None:
            self.identify(self.kept)


@seeded(breaks="C-12", story="a station without digital communication offers current to anybody")
class OpenPost(ChargingStation):
    """Puts the duty on as soon as a car is there."""

    def _plugged(self) -> None:
        super()._plugged()
        if self.session is not None and self.session.communication == "basic":
            self.authorise("external")
