"""Who looks after charging in the car: its settings, the account with the contract, the workshop (C-01 ... C-17)."""

from __future__ import annotations

from contextlib import suppress

from harness.actors.actor import Actor
from harness.actors.display import Display
from harness.bench import Bench
from harness.can.uds import Uds
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.units import S, pretty

CHARGING = ("Settings", "Charging")
ADVANCED = (*CHARGING, "Advanced")
PLUG_AND_CHARGE = (*ADVANCED, "Plug & Charge")
LEARN_MORE = (*PLUG_AND_CHARGE, "Learn more")
ACCOUNT = (*CHARGING, "Account")
"""Pages of the centre display."""

SWITCH = "IHU_Settings.PlugAndCharge"
STATE, USE = "OBC_Contract.State", "OBC_Contract.UseAllowed"
SHOWN = {
    "NONE": "No contract installed",
    "VALID": "Contract installed",
    "EXPIRED": "Contract expired",
    "INVALID": "Contract damaged",
}
"""What the display says for `OBC_Contract.State`, in English."""
RAW = ("NONE", "VALID", "EXPIRED", "NOT_YET", "INVALID")

PCID_DID, EMAID_DID, STATE_DID = 0x4C01, 0x4C02, 0x4C03
CHECK_CONTRACT, ERASE_CONTRACT, ERASE_PROVISIONING, RESTORE_PROVISIONING = 0x0C01, 0x0C03, 0x0C04, 0x0C05
"""Of the charger (vehicle/diagnostics.toml)."""
NAMES_HEARD = 10 * S
"""So soon after a boot the display knows the names of certificates, which come in parts (bench default)."""


class ChargingSettings(Actor):
    """On the display, on CAN and over UDS; raises `ExpectationError` where the three say different things."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.display = Display(bench)

    # The switch

    def goes_to_switch(self) -> None:
        """From the first page, touch by touch as a driver does: Settings, Charging, Advanced, Plug & Charge."""
        self.display.opens()
        for element in ("settings", "charging", "advanced", "plug_and_charge"):
            self.display.taps(element)
        self.display.sees_page(*PLUG_AND_CHARGE)

    def switches(self, on: bool) -> int:
        """Switch Plug & Charge; returns when CAN told of it (ns)."""
        wanted, network = "ON" if on else "OFF", self.bench.networks["body"]
        self.display.opens(*PLUG_AND_CHARGE)
        start = self.note("plug_and_charge", wanted=wanted)
        if self.display.shows("plug_and_charge") != wanted:
            self.display.taps("plug_and_charge")
        when = network.expect(SWITCH, wanted, limit("charging_setting"), since=start)
        self.display.sees("plug_and_charge", wanted)
        return when

    def expects_offered(self) -> None:
        """Wait until the switch can be touched."""
        self.display.opens(*PLUG_AND_CHARGE)
        if not self.until(lambda: self.bench.head_unit.is_enabled("plug_and_charge"), limit("charging_support")):
            raise ExpectationError(
                f"expected Plug & Charge to be on offer; it is greyed out: {self.display.shows('hint')}"
            )

    def expects_not_offered(self, reason: str) -> None:
        """Wait until the switch is greyed out, and the page gives `reason`; nothing on CAN may follow a touch."""
        self.display.opens(*PLUG_AND_CHARGE)
        within = limit("charging_support")
        if not self.until(lambda: not self.bench.head_unit.is_enabled("plug_and_charge"), within):
            raise ExpectationError(
                f"expected Plug & Charge to be greyed out within {pretty(within)} ({reason}); it can be switched"
            )
        self.display.sees("hint", reason)
        before, since = self.bench.networks["body"].value(SWITCH), self.now()
        with suppress(ExpectationError):  # the display says so itself
            self.display.taps("plug_and_charge")
        self.clock.sleep(limit("charging_setting"))
        if any(change.value != before for change in self.timeline.signal(SWITCH, since)):
            raise ExpectationError("expected a greyed out switch to do nothing; CAN tells of another setting")

    def learns_more(self) -> str:
        """Touch Learn more, and return what is explained there."""
        self.display.opens(*PLUG_AND_CHARGE)
        self.display.taps("learn_more")
        self.display.sees_page(*LEARN_MORE)
        told = " ".join(text for text in self.bench.head_unit.texts().values() if text)
        if len(told.split()) < 8:
            raise ExpectationError(f"expected an explanation behind Learn more; the page says {told!r}")
        return told

    # Who the car is

    def reads_pcid(self) -> str:
        """The PCID as the display shows it, 17 or 18 letters and digits. Raises `ExpectationError`."""
        self.display.opens(*PLUG_AND_CHARGE)

        def shown() -> str:
            return self.display.shows("pcid") or ""

        if not self.until(lambda: len(shown()) in (17, 18) and shown().isalnum(), NAMES_HEARD):
            raise ExpectationError(
                f"expected the display to show a PCID of 17 or 18 letters and digits within {pretty(NAMES_HEARD)}; it "
                f"shows {shown()!r}"
            )
        return shown()

    # The contract

    def expects_contract(self, state: str, since: int | None = None) -> None:
        """Wait until CAN, UDS and the charging settings say that the contract is `state` (`NONE`, `VALID` ...)."""
        within = limit("contract_shown")
        self.bench.networks["body"].expect(STATE, state, within, since)
        self.display.opens(*CHARGING)
        self.display.sees("contract", SHOWN[state], within)
        if (told := self.state_by_uds()) != state:
            raise ExpectationError(f"expected the charger to say over UDS that the contract is {state}; it says {told}")

    def expects_use(self, allowed: bool) -> None:
        """Wait until CAN says that the contract may be used, or not, and the account with it."""
        wanted, within = "YES" if allowed else "NO", limit("contract_shown")
        self.bench.networks["body"].expect(USE, wanted, within, self.now())
        self.display.opens(*ACCOUNT)
        self.display.sees("use", "In use" if allowed else "Not in use", within)

    def expects_listed(self, emaid: str) -> None:
        """The account lists the contract of that eMAID, and UDS knows it as well."""
        self.display.opens(*ACCOUNT)
        printed = "-".join((emaid[:2], emaid[2:5], emaid[5:14], emaid[14:]))
        self.display.sees("emaid", printed, NAMES_HEARD)
        if (told := self.emaid_by_uds()) != emaid:
            raise ExpectationError(f"expected the charger to keep contract {emaid}; over UDS it says {told or 'none'}")

    def removes(self) -> int:
        """Touch the bin in the account; returns when (ns)."""
        self.display.opens(*ACCOUNT)
        start = self.note("removes_contract")
        self.display.taps("remove")
        return start

    def adds(self) -> int:
        """Touch what asks for a new contract; returns when (ns). Raises `ExpectationError` where it is greyed out."""
        self.display.opens(*ACCOUNT)
        start = self.note("adds_contract")
        self.display.taps("add")
        return start

    def can_add(self) -> bool:
        """Whether the account lets a contract be added."""
        self.display.opens(*ACCOUNT)
        return self.bench.head_unit.is_enabled("add")

    # The workshop

    @property
    def charger(self) -> Uds:
        """Diagnostics of the charger."""
        return self.bench.diagnostics["charger"]

    def state_by_uds(self) -> str:
        """The contract's state as the charger says it to a workshop."""
        return RAW[self.charger.read(STATE_DID)[0]]

    def emaid_by_uds(self) -> str:
        """The eMAID that a workshop reads; empty where there is none."""
        return self.charger.text(EMAID_DID)

    def pcid_by_uds(self) -> str:
        """The PCID that a workshop reads; empty without a provisioning certificate."""
        return self.charger.text(PCID_DID)

    def workshop_does(self, routine: int) -> bytes:
        """Run a routine of the charger in an unlocked session; returns its status record."""
        self.note("workshop", routine=f"0x{routine:04X}")
        with self.charger.in_session("extended"):
            self.charger.unlock()
            return self.charger.routine(routine)

    def workshop_erases_contract(self) -> int:
        """What a visit to a workshop may do; returns when (ns)."""
        start = self.now()
        self.workshop_does(ERASE_CONTRACT)
        return start
