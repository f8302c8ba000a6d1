"""The vehicle modem: power, SIM and calls (B-20 to B-24). How it registers stands in `radio_service`."""

from __future__ import annotations

from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.ecus.modem.at_port import AtPort
from emulation.ecus.modem.call_leg import BusyError, CallLeg, LegState, NoServiceError, ServiceCategory
from emulation.ecus.modem.card_holder import CardHolder
from emulation.ecus.modem.packet_data import PacketData
from emulation.ecus.modem.radio_service import REGISTERED, RadioService, Registration
from emulation.ecus.modem.sim import Sim, SimState
from emulation.offboard.calls import Call
from emulation.offboard.countries import COUNTRIES
from emulation.offboard.network import RadioNetwork
from emulation.world import Condition, Process, Task
from harness.units import MS, S

BOOT = (5_000 * MS, 6_000 * MS, 7_500 * MS)  # least, most likely and most (own choice: what such modules need)

RELEASE = 10 * S  # a usual inactivity timer, after which the network releases the radio connection
RING_EVERY = 5 * S  # the cadence of RING is the maker's choice
EMERGENCY_NUMBERS = frozenset({"112", "911"})  # with any SIM, anywhere (3GPP TS 22.101, 10.1.1)
EMERGENCY_NUMBERS_WITHOUT_SIM = frozenset({"000", "08", "110", "118", "119", "999"})  # the same


class Modem:
    """One LTE modem with one SIM; the telematics unit powers it and calls by it, the tester sees it on its AT port."""

    IMEI: ClassVar[str] = "004999010640000"
    MAKER: ClassVar[str] = "Connect HIL"
    MODEL: ClassVar[str] = "CM-1 LTE"
    REVISION: ClassVar[str] = "CM1.04.02"

    def __init__(self, bench: EmulatedBench) -> None:
        self.world = bench.world
        self.network: RadioNetwork = bench.parts["network"]
        self.random = bench.world.random("modem")
        self.sim: Sim | None = bench.variant(Sim)()
        self.holder: CardHolder = bench.variant(CardHolder)(self, bench)
        self.powered = False
        self.awake = False
        """Booted: the AT port answers."""
        self.functionality: int = 1
        """`+CFUN`: 0 off, 1 full, 4 radio off."""
        self.message_centre = "+46700000000"  # of the laboratory's SIM
        """`+CSCA`: the number of the short message centre."""
        self.leg: CallLeg | None = None
        self.service: RadioService = bench.variant(RadioService)(self)
        self.port: AtPort = bench.variant(AtPort)(self, bench.port("modem"))
        self._changed: Condition | None = None
        self._rung: Condition | None = None
        self._boot_task: Task | None = None
        self._release: Task | None = None
        self.packet: PacketData = bench.variant(PacketData)(self)

    @property
    def registration(self) -> Registration:
        """What the modem says of its registration."""
        return self.service.registration

    def changed(self) -> Condition:
        """Happens when power, SIM or registration next change."""
        if self._changed is None:
            self._changed = self.world.condition("modem changed")
        return self._changed

    def tell(self) -> None:
        """Power, SIM or registration have changed."""
        if self._changed is not None:
            changed, self._changed = self._changed, None
            changed.happen()

    def draw(self, delay: tuple[int, int, int]) -> int:
        """A delay in ns from its least, most likely and most."""
        least, likely, most = delay
        return round(self.random.triangular(least, most, likely))

    # Power and SIM

    def power_on(self) -> None:
        """Supply the modem; it boots, and registers by itself. Without effect where it is on."""
        if not self.powered:
            self.powered, self.functionality = True, 1
            self._boot_task = self.world.spawn(self._boot(), "modem boot")
            self.tell()

    def power_off(self) -> None:
        """Shut down: calls end, the network is told."""
        if self._boot_task is not None:
            self._boot_task.stop()
        self.hang_up()
        self.powered = self.awake = False
        self.service.update()
        self.tell()

    def restart(self) -> None:
        """`+CFUN=1,1`: shut down and boot."""
        self.power_off()
        self.power_on()

    def set_functionality(self, level: int) -> None:
        """`+CFUN`: 0 minimum, 1 full, 4 radio off. From 0 the SIM starts anew."""
        if level != 1:
            self.hang_up()
        if level and not self.functionality:
            self._start_sim()
        self.functionality = level
        self.service.update()
        self.tell()

    def insert(self, sim: Sim | None) -> None:
        """Change the card in the holder; None takes it out."""
        self.sim = sim
        self.card_moved()

    def card_moved(self) -> None:
        """Another card, or the same one that has lost its contacts or has them back: it starts anew."""
        self._start_sim()
        self.sim_changed()

    def sim_changed(self) -> None:
        """PIN or PUK were entered, or the card changed."""
        if self.awake:
            self.port.announce_sim()
            self.service.update()
            self.tell()

    def _boot(self) -> Process:
        self._start_sim()
        yield self.draw(BOOT)
        self.awake = True
        self.port.announce_start()
        self.service.update()
        self.tell()

    def _start_sim(self) -> None:
        if self.sim is not None:
            self.sim.power_up()

    @property
    def sim_state(self) -> SimState:
        """What `+CPIN?` says; with `+CFUN=0` the card has no power."""
        found = self.holder.state(self.sim)
        return found if self.functionality or found is SimState.ABSENT else SimState.UNREADABLE

    @property
    def imsi(self) -> str | None:
        """The subscriber, once the SIM is open."""
        return self.sim.imsi if self.sim is not None and self.sim_state is SimState.READY else None

    # Calls

    def dial(self, number: str, ecall: ServiceCategory | None = None, *, by_port: bool = False) -> Call:
        """Call `number`, as an emergency call of the car where `ecall` is given.

        Raises `BusyError` where a call is on, `NoServiceError` where none can go out.
        """
        if self.leg is not None:
            raise BusyError
        category = ecall if ecall is not None else self.emergency_category(number)
        if not self.serves(emergency=category is not None):
            raise NoServiceError(emergency_only=self.serves(emergency=True))
        call = self.network.dial(self.imsi or f"IMEI{self.IMEI}", number, category)
        self._take(CallLeg(call, LegState.DIALLING, by_port, ecall))
        return call

    def serves(self, *, emergency: bool) -> bool:
        """Whether a call can go out now: an emergency call under any cell, others where the modem is registered."""
        camped = self.awake and self.functionality == 1 and self.network.receivable
        return camped and (emergency or self.registration in REGISTERED)

    @property
    def country(self) -> str:
        """The country of the cell (ISO 3166-1): a real network's PLMN tells it, the lab's says `network.country`."""
        return self.network.country

    @property
    def rsrp_dbm(self) -> float | None:
        """Reference signal received power in dBm; None without radio or cell."""
        return self.network.rsrp_dbm if self.awake and self.functionality == 1 else None

    def emergency_category(self, number: str) -> ServiceCategory | None:
        """What an emergency call to `number` is; None where it is no emergency number here."""
        numbers = EMERGENCY_NUMBERS | {COUNTRIES[self.country].emergency_number}
        if self.imsi is None:
            numbers |= EMERGENCY_NUMBERS_WITHOUT_SIM
        return ServiceCategory.UNSPECIFIED if number in numbers else None

    def incoming(self) -> Condition:
        """Happens when a call next rings here, at once where one does; its value is the `Call`."""
        if self.leg is not None and self.leg.state is LegState.INCOMING:
            ringing = self.world.condition("call rings at the modem")
            ringing.happen(self.leg.call)
            return ringing
        if self._rung is None:
            self._rung = self.world.condition("call rings at the modem")
        return self._rung

    def hang_up(self) -> None:
        """End the call; without effect where there is none."""
        if self.leg is not None:
            self.leg.call.hang_up("local")

    def take_incoming(self, call: Call) -> None:
        """The network pages: `call` rings here."""
        self._take(CallLeg(call, LegState.INCOMING))
        if self._rung is not None:
            rung, self._rung = self._rung, None
            rung.happen(call)

    def _take(self, leg: CallLeg) -> None:
        self.leg = leg
        if self._release is not None:
            self._release.stop()
        self._connect_radio(connected=True)
        self.port.announce_call(leg)
        self.world.spawn(self._follow(leg), "modem call")

    def _follow(self, leg: CallLeg) -> Process:
        call = leg.call
        if leg.state is LegState.INCOMING:
            while not (call.answered.happened or call.ended.happened):
                self.port.announce_ring(leg)
                yield call.answered | call.ended | self.world.after(RING_EVERY)
        else:
            yield call.alerting | call.ended
            if call.alerting.happened:
                self._enter(leg, LegState.ALERTING)
                yield call.answered | call.ended
        if call.answered.happened:
            self._enter(leg, LegState.ACTIVE)
            yield call.ended
        self.leg = None
        self._enter(leg, LegState.ENDED)
        self._release = self.world.spawn(self._release_radio(), "radio release")

    def _enter(self, leg: CallLeg, state: LegState) -> None:
        leg.state = state
        self.port.announce_call(leg)

    def _release_radio(self) -> Process:
        yield RELEASE
        self._connect_radio(connected=False)

    def _connect_radio(self, *, connected: bool) -> None:
        if self.imsi is not None:
            self.network.set_rrc(self.imsi, connected)
