"""How the car charges, plug to plug: by contract, else by who identifies himself, else by duty alone (C-06 ... C-12).

Current is asked for (S2 closed, pilot C) only once somebody pays. Where Plug & Charge fails the reason is told, and
normal charging remains; the next plug is a new attempt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from emulation.control_pilot import AMPERES_A_PERCENT
from emulation.ecus.charger.evcc import Evcc, Refusal, Unplugged
from emulation.world import Process
from harness.units import MS, S

if TYPE_CHECKING:
    from emulation.ecus.charger.charger import Charger

Answer = dict[str, Any]

DIGITAL = (0.03, 0.07)
BASIC = (0.08, 0.97)
"""Duties that ask for digital communication, and that offer current (IEC 61851-1, table A.8)."""
PHASES, PHASE_VOLTS = 3, 230.0
ONBOARD_KILOWATTS = 11.0
"""What the charger can make of alternating current."""
WRONG = {
    "signature wrong": "SIGNATURE_WRONG",
    "key is for another car": "KEY_WRONG",
    "contract: certificate expired": "CONTRACT_EXPIRED",
    "contract: unknown root": "CONTRACT_REFUSED",
    "contract: chain broken": "CONTRACT_REFUSED",
}
"""`OBC_Charging.Reason` by what the store finds wrong with a contract that came."""
STILL_GOOD = "older than the contract that is there"
"""No reason to give up: there is a newer one."""


class Charging:
    """One visit to a station after the other."""

    FRESH: ClassVar[dict[str, str]] = {"Reason": "NONE"}
    """What is forgotten of the attempt before."""
    SETTLE = 100 * MS
    """A plug that bounces is not yet plugged in (own choice)."""
    LOOK = 3 * S
    """So long the pilot may take to say whether the station wants to talk (own choice)."""
    FAILED_SHOWN = 5 * S
    """How long a failure is shown before normal charging is offered (own choice)."""
    LOOP = 5 * S
    """Between two messages while it charges; the station waits for 60 s (own choice)."""

    def __init__(self, charger: Charger) -> None:
        self.charger = charger
        self.world = charger.world
        self.evcc: Evcc = charger.bench.variant(Evcc)(charger)
        self.attempts = 0

    def run(self) -> Process:
        """A visit whenever the cable is plugged in; without supply S2 falls open."""
        charger = self.charger
        try:
            while True:
                charger.tell(State="UNPLUGGED")
                yield charger.cable.pressed()
                yield self.SETTLE
                try:
                    yield from self.visit()
                except Unplugged:
                    self.leave()
        finally:
            charger.pilot.switch(False)
            charger.lamp.show("UNPLUGGED")

    def leave(self) -> None:
        """The cable is out: everything as before it came."""
        charger = self.charger
        charger.pilot.switch(False)
        interrupted = charger.told("State") in {"CONNECTING", "INSTALLING", "AUTHORISING"}
        reason = "UNPLUGGED" if interrupted else charger.told("Reason")
        charger.tell(Payment="NONE", Communication="NONE", Step="NONE", Reason=reason)

    def visit(self) -> Process:
        """From the plug on. Raises `Unplugged` at its end."""
        self.attempts = (self.attempts + 1) % 16
        self.charger.tell(State="PLUGGED", Attempt=self.attempts, **self.FRESH)
        if (yield from self.is_digital()):
            self.charger.tell(Communication="DIGITAL")
            yield from self.talk()
        else:
            self.charger.tell(Communication="BASIC", Reason=self.why_basic())
            yield from self.charge_by_duty()

    def is_digital(self) -> Process:
        """Whether the duty asks for digital communication; a pilot that rests is waited for."""
        looked = self.world.after(self.LOOK)
        while not looked.happened:
            duty = self.charger.pilot.duty
            if duty is not None:
                return DIGITAL[0] <= duty <= DIGITAL[1]
            yield from self.evcc.wait(looked, self.charger.pilot.changed())
        return False

    def why_basic(self) -> str:
        """Why there is no Plug & Charge at a station that does not talk."""
        return "NO_DIGITAL_COMMUNICATION" if self.charger.store.allowed else "SWITCHED_OFF"

    # By contract

    def talk(self) -> Process:
        """By contract where that is switched on and works, else by who identifies himself at the station."""
        try:
            yield from self.plug_and_charge()
        except Refusal as refusal:
            yield from self.fail(refusal.reason)
            yield from self.charge_by_customer()

    def plug_and_charge(self) -> Process:
        """Raises `Refusal` where it does not work; `Unplugged`."""
        if not self.charger.store.allowed:
            raise Refusal("SWITCHED_OFF")
        self.charger.tell(State="CONNECTING", Payment="CONTRACT")
        yield from self.evcc.connect(tls=True)
        offer: Answer = yield from self.evcc.ask("ServiceDiscovery")
        if "Contract" not in offer["payments"]:
            raise Refusal("NOT_OFFERED")
        yield from self.get_contract(offer)
        yield from self.authorise()
        yield from self.charge()

    def get_contract(self, offer: Answer) -> Process:
        """Choose payment by contract; have one installed where it is wanted and the station offers that."""
        store, evcc = self.charger.store, self.evcc
        if not (store.wants_install() and offer["installation"]):
            if not store.usable():
                raise Refusal("CONTRACT_EXPIRED" if store.state() == "EXPIRED" else "NO_CONTRACT")
            yield from evcc.ask("PaymentServiceSelection", payment="Contract")
            return
        self.charger.tell(State="INSTALLING")
        yield from evcc.ask("ServiceDetail")
        yield from evcc.ask("PaymentServiceSelection", payment="Contract")
        try:
            answer: Answer = yield from evcc.ask("CertificateInstallation", request=store.request(evcc.session))
        except Refusal:
            if not store.usable():
                raise
            return  # what there is will do
        wrong = store.install(answer["response"], evcc.session)
        if wrong and not (wrong == STILL_GOOD and store.usable()):
            raise Refusal(WRONG.get(wrong, "INSTALLATION_REFUSED"))

    def authorise(self) -> Process:
        """Show the contract, prove that it is this car's, and wait until the station says that it is good."""
        store = self.charger.store
        self.charger.tell(State="AUTHORISING")
        assert store.contract is not None  # usable
        shown: Answer = yield from self.evcc.ask(
            "PaymentDetails", emaid=store.contract.emaid, chain=store.contract.chain
        )
        yield from self.evcc.ask_until_finished("Authorization", signature=store.sign(shown["challenge"]))

    def fail(self, reason: str) -> Process:
        """Plug & Charge does not work: say why, long enough to be seen. That it is switched off is no failure."""
        self.evcc.hang_up()
        self.charger.pilot.switch(False)
        self.charger.tell(Reason=reason, Payment="NONE")
        if reason != "SWITCHED_OFF":
            self.charger.tell(State="FAILED")
            yield from self.evcc.pause(self.FAILED_SHOWN)

    # By customer

    def charge_by_customer(self) -> Process:
        """The driver identifies himself at a station that talks; in vain where it does not even do that."""
        try:
            yield from self.ask_customer()
            yield from self.charge()
        except Refusal as refusal:
            self.evcc.hang_up()
            self.charger.pilot.switch(False)
            self.charger.tell(State="FAILED", Reason=refusal.reason)
            yield from self.evcc.wait()

    def ask_customer(self) -> Process:
        """A communication of its own, which needs no certificate."""
        evcc = self.evcc
        yield from evcc.connect(tls=False)
        yield from evcc.ask("ServiceDiscovery")
        yield from evcc.ask("PaymentServiceSelection", payment="ExternalPayment")
        self.charger.tell(State="WAITING_FOR_IDENTIFICATION", Payment="EXTERNAL")
        yield from evcc.ask_until_finished("Authorization")

    def charge_by_duty(self) -> Process:
        """The duty says that somebody has paid, and for how much current."""
        charger = self.charger
        while True:
            charger.pilot.switch(False)
            charger.tell(State="WAITING_FOR_IDENTIFICATION", Payment="EXTERNAL")
            while not BASIC[0] <= (charger.pilot.duty or 0.0) <= BASIC[1]:
                yield from self.evcc.wait(charger.pilot.changed())
            amperes = (charger.pilot.duty or 0.0) * 100 * AMPERES_A_PERCENT
            charger.limit = min(ONBOARD_KILOWATTS, amperes * PHASE_VOLTS * PHASES / 1_000)
            charger.tell(State="AUTHORISED")
            charger.pilot.switch(True)
            while charger.pilot.duty is not None:
                yield from self.evcc.wait(charger.pilot.changed())

    # Current

    def charge(self) -> Process:
        """Ask for current, and keep asking until the station wants an end. Raises `Refusal`, `Unplugged`."""
        charger, evcc = self.charger, self.evcc
        charger.tell(State="AUTHORISED")
        offer: Answer = yield from evcc.ask("ChargeParameterDiscovery")
        charger.limit = offer["kilowatts"]
        charger.pilot.switch(True)
        if offer["dc"]:
            yield from evcc.ask_until_finished("CableCheck")
            yield from evcc.ask_until_finished("PreCharge")
        yield from evcc.ask("PowerDelivery", progress="Start")
        status: Answer = {"notification": "None"}
        while status["notification"] == "None":
            yield from evcc.pause(self.LOOP)
            status = yield from evcc.ask("CurrentDemand" if offer["dc"] else "ChargingStatus")
        yield from self.finish()

    def finish(self) -> Process:
        """End in order, and stay until the cable is taken out."""
        yield from self.evcc.ask("PowerDelivery", progress="Stop")
        self.charger.pilot.switch(False)
        yield from self.evcc.ask("SessionStop")
        self.charger.tell(State="FINISHED")
        yield from self.evcc.wait()
