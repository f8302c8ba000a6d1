"""The data link between car and Assistance: what stops it, what is late, lost or repeated (A-10, A-14, B-20, B-31)."""

import pytest

from emulation.ecus.telematics.services import Services
from harness.units import MIN, MS, H, S
from tests.telematics.car import Car

UNLOCK = {"handle_time": 30 * S}


@pytest.fixture
def car():
    return Car()


def link(car):
    return car.bench.parts["connect"]


def commands(car):
    """How many commands the telematics unit has given."""
    return car.unit.remote.count


def delivered(car, delivery, within=20 * S):
    car.world.run(until=car.world.now + within, condition=delivery.done)
    return delivery.done.value


def test_a_signal_arrives_within_a_second_and_the_sender_knows(car):
    start = car.world.now
    assert delivered(car, link(car).send("unlock", 1 * MIN, **UNLOCK)) == "delivered"
    assert 80 * MS <= car.world.now - start <= 1 * S
    assert commands(car) == 1


@pytest.mark.parametrize(
    ("hinder", "reason"),
    [
        (lambda car: setattr(link(car), "activated", False), "Connect is not activated"),
        (lambda car: car.network.change(coverage="none"), "no coverage"),
        (lambda car: car.unit.services.set(asleep=True), "asleep"),
        (lambda car: car.modem.power_off(), "car off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_stops_the_link_is_named_and_tells_the_sender_at_the_end_of_the_validity(car, hinder, reason):
    hinder(car)
    car.run(3 * S)
    assert link(car).reason() == reason
    start = car.world.now
    delivery = link(car).send("unlock", 10 * S, **UNLOCK)
    assert delivered(car, delivery) == "expired"
    assert (car.world.now - start, delivery.reason) == (10 * S, reason)
    assert commands(car) == 0


@pytest.mark.parametrize(
    ("setting", "reason"),
    [("DataSharing", "data sharing is off"), ("ModemInternetRequest", "modem Internet is off")],
)
def test_what_was_switched_off_on_the_display_stops_the_link_until_it_is_on_again(car, setting, reason):
    display = car.bench.parts["head_unit"]
    display.set("IHU_Settings", **{setting: "OFF"})
    car.run(10 * S)
    assert link(car).reason() == reason
    display.set("IHU_Settings", **{setting: "ON"})
    car.run(30 * S)
    assert link(car).reason() == ""


def test_a_signal_waits_for_coverage_within_its_validity(car):
    car.network.change(coverage="none")
    car.run(3 * S)
    delivery = link(car).send("unlock", 1 * MIN, **UNLOCK)
    car.network.schedule(20 * S, coverage="full")
    assert delivered(car, delivery, 1 * MIN) == "delivered"
    car.run(1 * MIN)
    assert commands(car) == 1


def test_what_the_network_held_arrives_late_and_the_car_does_not_obey(car):
    car.network.change(coverage="none")
    car.run(3 * S)
    delivery = link(car).send("unlock", 10 * S, **UNLOCK)
    car.run(2 * MIN)
    car.network.change(coverage="full")
    car.run(30 * S)
    assert delivery.done.value == "expired"
    (late,) = car.records("connect", "arrived_late")
    assert late.data["refused"] == "too old"
    assert commands(car) == 0


def test_a_signal_that_was_taken_back_does_not_arrive_late(car):
    car.network.change(coverage="none")
    car.run(3 * S)
    delivery = link(car).send("immobilise", 1 * H)
    delivery.cancel()
    car.run(1 * S)
    car.network.change(coverage="full")
    car.run(30 * S)
    assert (delivery.done.value, delivery.reason, commands(car)) == ("refused", "cancelled", 0)


def test_a_signal_whose_answer_was_lost_is_obeyed_once(car):
    sent = link(car).send("unlock", 1 * MIN, **UNLOCK)
    delivered(car, sent)
    assert car.unit.services.take(sent.signal) == ""
    assert commands(car) == 1


@pytest.mark.parametrize("seed", range(1, 5))
def test_on_the_cell_s_edge_a_signal_is_slow_and_still_counts_once(seed):
    car = Car(seed)
    car.network.change(coverage="weak")
    deliveries = [link(car).send("unlock", 5 * MIN, **UNLOCK) for _ in range(5)]
    car.run(6 * MIN)
    assert [delivery.done.value for delivery in deliveries] == ["delivered"] * 5
    assert commands(car) == 5


def test_a_kind_that_the_car_does_not_know_is_refused(car):
    delivery = link(car).send("self_destruct", 1 * MIN)
    assert delivered(car, delivery) == "refused"
    assert "self_destruct" in delivery.reason


def test_what_the_car_tells_is_heard_in_order_and_waits_for_coverage(car):
    heard = []
    link(car).on("word", lambda data: heard.append(data["number"]))
    car.network.change(coverage="none")
    car.run(3 * S)
    for number in range(3):
        car.unit.services.tell("word", number=number)
    car.run(10 * S)
    assert heard == []
    car.network.change(coverage="full")
    car.run(30 * S)
    assert heard == [0, 1, 2]


def test_what_nobody_could_hear_in_time_is_dropped(car):
    heard = []
    link(car).on("word", lambda data: heard.append(data["number"]))
    car.network.change(coverage="none")
    car.run(3 * S)
    car.unit.services.tell("word", valid_for=20 * S, number=1)
    car.unit.services.tell("word", valid_for=1 * H, number=2)
    car.run(30 * S)
    car.network.change(coverage="full")
    car.run(30 * S)
    assert heard == [2]


def test_a_question_is_answered_or_its_hindrance_named(car):
    link(car).answers("sum", lambda data: {"sum": data["a"] + data["b"]})
    answers = [car.unit.services.ask("sum", a=2, b=3), car.unit.services.ask("riddle")]
    car.run(5 * S)
    assert [answer.value for answer in answers] == [{"sum": 5}, {"error": "nobody answers riddle"}]
    link(car).activated = False
    refused = car.unit.services.ask("sum", a=2, b=3)
    car.run(1 * S)
    assert refused.value == {"error": "Connect is not activated"}


def test_can_tells_whether_connect_reaches_the_car(car):
    def told():
        return car.unit._outgoing["TCU_Services"]._values["Connect"]

    assert told() == "ON"
    car.network.change(coverage="none")
    car.run(5 * S)
    assert told() == "NO_COVERAGE"
    car.network.change(coverage="full")
    link(car).activated = False
    car.run(1 * S)
    assert told() == "OFF"
    link(car).as_usual()
    car.run(30 * S)
    assert told() == "ON"


def test_the_car_s_clock_is_right_to_a_second(car):
    services: Services = car.unit.services
    assert abs(services.clock() - car.world.now) <= 1 * S


def test_a_command_stands_on_can_for_two_seconds_and_its_number_stays(car):
    delivered(car, link(car).send("lock", 1 * MIN))
    values = car.unit._outgoing["TCU_Remote"]._values
    assert (values["Command"], values["RequestCount"]) == ("LOCK", 1)
    car.run(3 * S)
    assert (values["Command"], values["RequestCount"]) == ("NONE", 1)
