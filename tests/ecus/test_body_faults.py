"""Seeded faults of keys, locks and alarm: each shows on CAN what its story says, and a healthy module does not."""

import pytest

from emulation.faults import body_alarm, body_keys, body_locks, part_of
from harness.units import MIN, MS, S
from tests.ecus.body_car import BodyCar
from tests.ecus.test_body_keys import unlock_security

CEM = (0x711, 0x719)


def car_with(fault=None):
    return BodyCar(faults=None if fault is None else {part_of(fault): fault})


def workshop(car, routine, key):
    unlock_security(car)
    car.ask(f"31 01 03 {routine} 0{key}", *CEM)


def registered_after_block(car):
    workshop(car, "11", 2)
    return car.now("CEM_Keys", "Registered")


def registered_after_teaching(car):
    workshop(car, "12", 3)
    return car.now("CEM_Keys", "Registered")


def inside(car, **lies):
    for key, where in lies.items():
        car.lay(int(key[-1]), where)
    return car.now("CEM_Keys", "Inside")


def inside_after_leaving(car):
    car.lay(1, "inside")
    return inside(car, key_1="away")


def inside_though_blocked(car):
    workshop(car, "11", 2)
    return inside(car, key_2="inside")


def starts_disabled(car):
    car.lay(2, "inside")
    car.remote("IMMOBILISE")
    return car.starts()


def starts_unlocked_anew(car):
    car.lay(2, "inside")
    car.remote("IMMOBILISE")
    car.button(2, "lock")
    car.button(2, "unlock")
    return car.starts()


def goes_on(car):
    assert car.starts()
    car.remote("IMMOBILISE")
    return car.now("CEM_Ignition", "Mode")


def starts_after_power_loss(car):
    car.remote("IMMOBILISE")
    car.power(0).run(1 * S)
    car.power().run(1 * S)
    return car.starts()


def unlocks(car, *, handle=None, after=2 * S, time=30):
    """What the lock is, and whether for the driver alone, after a signal, and a handle where one is given."""
    car.button(1, "lock")
    car.remote("UNLOCK", time)
    car.run(after)
    if handle:
        car.handle(handle)
    return car.now("CEM_Lock", "State"), car.now("CEM_Lock", "DriverDoorOnly")


def second_request(car):
    car.button(1, "lock")
    car.remote("UNLOCK", 5)
    car.remote("UNLOCK", 30)
    car.run(20 * S)
    return car.now("CEM_Remote", "State")


def waits_after(after, time=30):
    def look(car):
        unlocks(car, after=after, time=time)
        return car.now("CEM_Remote", "State")

    return look


def alarm_by(what):
    def look(car):
        car.button(1, "lock")
        if what == "tilt":
            car.drive("tilt", 5)
            car.run(50 * MS)
        else:
            car.door(what)
        return car.now("CEM_Alarm", "State")

    return look


def alarm_in_peace(car):
    car.door()
    return car.now("CEM_Alarm", "State")


def armed_again(car):
    car.button(1, "lock")
    car.door()
    car.button(1, "unlock")
    car.door(is_open=False)
    car.button(1, "lock")
    return car.now("CEM_Alarm", "State")


def off_by_key(car):
    car.button(1, "lock")
    car.door()
    car.button(1, "unlock")
    return car.now("CEM_Alarm", "State")


def off_from_afar(car):
    unlocks(car, handle="driver")
    return car.now("CEM_Alarm", "DisarmedBy")


@pytest.mark.parametrize(
    ("fault", "look", "healthy", "broken"),
    [
        (body_keys.UnforgivingRegister, registered_after_block, 1, 2),
        (body_keys.ConservativeRegister, registered_after_teaching, 3, 2),
        (body_keys.HospitableRegister, lambda car: inside(car, key_1="inside", key_3="inside"), 1, 2),
        (body_keys.DreamyRegister, inside_after_leaving, 0, 1),
        (body_keys.ShortSightedRegister, lambda car: inside(car, key_1="near"), 0, 1),
        (body_keys.ForgivingRegister, inside_though_blocked, 0, 1),
        (body_keys.OneKeyRegister, lambda car: inside(car, key_2="inside"), 1, 0),
        (body_keys.HalfImmobiliser, starts_disabled, False, True),
        (body_keys.PersuadedImmobiliser, starts_unlocked_anew, False, True),
        (body_keys.StoppingImmobiliser, goes_on, "RUNNING", "II"),
        (body_keys.ForgetfulImmobiliser, starts_after_power_loss, False, True),
        (body_keys.BraggingImmobiliser, starts_disabled, False, True),
        (body_locks.EagerUnlock, unlocks, ("LOCKED", "NO"), ("UNLOCKED", "NO")),
        (body_locks.LonelyLock, lambda car: unlocks(car, handle="driver"), ("UNLOCKED", "NO"), ("UNLOCKED", "YES")),
        (
            body_locks.OneHandleUnlock,
            lambda car: unlocks(car, handle="rear_left"),
            ("UNLOCKED", "NO"),
            ("LOCKED", "NO"),
        ),
        (body_locks.DeafUnlock, lambda car: unlocks(car, handle="driver"), ("UNLOCKED", "NO"), ("LOCKED", "NO")),
        (body_locks.PatientUnlock, waits_after(3 * MIN, time=120), "RELOCKED", "WAITING_FOR_HANDLE"),
        (body_locks.StubbornUnlock, waits_after(40 * S), "RELOCKED", "WAITING_FOR_HANDLE"),
        (body_locks.SlowUnlock, waits_after(32 * S), "RELOCKED", "WAITING_FOR_HANDLE"),
        (
            body_locks.ObligingUnlock,
            lambda car: unlocks(car, handle="driver", after=40 * S),
            ("LOCKED", "NO"),
            ("UNLOCKED", "NO"),
        ),
        (body_locks.FirstComeUnlock, second_request, "WAITING_FOR_HANDLE", "RELOCKED"),
        (body_locks.HastyUnlock, waits_after(29 * S), "WAITING_FOR_HANDLE", "RELOCKED"),
        (body_alarm.BlindAlarm, alarm_by("bonnet"), "TRIGGERED", "ARMED"),
        (body_alarm.NumbAlarm, alarm_by("tilt"), "TRIGGERED", "ARMED"),
        (body_alarm.TiredAlarm, armed_again, "ARMED", "DISARMED"),
        (body_alarm.NervousAlarm, alarm_in_peace, "DISARMED", "TRIGGERED"),
        (body_alarm.KeyDeafAlarm, off_by_key, "DISARMED", "TRIGGERED"),
        (body_alarm.CredulousAlarm, off_from_afar, "REMOTE", "KEY"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_fault_does_what_its_story_says(fault, look, healthy, broken):
    assert look(car_with()) == healthy
    assert look(car_with(fault)) == broken


def test_every_fault_of_the_three_modules_is_tried_above():
    (cases,) = [mark.args[1] for mark in test_a_fault_does_what_its_story_says.pytestmark]
    seeded = {
        cls
        for module in (body_keys, body_locks, body_alarm)
        for cls in vars(module).values()
        if isinstance(cls, type) and "seeded_as" in vars(cls)
    }
    assert {case[0] for case in cases} == seeded
