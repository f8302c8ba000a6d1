"""Telematics unit: what is a request for help, button lock, backup battery, and how it all stands (B-01 to B-16).

The call itself stands in `call_control`, the modem in `modem`.
"""

from __future__ import annotations

from collections.abc import Iterable

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.modem.modem import Modem
from emulation.ecus.modem.radio_service import REGISTERED
from emulation.ecus.telematics.backup_battery import BackupBattery
from emulation.ecus.telematics.call_control import CallControl
from emulation.ecus.telematics.conversation import Trigger
from emulation.ecus.telematics.health import Health
from emulation.ecus.telematics.locating import Locator
from emulation.ecus.telematics.modem_internet import ModemInternet
from emulation.ecus.telematics.services import Services
from emulation.ecus.telematics.services_remote import RemoteCommands
from emulation.ecus.telematics.signal_status import bars_of, registration_of
from emulation.ecus.telematics.sim_desk import SimDesk
from emulation.ecus.telematics.sleep import ConnectivitySleep
from emulation.ecus.telematics.theft import TheftService
from emulation.world import Condition, Process
from harness.units import MS, S

LEVELS = ("NONE", "IMPACT", "BELT_TENSIONER", "AIRBAG")


class Telematics(Ecu):
    """The unit with SOS, ON CALL and crash call, the vehicle modem, and a battery of its own."""

    node = "TCU"
    SLEEPS = False
    BOOT = 900 * MS

    CRASH_LEVELS: tuple[str, ...] = ("BELT_TENSIONER", "AIRBAG")
    """Levels that call for help by themselves."""
    QUALIFYING_FRAMES = 2
    """Valid crash frames in a row, of one event, that make a crash: one alone may be noise that a CRC let through."""
    LOCK_MODES: tuple[str, ...] = ("I", "II", "RUNNING")
    """Ignition modes in which the button lock can be set."""

    MODEM_TIMEOUT = 20 * S
    """Self-test: until the modem answers; it boots in 7.5 s at most."""
    STATUS_PERIOD = 1 * S

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.modem: Modem = bench.parts["modem"]
        self.calls: CallControl = bench.variant(CallControl)(self)
        self.internet: ModemInternet = bench.variant(ModemInternet)(self)
        self.sim_desk: SimDesk = bench.variant(SimDesk)(self)
        self.services: Services = bench.variant(Services)(self)
        self.remote: RemoteCommands = bench.variant(RemoteCommands)(self)
        self.locator: Locator = bench.variant(Locator)(self)
        self.theft: TheftService = bench.variant(TheftService)(self)
        self.connectivity: ConnectivitySleep = bench.variant(ConnectivitySleep)(self)
        self.health = Health(self)
        self.button_lock = "UNLOCKED"
        """Kept in non-volatile memory."""
        self.self_test = "RUNNING"
        self.backup: BackupBattery = bench.variant(BackupBattery)(self.world)
        self._served_event: SignalValue | None = None
        self._crash_event: SignalValue | None = None
        self._crash_frames = 0
        """In a row, of that event."""

    def processes(self) -> Iterable[Process]:
        """Everything that the unit does at a time."""
        self._served_event = self._crash_event = None
        self._crash_frames = 0
        self.health.crash_frame_at = self.world.now
        self.listen_for_crash()
        self.backup.charge()
        return [
            self.keep_modem(),
            self.test_itself(),
            self.watch_buttons(),
            self.watch_lock(),
            self.watch_battery(),
            self.health.watch(),
            self.publish(),
            self.calls.source.follow(),
            self.calls.source.follow_time(),
            self.internet.keep(),
            self.sim_desk.publish(),
            *self.services.processes(),
            *self.remote.processes(),
            *self.theft.processes(),
            *self.connectivity.processes(),
        ]

    # Requests for help

    def listen_for_crash(self) -> None:
        """Hear each crash frame with right CRC and counter from now on."""
        self.on_checked("ACM_Crash", self.crash_heard)

    def crash_heard(self, signals: dict[str, SignalValue]) -> None:
        """Call once for each crash event that is told of by enough valid frames, whatever ignition and lock are."""
        self.health.crash_frame_at = self.world.now
        event = signals["EventCount"]
        if signals["CrashLevel"] == "NONE":
            self._served_event = event
        if not self.is_crash(signals):
            self._crash_frames = 0
            return
        self._crash_frames = self._crash_frames + 1 if event == self._crash_event else 1
        self._crash_event = event
        if self._crash_frames >= self.QUALIFYING_FRAMES and self.is_new(event):
            self._served_event = event
            self.calls.request(Trigger.CRASH)

    def is_crash(self, signals: dict[str, SignalValue]) -> bool:
        """Whether a frame tells of a crash that calls; its inverted copy must agree."""
        level = signals["CrashLevel"]
        return level in self.CRASH_LEVELS and signals["CrashLevelInverted"] == 3 - LEVELS.index(str(level))

    def is_new(self, event: SignalValue) -> bool:
        """Whether nobody was called for this event yet."""
        return event != self._served_event

    def watch_buttons(self) -> Process:
        """Call when the overhead console counts a request, unless the buttons are locked (it should not ask then)."""
        served: SignalValue | None = None
        known: bytes | None = None
        while True:
            heard = self.heard("OHC_Status", known)
            yield heard
            known, signals = heard.value.data, self.decode(heard.value)
            if signals["RequestCount"] != served:
                served = signals["RequestCount"]
                trigger = self.asked_by(signals)
                if trigger is not None and not self.is_locked():
                    self.calls.request(trigger)

    def asked_by(self, signals: dict[str, SignalValue]) -> Trigger | None:
        """Which button asks for a call; SOS where both do."""
        if signals["Sos"] == "REQUESTED":
            return Trigger.SOS
        return Trigger.ON_CALL if signals["OnCall"] == "REQUESTED" else None

    # Button lock

    def is_locked(self) -> bool:
        """Whether the buttons are switched off."""
        return self.button_lock == "LOCKED"

    def watch_lock(self) -> Process:
        """Follow the settings when they change, in the ignition modes that allow it; a refused change stays refused."""
        wanted: SignalValue | None = None
        known: bytes | None = None
        while True:
            heard = self.heard("IHU_Settings", known)
            yield heard
            known = heard.value.data
            before, wanted = wanted, self.decode(heard.value)["ButtonLockRequest"]
            if before not in (None, wanted) and self.lock_may_change():
                self.button_lock = "LOCKED" if wanted == "LOCK" else "UNLOCKED"
                self.tell_status()

    def lock_may_change(self) -> bool:
        """Whether ignition is in a mode in which the button lock can be set."""
        return self.last("CEM_Ignition", "Mode") in self.LOCK_MODES

    # Supply

    def on_main_battery(self) -> bool:
        """Whether the car's battery supplies it."""
        return super().powered()

    def powered(self) -> bool:
        """On the main battery, or up already and on the backup battery."""
        return super().powered() or (self.running and not self.backup.over.happened)

    def power_changed(self) -> Condition:
        """The main battery changed, or the backup battery gives up."""
        return super().power_changed() | self.backup.over if self.running else super().power_changed()

    def watch_battery(self) -> Process:
        """Run on the backup battery while the main one is gone; it is charged again as soon as that is back."""
        while True:
            self.backup.charge()
            self.set("TCU_Status", BackupBattery="OK")
            while super().powered():
                yield self.battery.changed()
            while not super().powered():
                self.set("TCU_Status", BackupBattery="LOW" if self.backup.is_low else "IN_USE")
                self.judge("BACKUP_BATTERY_LOW", failed=self.backup.is_low)
                yield self.battery.changed() | self.world.after(self.STATUS_PERIOD)
                self.backup.spend(self.STATUS_PERIOD, talking=self.calls.running, needed=self.calls.active)

    # State

    def keep_modem(self) -> Process:
        """The modem lives as long as the unit does, and no call outlives it."""
        self.modem.power_on()
        try:
            yield self.world.condition("unit switched off")
        finally:
            self.calls.stop()
            self.modem.power_off()

    def test_itself(self) -> Process:
        """The self-test is passed once the modem answers."""
        self.self_test = "RUNNING"
        too_late = self.world.after(self.MODEM_TIMEOUT)
        while not (self.modem.awake or too_late.happened):
            yield self.modem.changed() | too_late
        self.self_test = "PASSED" if self.modem.awake else "FAILED"
        if not self.modem.awake:
            self.store_fault("MODEM_SILENT")
            self.store_fault("SELF_TEST_FAILED")
        self.tell_status()

    def publish(self) -> Process:
        """Tell CAN of the modem whenever it changes, and of the signal every second."""
        while True:
            self.tell_status()
            yield self.modem.changed() | self.due()

    def tell_status(self) -> None:
        """`TCU_Status` and `TCU_Network` as they are now."""
        registered = self.modem.registration in REGISTERED
        self.set(
            "TCU_Status",
            ButtonLock=self.button_lock,
            Registration=registration_of(self.modem),
            SelfTest=self.self_test,
            Ready=int(registered and self.self_test == "PASSED"),
        )
        dbm = self.modem.rsrp_dbm
        self.set(
            "TCU_Network",
            SignalBars=bars_of(dbm),
            Technology="LTE" if registered else "NONE",
            Rsrp=-160 if dbm is None else round(dbm),
            DataConnection=self.internet.state(),
        )

    def due(self) -> Condition:
        """When what is told every second is due again; while the network sleeps, when that wakes."""
        return self.sleep.changed() if self.sleep.asleep else self.world.after(self.STATUS_PERIOD)
