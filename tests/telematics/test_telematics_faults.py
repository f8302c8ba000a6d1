"""Each seeded fault of telematics unit and modem breaks what its story says, and the sound car does not."""

from functools import partial

import pytest

from emulation.ecus.modem.sim import Sim
from emulation.faults import catalogue
from harness.units import MIN, MS, S
from tests.telematics.car import PIN, Car, play_crash_frames
from tests.telematics.test_telematics_unit import want_lock


def calls_after_crash(car, level="AIRBAG", direction="FRONT"):
    car.crash(level, direction)
    car.run(1 * S)
    return len(car.dialled) == 1


def quiet_after_frames(car, **wrong):
    play_crash_frames(car, 20 if wrong else 1, **wrong)
    return car.dialled == []


def quiet_after_impact(car):
    car.crash("IMPACT")
    car.run(1 * S)
    return car.dialled == []


def one_call_a_crash(car):
    car.crash()
    car.informed()
    car.connected().hang_up("remote")
    car.run(10 * S)
    return len(car.dialled) == 1


def message_is(car, act, **expected):
    getattr(car, act)()
    told = car.informed()
    return {name: told[name] for name in expected} == expected


def position_is_right(car):
    car.sos()
    told = car.informed()
    return abs(told["latitude"] - car.sky.latitude) < 1e-4


def old_position_is_doubted(car):
    car.sky.fix = False
    car.run(10 * S)
    return message_is(car, "sos", position_trusted=False)


def bad_position_is_doubted(car):
    car.sky.accuracy_m = 900.0
    car.run(3 * S)
    return message_is(car, "sos", position_trusted=False)


def sends_a_message(car, act):
    getattr(car, act)()
    car.connected()
    car.run(10 * S)
    return len(car.messages) == 1


def has_voice(car, act):
    car.speak()
    getattr(car, act)()
    call = car.connected()
    car.run(8 * S)
    return call.voice_contact and car.bench.line("speaker").ac_volts > 0.5


def falls_back_to(car, act, numbers):
    if numbers[0] == "+9993355501":
        car.network.change(country="FR")
        car.network.schedule(12 * S, country="GB")
    car.behave(car.assistance, mode="busy")
    getattr(car, act)()
    car.run(1 * MIN)
    told = [call["number"] for call in car.dialled]
    return [told[0], told[-1]] == numbers


def lock_follows(car, mode, wanted):
    car.ignition(mode)
    want_lock(car, "LOCK")
    return car.unit.is_locked() == wanted


def lock_spares_crash_call(car):
    car.ignition("I")
    want_lock(car, "LOCK")
    return calls_after_crash(car)


def lock_opens(car):
    car.ignition("I")
    want_lock(car, "LOCK")
    want_lock(car, "UNLOCK")
    return not car.unit.is_locked()


def attaches_in_time(car):
    for _ in range(12):
        car.modem.set_functionality(0)
        car.run(1 * S)
        car.modem.set_functionality(1)
        car.run(15 * S)
        if car.modem.registration != 1:
            return False
    return True


def both_sources_agree(car):
    car.modem.set_functionality(0)
    car.modem.set_functionality(1)
    said = car.until_registered()
    car.run(5 * S)
    return said >= car.records("network", "attached")[-1].time


def told_when_the_network_knows(car):
    car.modem.set_functionality(0)
    car.modem.set_functionality(1)
    said = car.until_registered()
    return said - car.records("network", "attached")[-1].time < 50 * MS


def a_late_cell_is_found(car):
    car.network.set_cell(False)
    car.run(45 * S)
    car.network.set_cell(True)
    car.run(20 * S)
    return car.modem.registration == 1


def boots_in_time(car):
    car.modem.restart()
    begun = car.world.now
    return car.until_registered() - begun < 18 * S


def registers_at_9_v(car):
    car.power(9.0)
    car.modem.restart()
    car.run(30 * S)
    return car.modem.registration == 1


def pin_is_waited_for(car):
    car.modem.insert(Sim(pin_enabled=True))
    car.run(30 * S)
    return car.modem.registration != 1


def pin_registers(car):
    car.modem.insert(Sim(pin_enabled=True))
    car.at(f"AT+CPIN={PIN}")
    car.run(15 * S)
    return car.modem.registration == 1


PROOFS = {
    "BeltLevelIgnored": partial(calls_after_crash, level="BELT_TENSIONER"),
    "RearCrashIgnored": partial(calls_after_crash, direction="REAR"),
    "RolloverIgnored": partial(calls_after_crash, direction="ROLLOVER"),
    "WrongCrcAccepted": partial(quiet_after_frames, wrong_crc=True),
    "RepeatedCounterAccepted": partial(quiet_after_frames, counters=0),
    "SingleFrameCalls": quiet_after_frames,
    "ImpactCalls": quiet_after_impact,
    "CallsTwice": one_call_a_crash,
    "CrashMessageManual": partial(message_is, act="crash", automatic=True),
    "PositionSwapped": position_is_right,
    "StalePositionTrusted": old_position_is_doubted,
    "DoubtfulPositionTrusted": bad_position_is_doubted,
    "CrashWithoutMessage": partial(sends_a_message, act="crash"),
    "SpeakerMuted": partial(has_voice, act="crash"),
    "HomeNumberCalled": partial(falls_back_to, act="crash", numbers=["+9993355501", "999"]),
    "BorderIgnored": partial(falls_back_to, act="crash", numbers=["+9993355501", "999"]),
    "CrashNeverFallsBack": partial(falls_back_to, act="crash", numbers=["+9994655501", "112"]),
    "EmergencyFirst": partial(falls_back_to, act="crash", numbers=["+9994655501", "112"]),
    "SosWithoutMessage": partial(sends_a_message, act="sos"),
    "SosMessageAutomatic": partial(message_is, act="sos", automatic=False),
    "SosNeverFallsBack": partial(falls_back_to, act="sos", numbers=["+9994655501", "112"]),
    "MicrophoneDead": partial(has_voice, act="sos"),
    "LockRefusedInIgnitionI": partial(lock_follows, mode="I", wanted=True),
    "LockRefusedWhileRunning": partial(lock_follows, mode="RUNNING", wanted=True),
    "LockTakenInIgnitionOff": partial(lock_follows, mode="OFF", wanted=False),
    "LockStopsCrashCall": lock_spares_crash_call,
    "LockNeverOpens": lock_opens,
    "OnCallMute": partial(has_voice, act="on_call"),
    "OnCallTakenForSos": partial(message_is, act="on_call", trigger="on_call"),
    "OnCallFallsBack": partial(falls_back_to, act="on_call", numbers=["+9994655501", "+9994655501"]),
    "SlowAttach": attaches_in_time,
    "RegisteredTooEarly": both_sources_agree,
    "PinNeedsRestart": pin_registers,
    "TellsLate": told_when_the_network_knows,
    "Impatient": a_late_cell_is_found,
    "SlowBoot": boots_in_time,
    "DimModem": registers_at_9_v,
    "PinIgnored": pin_is_waited_for,
}
"""By fault: a behaviour that the sound car has, and the one with the fault has not."""

OWN_MODULES = ("emulation.faults.telematics", "emulation.faults.telematics_calls", "emulation.faults.modem")


def test_there_is_a_proof_for_every_fault_of_this_room():
    assert {fault.name for fault in catalogue() if fault.module in OWN_MODULES} == set(PROOFS)


@pytest.mark.parametrize("fault", PROOFS)
def test_the_fault_breaks_what_the_sound_car_does(fault):
    assert PROOFS[fault](Car())
    assert not PROOFS[fault](Car(faults=(fault,)))
