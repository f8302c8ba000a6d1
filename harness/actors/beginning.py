"""How a test begins on a bench that has a past: car, lab and world outside as they were before any test (all clauses).

An emulated bench is born with each test. A served or a real one keeps what the test before left behind, or what a
killed run did: settings, calls, cases, fault memory, SIM, sky, coverage, behaviours. All of it is put right by the
interfaces that every bench has, and the car is switched off altogether, so that it boots as for the first time.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from harness.actors.actor import Actor
from harness.actors.car import Car
from harness.actors.charging_settings import RESTORE_PROVISIONING, SWITCH, ChargingSettings
from harness.actors.connectivity import Connectivity
from harness.actors.controls import Ignition
from harness.actors.display import Display
from harness.actors.driver import Driver
from harness.actors.parked_car import ParkedCar
from harness.actors.provider import Provider
from harness.actors.theft_desk import TheftDesk
from harness.actors.workshop import BOOT_TIME, POWER_DOWN_TIME, TEST_PIN, TEST_PUK, Workshop
from harness.bench.safety import do_all, steps
from harness.can.uds import UdsError
from harness.errors import BenchError
from harness.offboard import CENTRES
from harness.units import MS, S, pretty

SKY: dict[str, Any] = {
    "satellites": 9,
    "fix": True,
    "accuracy_m": 4.0,
    "speed_kmh": 0.0,
    "heading_deg": 0.0,
    "altitude_m": 12.0,
    "antenna": True,
}
"""Open sky above a parked car, as a bench has it that was just made (bench default)."""
BEHAVIOUR: dict[str, Any] = {
    "mode": "answers",
    "answer_delay": 3 * S,
    "drop_after": None,
    "countries": None,
    "speaks": True,
}
"""A centre that takes calls after three seconds of ringing, everywhere, and talks (bench default)."""
CLEAR_CRASH_RECORD = 0x0303
"""Routine of the airbag module (vehicle/diagnostics.toml)."""
SILENT = 500 * MS
"""A unit whose message of 100 ms has not come for so long is off."""
LINKED = 15 * S
"""So soon after it is ready a car with coverage is in the Internet, after one failure as well (bench default)."""
TOLD = 3 * S
"""So long after that the car has told what it kept of the test before: each word takes a second (bench default)."""
WITHOUT_POWER = 1 * S
"""So long without battery, and what lives on a capacitor is off as well."""


class Beginning(Actor):
    """Brings a bench with a past to the state in which every test begins."""

    def everything_off(self) -> None:
        """The world outside as usual, every output off, the car without power and without a word on CAN.

        Raises `BenchError` where the bench cannot be brought there.
        """
        do_all(steps(self.bench.instruments))
        self._world_as_usual()
        self._car_off()
        self.bench.offboard.begin()
        self.timeline.forget()
        self.note("begins")

    def cell_on(self) -> None:
        """The cell on air: takes some seconds, in which a car may boot."""
        self.network_tester.set_cell(True)

    def car_as_usual(self) -> None:
        """Once it is powered: no PIN asked for, no crash on record, ignition and alarm off, unlocked."""
        if "modem" in self.bench.file.serial:
            self.bench.modem.wait_answering(BOOT_TIME)
            self._sim_as_usual()
        self._clear_crash()
        ParkedCar(self.bench).as_usual()

    def linked(self) -> int:
        """Wait until the car is in the Internet; who never comes there is left to the test. Returns when (ns)."""
        body = self.bench.networks["body"]
        if "telematics" not in self.bench.restbus["body"].played:
            self.clock.wait(lambda: body.value("TCU_Services.Connect") == "ON", LINKED)
        return self.now()

    def ready_as_usual(self) -> None:
        """Once it is ready: settings as they leave the factory, and nothing left to be told of the test before."""
        self.buttons_unlocked()
        self.display_as_usual()
        heard_out = self.linked() + TOLD
        self.untracked()
        self.charging_as_usual()
        self.clock.sleep(max(heard_out - self.now(), 0))

    def buttons_unlocked(self) -> None:
        """Once it is ready: the button lock as it leaves the factory."""
        body, driver = self.bench.networks["body"], Driver(self.bench)
        if body.value("TCU_Status.ButtonLock") == "LOCKED":
            before = body.value("CEM_Ignition.Mode")
            driver.ignition(Ignition.I)
            driver.unlocks_buttons()
            driver.ignition(str(before or Ignition.OFF))

    def untracked(self) -> None:
        """Once it is ready: nobody tracks the car."""
        body = self.bench.networks["body"]
        if body.value("TCU_Services.Tracking") == "ON":
            TheftDesk(self.bench).closes_all()
            body.expect("TCU_Services.Tracking", "OFF", 30 * S)

    def display_as_usual(self) -> None:
        """Once it has booted, as from the factory: English, the owner's profile, data shared, Internet by modem."""
        if "head_unit" not in self.bench.file.serial:
            return
        display, body = Display(self.bench), self.bench.networks["body"]
        if body.value("IHU_Settings.Profile") != "OWNER":
            display.chooses_profile("OWNER")
        if body.value("IHU_Settings.DataSharing") != "ON":
            display.shares_data(True)
        if body.value("IHU_Settings.ModemInternetRequest") != "ON":
            Connectivity(self.bench).touches_switch()
        display.chooses_language("english")
        display.opens()

    def charging_as_usual(self) -> None:
        """Once it is ready: Plug & Charge off, no contract in the car, and the certificate that it was made with."""
        body, car = self.bench.networks["body"], ChargingSettings(self.bench)
        if "charger" not in self.bench.diagnostics or "charger" in self.bench.restbus["body"].played:
            return
        if body.value("OBC_Contract.Provisioned") == "NO":
            car.workshop_does(RESTORE_PROVISIONING)
        if body.value("OBC_Contract.State") != "NONE":
            car.workshop_erases_contract()
        if "head_unit" in self.bench.file.serial:
            car.expects_offered()
            if body.value(SWITCH) != "OFF":
                car.switches(False)
                Provider(self.bench).expects_switched(False)
            Display(self.bench).opens()

    # Outside

    def _world_as_usual(self) -> None:
        offboard, file = self.bench.offboard, self.bench.file
        offboard.request("POST", "/world/as-usual")
        offboard.forget_schedule()
        for centre in CENTRES:
            offboard.set_behaviour(centre, **BEHAVIOUR)
            offboard.give_up(centre)
            for call in offboard.connected(centre):
                with suppress(BenchError):  # it may have ended meanwhile
                    offboard.hang_up(centre, call)
        for case in offboard.cases():
            if case["closed"] is None:
                offboard.close_case(case["id"], emergency=True)
        country = file.bench.country
        offboard.set_network(coverage="full", country=country, plmn=file.bench.plmn[0], reject_cause=None)
        land = offboard.countries()[country]
        offboard.set_position(latitude=land.latitude, longitude=land.longitude, **SKY)

    # The car

    def _car_off(self) -> None:
        """Wait until the telematics unit, which has a battery of its own, has gone as well; tell it to where it stays.

        A unit that awaits a call-back would stay for an hour.
        """
        self.clock.sleep(WITHOUT_POWER)
        if self._is_off() or "telematics" in self.bench.restbus["body"].played:
            return
        with suppress(UdsError):  # it may go off at this very moment, or refuse: then it has its time
            self.bench.diagnostics["telematics"].reset()
        if not self.until(self._is_off, POWER_DOWN_TIME):
            raise BenchError(
                f"expected the telematics unit to be off {pretty(POWER_DOWN_TIME)} after its battery was taken away "
                "and it was reset; it still sends TCU_Status. Is its supply the one of [line.battery]?"
            )

    def _is_off(self) -> bool:
        return not self.timeline.signal("TCU_Status.Ready", self.now() - SILENT)

    def _sim_as_usual(self) -> None:
        """A SIM that asks for its PIN, or has lost it, belongs to the test before."""
        modem = self.bench.modem
        state = modem.sim_state()
        if state == "SIM PUK":
            modem.at.command(f'AT+CPIN="{TEST_PUK}","{TEST_PIN}"', 15 * S)
            self.note("pin_unblocked")
        if state in ("SIM PIN", "SIM PUK"):
            Workshop(self.bench).forget_pin(asked_for=True)

    def _clear_crash(self) -> None:
        """What a crash left in the airbag module, where there is one."""
        if Car(self.bench).state("ACM_Status.SystemState") != "DEPLOYED":
            return
        airbag = self.bench.diagnostics["airbag"]
        with airbag.in_session("extended"):
            airbag.unlock()
            airbag.routine(CLEAR_CRASH_RECORD)
        self.note("crash_record_cleared")
